import { appendFileSync } from 'node:fs';

import { OPEN_ROWS } from './openRows.cts';

/** File that gets a line for each row with what came of it, wanted or not; none if left out. */
const rowsFile = process.env.FAULT_ROWS_FILE;

/** What came of one misbehavior of the server. */
export interface Observed {
	/** How many messages Sendblue took. */
	accepted: number;
	/** What the user was told. */
	told: string;
	/** All words the user reads. */
	shown: string;
	/** Whatever else a row is about. */
	[detail: string]: unknown;
}

/** One way in which the server (or the user) misbehaves, and what must come of it. */
export interface Row {
	name: string;
	play: () => Promise<Observed>;
	wanted: Partial<Observed>;
}

/** Makes a test of each row; an open one fails as soon as it holds, so that it is taken off the list. */
export function testRows(topic: string, rows: readonly Row[]): void {
	describe(topic, () => {
		for (const { name, play, wanted } of rows) {
			const isOpen = OPEN_ROWS.includes(`${topic} › ${name}`);
			(isOpen ? it.failing : it)(name, async () => {
				const observed = await play();
				record(topic, name, wanted, observed);
				expect(observed).toMatchObject(wanted);
				expect(observed.shown).not.toMatch(/undefined|\[object/);
				// Whether the message went out is said once.
				const said = observed.shown.match(/No (further )?message was sent|This message was not sent/gi) ?? [];
				if (observed.told === 'failed') expect(said).toHaveLength(1);
				if (/^(sent|unknown)$/.test(observed.told)) expect(said).toEqual([]);
			});
		}
	});
}

function record(topic: string, name: string, wanted: Partial<Observed>, observed: Observed): void {
	if (!rowsFile) return;
	const { accepted, told, shown, ...details } = observed;
	appendFileSync(rowsFile, `${JSON.stringify({ topic, name, wanted, accepted, told, details, shown })}\n`);
}
