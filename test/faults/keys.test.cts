/** The server repeats the account's keys, in whatever form and place: nobody reads them. */

import { answering, instead } from './support/plays.cts';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { useStage, type Send } from './support/stage.cts';

/** Keys with characters that URLs and JSON write in other ways. */
const KEYS = { id: 'key/id+of="Line" 1', secret: 'S3cret\\Key/with+signs="&%"' };
const stage = useStage({ keys: KEYS });

const credential = { apiKeyId: KEYS.id, apiSecretKey: KEYS.secret };

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const FORMS: Array<[string, (key: string) => string]> = [
	['as it is', (key) => key],
	['in capitals', (key) => key.toUpperCase()],
	['in small letters', (key) => key.toLowerCase()],
	['in Base64', base64],
	['in Base64 without padding', (key) => base64(key).replace(/=+$/, '')],
	['in Base64 for URLs', (key) => Buffer.from(key).toString('base64url')],
	['as user and password in Base64', () => base64(`${KEYS.id}:${KEYS.secret}`)],
	['URL-encoded', encodeURIComponent],
	['URL-encoded in small letters', (key) => encodeURIComponent(key).replace(/%../g, (code) => code.toLowerCase())],
	['as a form writes it', (key) => new URLSearchParams({ key }).toString().slice(4)],
	['in JSON', (key) => JSON.stringify(key).slice(1, -1)],
	[
		'in JSON with \\u',
		(key) => key.replace(/["\\/&]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
	],
	['in JSON with \\/', (key) => JSON.stringify(key).slice(1, -1).replaceAll('/', '\\/')],
	['in HTML', (key) => key.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
];

const forms = (form: (key: string) => string): string[] => [form(KEYS.id), form(KEYS.secret)];

/** What of the text is a key, in the form that the row is about. */
async function observe(form: (key: string) => string, send: Send = {}): Promise<Observed> {
	const logger = stage.engine.logger as unknown as Record<'error' | 'warn' | 'info' | 'debug', () => void>;
	const logs = (['error', 'warn', 'info', 'debug'] as const).map((method) => jest.spyOn(logger, method));
	const { told, shown, result } = await stage.send({ ...send, credential });
	const seen = new Set<unknown>();
	const text = JSON.stringify([result?.raw, logs.map(({ mock }) => mock.calls as unknown)], (_name, value: unknown) => {
		if (typeof value !== 'object' || value === null) return value;
		if (seen.has(value)) return undefined;
		seen.add(value);
		return value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value;
	});
	jest.restoreAllMocks();
	const leaks = forms(form).filter((key) => text.includes(key) || text.includes(JSON.stringify(key).slice(1, -1)));
	return { accepted: stage.sandbox.messages().length, told, shown, leaks: leaks.length };
}

const everyForm = (name: string, play: (form: (key: string) => string) => Promise<Observed>): Row[] =>
	FORMS.map(([formName, form]) => ({
		name: `${name}: ${formName}`,
		wanted: { leaks: 0 },
		play: async () => await play(form),
	}));

const refusing = (words: string) =>
	instead({ status: 400, body: { status: 'ERROR', error_code: 4000, message: words } });

testRows('keys in refusals', [
	...everyForm('of the send', async (form) => {
		stage.play('/api/send-message', refusing(`Wrong keys ${forms(form).join(' and ')}!`));
		return await observe(form);
	}),
	...everyForm('of the upload', async (form) => {
		stage.play('/api/upload-file', refusing(`Wrong keys ${forms(form).join(' and ')}!`));
		return await observe(form);
	}),
	...['/api/lines', '/api/evaluate-service', '/api/v2/messages'].map(
		(path): Row => ({
			name: `of ${path}`,
			wanted: { leaks: 0 },
			play: async () => {
				stage.play(path, refusing(`Wrong keys ${KEYS.id} and ${KEYS.secret}`));
				return await observe((key) => key, {
					options: { deduplicationKey: stage.freshKey(), ifNoIMessage: 'skip', waitForDelivery: 0.1 },
				});
			},
		}),
	),
	...[40, 150, 180, 195, 240, 280, 295, 480, 495].map(
		(length): Row => ({
			name: `after ${length} characters, if texts are shortened`,
			wanted: { leaks: 0 },
			play: async () => {
				stage.play('/api/send-message', refusing(`${'x'.repeat(length)}${KEYS.secret}`));
				return await observe((key) => key.slice(0, 12));
			},
		}),
	),
]);

testRows('keys in good answers', [
	...everyForm('a field of the message', async (form) => {
		stage.play(
			'/api/send-message',
			answering((body) => ({ ...body, debug: { headers: forms(form) }, [form(KEYS.id)]: true })),
		);
		return await observe(form);
	}),
	...everyForm('the account', async (form) => {
		stage.play(
			'/api/send-message',
			answering((body) => ({ ...body, accountEmail: `${form(KEYS.secret)}@example.com` })),
		);
		return await observe(form);
	}),
	...everyForm('the address of the upload', async (form) => {
		stage.play(
			'/api/upload-file',
			answering((body) => ({
				...body,
				media_url: String(body.media_url).replace('/media/', `/media/${encodeURIComponent(form(KEYS.secret))}/`),
			})),
		);
		return await observe((key) => encodeURIComponent(form(key)));
	}),
	...everyForm('the list of lines', async (form) => {
		stage.play(
			'/api/lines',
			answering(() => ({ numbers: ['+15550100001', ...forms(form)] })),
		);
		return await observe(form, { parameters: { from: { __rl: true, mode: 'number', value: '+15559990000' } } });
	}),
	...everyForm('a message found in the list', async (form) => {
		const key = stage.freshKey();
		await stage.send({ credential, options: { deduplicationKey: key } });
		stage.play(
			'/api/v2/messages',
			answering((body) => ({
				...body,
				data: (body.data as object[]).map((entry) => ({ ...entry, seat_id: form(KEYS.secret) })),
			})),
		);
		return await observe(form, { options: { deduplicationKey: key } });
	}),
	{
		name: 'the list that the editor asks for',
		wanted: { leaks: 0 },
		play: async () => {
			stage.play(
				'/api/lines',
				answering(() => ({ numbers: ['+15550100001', KEYS.secret] })),
			);
			const list = await stage.engine.listSearch({
				type: stage.engine.typeOf('sendblue'),
				method: 'searchLines',
				credentials: { sendblueApi: { ...credential, baseUrl: stage.sandbox.url } },
			});
			const shown = list.results.map(({ name, value }) => `${name} ${String(value)}`).join(' ');
			return { accepted: 0, told: '', shown, leaks: shown.includes(KEYS.secret) ? 1 : 0 };
		},
	},
	{
		name: 'a good send is what it was',
		wanted: { accepted: 1, told: 'sent', leaks: 0 },
		play: async () => await observe((key) => key),
	},
]);
