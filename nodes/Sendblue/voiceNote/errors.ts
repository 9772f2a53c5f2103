/** The kinds of failure; stable, so that callers can branch on them. */
export type VoiceNoteErrorCode =
	/** The bytes are not audio, or contain no audio track. */
	| 'notAudio'
	/** Audio, but in a form that is not read (unknown codec, encryption, too many channels…). */
	| 'unsupported'
	/** Raw PCM according to its mime type, which does not say enough to read it. */
	| 'pcmFormatMissing'
	/** A known format, but damaged beyond use. */
	| 'corrupt'
	/** The audio is too large or too long, or there is no memory left for a codec. */
	| 'limit'
	/** An option has an invalid value. */
	| 'badOption'
	/** The caller's signal was aborted. */
	| 'cancelled'
	/** The finished file did not pass validation: our bug, never the input's fault. */
	| 'invalidOutput';

/**
 * What an error is about, if the caller can give a better hint for it. The caller knows where the audio comes from,
 * what the options are called, and whether FFmpeg can be installed.
 */
export type VoiceNoteErrorKind =
	/** Base64 or a `data:` URI in place of the file. */
	| 'base64Text'
	/** No bytes at all. */
	| 'emptyFile'
	/** There is no engine of that name. */
	| 'engine'
	/** FFmpeg was asked for and is not installed. */
	| 'ffmpegMissing'
	/** We do not read it, but FFmpeg does. */
	| 'ffmpegReads'
	/** Text that is not audio: JSON, XML, a playlist, a sentence. */
	| 'message'
	/** A file that holds no audio. */
	| 'otherFile'
	/** Raw PCM without a description of its format. */
	| 'pcmFormat'
	/** Audio that is longer than the caller allows. */
	| 'tooLong'
	/** Bytes of no known format. */
	| 'unknownBytes'
	/** An HTML page. */
	| 'webPage';

/** The default hints, for errors thrown without one of their own. */
const USUAL_HINTS: Readonly<Record<VoiceNoteErrorCode, string>> = {
	notAudio: 'Check that the previous step really produced audio.',
	pcmFormatMissing: 'Give the sample format, the sample rate and the number of channels.',
	unsupported: 'Export it as MP3, M4A, WAV or Ogg.',
	corrupt: 'Export or download the file again.',
	limit: 'Cut the audio into shorter parts, or convert fewer at a time.',
	badOption: 'Choose another value.',
	cancelled: 'Run it again to get the audio.',
	invalidOutput: 'This is a bug in the conversion, not a fault of the audio; please report it.',
};

/**
 * The one error type of the voice note core.
 *
 * `message` says what happened in terms that users understand; `hint` says what to do about it.
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

/** Rethrows a caught error unchanged. A function, because n8n's lint forbids a bare `throw` in a `catch`. */
export function rethrow(error: unknown): never {
	throw error;
}
