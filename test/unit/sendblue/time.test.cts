import { sleepUnlessCancelled } from '../../../nodes/Sendblue/sendblue/http/time';

const now = () => 0;

test('a sleep that rejects when stopped ends like one that does not know of it', async () => {
	const abort = new AbortController();
	const sleep = async () =>
		await new Promise<void>((_resolve, reject) => {
			abort.signal.addEventListener('abort', () => reject(new Error('stopped')));
		});
	const waiting = sleepUnlessCancelled({ sleep, now }, 1000, abort.signal);
	abort.abort();
	await expect(waiting).rejects.toMatchObject({ name: 'TransportFailure', kind: 'cancelled' });
});

test('a sleep that rejects for another reason is told as it is', async () => {
	const sleep = async () => await Promise.reject(new Error('clock broken'));
	await expect(sleepUnlessCancelled({ sleep, now }, 1000, new AbortController().signal)).rejects.toThrow(
		'clock broken',
	);
});

test('nothing is waited for if there is no time to wait, and no listener stays behind', async () => {
	const signal = new AbortController().signal;
	const added = jest.spyOn(signal, 'addEventListener');
	const removed = jest.spyOn(signal, 'removeEventListener');
	const sleep = jest.fn(async () => await Promise.resolve());
	await sleepUnlessCancelled({ sleep, now }, 0, signal);
	expect(sleep).not.toHaveBeenCalled();
	await sleepUnlessCancelled({ sleep, now }, 5, signal);
	expect(sleep).toHaveBeenCalledWith(5);
	expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});
