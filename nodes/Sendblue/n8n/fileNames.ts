/**
 * Makes a name that survives in a URL as it is, out of what somebody typed: letters, digits, `.`, `-` and `_`, without
 * folders. Empty where nothing is left.
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
