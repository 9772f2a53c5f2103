import { createServer } from 'node:http';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { callSendblue } from '../server/lab/callSendblue.mjs';
import { runCommand } from '../server/lab/command.mjs';
import { LINES, PERSON, sandboxKeys } from '../server/lab/lab.mjs';
import { chain, manualTrigger, node, sendblue } from '../server/lab/workflows.mjs';
import { FILES_URL, GROUP_OF_TWO, MISTAKES, mistakenFiles, RIGHT } from '../support/mistakes.mjs';

const HEAD = `# What the node says to the usual mistakes

Made by \`npm run pictures -- mistakes\` in a real n8n, from the list whose words the tests hold (\`test/support/mistakes.mjs\`).
What the node says to do is the one thing a person does next. Each picture is the panel's output, in both themes.

| What was done | What the node says | What to do next | Seen |
|---|---|---|---|`;

/** What fits the longest message, in pixels. */
const PICTURE_HEIGHT = 440;

/**
 * Lets every usual mistake happen, and writes what a person sees.
 *
 * @param {import('./pictures.mjs').Studio} studio
 */
export async function pictureMistakes({ lab, connect, openEditor, place }) {
	const credential = await connect();
	const files = mistakenFiles(await readFile(lab.samples.mp3), await readFile(lab.samples.png));
	const web = await serve(files);
	const members = { from_number: LINES[0], numbers: [PERSON, '+14155550124'], group_name: 'Two friends' };
	const { group_id: group } = JSON.parse(await callSendblue(lab.sandbox, 'POST', '/api/create-group', members));
	const editor = await openEditor('light');
	const rows = [];
	for (const mistake of MISTAKES) {
		const { name, credential: wrong, operation, fields, message } = mistake;
		const used = wrong ? await wrongCredential(lab, name, wrong) : credential;
		const [resource, operationName] = operation.split('.');
		const given = JSON.stringify({ resource, operation: operationName, ...RIGHT[operation], ...fields });
		const parameters = JSON.parse(given.replaceAll(FILES_URL, web.url).replaceAll(GROUP_OF_TWO, group));
		const nodes = [manualTrigger(), itemsOf(mistake, files), sendblue('Sendblue', parameters, used)];
		await editor.openWorkflow(await lab.rest.createWorkflow(chain(name, nodes)));
		await editor.executeWorkflow();
		await (message === undefined ? editor.waitForSuccess('Sendblue') : editor.waitForFailure('Sendblue'));
		await editor.openNode('Sendblue');
		const said = message === undefined ? undefined : await editor.shownError();
		const pictures = await bothThemes(editor, name, place);
		await editor.closeNode();
		const isAsTested = said === undefined || said.message.replaceAll(web.url, FILES_URL).includes(message);
		console.log(`  ${isAsTested ? '✓' : `✗ ${said.message}`} ${name}`);
		rows.push(row(mistake, pictures));
	}
	await web.close();
	await editor.page.context().close();
	await writeFile(await place('docs', 'mistakes.md'), [HEAD, ...rows, ''].join('\n'));
}

/**
 * A web server with these files, and one behind a login.
 *
 * @param {Record<string, [bytes: Uint8Array, type: string]>} files
 */
async function serve(files) {
	const server = createServer(({ url }, response) => {
		const [bytes, type] = files[url.slice(1)] ?? [];
		const status = url === '/private.mp3' ? 401 : bytes ? 200 : 404;
		response.writeHead(status, { 'content-type': type ?? 'text/plain' }).end(bytes);
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${server.address().port}`,
		close: () => new Promise((resolve) => server.close(resolve)),
	};
}

async function wrongCredential({ rest, sandbox }, name, wrong) {
	return await rest.createCredential(name, 'sendblueApi', { ...sandboxKeys(sandbox), ...wrong });
}

/**
 * A step that puts out the items of a mistake.
 *
 * @param {import('../support/mistakes.mjs').Mistake} mistake
 * @param {Record<string, [bytes: Uint8Array, type: string]>} files
 */
function itemsOf({ items = [{ files: { data: 'speech.mp3' } }] }, files) {
	const given = items.map(({ json = {}, files: named = {} }) => ({
		json,
		files: Object.entries(named).map(([field, fileName]) => {
			const [bytes, type] = files[fileName];
			return { field, fileName, type, base64: Buffer.from(bytes).toString('base64') };
		}),
	}));
	const jsCode = `const items = ${JSON.stringify(given)};
for (const item of items) {
	item.binary = {};
	for (const { field, fileName, type, base64 } of item.files) {
		item.binary[field] = await this.helpers.prepareBinaryData(Buffer.from(base64, 'base64'), fileName, type);
	}
	delete item.files;
}
return items;`;
	// Expressions of the mistakes call the step before so.
	return node('Feed', 'n8n-nodes-base.code', 2, { jsCode });
}

/**
 * @param {import('./editor.mjs').Editor} editor with an open node
 * @param {string} name
 * @param {import('./pictures.mjs').Studio['place']} place
 * @returns {Promise<string>} links to the pictures
 */
async function bothThemes(editor, name, place) {
	const { page } = editor;
	await editor.closeNotices();
	const panel = await page.getByTestId('output-panel').boundingBox();
	const clip = { ...panel, height: Math.min(panel.height, PICTURE_HEIGHT) };
	const links = [];
	for (const theme of ['light', 'dark']) {
		await page.evaluate((shown) => document.body.setAttribute('data-theme', shown), theme);
		const fileName = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${theme}`;
		const file = await place('docs', 'pictures', 'mistakes', `${fileName}.webp`);
		const png = `${file}.png`;
		await page.waitForTimeout(200);
		await page.screenshot({ path: png, clip });
		await runCommand('ffmpeg', ['-y', '-v', 'error', '-i', png, '-c:v', 'libwebp', '-lossless', '1', file]);
		await rm(png);
		links.push(`[${theme}](pictures/mistakes/${fileName}.webp)`);
	}
	await page.evaluate(() => document.body.setAttribute('data-theme', 'light'));
	return links.join(', ');
}

/**
 * @param {import('../support/mistakes.mjs').Mistake} mistake
 * @param {string} pictures
 */
function row({ name, message, hint }, pictures) {
	const cell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, '<br>');
	if (message === undefined) return `| ${name} | nothing: it is understood | – | ${pictures} |`;
	return `| ${name} | ${cell(message)} | ${cell(hint ?? '')} | ${pictures} |`;
}
