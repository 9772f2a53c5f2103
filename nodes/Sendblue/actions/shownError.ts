import type { IExecuteFunctions } from 'n8n-workflow';

import { toShownError, type ShownError } from '../n8n/itemErrors';
import type { AudioSource } from '../n8n/screenWords';
import { whatItemHas } from '../n8n/wording';
import { VoiceNoteError } from '../voiceNote/errors';

/** The error that n8n shows for an item, in the words for this item: what it has, and where its audio comes from. */
export function shownErrorOf(context: IExecuteFunctions, error: unknown, itemIndex: number): ShownError {
	const source = error instanceof VoiceNoteError ? audioSource(context, itemIndex) : undefined;
	const has = whatItemHas(context.getInputData()[itemIndex]);
	return toShownError(context.getNode(), error, itemIndex, { source, has });
}

function audioSource(context: IExecuteFunctions, itemIndex: number): AudioSource | undefined {
	const source: unknown = context.getNodeParameter('audioSource', itemIndex, '');
	return source === 'binary' || source === 'url' || source === 'base64' ? source : undefined;
}
