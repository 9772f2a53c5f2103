/** How a voice note came about; see `VoiceNoteInfo.method`. */
export type ConversionMethod =
	/** Decoded and encoded as Opus. */
	| 'encoded'
	/** Opus packets moved into our CAF layout, not touched. */
	| 'remuxed'
	/** The file already had exactly our layout. */
	| 'untouched';

/** Facts about a finished voice note, read back from its bytes by our own reader. */
export interface VoiceNoteInfo {
	method: ConversionMethod;
	/** What the input was, by its bytes: `mp3`, `wav`, `ogg/opus`, `webm/opus`, `caf/opus`, `m4a/aac` … */
	sourceFormat: string;
	/** Length of the audio that is heard, in seconds (valid frames ÷ sample rate). */
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

/** What `toVoiceNote` takes beside the audio. All optional. */
export interface VoiceNoteOptions {
	/** Target bitrate of the Opus encoder in kb/s, 6 to 128; 24 by default. */
	bitrate?: number;
	/** Decode and encode even where the Opus packets could be moved as they are. */
	alwaysReencode?: boolean;
	/** The caller's mime type, used only for raw PCM, which carries no header (for example `audio/L16;rate=24000`). */
	mimeType?: string;
	/** Called between slices of work so that others get the thread; must resolve in a later task. */
	pause?: () => Promise<void>;
	/** Stops the conversion with a `cancelled` error within one slice. */
	signal?: AbortSignal;
}

/** A finished, validated voice note. */
export interface VoiceNote {
	/** The CAF file. */
	bytes: Uint8Array;
	info: VoiceNoteInfo;
	/** Remarks for the user, complete sentences; for example that the input was cut short. */
	hints: string[];
}
