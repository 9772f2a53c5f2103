import { rm, writeFile } from 'node:fs/promises';
import { runCommand } from '../server/lab/command.mjs';
import { chain, manualTrigger } from '../server/lab/workflows.mjs';
import { usualMistakes, wrongSandboxKeys } from './mistakes.mjs';

const HEAD = `# What the node says to the usual mistakes

Made by \`npm run pictures -- mistakes\` in a real n8n, with the node as it is. Each picture is the panel's output, in the light and in the dark theme.
`;

/** What fits the longest message, in pixels. */
const PICTURE_HEIGHT = 400;

/**
 * Lets every usual mistake happen, and writes what a person sees.
 *
 * @param {import('./pictures.mjs').Studio} studio
 */
export async function pictureMistakes({ lab, connect, openEditor, place }) {
	const credential = await connect();
	const wrongKeys = await lab.rest.createCredential('Wrong keys', 'sendblueApi', wrongSandboxKeys(lab.sandbox));
	const mistakes = usualMistakes(lab, credential, wrongKeys);
	const shown = new Map();
	for (const theme of /** @type {const} */ (['light', 'dark'])) {
		const editor = await openEditor(theme);
		for (const mistake of mistakes) {
			const { name, nodes, says } = mistake;
			await editor.openWorkflow(await lab.rest.createWorkflow(chain(name, [manualTrigger(), ...nodes])));
			await editor.executeWorkflow();
			const last = nodes.at(-1).name;
			await editor.waitForFailure(last);
			await editor.openNode(last);
			const error = await editor.shownError();
			const text = `${error.message} ${error.advice}`;
			console.log(`${says.test(text) ? '  ✓' : '  ✗'} ${name}: ${error.message} | ${error.advice}`);
			await pictureOfOutput(editor, await place('docs', 'pictures', 'mistakes', `${fileName(name)}-${theme}.webp`));
			await editor.closeNode();
			shown.set(mistake, error);
		}
		await editor.page.context().close();
	}
	await writeFile(await place('docs', 'mistakes.md'), table(shown));
}

/**
 * @param {import('./editor.mjs').Editor} editor with an open node
 * @param {string} file
 */
async function pictureOfOutput(editor, file) {
	const png = `${file}.png`;
	await editor.closeNotices();
	const panel = await editor.page.getByTestId('output-panel').boundingBox();
	await editor.page.screenshot({ path: png, clip: { ...panel, height: Math.min(panel.height, PICTURE_HEIGHT) } });
	await runCommand('ffmpeg', ['-y', '-v', 'error', '-i', png, '-c:v', 'libwebp', '-lossless', '1', file]);
	await rm(png);
}

/** @param {string} name */
const fileName = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** @param {Map<import('./mistakes.mjs').Mistake, { message: string, advice: string }>} shown */
function table(shown) {
	const rows = [...shown].map(([{ name, did, next }, { message, advice }]) => {
		const picture = (theme) => `[${theme}](pictures/mistakes/${fileName(name)}-${theme}.webp)`;
		const said = [`**${message}**`, advice]
			.filter(Boolean)
			.join('<br>')
			.replaceAll(/\s*\n\s*/g, '<br>');
		return `| ${did} | ${said.replaceAll('|', '\\|')} | ${next} | ${picture('light')}, ${picture('dark')} |`;
	});
	return [
		HEAD,
		'| What was done | What the node says | What one does next | Seen |',
		'|---|---|---|---|',
		...rows,
		'',
	].join('\n');
}
