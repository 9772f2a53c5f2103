/** Rules for addresses: of the API, of files we fetch, and of what Sendblue calls or fetches itself. */
import { SendblueInputError } from './errors';
import { IPv4, IPv6 } from './vendor/addresses';

/**
 * The kind of network that a host is in. At `linkLocal` addresses cloud providers serve a machine's metadata, including
 * credentials, to any process on it.
 */
export type HostKind = 'public' | 'loopback' | 'private' | 'linkLocal';

/** Endings of names that only exist inside a network. */
const PRIVATE_NAMES = /(^|\.)(local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

/**
 * Metadata services that have a name, or an address outside of the link-local ranges (Google, AWS, Alibaba, Oracle).
 */
const METADATA_HOSTS = new Set([
	'metadata',
	'metadata.google.internal',
	'fd00:ec2::254',
	'100.100.100.200',
	'192.0.0.192',
]);

/** All addresses that are assigned to the internet so far (IANA, IPv6 address space). */
const GLOBAL_IPV6 = '2000::/3';

/**
 * Classifies the network of a host by its text alone; names are not resolved.
 *
 * @param hostname as `URL.hostname` gives it: lower case, IPv4 in dotted form, IPv6 in brackets
 */
export function hostKind(hostname: string): HostKind {
	const host = hostname
		.toLowerCase()
		.replace(/\.$/, '')
		.replace(/^\[(.*)\]$/, '$1');
	if (METADATA_HOSTS.has(host)) return 'linkLocal';
	if (host.includes(':')) return IPv6.isValid(host) ? ipv6Kind(IPv6.parse(host)) : 'private';
	if (IPv4.isValidFourPartDecimal(host)) return ipv4Kind(IPv4.parse(host));
	if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
	// A name without a dot exists only in the local network.
	return !host.includes('.') || PRIVATE_NAMES.test(host) ? 'private' : 'public';
}

/** An address without its query, which may hold a secret or a signature; the text need not be a valid address. */
export function withoutQuery(url: string): string {
	return url.replace(/[?#].*$/s, '');
}

/** The last part of an address's path, still escaped; the text need not be a valid address. */
export function lastPartOf(url: string): string {
	const path = withoutQuery(url);
	return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a host is this machine itself. */
function isLoopbackHost(hostname: string): boolean {
	return hostKind(hostname) === 'loopback';
}

/**
 * Why an address from a workflow must not be fetched, as a sentence; undefined if it may. Private addresses are
 * allowed, such as that of a text-to-speech server, but not as the target of a redirect from a public host.
 *
 * @param from the address that redirected to it
 */
export function sourceObjection(url: URL, from?: URL): string | undefined {
	const kind = hostKind(url.hostname);
	if (kind === 'linkLocal') {
		return `${url.hostname} is a link-local address, where cloud providers serve the keys of a machine.`;
	}
	if (from && kind !== 'public' && hostKind(from.hostname) === 'public') {
		return `${from.hostname} redirected to ${url.hostname}, an address of a private network.`;
	}
	return undefined;
}

function ipv4Kind(address: IPv4): HostKind {
	const range = address.range();
	if (range === 'loopback' || range === 'linkLocal') return range;
	return range === 'unicast' ? 'public' : 'private';
}

function ipv6Kind(address: IPv6): HostKind {
	const inner = embeddedIpv4(address);
	if (inner) return hostKind(inner.toString());
	const range = address.range();
	if (range === 'loopback' || range === 'linkLocal') return range;
	return range === 'unicast' && address.match(IPv6.parseCIDR(GLOBAL_IPV6)) ? 'public' : 'private';
}

/** The IPv4 address that an IPv6 address stands for or leads to; undefined if there is none. */
function embeddedIpv4(address: IPv6): IPv4 | undefined {
	const bytes = address.toByteArray();
	const range = address.range();
	if (range === 'ipv4Mapped' || range === 'rfc6052' || range === 'rfc6145') return new IPv4(bytes.slice(12));
	if (range === '6to4') return new IPv4(bytes.slice(2, 6));
	// ::a.b.c.d, an older notation (RFC 4291, 2.5.5.1); :: and ::1 are not such addresses.
	const isCompatible =
		bytes.slice(0, 12).every((byte) => byte === 0) && range !== 'loopback' && range !== 'unspecified';
	return isCompatible ? new IPv4(bytes.slice(12)) : undefined;
}

/** The default base URL; `https://api.sendblue.co` is the same service. */
export const DEFAULT_BASE_URL = 'https://api.sendblue.com';

/**
 * Checks a base URL and removes its trailing slash; empty means the default.
 *
 * @throws {SendblueInputError} if keys would travel in the clear (http to another machine), or the URL has more than
 * a host and a port
 */
export function normalizeBaseUrl(value: string | undefined): string {
	const text = (value ?? '').trim();
	if (text === '') return DEFAULT_BASE_URL;
	const url = parsed(text);
	if (!url) throw unusableBase('is not a valid URL');

	if (url.username !== '' || url.password !== '') throw unusableBase('holds a user name or password');
	if (!isProtected(url)) throw unusableBase('does not start with https://, so the API key would travel unprotected');
	if (url.search !== '' || url.hash !== '') throw unusableBase('has a query or a fragment');
	if (!/^\/*$/.test(url.pathname)) throw unusableBase('has a path');
	return url.origin;
}

/** Where a request goes, as n8n's two ways of making requests name it. */
export interface RequestAddress {
	baseURL?: string;
	url?: string;
	uri?: string;
}

/**
 * Checks that a request may carry keys: over https, or within this machine.
 *
 * @throws {SendblueInputError}
 */
export function refuseInTheClear({ baseURL = '', url, uri }: RequestAddress): void {
	const path = url ?? uri ?? '';
	const target = parsed(/^[a-z][a-z\d+.-]*:/i.test(path) ? path : baseURL);
	if (!target) throw unusableBase('is not a valid URL');
	if (!isProtected(target)) throw unusableBase('does not start with https://, so the API key would travel unprotected');
}

function isProtected({ protocol, hostname }: URL): boolean {
	return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

/** The value itself is not shown: it may contain a password. */
function unusableBase(why: string): SendblueInputError {
	return new SendblueInputError(
		`The base URL of the API ${why}. A valid one is ${DEFAULT_BASE_URL}.`,
		`Use ${DEFAULT_BASE_URL}.`,
		'baseUrl',
	);
}

/** Query parameters that mark a URL as signed or otherwise secret and short-lived. */
const SIGNATURE_PARAMETERS =
	/^(x-(amz|goog|oss|cos|obs|tos)-.*|signature|sig|token|access_token|auth|expires|exp|policy|key-pair-id|awsaccesskeyid|googleaccessid|hdnea|hdnts|se|sp|sv|sr|jwt)$/i;

/** The error for an unusable URL. The value itself is not shown: it may contain a password or a signature. */
export class UnusableUrlError extends SendblueInputError {
	constructor(
		/** What is wrong with it, without a period at the end. */
		readonly what: string,
		hint: string,
	) {
		super(`${what}.`, hint);
		this.name = 'UnusableUrlError';
	}
}

/** The context that a URL is checked in. */
export interface UrlUse {
	/** Base URL of the API: if that is loopback, loopback URLs are allowed too. */
	baseUrl: string;
}

/**
 * Checks the URL of a file that Sendblue fetches and sends as it is.
 *
 * It must be public https, without user name, signature or spaces, and end in the extension, by which alone Sendblue
 * recognizes a voice note; so a query is refused as well.
 *
 * @param extension with its dot, such as `.caf`
 * @throws {SendblueInputError}
 */
export function checkMediaUrl(value: string, extension: string, use: UrlUse): URL {
	const url = checkPublicUrl(value, 'The media URL', use);
	if (isSignedUrl(url)) {
		throw unusableUrl('The media URL is signed, and Sendblue does not take signed URLs', 'Use a public, unsigned URL.');
	}
	if (!hasExtension(url.pathname, extension)) {
		throw unusableUrl(`The media URL does not end in ${extension}`, `Use a URL whose path ends in ${extension}.`);
	}
	if (url.search !== '' || url.hash !== '') {
		throw unusableUrl(
			`The media URL goes on after ${extension}, and Sendblue wants it to end there`,
			'Remove the query and the fragment.',
		);
	}
	return url;
}

/**
 * Checks a URL that Sendblue calls or fetches: https with a public host, no user name or password, no spaces. In a
 * local test, see {@link UrlUse}, it may also be loopback, with http or https.
 *
 * @param name what the URL is called in messages, at the start of a sentence
 * @throws {SendblueInputError}
 */
export function checkPublicUrl(value: string, name: string, use: UrlUse): URL {
	const url = checkSourceUrl(value, name);
	if (isLocalTest(url, use)) return url;
	if (hostKind(url.hostname) !== 'public') {
		throw unusableUrl(
			`${name} points into a private network (${url.hostname}), which Sendblue cannot reach`,
			'Use an address that is reachable over the internet.',
		);
	}
	if (url.protocol === 'http:') {
		throw unusableUrl(`${name} starts with http://`, 'Use an address that starts with https://.');
	}
	return url;
}

/**
 * Why an address from a received message must not be fetched, as a sentence; undefined if it may. The sender of a
 * message must not make n8n probe its own network.
 */
export function incomingFileObjection(url: URL, use: UrlUse): string | undefined {
	if (url.username !== '' || url.password !== '') return 'The address of the file holds a user name or password.';
	if (isLocalTest(url, use)) return undefined;
	if (hostKind(url.hostname) !== 'public') {
		return `The address of the file leads into a private network (${url.hostname}), and such addresses are not fetched.`;
	}
	return url.protocol === 'https:' ? undefined : 'The address of the file does not start with https://.';
}

/** Loopback addresses are allowed if the API itself is a test server on this machine. */
function isLocalTest({ hostname }: URL, { baseUrl }: UrlUse): boolean {
	return isLoopbackHost(hostname) && isLoopbackHost(new URL(baseUrl).hostname);
}

/**
 * Checks a URL that n8n itself downloads from: http or https, no user name or password, no spaces. Signed URLs and
 * hosts of a private network are allowed here; n8n's own protection covers the latter.
 *
 * @param name what the URL is called in messages, at the start of a sentence
 * @throws {SendblueInputError}
 */
export function checkSourceUrl(value: string, name: string): URL {
	const text = value.trim();
	if (text === '')
		throw unusableUrl(`${name} is empty`, 'Enter an address such as https://example.com/AudioMessage.caf.');
	if (/\s|%20/i.test(text)) {
		throw unusableUrl(
			`${name} has a space in it`,
			'Enter a single address, and rename the file if its name has spaces.',
		);
	}
	const url = parsed(text);
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		throw unusableUrl(`${name} is not a web address`, 'Enter an address such as https://example.com/AudioMessage.caf.');
	}
	if (url.username !== '' || url.password !== '') {
		throw unusableUrl(`${name} holds a user name or password`, 'Remove it: it would be passed on with the address.');
	}
	return url;
}

/** For voice notes the case must match: it is not known whether Sendblue recognizes .CAF. */
function hasExtension(path: string, extension: string): boolean {
	if (extension === '.caf') return path.endsWith(extension);
	return path.toLowerCase().endsWith(extension.toLowerCase());
}

/** Whether a URL's query signs it or carries a secret. */
function isSignedUrl(url: URL): boolean {
	return [...url.searchParams.keys()].some((name) => SIGNATURE_PARAMETERS.test(name));
}

function unusableUrl(what: string, hint: string): UnusableUrlError {
	return new UnusableUrlError(what, hint);
}

/** Parses an address; undefined if it is invalid, or has white space, which `URL` would remove. */
function parsed(text: string): URL | undefined {
	if (/\s/.test(text)) return undefined;
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}
