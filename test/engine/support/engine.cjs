'use strict';

/**
 * n8n's own engine in this process: the built package is loaded as n8n loads it, and workflows run through
 * WorkflowExecute with real binary storage, real expressions and real HTTP.
 *
 * The environment variable N8N_ENGINE chooses the engine: `newest` (the project's devDependency, the default) or
 * `floor` (the oldest supported one, installed below test/engine/floor).
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { createRequire } = require('node:module');

const PACKAGE_FOLDER = path.resolve(__dirname, '../../..');
const FLOOR_FOLDER = path.resolve(__dirname, '../floor');

const engineName = process.env.N8N_ENGINE === 'floor' ? 'floor' : 'newest';
const engineFolder = engineName === 'floor' ? FLOOR_FOLDER : PACKAGE_FOLDER;

// Read by n8n-core while it is loaded.
const userFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-engine-'));
fs.mkdirSync(path.join(userFolder, '.n8n'));
process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY = 'engine-tests';
process.env.N8N_LOG_LEVEL = 'silent';
const removeUserFolder = () => fs.rmSync(userFolder, { recursive: true, force: true });
process.on('exit', removeUserFolder);

const fromEngine = createRequire(path.join(engineFolder, 'package.json'));
if (engineName === 'floor') givePackageTheFloorsWorkflow();

fromEngine('reflect-metadata');
const fromCore = createRequire(fromEngine.resolve('n8n-core'));
const { Container } = fromCore('@n8n/di');
const core = fromEngine('n8n-core');
const workflowPackage = fromEngine('n8n-workflow');
const { CredentialsHelper } = require('./credentials.cjs');
const { Agent, Feed } = require('./nodes.cjs');

const { Workflow, NodeHelpers, NodeConnectionTypes, createRunExecutionData } = workflowPackage;

/** The built package finds n8n-workflow beside itself; under the floor engine it is to get the floor's, as in n8n. */
function givePackageTheFloorsWorkflow() {
	if (typeof jest === 'object') {
		jest.doMock('n8n-workflow', () => fromEngine('n8n-workflow'));
		return;
	}
	const Module = require('node:module');
	const resolve = Module._resolveFilename;
	Module._resolveFilename = function (request, parent, ...rest) {
		const ours = request === 'n8n-workflow' && parent?.filename?.startsWith(path.join(PACKAGE_FOLDER, 'dist'));
		return ours ? fromEngine.resolve(request) : resolve.call(this, request, parent, ...rest);
	};
}

/** Counted over all engines of the process: n8n never gives an execution's ID twice. */
let executions = 0;

const ADDRESSES = Object.fromEntries(
	[
		'restApiUrl',
		'instanceBaseUrl',
		'webhookBaseUrl',
		'webhookTestBaseUrl',
		'webhookWaitingBaseUrl',
		'formBaseUrl',
		'formTestBaseUrl',
		'formWaitingBaseUrl',
		'mcpBaseUrl',
		'mcpTestBaseUrl',
	].map((name) => [name, `http://127.0.0.1:5678/${name}`]),
);

/** Node types for a workflow: those of the package, their tool variants, and the tests' own. */
class NodeTypes {
	constructor(loader, testNodes, atWork) {
		this.loader = loader;
		this.testNodes = testNodes;
		this.atWork = atWork;
	}

	getByName(name) {
		return this.getByNameAndVersion(name);
	}

	getByNameAndVersion(type, version) {
		const name = type.slice(type.lastIndexOf('.') + 1);
		if (type.startsWith('test.')) return this.testNodes[name];
		if (name.endsWith('Tool')) {
			return noted(asTool(this.loader.getNode(name.slice(0, -'Tool'.length)).type), this.atWork);
		}
		return noted(NodeHelpers.getVersionedNodeType(this.loader.getNode(name).type, version), this.atWork);
	}

	getKnownTypes() {
		return this.loader.known.nodes;
	}
}

/** The node type, with its executions noted while they are at work: a cancelled one may go on after its run has ended. */
function noted(type, atWork) {
	if (!type.execute) return type;
	const noting = Object.create(type);
	noting.execute = async function (...parameters) {
		const execution = type.execute.apply(this, parameters);
		atWork.add(execution);
		try {
			return await execution;
		} finally {
			atWork.delete(execution);
		}
	};
	return noting;
}

/** The variant of a node that n8n's server offers to agents. */
function asTool(type) {
	const tool = Object.create(type);
	const { description } = type;
	tool.description = {
		...description,
		name: `${description.name}Tool`,
		inputs: [],
		outputs: [NodeConnectionTypes.AiTool],
	};
	return tool;
}

/**
 * Starts the engine.
 *
 * @param {{ binaryStorage?: 'filesystem' | 'default', packageFolder?: string }} [options]
 *   `binaryStorage`: files on disk, or inline in the items.
 */
async function startEngine({ binaryStorage = 'filesystem', packageFolder = PACKAGE_FOLDER } = {}) {
	const binaryConfig = Container.get(core.BinaryDataConfig);
	binaryConfig.mode = binaryStorage;
	const binaryData = Container.get(core.BinaryDataService);
	await binaryData.init();

	const loader = new core.PackageDirectoryLoader(packageFolder);
	await loader.loadAll();

	return new Engine(loader, binaryData);
}

class Engine {
	constructor(loader, binaryData) {
		this.loader = loader;
		this.binaryData = binaryData;
		this.atWork = new Set();
		this.name = engineName;
		this.version = fromEngine('n8n-core/package.json').version;
	}

	/**
	 * Waits for what is at work, removes what the runs stored on disk, and ends the timer that keeps the oldest engine's
	 * process alive. Jest takes a module that is asked for after the last test for a failure, with no test to name.
	 */
	async stop() {
		await this.idle();
		Container.get(fromCore('./execution-engine/ssh-clients-manager').SSHClientsManager).onShutdown();
		removeUserFolder();
	}

	/** Resolves when no node of the package is at work any more, also of runs that were cancelled. */
	async idle() {
		while (this.atWork.size > 0) await Promise.allSettled(this.atWork);
	}

	/** Type name of a node of the package, as workflows carry it. */
	typeOf(name) {
		return `${this.loader.packageName}.${name}`;
	}

	/** The log nodes write to. */
	get logger() {
		return Container.get(fromCore('@n8n/backend-common').Logger);
	}

	/** The class of a node of the package. */
	classOf(name) {
		return this.loader.getNode(name).type.constructor;
	}

	/** Reads a binary of an output item, wherever it is stored. */
	async readBinary(binary) {
		return await this.binaryData.getAsBuffer(binary);
	}

	/**
	 * Runs a workflow whose first node feeds items, and returns what the others made of them.
	 *
	 * @param {object} options
	 * @param {Array} options.items What the node "Feed" outputs: `{ json, files: { name: { bytes, fileName, mimeType } } }`.
	 * @param {Array} options.nodes The other nodes, each after the one before; with `toolOf` a tool of another node.
	 * @param {object} [options.settings] The workflow's settings.
	 * @param {object} [options.credentials] Decrypted credentials by type.
	 * @param {(cancel: () => void) => void} [options.onStart] Given a function that cancels the execution.
	 */
	async run({ items, nodes, settings = {}, credentials = {}, onStart }) {
		const agentCalls = [];
		const testNodes = { feed: new Feed(workflowPackage, items), agent: new Agent(workflowPackage, agentCalls) };
		const definition = workflowDefinition(nodes, credentials);
		const execution = this.prepare({ ...definition, settings }, testNodes, credentials);
		const start = execution.workflow.getNode('Feed');
		const runData = createRunExecutionData({
			startData: {},
			resultData: { runData: {}, pinData: {} },
			executionData: {
				contextData: {},
				metadata: {},
				waitingExecution: {},
				waitingExecutionSource: {},
				nodeExecutionStack: [{ node: start, data: { main: [[{ json: {} }]] }, source: null }],
			},
		});
		const running = new core.WorkflowExecute(execution.additionalData, 'manual', runData).processRunExecutionData(
			execution.workflow,
		);
		onStart?.(() => running.cancel());
		const result = await running;
		return new RunResult(result, agentCalls);
	}

	/** Calls a node's list search, as the editor does. */
	async listSearch({ type, method, credentials, filter, parameters = {} }) {
		const node = {
			id: 'list',
			name: 'Node',
			type,
			typeVersion: 1,
			position: [0, 0],
			parameters,
			credentials: credentialReferences(credentials),
		};
		const { workflow, additionalData } = this.prepare(
			{ nodes: [node], connections: {}, settings: {} },
			{},
			credentials,
		);
		additionalData.currentNodeParameters = parameters;
		const context = new core.LoadOptionsContext(workflow, workflow.getNode('Node'), additionalData, '');
		return await this.loader.getNode(type.split('.').pop()).type.methods.listSearch[method].call(context, filter);
	}

	prepare({ nodes, connections, settings }, testNodes, credentials) {
		executions += 1;
		const id = `workflow${executions}`;
		const executionId = `execution${executions}`;
		const nodeTypes = new NodeTypes(this.loader, testNodes, this.atWork);
		const definition = {
			id,
			name: id,
			nodes,
			connections,
			active: false,
			settings: { executionOrder: 'v1', ...settings },
		};
		const workflow = new Workflow({ ...definition, nodeTypes });
		const additionalData = {
			...ADDRESSES,
			executionId,
			workflowId: id,
			userId: 'tester',
			variables: {},
			currentNodeExecutionIndex: 0,
			credentialsHelper: new CredentialsHelper(this.loader, credentials),
			hooks: new core.ExecutionLifecycleHooks('manual', executionId, definition),
			setExecutionStatus() {},
			sendDataToUI() {},
			logAiEvent() {},
		};
		return { workflow, additionalData };
	}
}

/** What a run produced, by node. */
class RunResult {
	constructor(result, agentCalls) {
		this.status = result.status;
		this.error = result.data.resultData.error;
		this.runData = result.data.resultData.runData;
		this.agentCalls = agentCalls;
		this.raw = result;
	}

	/** The items of a node's last run, from one of its outputs. */
	items(nodeName, output = 0) {
		return this.runData[nodeName]?.at(-1)?.data?.main?.[output] ?? [];
	}

	/** The remarks a node's last run shows beside its output. */
	hints(nodeName) {
		return (this.runData[nodeName]?.at(-1)?.hints ?? []).map(({ message }) => message);
	}
}

function workflowDefinition(nodes, credentials) {
	const feed = { id: 'feed', name: 'Feed', type: 'test.feed', typeVersion: 1, position: [0, 0], parameters: {} };
	const connections = {};
	const connect = (from, to, type) => {
		connections[from] ??= {};
		connections[from][type] ??= [[]];
		connections[from][type][0].push({ node: to, type, index: 0 });
	};
	let previous = 'Feed';
	const all = nodes.map(({ toolOf, ...node }, index) => {
		if (toolOf) connect(node.name, toolOf, NodeConnectionTypes.AiTool);
		else {
			connect(previous, node.name, NodeConnectionTypes.Main);
			previous = node.name;
		}
		return {
			id: `node${index}`,
			typeVersion: 1,
			position: [200 * (index + 1), 0],
			credentials: credentialReferences(credentials),
			...node,
		};
	});
	return { nodes: [feed, ...all], connections };
}

function credentialReferences(credentials) {
	return Object.fromEntries(Object.keys(credentials).map((type) => [type, { id: type, name: type }]));
}

module.exports = { startEngine, engineName, engineFolder };
