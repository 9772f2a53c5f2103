import { createHash } from 'crypto';

import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { MAX_AUDIO_BYTES } from './audioFiles';
import { pause } from './concurrency';
import { inItem, jsonExpression, megabytes, whatItemHas } from './wording';

/** The parameter's name in the editor, for error messages. */
export const BASE64_PARAMETER = 'Audio as Base64';

/** Characters processed in one time slice: a few milliseconds of work. */
const PIECE_CHARACTERS = 1_048_576;

/** The start of a `data:` URI (RFC 2397): the media type with its parameters, and the encoding. */
const DATA_URI = /^data:([^,]{0,1000}),/i;
const BASE64_MARK = /;\s*base64\s*$/i;

/** Anything but the two alphabets of Base64 (RFC 4648, sections 4 and 5), padding and white space. */
const FOREIGN_CHARACTER = /[^A-Za-z0-9+/_=\s-]/u;

/** The fewest characters of Base64; shorter texts are taken for names. */
const MIN_BASE64_LENGTH = 40;

/** How much of a text its head is, in characters: 64 KiB when decoded. */
const HEAD_CHARACTERS = 87_384;

/** How much of a long text is examined, in characters. */
const LOOKED_AT = 1_000;

/** Longest text that may be the name of a field, in characters. */
const LONGEST_NAME = 200;

/** Whether a text looks like Base64 or a `data:` URI rather than a name or a URL. */
export function looksLikeBase64(text: string): boolean {
	if (/^data:[^,]{0,200},/i.test(text)) return true;
	return text.length >= MIN_BASE64_LENGTH && /^[A-Za-z0-9+/_=\s-]+$/.test(text.slice(0, LOOKED_AT));
}

/** A file that an item holds as text: checked, but not decoded yet. */
export interface Base64Input {
	/** Identifies the text; stays the same when n8n retries the node. */
	fingerprint: string;
	/** The media type of a `data:` URI, with its parameters. */
	mimeType?: string;
	/** Decodes the text. */
	load(): Promise<Uint8Array>;
	/** Decodes the first bytes alone. */
	head(): Promise<Uint8Array>;
}

/**
 * Reads a parameter that holds a file as Base64: plain or URL-safe, with or without padding and line ends, or as a
 * `data:` URI.
 *
 * @param value the parameter's raw value
 * @throws {NodeOperationError} if it is not Base64, or too large
 */
export async function base64Input(context: IExecuteFunctions, itemIndex: number, value: unknown): Promise<Base64Input> {
	const refuse = (happened: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), `'${BASE64_PARAMETER}' ${happened} ${inItem(itemIndex)}`, {
			itemIndex,
			description,
		});
	if (typeof value === 'object' && value !== null) {
		throw refuse(
			'is an object, not text',
			'Choose the field within it that holds the Base64 text, such as audioContent, data or b64_json.',
		);
	}
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') {
		throw refuse(
			'is empty',
			`Enter an expression that returns the Base64 text of the audio, for example {{ $json.audioContent }}. ${whatItemHas(context.getInputData()[itemIndex])}`,
		);
	}
	// A long text is not the name of a field, and looking it up would hash all of it.
	const inJson = text.length > LONGEST_NAME ? undefined : context.getInputData()[itemIndex]?.json[text];
	if (typeof inJson === 'string') {
		throw refuse('holds the name of a field, not its contents', `Use the expression ${jsonExpression(text)}.`);
	}
	if (/^https?:\/\//i.test(text)) {
		throw refuse('is a web address', "Set 'Audio Source' to URL, and enter the address there.");
	}

	const [head = '', mediaType = ''] = DATA_URI.exec(text) ?? [];
	if (head && !BASE64_MARK.test(mediaType)) {
		throw refuse('is a data: URI, but not one in Base64', 'A data: URI in Base64 has ;base64 before its comma.');
	}
	const mimeType = head ? mediaType.replace(BASE64_MARK, '').trim() : undefined;
	const encoded = text.slice(head.length);
	if (bytesOf(encoded) > MAX_AUDIO_BYTES) {
		throw refuse(
			`holds too large a file: ${megabytes(bytesOf(encoded))}`,
			`Files of up to ${megabytes(MAX_AUDIO_BYTES)} are read. Compress or split the audio first.`,
		);
	}
	const { foreign, digest } = await examined(encoded);
	if (foreign) {
		throw refuse(
			`is not Base64: its character ${foreign.position} is ${JSON.stringify(foreign.character)}`,
			'Enter an expression that returns the Base64 text alone, for example {{ $json.audioContent }}, without quotation marks or other text around it.',
		);
	}
	const decoded = async (part: string): Promise<Uint8Array> => {
		const bytes = await decodeBase64(part);
		if (bytes) return bytes;
		throw refuse(
			'is cut short: one character is left over',
			'Check that the previous step returns the whole text. Some services and databases truncate long texts.',
		);
	};
	return {
		fingerprint: `base64 ${digest}`,
		...(mimeType ? { mimeType } : {}),
		load: async () => await decoded(encoded),
		head: async () => await decoded(encoded.length <= HEAD_CHARACTERS ? encoded : headOf(encoded)),
	};
}

/** The beginning of a text, in whole groups of Base64. */
function headOf(encoded: string): string {
	const head = encoded.slice(0, HEAD_CHARACTERS).replace(/\s+/g, '');
	return head.slice(0, head.length - (head.length % 4));
}

/** The most bytes that the text can decode to. */
function bytesOf(encoded: string): number {
	return Math.floor((encoded.length * 3) / 4);
}

/**
 * Finds the first character that is not Base64, with its position counted from 1; without one, returns a digest of the
 * text.
 */
async function examined(encoded: string) {
	const hash = createHash('sha256');
	for (let start = 0; start < encoded.length; start += PIECE_CHARACTERS) {
		if (start > 0) await pause();
		const piece = encoded.slice(start, start + PIECE_CHARACTERS);
		const found = FOREIGN_CHARACTER.exec(piece);
		if (found) return { foreign: { character: found[0], position: start + found.index + 1 }, digest: '' };
		hash.update(piece);
	}
	return { digest: hash.digest('hex') };
}

/**
 * Decodes Base64. Several padded texts in a row decode to one file, as when the pieces of a stream were encoded
 * separately.
 *
 * @returns undefined if a single character is left over, which is less than a byte
 */
async function decodeBase64(encoded: string): Promise<Uint8Array | undefined> {
	const bytes = Buffer.alloc(bytesOf(encoded));
	let length = 0;
	let held = '';
	for (let start = 0; start < encoded.length; start += PIECE_CHARACTERS) {
		if (start > 0) await pause();
		const piece = held + encoded.slice(start, start + PIECE_CHARACTERS).replace(/\s+/g, '');
		const texts = piece.split(/=+/);
		const last = texts.pop() ?? '';
		for (const whole of texts) {
			if (whole.length % 4 === 1) return undefined;
			length += bytes.write(whole, length, 'base64');
		}
		const groups = last.length - (last.length % 4);
		length += bytes.write(last.slice(0, groups), length, 'base64');
		held = last.slice(groups);
	}
	if (held.length === 1) return undefined;
	length += bytes.write(held, length, 'base64');
	return bytes.subarray(0, length);
}
