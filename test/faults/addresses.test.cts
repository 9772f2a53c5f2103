/** Addresses that come from the server, and those that must not be asked for. */

import dns from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';

import { toneWav } from '../engine/support/audio.cts';
import { answering, socketError } from './support/plays.cts';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { useStage, type Send } from './support/stage.cts';

const stage = useStage();

async function observe(send: Send = {}): Promise<Observed> {
	const { told, shown } = await stage.send(send);
	const requests = stage.sandbox.requests().filter(({ path }) => path === '/api/send-message').length;
	return { accepted: stage.sandbox.messages().length, told, shown, requests };
}

const BAD_ANSWERS: Array<[string, unknown]> = [
	['http', 'http://storage.example/a/AudioMessage.caf'],
	['ftp', 'ftp://storage.example/a/AudioMessage.caf'],
	['javascript', 'javascript:alert(1)//AudioMessage.caf'],
	['data', 'data:audio/x-caf;base64,AAAA.caf'],
	['file', 'file:///etc/AudioMessage.caf'],
	['a login', 'https://user:secret@storage.example/AudioMessage.caf'],
	['an Amazon signature', 'https://storage.example/AudioMessage.caf?X-Amz-Signature=abc'],
	['a Google signature', 'https://storage.example/AudioMessage.caf?X-Goog-Signature=abc'],
	['an Azure signature', 'https://storage.example/AudioMessage.caf?sv=2024&sig=abc'],
	['.caf in the query only', 'https://storage.example/file?name=AudioMessage.caf'],
	['.caf in the fragment only', 'https://storage.example/file#AudioMessage.caf'],
	['.caf in the host only', 'https://storage.caf/file'],
	['.mp3', 'https://storage.example/AudioMessage.mp3'],
	['.caf.html', 'https://storage.example/AudioMessage.caf.html'],
	['a path without a host', '/media/AudioMessage.caf'],
	['a private address', 'https://10.0.0.7/AudioMessage.caf'],
	['a private address of IPv6', 'https://[fd00::1]/AudioMessage.caf'],
	['a link-local address', 'https://169.254.169.254/AudioMessage.caf'],
	['an empty text', ''],
	['blanks', '   '],
	['a number', 7],
	['an object', { url: 'https://storage.example/AudioMessage.caf' }],
	['a list', ['https://storage.example/AudioMessage.caf']],
	['null', null],
	['true', true],
	['capitals', 'https://storage.example/AudioMessage.CAF'],
	['a query without a signature', 'https://storage.example/AudioMessage.caf?alt=media'],
	['8,000 characters', `https://storage.example/${'a'.repeat(8_000)}/AudioMessage.caf`],
];

testRows('the upload gives an address that is none to send', [
	...BAD_ANSWERS.map(
		([name, mediaUrl]): Row => ({
			name,
			wanted: { accepted: 0, told: 'failed', requests: 0 },
			play: async () => {
				stage.play(
					'/api/upload-file',
					answering((body) => ({ ...body, media_url: mediaUrl })),
				);
				return await observe();
			},
		}),
	),
	{
		name: 'taken: https on another host',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			const mediaUrl = 'https://storage.googleapis.com/inbound-file-store/x_AudioMessage.caf';
			stage.play(
				'/api/upload-file',
				answering((body) => ({ ...body, media_url: mediaUrl })),
			);
			return await observe();
		},
	},
]);

/** Names that tests give to servers of this machine, so that they look public or private by their text. */
const NAMES: Record<string, string> = { 'speech.example': '127.0.0.1' };

/** Hosts elsewhere that were asked for; nothing of these tests leaves the machine. */
const elsewhere: string[] = [];

function keepHere(): void {
	const { connect } = Socket.prototype as unknown as { connect: (...parts: unknown[]) => Socket };
	jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...parts: unknown[]) {
		const [options] = [parts[0]].flat() as Array<{ host?: string }>;
		const host = options?.host ?? '127.0.0.1';
		if (host === '127.0.0.1' || host === 'localhost' || NAMES[host]) return connect.apply(this, parts);
		elsewhere.push(host);
		process.nextTick(() => this.destroy(socketError('EHOSTUNREACH', 'connect')));
		return this;
	});
}

beforeEach(() => (elsewhere.length = 0));
beforeAll(() => {
	keepHere();
	const honest = dns.lookup as (name: string, ...rest: unknown[]) => void;
	jest.spyOn(dns, 'lookup').mockImplementation(((name: string, ...rest: unknown[]) => {
		honest(NAMES[name] ?? name, ...rest);
	}) as typeof dns.lookup);
});
afterAll(() => jest.restoreAllMocks());

const LINK_LOCAL = [
	'http://169.254.169.254/latest/meta-data/a.wav',
	'http://169.254.1.1/a.wav',
	'http://2852039166/a.wav',
	'http://0xA9FEA9FE/a.wav',
	'http://0251.0376.0251.0376/a.wav',
	'http://169.254.43518/a.wav',
	'http://[::ffff:169.254.169.254]/a.wav',
	'http://[::ffff:a9fe:a9fe]/a.wav',
	'http://[fe80::1]/a.wav',
	'http://[febf::1]/a.wav',
	'http://[fd00:ec2::254]/a.wav',
	'http://[64:ff9b::a9fe:a9fe]/a.wav',
	'http://metadata.google.internal/a.wav',
	'http://100.100.100.200/a.wav',
];

testRows('Audio Source: URL', [
	...LINK_LOCAL.map(
		(audioUrl): Row => ({
			name: `${audioUrl} is not asked for`,
			wanted: { accepted: 0, told: 'failed', isRefused: true, elsewhere: [] },
			play: async () => {
				const observed = await observe({ parameters: { audioSource: 'url', audioUrl } });
				return { ...observed, isRefused: /link-local|cloud/i.test(observed.shown), elsewhere: [...elsewhere] };
			},
		}),
	),
	{
		name: 'this machine, a text-to-speech server for example, is asked',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => await withServer(serveWav, async (url) => await fromUrl(`${url}/a.wav`)),
	},
	{
		name: 'a redirect within this network is followed',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			return await withServer(serveWav, async (url) => {
				return await withServer(redirectTo(`${url}/a.wav`), async (first) => await fromUrl(`${first}/b.wav`));
			});
		},
	},
	{
		name: 'a redirect from a public host to another is followed',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			return await withServer(serveWav, async (url) => {
				const target = url.replace('127.0.0.1', 'speech.example');
				return await withServer(redirectTo(`${target}/a.wav`), async (first) => {
					return await fromUrl(`${first.replace('127.0.0.1', 'speech.example')}/b.wav`);
				});
			});
		},
	},
	...[301, 302, 303, 307, 308].map(
		(status): Row => ({
			name: `a redirect (${status}) from a public host to a private one is not followed`,
			wanted: { accepted: 0, told: 'failed', reached: 0 },
			play: async () => {
				let reached = 0;
				const serve: RequestListener = (request, response) => {
					reached += 1;
					serveWav(request, response);
				};
				return await withServer(serve, async (url) => {
					return await withServer(redirectTo(`${url}/a.wav`, status), async (first) => {
						const observed = await fromUrl(`${first.replace('127.0.0.1', 'speech.example')}/b.wav`);
						return { ...observed, reached };
					});
				});
			},
		}),
	),
	{
		name: 'a redirect to a link-local address is not followed',
		wanted: { accepted: 0, told: 'failed', isRefused: true, elsewhere: [] },
		play: async () => {
			return await withServer(redirectTo('http://169.254.169.254/latest/a.wav'), async (first) => {
				const observed = await fromUrl(`${first}/b.wav`);
				return { ...observed, isRefused: /link-local|cloud/i.test(observed.shown), elsewhere: [...elsewhere] };
			});
		},
	},
	{
		name: 'redirects without an end are not followed for ever',
		wanted: { accepted: 0, told: 'failed', isSoon: true },
		play: async () => {
			let asked = 0;
			const serve: RequestListener = (_request, response) => {
				asked += 1;
				response.writeHead(302, { location: `/again-${asked}.wav` }).end();
			};
			return await withServer(serve, async (url) => {
				const observed = await fromUrl(`${url}/a.wav`);
				return { ...observed, isSoon: asked < 100 };
			});
		},
	},
]);

const fromUrl = async (audioUrl: string): Promise<Observed> =>
	await observe({ parameters: { audioSource: 'url', audioUrl } });

const serveWav: RequestListener = (_request, response) => void response.end(toneWav(0.3));

const redirectTo =
	(location: string, status = 302): RequestListener =>
	(_request, response) => {
		response.writeHead(status, { location }).end();
	};

async function withServer<T>(listener: RequestListener, body: (url: string) => Promise<T>): Promise<T> {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}
