import { SendblueInputError } from './errors';
import { hostKind, isLoopbackHost } from './hosts';

/** Query parameters that mark a URL as signed or otherwise secret and short-lived. */
const SIGNATURE_PARAMETERS =
	/^(x-(amz|goog|oss|cos|obs|tos)-.*|signature|sig|token|access_token|auth|expires|exp|policy|key-pair-id|awsaccesskeyid|googleaccessid|hdnea|hdnts|se|sp|sv|sr|jwt)$/i;

/** A URL that cannot be used. The value itself is left out: it may hold a password or a signature. */
export class UnusableUrlError extends SendblueInputError {
	constructor(
		/** What is wrong with it, without a full stop. */
		readonly what: string,
		advice: string,
	) {
		super(`${what}.`, advice);
		this.name = 'UnusableUrlError';
	}
}

/** What a URL is for. */
export interface UrlUse {
	/** Base URL of the API: if that is loopback, loopback URLs are allowed too. */
	baseUrl: string;
}

/**
 * Checks the URL of a file that Sendblue fetches and sends as it is.
 *
 * It must be public https, without a user name, unsigned, without spaces, and end in the extension (Sendblue tells a
 * voice note by it alone), so a query is refused as well.
 *
 * @param extension with its dot, such as `.caf`
 * @throws {SendblueInputError}
 */
export function checkMediaUrl(value: string, extension: string, use: UrlUse): URL {
	const url = checkPublicUrl(value, 'The media URL', use);
	if (isSignedUrl(url)) {
		throw refused('The media URL is signed, and Sendblue does not take signed URLs', 'Use a public, unsigned URL.');
	}
	if (!hasExtension(url.pathname, extension)) {
		throw refused(`The media URL does not end in ${extension}`, `Use a URL whose path ends in ${extension}.`);
	}
	if (url.search !== '' || url.hash !== '') {
		throw refused(
			`The media URL goes on after ${extension}, and Sendblue wants it to end there`,
			'Take off the query and the fragment.',
		);
	}
	return url;
}

/**
 * Checks a URL that Sendblue calls or fetches: http or https with a public host (https unless it is loopback), no user
 * name or password, no spaces.
 *
 * @param name what the URL is called in messages, at the start of a sentence
 * @throws {SendblueInputError}
 */
export function checkPublicUrl(value: string, name: string, use: UrlUse): URL {
	const url = checkSourceUrl(value, name);
	if (isLocalTest(url, use)) return url;
	if (hostKind(url.hostname) !== 'public') {
		throw refused(
			`${name} points into a private network (${url.hostname}), which Sendblue cannot reach`,
			'Use an address that is reachable over the internet.',
		);
	}
	if (url.protocol === 'http:') {
		throw refused(`${name} starts with http://`, 'Use an address that starts with https://.');
	}
	return url;
}

/**
 * Why the address of a file that came in from outside is not asked for, as a sentence; undefined if it is. Whoever
 * sends a message must not make n8n look around in its own network.
 */
export function incomingFileObjection(url: URL, use: UrlUse): string | undefined {
	if (url.username !== '' || url.password !== '') return 'The address of the file holds a user name or password.';
	if (isLocalTest(url, use)) return undefined;
	if (hostKind(url.hostname) !== 'public') {
		return `The address of the file leads into a private network (${url.hostname}), which is not asked for.`;
	}
	return url.protocol === 'https:' ? undefined : 'The address of the file does not start with https://.';
}

/** Addresses of this machine are fine if the API itself is played by a server on it. */
function isLocalTest({ hostname }: URL, { baseUrl }: UrlUse): boolean {
	return isLoopbackHost(hostname) && isLoopbackHost(new URL(baseUrl).hostname);
}

/**
 * Checks a URL that n8n itself downloads from: http or https, no user name or password, no spaces. Signed URLs and hosts
 * of one's own network are fine here; n8n guards the latter.
 *
 * @param name what the URL is called in messages, at the start of a sentence
 * @throws {SendblueInputError}
 */
export function checkSourceUrl(value: string, name: string): URL {
	const text = value.trim();
	if (text === '') throw refused(`${name} is empty`, 'Give an address such as https://example.com/AudioMessage.caf.');
	if (/\s|%20/i.test(text)) {
		throw refused(`${name} has a space in it`, 'Rename the file without spaces, and give one address.');
	}
	const url = parsed(text);
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		throw refused(`${name} is not a web address`, 'Give an address such as https://example.com/AudioMessage.caf.');
	}
	if (url.username !== '' || url.password !== '') {
		throw refused(`${name} holds a user name or password`, 'Take it out: it would be passed on with the address.');
	}
	return url;
}

/** To the letter for voice notes: whether Sendblue takes a capital .CAF for one is not known. */
function hasExtension(path: string, extension: string): boolean {
	if (extension === '.caf') return path.endsWith(extension);
	return path.toLowerCase().endsWith(extension.toLowerCase());
}

/** Whether a URL's query signs it or carries a secret. */
function isSignedUrl(url: URL): boolean {
	return [...url.searchParams.keys()].some((name) => SIGNATURE_PARAMETERS.test(name));
}

function parsed(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

function refused(what: string, advice: string): UnusableUrlError {
	return new UnusableUrlError(what, advice);
}
