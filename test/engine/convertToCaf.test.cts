import type { IBinaryData } from 'n8n-workflow';

import { readVoiceNote, toVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { startEngine, type Engine } from './support/engine.cjs';

import { PNG, toneWav, wavFile } from './support/audio.cts';
import { convertNode } from './support/sendblueWorkflow.cts';

describe.each(['filesystem', 'default'] as const)('Convert to CAF with binary storage "%s"', (binaryStorage) => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await startEngine({ binaryStorage });
	});

	afterAll(async () => await engine.stop());

	it('turns the audio of a field into a voice note and keeps the JSON', async () => {
		const result = await engine.run({
			items: [{ json: { customer: 'Ada' }, files: { data: wavFile(0.5) } }],
			nodes: [convertNode(engine)],
		});

		expect(result.status).toBe('success');
		const [item] = result.items('Sendblue');
		expect(item.json).toEqual({
			customer: 'Ada',
			voiceNote: {
				method: 'encoded',
				sourceFormat: 'wav',
				durationSeconds: 0.5,
				bytes: expect.any(Number),
				bitrate: expect.any(Number),
				sampleRate: 24_000,
				channels: 1,
				framesPerPacket: 480,
				packets: expect.any(Number),
				fileName: 'AudioMessage.caf',
			},
		});
		expect(item.pairedItem).toEqual({ item: 0 });
		expect(item.binary?.data).toMatchObject({ mimeType: 'audio/x-caf', fileName: 'AudioMessage.caf' });
		const bytes = await engine.readBinary(item.binary?.data as IBinaryData);
		expect(readVoiceNote(bytes)).toMatchObject({ durationSeconds: 0.5, bytes: bytes.length });
		expect((item.json.voiceNote as { bytes: number }).bytes).toBe(bytes.length);
	});

	it('takes an expression that returns the file', async () => {
		const result = await engine.run({
			items: [{ files: { speech: wavFile() } }],
			nodes: [convertNode(engine, { binaryPropertyName: '={{ $binary.speech }}' })],
		});

		expect(result.error).toBeUndefined();
		expect(Object.keys(result.items('Sendblue')[0].binary ?? {})).toEqual(['speech', 'data']);
	});

	it('takes no file for another one that looks the same', async () => {
		const other = wavFile();
		const speech = { ...other, bytes: Buffer.from(toneWav(0.3).map((byte, index) => (index > 44 ? byte ^ 1 : byte))) };
		const length = Math.min(other.bytes.length, speech.bytes.length);
		const cut = (file: typeof other) => ({ ...file, bytes: file.bytes.subarray(0, length) });
		const result = await engine.run({
			items: [{ files: { other: cut(other), speech: cut(speech) } }],
			nodes: [convertNode(engine, { binaryPropertyName: '={{ $binary.speech }}' })],
		});

		// Files held in the items have no ID to be told by.
		if (binaryStorage === 'filesystem') expect(result.error).toBeUndefined();
		else expect(result.error?.description).toContain("'other', 'speech'");
	});

	it.each(['data', '_files.data'])('finds the file in binary mode "combined" as %s', async (binaryPropertyName) => {
		const result = await engine.run({
			items: [{ json: { customer: 'Ada' }, files: { data: wavFile(), other: wavFile(0.2, 660) } }],
			nodes: [convertNode(engine, { binaryPropertyName, outputBinaryPropertyName: 'note' })],
			settings: { binaryMode: 'combined' },
		});

		expect(result.error).toBeUndefined();
		const [item] = result.items('Sendblue');
		const files = { ...item.binary, ...(item.json._files as Record<string, IBinaryData> | undefined) };
		expect(Object.keys(files).sort()).toEqual(['data', 'note', 'other']);
		expect(item.json).toMatchObject({ customer: 'Ada', voiceNote: { sourceFormat: 'wav' } });
		expect(readVoiceNote(await engine.readBinary(files.note)).durationSeconds).toBeCloseTo(0.3, 5);
	});

	it('goes by the bytes, not by the name and type of the file', async () => {
		const misnamed = { bytes: toneWav(0.3), fileName: 'Song.mp3', mimeType: 'audio/mpeg' };
		const result = await engine.run({ items: [{ files: { data: misnamed } }], nodes: [convertNode(engine)] });

		expect(result.items('Sendblue')[0].json.voiceNote).toMatchObject({ sourceFormat: 'wav' });
	});

	it('takes an expression in binary mode "combined"', async () => {
		const field = binaryStorage === 'filesystem' ? '$json._files.data' : '$binary.data';
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [convertNode(engine, { binaryPropertyName: `={{ ${field} }}` })],
			settings: { binaryMode: 'combined' },
		});

		expect(result.error).toBeUndefined();
		expect(result.items('Sendblue')[0].json.voiceNote).toMatchObject({ sourceFormat: 'wav' });
	});

	it('leaves a finished voice note untouched', async () => {
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [convertNode(engine), { ...convertNode(engine), name: 'Again' }],
		});

		const first = await engine.readBinary(result.items('Sendblue')[0].binary?.data as IBinaryData);
		const again = result.items('Again')[0];
		expect(again.json.voiceNote).toMatchObject({ method: 'untouched' });
		expect(await engine.readBinary(again.binary?.data as IBinaryData)).toEqual(first);
	});
});

describe('Convert to CAF', () => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await startEngine();
	});

	afterAll(async () => await engine.stop());

	it('puts the file if it is told to, under a name that fits into a URL', async () => {
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [convertNode(engine, { outputBinaryPropertyName: 'note', options: { fileName: 'Grüße für Ada.mp3' } })],
		});

		const [item] = result.items('Sendblue');
		expect(Object.keys(item.binary ?? {})).toEqual(['data', 'note']);
		expect(item.binary?.note.fileName).toBe('Grue_fur_Ada.mp3.caf');
		expect(item.json.voiceNote).toMatchObject({ fileName: item.binary?.note.fileName });
	});

	describe('a playable copy', () => {
		it('lies beside the note', async () => {
			const result = await engine.run({
				items: [{ json: { id: 1 }, files: { data: wavFile(0.5), other: wavFile(0.2) } }],
				nodes: [
					convertNode(engine, {
						outputBinaryPropertyName: 'note',
						options: { playableCopy: true, fileName: 'Hello Ada', trimSilence: true },
					}),
				],
			});

			const [{ binary, json }] = result.items('Sendblue');
			expect(Object.keys(binary ?? {})).toEqual(['data', 'other', 'note', 'playable']);
			expect(binary?.playable).toMatchObject({ mimeType: 'audio/mpeg', fileName: 'Hello_Ada.mp3', fileType: 'audio' });
			const copy = (await toVoiceNote(await engine.readBinary(binary?.playable as IBinaryData))).info;
			expect(copy).toMatchObject({ sourceFormat: 'mp3', sampleRate: 24_000 });
			expect(copy.durationSeconds).toBe((json.voiceNote as { durationSeconds: number }).durationSeconds);
		});

		it('is there of each part', async () => {
			const options = { playableCopy: true, maximumDuration: 1, whenLonger: 'split' };
			const result = await engine.run({
				items: [{ files: { data: wavFile(2.5) } }],
				nodes: [convertNode(engine, { options })],
			});
			const output = result.items('Sendblue');
			expect(output.map(({ binary }) => binary?.playable.fileName)).toEqual([
				'AudioMessage-1.mp3',
				'AudioMessage-2.mp3',
				'AudioMessage-3.mp3',
			]);
		});

		it('is made once for the same audio, and only if it is asked for', async () => {
			const data = wavFile();
			const items = [true, true, false].map((playableCopy) => ({ json: { playableCopy }, files: { data } }));
			const result = await engine.run({
				items,
				nodes: [convertNode(engine, { options: { playableCopy: '={{ $json.playableCopy }}' } })],
			});
			const [first, second, none] = result.items('Sendblue').map(({ binary }) => binary?.playable);
			expect(first?.id).toBeDefined();
			expect(second?.id).toBe(first?.id);
			expect(none).toBeUndefined();
		});

		it('is refused where it would lie in the place of the note', async () => {
			const result = await engine.run({
				items: [{ files: { data: wavFile() } }],
				nodes: [convertNode(engine, { outputBinaryPropertyName: 'playable', options: { playableCopy: true } })],
			});
			expect(result.error?.message).toContain("cannot both go into the field 'playable'");
			expect(result.error?.description).toContain("'Put Output File in Field'");
		});
	});

	it('uses the bitrate it is given', async () => {
		const bytesAt = async (bitrate: number) => {
			const result = await engine.run({
				items: [{ files: { data: wavFile(1) } }],
				nodes: [convertNode(engine, { options: { bitrate } })],
			});
			return (result.items('Sendblue')[0].json.voiceNote as { bytes: number }).bytes;
		};

		expect(await bytesAt(64)).toBeGreaterThan(1.5 * (await bytesAt(16)));
	});

	it('refuses a bitrate that makes no sense', async () => {
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [convertNode(engine, { options: { bitrate: 1_000 } })],
		});

		expect(result.error?.message).toContain("'Bitrate' must be a number from 6 to 128, but is 1000");
	});

	it('pairs every output with its item', async () => {
		const items = [440, 550, 660].map((frequency, index) => ({
			json: { index },
			files: { data: wavFile(0.2 + index / 10, frequency) },
		}));
		const result = await engine.run({ items, nodes: [convertNode(engine)] });

		const output = result.items('Sendblue');
		expect(output.map(({ json }) => json.index)).toEqual([0, 1, 2]);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(output.map(({ json }) => (json.voiceNote as { durationSeconds: number }).durationSeconds)).toEqual([
			0.2, 0.3, 0.4,
		]);
	});

	it('names the item, the parameter and the files there are when a field is missing', async () => {
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }, { files: { voice: wavFile(), photo: wavFile() } }],
			nodes: [convertNode(engine)],
		});

		expect(result.error?.message).toBe(
			"Item 2: The item has no file in the field 'data', set in 'Input Data Field Name'",
		);
		expect(result.error?.description).toContain("'voice', 'photo'");
		// n8n would show it behind the message, counted from 0.
		expect(result.error?.context?.itemIndex).toBeUndefined();
	});

	it('remarks once that audio was cut short, and converts what there is', async () => {
		const cut = { bytes: toneWav(1).subarray(0, 30_000), fileName: 'Cut.wav', mimeType: 'audio/wav' };
		const result = await engine.run({
			items: [{ files: { data: cut } }, { files: { data: cut } }],
			nodes: [convertNode(engine)],
		});

		expect(result.status).toBe('success');
		expect(result.hints('Sendblue')).toEqual([expect.stringContaining('cut short')]);
		const remarks = [expect.stringContaining('cut short')];
		expect(result.items('Sendblue').map(({ json }) => json.voiceNote)).toMatchObject([{ remarks }, { remarks }]);
	});

	it('says so when an item has no files at all', async () => {
		const result = await engine.run({ items: [{ json: {} }], nodes: [convertNode(engine)] });

		expect(result.error?.description).toContain('has no files');
	});

	it('explains that a picture is not audio', async () => {
		const picture = { bytes: PNG, fileName: 'Voice.mp3', mimeType: 'audio/mpeg' };
		const result = await engine.run({ items: [{ files: { data: picture } }], nodes: [convertNode(engine)] });

		expect(result.status).toBe('error');
		expect(result.error?.name).toBe('NodeOperationError');
		expect(result.error?.message).toMatch(/PNG|picture|image|not audio/i);
	});

	it('puts errors on their items if it continues on fail', async () => {
		const picture = { bytes: PNG, fileName: 'Picture.png', mimeType: 'image/png' };
		const items = [
			{ json: { id: 1 }, files: { data: wavFile() } },
			{ json: { id: 2 }, files: { data: picture } },
			{ json: { id: 3 }, files: { data: wavFile() } },
		];
		const result = await engine.run({
			items,
			nodes: [convertNode(engine, {}, { onError: 'continueRegularOutput' })],
		});

		const output = result.items('Sendblue');
		expect(result.status).toBe('success');
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(output[1].json).toMatchObject({ id: 2, error: expect.any(String) });
		expect(output[0].json).not.toHaveProperty('error');
		expect(output[2].json).toMatchObject({ id: 3, voiceNote: { sourceFormat: 'wav' } });
	});

	it('sends failed items to the error output if there is one', async () => {
		const result = await engine.run({
			items: [{ json: { id: 1 } }, { json: { id: 2 }, files: { data: wavFile() } }],
			nodes: [convertNode(engine, {}, { onError: 'continueErrorOutput' })],
		});

		expect(result.items('Sendblue', 0).map(({ json }) => json.id)).toEqual([2]);
		expect(result.items('Sendblue', 1).map(({ json }) => json)).toEqual([
			{ id: 1, error: expect.stringContaining('no file') },
		]);
	});
});
