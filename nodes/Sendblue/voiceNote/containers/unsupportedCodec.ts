import { VoiceNoteError } from '../errors';

/** What users know codecs by, from the names that containers give them (case does not matter). */
const CODEC_NAMES: Readonly<Record<string, string>> = {
	'ac-3': 'AC-3 (Dolby Digital)',
	'ec-3': 'E-AC-3 (Dolby Digital Plus)',
	'ac-4': 'AC-4 (Dolby)',
	'aac-latm': 'AAC in LATM',
	a_ac3: 'AC-3 (Dolby Digital)',
	a_eac3: 'E-AC-3 (Dolby Digital Plus)',
	a_dts: 'DTS',
	a_truehd: 'Dolby TrueHD',
	a_mlp: 'MLP',
	a_wavpack4: 'WavPack',
	a_tta1: 'TTA',
	dtsc: 'DTS',
	dtse: 'DTS Express',
	dtsh: 'DTS-HD',
	dtsl: 'DTS-HD Lossless',
	mlpa: 'Dolby TrueHD',
	mha1: 'MPEG-H 3D Audio',
	mhm1: 'MPEG-H 3D Audio',
	qdm2: 'QDesign Music 2',
	qdmc: 'QDesign Music',
	mac3: 'MACE 3:1',
	mac6: 'MACE 6:1',
	agsm: 'GSM',
	sqcp: 'QCELP',
	sevc: 'EVRC',
	usac: 'xHE-AAC (USAC)',
	opus: 'Opus',
	speex: 'Speex',
	wma: 'Windows Media (WMA)',
};

/** What users know a codec by. */
export function codecTitle(codec: string): string {
	const key = codec.trim().toLowerCase();
	return Object.hasOwn(CODEC_NAMES, key) ? CODEC_NAMES[key] : `"${codec.trim()}"`;
}

/**
 * The error for audio in a codec that is not read.
 *
 * @param container as it stands before "holds": `MP4 file`, `Matroska file`
 * @param codec the container's name of the codec
 */
export function unsupportedCodec(container: string, codec: string): VoiceNoteError {
	const name = codecTitle(codec);
	return new VoiceNoteError(
		'unsupported',
		`The ${container} holds ${name} audio, which is not read`,
		'Export it as MP3, M4A, WAV or Ogg.',
		'ffmpegReads',
	);
}

/** The error for audio that only the shop's own player may play. */
export function encryptedAudio(container: string): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		`The ${container} is encrypted (copy-protected)`,
		'Use a file without copy protection.',
	);
}
