import assert from 'node:assert/strict';
import { LINES, PERSON, sandboxKeys } from '../lab/lab.mjs';
import {
	byNumber,
	chain,
	convertToCaf,
	manualTrigger,
	readFile,
	sendVoiceNote,
	synthesize,
} from '../lab/workflows.mjs';
import { assertConverted, assertSent } from './voiceNotes.mjs';

/** Somebody whose phone has none. */
const WITHOUT_IMESSAGE = '+14155550177';

/**
 * Both operations, run as the editor's button runs them, and what a person reads when something is wrong.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkManualRuns(report, { rest, sandbox, samples, standIns }) {
	const credential = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
	const run = async (name, nodes) => {
		const workflow = await rest.createWorkflow(chain(name, [manualTrigger(), ...nodes]));
		return await rest.run(workflow, 'Start');
	};

	await report.check('Convert to CAF turns an MP3 into a voice note', async () => {
		const execution = await run('Convert', [readFile(samples.mp3), convertToCaf()]);
		const { voiceNote } = await assertConverted(rest, execution);
		assert.equal(voiceNote.method, 'encoded');
		return `${voiceNote.durationSeconds.toFixed(2)} s, ${voiceNote.bytes} bytes`;
	});

	await report.check('Convert to CAF moves Opus from Ogg without loss', async () => {
		const execution = await run('Remux', [readFile(samples.ogg), convertToCaf()]);
		const { voiceNote } = await assertConverted(rest, execution);
		assert.equal(voiceNote.method, 'remuxed');
	});

	await report.check('Send Voice Note sends it from the chosen line', async () => {
		const execution = await run('Send', [readFile(samples.mp3), sendVoiceNote(credential, { content: 'Hi' })]);
		const message = assertSent(execution, sandbox);
		assert.equal(message.from_number, LINES[0]);
		assert.equal(message.to_number, PERSON);
		assert.equal(message.content, 'Hi');
		return `${message.message_handle}, ${message.media.size} bytes`;
	});

	await report.check('speech as Base64 in JSON reaches a phone without iMessage as an MP3', async () => {
		sandbox.setSettings({ services: { [WITHOUT_IMESSAGE]: 'SMS' } });
		const send = sendVoiceNote(credential, {
			to: byNumber(WITHOUT_IMESSAGE),
			audioSource: 'base64',
			audioBase64: '={{ $json.audioContent }}',
			options: { ifNoIMessage: 'mp3' },
		});
		const execution = await run('Base64 to MP3', [synthesize(standIns.url), send]);
		assert.equal(execution.status, 'success', execution.errorText);
		const [{ json }] = execution.items('Send Voice Note');
		assert.deepEqual(json.fallback, { reason: 'noIMessage', service: 'SMS', sentAs: 'mp3' });
		const message = sandbox.messages().find(({ message_handle: handle }) => handle === json.message_handle);
		assert.match(message.media.fileName, /AudioMessage\.mp3$/);
		assert.equal(message.media.size, json.audio.bytes);
		return `${json.audio.durationSeconds.toFixed(2)} s, ${json.audio.bytes} bytes`;
	});

	await report.check('a wrong number is named, and nothing is sent', async () => {
		const before = sandbox.messages().length;
		const execution = await run('Wrong number', [
			readFile(samples.mp3),
			sendVoiceNote(credential, { to: byNumber('12') }),
		]);
		assert.equal(execution.status, 'error');
		assert.match(execution.errorText, /'To'/);
		assert.equal(sandbox.messages().length, before);
		return execution.errorText;
	});

	await report.check('a wrong key is named', async () => {
		const keys = { ...sandboxKeys(sandbox), apiSecretKey: 'wrong' };
		const wrong = await rest.createCredential('Wrong key', 'sendblueApi', keys);
		const execution = await run('Wrong key', [readFile(samples.mp3), sendVoiceNote(wrong)]);
		assert.equal(execution.status, 'error');
		assert.match(execution.errorText, /key|credential/i);
		return execution.errorText;
	});

	await report.check('a picture is named as one', async () => {
		const execution = await run('Picture', [readFile(samples.png), convertToCaf()]);
		assert.equal(execution.status, 'error');
		assert.match(execution.errorText, /PNG|picture|image/i);
		return execution.errorText;
	});
}
