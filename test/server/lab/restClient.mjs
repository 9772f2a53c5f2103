import { parseExecutionData } from './executionData.mjs';
import { until } from './progress.mjs';

/** The one who signs in to the test servers. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Ada',
	lastName: 'Owner',
	password: 'Voice-Note-1',
};

/** An answer of n8n that says no. */
class RestFailure extends Error {
	/**
	 * @param {string} request
	 * @param {number} status
	 * @param {any} body
	 */
	constructor(request, status, body) {
		super(`${request} answered ${status}: ${JSON.stringify(body).slice(0, 600)}`);
		this.status = status;
		this.body = body;
	}
}

/** The calls the editor makes, with the owner signed in. */
export class RestClient {
	#cookie = '';

	/** @param {string} url of the server */
	constructor(url) {
		this.url = url;
	}

	get #headers() {
		return { cookie: this.#cookie, 'browser-id': 'lab' };
	}

	/**
	 * @param {string} path
	 * @returns {Promise<Response>} as it comes, signed in
	 */
	async fetch(path) {
		return await fetch(new URL(path, this.url), { headers: this.#headers });
	}

	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {unknown} [body]
	 * @returns {Promise<any>} what is in `data`
	 * @throws {RestFailure}
	 */
	async call(method, path, body) {
		const response = await fetch(new URL(path, this.url), {
			method,
			headers: { ...this.#headers, 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (session) this.#cookie = session.split(';')[0];
		const text = await response.text();
		const answer = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
		if (!response.ok) throw new RestFailure(`${method} ${path}`, response.status, answer);
		return answer?.data ?? answer;
	}

	/** Makes the owner of an empty n8n and signs in. */
	async signUp() {
		await this.call('POST', '/rest/owner/setup', OWNER);
		this.#cookie = '';
		await this.call('POST', '/rest/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
	}

	/**
	 * Installs a community package as the panel does.
	 *
	 * @param {{ name: string, version: string }} tarball
	 */
	async installPackage({ name, version }) {
		return await this.call('POST', '/rest/community-packages', { name, version });
	}

	/**
	 * @param {string} name
	 * @param {string} type
	 * @param {Record<string, unknown>} data
	 * @returns {Promise<{ id: string, name: string }>} as nodes refer to it
	 */
	async createCredential(name, type, data) {
		const { id } = await this.call('POST', '/rest/credentials', { name, type, data });
		return { id, name };
	}

	/**
	 * @param {{ id: string, name: string }} credential
	 * @param {string} type
	 * @param {Record<string, unknown>} data
	 * @returns {Promise<{ status: 'OK' | 'Error', message: string }>}
	 */
	async testCredential(credential, type, data) {
		return await this.call('POST', '/rest/credentials/test', { credentials: { ...credential, type, data } });
	}

	/**
	 * @param {{ name: string, columns: { name: string, type: string }[] }} table a data table of the owner's
	 */
	async createDataTable(table) {
		const { id } = await this.call('GET', '/rest/projects/personal');
		return await this.call('POST', `/rest/projects/${id}/data-tables`, table);
	}

	/** @param {object} workflow */
	async createWorkflow(workflow) {
		return await this.call('POST', '/rest/workflows', workflow);
	}

	/**
	 * Runs a workflow as the editor's button does, and waits for its end.
	 *
	 * @param {any} workflow as `createWorkflow` returned it
	 * @param {string} trigger name of the node to start from
	 * @param {{ timeoutMs?: number }} [limits]
	 */
	async run(workflow, trigger, limits) {
		const { executionId } = await this.call('POST', `/rest/workflows/${workflow.id}/run`, {
			workflowData: workflow,
			triggerToStartFrom: { name: trigger },
		});
		if (!executionId) throw new Error(`The run of ${workflow.name} did not start`);
		return await this.finishedExecution(executionId, limits);
	}

	/**
	 * @param {string} id
	 * @param {{ timeoutMs?: number }} [limits]
	 */
	async finishedExecution(id, limits) {
		return await until(
			`the end of execution ${id}`,
			async () => {
				const execution = await this.call('GET', `/rest/executions/${id}`);
				if (!['success', 'error', 'crashed', 'canceled'].includes(execution.status)) return undefined;
				const data = typeof execution.data === 'string' ? parseExecutionData(execution.data) : execution.data;
				// The status may be there a moment before the data.
				const { runData = {}, error } = data?.resultData ?? {};
				if (Object.keys(runData).length === 0 && !error) return undefined;
				return new Execution(execution.status, execution.mode, data);
			},
			limits,
		);
	}

	/** @param {any} workflow as `createWorkflow` returned it */
	async activate({ id, versionId }) {
		// Up to 2.8 a workflow was switched on; since then it is published in a version.
		await this.call('POST', `/rest/workflows/${id}/activate`, { versionId });
	}

	/** @param {any} workflow */
	async deactivate({ id }) {
		await this.call('POST', `/rest/workflows/${id}/deactivate`);
	}

	/**
	 * @param {any} workflow
	 * @returns {Promise<{ id: string, status: string }[]>} its executions so far, the oldest first
	 */
	async executions({ id }) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
		const { results } = await this.call('GET', `/rest/executions?filter=${filter}`);
		return results.toReversed();
	}

	/**
	 * Waits for the executions that a trigger started, and for their ends.
	 *
	 * @param {any} workflow
	 * @param {number} count how many, the oldest first
	 * @param {{ timeoutMs?: number }} [limits]
	 */
	async firstExecutions(workflow, count, limits) {
		const found = await until(
			`${count} executions of workflow ${workflow.id}`,
			async () => {
				const all = await this.executions(workflow);
				return all.length < count ? undefined : all.slice(0, count);
			},
			{ timeoutMs: 30_000, ...limits },
		);
		return await Promise.all(found.map(({ id }) => this.finishedExecution(id, limits)));
	}

	/**
	 * Waits for the first execution that a trigger started.
	 *
	 * @param {any} workflow
	 * @param {{ timeoutMs?: number }} [limits]
	 */
	async nextExecution(workflow, limits) {
		const [first] = await this.firstExecutions(workflow, 1, limits);
		return first;
	}

	/**
	 * The bytes of a file of an execution, which may stand in the item itself.
	 *
	 * @param {{ id?: string, data: string }} file
	 * @returns {Promise<Buffer>}
	 */
	async download({ id, data }) {
		if (id === undefined) return Buffer.from(data, 'base64');
		const response = await this.fetch(`/rest/binary-data?id=${encodeURIComponent(id)}&action=download`);
		if (!response.ok) throw new RestFailure('GET /rest/binary-data', response.status, await response.text());
		return Buffer.from(await response.arrayBuffer());
	}
}

/** An execution that has ended. */
export class Execution {
	/**
	 * @param {string} status
	 * @param {string} mode
	 * @param {any} data
	 */
	constructor(status, mode, data) {
		this.status = status;
		this.mode = mode;
		this.data = data;
	}

	get error() {
		return this.data.resultData.error;
	}

	/** The error in one line, as a person sees it. */
	get errorText() {
		const { message, description } = this.error ?? {};
		return [message, description].filter(Boolean).join(' — ');
	}

	/**
	 * @param {string} node name
	 * @returns {any[]} its items, of all outputs and runs; none if it did not run
	 */
	items(node) {
		const runs = this.data.resultData.runData[node] ?? [];
		return runs.flatMap((run) => (run.data?.main ?? []).flatMap((output) => output ?? []));
	}
}
