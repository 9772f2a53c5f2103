/** A long list while three of ten requests go wrong, in the ways that leave it open what became of a message. */

import type { IDataObject } from 'n8n-workflow';

import { wavFile } from '../engine/support/audio.cts';
import type { Play } from '../sandbox/index.cjs';
import {
	acceptedThenCut,
	answering,
	drips,
	instead,
	lost,
	raw,
	socketError,
	socketErrors,
	socketFails,
	switchesProtocol,
} from './support/plays.cts';
import { useStage } from './support/stage.cts';

const stage = useStage();

const ITEMS = 2_000;
const FAULT_SHARE = 0.3;

/** What happens to sends. */
const AT_THE_SEND: Play[] = [
	socketFails(() => socketError('EHOSTUNREACH', 'read')),
	socketFails(() => socketError('ENETUNREACH', 'read')),
	socketFails(() => socketError('ECONNREFUSED', 'read')),
	socketFails(() => socketErrors('EHOSTUNREACH', 'read')),
	acceptedThenCut,
	lost,
	answering((body) => ({ ...body, error_code: 22 })),
	answering((body) => ({ ...body, code: 200 })),
	answering((body) => ({ ...body, error: 'line is slow' })),
	answering((body) => ({ ...body, message_handle: null })),
	answering(() => ({ message: 'Rate limit exceeded' }), 429),
	answering(() => ({ message: 'Later' }), 408),
	answering(() => ({ message: 'Later' }), 425),
	answering(() => ({ message: 'Later' }), 499),
	instead({ status: 503, body: {} }),
	instead({ status: 429, body: {} }),
	instead({ status: 400, body: { status: 'ERROR', error_code: 4000, message: 'Not like this' } }),
	drips(),
	switchesProtocol,
];

/** What happens to look-ups and to *Avoid Duplicates*. */
const AT_THE_LIST: Play[] = [
	instead(raw('{}')),
	instead({ status: 200, body: { status: 'OK', data: null } }),
	instead({ status: 200, body: { message: 'index is rebuilding' } }),
	instead({ status: 206, body: {} }),
	instead(raw('', 204)),
	answering((body) => ({ ...body, pagination: undefined })),
];

/** What happens to uploads. */
const AT_THE_UPLOAD: Play[] = [
	instead({ status: 500, body: {} }),
	instead(raw('<html>')),
	lost,
	answering((body) => ({ ...body, media_url: 'https://10.0.0.1/AudioMessage.caf' })),
];

/** Mulberry32: the same faults in each run. */
function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const person = (index: number): string => `+1415${String(5_550_000 + index)}`;
const files = Array.from({ length: 5 }, (_, index) => wavFile(0.1, 300 + 50 * index));
const items = Array.from({ length: ITEMS }, (_, index) => ({
	json: { to: person(index), event: `fault-${process.pid}-${index}` },
	files: { data: files[index % files.length] as (typeof files)[number] },
}));

let faulty = 0;

function misbehave(path: string, plays: Play[], seed: number): void {
	const random = createRandom(seed);
	stage.play(path, async (exchange) => {
		if (random() < FAULT_SHARE) {
			faulty += 1;
			const play = plays[Math.floor(random() * plays.length)] as Play;
			await play(exchange);
		} else {
			exchange.send(await exchange.process());
		}
	});
}

const outcomeOf = (json: IDataObject): 'sent' | 'failed' | 'unknown' => {
	if (json.error === undefined) return 'sent';
	return String(json.error).startsWith('It is unknown whether') ? 'unknown' : 'failed';
};

it('gives each of 2,000 items one true outcome while three of ten requests go wrong', async () => {
	misbehave('/api/send-message', AT_THE_SEND, 1);
	misbehave('/api/v2/messages', AT_THE_LIST, 2);
	misbehave('/api/upload-file', AT_THE_UPLOAD, 3);
	const result = await stage.engine.run({
		items,
		nodes: [
			{
				name: 'Sendblue',
				type: stage.engine.typeOf('sendblue'),
				onError: 'continueRegularOutput',
				parameters: {
					resource: 'voiceNote',
					operation: 'send',
					from: { __rl: true, mode: 'list', value: '+15550100001' },
					to: '={{ $json.to }}',
					options: { messagesPerSecond: 1_000, deduplicationKey: '={{ $json.event }}' },
				},
			},
		],
		credentials: stage.credential,
	});
	const output = result.items('Sendblue').map(({ json }) => json);
	const accepted = new Map<unknown, string[]>();
	for (const { number, message_handle } of stage.sandbox.messages()) {
		accepted.set(number, [...(accepted.get(number) ?? []), message_handle]);
	}
	const counts = { sent: 0, failed: 0, unknown: 0 };
	const wrong: string[] = [];
	output.forEach((json, index) => {
		const outcome = outcomeOf(json);
		const handles = accepted.get(person(index)) ?? [];
		counts[outcome] += 1;
		const isTrue =
			handles.length <= 1 &&
			(outcome !== 'sent' || handles[0] === json.message_handle) &&
			(outcome !== 'failed' || handles.length === 0);
		if (!isTrue) wrong.push(`item ${index} was told ${outcome}, and ${handles.length} were accepted`);
	});
	const requests = stage.sandbox.requests().length;
	console.log(
		`${JSON.stringify(counts)}, ${stage.sandbox.messages().length} messages accepted, ${wrong.length} wrong, ` +
			`${requests} requests, ${((100 * faulty) / requests).toFixed(1)} % of them faulty`,
	);

	expect(output).toHaveLength(ITEMS);
	expect(wrong).toEqual([]);
	// A list that is none, and an upload without an address, make an item fail.
	expect(counts.sent).toBeGreaterThan(ITEMS / 3);
}, 900_000);
