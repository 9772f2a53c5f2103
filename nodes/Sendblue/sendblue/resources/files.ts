import { type Call, UPLOAD } from '../http/call';
import { isRecord, type SendblueAnswer } from '../http/envelope';
import { rethrow, SendblueApiError } from '../errors';
import { BLANK } from '../http/blank';
import { UPLOAD_LIMIT_BYTES } from '../limits';
import { checkMediaUrl, UnusableUrlError, withoutQuery } from '../urls';

/** The longest address that is accepted, in characters; longer ones do not work everywhere. */
const LONGEST_URL = 2_048;

/** A file to upload. */
export interface UploadFile {
	bytes: Uint8Array;
	/** With extension and without spaces, since it becomes the end of the public URL. */
	fileName: string;
	mimeType: string;
}

/** An uploaded file. */
export interface UploadedFile {
	/** Public: anyone who has the URL can download the file. */
	mediaUrl: string;
	/** The unchanged answer. */
	response: SendblueAnswer;
}

/** Files that Sendblue hosts at public addresses. */
export class Files {
	/** @param baseUrl that of the API; loopback URLs of files are accepted only if it is loopback, too (a test server) */
	constructor(
		private readonly call: Call,
		private readonly baseUrl: string,
	) {}

	/**
	 * `POST /api/upload-file`: makes a file public under a URL that ends in the file's name.
	 *
	 * @throws {SendblueApiError} also if the file is too large, or the returned URL cannot be sent: missing, not a URL,
	 * signed, or without the file's extension, by which Sendblue recognizes a voice note
	 */
	async upload(file: UploadFile): Promise<UploadedFile> {
		if (file.bytes.byteLength > UPLOAD_LIMIT_BYTES) throw tooLarge(file.bytes.byteLength);
		const formBytes = file.bytes.byteLength;
		const form = new FormData();
		form.append('file', new Blob([file.bytes], { type: file.mimeType }), file.fileName);
		const response = (await this.call(
			{ method: 'POST', path: '/api/upload-file', form, formBytes },
			UPLOAD,
		)) as SendblueAnswer;
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
	if (url.includes(BLANK) || url.length > LONGEST_URL) {
		throw unusable('Sendblue took the file but returned a URL for it that cannot be sent.');
	}
	try {
		// Sendblue recognizes a voice note by the file's extension.
		checkMediaUrl(url, /\.[A-Za-z0-9]+$/.exec(fileName)?.[0] ?? '', { baseUrl });
	} catch (error) {
		if (!(error instanceof UnusableUrlError)) return rethrow(error);
		throw unusable(
			`Sendblue took the file but returned a URL for it that cannot be sent: “${shown(url)}”. ${error.what}.`,
		);
	}
	return url;
}

/** A URL for display: without login and query, which may hold a secret, and at most 300 characters. */
function shown(url: string): string {
	return withoutQuery(url)
		.replace(/\/\/[^/]*@/, '//')
		.slice(0, 300);
}

function unusable(explanation: string): SendblueApiError {
	return new SendblueApiError({
		outcome: 'rejected',
		explanation,
		hint: 'Try it again; if that does not help, check the base URL.',
		kind: 'baseUrl',
	});
}

function tooLarge(bytes: number): SendblueApiError {
	return new SendblueApiError({
		outcome: 'notSent',
		explanation: `The file is ${(bytes / 1_000_000).toFixed(1)} MB; Sendblue accepts up to ${UPLOAD_LIMIT_BYTES / 1_000_000} MB.`,
		hint: 'Use a shorter recording or a lower bitrate.',
	});
}
