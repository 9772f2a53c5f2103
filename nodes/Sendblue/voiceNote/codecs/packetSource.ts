import { rethrow, VoiceNoteError } from '../errors';
import type { PacketDecoder, PcmBlock, PcmSource } from '../pcm/pcmSource';
import { silentBlock } from '../pcm/pcmSource';
import type { Speaker } from '../pcm/speakers';

/** The most packets in a row that are concealed; the rest of a longer gap is left out. */
export const MAX_CONCEALED_PACKETS = 50;

/** Audio is not worth sending if less than this share of it can be decoded. */
const MIN_DECODED_SHARE = 0.1;

/**
 * Once this many packets (20 s of most codecs) were damaged and hardly any could be decoded, decoding stops, so that
 * hours of damage take no time.
 */
const TELLING_PACKETS = 1_000;

/** Counts the packets of a stream that can and cannot be decoded. */
export class PacketTally {
	private decoded = 0;

	private damaged = 0;

	constructor(private readonly codecName: string) {}

	countDecoded(): void {
		this.decoded++;
	}

	/** @throws {VoiceNoteError} `corrupt` if many packets were damaged and hardly any could be decoded */
	countDamaged(): void {
		this.damaged++;
		if (this.damaged >= TELLING_PACKETS) this.assertWorthwhile();
	}

	/** @throws {VoiceNoteError} `corrupt` if hardly any packet could be decoded */
	assertWorthwhile(): void {
		if (this.decoded < MIN_DECODED_SHARE * (this.decoded + this.damaged)) throw damagedAudio(this.codecName);
	}
}

/**
 * Called for damaged audio.
 *
 * @param seconds how much is missing, if known
 * @param at seconds of decoded audio before the damage, if known
 */
export type OnDamage = (seconds?: number, at?: number) => void;

/** Groups consecutive packets that cannot be decoded. */
export class DamagedRun {
	private packets = 0;

	private position = 0;

	/** @param sampleRate of the decoded audio, in Hz */
	constructor(
		private readonly sampleRate: number,
		private readonly onDamage: OnDamage,
	) {}

	/** @param position sample frames of decoded audio before the packet */
	add(position: number): void {
		if (this.packets++ === 0) this.position = position;
	}

	/**
	 * Reports the packets so far.
	 *
	 * @param packetFrames sample frames of each
	 */
	end(packetFrames: number): void {
		const { packets, position, sampleRate } = this;
		this.packets = 0;
		if (packets > 0) this.onDamage((packets * packetFrames) / sampleRate, position / sampleRate);
	}
}

/** The error for audio that cannot be decoded. */
function damagedAudio(codecName: string): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		`The ${codecName} audio is damaged: its packets cannot be decoded`,
		'Export or record the audio again.',
	);
}

/** Packets at the start that may decode to nothing while the decoder primes. */
const PRIMING_PACKETS = 2;

/** A stream of packets and its decoder. */
export interface PacketStream {
	/** Sample rate of the decoded audio in Hz. */
	sampleRate: number;
	/** Channels of the decoded audio. */
	channels: number;
	/** Speaker of each channel, if known. */
	layout?: readonly Speaker[];
	/** Name of the codec for error messages, such as `AAC`. */
	codecName: string;
	/** Sets up a decoder; called when audio is first asked for. */
	createDecoder(): PacketDecoder | Promise<PacketDecoder>;
	/** The packets from the start. */
	packets(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
	/** Called for packets in a row that could not be decoded. */
	onDamage: OnDamage;
	/** Called at the end if most of the audio lacks the upper band, which HE-AAC codes separately. */
	onUpperBandMissing?(): void;
}

/** A stream from the codec's side; its packets come from the container. */
export type CodecStream = Omit<PacketStream, 'packets' | 'onDamage' | 'onUpperBandMissing'>;

/**
 * Decodes a stream of packets. Silence replaces packets that cannot be decoded, so that the audio after them keeps its
 * time. Of a long gap only the beginning is kept, and a gap at the end is left out.
 */
export function packetSource(stream: PacketStream): PcmSource {
	const { sampleRate, channels, layout } = stream;
	return { sampleRate, channels, layout, blocks: () => decodedBlocks(stream) };
}

async function* decodedBlocks(stream: PacketStream): AsyncGenerator<PcmBlock> {
	const decoder = await createDecoder(stream);
	let packets = 0;
	let position = 0;
	let packetFrames = 0;
	let missing = 0;
	const damage = new DamagedRun(stream.sampleRate, stream.onDamage);
	const tally = new PacketTally(stream.codecName);
	try {
		for await (const packet of stream.packets()) {
			packets++;
			const decoded = tryDecode(decoder, packet);
			if (decoded.block) {
				tally.countDecoded();
				const { length } = decoded.block[0];
				damage.end(packetFrames || length);
				for (; missing > 0; missing--) {
					yield silentBlock(stream.channels, packetFrames);
					position += packetFrames;
				}
				if (length > 0) packetFrames = length;
				position += length;
				yield decoded.block;
				continue;
			}
			// Once audio has been decoded, a packet of an unsupported kind can only be a damaged one.
			if (packetFrames === 0 && isUnsupported(decoded.error)) throw decoded.error;
			damage.add(position);
			tally.countDamaged();
			missing = Math.min(missing + 1, MAX_CONCEALED_PACKETS);
			yield silentBlock(stream.channels, 0);
		}
		tally.assertWorthwhile();
		if (packetFrames === 0 && packets > PRIMING_PACKETS) throw damagedAudio(stream.codecName);
	} finally {
		damage.end(packetFrames);
		if (decoder.lacksUpperBand) stream.onUpperBandMissing?.();
		decoder.free();
	}
}

/** Codec private data can be damaged too, and a library may then throw any error of its own. */
async function createDecoder(stream: PacketStream): Promise<PacketDecoder> {
	try {
		return await stream.createDecoder();
	} catch (error) {
		return rethrow(error instanceof VoiceNoteError ? error : damagedAudio(stream.codecName));
	}
}

function tryDecode(decoder: PacketDecoder, packet: Uint8Array): { block?: PcmBlock; error?: unknown } {
	try {
		return { block: decoder.decode(packet) };
	} catch (error) {
		return { error };
	}
}

function isUnsupported(error: unknown): error is VoiceNoteError {
	return error instanceof VoiceNoteError && error.code === 'unsupported';
}
