import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { SendblueApiError, SendblueInputError } from '../sendblue/errors';
import { VoiceNoteError } from '../voiceNote/errors';
import { AudioDownloadError } from './urlInput';

/** The errors n8n shows at a node. */
export type ShownError = NodeApiError | NodeOperationError;

/** Turns whatever an item failed with into the error that n8n shows, paired with the item. */
export function toShownError(node: INode, error: unknown, itemIndex: number): ShownError {
	if (error instanceof SendblueApiError) {
		return new NodeApiError(
			node,
			{},
			{
				itemIndex,
				message: error.message,
				description: error.advice,
				...(error.httpStatus === undefined ? {} : { httpCode: String(error.httpStatus) }),
			},
		);
	}
	if (error instanceof SendblueInputError) return operationError(node, itemIndex, error.message, error.advice);
	if (error instanceof AudioDownloadError) return operationError(node, itemIndex, error.message, error.advice);
	if (error instanceof VoiceNoteError) return operationError(node, itemIndex, error.message, error.hint);
	if (error instanceof NodeOperationError || error instanceof NodeApiError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	if (error instanceof Error) return new NodeOperationError(node, error, { itemIndex });
	return operationError(node, itemIndex, String(error), '');
}

function operationError(node: INode, itemIndex: number, message: string, description: string): NodeOperationError {
	return new NodeOperationError(node, message, { itemIndex, ...(description === '' ? {} : { description }) });
}

/**
 * The output item of a failed item where the node goes on.
 *
 * n8n tells such items from others by `error` beside the JSON; it must be there only where the node has an output
 * for errors, because elsewhere it would mark an ordinary item.
 */
export function errorItem(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	shown: ShownError,
	itemIndex: number,
	cause: unknown,
): INodeExecutionData {
	const details: IDataObject = { error: shown.message };
	if (shown.description) details.errorDescription = shown.description;
	if (cause instanceof SendblueApiError && cause.sendblueCode !== undefined) details.errorCode = cause.sendblueCode;
	return {
		json: { ...input.json, ...details },
		...(input.binary ? { binary: input.binary } : {}),
		...(context.getNode().onError === 'continueErrorOutput' ? { error: shown } : {}),
		pairedItem: { item: itemIndex },
	};
}

/** Adds to an error what was sent before it, so that nobody has to guess after half a batch. */
export function withSentHandles(shown: ShownError, handles: string[]): ShownError {
	if (handles.length === 0) return shown;
	const sent = `Already sent before this: ${handles.join(', ')}.`;
	shown.description = shown.description ? `${shown.description} ${sent}` : sent;
	return shown;
}
