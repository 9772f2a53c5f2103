import { createHash, createHmac, randomBytes, timingSafeEqual } from 'crypto';

const SECRET_BYTES = 32;

/**
 * The largest difference between a signature's time and ours, in milliseconds: enough for Sendblue's repeats, 45 s
 * apart.
 */
const SIGNED_WITHIN_MS = 300_000;

/** Placeholders that a list may show instead of a secret; anybody could know those. */
const MASKED = /\*{2,}|•|…|\.{3}|^x+$|^\[.*\]$|^<.*>$|^(null|none|undefined|true|false|nil|nan)$/i;

/** A new secret for a webhook: 256 random bits in hexadecimal digits, which every URL and header takes. */
export function newSecret(): string {
	return randomBytes(SECRET_BYTES).toString('hex');
}

/** A secret that was read from the account; undefined if it is not one that only Sendblue and the account know. */
export function readSecret(value: unknown): string | undefined {
	const secret = typeof value === 'string' ? value.trim() : '';
	return secret === '' || MASKED.test(secret) ? undefined : secret;
}

/** Whether a value is one of the secrets; takes the same time for every value, so that timing reveals nothing. */
export function isSecret(given: unknown, secrets: readonly string[]): boolean {
	// Digests all have the same length, which the comparison demands.
	const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
	const right = secrets.map((secret) => typeof given === 'string' && timingSafeEqual(digest(given), digest(secret)));
	return right.includes(true);
}

/** A signature and what it signs. */
export interface Signed {
	/** The raw header: `t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "t.body">`; there may be several `v1`. */
	signature: unknown;
	/** The raw body, before it was read as JSON. */
	body: Uint8Array;
	/** Milliseconds since 1970. */
	now: number;
}

/**
 * Whether a body was signed with one of the secrets in the last five minutes. An older signature is refused, since
 * anyone who intercepted it could replay it; a recent one that is repeated is recognized by its event.
 */
export function isSigned({ signature, body, now }: Signed, secrets: readonly string[]): boolean {
	if (typeof signature !== 'string') return false;
	const parts = signature.split(',').map((part) => part.trim());
	const time = parts.map((part) => /^t=(\d{1,12})$/.exec(part)?.[1]).find((found) => found !== undefined);
	if (time === undefined || Math.abs(now - Number(time) * 1_000) > SIGNED_WITHIN_MS) return false;
	const given = parts.flatMap((part) => /^v1=([0-9a-f]{64})$/i.exec(part)?.[1] ?? []);
	const right = secrets.flatMap((secret) => {
		const wanted = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
		return given.map((digest) => timingSafeEqual(Buffer.from(digest, 'hex'), wanted));
	});
	return right.includes(true);
}
