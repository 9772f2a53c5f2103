import type { INodeProperties } from 'n8n-workflow';

import { getSeats, searchContacts, searchGroups, searchLines } from '../parameters/listSearch';
import * as contact from './contact';
import * as contactCard from './contactCard';
import * as group from './group';
import * as line from './line';
import * as media from './media';
import * as message from './message';
import * as number from './number';
import * as voiceNote from './voiceNote';
import * as webhook from './webhook';

export { router } from './router';
export type { Timings } from '../sendblue/http/timings';

/** The fields of all resources, each shown where its resource and operation are chosen. */
export const resourceFields: INodeProperties[] = [
	...contact.description,
	...contactCard.description,
	...group.description,
	...line.description,
	...media.description,
	...message.description,
	...number.description,
	...voiceNote.description,
	...webhook.description,
];

/** What the lists of resource locators are filled by. */
export const listSearch = { searchContacts, searchGroups, searchLines };

/** What the lists of plain options are filled by. */
export const loadOptions = { getSeats };
