import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fixturesDir } from './places.mjs';

/** Addresses in the example workflows, each of a service the stand-ins play. */
const PLAYED_SERVICES = [
	'https://api.elevenlabs.io',
	'https://api.openai.com',
	'https://crm.example.com',
	'https://files.example.com',
	'https://texttospeech.googleapis.com',
];

/** What the stand-in of a language model says when it need not, or no longer, call a tool. */
const CHAT_ANSWER = 'Thanks for your voice note! We will call you back today.';

const TRANSCRIPT = 'Hello, can somebody call me back today?';

/**
 * Services that cost money or hold people's data, played on 127.0.0.1: text-to-speech, transcription, a chat model that
 * calls tools, a CRM, a store of files. Sample audio is under `/audio/`; what is under `/private/` needs a login, and
 * `/shared/page` is the page of a share link.
 *
 * @typedef {object} StandIns
 * @property {string} url
 * @property {{ method: string, path: string, body: any }[]} requests
 * @property {(toolArguments: object | undefined) => void} callTool
 *   lets the chat model call the first tool it is offered, with these arguments
 * @property {(text: string) => string} localise puts the stand-ins' address in the place of the services' own
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<StandIns>} */
export async function startStandIns() {
	const audio = {
		'Speech.mp3': await readFile(path.join(fixturesDir, 'Speech.mp3')),
		'Speech.ogg': await readFile(path.join(fixturesDir, 'Speech.ogg')),
	};
	/** @type {StandIns['requests']} */
	const requests = [];
	let toolArguments;

	/** @type {[RegExp, (body: any) => [type: string, body: Buffer | object]][]} */
	const routes = [
		[/^GET \/(audio\/Speech|Greeting|Question)\.mp3$/, () => ['audio/mpeg', audio['Speech.mp3']]],
		[/^GET \/shared\/page$/, () => ['text/html', Buffer.from('<!doctype html><title>Shared file</title>')]],
		// As Google's text-to-speech answers.
		[
			/^POST \/v1\/text:synthesize$/,
			() => ['application/json', { audioContent: audio['Speech.ogg'].toString('base64') }],
		],
		[/^POST \/v1\/text-to-speech\//, () => ['audio/ogg', audio['Speech.ogg']]],
		[/^POST \/v1\/audio\/speech$/, () => ['audio/mpeg', audio['Speech.mp3']]],
		[/^POST \/v1\/audio\/transcriptions$/, () => ['application/json', { text: TRANSCRIPT }]],
		[/^POST \/v1\/chat\/completions$/, (body) => chatAnswer(body, toolArguments)],
		[/^(PATCH|POST|PUT) \/api\/contacts\//, () => ['application/json', { updated: true }]],
	];
	const serve = async (request, response) => {
		const chunks = [];
		for await (const chunk of request) chunks.push(chunk);
		const text = Buffer.concat(chunks).toString('utf8');
		const isJson = request.headers['content-type']?.includes('json') && text !== '';
		const body = isJson ? JSON.parse(text) : text;
		const { pathname } = new URL(request.url, 'http://127.0.0.1');
		requests.push({ method: request.method, path: pathname, body });

		const route = routes.find(([pattern]) => pattern.test(`${request.method} ${pathname}`));
		const [type, answer] = route ? route[1](body) : ['application/json', { message: 'Not found' }];
		const status = pathname.startsWith('/private/') ? 401 : 404;
		response.writeHead(route ? 200 : status, { 'content-type': type });
		response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer));
	};
	const server = createServer((request, response) => void serve(request, response));
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${server.address().port}`;

	return {
		url,
		requests,
		callTool: (wanted) => (toolArguments = wanted),
		localise: (text) => PLAYED_SERVICES.reduce((result, service) => result.replaceAll(service, url), text),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/**
 * An answer as OpenAI's chat API gives it, whole or as a stream of one piece: a call of the first tool, and after the
 * tool's result a sentence with it.
 *
 * @param {any} body
 * @param {object | undefined} toolArguments
 * @returns {[type: string, body: Buffer | object]}
 */
function chatAnswer(body, toolArguments) {
	const result = body.messages.findLast(({ role }) => role === 'tool');
	const tool = body.tools?.[0]?.function;
	const call = {
		index: 0,
		id: 'call_1',
		type: 'function',
		function: { name: tool?.name, arguments: JSON.stringify(toolArguments) },
	};
	const calls = tool && toolArguments && !result;
	const message = calls
		? { role: 'assistant', content: null, tool_calls: [call] }
		: { role: 'assistant', content: result ? `The tool said: ${result.content}` : CHAT_ANSWER };
	const common = { id: 'chatcmpl-1', created: 1, model: body.model };
	const finish_reason = calls ? 'tool_calls' : 'stop';
	if (body.stream) {
		const chunk = {
			...common,
			object: 'chat.completion.chunk',
			choices: [{ index: 0, delta: message, finish_reason }],
		};
		return ['text/event-stream', Buffer.from(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`)];
	}
	const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
	const choices = [{ index: 0, message, finish_reason }];
	return ['application/json', { ...common, object: 'chat.completion', choices, usage }];
}
