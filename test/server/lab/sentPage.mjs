import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { projectDir } from './places.mjs';

const require = createRequire(import.meta.url);
const { SMS_SUFFIX } = require('../../sandbox/constants.cjs');

const PAGE = `<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What was sent</title>
<style>
	body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
	li { list-style: none; margin: 1rem 0; padding: 1rem; border: 1px solid #ddd; border-radius: 12px; }
	ul { padding: 0; }
	small { color: #666; }
	audio { display: block; margin-top: .5rem; width: 100%; }
	p { margin: .25rem 0; white-space: pre-wrap; }
	button { font: inherit; margin-top: .5rem; padding: .25rem .75rem; border: 1px solid #bbb; border-radius: 8px; background: none; color: inherit; cursor: pointer; }
	@media (prefers-color-scheme: dark) { body { background: #1b1b1d; color: #eee; } li { border-color: #444; } small { color: #aaa; } }
</style>
<h1>What was sent</h1>
<p><small>Played on this machine: nobody got a message. The newest is on top.
Any number can be written to; numbers that end in ${SMS_SUFFIX}, such as +1415555${SMS_SUFFIX}, have no iMessage.</small></p>
<ul id="messages"><li id="none">Nothing yet. Execute a workflow that sends.</li></ul>
<script>
	const list = document.getElementById('messages');
	const shown = new Set();
	const add = (parent, tag, text = '') =>
		parent.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
	function replyButton(item, { to, reply }) {
		const button = add(item, 'button', to + ' replies with a voice note');
		button.onclick = async () => {
			button.disabled = true;
			const { ok } = await fetch(reply, { method: 'POST' }).catch(() => ({ ok: false }));
			button.disabled = false;
			button.textContent = ok ? 'Replied. Reply once more' : 'That did not work. Try again';
		};
	}
	async function look() {
		for (const message of await (await fetch('messages.json')).json()) {
			if (shown.has(message.handle)) continue;
			shown.add(message.handle);
			document.getElementById('none')?.remove();
			const item = document.createElement('li');
			add(item, 'strong', message.to);
			add(item, 'small', ' from ' + message.from + ', ' + new Date(message.at).toLocaleTimeString());
			if (message.text) add(item, 'p', message.text);
			if (message.file) add(add(item, 'p'), 'small', message.file);
			if (message.audio) Object.assign(add(item, 'audio'), { controls: true, src: message.audio });
			if (message.reply) replyButton(item, message);
			list.prepend(item);
		}
	}
	look();
	setInterval(look, 2000);
</script>`;

/**
 * A page that lists what the sandbox accepted, and plays the voice notes: browsers do not play CAF, so they are given as
 * WAV. With a spoken reply, each message to one person has a button that lets this person reply.
 *
 * @param {any} sandbox
 * @param {{ fileName: string, base64: string }} [reply] a voice note
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startSentPage(sandbox, reply) {
	const { fromVoiceNote } = require(path.join(projectDir, 'dist/nodes/Sendblue/voiceNote/index.js'));
	const sent = () => sandbox.messages().map((message) => view(message, reply !== undefined));
	const messageCalled = (handle) => sandbox.messages().find(({ message_handle }) => message_handle === handle);

	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url, 'http://127.0.0.1');
		const answered = request.method === 'POST' ? replyTo(pathname) : answer(pathname);
		answered.then(
			([type, body]) => response.writeHead(200, { 'content-type': type }).end(body),
			(error) => response.writeHead(404, { 'content-type': 'text/plain' }).end(String(error.message)),
		);
	});

	/** @param {string} pathname */
	async function replyTo(pathname) {
		const message = messageCalled(pathname.replace('/reply/', ''));
		if (!message) throw new Error('There is no such message');
		const { number, from_number: line } = message;
		await sandbox.deliverInbound({ from_number: number, sendblue_number: line, media: reply });
		return ['text/plain', 'Replied'];
	}

	/** @param {string} pathname */
	async function answer(pathname) {
		if (pathname === '/') return ['text/html; charset=utf-8', PAGE];
		if (pathname === '/messages.json') return ['application/json', JSON.stringify(sent())];
		const handle = pathname.replace('/audio/', '');
		const media = messageCalled(handle)?.media;
		if (!media?.base64) throw new Error('There is no such file');
		const file = Buffer.from(media.base64, 'base64');
		if (!isVoiceNote(media)) return [media.contentType ?? 'application/octet-stream', file];
		const { bytes } = await fromVoiceNote(new Uint8Array(file), { format: 'wav' });
		return ['audio/wav', Buffer.from(bytes)];
	}

	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${server.address().port}`,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** @param {{ fileName: string }} media */
const isVoiceNote = ({ fileName }) => fileName.endsWith('.caf');

/**
 * @param {any} message of the sandbox
 * @param {boolean} canReply
 */
function view({ message_handle, number, from_number, content, date_sent, media, group_display_name }, canReply) {
	const isAudio = media?.base64 && (isVoiceNote(media) || media.contentType?.startsWith('audio/'));
	return {
		handle: message_handle,
		to: group_display_name ?? [number].flat().join(', '),
		from: from_number,
		at: date_sent,
		text: content,
		file: media?.fileName ?? '',
		audio: isAudio ? `audio/${message_handle}` : '',
		reply: canReply && typeof number === 'string' && !group_display_name ? `reply/${message_handle}` : '',
	};
}
