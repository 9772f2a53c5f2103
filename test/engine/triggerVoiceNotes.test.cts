import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { readVoiceNote, toVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { PNG, toneWav } from './support/audio.cts';
import { startEngine, type Engine } from './support/engine.cjs';
import { startTriggerHost, TRIGGER, type TriggerHost } from './support/triggerHost.cjs';
import { sandboxCredential } from './support/sendblueWorkflow.cts';

let engine: Engine;
let sandbox: Sandbox;
let note: Buffer;
let host: TriggerHost | undefined;

beforeAll(async () => {
	engine = await startEngine();
	sandbox = await startSandbox({ settings: { webhookRetryDelaysMs: [5, 5, 5] } });
	note = Buffer.from((await toVoiceNote(toneWav(0.5))).bytes);
});
afterEach(async () => {
	await host?.close();
	host = undefined;
	sandbox.reset();
});
afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});

async function activeHost(parameters: IDataObject = {}, settings: IDataObject = {}): Promise<TriggerHost> {
	host = await startTriggerHost(engine, { parameters, settings, credentials: sandboxCredential(sandbox) });
	await host.activate();
	return host;
}

/** The only item of the only execution, once there is one. */
async function startedItem(): Promise<INodeExecutionData> {
	for (let wait = 0; host?.executions.length === 0 && wait < 2_000; wait++) {
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	expect(host?.executions).toHaveLength(1);
	return host?.executions[0].items(TRIGGER)[0] as INodeExecutionData;
}

const inboundNote = (bytes: Uint8Array = note, fileName = 'AudioMessage.caf') => ({
	media: { fileName, base64: Buffer.from(bytes).toString('base64'), contentType: 'application/octet-stream' },
});

/** Calls `body` with the address of a server of media. */
async function withMediaServer<T>(listener: RequestListener, body: (url: string) => Promise<T>): Promise<T> {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

/** Holds something up until it is opened. */
function gate(): { opened: Promise<void>; open: () => void } {
	let open: () => void = () => undefined;
	const opened = new Promise<void>((resolve) => (open = resolve));
	return { opened, open };
}

it('puts the voice note on the item as it was received, and leaves the body as it came', async () => {
	await activeHost({ voiceNoteFormat: 'asReceived' });
	const { payload } = await sandbox.deliverInbound(inboundNote());
	const item = await startedItem();

	expect(item.json).toEqual(payload);
	expect(item.binary?.data).toMatchObject({ mimeType: 'audio/x-caf', fileExtension: 'caf' });
	expect(item.binary?.data.fileName).toMatch(/_AudioMessage\.caf$/);
	expect((await engine.readBinary(item.binary?.data as IBinaryData)).equals(note)).toBe(true);
});

it('asks the storage for it without keys', async () => {
	await activeHost();
	const seen: Array<Record<string, unknown>> = [];
	await withMediaServer(
		(request, response) => {
			seen.push(request.headers);
			response.end(note);
		},
		async (url) => {
			await sandbox.deliverInbound({ media_url: `${url}/Note.caf` });
			await startedItem();
		},
	);

	expect(seen).toHaveLength(1);
	const names = Object.keys(seen[0]);
	expect(names.filter((name) => /^(sb-|x-sb-|authorization|cookie)/.test(name))).toEqual([]);
});

it.each([
	['ogg', {}, 'audio/ogg', 'OggS'],
	['wav', { sampleRate: 24_000 }, 'audio/wav', 'RIFF'],
	['mp3', {}, 'audio/mpeg', '\xff\xf3'],
])('converts it to %s', async (voiceNoteFormat, more, mimeType, magic) => {
	await activeHost({ voiceNoteFormat, ...more, outputBinaryPropertyName: 'voice' });
	const { payload } = await sandbox.deliverInbound(inboundNote());
	const { json, binary } = await startedItem();

	expect(json).toEqual(payload);
	expect(Object.keys(binary ?? {})).toEqual(['voice']);
	expect(binary?.voice).toMatchObject({ mimeType });
	expect(binary?.voice.fileName).toMatch(new RegExp(`_AudioMessage\\.${voiceNoteFormat}$`));
	const bytes = await engine.readBinary(binary?.voice as IBinaryData);
	expect(bytes.toString('latin1', 0, magic.length)).toBe(magic);
	if (voiceNoteFormat === 'wav') expect(bytes).toHaveLength(44 + 24_000);
});

const fixture = (name: string): Buffer => readFileSync(resolve(__dirname, '../fixtures', name));

describe('received from any app, it is turned into what speech-to-text takes', () => {
	it.each<[string, string, string, string, string]>([
		['Audio Message.caf', 'apple/voiceNote.caf', '_Audio_Message.ogg', 'audio/ogg', 'OggS'],
		['PTT-2026.opus', 'formats/opus20.opus', '_PTT-2026.ogg', 'audio/ogg', 'OggS'],
		['voice.ogg', 'formats/opus60.opus', '_voice.ogg', 'audio/ogg', 'OggS'],
		['voice.ogg', 'formats/vorbis.ogg', '_voice.mp3', 'audio/mpeg', '\xff\xf3'],
		['voice.amr', 'formats/amr.amr', '_voice.mp3', 'audio/mpeg', '\xff\xf3'],
		['Recording.m4a', 'formats/aac.m4a', '_Recording.mp3', 'audio/mpeg', '\xff\xf3'],
		['wrong.mp3', 'formats/amr.amr', '_wrong.mp3', 'audio/mpeg', '\xff\xf3'],
	])('%s (%s)', async (fileName, source, name, mimeType, magic) => {
		await activeHost({ messages: 'voiceNotes' });
		const { payload } = await sandbox.deliverInbound(inboundNote(fixture(source), fileName));
		const { json, binary } = await startedItem();

		expect(json).toEqual(payload);
		expect(binary?.data).toMatchObject({ mimeType, fileName: expect.stringMatching(new RegExp(`${name}$`)) });
		const bytes = await engine.readBinary(binary?.data as IBinaryData);
		expect(bytes.toString('latin1', 0, magic.length)).toBe(magic);
	});

	it('an MP3 stays as it is', async () => {
		await activeHost();
		const mp3 = fixture('mp3/speech5s.mp3');
		await sandbox.deliverInbound(inboundNote(mp3, 'Note.mp3'));
		const { binary } = await startedItem();
		expect((await engine.readBinary(binary?.data as IBinaryData)).equals(mp3)).toBe(true);
	});

	it.each<[string, string, string]>([
		['Recording.m4a', 'formats/aac.m4a', 'audio/mp4'],
		['voice.amr', 'formats/amr.amr', 'audio/amr'],
		['voice.caf', 'formats/amr.amr', 'audio/amr'],
		['voice.opus', 'formats/opus20.opus', 'audio/ogg'],
	])('or kept: %s (%s) is %s', async (fileName, source, mimeType) => {
		await activeHost({ voiceNoteFormat: 'asReceived' });
		await sandbox.deliverInbound(inboundNote(fixture(source), fileName));
		const { binary } = await startedItem();
		expect(binary?.data).toMatchObject({ mimeType });
		expect((await engine.readBinary(binary?.data as IBinaryData)).equals(fixture(source))).toBe(true);
	});
});

describe('without a name to tell by, the bytes do', () => {
	const served = async (bytes: Uint8Array, body: () => Promise<void>) =>
		await withMediaServer(
			(_, response) => response.end(bytes),
			async (url) => {
				await sandbox.deliverInbound({ media_url: `${url}/files/99DCC379` });
				await body();
			},
		);

	it.each(['voiceNotes', 'all'])('audio is a voice note (%s)', async (messages) => {
		await activeHost({ messages, voiceNoteFormat: 'asReceived' });
		await served(note, async () => {
			const { binary } = await startedItem();
			expect(binary?.data).toMatchObject({ mimeType: 'audio/x-caf', fileName: '99DCC379.caf' });
		});
	});

	it('a picture is none: it starts the workflow without a file if all messages do', async () => {
		await activeHost();
		await served(PNG, async () => {
			const { json, binary } = await startedItem();
			expect(binary).toBeUndefined();
			expect(json.voiceNoteError).toBeUndefined();
		});
	});

	it('a picture does not start a workflow of voice notes only', async () => {
		await activeHost({ messages: 'voiceNotes' });
		await served(PNG, async () => undefined);
		// In order: what comes after it starts the first execution.
		await sandbox.deliverInbound(inboundNote());
		await startedItem();
	});

	it('a message is not lost if the bytes cannot be had', async () => {
		await activeHost({ messages: 'voiceNotes' });
		await sandbox.deliverInbound({ media_url: `${sandbox.url}/media/gone` });
		expect((await startedItem()).json.voiceNoteError).toContain('404');
	});

	it('audio passes the filter without being put on the item if that is not wanted', async () => {
		await activeHost({ messages: 'voiceNotes', downloadVoiceNote: false });
		await served(note, async () => expect((await startedItem()).binary).toBeUndefined());
	});
});

it('gives the file with the item in binary mode "combined" too', async () => {
	await activeHost({ voiceNoteFormat: 'asReceived' }, { binaryMode: 'combined' });
	await sandbox.deliverInbound(inboundNote());
	const { json, binary } = await startedItem();
	const files = { ...binary, ...(json._files as Record<string, IBinaryData> | undefined) };

	expect(readVoiceNote(await engine.readBinary(files.data))).toMatchObject({ durationSeconds: 0.5 });
});

it('leaves it if it is when it is not asked for, and other media always', async () => {
	await activeHost({ downloadVoiceNote: false });
	await sandbox.deliverInbound(inboundNote());
	expect((await startedItem()).binary).toBeUndefined();
	await host?.close();

	await activeHost();
	await sandbox.deliverInbound(inboundNote(note, 'Photo.jpg'));
	expect((await startedItem()).binary).toBeUndefined();
	expect(sandbox.requests().filter(({ path }) => path.startsWith('/media/'))).toEqual([]);
});

describe('a message is not lost', () => {
	it('if the file is gone', async () => {
		await activeHost();
		const { payload } = await sandbox.deliverInbound({ media_url: `${sandbox.url}/media/gone.caf`, content: 'Hi' });
		const { json, binary } = await startedItem();

		expect(binary).toBeUndefined();
		expect(json).toEqual({ ...payload, voiceNoteError: expect.stringContaining('404') });
	});

	it('if the storage cannot be reached', async () => {
		await activeHost();
		const url = await withMediaServer(
			() => undefined,
			async (address) => await Promise.resolve(address),
		);
		await sandbox.deliverInbound({ media_url: `${url}/Note.caf` });
		expect((await startedItem()).json.voiceNoteError).toMatch(/media_url.*could not be downloaded/);
	});

	it('if the connection is cut halfway', async () => {
		await activeHost();
		await withMediaServer(
			(_, response) => {
				response.writeHead(200, { 'content-length': '100000' });
				response.write(note, () => response.destroy());
			},
			async (url) => {
				await sandbox.deliverInbound({ media_url: `${url}/Note.caf` });
				expect((await startedItem()).json.voiceNoteError).toMatch(/could not be downloaded/);
			},
		);
	});

	it('if the file is too large to be one', async () => {
		await activeHost();
		await withMediaServer(
			(_, response) => {
				response.writeHead(200, { 'content-length': String(200 * 1024 * 1024) });
				response.write(note);
			},
			async (url) => {
				await sandbox.deliverInbound({ media_url: `${url}/Note.caf` });
				expect((await startedItem()).json.voiceNoteError).toMatch(/larger than 100/);
			},
		);
	});

	it('if the download never ends', async () => {
		const timeout = AbortSignal.timeout.bind(AbortSignal);
		const deadline = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(300));
		await activeHost();
		await withMediaServer(
			(_, response) => {
				const drip = setInterval(() => response.write('.'), 20);
				response.on('close', () => clearInterval(drip));
			},
			async (url) => {
				await sandbox.deliverInbound({ media_url: `${url}/Note.caf` });
				expect((await startedItem()).json.voiceNoteError).toMatch(/could not be downloaded.*too slow/);
				expect(deadline).toHaveBeenCalledWith(20_000);
			},
		);
		deadline.mockRestore();
	});

	it('if the item is simplified, and the file is there all the same', async () => {
		await activeHost({ voiceNoteFormat: 'wav', simplify: true });
		await sandbox.deliverInbound(inboundNote(Buffer.from('<html>Not here</html>')));
		const { json, binary } = await startedItem();

		expect(json.voiceNoteError).toMatch(/not converted.*HTML/);
		expect(json).not.toHaveProperty('participants');
		expect(binary?.data).toBeDefined();
	});

	it('if the file is no audio: it comes as it was received', async () => {
		await activeHost({ voiceNoteFormat: 'wav' });
		await sandbox.deliverInbound(inboundNote(Buffer.from('<html>Not here</html>')));
		const { json, binary } = await startedItem();

		expect(json.voiceNoteError).toMatch(/not converted.*HTML/);
		expect((await engine.readBinary(binary?.data as IBinaryData)).toString()).toBe('<html>Not here</html>');
	});
});

it('answers before a slow download, so that the delivery is not repeated', async () => {
	sandbox.setSettings({ webhookTimeoutMs: 400 });
	await activeHost({ voiceNoteFormat: 'asReceived' });
	const { opened, open } = gate();
	await withMediaServer(
		(_, response) => {
			response.write(note.subarray(0, 100));
			void opened.then(() => response.end(note.subarray(100)));
		},
		async (url) => {
			const { deliveries } = await sandbox.deliverInbound({ media_url: `${url}/Note.caf` });
			expect(deliveries[0].attempts).toMatchObject([{ status: 200 }]);
			expect(host?.executions).toEqual([]);
			open();
			const { binary } = await startedItem();
			expect((await engine.readBinary(binary?.data as IBinaryData)).equals(note)).toBe(true);
		},
	);
});

it('takes the same message once while its voice note is still being downloaded', async () => {
	await activeHost();
	const { opened, open } = gate();
	let downloads = 0;
	await withMediaServer(
		(_, response) => {
			downloads += 1;
			void opened.then(() => response.end(note));
		},
		async (url) => {
			await sandbox.deliverInbound({ media_url: `${url}/Note.caf`, repeat: 3 });
			open();
			await startedItem();
			expect(downloads).toBe(1);
			expect(host?.executions).toHaveLength(1);
		},
	);
});
