/** A contact: its fields in the editor, how they are read, and its output. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { lineLocator, personLocator } from '../../parameters/shared.fields';
import type { OutputForm } from '../../parameters/outputForm';
import { listOf, locatorValue, phoneNumber, textOf } from '../../parameters/values';
import { isRecord } from '../../sendblue/http/envelope';
import type { SendblueContact } from '../../sendblue/resources/contacts';

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
			description: 'The tags of the contact, separated by commas, or an expression that returns a list',
		},
	],
};

/**
 * The phone number of the contact an item is about, in E.164.
 *
 * @throws {SendblueInputError}
 */
export async function contactNumber(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	return await phoneNumber('Contact', context.getNodeParameter('contact', itemIndex), options);
}

/**
 * The fields of a contact as Sendblue takes them, from *Additional Fields*; a field that was not added stays as it
 * is, and one that was added but left empty is cleared.
 *
 * @throws {SendblueInputError} if the line is not a phone number
 */
export async function contactBody(given: IDataObject, options: IDataObject): Promise<SendblueContact> {
	const body: SendblueContact = {};
	if (given.firstName !== undefined) body.first_name = textOf(given.firstName);
	if (given.lastName !== undefined) body.last_name = textOf(given.lastName);
	if (given.companyName !== undefined) body.company_name = textOf(given.companyName);
	if (given.assignedToEmail !== undefined) body.assigned_to_email = textOf(given.assignedToEmail);
	if (given.tags !== undefined) body.tags = listOf(given.tags).map(textOf);
	if (given.customVariables !== undefined) body.custom_variables = customVariables(given.customVariables);
	if (textOf(locatorValue(given.line)) !== '') body.sendblue_number = await phoneNumber('Line', given.line, options);
	return body;
}

/** Variables by name, from the editor's list of pairs. */
function customVariables(given: unknown): Record<string, string> {
	const pairs = isRecord(given) && Array.isArray(given.variable) ? given.variable.filter(isRecord) : [];
	const named = pairs.map(({ name, value }): [string, string] => [textOf(name), textOf(value)]);
	return Object.fromEntries(named.filter(([name]) => name !== ''));
}

/** The output of a contact. */
export const CONTACT_OUTPUT: OutputForm = {
	id: 'phone',
	fields: {
		assigned_to_email: 'Assigned To Email',
		company_name: 'Company Name',
		contact_id: 'Contact ID',
		created_at: 'Created At',
		custom_variables: 'Custom Variables',
		first_name: 'First Name',
		last_name: 'Last Name',
		opt_out: 'Opt Out',
		phone: 'Phone',
		sendblue_number: 'Sendblue Number',
		tags: 'Tags',
		updated_at: 'Updated At',
	},
	isSimplifiedByDefault: true,
	simplify: simplifyContact,
};

/** The fields of a contact that workflows use. Sendblue sends some under two names; each appears once here. */
function simplifyContact(contact: SendblueContact): object {
	return {
		contact_id: contact.contact_id,
		phone: contact.phone ?? contact.number,
		first_name: contact.first_name ?? contact.firstName,
		last_name: contact.last_name ?? contact.lastName,
		company_name: contact.company_name ?? contact.companyName,
		sendblue_number: contact.sendblue_number ?? contact.sendblueNumber,
		tags: contact.tags,
		custom_variables: contact.custom_variables ?? contact.customVariables,
		opt_out: contact.opt_out ?? contact.optOut,
		created_at: contact.created_at ?? contact.createdAt,
	};
}
