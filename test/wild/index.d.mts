/** A stretch of a voice, or silence where `voice` is undefined; times in seconds. */
export interface Part {
	voice?: string;
	from: number;
	to: number;
	/** Seconds of packets that carry it. */
	held: number;
}

/** What is right for a file; see oracle.mjs. */
export interface Expectation {
	contents: Part[][];
	readable?: boolean;
	refuse?: RegExp;
	errorWords?: RegExp;
	cut?: boolean;
	unit?: number;
	blur?: number;
	says?: number;
	mayRemark?: boolean;
	mustRemark?: boolean;
}

/** What was heard in a voice note. */
export interface Heard {
	seconds: number;
	decoded: number;
	symbols: number[];
	noise: number;
	silent: number;
	hints: string[];
}

/** What came of a conversion. */
export type Result = Heard | { error: { typed: boolean; message: string; hint?: string } };

export interface Track {
	voice: string;
	rate: number;
	packets: Buffer[];
	samples: number[];
}

export const FAULTS: { container: string; name: string; kind: string }[];
export function caf(track: Track): Buffer;
export function decodeNote(bytes: Uint8Array): Promise<Float32Array>;
export function hear(samples: Float32Array): Pick<Heard, 'symbols' | 'noise' | 'silent'>;
export function judge(expected: Expectation, got: Result): { outcome: string; reason: string };
export function secondsIn(remarks: string[]): number[];
export class Random {
	constructor(seed: number);
	next(): number;
}
export function makeCase(
	seed: number,
	number: number,
): Promise<{ bytes: Buffer; expected: Expectation; options?: object }>;
/** What comes of a file by the conversion under test, which may be the source or a build. */
export function resultOf(
	core: {
		toVoiceNote(
			bytes: Uint8Array,
			options?: object,
		): Promise<{ bytes: Uint8Array; info: { durationSeconds: number }; hints: string[] }>;
		VoiceNoteError: new (...values: never[]) => Error;
	},
	bytes: Uint8Array,
	options?: object,
): Promise<Result>;
export function symbolsBetween(voice: string, from: number, to: number): number[];
export function voiceSamples(voice: string, rate: number): Float32Array;
export function voiceSeconds(voice: string): number;
export function opusTrack(voice: string): Promise<Track>;
