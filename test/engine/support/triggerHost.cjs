'use strict';

/**
 * What n8n's server does around a webhook trigger: activating and deactivating, test runs, and an address that takes
 * deliveries. Each delivery gets the workflow anew, with its own copy of the static data; the static data are stored
 * as a whole when the answer is due; then the workflow runs with what the trigger gave. Where the trigger does not
 * answer itself, n8n 2.41 answers when the workflow has begun, and by then it takes the static data for unchanged.
 */

const http = require('node:http');
const { createRequire } = require('node:module');
const path = require('node:path');
const { engineFolder } = require('./engine.cjs');

const fromEngine = createRequire(path.join(engineFolder, 'package.json'));
const core = fromEngine('n8n-core');
const { ObservableObject, createRunExecutionData } = fromEngine('n8n-workflow');

const TRIGGER = 'Trigger';
const WEBHOOK_ID = '6f0a1f6e-3e0c-4f8f-9d8b-3d1c0a7e5b21';

let hosts = 0;

class TriggerHost {
	constructor(engine, options) {
		hosts += 1;
		this.engine = engine;
		this.workflowId = `hosted${hosts}`;
		this.parameters = options.parameters ?? {};
		this.credentials = options.credentials;
		this.nextNodes = options.nextNodes ?? [];
		this.testNodes = options.testNodes ?? {};
		this.settings = options.settings ?? {};
		this.webhookId = options.webhookId ?? WEBHOOK_ID;
		this.stored = {};
		this.testData = undefined;
		this.answers = [];
		this.executions = [];
		this.errors = [];
	}

	async start() {
		this.server = http.createServer((request, response) => void this.take(request, response));
		await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		this.base = `http://127.0.0.1:${this.server.address().port}`;
	}

	async close() {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	/** The address of the active workflow, and that of the test run. */
	get url() {
		return `${this.base}/webhook/${this.webhookId}/webhook`;
	}

	get testUrl() {
		return `${this.base}/webhook-test/${this.webhookId}/webhook`;
	}

	/** Forgets what only the process knew, as a restart of n8n does: the workflow gets another identity. */
	restartAs(workflowId) {
		this.workflowId = workflowId;
	}

	async activate(activation = 'activate') {
		const { context, workflow } = this.hook('trigger', activation, false);
		const { checkExists, create } = this.methods();
		const existed = await checkExists.call(context);
		if (!existed) await create.call(context);
		this.store(workflow);
		return { existed };
	}

	async deactivate() {
		const { context, workflow } = this.hook('internal', 'update', false);
		await this.methods().delete.call(context);
		this.store(workflow);
	}

	async listenForTest() {
		const { context, workflow } = this.hook('manual', 'manual', true, {});
		const { checkExists, create } = this.methods();
		if (!(await checkExists.call(context))) await create.call(context);
		this.testData = plain(workflow.staticData);
	}

	async stopTest() {
		const { context } = this.hook('internal', 'update', true, this.testData);
		await this.methods().delete.call(context);
		this.testData = undefined;
	}

	methods() {
		return this.engine.loader.getNode('sendblueTrigger').type.webhookMethods.default;
	}

	hook(mode, activation, isTest, staticData = this.stored) {
		const { workflow, additionalData, node } = this.workflow(staticData);
		const webhookData = { ...this.webhookData(), isTest };
		return { workflow, context: new core.HookContext(workflow, node, additionalData, mode, activation, webhookData) };
	}

	workflow(staticData) {
		const trigger = {
			id: 'trigger',
			name: TRIGGER,
			type: this.engine.typeOf('sendblueTrigger'),
			typeVersion: 1,
			position: [0, 0],
			webhookId: this.webhookId,
			parameters: this.parameters,
		};
		const nodes = [trigger, ...this.nextNodes].map((node, index) => ({
			id: `node${index}`,
			typeVersion: 1,
			position: [200 * index, 0],
			credentials: Object.fromEntries(Object.keys(this.credentials).map((type) => [type, { id: type, name: type }])),
			...node,
		}));
		const connections = {};
		for (let index = 1; index < nodes.length; index++) {
			connections[nodes[index - 1].name] = { main: [[{ node: nodes[index].name, type: 'main', index: 0 }]] };
		}
		const definition = { nodes, connections, settings: this.settings };
		const { workflow, additionalData } = this.engine.prepare(definition, this.testNodes, this.credentials);
		workflow.id = this.workflowId;
		additionalData.workflowId = this.workflowId;
		workflow.staticData = ObservableObject.create(plain(staticData), undefined, { ignoreEmptyOnFirstChild: true });
		additionalData.webhookBaseUrl = `${this.base}/webhook`;
		additionalData.webhookTestBaseUrl = `${this.base}/webhook-test`;
		return { workflow, additionalData, node: workflow.getNode(TRIGGER) };
	}

	webhookData() {
		const [webhookDescription] = this.engine.loader.getNode('sendblueTrigger').type.description.webhooks;
		return { webhookDescription, httpMethod: 'POST', node: TRIGGER, path: webhookDescription.path };
	}

	store(workflow) {
		if (workflow.staticData.__dataChanged) this.stored = plain(workflow.staticData);
	}

	async take(request, response) {
		const url = new URL(request.url, this.base);
		const test = url.pathname.startsWith('/webhook-test/');
		const address = this.base + url.pathname;
		const chunks = [];
		for await (const chunk of request) chunks.push(chunk);
		const known = test ? this.testData !== undefined && address === this.testUrl : address === this.url;
		if (!known) {
			response.writeHead(404).end();
			return;
		}
		response.on('finish', () => this.answers.push(response.statusCode));
		const rawBody = Buffer.concat(chunks);
		Object.assign(request, {
			rawBody,
			body: rawBody.length > 0 ? JSON.parse(rawBody.toString()) : {},
			query: Object.fromEntries(url.searchParams),
			params: {},
		});
		await this.answer(request, asExpress(response), test);
	}

	async answer(request, response, test) {
		const { workflow, additionalData, node } = this.workflow(test ? this.testData : this.stored);
		Object.assign(additionalData, { httpRequest: request, httpResponse: response });
		const mode = test ? 'manual' : 'webhook';
		const webhookData = { ...this.webhookData(), isTest: test };
		const context = new core.WebhookContext(workflow, node, additionalData, mode, webhookData, [], null);
		let result;
		try {
			result = await this.engine.loader.getNode('sendblueTrigger').type.webhook.call(context);
		} catch (error) {
			this.errors.push(error);
			response.status(500).json({ message: 'Error in workflow' });
			return;
		}
		const answersItself = result.noWebhookResponse === true || result.workflowData === undefined;
		if (!test && answersItself) this.store(workflow);
		if (!result.noWebhookResponse) response.status(200).json({ message: 'Workflow was started' });
		if (result.workflowData) this.executions.push(await this.run(workflow, additionalData, result.workflowData, mode));
	}

	async run(workflow, additionalData, data, mode) {
		const runData = createRunExecutionData({
			startData: {},
			resultData: { runData: {}, pinData: {} },
			executionData: {
				contextData: {},
				metadata: {},
				waitingExecution: {},
				waitingExecutionSource: {},
				nodeExecutionStack: [{ node: workflow.getNode(TRIGGER), data: { main: data }, source: null }],
			},
		});
		const run = new core.WorkflowExecute(additionalData, mode, runData);
		const result = await run.processRunExecutionData(workflow);
		const { runData: byNode, error } = result.data.resultData;
		return {
			status: result.status,
			error,
			items: (name, output = 0) => byNode[name]?.at(-1)?.data?.main?.[output] ?? [],
		};
	}
}

function plain(value) {
	return JSON.parse(JSON.stringify(value ?? {}));
}

/** The methods of Express that triggers answer with. */
function asExpress(response) {
	return Object.assign(response, {
		status(code) {
			response.statusCode = code;
			return response;
		},
		json(body) {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(body));
			return response;
		},
		send(body) {
			response.end(body);
			return response;
		},
	});
}

/** Starts a host for one workflow whose first node is the Sendblue Trigger. */
async function startTriggerHost(engine, options) {
	const host = new TriggerHost(engine, options);
	await host.start();
	return host;
}

module.exports = { startTriggerHost, TRIGGER };
