import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { LINES } from '../lab/lab.mjs';

/** First bytes of every Core Audio Format file. */
const CAF_MAGIC = 'caff';

/**
 * Checks the outcome of a conversion: the facts on the item, and the file itself.
 *
 * @param {import('../lab/restClient.mjs').RestClient} rest
 * @param {import('../lab/restClient.mjs').Execution} execution
 * @param {string} [node] that converted
 */
export async function assertConverted(rest, execution, node = 'Convert to CAF') {
	assert.equal(execution.status, 'success', execution.errorText);
	const [item] = execution.items(node);
	const { voiceNote } = item.json;
	// A workflow with binary mode "combined" keeps files in the JSON.
	const file = item.binary?.data ?? item.json._files?.data;
	assert.ok(file, `no file on the item: ${JSON.stringify(item).slice(0, 500)}`);
	assert.equal(file.fileName, 'AudioMessage.caf');
	const bytes = await rest.download(file);
	assert.equal(bytes.subarray(0, 4).toString('latin1'), CAF_MAGIC);
	assert.equal(bytes.length, voiceNote.bytes);
	assert.equal(voiceNote.sampleRate, 24_000);
	assert.equal(voiceNote.channels, 1);
	return { voiceNote, file, bytes };
}

/**
 * Checks that a voice note was sent: the API's answer on the item, and what the sandbox got.
 *
 * @param {import('../lab/restClient.mjs').Execution} execution
 * @param {any} sandbox
 * @param {string} [node] that sent
 */
export function assertSent(execution, sandbox, node = 'Send Voice Note') {
	assert.equal(execution.status, 'success', execution.errorText);
	const [{ json }] = execution.items(node);
	return assertReceived(json, sandbox);
}

/**
 * Checks the API's answer against what the sandbox got.
 *
 * @param {any} json of the item that was sent
 * @param {any} sandbox
 */
export function assertReceived(json, sandbox) {
	const message = sandbox.messages().find(({ message_handle: handle }) => handle === json.message_handle);
	assert.ok(message, `the sandbox has no message ${json.message_handle}`);
	assert.ok(LINES.includes(message.from_number), message.from_number);
	assert.match(message.media.fileName, /\.caf$/);
	assert.equal(message.media.size, json.voiceNote.bytes);
	const bytes = Buffer.from(message.media.base64, 'base64');
	assert.equal(bytes.subarray(0, 4).toString('latin1'), CAF_MAGIC);
	assert.equal(createHash('sha256').update(bytes).digest('hex'), message.media.sha256);
	return message;
}
