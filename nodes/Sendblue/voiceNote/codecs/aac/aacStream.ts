import { rethrow, VoiceNoteError } from '../../errors';
import type { DecodeOptions } from '../../pcm/pcmSource';
import type { CodecStream } from '../packetSource';
import type { AacOutput } from './aacDecoder';
import { AacDecoder } from './aacDecoder';
import type { AacConfig } from './audioSpecificConfig';
import { mixedToMono } from './audioSpecificConfig';
import { hasSbrRate } from './sbr/frequencyBands';

/** Packets at the start that are looked at for spectral band replication: some seconds. */
const MAX_SEARCHED_PACKETS = 100;
/** Cores of this rate in Hz and more hold all that a voice note does, so their sound stays at it. */
const MIN_SUFFICIENT_RATE = 24_000;

/**
 * A stream of AAC or HE-AAC.
 *
 * @param packets From the start, to find out what they hold.
 * @param blocksIn How many raw_data_blocks a packet holds.
 */
export function aacStream(
	config: AacConfig,
	packets: Iterable<Uint8Array>,
	{ mono }: DecodeOptions,
	blocksIn: (packet: Uint8Array) => number = () => 1,
): CodecStream {
	const decoded = mono ? mixedToMono(config) : config;
	const output = chooseOutput(config, packets);
	const sampleRate = output === 'wholeBandAtDoubleRate' ? 2 * config.sampleRate : config.sampleRate;
	const { channels, layout } = decoded;
	return {
		codecName: 'AAC',
		sampleRate,
		channels,
		layout: layout.flatMap(({ speakers }) => speakers),
		createDecoder() {
			const decoder = new AacDecoder(decoded, output);
			return {
				sampleRate,
				channels,
				decode: (packet) => decoder.decode(packet, blocksIn(packet)),
				get lacksUpperBand() {
					return decoder.lacksUpperBand;
				},
				free: () => decoder.free(),
			};
		},
	};
}

/**
 * Chooses what a stream is decoded to. What its packets hold tells, as a configuration may be silent about HE-AAC, and may
 * announce what is not there.
 */
export function chooseOutput(config: AacConfig, packets: Iterable<Uint8Array>): AacOutput {
	if (config.sbrDenied || !hasSbrRate(config.sampleRate)) return 'core';
	if (!holdsSbr(config, packets)) return config.sbrPresent ? 'delayedCore' : 'core';
	return config.sampleRate < MIN_SUFFICIENT_RATE ? 'wholeBandAtDoubleRate' : 'wholeBand';
}

function holdsSbr(config: AacConfig, packets: Iterable<Uint8Array>): boolean {
	const decoder = new AacDecoder(config);
	let searched = 0;
	for (const packet of packets) {
		if (searched++ === MAX_SEARCHED_PACKETS) return false;
		try {
			if (decoder.holdsSbr(packet)) return true;
		} catch (error) {
			// What cannot be read is found out when it is decoded.
			if (!(error instanceof VoiceNoteError)) rethrow(error);
		}
	}
	return false;
}
