import { createHmac } from 'node:crypto';

import { isSecret, isSigned, newSecret, readSecret } from '../../../nodes/Sendblue/trigger/secrets';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const SECONDS = NOW / 1_000;
const BODY = Buffer.from('{"content":"Grüße","message_handle":"A"}');

/** The digest of a body at a time. */
const digest = (secret: string, time: number | string = SECONDS, body: Buffer = BODY): string =>
	createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');

const isSignedBy = (signature: unknown, secrets = ['ours', 'global'], now = NOW, body: Buffer = BODY): boolean =>
	isSigned({ signature, body, now }, secrets);

it('secrets are long, and each is new', () => {
	const secrets = Array.from({ length: 50 }, newSecret);
	expect(new Set(secrets).size).toBe(50);
	expect(secrets.every((secret) => /^[0-9a-f]{64}$/.test(secret))).toBe(true);
});

it.each([undefined, null, '', 'c', ['a'], 7])('secrets are told from %j', (given) => {
	expect(isSecret(given, ['a', 'b'])).toBe(false);
	expect(isSecret('a', ['a', 'b'])).toBe(true);
	expect(isSecret('b', ['a', 'b'])).toBe(true);
	expect(isSecret('b', [])).toBe(false);
});

it.each([
	['a global secret', 'a global secret'],
	[' with spaces around ', 'with spaces around'],
	['', undefined],
	[undefined, undefined],
	[null, undefined],
	[{ secret: 'a' }, undefined],
	['********', undefined],
	['sk_1***9', undefined],
	['••••', undefined],
	['sk…9', undefined],
	['xxxxxxxx', undefined],
	['[redacted]', undefined],
	['<hidden>', undefined],
])('a secret that is read as %j is %j', (given, secret) => {
	expect(readSecret(given)).toBe(secret);
});

describe('a signature', () => {
	it.each([
		['of one secret', `t=${SECONDS},v1=${digest('ours')}`],
		['of the other', `t=${SECONDS},v1=${digest('global')}`],
		['in capitals, with spaces', `t=${SECONDS}, v1=${digest('ours').toUpperCase()}`],
		['in another order', `v1=${digest('ours')},t=${SECONDS}`],
		['beside one of an older secret', `t=${SECONDS},v1=${digest('older')},v1=${digest('ours')}`],
		['beside parts that are not known', `t=${SECONDS},v0=abc,v1=${digest('ours')},kid=7`],
		['of five minutes ago', `t=${SECONDS - 300},v1=${digest('ours', SECONDS - 300)}`],
		['of a clock that is ahead', `t=${SECONDS + 299},v1=${digest('ours', SECONDS + 299)}`],
	])('%s is good', (_name, signature) => {
		expect(isSignedBy(signature)).toBe(true);
	});

	it.each<[string, unknown]>([
		['that is missing', undefined],
		['that is empty', ''],
		['of another secret', `t=${SECONDS},v1=${digest('theirs')}`],
		['of another body', `t=${SECONDS},v1=${digest('ours', SECONDS, Buffer.from('{}'))}`],
		['of another time than it says', `t=${SECONDS},v1=${digest('ours', SECONDS - 1)}`],
		['without a time', `v1=${digest('ours')}`],
		['whose time is none', `t=now,v1=${digest('ours', 'now')}`],
		['without a digest', `t=${SECONDS}`],
		['of another kind', `t=${SECONDS},v0=${digest('ours')}`],
		['that is cut', `t=${SECONDS},v1=${digest('ours').slice(0, 62)}`],
		['that is no hex', `t=${SECONDS},v1=${'z'.repeat(64)}`],
		['of more than five minutes ago', `t=${SECONDS - 301},v1=${digest('ours', SECONDS - 301)}`],
		['of far ahead', `t=${SECONDS + 301},v1=${digest('ours', SECONDS + 301)}`],
		['in a list', [`t=${SECONDS},v1=${digest('ours')}`]],
	])('%s is not', (_name, signature) => {
		expect(isSignedBy(signature)).toBe(false);
	});

	it('with an empty secret is never good', () => {
		expect(isSignedBy(`t=${SECONDS},v1=${digest('')}`, [])).toBe(false);
	});

	it('is over the bytes, not over what they say', () => {
		const spaced = Buffer.from(JSON.stringify(JSON.parse(BODY.toString()), null, 1));
		expect(isSignedBy(`t=${SECONDS},v1=${digest('ours')}`, ['ours'], NOW, spaced)).toBe(false);
		const bytes = Buffer.from([0xff, 0x00, 0xfe]);
		expect(isSignedBy(`t=${SECONDS},v1=${digest('ours', SECONDS, bytes)}`, ['ours'], NOW, bytes)).toBe(true);
	});
});
