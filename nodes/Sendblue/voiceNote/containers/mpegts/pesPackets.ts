/** PES packets, the units of a stream (ISO/IEC 13818-1, 2.4.3.6): start code, stream number, length; flags; fields. */

const START_CODE = [0, 0, 1];
const STREAM_NUMBER_OFFSET = 3;
const FIELDS_SIZE_OFFSET = 8;
/** The header without the optional fields, whose size it states. */
const HEADER_BYTES = 9;
/** The numbers of MPEG audio streams, of private data and of codecs that came later. */
const AUDIO_STREAM_MASK = 0xe0;
const AUDIO_STREAM = 0xc0;
const OTHER_AUDIO_STREAMS = [0xbd, 0xfa, 0xfd];

/** Whether a unit that may hold audio begins here. */
export function isAudioUnit(payload: Uint8Array): boolean {
	const number = payload[STREAM_NUMBER_OFFSET];
	const isUnit = START_CODE.every((value, index) => payload[index] === value);
	return isUnit && ((number & AUDIO_STREAM_MASK) === AUDIO_STREAM || OTHER_AUDIO_STREAMS.includes(number));
}

/** What a unit's first packet holds after the PES header. */
export function withoutPesHeader(payload: Uint8Array): Uint8Array {
	const fieldBytes = payload[FIELDS_SIZE_OFFSET] ?? 0;
	return payload.subarray(Math.min(HEADER_BYTES + fieldBytes, payload.length));
}

/** Offset of the flags; the flag for a presentation time; the size of that time, the first field (2.4.3.7). */
const FLAGS_OFFSET = 7;
const TIME_FLAG = 0x80;
const TIME_BYTES = 5;

/** The presentation time of a unit, in units of 1/90,000 second; undefined if it has none. */
export function presentationTime(payload: Uint8Array): number | undefined {
	if (payload.length < HEADER_BYTES + TIME_BYTES || (payload[FLAGS_OFFSET] & TIME_FLAG) === 0) return undefined;
	const [first, second, third, fourth, fifth] = payload.subarray(HEADER_BYTES);
	return ((first >> 1) & 7) * 2 ** 30 + second * 2 ** 22 + (third >> 1) * 2 ** 15 + fourth * 2 ** 7 + (fifth >> 1);
}
