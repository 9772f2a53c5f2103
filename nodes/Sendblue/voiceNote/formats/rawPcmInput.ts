import type { AudioInput } from '../pcm/pcmSource';
import { openRawPcm } from '../containers/raw/rawPcm';
import { parsePcmMimeType } from '../containers/raw/rawPcmNames';
import type { AudioRequest } from '../pipeline/reconcile';
import { pcmInput } from './pcmInput';

/**
 * Raw PCM, which has no header: only what the caller says tells what it is. An explicit format wins over the mime
 * type.
 *
 * @returns undefined where the caller does not say that the bytes are raw PCM
 * @throws {VoiceNoteError} `badOption` or `corrupt` where the format the caller gives cannot be
 */
export function rawPcmInput(bytes: Uint8Array, { mimeType, rawFormat }: AudioRequest): AudioInput | undefined {
	const format = rawFormat ?? (mimeType === undefined ? undefined : parsePcmMimeType(mimeType));
	return format && pcmInput(openRawPcm(bytes, format));
}
