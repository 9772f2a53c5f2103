import type { PcmBlock, PcmSource } from './pcmSource';
import { VoiceNoteError } from '../errors';

/**
 * Plays sources of one sample rate one after the other. Where they differ in channels, mono is put on both sides of
 * stereo.
 *
 * @throws {VoiceNoteError} `unsupported` where their sample rates differ.
 */
export function chainedSource(sources: PcmSource[]): PcmSource {
	if (sources.length === 1) return sources[0];
	const { sampleRate } = sources[0];
	const channels = Math.max(...sources.map((source) => source.channels));
	if (sources.some((source) => source.sampleRate !== sampleRate)) {
		throw new VoiceNoteError(
			'unsupported',
			'The file chains parts of different sample rates',
			'Export it again as one piece, or as MP3 or WAV.',
		);
	}
	return {
		sampleRate,
		channels,
		layout: sources.find((source) => source.channels === channels)?.layout,
		async *blocks() {
			for (const source of sources) {
				for await (const block of source.blocks()) yield withChannels(block, channels);
			}
		},
	};
}

function withChannels(block: PcmBlock, channels: number): PcmBlock {
	return Array.from({ length: channels }, (_, channel) => block[channel % block.length]);
}
