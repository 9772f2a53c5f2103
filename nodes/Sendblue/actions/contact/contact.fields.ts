import type { INodeProperties } from 'n8n-workflow';

import { lineLocator, personLocator } from '../../parameters/locators';

/** The contact an operation is about. */
export const contactField: INodeProperties = {
	...personLocator,
	displayName: 'Contact',
	name: 'contact',
	required: true,
	description: 'The contact, from the list or by phone number with + and country code (E.164)',
};

/** What is stored about a contact. */
export const contactDetails: INodeProperties = {
	displayName: 'Additional Fields',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: [
		{
			displayName: 'Assigned To Email',
			name: 'assignedToEmail',
			type: 'string',
			default: '',
			placeholder: 'e.g. nathan@example.com',
			description: 'The email address of the team member who looks after the contact',
		},
		{
			displayName: 'Company Name',
			name: 'companyName',
			type: 'string',
			default: '',
		},
		{
			displayName: 'Custom Variables',
			name: 'customVariables',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Variable',
			default: {},
			description: 'Values of your own that are stored with the contact',
			options: [
				{
					displayName: 'Variable',
					name: 'variable',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'e.g. favorite_color',
						},
						{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					],
				},
			],
		},
		{ displayName: 'First Name', name: 'firstName', type: 'string', default: '' },
		{ displayName: 'Last Name', name: 'lastName', type: 'string', default: '' },
		{
			...lineLocator,
			displayName: 'Line',
			name: 'line',
			description: 'The line of your account that talks with the contact',
		},
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'string',
			default: '',
			placeholder: 'e.g. customer, newsletter',
			description: 'The tags of the contact, with commas between them, or an expression that returns a list',
		},
	],
};
