import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { defaultCountryOption, fromFields, lineLocator, personLocator } from '../../parameters/locators';
import { locatorValue, phoneNumber, textOf } from '../../parameters/values';

/** The line a group belongs to, if it has to be named. */
export const groupLineFields: INodeProperties[] = fromFields(
	'The line of your Sendblue account that takes part in the group',
);

/** The line that acts, if Sendblue mostly finds it by itself. */
const actingLineOption: INodeProperties = {
	...lineLocator,
	displayName: 'From',
	name: 'from',
	description:
		'The line of your Sendblue account that acts. Needed if several of your lines are in the group, and on free plans.',
};

/** The person who joins or leaves a group. */
export const memberField: INodeProperties = {
	...personLocator,
	displayName: 'Phone Number',
	name: 'phoneNumber',
	required: true,
	description:
		'The phone number of the person, with + and country code (E.164), or the email address of their iMessage',
};

/** The name of a group. */
export const groupNameField: INodeProperties = {
	displayName: 'Group Name',
	name: 'groupName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Weekend Trip',
};

/** The options of an operation that changes a group. */
export const groupOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [defaultCountryOption, actingLineOption],
};

/**
 * The line named in the options, in E.164; undefined if Sendblue is to find it.
 *
 * @throws {SendblueInputError}
 */
export async function actingLine(options: IDataObject): Promise<string | undefined> {
	if (textOf(locatorValue(options.from)) === '') return undefined;
	return await phoneNumber('From', options.from, options);
}
