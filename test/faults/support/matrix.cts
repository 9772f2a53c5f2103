import type { IDataObject } from 'n8n-workflow';

import {
	SANDBOX_KEY_ID,
	SANDBOX_SECRET_KEY,
	startSandbox,
	type FaultRule,
	type Sandbox,
} from '../../sandbox/index.cjs';
import type { Engine, RunResult } from '../../engine/support/engine.cjs';
import type { Fault } from './faults.cjs';

import { FAULTS } from './faults.cts';
import { SendblueAccount } from '../../engine/support/sendblueAccount.cts';
import { wavFile } from '../../engine/support/audio.cts';
import { LINE, PERSON, sandboxCredential, sendNode } from '../../engine/support/sendblueWorkflow.cts';

/** How many cells are worked on at once, each with a Sendblue of its own. */
const AT_ONCE = 12;

/** Sends before the first cell. */
const WARM_ROUNDS = 5;

/** A request the node makes on the way to a sent voice note. */
export interface Step {
	name: string;
	path: string;
	parameters?: IDataObject;
	options?: IDataObject;
	/** Whether duplicates are looked for, by a key for each cell. */
	hasKey?: boolean;
	/** Another operation than Send Voice Note, which carries something out once: its parameters. */
	operation?: IDataObject;
	/** What goes wrong besides, so that the request is made at all. */
	before?: FaultRule[];
}

const SHARE = '/api/v2/contact-sharing/share';
const GROUP = { recipientType: 'numbers', numbers: `${PERSON}, +14155550124` };

/** Every request of a send, in the order in which they are made. */
export const STEPS: readonly Step[] = [
	{ name: 'lines', path: '/api/lines' },
	{ name: 'lines state', path: '/api/v2/lines/state' },
	{ name: 'iMessage check', path: '/api/evaluate-service', options: { ifNoIMessage: 'skip' } },
	{ name: 'Avoid Duplicates', path: '/api/v2/messages', hasKey: true },
	{ name: 'allowance', path: '/api/v2/lines/usage', options: { allowance: 'skip' } },
	{ name: 'new contact?', path: '/api/v2/messages', options: { allowance: 'skip' } },
	{ name: 'upload', path: '/api/upload-file' },
	{ name: 'typing', path: '/api/send-typing-indicator', options: { typingSeconds: 0.001 } },
	{ name: 'send', path: '/api/send-message' },
	{ name: 'send to group', path: '/api/send-group-message', parameters: GROUP },
	{
		name: 'look-up after a lost answer',
		path: '/api/v2/messages',
		before: [{ path: '/api/send-message', nth: 1, kind: 'cutAfterAccepted' }],
	},
	{ name: 'delivery', path: '/api/v2/messages', options: { waitForDelivery: 0.3 } },
	{ name: 'contact card', path: SHARE, options: { shareContactCard: true } },
	{ name: 'Contact Card: Share', path: SHARE, operation: { resource: 'contactCard', operation: 'share' } },
];

/** Whether a fault hits the first request alone, or each. */
export type Extent = 'first request' | 'every request';
export const EXTENTS: readonly Extent[] = ['first request', 'every request'];

/** What one fault at one step came to, for one item. */
export interface Cell {
	step: Step;
	fault: Fault;
	extent: Extent;
	/** How many messages Sendblue took. */
	accepted: number;
	outcome: 'sent' | 'failed' | 'unknown';
	/** The error with its hint, or the remarks beside the output. */
	shown: string;
	/** Whether the output is of the very message that was taken. */
	isRightMessage: boolean;
	leaksSecret: boolean;
}

/** Runs every fault at every step it makes sense at, through the engine and real sockets. */
export async function runMatrix(engine: Engine): Promise<Cell[]> {
	const cells = EXTENTS.flatMap((extent) =>
		FAULTS.flatMap((fault) =>
			STEPS.filter(({ path }) => fault.only?.test(path) ?? true).map((step) => ({ extent, fault, step })),
		),
	);
	const results: Cell[] = [];
	let next = 0;
	await warmUp(engine);
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			const sandbox = await startSandbox({ settings: { autoDeliverMs: 20 } });
			for (let index = next++; index < cells.length; index = next++) {
				results[index] = await runCell(engine, sandbox, cells[index], `event-${index}`);
				sandbox.reset();
			}
			await sandbox.close();
		}),
	);
	return results;
}

/** What is loaded and compiled with the first notes takes a while, and the deadlines of the cells are short. */
async function warmUp(engine: Engine): Promise<void> {
	const sandbox = await startSandbox();
	for (let round = 0; round < WARM_ROUNDS; round++) {
		await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [
				sendNode(engine, { options: { deduplicationKey: `warm-${round}`, ifNoIMessage: 'skip', allowance: 'skip' } }),
			],
			credentials: sandboxCredential(sandbox),
		});
	}
	await sandbox.close();
}

async function runCell(
	engine: Engine,
	sandbox: Sandbox,
	{ step, fault, extent }: Pick<Cell, 'step' | 'fault' | 'extent'>,
	key: string,
): Promise<Cell> {
	await giveCard(new SendblueAccount(sandbox), step);
	const rule = { ...fault.rule, path: step.path, ...(extent === 'first request' ? { nth: 1 } : {}) };
	sandbox.setFaults([...(step.before ?? []), rule]);
	const result = await engine.run({
		items: [{ files: { data: wavFile() } }],
		nodes: [
			sendNode(engine, {
				...step.parameters,
				...step.operation,
				options: { ...step.options, ...(step.hasKey ? { deduplicationKey: key } : {}) },
			}),
		],
		credentials: sandboxCredential(sandbox),
	});
	if (fault.lingersMs) await new Promise((resolve) => setTimeout(resolve, fault.lingersMs));

	const [output] = result.items('Sendblue');
	if (step.operation) {
		sandbox.setFaults([]);
		const accepted = await sharesOf(new SendblueAccount(sandbox));
		const isRightMessage = accepted === 1 && output?.json.status === 'OK';
		const told = { accepted, outcome: outcomeOf(result), shown: shownBy(result), isRightMessage };
		return { step, fault, extent, ...told, leaksSecret: leaksSecret(result) };
	}
	const taken = sandbox.messages();
	return {
		step,
		fault,
		extent,
		accepted: taken.length,
		outcome: outcomeOf(result),
		shown: shownBy(result),
		isRightMessage: taken[0] !== undefined && output?.json.message_handle === taken[0].message_handle,
		leaksSecret: leaksSecret(result),
	};
}

/** Gives the line a card, and a conversation to share it in. */
async function giveCard(account: SendblueAccount, { path, operation }: Step): Promise<void> {
	if (path !== SHARE) return;
	await account.call('POST', '/api/v2/contact-sharing/profile', { fromNumber: LINE, firstName: 'Ada' });
	if (operation) await account.sendText(LINE, PERSON);
}

/** How often the card was shown to the person: once more, it is done nothing. */
async function sharesOf(account: SendblueAccount): Promise<number> {
	const { deduplicated } = await account.call('POST', SHARE, { fromNumber: LINE, toNumber: PERSON });
	return deduplicated === true ? 1 : 0;
}

function outcomeOf(result: RunResult): Cell['outcome'] {
	if (!result.error) return 'sent';
	const isUnknown = /^It is unknown whether|whether it was carried out/;
	return isUnknown.test(`${result.error.message} ${result.error.description}`) ? 'unknown' : 'failed';
}

function shownBy(result: RunResult): string {
	const { error } = result;
	if (error) return [error.message, error.description].filter(Boolean).join(' → ');
	const delivery = result.items('Sendblue')[0]?.json.delivery as IDataObject | undefined;
	return [
		...result.hints('Sendblue'),
		...(delivery?.problem ? [`delivery.problem: ${String(delivery.problem)}`] : []),
	].join(' ');
}

/** Whether a key stands anywhere in what n8n would store and show. */
function leaksSecret(result: RunResult): boolean {
	const seen = new Set<unknown>();
	const text = JSON.stringify(result.raw, (_name, value: unknown) => {
		if (value instanceof Error) return { ...value, message: value.message, stack: value.stack };
		if (typeof value !== 'object' || value === null) return value;
		if (seen.has(value)) return undefined;
		seen.add(value);
		return value;
	});
	return text.includes(SANDBOX_SECRET_KEY) || text.includes(SANDBOX_KEY_ID);
}
