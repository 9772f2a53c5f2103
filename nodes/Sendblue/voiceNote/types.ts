/** What the facts about every conversion include. */
export interface Remarked {
	/** The remarks, in complete sentences; absent if there are none. */
	remarks?: string[];
}

/** Adds the remarks to the facts of a conversion, so that workflows can test for them. */
export function withRemarks<Info extends Remarked>(info: Info, remarks: readonly string[]): Info {
	return remarks.length > 0 ? { ...info, remarks: [...remarks] } : info;
}

/** The sample formats of raw PCM, by the names of ffmpeg and of most text-to-speech APIs. */
export type RawSampleFormat =
	| 's16le'
	| 's16be'
	| 's24le'
	| 's24be'
	| 's32le'
	| 's32be'
	| 'f32le'
	| 'f32be'
	| 'f64le'
	| 'f64be'
	| 's8'
	| 'u8'
	| 'mulaw'
	| 'alaw';

/** Everything needed to read raw PCM. */
export interface RawPcmFormat {
	readonly sampleFormat: RawSampleFormat;
	/** In Hz. */
	readonly sampleRate: number;
	readonly channels: number;
}

/**
 * Which decoders are used. `builtIn`: our own; `ffmpeg`: FFmpeg; `automatic`: our own, and FFmpeg for what they do not
 * read.
 */
export type Engine = 'automatic' | 'builtIn' | 'ffmpeg';

/** The outcome of a run of FFmpeg. */
export type FfmpegOutcome =
	/** What FFmpeg wrote. */
	| { bytes: Uint8Array }
	/** FFmpeg is not installed. */
	| { missing: true }
	/** What FFmpeg says went wrong. */
	| { failure: string };

/**
 * Runs FFmpeg with pipes for input and output, without temporary files. The caller provides it, since `voiceNote/`
 * starts no processes.
 */
export type RunFfmpeg = (
	input: Uint8Array,
	outputOptions: readonly string[],
	signal?: AbortSignal,
) => Promise<FfmpegOutcome>;

/** How a voice note was made; see `VoiceNoteInfo.method`. */
export type ConversionMethod =
	/** Decoded and encoded as Opus. */
	| 'encoded'
	/** Opus packets remuxed to our CAF layout, unchanged. */
	| 'remuxed'
	/** The file already had exactly our layout. */
	| 'untouched';

/** Facts about a finished voice note, read back from its bytes by our own reader. */
export interface VoiceNoteInfo extends Remarked {
	method: ConversionMethod;
	/** What the input was, by its bytes: `mp3`, `wav`, `ogg/opus`, `webm/opus`, `caf/opus`, `m4a/aac` … */
	sourceFormat: string;
	/** Length of the valid range in seconds (valid frames ÷ sample rate). */
	durationSeconds: number;
	/** Size of the file in bytes. */
	bytes: number;
	/** Average bitrate of the audio data in bits per second. */
	bitrate: number;
	/** Hz, as declared in the CAF description (24000). */
	sampleRate: number;
	channels: number;
	/** Sample frames per packet at `sampleRate` (480 = 20 ms). */
	framesPerPacket: number;
	/** Number of Opus packets. */
	packets: number;
}

/** The options of `toVoiceNote`, all of them optional. */
export interface VoiceNoteOptions {
	/** Target bitrate of the Opus encoder in kb/s, 6 to 128; 32 by default. */
	bitrate?: number;
	/** Decode and encode even if the Opus packets could be remuxed. */
	alwaysReencode?: boolean;
	/** Bring the audio to −16 LUFS (ITU-R BS.1770) with a true peak of at most −1.5 dBTP. */
	normaliseLoudness?: boolean;
	/** Trim silence at both ends to at most a tenth of a second. */
	trimSilence?: boolean;
	/** Silence before the audio, in milliseconds; helps if the first word is clipped. */
	leadingSilenceMs?: number;
	/** Longest audio allowed. */
	maximumDuration?: MaximumDuration;
	/** Also return the note as an MP3 file made from the same samples. */
	playableCopy?: boolean;
	/** The caller's mime type, used only for raw PCM, which carries no header (for example `audio/L16;rate=24000`). */
	mimeType?: string;
	/** How to read raw PCM; used only for bytes that have no header. Takes precedence over the mime type. */
	rawFormat?: RawPcmFormat;
	/** Which of several audio tracks of a video to take, counted from 1; the first by default. */
	audioTrack?: number;
	/** Which decoders to use; `automatic` by default: our own, and FFmpeg for what they do not read. */
	engine?: Engine;
	/** Runs FFmpeg, if the caller can; without it, the built-in decoders are used. */
	ffmpeg?: RunFfmpeg;
	/** Called between time slices so that other work gets the thread; must resolve in a later task. */
	pause?: () => Promise<void>;
	/** Stops the conversion with a `cancelled` error within one slice. */
	signal?: AbortSignal;
}

/** A longest duration, and what happens to audio beyond it. */
export interface MaximumDuration {
	seconds: number;
	/**
	 * Refuse it, cut it with a short fade, or split it into several voice notes. The last of them is at least a second
	 * long, or half the maximum if that is shorter.
	 */
	onExceed: 'fail' | 'cut' | 'split';
}

/** A finished, validated voice note. */
export interface VoiceNote {
	/** The CAF file; it may be part of a larger block of memory. */
	bytes: Uint8Array;
	info: VoiceNoteInfo;
	/** Remarks for the user, in complete sentences, for example that the input was cut short. */
	hints: string[];
	/** The note for those who cannot play CAF: MP3, mono, 24 kHz, 48 kb/s. Only if requested. */
	playableCopy?: AudioFile;
}

/** How a file was made; see `AudioFileInfo.method`. */
export type ExtractionMethod =
	/** Opus packets remuxed to Ogg, unchanged. */
	| 'remuxed'
	/** Decoded to PCM. */
	| 'decoded'
	/** Decoded, and encoded as Opus or MP3. */
	| 'encoded'
	/** The file already had that format. */
	| 'untouched';

/** Facts about a file that was made from a voice note. */
export interface AudioFileInfo extends Remarked {
	method: ExtractionMethod;
	/** What the input was, by its bytes: `caf/opus`, `caf/aac`, `amr` … */
	sourceFormat: string;
	format: 'mp3' | 'ogg' | 'wav';
	/** Length of the valid range in seconds. */
	durationSeconds: number;
	/** Size of the file in bytes. */
	bytes: number;
	/** Hz; for Ogg Opus 48000, the rate it is decoded at. */
	sampleRate: number;
	channels: number;
}

/** The options of `fromVoiceNote`, all of them optional. */
export interface AudioFileOptions {
	/**
	 * Ogg Opus (the default), MP3 (mono, 24 kHz, 48 kb/s) or WAV with 16-bit mono PCM. `automatic` picks what most
	 * software reads with the least loss: Opus is remuxed to Ogg, MP3 stays as it is, and everything else becomes MP3.
	 */
	format?: 'automatic' | 'mp3' | 'ogg' | 'wav';
	/** Sample rate of a WAV file in Hz: 16000 (the default) or 24000. */
	sampleRate?: number;
	/** The caller's mime type, used only for raw PCM, which carries no header. */
	mimeType?: string;
	/** Called between time slices so that other work gets the thread; must resolve in a later task. */
	pause?: () => Promise<void>;
	/** Stops the conversion with a `cancelled` error within one slice. */
	signal?: AbortSignal;
}

/** A file made from a voice note. */
export interface AudioFile {
	bytes: Uint8Array;
	info: AudioFileInfo;
	/** Remarks for the user, complete sentences; for example that the input was cut short. */
	hints: string[];
}
