import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { pause } from '../n8n/concurrency';
import { type ShownError, shownErrorOf, withItem } from '../n8n/itemErrors';
import { SendblueApiError } from '../sendblue/errors';
import { withSentence } from './messageFate';

/** How long items are checked before n8n may do something else, in milliseconds. */
const SLICE_MS = 8;

/** The most items that an error names; the others are only counted. */
const MAX_NAMED = 10;

/** The errors of the items that failed their check, by index. */
export type WrongItems = ReadonlyMap<number, unknown>;

/** Checks all items in turn and collects their errors. */
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
 * The error if items are wrong and nothing was sent: an item's own error, or one for several items. An outcome that an
 * earlier try left unknown comes first, since that message may have gone out.
 *
 * @param fate the sentence that says that no message was sent
 */
export function errorForWrong(context: IExecuteFunctions, wrong: WrongItems, fate: string): ShownError {
	const [unknown, ...moreUnknown] = [...wrong].filter(([, error]) => isUnknown(error));
	const [itemIndex, error] = unknown ?? [...wrong][0] ?? [0, undefined];
	const count = context.getInputData().length;
	if (unknown || wrong.size === 1) {
		const first = withItem(shownErrorOf(context, error, itemIndex), itemIndex, count);
		const alsoUnknown = moreUnknown.map(([, other]) => (other as SendblueApiError).explanation).slice(0, MAX_NAMED);
		if (unknown) return withSentence(first, alsoUnknown.join(' ') || undefined);
		return withSentence(first, `${fate} ${TO_GO_ON}`);
	}
	const named = [...wrong].slice(0, MAX_NAMED).map(([index, problem]) => {
		const { message } = withItem(shownErrorOf(context, problem, index), index, count);
		return /[.!?]$/.test(message) ? message : `${message}.`;
	});
	const others = wrong.size - named.length;
	const more = others === 0 ? '' : ` And ${others} more.`;
	return new NodeOperationError(
		context.getNode(),
		`${wrong.size} of ${count} items cannot be sent. ${fate} ${named.join(' ')}${more}`,
		{ description: `Correct them where they come from. ${TO_GO_ON}` },
	);
}

function isUnknown(error: unknown): boolean {
	return error instanceof SendblueApiError && error.outcome === 'unknown';
}

const TO_GO_ON = "To send the other items anyway, set this node's 'On Error' to Continue.";
