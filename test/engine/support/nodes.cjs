'use strict';

/** Starts a workflow: stores files as a node of n8n's would, and outputs the items given to it. */
class Feed {
	constructor({ NodeConnectionTypes }, items) {
		this.description = {
			displayName: 'Feed',
			name: 'feed',
			group: ['trigger'],
			version: 1,
			description: 'Outputs the test items',
			defaults: { name: 'Feed' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		};
		const stored = new Map();
		this.execute = async function () {
			const store = async (file) => {
				if (!stored.has(file)) {
					stored.set(file, await this.helpers.prepareBinaryData(Buffer.from(file.bytes), file.fileName, file.mimeType));
				}
				return { ...stored.get(file) };
			};
			const output = [];
			for (const { json = {}, files = {} } of items) {
				const binary = {};
				for (const [name, file] of Object.entries(files)) binary[name] = await store(file);
				output.push({ json, ...(Object.keys(binary).length > 0 ? { binary } : {}), pairedItem: { item: 0 } });
			}
			return [output];
		};
	}
}

/** Calls the tool connected to it once per item with the item's JSON, as an agent would, and keeps the answers. */
class Agent {
	constructor({ NodeConnectionTypes }, calls) {
		this.description = {
			displayName: 'Agent',
			name: 'agent',
			group: ['transform'],
			version: 1,
			description: 'Calls its tool',
			defaults: { name: 'Agent' },
			inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool }],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		};
		this.execute = async function () {
			const items = this.getInputData();
			for (let index = 0; index < items.length; index++) {
				const [tool] = await this.getInputConnectionData(NodeConnectionTypes.AiTool, index);
				try {
					calls.push({ tool, answer: await tool.invoke(items[index].json) });
				} catch (error) {
					calls.push({ tool, error });
				}
			}
			return [items.map((item, index) => ({ ...item, pairedItem: { item: index } }))];
		};
	}
}

module.exports = { Agent, Feed };
