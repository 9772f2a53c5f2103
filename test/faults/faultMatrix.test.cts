import { writeFileSync } from 'node:fs';

import { startEngine, type Engine } from '../engine/support/engine.cjs';
import type { Cell } from './support/matrix.cjs';

import { shortenTimings } from '../engine/support/shortTimings.cts';
import { runMatrix } from './support/matrix.cts';
import { matrixDocument } from './support/matrixDocument.cts';

/** Where the table is written; else it is only checked. */
const documentFile = process.env.FAULT_MATRIX_FILE;

let engine: Engine;
let cells: Cell[];

beforeAll(async () => {
	engine = await startEngine();
	shortenTimings(engine);
	cells = await runMatrix(engine);
	if (documentFile) writeFileSync(documentFile, matrixDocument(cells));
}, 300_000);

afterAll(async () => await engine.stop());

const named = ({ step, fault, extent, outcome, accepted, shown }: Cell) =>
	`${fault.name} at ${step.name}, ${extent}: ${outcome} ×${accepted} “${shown}”`;
const violations = (isRight: (cell: Cell) => boolean) => cells.filter((cell) => !isRight(cell)).map(named);

it('tries every fault at every step', () => {
	expect(cells.length).toBeGreaterThan(450);
});

it('never sends an item twice', () => {
	expect(violations(({ accepted }) => accepted <= 1)).toEqual([]);
});

it('says sent only of a message that was taken, and returns that one', () => {
	expect(violations(({ outcome, isRightMessage }) => outcome !== 'sent' || isRightMessage)).toEqual([]);
});

it('says failed only if nothing went out', () => {
	expect(violations(({ outcome, accepted }) => outcome !== 'failed' || accepted === 0)).toEqual([]);
});

it('says what happened', () => {
	expect(violations(({ outcome, shown }) => outcome === 'sent' || shown.includes(' → '))).toEqual([]);
	expect(violations(({ shown }) => !/retry the request|undefined|\[object/i.test(shown))).toEqual([]);
});

it('names line, person and file if the outcome is unknown', () => {
	expect(
		violations(
			({ step, outcome, shown }) =>
				outcome !== 'unknown' || step.operation !== undefined || /\+1415.*\+15550100001.*AudioMessage\.caf/.test(shown),
		),
	).toEqual([]);
});

it('shows no key', () => {
	expect(violations(({ leaksSecret }) => !leaksSecret)).toEqual([]);
});

it('sends whatever becomes of a request it can do without', () => {
	const checks = ['lines', 'lines state', 'iMessage check', 'allowance', 'new contact?', 'typing'];
	const optional = [...checks, 'delivery', 'contact card'];
	expect(violations(({ step, outcome }) => !optional.includes(step.name) || outcome === 'sent')).toEqual([]);
});

it('repeats an upload or a look-up after what passes', () => {
	const passing = /^(429|5\d\d)|slow|cut|half|invalid|HTML/;
	const repeated = ['upload', 'Avoid Duplicates', 'look-up after a lost answer'];
	expect(
		violations(
			({ step, fault, extent, outcome }) =>
				!(repeated.includes(step.name) && extent === 'first request' && passing.test(fault.name)) || outcome === 'sent',
		),
	).toEqual([]);
});

it('finds a message whose answer was lost', () => {
	const found = /though carried out|too slow, carried|cut after|half|invalid|200, carried|accepted late|listed late/;
	expect(
		violations(
			({ step, fault, outcome }) => !(/^send/.test(step.name) && found.test(fault.name)) || outcome === 'sent',
		),
	).toEqual([]);
});

it('sends again after a 429 alone', () => {
	const resent = cells.filter(
		({ step, extent, fault, outcome }) =>
			/^send/.test(step.name) && extent === 'first request' && /^(4|5)\d\d/.test(fault.name) && outcome === 'sent',
	);
	expect([...new Set(resent.map(({ fault }) => fault.name))]).toEqual([
		'429 with Retry-After',
		'429 without Retry-After',
		'500, though carried out',
	]);
});
