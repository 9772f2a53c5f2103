import type { AudioFileInfo } from '../voiceNote/types';
import { urlSafeName } from './fileNames';

/** The formats a received voice note is turned into. */
export type AudioFileFormat = AudioFileInfo['format'];

/** Media types as speech-to-text services know them. */
export const AUDIO_MIME_TYPES: Readonly<Record<AudioFileFormat, string>> = {
	mp3: 'audio/mpeg',
	ogg: 'audio/ogg',
	wav: 'audio/wav',
};

/** The name without extension where the user gives none. */
const DEFAULT_BASE_NAME = 'VoiceNote';

/** The longest name without extension. */
const MAX_BASE_LENGTH = 96;

/**
 * Makes a file name out of what the user typed, or of the name of the voice note: letters, digits, `.`, `-` and `_`,
 * with the extension of the format. Services go by that extension.
 */
export function audioFileName(wanted: unknown, format: AudioFileFormat): string {
	const typed = String(wanted ?? '')
		.trim()
		.replace(/\.(ogg|opus|wav|caf|amr|mp3|m4a)$/i, '');
	const base = urlSafeName(typed).slice(0, MAX_BASE_LENGTH);
	return `${base === '' ? DEFAULT_BASE_NAME : base}.${format}`;
}
