import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { SendblueApiError, SendblueInputError } from '../sendblue/errors';
import type { AcceptedMessage } from '../sending/run';
import { VoiceNoteError } from '../voiceNote/errors';
import { DownloadError } from './download';
import { hintOnScreen, type AudioSource, conversionHint, messageOnScreen } from './screenWords';
import { inItem, whatItemHas } from './wording';

/** The errors that n8n shows as they are. */
export type ShownError = NodeApiError | NodeOperationError;

/** What an error's hint may say about its item. */
export interface ItemOnScreen {
	/** Where its audio comes from. */
	source?: AudioSource;
	/** A sentence that lists the fields it has. */
	has?: string;
}

/** Turns whatever an item failed with into the error that n8n shows, paired with the item. */
export function toShownError(node: INode, error: unknown, itemIndex: number, item: ItemOnScreen = {}): ShownError {
	if (error instanceof SendblueApiError) {
		const { httpStatus } = error;
		const message = messageOnScreen(error);
		const description = hintOnScreen(error);
		const code = httpStatus === undefined ? {} : { httpCode: String(httpStatus) };
		return inOwnWords(new NodeApiError(node, {}, { itemIndex, message, description, ...code }), message);
	}
	if (error instanceof SendblueInputError) {
		const has = error.kind === 'emptyValue' && item.has !== undefined ? ` ${item.has}` : '';
		return operationError(node, itemIndex, messageOnScreen(error), `${hintOnScreen(error)}${has}`);
	}
	if (error instanceof DownloadError) return operationError(node, itemIndex, error.message, error.hint);
	if (error instanceof VoiceNoteError) {
		return operationError(node, itemIndex, error.message, conversionHint(error, item.source));
	}
	if (error instanceof NodeOperationError || error instanceof NodeApiError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	if (error instanceof Error) return new NodeOperationError(node, error, { itemIndex });
	return operationError(node, itemIndex, String(error), '');
}

/**
 * The same error for an AI agent. n8n wraps any other type of error on the way there and replaces our text with its
 * own, which may advise simply trying again although the outcome is unknown.
 */
export function forAgent(node: INode, shown: ShownError, itemIndex: number): ShownError {
	if (shown instanceof NodeOperationError) return shown;
	return operationError(node, itemIndex, shown.message, shown.description ?? '');
}

function operationError(node: INode, itemIndex: number, message: string, description: string): NodeOperationError {
	const options = { itemIndex, ...(description === '' ? {} : { description }) };
	return inOwnWords(new NodeOperationError(node, message, options), message);
}

/**
 * Sets the message again: the constructor replaces messages that mention a network error with n8n's own, which advise
 * simply trying again.
 */
function inOwnWords<T extends ShownError>(shown: T, message: string): T {
	shown.message = message;
	return shown;
}

/**
 * The output item for a failed item if the node continues on errors.
 *
 * If the node has an error output, n8n recognizes failed items by JSON that holds only `error`, and adds the input's
 * JSON itself.
 *
 * @param sentence a sentence to append to the message
 */
export function errorItem(
	node: INode,
	input: INodeExecutionData,
	shown: ShownError,
	itemIndex: number,
	cause: unknown,
	sentence?: string,
): INodeExecutionData {
	const hasErrorOutput = node.onError === 'continueErrorOutput';
	return {
		json: hasErrorOutput
			? { error: asSentences(shown.message, sentence) }
			: { ...input.json, ...errorFields(shown, cause) },
		...(input.binary ? { binary: input.binary } : {}),
		pairedItem: { item: itemIndex },
	};
}

function asSentences(text: string, sentence: string | undefined): string {
	if (sentence === undefined) return text;
	return `${text}${/[.!?]$/.test(text) ? '' : '.'} ${sentence}`;
}

function errorFields(shown: ShownError, cause: unknown): IDataObject {
	const code = cause instanceof SendblueApiError ? cause.sendblueCode : undefined;
	return {
		error: shown.message,
		...(shown.description ? { errorDescription: shown.description } : {}),
		...(code === undefined ? {} : { errorCode: code }),
	};
}

/** Prefixes an error with the item's number, counted from 1 as in n8n's panel, if there are several items. */
export function withItem(shown: ShownError, itemIndex: number, items: number): ShownError {
	if (items === 1) return shown;
	// Some messages already end in the item's number.
	shown.message = `Item ${itemIndex + 1}: ${shown.message.replace(` ${inItem(itemIndex)}`, '')}`;
	// With an index, n8n's panel appends “[item 1]” to “Item 2: …”: it counts from 0 there, and from 1 above the items.
	delete shown.context.itemIndex;
	return shown;
}

/** The most recipients and handles that an error names; the others are only counted. */
const MAX_NAMED = 20;

/** The outcomes of an execution's other messages. */
export interface OtherMessages {
	/** Those that were sent. */
	sent: readonly AcceptedMessage[];
	/** The recipients of messages that may have gone out. */
	unknown: readonly string[];
}

/**
 * Adds to an error which messages went out or may have gone out before it, so that nobody has to guess after a batch
 * that stopped halfway.
 */
export function withSent(shown: ShownError, { sent, unknown }: OtherMessages, items: number): ShownError {
	const texts = [
		...(sent.length === 0 ? [] : [sentText(sent, items)]),
		...(unknown.length === 0 ? [] : [`It is unknown whether a message to ${firstOf(unknown)} went out.`]),
	];
	if (texts.length > 0) shown.description = [shown.description, ...texts].filter(Boolean).join(' ');
	return shown;
}

function sentText(sent: readonly AcceptedMessage[], items: number): string {
	const handles = sent.map(({ handle }) => handle ?? 'a message without a handle');
	const people = sent.map(({ recipient }) => recipient);
	const count = `${sent.length} of ${items} ${items === 1 ? 'message' : 'messages'} went out`;
	return (
		`Already sent before this: ${firstOf(handles)}. ${count}, to ${firstOf(people)}. ` +
		'Running the workflow again sends to them again, unless the option Avoid Duplicates is used.'
	);
}

function firstOf(names: readonly string[]): string {
	const others = names.length - MAX_NAMED;
	return `${names.slice(0, MAX_NAMED).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

/** The error that n8n shows for an item, with a hint that fits the item's fields and audio source. */
export function shownErrorOf(context: IExecuteFunctions, error: unknown, itemIndex: number): ShownError {
	const source = error instanceof VoiceNoteError ? audioSource(context, itemIndex) : undefined;
	const has = whatItemHas(context.getInputData()[itemIndex]);
	return toShownError(context.getNode(), error, itemIndex, { source, has });
}

function audioSource(context: IExecuteFunctions, itemIndex: number): AudioSource | undefined {
	const source: unknown = context.getNodeParameter('audioSource', itemIndex, '');
	return source === 'binary' || source === 'url' || source === 'base64' ? source : undefined;
}
