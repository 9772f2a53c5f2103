import type { FaultRule } from '../../sandbox/index.cjs';

/** Times of the faults in ms, against those of `shortTimings.cts`. */
const BEYOND_TIMEOUT_MS = 1_500;
const WITHIN_LOOK_UP_MS = 120;
const AFTER_LOOK_UP_MS = 2_200;

/** One way in which a request can go wrong. */
export interface Fault {
	name: string;
	rule: Omit<FaultRule, 'path'>;
	/** Endpoints it makes sense at; all if left out. */
	only?: RegExp;
	/** How long the sandbox may still act on the request after the answer, in ms. */
	lingersMs?: number;
}

const UPLOAD = /upload-file/;
const SENDS = /send-message|send-group-message/;

const status = (code: number): Fault => ({ name: String(code), rule: { kind: 'status', status: code } });

/** Every fault, in the order of the table. */
export const FAULTS: readonly Fault[] = [
	...[400, 401, 403, 404, 409, 422].map(status),
	{ name: '429 with Retry-After', rule: { kind: 'status', status: 429, retryAfter: 0.05 } },
	{ name: '429 without Retry-After', rule: { kind: 'status', status: 429 } },
	...[500, 502, 503].map(status),
	{ name: '500, though carried out', rule: { kind: 'status', status: 500, processed: true } },
	{ name: 'too slow, carried out', rule: { kind: 'slow', delayMs: BEYOND_TIMEOUT_MS }, lingersMs: 50 },
	{ name: 'too slow, not carried out', rule: { kind: 'slow', delayMs: BEYOND_TIMEOUT_MS, processed: false } },
	{ name: 'cut before the request is read', rule: { kind: 'cutBeforeRequest' } },
	{ name: 'cut during the body', rule: { kind: 'cutDuringUpload' }, only: /upload-file|send-|contact-sharing/ },
	{ name: 'cut after it was carried out', rule: { kind: 'cutAfterAccepted' } },
	{ name: 'half a response', rule: { kind: 'halfResponse' } },
	{ name: 'invalid JSON', rule: { kind: 'invalidJson' } },
	{ name: 'HTML page with 502', rule: { kind: 'htmlError' } },
	{ name: 'HTML page with 200, carried out', rule: { kind: 'htmlError', status: 200, processed: true } },
	{ name: 'error in a 200 (code 5000)', rule: { kind: 'errorIn200' } },
	{
		name: 'error in a 200 (code 4000)',
		rule: { kind: 'errorIn200', error_code: 4000, error_message: 'Not like this' },
	},
	{ name: 'no media_url', rule: { kind: 'noMediaUrl' }, only: UPLOAD },
	{ name: 'media_url without .caf', rule: { kind: 'mediaUrlWithoutCaf' }, only: UPLOAD },
	{
		name: 'accepted late (500 before)',
		rule: { kind: 'acceptLate', delayMs: WITHIN_LOOK_UP_MS },
		only: SENDS,
		lingersMs: WITHIN_LOOK_UP_MS,
	},
	{
		name: 'accepted late (cut before)',
		rule: { kind: 'acceptLate', delayMs: WITHIN_LOOK_UP_MS, cut: true },
		only: SENDS,
		lingersMs: WITHIN_LOOK_UP_MS,
	},
	{
		name: 'accepted after the look-up',
		rule: { kind: 'acceptLate', delayMs: AFTER_LOOK_UP_MS },
		only: SENDS,
		lingersMs: AFTER_LOOK_UP_MS,
	},
	{ name: 'listed late', rule: { kind: 'listLate', delayMs: WITHIN_LOOK_UP_MS }, only: SENDS },
	{ name: 'group demands text', rule: { kind: 'groupDemandsContent' }, only: /send-group-message/ },
];
