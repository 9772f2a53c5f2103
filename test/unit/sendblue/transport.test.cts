import { classifyNetworkError, TransportFailure } from '../../../nodes/Sendblue/sendblue/http/networkErrors';
import { headerOf, requestUrl } from '../../../nodes/Sendblue/sendblue/http/transport';

import { networkError } from '../../support/sendblue/scriptedTransport.cts';

describe('classifyNetworkError', () => {
	test.each([
		['UND_ERR_CONNECT_TIMEOUT', 'notSent'],
		['CERT_HAS_EXPIRED', 'notSent'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'notSent'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'notSent'],
		['ECONNREFUSED', 'unknown'],
		['ENOTFOUND', 'unknown'],
		['EHOSTUNREACH', 'unknown'],
		['ECONNRESET', 'unknown'],
		['EPIPE', 'unknown'],
		['ETIMEDOUT', 'unknown'],
		['ECONNABORTED', 'unknown'],
		['EPROTO', 'unknown'],
		['ERR_BAD_RESPONSE', 'unknown'],
		['SOMETHING_NEW', 'unknown'],
		['ERR_CANCELED', 'cancelled'],
		['ABORT_ERR', 'cancelled'],
	])('%s is %s', (code, kind) => {
		const failure = classifyNetworkError(networkError(code));
		expect(failure).toBeInstanceOf(TransportFailure);
		expect(failure.kind).toBe(kind);
		expect(failure.message).not.toContain('s3cr3t');
	});

	test.each([
		['ECONNREFUSED', 'connect'],
		['EHOSTUNREACH', 'connect'],
		['ENETUNREACH', 'connect'],
		['EADDRNOTAVAIL', 'connect'],
		['ENOTFOUND', 'getaddrinfo'],
		['EAI_AGAIN', 'getaddrinfo'],
	])('%s of %s was not sent; of a connection that stood it is unknown', (code, syscall) => {
		expect(classifyNetworkError(networkError(code, { syscall })).kind).toBe('notSent');
		for (const later of ['read', 'write']) {
			expect(classifyNetworkError(networkError(code, { syscall: later })).kind).toBe('unknown');
			expect(classifyNetworkError(new Error(`${later} ${code}`)).kind).toBe('unknown');
		}
	});

	test('a time-out while connecting was not sent, one while waiting is unknown', () => {
		expect(classifyNetworkError(networkError('ETIMEDOUT', { syscall: 'connect' })).kind).toBe('notSent');
		expect(classifyNetworkError(networkError('ETIMEDOUT', { syscall: 'read' })).kind).toBe('unknown');
	});

	test('a reset before TLS stood was not sent', () => {
		const text = 'Client network socket disconnected before secure TLS connection was established';
		const error = Object.assign(new Error(text), { code: 'ECONNRESET' });
		expect(classifyNetworkError(error).kind).toBe('notSent');
	});

	test.each([
		['socket hang up', 'unknown'],
		['timeout of 60000ms exceeded', 'unknown'],
		['connect ECONNREFUSED 127.0.0.1:1', 'notSent'],
		['no code at all, key s3cr3t-key', 'unknown'],
	])('a text alone: %s is %s', (text, kind) => {
		const failure = classifyNetworkError(new Error(text));
		expect(failure.kind).toBe(kind);
		expect(failure.message).not.toContain('s3cr3t');
	});

	test('looks through wrapped errors', () => {
		const wrapped = Object.assign(new Error('The service refused the connection'), {
			cause: Object.assign(new Error('inner'), { cause: networkError('ECONNREFUSED', { syscall: 'connect' }) }),
		});
		expect(classifyNetworkError(wrapped).kind).toBe('notSent');
		expect(
			classifyNetworkError({ message: 'x', errorResponse: { code: 'ENOTFOUND', syscall: 'getaddrinfo' } }).kind,
		).toBe('notSent');
		const aborted = Object.assign(new Error('x'), { cause: Object.assign(new Error('y'), { name: 'AbortError' }) });
		expect(classifyNetworkError(aborted).kind).toBe('cancelled');
	});

	test('of several addresses tried, all must have failed before sending', () => {
		const all = new AggregateError([
			networkError('ECONNREFUSED', { syscall: 'connect' }),
			networkError('ENETUNREACH', { syscall: 'connect' }),
		]);
		expect(classifyNetworkError(all).kind).toBe('notSent');
		const mixed = new AggregateError([
			networkError('ECONNREFUSED', { syscall: 'connect' }),
			networkError('ECONNRESET', { syscall: 'read' }),
		]);
		expect(classifyNetworkError(Object.assign(mixed, { code: 'ECONNREFUSED' })).kind).toBe('unknown');
	});

	test('a chain that bites its tail ends', () => {
		const error: Error & { cause?: unknown } = new Error('loop');
		error.cause = error;
		expect(classifyNetworkError(error).kind).toBe('unknown');
	});

	test.each([[undefined], [null], ['text'], [42]])('anything thrown is classified: %p', (thrown) => {
		expect(classifyNetworkError(thrown).kind).toBe('unknown');
	});

	test('a failure stays itself', () => {
		const failure = new TransportFailure('notSent', 'x');
		expect(classifyNetworkError(failure)).toBe(failure);
	});
});

test('requestUrl encodes what a query holds and leaves out what is undefined', () => {
	const request = {
		method: 'GET' as const,
		path: '/api/v2/messages',
		query: { number: '+15551234567', limit: 5, is_outbound: true, status: undefined, content: 'a&b c' },
	};
	expect(requestUrl('https://api.sendblue.com', request)).toBe(
		'https://api.sendblue.com/api/v2/messages?number=%2B15551234567&limit=5&is_outbound=true&content=a%26b%20c',
	);
	expect(requestUrl('https://x.test', { method: 'GET', path: '/a' })).toBe('https://x.test/a');
});

test('headerOf does not mind the case', () => {
	const response = { status: 200, headers: { 'Retry-After': '3' }, body: '' };
	expect(headerOf(response, 'retry-after')).toBe('3');
	expect(headerOf(response, 'date')).toBeUndefined();
});
