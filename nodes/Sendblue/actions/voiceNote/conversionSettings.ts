import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { inItem, shownValue } from '../../n8n/wording';
import { DEFAULT_BITRATE, MAX_BITRATE, MIN_BITRATE } from '../../voiceNote/limits';
import type { RawSampleFormat, MaximumDuration, VoiceNoteOptions } from '../../voiceNote/types';
import { DEFAULT_RAW_SAMPLE_RATE } from './audioSource.fields';

/** What the user set about the conversion. */
export type ConversionSettings = Pick<
	VoiceNoteOptions,
	| 'alwaysReencode'
	| 'audioTrack'
	| 'bitrate'
	| 'engine'
	| 'leadingSilenceMs'
	| 'maximumDuration'
	| 'normaliseLoudness'
	| 'playableCopy'
	| 'rawFormat'
	| 'trimSilence'
>;

/** What may happen to audio that is too long. */
const WHEN_LONGER = ['cut', 'fail', 'split'] as const satisfies ReadonlyArray<MaximumDuration['onExceed']>;

/**
 * Reads the options that shape a voice note.
 *
 * @throws {NodeOperationError} if the bitrate is not one that Opus supports.
 */
export function conversionSettings(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
): ConversionSettings {
	return {
		bitrate: bitrateOf(context, itemIndex, options.bitrate),
		alwaysReencode: options.alwaysReencode === true,
		audioTrack: options.audioTrack === undefined ? undefined : Number(options.audioTrack),
		engine: options.engine as ConversionSettings['engine'],
		leadingSilenceMs: Number(options.leadingSilence ?? 0),
		maximumDuration: maximumDurationOf(context, itemIndex, options),
		normaliseLoudness: options.normaliseLoudness === true,
		playableCopy: options.playableCopy === true,
		rawFormat: rawFormatOf(options),
		trimSilence: options.trimSilence === true,
	};
}

/** Whether the settings ask for another sound than the source's, so that a finished note cannot be used as it is. */
export function changesAudio({
	leadingSilenceMs,
	maximumDuration,
	normaliseLoudness,
	trimSilence,
}: ConversionSettings): boolean {
	return normaliseLoudness === true || trimSilence === true || maximumDuration !== undefined || leadingSilenceMs !== 0;
}

function bitrateOf(context: IExecuteFunctions, itemIndex: number, value: unknown): number {
	const bitrate = Number(value ?? DEFAULT_BITRATE);
	if (bitrate >= MIN_BITRATE && bitrate <= MAX_BITRATE) return bitrate;
	throw new NodeOperationError(
		context.getNode(),
		`'Bitrate' must be a number from ${MIN_BITRATE} to ${MAX_BITRATE}, but is ${shownValue(value)} ${inItem(itemIndex)}`,
		{
			itemIndex,
			description: `Enter kilobits per second, or leave the option out for ${DEFAULT_BITRATE}, which is good for speech.`,
		},
	);
}

/** A value that is none of those offered is refused: guessing could cut off what somebody said. */
function maximumDurationOf(
	context: IExecuteFunctions,
	itemIndex: number,
	{ maximumDuration, whenLonger = 'fail' }: IDataObject,
): MaximumDuration | undefined {
	const onExceed = WHEN_LONGER.find((choice) => choice === whenLonger);
	if (onExceed === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			`'When Longer' is not usable: ${shownValue(whenLonger)} ${inItem(itemIndex)}`,
			{ itemIndex, description: `In an expression, return one of: ${WHEN_LONGER.join(', ')}.` },
		);
	}
	return maximumDuration === undefined ? undefined : { seconds: Number(maximumDuration), onExceed };
}

/** The raw PCM format that the options describe. Options left out default to what most text-to-speech services return. */
function rawFormatOf({ rawChannels = 1, rawFormat, rawSampleRate }: IDataObject): ConversionSettings['rawFormat'] {
	if (rawFormat === undefined && rawSampleRate === undefined) return undefined;
	const sampleFormat = (rawFormat ?? 's16le') as RawSampleFormat;
	return { sampleFormat, sampleRate: Number(rawSampleRate ?? DEFAULT_RAW_SAMPLE_RATE), channels: Number(rawChannels) };
}
