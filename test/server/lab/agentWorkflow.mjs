import { byNumber, chain, manualTrigger, node, SENDBLUE_NODE } from './workflows.mjs';

/**
 * An AI agent whose model may call the package's node as a tool.
 *
 * @param {{ id: string, name: string }} openAi
 * @param {{ id: string, name: string }} sendblue
 */
export function agentWorkflow(openAi, sendblue) {
	const langchain = '@n8n/n8n-nodes-langchain';
	const agent = node('AI Agent', `${langchain}.agent`, 3, {
		promptType: 'define',
		text: 'Send the greeting to Ada as a voice note.',
		options: {},
	});
	const model = node(
		'Chat Model',
		`${langchain}.lmChatOpenAi`,
		1.2,
		{ model: { __rl: true, mode: 'id', value: 'stand-in' }, options: {} },
		{ credentials: { openAiApi: openAi } },
	);
	const tool = node(
		'Send Voice Note',
		`${SENDBLUE_NODE}Tool`,
		1,
		{
			descriptionType: 'manual',
			toolDescription: 'Sends audio from a URL as a voice note to a phone number',
			resource: 'voiceNote',
			operation: 'send',
			// As a tool the node has a plain list here.
			from: '+15550100001',
			to: byNumber("={{ $fromAI('phone_number', 'The number in E.164', 'string') }}"),
			audioSource: 'url',
			audioUrl: "={{ $fromAI('audio_url', 'Address of the audio', 'string') }}",
		},
		{ credentials: { sendblueApi: sendblue } },
	);
	const workflow = chain('Agent', [manualTrigger(), agent]);
	workflow.nodes.push(model, tool);
	Object.assign(workflow.connections, {
		[model.name]: { ai_languageModel: [[{ node: agent.name, type: 'ai_languageModel', index: 0 }]] },
		[tool.name]: { ai_tool: [[{ node: agent.name, type: 'ai_tool', index: 0 }]] },
	});
	return workflow;
}
