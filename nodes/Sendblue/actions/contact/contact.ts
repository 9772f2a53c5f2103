import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { OutputForm } from '../../parameters/outputForm';
import { listOf, locatorValue, phoneNumber, textOf } from '../../parameters/values';
import { isRecord } from '../../sendblue/http/envelope';
import type { SendblueContact } from '../../sendblue/resources/contacts';

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
 * @throws {SendblueInputError} if the line is no phone number
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

/** What can be put out of a contact. */
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

/** The fields of a contact that workflows use, each once: Sendblue sends some in two spellings. */
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
