import { VoiceNoteError } from '../errors';

/** Where more packets in a row cannot be decoded, their place is not filled up any further. */
export const MAX_FILLED_PACKETS = 50;

/** Audio of which less can be decoded is not worth sending. */
const MIN_DECODED_SHARE = 0.1;

/** So many damaged packets, 20 s of most codecs, tell about the rest: hours of them are not worth the trying. */
const TELLING_PACKETS = 1_000;

/** Keeps count of the packets of a stream that can and cannot be decoded. */
export class PacketTally {
	private decoded = 0;

	private damaged = 0;

	constructor(private readonly codecName: string) {}

	/** Packets that could not be decoded. */
	get damagedPackets(): number {
		return this.damaged;
	}

	countDecoded(): void {
		this.decoded++;
	}

	/** @throws {VoiceNoteError} `corrupt` where many were damaged and hardly one could be decoded. */
	countDamaged(): void {
		this.damaged++;
		if (this.damaged >= TELLING_PACKETS) this.assertWorthwhile();
	}

	/** @throws {VoiceNoteError} `corrupt` where hardly a packet could be decoded. */
	assertWorthwhile(): void {
		if (this.decoded < MIN_DECODED_SHARE * (this.decoded + this.damaged)) throw damagedAudio(this.codecName);
	}
}

/** The error for audio that cannot be decoded. */
export function damagedAudio(codecName: string): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		`The ${codecName} audio is damaged: its packets cannot be decoded`,
		'Export or record the audio again.',
	);
}
