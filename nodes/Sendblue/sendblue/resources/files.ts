import type { Call } from '../http/call';
import { isRecord, type SendblueAnswer } from '../http/envelope';
import { UPLOAD } from '../http/rules';
import { SendblueApiError } from '../errors';
import { isLoopbackHost } from '../hosts';
import { UPLOAD_LIMIT_BYTES } from '../limits';

/** A file to upload. */
export interface UploadFile {
	bytes: Uint8Array;
	/** With extension, without spaces: both end up in the public URL. */
	fileName: string;
	mimeType: string;
}

/** An uploaded file. */
export interface UploadedFile {
	/** Public to everyone who has it. */
	mediaUrl: string;
	/** The answer as it came. */
	response: SendblueAnswer;
}

/** Files at Sendblue's, under public addresses. */
export class Files {
	/** @param baseUrl decides whether a plain http URL is believed in (a local test server's only) */
	constructor(
		private readonly call: Call,
		private readonly baseUrl: string,
	) {}

	/**
	 * `POST /api/upload-file`: makes a file public under a URL that ends in the file's name.
	 *
	 * @throws {SendblueApiError} also where the returned URL cannot be sent: missing, not a URL, signed, or without the
	 * file's extension, which is what makes a voice note of a message
	 */
	async upload(file: UploadFile): Promise<UploadedFile> {
		if (file.bytes.byteLength > UPLOAD_LIMIT_BYTES) throw tooLarge(file.bytes.byteLength);
		const form = new FormData();
		form.append('file', new Blob([file.bytes], { type: file.mimeType }), file.fileName);
		const response = (await this.call({ method: 'POST', path: '/api/upload-file', form }, UPLOAD)) as SendblueAnswer;
		return { mediaUrl: mediaUrlOf(response, file.fileName, this.baseUrl), response };
	}

	/**
	 * `POST /api/upload-media-object`: has Sendblue fetch and keep a copy of a URL's file.
	 *
	 * @throws {SendblueApiError}
	 */
	async copyFromUrl(mediaUrl: string): Promise<SendblueAnswer> {
		const json = { media_url: mediaUrl };
		return (await this.call({ method: 'POST', path: '/api/upload-media-object', json }, UPLOAD)) as SendblueAnswer;
	}
}

function mediaUrlOf(response: SendblueAnswer, fileName: string, baseUrl: string): string {
	const inner = isRecord(response.data) ? response.data : {};
	const given = response.media_url ?? inner.media_url;
	if (typeof given !== 'string' || given.trim() === '') {
		throw unusable('Sendblue took the file but returned no URL for it.');
	}
	const url = given.trim();
	const parsed = parsedUrl(url);
	if (!parsed || /\s/.test(url))
		throw unusable(`Sendblue took the file but returned no valid URL for it: “${shown(url)}”.`);

	const local = isLoopbackHost(parsed.hostname) && isLoopbackHost(new URL(baseUrl).hostname);
	if (parsed.protocol !== 'https:' && !(local && parsed.protocol === 'http:')) {
		throw unusable(`Sendblue took the file but returned a URL that is not https: “${shown(url)}”.`);
	}
	const extension = /\.[A-Za-z0-9]+$/.exec(fileName)?.[0] ?? '';
	if (!url.toLowerCase().endsWith(extension.toLowerCase())) {
		throw unusable(
			`Sendblue took the file but returned a URL that does not end in ${extension}, so it would not be sent as ` +
				`what it is: “${shown(url)}”.`,
		);
	}
	return url;
}

function parsedUrl(url: string): URL | undefined {
	try {
		return new URL(url);
	} catch {
		return undefined;
	}
}

/** Without its query, which may hold a signature. */
function shown(url: string): string {
	return url.replace(/[?#].*$/s, '').slice(0, 300);
}

function unusable(explanation: string): SendblueApiError {
	return new SendblueApiError({
		outcome: 'rejected',
		explanation,
		advice: 'Run the item again; if it stays so, check the base URL in the credential.',
	});
}

function tooLarge(bytes: number): SendblueApiError {
	return new SendblueApiError({
		outcome: 'notSent',
		explanation: `The file has ${(bytes / 1_000_000).toFixed(1)} MB; Sendblue takes up to ${UPLOAD_LIMIT_BYTES / 1_000_000} MB.`,
		advice: 'Use a shorter recording or a lower bitrate.',
	});
}
