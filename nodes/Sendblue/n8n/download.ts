import type { IExecuteFunctions, IN8nHttpFullResponse, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { rethrow } from '../sendblue/errors';
import { looksLikeBase64 } from './base64Input';
import { Deadline, readBody, type StreamedBody } from './exchange';
import { networkFailure } from './transport';
import { inItem, isUnusedExpression, megabytes, shownValue, USE_EXPRESSION, whatItemHas } from './wording';

/**
 * The time limit of a download in milliseconds; every byte received extends it, see {@link SLOWEST_BYTES_PER_SECOND}.
 */
const PATIENCE_MS = 60_000;

/** The slowest rate that is accepted: half a megabit per second. A slower server runs into the time limit. */
const SLOWEST_BYTES_PER_SECOND = 64_000;

const MAX_REDIRECTS = 5;

/** A file from the web. */
export interface DownloadedFile {
	bytes: Uint8Array;
	/** The media type the server claims, with its parameters. */
	mimeType?: string;
}

/** What to download, and within which limits. */
export interface DownloadRequest {
	/** The name of the parameter or field that holds the address, for messages. */
	parameter: string;
	maxBytes: number;
	/** Returns why an address must not be fetched, as a sentence; `from` is the address that redirected to it. */
	objection(url: URL, from?: URL): string | undefined;
	/** The time limit in milliseconds; every byte received extends it. */
	patienceMs?: number;
}

/** The error for a file that could not be downloaded. */
export class DownloadError extends Error {
	constructor(
		/** What happened. */
		message: string,
		/** What to do. */
		readonly hint: string,
	) {
		super(message);
		this.name = 'DownloadError';
	}
}

/**
 * Checks an address that n8n is to download from.
 *
 * @param parameter The parameter's name in the editor.
 * @param example A valid address.
 * @param base64Way the hint for a file that is in the JSON as Base64
 * @returns The address, normalized.
 * @throws {NodeOperationError} if it is not an http or https address
 */
export function checkedUrl(
	context: IExecuteFunctions,
	itemIndex: number,
	value: unknown,
	{ parameter, example, base64Way }: { parameter: string; example: string; base64Way: string },
): string {
	const text = typeof value === 'string' ? value.trim() : '';
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
	const refused = (happened: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), `'${parameter}' ${happened} ${inItem(itemIndex)}`, {
			itemIndex,
			description,
		});
	if (value === undefined || value === null || value === '') {
		throw refused(
			'is empty',
			`Enter a full address such as ${example}, or use the field that holds it. ${whatItemHas(context.getInputData()[itemIndex])}`,
		);
	}
	if (looksLikeBase64(text)) throw refused(`holds Base64 text, not a web address: ${shownValue(value)}`, base64Way);
	const hint = isUnusedExpression(value) ? USE_EXPRESSION : `Enter a full address such as ${example}.`;
	throw refused(`is not a web address: '${shownValue(value)}'`, hint);
}

/**
 * Downloads a file without any credentials, and follows redirects.
 * @throws {DownloadError} if the server does not return the file, or it is larger than `maxBytes`
 */
export async function downloadFile(
	context: IExecuteFunctions | IWebhookFunctions,
	url: string,
	request: DownloadRequest,
): Promise<DownloadedFile> {
	const { parameter, maxBytes } = request;
	const deadline = new Deadline(request.patienceMs ?? PATIENCE_MS, cancelSignal(context));
	const unreachable = (error: unknown): never => {
		throw new DownloadError(
			`The file at '${parameter}' could not be downloaded`,
			`${deadline.passed ? 'Its server is too slow, or sends nothing.' : networkFailure(error).message} Address: ${shownUrl(url)}`,
		);
	};

	try {
		const response = await followed(context, new URL(url), request, deadline).catch((error: unknown) =>
			error instanceof DownloadError ? rethrow(error) : unreachable(error),
		);
		const body = response.body as StreamedBody;
		if (response.statusCode < 200 || response.statusCode > 299) {
			body.destroy();
			throw new DownloadError(
				`The server of '${parameter}' answered ${response.statusCode} ${shownValue(response.statusMessage ?? '')}`.trimEnd(),
				`Check that ${shownUrl(url)} opens in a private browser window: the file must be public.`,
			);
		}
		const bytes = await readBody(body, {
			declaredBytes: Number(response.headers['content-length']),
			maxBytes,
			deadline,
			onChunk: (size) => deadline.extend((1_000 * size) / SLOWEST_BYTES_PER_SECOND),
		}).catch(unreachable);
		if (bytes) return { bytes, ...mimeTypeOf(response) };
		throw new DownloadError(
			`The file at '${parameter}' is larger than ${megabytes(maxBytes)}`,
			'Compress or split the file first.',
		);
	} finally {
		deadline.clear();
	}
}

/** An address for messages: without login, query and fragment, which may hold a secret. */
function shownUrl(url: string): string {
	const { origin, pathname, search } = new URL(url);
	return shownValue(`${origin}${pathname}${search === '' ? '' : '?…'}`);
}

/** Aborted when the execution is stopped; undefined in a trigger, which runs before there is an execution. */
function cancelSignal(context: IExecuteFunctions | IWebhookFunctions): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/** The first answer that is not a redirect; each address on the way is checked before it is fetched. */
async function followed(
	context: IExecuteFunctions | IWebhookFunctions,
	start: URL,
	{ parameter, objection }: DownloadRequest,
	deadline: Deadline,
): Promise<IN8nHttpFullResponse> {
	let from: URL | undefined;
	let url = start;
	for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
		const reason = objection(url, from);
		if (reason !== undefined) throw new DownloadError(`The file at '${parameter}' was not downloaded`, reason);
		const response = await requestFile(context, url.href, deadline.signal);
		const next = redirectTarget(response, url);
		if (!next) return response;
		(response.body as StreamedBody).destroy();
		from = url;
		url = next;
	}
	throw new DownloadError(
		`The file at '${parameter}' could not be downloaded`,
		`Its address redirects more than ${MAX_REDIRECTS} times. Address: ${shownUrl(start.href)}`,
	);
}

/** Where a redirect leads; undefined if the answer is not a redirect to a web address. */
function redirectTarget({ statusCode, headers }: IN8nHttpFullResponse, url: URL): URL | undefined {
	const { location } = headers;
	if (![301, 302, 303, 307, 308].includes(statusCode) || typeof location !== 'string') return undefined;
	const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
	return target?.protocol === 'https:' || target?.protocol === 'http:' ? target : undefined;
}

async function requestFile(
	context: IExecuteFunctions | IWebhookFunctions,
	url: string,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	return (await context.helpers.httpRequest({
		url,
		method: 'GET',
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout: PATIENCE_MS,
		abortSignal: signal,
	})) as IN8nHttpFullResponse;
}

function mimeTypeOf(response: IN8nHttpFullResponse): { mimeType?: string } {
	const mimeType = String(response.headers['content-type'] ?? '').trim();
	return mimeType === '' ? {} : { mimeType };
}

/** A service whose share links open a web page instead of the file, and how to get the file itself. */
interface ShareService {
	/** Host and path of such links. */
	link: RegExp;
	hint: string;
}

const SHARE_SERVICES: readonly ShareService[] = [
	{
		link: /^(drive|docs)\.google\.com\//,
		hint: 'This is a link to share a file on Google Drive. Share the file with “Anyone with the link” and use https://drive.google.com/uc?export=download&id=ID, with the ID from the link in place of ID; or download it with a Google Drive node.',
	},
	{
		link: /^(www\.)?dropbox\.com\//,
		hint: 'This is a link to share a file on Dropbox. Change dl=0 at its end to dl=1, or add ?dl=1 if neither is there; or download it with a Dropbox node.',
	},
	{
		link: /^(1drv\.ms|onedrive\.live\.com|[^/]+\.sharepoint\.com)\//,
		hint: 'This is a link to share a file on OneDrive or SharePoint. Add download=1 to its end, after ? or &; or download it with a Microsoft OneDrive or SharePoint node.',
	},
	{
		link: /^([^/]+\.)?box\.com\//,
		hint: 'This is a link to share a file on Box. Use its direct link, or download it with a Box node.',
	},
	{
		link: /^github\.com\/[^/]+\/[^/]+\/blob\//,
		hint: "This is GitHub's page about the file. Use the address of its Raw button.",
	},
	{
		link: /^((www\.)?icloud\.com|we\.tl|wetransfer\.com|share\.icloud\.com|photos\.app\.goo\.gl)\//,
		hint: 'This service has no address for the file itself. Download it by hand and host it elsewhere, or use it as Binary File.',
	},
	{
		link: /^((www\.|m\.)?youtube\.com|youtu\.be|soundcloud\.com|on\.soundcloud\.com|open\.spotify\.com|vimeo\.com)\//,
		hint: 'This page is a player. Use the address of an audio file.',
	},
];

const USUAL_HINT =
	"Open it in a private browser window: the file must open directly, without a page around it or a login. If it does not, look for a link called Download or Raw, or fetch the file with the service's own node and use it as Binary File.";

/** How a web page begins. */
const PAGE = /^\s*(<!--[\s\S]*?)?(<!doctype html|<html|<head|<body|<script)/i;

/** How much of a file is examined, in bytes. */
const LOOKED_AT = 512;

/** Whether an address is a share link, which opens a web page even if it ends in a file's extension. */
export function isShareLink(url: string): boolean {
	return serviceOf(url) !== undefined;
}

/**
 * Refuses a web page that came in place of a file.
 *
 * @param parameter the parameter's name in the editor
 * @throws {DownloadError} with a hint on how to get the file itself
 */
export function refuseWebPage(bytes: Uint8Array, url: string, parameter: string): void {
	const beginning = Buffer.from(bytes.subarray(0, LOOKED_AT))
		.toString('utf8')
		.replace(/^\uFEFF/, '');
	if (!PAGE.test(beginning)) return;
	throw new DownloadError(
		`The address in '${parameter}' leads to a web page, not to a file`,
		serviceOf(url)?.hint ?? USUAL_HINT,
	);
}

function serviceOf(url: string): ShareService | undefined {
	const { hostname, pathname } = new URL(url);
	return SHARE_SERVICES.find(({ link }) => link.test(`${hostname}${pathname}`));
}
