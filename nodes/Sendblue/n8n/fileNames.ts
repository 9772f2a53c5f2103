/**
 * Makes a name that survives in a URL as it is, out of what somebody typed: letters, digits, `.`, `-` and `_`, without
 * folders. Empty if nothing is left.
 */
export function urlSafeName(text: string): string {
	return text
		.trim()
		.replace(/^.*[\\/]/, '')
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/\s+/g, '_')
		.replace(/[^A-Za-z0-9._-]/g, '')
		.replace(/\.{2,}/g, '.')
		.replace(/^[._-]+|[._-]+$/g, '');
}

/** The name at the end of an address, as it was before it was put into one: of `…/Audio%20Message.caf`, `Audio Message.caf`. */
export function nameInUrl({ pathname }: URL): string {
	const path = pathname.replace(/(?:%[0-9a-f]{2})+/gi, decoded);
	return path.slice(path.lastIndexOf('/') + 1);
}

/** Escapes that are no text stay as they are. */
function decoded(escapes: string): string {
	try {
		return decodeURIComponent(escapes);
	} catch {
		return escapes;
	}
}
