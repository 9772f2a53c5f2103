import { chain, manualTrigger, readFile } from '../server/lab/workflows.mjs';
import { Recorder } from './recorder.mjs';

/** Small, so that letters can be read when the film is shown at the width of a page. In pixels. */
const WINDOW = { width: 1200, height: 760 };

/** Ten pictures a second. */
const ANIMATION = [
	'-vf',
	'fps=10,scale=1000:-2:flags=lanczos',
	'-c:v',
	'libwebp_anim',
	'-lossless',
	'0',
	'-quality',
	'70',
	'-compression_level',
	'6',
	'-loop',
	'0',
];

/**
 * Films the way from a workflow with a file to a voice note that was sent and is heard.
 *
 * @param {import('./pictures.mjs').Studio} studio
 */
export async function filmFirstNote({ lab, connect, openEditor, openSentPage, place }) {
	await connect();
	const sentPage = await openSentPage();
	let recorder;
	const editor = await openEditor('light', async (page) => {
		await page.setViewportSize(WINDOW);
		recorder = new Recorder(page);
		await recorder.drawPointer();
	});
	const { page } = editor;
	const nodes = [manualTrigger(), { ...readFile(lab.samples.mp3), name: 'Speech.mp3' }];
	const workflow = await lab.rest.createWorkflow(chain('My first voice note', nodes));
	await editor.openWorkflow(workflow);
	// The canvas fades in.
	await recorder.hold(2);
	await recorder.start();
	await recorder.hold(0.5);

	await editor.openNodeList();
	await page.getByTestId('node-creator-search-bar').pressSequentially('send voice note', { delay: 70 });
	await recorder.hold(0.8);
	await editor.click(editor.listedNode('Sendblue'));
	await recorder.hold(0.8);
	await editor.click(page.getByTestId('node-creator').getByText('Send voice note', { exact: true }));
	await page.getByTestId('ndv').waitFor();
	await recorder.hold(0.8);

	await editor.click(page.getByTestId('rlc-input').first());
	await page.getByTestId('rlc-item').first().waitFor();
	await recorder.hold(0.6);
	await editor.click(page.getByTestId('rlc-item').first());
	await editor.typeParameter('to', '+14155550123');
	await recorder.hold(0.8);
	await editor.click(page.getByTestId('ndv-close-button'));
	await recorder.hold(0.5);
	await editor.click(page.getByTestId('execute-workflow-button').first());
	const added = page.locator('[data-test-id="canvas-node"][data-node-name^="Send"]').last();
	const name = await added.getAttribute('data-node-name');
	await editor.waitForSuccess(name);
	await recorder.hold(1.5);
	await editor.openNode(name);
	await editor.seeOutput('json', 'message_handle');
	await recorder.hold(2);
	await page.goto(sentPage.url);
	await page.locator('audio').first().waitFor();
	await page
		.locator('audio')
		.first()
		.evaluate(async (audio) => {
			audio.muted = true;
			await audio.play();
		});
	await recorder.hold(2.5);
	await recorder.write(await place('docs', 'pictures', 'first-note.webp'), ANIMATION);
	await page.context().close();
	await sentPage.close();
}
