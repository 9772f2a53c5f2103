import { createHash, randomBytes, timingSafeEqual } from 'crypto';

const SECRET_BYTES = 32;

/** A new secret for a webhook: 256 bits of chance in hexadecimal digits, which every URL and header takes. */
export function newSecret(): string {
	return randomBytes(SECRET_BYTES).toString('hex');
}

/** Whether a value is the secret; takes the same time for every value, so that it cannot be found by trying. */
export function isSecret(given: unknown, secret: string): boolean {
	// Digests have one length, which the comparison demands.
	const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
	return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}
