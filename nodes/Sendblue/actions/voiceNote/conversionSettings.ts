import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { DEFAULT_BITRATE, MAX_BITRATE, MIN_BITRATE } from '../../voiceNote/limits';
import type { MaximumDuration, VoiceNoteOptions } from '../../voiceNote/types';

/** What the user set about the conversion. */
export type ConversionSettings = Pick<
	VoiceNoteOptions,
	| 'alwaysReencode'
	| 'bitrate'
	| 'leadingSilenceMs'
	| 'maximumDuration'
	| 'normaliseLoudness'
	| 'trimSilence'
>;

/**
 * Reads the options that shape a voice note.
 *
 * @throws {NodeOperationError} where the bitrate is no number of kilobits per second that Opus can have.
 */
export function conversionSettings(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
): ConversionSettings {
	return {
		bitrate: bitrateOf(context, itemIndex, options.bitrate),
		alwaysReencode: options.alwaysReencode === true,
		leadingSilenceMs: Number(options.leadingSilence ?? 0),
		maximumDuration: maximumDurationOf(options),
		normaliseLoudness: options.normaliseLoudness === true,
		trimSilence: options.trimSilence === true,
	};
}

/** Whether the settings ask for another sound than the source's, so that a finished note cannot be used as it is. */
export function changesAudio({ leadingSilenceMs, maximumDuration, normaliseLoudness, trimSilence }: ConversionSettings): boolean {
	return normaliseLoudness === true || trimSilence === true || maximumDuration !== undefined || leadingSilenceMs !== 0;
}

function bitrateOf(context: IExecuteFunctions, itemIndex: number, value: unknown): number {
	const bitrate = Number(value ?? DEFAULT_BITRATE);
	if (bitrate >= MIN_BITRATE && bitrate <= MAX_BITRATE) return bitrate;
	throw new NodeOperationError(context.getNode(), `'Bitrate' is not usable: ${String(value)} [item ${itemIndex}]`, {
		itemIndex,
		description: `Enter a number of kilobits per second from ${MIN_BITRATE} to ${MAX_BITRATE}; ${DEFAULT_BITRATE} is good for speech.`,
	});
}

function maximumDurationOf({ maximumDuration, whenLonger = 'fail' }: IDataObject): MaximumDuration | undefined {
	if (maximumDuration === undefined) return undefined;
	return { seconds: Number(maximumDuration), onExceed: whenLonger as MaximumDuration['onExceed'] };
}
