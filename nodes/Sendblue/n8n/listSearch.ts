import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import type { SendblueLine } from '../sendblue/types';
import { sendblueClient } from './sendblueClient';

/** The account's lines for the list of *From*, shared ones included, with what is to be known about each. */
export async function searchLines(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const client = await sendblueClient(this);
	const lines = await client.allLines();
	const wanted = (filter ?? '').trim().toLowerCase();
	const results = lines.map((line) => ({ name: lineName(line), value: line.number }));
	return { results: results.filter(({ name }) => name.toLowerCase().includes(wanted)) };
}

function lineName(line: SendblueLine): string {
	const notes = [
		...(line.shared ? ['shared'] : []),
		...(line.status && line.status !== 'ONLINE' ? [line.status.toLowerCase()] : []),
	];
	return notes.length === 0 ? line.number : `${line.number} (${notes.join(', ')})`;
}
