import { createHash } from 'crypto';

import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { MAX_AUDIO_BYTES } from './audioFiles';
import { pause } from './concurrency';
import { inItem, jsonExpression, megabytes, whatItemHas } from './wording';

/** The name the parameter has in the editor, for messages. */
export const BASE64_PARAMETER = 'Audio as Base64';

/** Characters that are worked on in one go, a few milliseconds; the thread is n8n's. */
const PIECE_CHARACTERS = 1_048_576;

/** The head of a `data:` URI (RFC 2397): its type with parameters, and what encodes the data. */
const DATA_URI = /^data:([^,]{0,1000}),/i;
const BASE64_MARK = /;\s*base64\s*$/i;

/** Both alphabets (RFC 4648, sections 4 and 5), padding, and line ends. */
const FOREIGN_CHARACTER = /[^A-Za-z0-9+/_=\s-]/u;

/** Fewest characters of a text that is taken for Base64 and not for a name. */
const MIN_BASE64_LENGTH = 40;

/** How much of a long text is looked at, in characters. */
const LOOKED_AT = 1_000;

/** Longest text that may be the name of a field, in characters. */
const LONGEST_NAME = 200;

/** Whether a text is Base64 or a `data:` URI, and not a name or an address. */
export function looksLikeBase64(text: string): boolean {
	if (/^data:[^,]{0,200},/i.test(text)) return true;
	return text.length >= MIN_BASE64_LENGTH && /^[A-Za-z0-9+/_=\s-]+$/.test(text.slice(0, LOOKED_AT));
}

/** Bytes that an item holds as text: found and checked, but not decoded yet. */
export interface Base64Input {
	/** Equal for the same text in every try of an execution. */
	fingerprint: string;
	/** The media type of a `data:` URI, with its parameters. */
	mimeType?: string;
	/** Decodes the text. */
	load(): Promise<Uint8Array>;
}

/**
 * Reads a parameter that holds a file as Base64: plain or URL-safe, with or without padding and line ends, or as a
 * `data:` URI.
 *
 * @param value the parameter's value as it came
 * @throws {NodeOperationError} where it is no such text, or too large
 */
export async function base64Input(context: IExecuteFunctions, itemIndex: number, value: unknown): Promise<Base64Input> {
	const refuse = (happened: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), `'${BASE64_PARAMETER}' ${happened} ${inItem(itemIndex)}`, {
			itemIndex,
			description,
		});
	if (typeof value === 'object' && value !== null) {
		throw refuse(
			'is an object and not a text',
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
	// A long text is no name; as one, all of it would be looked up.
	const inJson = text.length > LONGEST_NAME ? undefined : context.getInputData()[itemIndex]?.json[text];
	if (typeof inJson === 'string') {
		throw refuse('holds the name of a field, not its text', `Use the expression ${jsonExpression(text)}.`);
	}
	if (/^https?:\/\//i.test(text)) {
		throw refuse('is a web address', "Set 'Audio Source' to URL, and enter the address there.");
	}

	const [head = '', mediaType = ''] = DATA_URI.exec(text) ?? [];
	if (head && !BASE64_MARK.test(mediaType)) {
		throw refuse('is a data: URI, but not one in Base64', 'Such an address has ;base64 before its comma.');
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
	return {
		fingerprint: `base64 ${digest}`,
		...(mimeType ? { mimeType } : {}),
		load: async () => {
			const bytes = await decodeBase64(encoded);
			if (bytes) return bytes;
			throw refuse(
				'is cut short: one character is left over',
				'Check that the step before gives the whole text. Some services and databases cut long texts.',
			);
		},
	};
}

/** At most as many bytes as the text holds. */
function bytesOf(encoded: string): number {
	return Math.floor((encoded.length * 3) / 4);
}

/** The first character that Base64 does not have, counted from 1; and what tells the text from others. */
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
 * Decodes Base64. Several texts in a row, each with its padding, are taken as one file: so come streams whose pieces were
 * put together.
 *
 * @returns undefined where a text has one character too many, of which no byte can be made
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
