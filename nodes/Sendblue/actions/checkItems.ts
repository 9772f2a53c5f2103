import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { pause } from '../n8n/pause';
import { inItem } from '../n8n/wording';
import { SendblueApiError } from '../sendblue/errors';
import { shownErrorOf } from './shownError';

/** How long items are checked before n8n may do something else, in milliseconds. */
const SLICE_MS = 8;

/** How many of the wrong items are named; the others are counted. */
const MOST_NAMED = 10;

/** What is wrong with items, by their index. */
export type WrongItems = ReadonlyMap<number, unknown>;

/** Checks all items, one after the other, and says what is wrong with which. */
export async function checkItems(
	count: number,
	check: (itemIndex: number) => Promise<void>,
	signal?: AbortSignal,
): Promise<WrongItems> {
	const wrong = new Map<number, unknown>();
	let sliceStart = performance.now();
	for (let itemIndex = 0; itemIndex < count && !signal?.aborted; itemIndex++) {
		try {
			await check(itemIndex);
		} catch (error) {
			wrong.set(itemIndex, error);
		}
		if (performance.now() - sliceStart < SLICE_MS) continue;
		await pause();
		sliceStart = performance.now();
	}
	return wrong;
}

/**
 * The error where items are wrong and nothing was sent: of one item its own, of several all at once. An outcome that is
 * unknown from an earlier try goes first: it is about a message that may be out.
 */
export function errorForWrong(context: IExecuteFunctions, wrong: WrongItems): { error: unknown; itemIndex: number } {
	const unknown = [...wrong].find(([, error]) => error instanceof SendblueApiError && error.outcome === 'unknown');
	const [itemIndex, error] = unknown ?? [...wrong][0] ?? [0, undefined];
	if (unknown || wrong.size === 1) return { itemIndex, error };

	const node = context.getNode();
	const named = [...wrong].slice(0, MOST_NAMED).map(([index, problem]) => {
		const { message } = shownErrorOf(context, problem, index);
		return `Item ${index + 1}: ${withoutItem(message, index)}`;
	});
	const others = wrong.size - named.length;
	const more = others === 0 ? '' : ` And ${others} more.`;
	const count = context.getInputData().length;
	return {
		itemIndex,
		error: new NodeOperationError(
			node,
			`${wrong.size} of ${count} items cannot be sent, so no message was sent. ${named.join(' ')}${more}`,
			{
				itemIndex,
				description:
					"Correct them where they come from, or set 'On Error' of this node to Continue: then the other items are sent.",
			},
		),
	};
}

/** Messages about one item end in its number, which stands before them here. */
function withoutItem(message: string, itemIndex: number): string {
	const text = message.replace(` ${inItem(itemIndex)}`, '').trim();
	return /[.!?]$/.test(text) ? text : `${text}.`;
}
