/** WAVE format tags (Microsoft, `mmreg.h`; RFC 2361). */

export const FORMAT_PCM = 0x0001;
export const FORMAT_MS_ADPCM = 0x0002;
export const FORMAT_IEEE_FLOAT = 0x0003;
export const FORMAT_ALAW = 0x0006;
export const FORMAT_MULAW = 0x0007;
export const FORMAT_IMA_ADPCM = 0x0011;
export const FORMAT_GSM = 0x0031;
export const FORMAT_MPEG_LAYER_3 = 0x0055;
export const FORMAT_EXTENSIBLE = 0xfffe;

/** Codecs that are found in WAV files but not read from there. */
const OTHER_CODECS = new Map<number, string>([
	[0x0000, 'an unnamed codec'],
	[0x0005, 'IBM CVSD'],
	[0x0010, 'OKI ADPCM'],
	[0x0016, 'G.723 ADPCM'],
	[0x0022, 'TrueSpeech'],
	[0x0042, 'G.723.1'],
	[0x0040, 'G.721 ADPCM'],
	[0x0045, 'G.726 ADPCM'],
	[0x0050, 'MPEG Layer 1 or 2'],
	[0x0057, 'AMR-NB'],
	[0x0058, 'AMR-WB'],
	[0x0064, 'G.726 ADPCM'],
	[0x0065, 'G.722 ADPCM'],
	[0x0083, 'G.729'],
	[0x0092, 'Dolby AC-3 (S/PDIF)'],
	[0x00ff, 'AAC'],
	[0x0111, 'G.729'],
	[0x0130, 'ACELP.net'],
	[0x0160, 'Windows Media Audio'],
	[0x0161, 'Windows Media Audio'],
	[0x0162, 'Windows Media Audio Professional'],
	[0x0163, 'Windows Media Audio Lossless'],
	[0x0270, 'ATRAC3'],
	[0x1600, 'AAC (ADTS)'],
	[0x1602, 'AAC (LATM)'],
	[0x1610, 'HE-AAC'],
	[0x2000, 'Dolby AC-3'],
	[0x2001, 'DTS'],
	[0x566f, 'Vorbis'],
	[0x674f, 'Vorbis'],
	[0x6770, 'Vorbis'],
	[0x704f, 'Opus'],
	[0xa109, 'Speex'],
	[0xf1ac, 'FLAC'],
]);

/** The codec's name for a message. */
export function codecName(formatTag: number): string {
	return OTHER_CODECS.get(formatTag) ?? `an unknown codec (0x${formatTag.toString(16).padStart(4, '0')})`;
}
