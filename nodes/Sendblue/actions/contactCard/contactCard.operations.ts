import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { fromFields, numberOptions, optionsField, personLocator } from '../../parameters/shared.fields';
import { fromLine, phoneNumber, textOf } from '../../parameters/values';
import { shownFor } from '../../parameters/displayOptions';
import { SendblueInputError } from '../../sendblue/errors';
import { checkPublicUrl } from '../../sendblue/urls';
import type { ItemRun } from '../executionRun';

const lineFields = fromFields('The line of your Sendblue account that the contact card belongs to');

/** The fields of Get and of Remove. */
export const lineDescription: INodeProperties[] = ['get', 'remove'].flatMap((operation) =>
	shownFor('contactCard', operation, [...lineFields, numberOptions]),
);

/** The fields of Set. */
export const setDescription: INodeProperties[] = shownFor('contactCard', 'set', [
	...lineFields,
	{
		displayName: 'First Name',
		name: 'firstName',
		type: 'string',
		default: '',
		description: 'The first name people see. First or last name is needed.',
	},
	{
		displayName: 'Last Name',
		name: 'lastName',
		type: 'string',
		default: '',
		description: 'The last name people see',
	},
	{
		displayName: 'Photo URL',
		name: 'photoUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/Photo.jpg',
		description: 'A public address of a JPEG or PNG. The photo stays as it is if this is empty.',
	},
	optionsField([
		{
			displayName: 'Remove Photo',
			name: 'clearPhoto',
			type: 'boolean',
			default: true,
			description: 'Whether to remove the photo from the card',
		},
	]),
]);

/** The fields of Share. */
export const shareDescription: INodeProperties[] = shownFor('contactCard', 'share', [
	...lineFields,
	{
		...personLocator,
		displayName: 'To',
		name: 'to',
		required: true,
		description: 'The person who sees the card. An iMessage conversation with the line must exist.',
	},
	numberOptions,
]);

/** Reads the card of a line. */
export async function get(context: IExecuteFunctions, index: number, itemRun: ItemRun): Promise<INodeExecutionData[]> {
	const { client, line } = await lineAndClient(context, index, itemRun);
	return [outputItem(await client.contactCards.get(line), index)];
}

/** Removes the card of a line. */
export async function remove(
	context: IExecuteFunctions,
	index: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const { client, line } = await lineAndClient(context, index, itemRun);
	return [outputItem(await client.contactCards.remove(line), index)];
}

/** Sets name and photo of a line. */
export async function set(context: IExecuteFunctions, index: number, itemRun: ItemRun): Promise<INodeExecutionData[]> {
	const text = (name: string): string => textOf(context.getNodeParameter(name, index, ''));
	const [firstName, lastName, photoUrl] = ['firstName', 'lastName', 'photoUrl'].map(text) as [string, string, string];
	const { clearPhoto } = context.getNodeParameter('options', index, {}) as IDataObject;
	if (firstName === '' && lastName === '') {
		throw new SendblueInputError(
			"'First Name' and 'Last Name' are both empty for this item.",
			'Fill in one of them, or use the operation Remove to delete the card.',
		);
	}
	if (photoUrl !== '' && clearPhoto === true) {
		throw new SendblueInputError("'Photo URL' and 'Remove Photo' cannot be used together.", 'Use only one of them.');
	}
	const { client, line } = await lineAndClient(context, index, itemRun);
	if (photoUrl !== '') checkPublicUrl(photoUrl, "'Photo URL'", client);
	const photo = clearPhoto === true ? { clearPhoto: true as const } : photoUrl === '' ? {} : { photoUrl };
	return [outputItem(await client.contactCards.set({ fromNumber: line, firstName, lastName, ...photo }), index)];
}

/** Shows the card of a line to a person. */
export async function share(
	context: IExecuteFunctions,
	index: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', index, {}) as IDataObject;
	const number = await phoneNumber('To', context.getNodeParameter('to', index), options);
	const { client, line } = await lineAndClient(context, index, itemRun);
	return [outputItem(await client.contactCards.share(line, number), index)];
}

async function lineAndClient(context: IExecuteFunctions, index: number, { checkpoint, run }: ItemRun) {
	const options = context.getNodeParameter('options', index, {}) as IDataObject;
	const line = await fromLine(context, index, options, run);
	const client = await run.client();
	checkpoint();
	return { client, line };
}
