/** FLAC frames as native files hold them, without anything that delimits them. */
import { VoiceNoteError } from '../../errors';
import type { PcmBlock, PcmSource } from '../../pcm/pcmSource';
import { silentBlock } from '../../pcm/pcmSource';
import { FlacDecoder, flacStream } from './flacDecoder';
import { parseFrameHeader } from './frameHeader';
import type { FlacStreamInfo } from './streamInfo';

/** Frames that cannot be decoded, each as long as it may be to try; with more of them the rest is given up. */
const MAX_DAMAGED_FRAMES = 1_000;

/** A jump of the frames' numbers by more is no loss but another way of counting. */
const MAX_LOST_SECONDS = 3_600;

/**
 * Frames that lie one behind the other: where one ends is known only once it is decoded. What is damaged is passed over
 * up to the next frame.
 *
 * @param packets rows of frames
 * @param onDamage called with the seconds that are missing between two frames, by their numbers
 */
export function flacFramesSource(
	info: FlacStreamInfo,
	packets: () => Iterable<Uint8Array>,
	onDamage: (seconds: number) => void,
): PcmSource {
	const { sampleRate, channels, layout } = flacStream(info);
	async function* blocks(): AsyncGenerator<PcmBlock> {
		let frames = 0;
		let gaps = 0;
		const onLost = (lost: number): void => {
			if (lost <= MAX_LOST_SECONDS * sampleRate) onDamage(lost / sampleRate);
		};
		for (const bytes of packets()) {
			for (const block of flacBlocks(bytes, info, () => gaps++, onLost)) {
				frames += block[0].length;
				yield block;
			}
		}
		if (frames === 0 && gaps > 0) throw damaged();
	}
	return { sampleRate, channels, layout, blocks };
}

function damaged(): VoiceNoteError {
	return new VoiceNoteError('corrupt', 'The FLAC audio is damaged: no frame can be decoded', 'Export it again.');
}

/**
 * An empty block stands for each gap, so that who pulls can pause there too.
 *
 * @param onLost called with the sample frames that the numbers of two frames leave between them
 */
function* flacBlocks(
	bytes: Uint8Array,
	info: FlacStreamInfo,
	onGap: () => void,
	onLost: (frames: number) => void,
): Generator<PcmBlock> {
	const decoder = new FlacDecoder(info);
	let position: number | undefined = 0;
	let expected: number | undefined;
	let gaps = 0;
	while (position !== undefined && position < bytes.length) {
		const decoded = tryDecode(decoder, bytes, position);
		if (decoded) {
			const begin = decoded.header.countsSamples ? decoded.header.number : decoded.header.number * info.maxBlockFrames;
			if (expected !== undefined && begin > expected) onLost(begin - expected);
			expected = begin + decoded.header.blockFrames;
			yield decoded.block;
			position = decoded.end;
			continue;
		}
		onGap();
		if (++gaps > MAX_DAMAGED_FRAMES) return;
		yield silentBlock(info.channels, 0);
		position = nextFrame(bytes, position + 1, info);
	}
}

function tryDecode(decoder: FlacDecoder, bytes: Uint8Array, position: number) {
	try {
		return decoder.decodeAt(bytes, position);
	} catch {
		// Damage, a tag at the end, or the end of a file that was cut.
		return undefined;
	}
}

function nextFrame(bytes: Uint8Array, from: number, info: FlacStreamInfo): number | undefined {
	for (let position = bytes.indexOf(0xff, from); position >= 0; position = bytes.indexOf(0xff, position + 1)) {
		if (parseFrameHeader(bytes, position, info)) return position;
	}
	return undefined;
}
