import { SendblueInputError } from './errors';
import { isLoopbackHost } from './hosts';

/** Where the API lives; `https://api.sendblue.co` is the same service. */
export const DEFAULT_BASE_URL = 'https://api.sendblue.com';

/**
 * Checks a base URL and takes off its trailing slash; empty means the default.
 *
 * @throws {SendblueInputError} if keys would travel in the clear (http to another machine), or the URL has more than
 * a host and a port
 */
export function normalizeBaseUrl(value: string | undefined): string {
	const text = (value ?? '').trim();
	if (text === '') return DEFAULT_BASE_URL;
	const url = parsed(text);
	if (!url) throw refused('is not a valid URL');

	if (url.username !== '' || url.password !== '') throw refused('holds a user name or password');
	if (!isProtected(url)) throw refused('does not start with https://, so the API key would travel unprotected');
	if (url.search !== '' || url.hash !== '') throw refused('has a query or a fragment');
	if (!/^\/*$/.test(url.pathname)) throw refused('has a path');
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
	if (!target) throw refused('is not a valid URL');
	if (!isProtected(target)) throw refused('does not start with https://, so the API key would travel unprotected');
}

function isProtected({ protocol, hostname }: URL): boolean {
	return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

function parsed(text: string): URL | undefined {
	if (/\s/.test(text)) return undefined;
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

/** The value itself is left out: it may hold a password. */
function refused(why: string): SendblueInputError {
	return new SendblueInputError(
		`The base URL of the API ${why}. A right one is ${DEFAULT_BASE_URL}.`,
		`Use ${DEFAULT_BASE_URL}.`,
		'baseUrl',
	);
}
