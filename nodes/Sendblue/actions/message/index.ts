import type { INodeProperties } from 'n8n-workflow';

import * as getAll from './getAll.operation';
import * as message from './message.operations';
import * as send from './send.operation';

/** The operations on messages, by the value of *Operation*. */
export const operations = {
	delete: message.remove,
	get: message.get,
	getAll: getAll.execute,
	markAsRead: message.markAsRead,
	react: message.react,
	send: send.execute,
	sendTypingIndicator: message.sendTypingIndicator,
};

/** The checks that run on every item before the first one is sent. */
export const checks = { send: send.check };

/** The fields of the resource Message. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['message'] } },
		options: [
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete message',
				description: "Remove a message from Sendblue's records. It stays on the phones.",
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get message',
				description: 'Get one message with its current status, such as delivered',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many messages',
				description: 'List messages, both sent and received, by person, line, group, status or time',
			},
			{
				name: 'Mark as Read',
				value: 'markAsRead',
				action: 'Mark messages as read',
				description: 'Show a person that their messages were read. Sendblue enables this per account.',
			},
			{
				name: 'React',
				value: 'react',
				action: 'React to message',
				description: 'Add a tapback such as love or laugh to a message',
			},
			{
				name: 'Send',
				value: 'send',
				action: 'Send message',
				description: 'Send text, a picture or another file to a person or a group over iMessage',
			},
			{
				name: 'Send Typing Indicator',
				value: 'sendTypingIndicator',
				action: 'Send typing indicator',
				description: 'Show a person that you are typing, or stop showing it',
			},
		],
		default: 'send',
	},
	...message.removeDescription,
	...message.getDescription,
	...getAll.description,
	...message.markAsReadDescription,
	...message.reactDescription,
	...send.description,
	...message.typingDescription,
];
