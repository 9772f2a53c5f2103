import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../server/lab/command.mjs';

/** How long the last picture stays, in seconds. */
const LAST_SECONDS = 2;

/** Follows the mouse, which a headless browser does not draw. */
const POINTER = `
	const pointer = document.createElement('div');
	pointer.style.cssText = 'position:fixed;z-index:2147483647;pointer-events:none;width:22px;height:22px;margin:-11px;border-radius:50%;background:#ff6d5a88;border:2px solid #ff6d5a;left:-50px;top:-50px;transition:left .25s,top .25s';
	addEventListener('DOMContentLoaded', () => document.body.append(pointer));
	addEventListener('mousemove', ({ clientX, clientY }) => {
		pointer.style.left = clientX + 'px';
		pointer.style.top = clientY + 'px';
	}, true);
	addEventListener('mousedown', () => { pointer.style.background = '#ff6d5aee'; }, true);
	addEventListener('mouseup', () => { pointer.style.background = '#ff6d5a88'; }, true);`;

/** A line of text at the foot of the picture, which every page that is opened shows. */
const CAPTION = `
	const caption = document.createElement('div');
	caption.id = 'film-caption';
	caption.style.cssText = 'position:fixed;z-index:2147483646;pointer-events:none;left:0;right:0;bottom:0;padding:14px 24px;font:20px system-ui,sans-serif;color:#fff;background:#101330dd;text-align:center';
	const show = (text) => { caption.textContent = text; caption.hidden = text === ''; };
	window.showFilmCaption = show;
	addEventListener('DOMContentLoaded', async () => {
		document.body.append(caption);
		show(await window.filmCaption());
	});`;

/** Records what a page shows, as the browser paints it, and writes it as a film. */
export class Recorder {
	#caption = '';
	#frames = [];
	#session;

	/** @param {import('playwright-core').Page} page on which nothing has been opened yet */
	constructor(page) {
		this.page = page;
	}

	/** Draws the pointer on every page that is opened from here on. */
	async drawPointer() {
		await this.page.addInitScript(POINTER);
	}

	/** Shows captions on every page that is opened from here on. */
	async drawCaptions() {
		await this.page.exposeFunction('filmCaption', () => this.#caption);
		await this.page.addInitScript(CAPTION);
	}

	/** @param {string} text at the foot of the picture, until the next one */
	async caption(text) {
		this.#caption = text;
		await this.page.evaluate((shown) => window.showFilmCaption(shown), text);
	}

	async start() {
		this.#session = await this.page.context().newCDPSession(this.page);
		this.#session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
			this.#frames.push({ data, second: metadata.timestamp });
			// The page may be gone already.
			this.#session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
		});
		await this.#session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 });
	}

	/** @param {number} seconds in which a viewer can read */
	async hold(seconds) {
		await sleep(seconds * 1_000);
	}

	/**
	 * Ends the recording.
	 *
	 * @param {string} file to write
	 * @param {string[]} encoding arguments of ffmpeg between its input and the file
	 */
	async write(file, encoding) {
		await this.#session.send('Page.stopScreencast');
		const folder = await mkdtemp(path.join(tmpdir(), 'recording-'));
		try {
			const list = [];
			for (const [index, { data, second }] of this.#frames.entries()) {
				const picture = path.join(folder, `${index}.png`);
				await writeFile(picture, Buffer.from(data, 'base64'));
				const next = this.#frames[index + 1]?.second ?? second + LAST_SECONDS;
				list.push(`file '${picture}'`, `duration ${(next - second).toFixed(3)}`);
			}
			// Without its repetition, ffmpeg leaves the length of the last picture out.
			list.push(list.at(-2));
			const listFile = path.join(folder, 'frames.txt');
			await writeFile(listFile, list.join('\n'));
			const input = ['-y', '-v', 'error', '-f', 'concat', '-safe', '0', '-i', listFile];
			await runCommand('ffmpeg', [...input, ...encoding, file]);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}
}
