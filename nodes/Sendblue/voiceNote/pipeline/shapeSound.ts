import { LeadingSilence, SilenceDetector, Trim } from '../dsp/edges';
import { createLeveller } from '../dsp/leveller';
import { LoudnessMeter } from '../dsp/loudness';
import type { MonoStage } from '../dsp/stage';
import { VoiceNoteError } from '../errors';
import type { VoiceNoteOptions } from '../types';
import { throughStage } from './monoStream';
import type { MonoStream } from './monoStream';

/** The options that change the sound. */
export type SoundOptions = Pick<VoiceNoteOptions, 'normaliseLoudness' | 'trimSilence' | 'leadingSilenceMs'>;

const MAX_LEADING_SILENCE_MS = 10_000;

/** Whether any option changes the sound, so that the packets cannot be remuxed. */
export function changesSound({ normaliseLoudness, trimSilence, leadingSilenceMs }: SoundOptions): boolean {
	return normaliseLoudness === true || trimSilence === true || (leadingSilenceMs ?? 0) > 0;
}

/**
 * Applies the sound options to a stream: trims silent ends, brings speech to the target loudness, adds silence at the
 * start. Trimming and leveling need a first pass, so for them the audio is decoded twice rather than kept in memory.
 *
 * @param open returns the mono audio from its start each time it is called
 * @param sampleRate of that audio, in Hz
 * @throws {VoiceNoteError} `badOption` if the leading silence is out of range
 */
export async function shapeSound(
	open: () => MonoStream,
	options: SoundOptions,
	sampleRate: number,
): Promise<MonoStream> {
	const leadingSilence = (checkedLeadingSilence(options.leadingSilenceMs) / 1_000) * sampleRate;
	const stages = [
		...(options.normaliseLoudness || options.trimSilence ? await measuredStages(open(), options, sampleRate) : []),
		...(leadingSilence > 0 ? [new LeadingSilence(Math.round(leadingSilence))] : []),
	];
	return stages.reduce(throughStage, open());
}

/** The first pass: finds the silent ends and the loudness. */
async function measuredStages(audio: MonoStream, options: SoundOptions, sampleRate: number): Promise<MonoStage[]> {
	const silence = new SilenceDetector(sampleRate);
	const loudness = new LoudnessMeter(sampleRate);
	for await (const block of audio) {
		if (options.trimSilence) silence.push(block);
		if (options.normaliseLoudness) loudness.push(block);
	}
	const stages: MonoStage[] = [];
	if (options.trimSilence) {
		const { start, end } = silence.finish();
		stages.push(new Trim(start, end));
	}
	if (options.normaliseLoudness) stages.push(createLeveller(loudness.finish(), sampleRate));
	return stages;
}

function checkedLeadingSilence(milliseconds = 0): number {
	if (Number.isFinite(milliseconds) && milliseconds >= 0 && milliseconds <= MAX_LEADING_SILENCE_MS) return milliseconds;
	throw new VoiceNoteError(
		'badOption',
		`The leading silence must be between 0 and ${MAX_LEADING_SILENCE_MS} ms, but it is ${milliseconds}`,
		'150 ms is enough if the first word is clipped.',
	);
}
