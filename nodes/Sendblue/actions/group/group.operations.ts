/** The operations on groups. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { shownFor } from '../../parameters/displayOptions';
import { rememberGroup } from '../../parameters/listSearch';
import {
	defaultCountryOption,
	fromFields,
	groupIdField,
	lineLocator,
	numberOptions,
	numbersField,
	optionsField,
	personLocator,
} from '../../parameters/shared.fields';
import {
	fromLine,
	groupId,
	groupNumbers,
	locatorValue,
	phoneNumber,
	phoneNumberOrEmail,
	textOf,
} from '../../parameters/values';
import { SendblueInputError } from '../../sendblue/errors';
import { checkPublicUrl } from '../../sendblue/urls';
import type { ModifyGroupBody } from '../../sendblue/resources/groups';
import type { ItemRun } from '../executionRun';

const groupNameField: INodeProperties = {
	displayName: 'Group Name',
	name: 'groupName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Weekend Trip',
};

/** The line that acts. Optional: Sendblue usually finds it without being told. */
const actingLineOption: INodeProperties = {
	...lineLocator,
	displayName: 'From',
	name: 'from',
	description:
		'The line of your Sendblue account to act with. Needed if several of your lines are in the group, and on free plans.',
};

/** The options of an operation that changes a group. */
const groupOptions: INodeProperties = optionsField([defaultCountryOption, actingLineOption]);

/** The fields of Add Member or of Remove Member. */
export function memberDescription(operation: 'addMember' | 'removeMember'): INodeProperties[] {
	return shownFor('group', operation, [
		groupIdField,
		{
			...personLocator,
			displayName: 'Phone Number',
			name: 'phoneNumber',
			required: true,
			description:
				'The phone number of the person, with + and country code (E.164), or the email address of their iMessage',
		},
		groupOptions,
	]);
}

/** The fields of Create. */
export const createDescription: INodeProperties[] = shownFor('group', 'create', [
	...fromFields('The line of your Sendblue account that takes part in the group'),
	numbersField,
	{ ...groupNameField, description: 'The name everybody in the group sees. May be left empty.' },
	numberOptions,
]);

/** The fields of Get. */
export const getDescription: INodeProperties[] = shownFor('group', 'get', [groupIdField]);

/** The fields of Rename. */
export const renameDescription: INodeProperties[] = shownFor('group', 'rename', [
	groupIdField,
	{ ...groupNameField, description: 'The new name everybody in the group sees. If empty, the name is removed.' },
	groupOptions,
]);

/** The fields of Set Photo. */
export const setPhotoDescription: INodeProperties[] = shownFor('group', 'setPhoto', [
	groupIdField,
	{
		displayName: 'Photo URL',
		name: 'photoUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/Photo.jpg',
		description:
			'A public address of a picture of up to 5 MB; Media: Upload gives one for a file. If empty, the photo is removed.',
	},
	groupOptions,
]);

/** Adds a person to a group. */
export async function addMember(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	return await modifyMembers(context, itemIndex, itemRun, 'add_recipient');
}

/** Removes a person from a group, which must have at least four members. */
export async function removeMember(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	return await modifyMembers(context, itemIndex, itemRun, 'remove_recipient');
}

async function modifyMembers(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
	change: ModifyGroupBody['modify_type'],
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const body: ModifyGroupBody = {
		group_id: groupId(context.getNodeParameter('groupId', itemIndex)),
		modify_type: change,
		number: await phoneNumberOrEmail('Phone Number', context.getNodeParameter('phoneNumber', itemIndex), options),
		from_number: await actingLine(options),
	};
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.groups.modify(body), itemIndex)];
}

/** Creates a group of a line and some people. */
export async function create(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const fromNumber = await fromLine(context, itemIndex, options, run);
	const numbers = await groupNumbers(context.getNodeParameter('numbers', itemIndex), options);
	const name = textOf(context.getNodeParameter('groupName', itemIndex, ''));
	const body = { from_number: fromNumber, numbers, ...(name === '' ? {} : { group_name: name }) };
	const client = await run.client();
	checkpoint();
	const group = await client.groups.create(body);
	const id = textOf(group.group_id);
	if (id !== '') rememberGroup(client.account, { id, name, numbers });
	return [outputItem(group, itemIndex)];
}

/** Reads a group's name and members. */
export async function get(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const id = groupId(context.getNodeParameter('groupId', itemIndex));
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.groups.get(id), itemIndex)];
}

/** Changes or clears the name of a group, which must already talk over iMessage. */
export async function rename(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const id = groupId(context.getNodeParameter('groupId', itemIndex));
	const given = context.getNodeParameter('groupName', itemIndex, '');
	const name = textOf(given);
	// An expression that found nothing must not clear the name.
	if (name === '' && given !== '') throw blankName();
	const line = await actingLine(options);
	const client = await run.client();
	checkpoint();
	const answer = await client.groups.rename(id, name === '' ? null : name, line);
	rememberGroup(client.account, { id, name });
	return [outputItem(answer, itemIndex)];
}

/** Sets or removes the photo of a group. */
export async function setPhoto(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const id = groupId(context.getNodeParameter('groupId', itemIndex));
	const url = textOf(context.getNodeParameter('photoUrl', itemIndex, ''));
	const line = await actingLine(options);
	const client = await run.client();
	if (url !== '') checkPublicUrl(url, "'Photo URL'", client);
	checkpoint();
	return [outputItem(await client.groups.setPhoto(id, url === '' ? null : url, line), itemIndex)];
}

/** The line chosen in the options, in E.164; undefined to let Sendblue find it. */
async function actingLine(options: IDataObject): Promise<string | undefined> {
	if (textOf(locatorValue(options.from)) === '') return undefined;
	return await phoneNumber('From', options.from, options);
}

function blankName(): SendblueInputError {
	return new SendblueInputError(
		"'Group Name' is blank for this item.",
		'Enter a name, or leave the field empty to remove the name.',
		'emptyValue',
	);
}
