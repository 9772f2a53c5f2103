import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { OWNER } from '../server/lab/restClient.mjs';
import { projectDir } from '../server/lab/places.mjs';

/** Where pictures go; ignored by git. */
export const SCREENSHOTS_DIR = path.join(projectDir, '.cache', 'screenshots');

/** The editor as a person uses it. */
export class Editor {
	/**
	 * @param {import('playwright-core').Page} page
	 * @param {string} url of n8n
	 * @param {string} theme put into the names of pictures
	 */
	constructor(page, url, theme) {
		this.page = page;
		this.url = url;
		this.theme = theme;
	}

	/** @param {string} name */
	async picture(name) {
		await mkdir(SCREENSHOTS_DIR, { recursive: true });
		await this.closeNotices();
		// Panels slide in; a picture of half a panel is of no use.
		await this.page.waitForTimeout(700);
		await this.page.screenshot({ path: path.join(SCREENSHOTS_DIR, `${name}-${this.theme}.png`) });
	}

	/** Closes what the editor says about a run in a corner, over other things. */
	async closeNotices() {
		for (const button of await this.page.locator('.el-notification__closeBtn').all()) {
			// It may close by itself meanwhile.
			await button.click({ timeout: 1_000 }).catch(() => {});
		}
	}

	async signIn() {
		const { page } = this;
		await page.goto(`${this.url}/signin`);
		await page.fill('input[name="emailOrLdapLoginId"]', OWNER.email);
		await page.fill('input[name="password"]', OWNER.password);
		await page.getByTestId('form-submit-button').click();
		await page.waitForURL(/home|workflow/);
	}

	/**
	 * Installs a community package by the dialog of the settings.
	 *
	 * @param {string} name
	 */
	async installPackage(name) {
		const { page } = this;
		await page.goto(`${this.url}/settings/community-nodes`);
		await this.click(page.getByRole('button', { name: 'Install' }).first());
		const dialog = page.getByTestId('communityPackageInstall-modal');
		await dialog.waitFor();
		await dialog.locator('input[name="packageNameInput"]').pressSequentially(name, { delay: 40 });
		await this.click(dialog.getByText('I understand the risks'));
		await this.click(dialog.getByTestId('install-community-package-button'));
		await page.getByTestId('community-package-card').filter({ hasText: name }).first().waitFor();
	}

	/** @param {{ id: string }} workflow */
	async openWorkflow({ id }) {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** @param {string} name of a node on the canvas */
	node(name) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens the list of nodes at the end of the workflow, if the chosen one will be connected. */
	async openNodeList() {
		await this.click(this.page.getByTestId('canvas-handle-plus').last());
		await this.page.getByTestId('node-creator-search-bar').waitFor();
	}

	/**
	 * Searches in the list of nodes.
	 *
	 * @param {string} words
	 */
	async searchNodes(words) {
		const search = this.page.getByTestId('node-creator-search-bar');
		// What an earlier search found must be gone first.
		await search.fill('no node is called so');
		await this.page.getByTestId('node-creator-no-results').waitFor();
		await search.fill(words);
	}

	/**
	 * A node in the list of nodes.
	 *
	 * @param {string} name
	 */
	listedNode(name) {
		const title = this.page.getByTestId('node-creator-item-name').filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) });
		return this.page.getByTestId('node-creator-action-item').filter({ has: title }).first();
	}

	/**
	 * Opens a node's panel from the canvas.
	 *
	 * @param {string} name
	 */
	async openNode(name) {
		await this.node(name).dblclick();
		await this.page.getByTestId('ndv').waitFor();
	}

	async closeNode() {
		await this.page.getByTestId('ndv-close-button').click();
		await this.page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	/**
	 * Types into a parameter of the open node.
	 *
	 * @param {string} parameter
	 * @param {string} value
	 */
	async fillParameter(parameter, value) {
		await this.#parameterInput(parameter).fill(value);
	}

	/**
	 * Moves the mouse to a place as a hand does, and clicks.
	 *
	 * @param {import('playwright-core').Locator} place
	 */
	async click(place) {
		await place.scrollIntoViewIfNeeded();
		const { x, y, width, height } = await place.boundingBox();
		await this.page.mouse.move(x + width / 2, y + height / 2, { steps: 12 });
		await this.page.waitForTimeout(250);
		await place.click();
	}

	/**
	 * Types into a parameter of the open node, one key after the other.
	 *
	 * @param {string} parameter
	 * @param {string} value
	 */
	async typeParameter(parameter, value) {
		const input = this.#parameterInput(parameter);
		await this.click(input);
		await input.pressSequentially(value, { delay: 60 });
	}

	/** @param {string} parameter of the open node */
	#parameterInput(parameter) {
		const field = this.page.getByTestId(`parameter-input-${parameter}`);
		return field.locator('input:not([readonly]), textarea').first();
	}

	/** Runs the workflow from the canvas. */
	async executeWorkflow() {
		await this.page.getByTestId('execute-workflow-button').first().click();
	}

	/** @param {string} name of a node that has succeeded */
	async waitForSuccess(name) {
		await this.node(name).getByTestId('canvas-node-status-success').waitFor();
	}

	/** @param {string} name of a node that has failed */
	async waitForFailure(name) {
		await this.node(name).getByTestId('node-issues').waitFor();
	}

	/**
	 * Waits until the output of the open node shows texts in one of its views, and scrolls to the last of them.
	 *
	 * @param {'json' | 'binary'} view
	 * @param {...string} texts
	 */
	async seeOutput(view, ...texts) {
		const panel = this.page.getByTestId('output-panel');
		await panel.getByTestId(`radio-button-${view}`).click();
		for (const text of texts) await panel.getByText(text).first().waitFor();
		await panel.getByText(texts.at(-1)).first().scrollIntoViewIfNeeded();
	}

	/**
	 * Plays a file of the open node's output in the panel.
	 *
	 * @param {string} field that holds it
	 * @returns {Promise<{ duration: number, position: number }>} what the browser states, in seconds, and how far it played
	 */
	async playFile(field) {
		const panel = this.page.getByTestId('output-panel');
		const file = panel.getByTestId('ndv-binary-data_0').filter({ hasText: field });
		await file.getByTestId('ndv-view-binary-data').click();
		const player = this.page.locator('audio');
		await player.waitFor();
		return await player.evaluate(async (audio) => {
			audio.muted = true;
			await audio.play();
			while (audio.currentTime === 0)
				await new Promise((resolve) => audio.addEventListener('timeupdate', resolve, { once: true }));
			return { duration: audio.duration, position: audio.currentTime };
		});
	}

	/** What a failed node says to a person. */
	async shownError() {
		const panel = this.page.getByTestId('output-panel');
		const message = panel.getByTestId('node-error-message');
		await message.waitFor();
		const description = panel.getByTestId('node-error-description');
		const hint = (await description.count()) > 0 ? await description.innerText() : '';
		return { message: (await message.innerText()).trim(), hint: hint.trim() };
	}
}
