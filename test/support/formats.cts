/**
 * The formats that are read: how, and with which encoders' files that is tested. One list for the tests, which run
 * over it, and for the table of docs/formats.md, which is made of it.
 */

/** Samples at the rate of the decoded audio by which a length may be off. */
type Samples = number;

/** A file in test/fixtures/formats, which holds the fixture signal. */
export interface FormatFixture {
	file: string;
	/** What our result calls it. */
	sourceFormat: string;
	/** Hz, of the decoded audio. */
	sampleRate: number;
	/** Channels; 1 if not stated. */
	channels?: 1 | 2;
	/** Length of the signal in seconds; 0.5 if not stated. */
	seconds?: number;
	/** Least agreement with the signal, in dB. */
	snrDb: number;
	/** Frames by which it begins late: encoder delay that no header states. */
	delay?: Samples;
	/** Frames more than the signal has, delay and padding that no header states. */
	extra?: Samples;
	/** Whether the voice note is made of the packets as they are. */
	isRemuxed?: boolean;
}

/** How close our decoding has to be to ffmpeg's: sample by sample in dB (Infinity: equal), or in spectrum only. */
export type Agreement = { snrDb: number } | { spectrumDb: number };

/** A way to make a file of a format: an encoder, and the command that runs it. */
export interface FormatEncoding {
	/** The encoder's name. */
	encoder: string;
	/** The commands it takes, all of which must be installed. */
	tools: string[];
	extension: string;
	/** Rate and channels of the input. */
	sampleRate: number;
	channels: number;
	/** Arguments of the first tool. */
	arguments(input: string, output: string): string[];
	/** Bytes to put before what the tool wrote. */
	prefix?: string;
	agreement: Agreement;
	/** What it is compared with; ffmpeg if not stated. */
	referenceDecoder?: 'oggdec';
	/** Frames at the start that ffmpeg drops and we do not. */
	ahead?: Samples;
	/** Frames of one packet: by so many the length may be off. */
	packet: Samples;
}

/** A format as docs/formats.md names it. */
export interface FormatRow {
	format: string;
	how: string;
	fixtures: FormatFixture[];
	encodings: FormatEncoding[];
	/** An encoder that the tests cannot run, whose files they keep; which test compares them. */
	kept?: { encoder: string; agreement: string; test: string };
}

const EXACT: Agreement = { snrDb: Infinity };
const LOSSY: Agreement = { snrDb: 60 };
const SPEECH: Agreement = { spectrumDb: 3 };

interface Shape {
	sampleRate?: number;
	channels?: number;
}

const byFfmpeg = (
	encoder: string,
	extension: string,
	options: string,
	agreement: Agreement,
	packet: Samples,
	{ sampleRate = 44_100, channels = 2 }: Shape = {},
): FormatEncoding => ({
	encoder: `FFmpeg (${encoder})`,
	tools: ['ffmpeg'],
	extension,
	sampleRate,
	channels,
	arguments: (input, output) => ['-v', 'error', '-y', '-i', input, ...options.split(' '), output],
	agreement,
	packet,
});

const byGStreamer = (
	encoder: string,
	extension: string,
	pipeline: string,
	agreement: Agreement,
	packet: Samples,
	{ sampleRate = 44_100, channels = 2 }: Shape = {},
): FormatEncoding => ({
	encoder: `GStreamer (${encoder})`,
	tools: ['gst-launch-1.0'],
	extension,
	sampleRate,
	channels,
	arguments: (input, output) =>
		`-q filesrc location=${input} ! wavparse ! audioconvert ! ${pipeline} ! filesink location=${output}`.split(' '),
	agreement,
	packet,
});

const byTool = (
	encoder: string,
	tool: string,
	extension: string,
	args: (input: string, output: string) => string[],
	agreement: Agreement,
	packet: Samples,
	{ sampleRate = 44_100, channels = 2 }: Shape = {},
): FormatEncoding => ({ encoder, tools: [tool], extension, sampleRate, channels, arguments: args, agreement, packet });

const AAC = '-c:a aac -aac_pns 0 -b:a 128k';
const VISUALON = 'voaacenc bitrate=128000';

/** Every format, in the order of docs/formats.md. */
export const FORMATS: readonly FormatRow[] = [
	{
		format: 'Opus in Ogg, WebM, Matroska, MP4 or CAF',
		how: 'moved without loss if it is mono in packets of 20 ms (or several of them), else decoded by libopus',
		fixtures: [
			{ file: 'opus20.opus', sourceFormat: 'ogg/opus', sampleRate: 24_000, snrDb: 10, isRemuxed: true },
			{ file: 'opus.webm', sourceFormat: 'webm/opus', sampleRate: 24_000, snrDb: 10, isRemuxed: true },
			{ file: 'opus.mp4', sourceFormat: 'mp4/opus', sampleRate: 24_000, snrDb: 10, isRemuxed: true },
			{ file: 'opus60.opus', sourceFormat: 'ogg/opus', sampleRate: 24_000, snrDb: 10 },
			{ file: 'opusstereo.opus', sourceFormat: 'ogg/opus', sampleRate: 24_000, channels: 2, snrDb: 10 },
		],
		encodings: [
			byFfmpeg('libopus', 'opus', '-c:a libopus', SPEECH, 960),
			byFfmpeg('libopus', 'webm', '-c:a libopus', SPEECH, 960),
			byFfmpeg('libopus', 'mkv', '-c:a libopus -ac 1', SPEECH, 960, { channels: 1 }),
			byFfmpeg('libopus', 'mp4', '-c:a libopus', SPEECH, 960),
			byTool(
				'opus-tools',
				'opusenc',
				'opus',
				(input, output) => ['--quiet', '--framesize', '60', input, output],
				SPEECH,
				2_880,
			),
			byGStreamer('opusenc', 'webm', 'audioresample ! opusenc ! webmmux', SPEECH, 960),
			byGStreamer('opusenc', 'ogg', 'audioresample ! opusenc ! oggmux', SPEECH, 960),
		],
	},
	{
		format: 'MP3 (also MPEG-1 layer I and II, and the low rates of MPEG-2 and 2.5)',
		how: 'decoded by mpg123, encoder delay and padding removed',
		fixtures: [
			{ file: 'cbr.mp3', sourceFormat: 'mp3', sampleRate: 44_100, snrDb: 20 },
			{ file: 'vbr.mp3', sourceFormat: 'mp3', sampleRate: 44_100, channels: 2, snrDb: 20 },
			{ file: 'mpeg2.mp3', sourceFormat: 'mp3', sampleRate: 16_000, snrDb: 20, delay: 1_105, extra: 1_216 },
			{ file: 'mpeg25.mp3', sourceFormat: 'mp3', sampleRate: 8_000, snrDb: 15, delay: 1_105, extra: 1_184 },
			{ file: 'shine.mp3', sourceFormat: 'mp3', sampleRate: 32_000, snrDb: 15, delay: 1_057, extra: 128 },
		],
		encodings: [
			byTool('LAME', 'lame', 'mp3', (input, output) => ['--quiet', '-b', '128', '--cbr', input, output], LOSSY, 1_152),
			byTool('LAME', 'lame', 'mp3', (input, output) => ['--quiet', '-V', '4', input, output], LOSSY, 1_152),
			byTool('LAME', 'lame', 'mp3', (input, output) => ['--quiet', '-b', '24', input, output], LOSSY, 1_152, {
				sampleRate: 16_000,
				channels: 1,
			}),
			// Its header states a delay of 0, which for us is none and for ffmpeg leaves the decoder's own.
			{ ...byFfmpeg('libshine', 'mp3', '-c:a libshine -b:a 128k', LOSSY, 1_152), ahead: 529 },
			byFfmpeg('mp2', 'mp2', '-c:a mp2', LOSSY, 1_152),
			byFfmpeg('libmp3lame', 'mp4', '-c:a libmp3lame', LOSSY, 1_152),
			byFfmpeg('libmp3lame', 'caf', '-c:a libmp3lame', LOSSY, 1_152),
		],
	},
	{
		format: 'AAC-LC in M4A, MP4, MOV (fragmented too), 3GP, ADTS and CAF',
		how: "decoded by our own decoder, edit lists and iTunes' gapless tag honored",
		fixtures: [
			{ file: 'aac.m4a', sourceFormat: 'm4a/aac', sampleRate: 44_100, snrDb: 20 },
			{ file: 'fragmented.mp4', sourceFormat: 'mp4/aac', sampleRate: 44_100, snrDb: 20, delay: 1_024, extra: 1_502 },
			{ file: 'adts.aac', sourceFormat: 'aac', sampleRate: 16_000, snrDb: 20, delay: 1_024, extra: 1_216 },
			{ file: 'visualon.m4a', sourceFormat: 'mp4/aac', sampleRate: 44_100, snrDb: 20, delay: 1_600, extra: -546 },
		],
		encodings: [
			byFfmpeg('aac', 'm4a', AAC, LOSSY, 1_024),
			byFfmpeg(
				'aac',
				'mp4',
				`${AAC} -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 300000`,
				LOSSY,
				1_024,
			),
			byFfmpeg('aac', 'mov', AAC, LOSSY, 1_024, { channels: 1 }),
			byFfmpeg('aac', '3gp', AAC, LOSSY, 1_024, { sampleRate: 16_000, channels: 1 }),
			byFfmpeg('aac', 'aac', AAC, LOSSY, 1_024),
			byGStreamer('VisualOn', 'm4a', `${VISUALON} ! mp4mux`, LOSSY, 2_048),
			byGStreamer('VisualOn', 'mp4', `${VISUALON} ! mp4mux fragment-duration=300`, LOSSY, 2_048),
			byGStreamer('VisualOn', 'mov', `${VISUALON} ! qtmux`, LOSSY, 2_048),
		],
	},
	{
		format: 'HE-AAC and HE-AAC v2, in the same',
		how: 'decoded over the whole band by our own decoder, parametric stereo as the mean of its channels',
		fixtures: [],
		encodings: [],
		kept: {
			encoder: 'Fraunhofer FDK, by files that are kept, as no free encoder can be installed',
			agreement: '100 dB to ffmpeg; with parametric stereo every band within 2 dB of the mean of its channels',
			test: 'test/unit/aac/heAac.test.cts',
		},
	},
	{
		format: 'The audio of MPEG-TS (AAC, MP3)',
		how: 'taken out by our own reader, decoded as above',
		fixtures: [
			{ file: 'aac.mpegts', sourceFormat: 'ts/aac', sampleRate: 16_000, snrDb: 20, delay: 1_024, extra: 1_216 },
			{ file: 'mp3.mpegts', sourceFormat: 'ts/mp3', sampleRate: 16_000, snrDb: 20, delay: 1_105, extra: 1_216 },
		],
		encodings: [
			byFfmpeg('aac', 'ts', AAC, LOSSY, 1_024),
			byFfmpeg('libmp3lame', 'ts', '-c:a libmp3lame', LOSSY, 1_152),
			byGStreamer('VisualOn', 'ts', `${VISUALON} ! aacparse ! mpegtsmux`, LOSSY, 2_048),
			byGStreamer('LAME', 'ts', 'lamemp3enc ! mpegaudioparse ! mpegtsmux', LOSSY, 1_152),
		],
	},
	{
		format: 'The audio of MP4, MOV, WebM and Matroska video',
		how: 'taken out by our own readers, the first audio track or another by option',
		fixtures: [
			{ file: 'video.mp4', sourceFormat: 'mp4/aac', sampleRate: 16_000, snrDb: 20 },
			{ file: 'video.mkv', sourceFormat: 'matroska/mp3', sampleRate: 16_000, snrDb: 20, delay: 1_105, extra: 1_105 },
			{ file: 'aac.mkv', sourceFormat: 'matroska/aac', sampleRate: 16_000, snrDb: 20, delay: 1_024, extra: 1_216 },
			{ file: 'flac.mkv', sourceFormat: 'matroska/flac', sampleRate: 8_000, snrDb: 70 },
		],
		encodings: [
			byFfmpeg('aac', 'mkv', AAC, LOSSY, 1_024),
			byFfmpeg('libmp3lame', 'mkv', '-c:a libmp3lame', LOSSY, 1_152),
			byFfmpeg('libvorbis', 'mkv', '-c:a libvorbis', LOSSY, 4_096),
			byFfmpeg('flac', 'mkv', '-c:a flac', EXACT, 0),
			byFfmpeg('alac', 'mkv', '-c:a alac', EXACT, 0),
			byFfmpeg('pcm_s16le', 'mkv', '-c:a pcm_s16le', EXACT, 0),
			byFfmpeg('pcm_f32le', 'mkv', '-c:a pcm_f32le', EXACT, 0),
			byGStreamer('VisualOn', 'mkv', `${VISUALON} ! matroskamux`, LOSSY, 2_048),
			byGStreamer('flacenc', 'mkv', 'flacenc ! flacparse ! matroskamux', EXACT, 0),
		],
	},
	{
		format: 'ALAC in M4A and CAF',
		how: 'decoded by our own decoder, exact',
		fixtures: [
			{ file: 'alac.m4a', sourceFormat: 'm4a/alac', sampleRate: 8_000, snrDb: 70 },
			{ file: 'alac.caf', sourceFormat: 'caf/alac', sampleRate: 8_000, snrDb: 70 },
		],
		encodings: [
			byFfmpeg('alac', 'm4a', '-c:a alac', EXACT, 0),
			byFfmpeg('alac', 'caf', '-c:a alac', EXACT, 0),
			byFfmpeg('alac', 'mov', '-c:a alac -sample_fmt s32p', EXACT, 0),
			byTool('Apple by libsndfile', 'sndfile-convert', 'caf', (input, output) => ['-alac16', input, output], EXACT, 0),
			byTool('Apple by libsndfile', 'sndfile-convert', 'caf', (input, output) => ['-alac24', input, output], EXACT, 0),
		],
	},
	{
		format: 'FLAC, native, in Ogg and in MP4',
		how: 'decoded by our own decoder, exact',
		fixtures: [
			{ file: 'flac.flac', sourceFormat: 'flac', sampleRate: 8_000, snrDb: 70 },
			{ file: 'flac.oga', sourceFormat: 'ogg/flac', sampleRate: 8_000, snrDb: 70 },
			{ file: 'flac.mp4', sourceFormat: 'mp4/flac', sampleRate: 8_000, snrDb: 70 },
		],
		encodings: [
			byTool('flac', 'flac', 'flac', (input, output) => ['-s', '-f', '-8', '-o', output, input], EXACT, 0),
			byTool('flac', 'flac', 'flac', (input, output) => ['-s', '-f', '-0', '-o', output, input], EXACT, 0),
			byTool('flac', 'flac', 'oga', (input, output) => ['-s', '-f', '--ogg', '-o', output, input], EXACT, 0),
			byFfmpeg('flac', 'flac', '-c:a flac', EXACT, 0),
			byFfmpeg('flac', 'flac', '-c:a flac -sample_fmt s32 -compression_level 12', EXACT, 0),
			byFfmpeg('flac', 'ogg', '-c:a flac', EXACT, 0),
			byFfmpeg('flac', 'mp4', '-c:a flac -strict -2', EXACT, 0),
			byGStreamer('flacenc', 'flac', 'flacenc', EXACT, 0),
			byTool('sox', 'sox', 'flac', (input, output) => ['-D', input, '-b', '24', output], EXACT, 0),
		],
	},
	{
		format: 'Vorbis in Ogg and WebM',
		how: 'decoded by libvorbis',
		fixtures: [
			{ file: 'vorbis.ogg', sourceFormat: 'ogg/vorbis', sampleRate: 16_000, snrDb: 15 },
			{ file: 'vorbis.webm', sourceFormat: 'webm/vorbis', sampleRate: 16_000, snrDb: 15, extra: 192 },
		],
		encodings: [
			byTool('vorbis-tools', 'oggenc', 'ogg', (input, output) => ['-Q', '-o', output, input], LOSSY, 4_096),
			byFfmpeg('libvorbis', 'ogg', '-c:a libvorbis', LOSSY, 4_096),
			byFfmpeg('libvorbis', 'webm', '-c:a libvorbis', LOSSY, 4_096),
			// ffmpeg's own encoder leans on a mistake that its decoder shares (the coupling of channels around zero).
			{ ...byFfmpeg('vorbis', 'ogg', '-c:a vorbis -strict -2', LOSSY, 4_096), referenceDecoder: 'oggdec' },
			byGStreamer('vorbisenc', 'ogg', 'vorbisenc ! oggmux', LOSSY, 4_096),
			byGStreamer('vorbisenc', 'webm', 'vorbisenc ! webmmux', LOSSY, 4_096),
		],
	},
	{
		format: 'AMR-NB and AMR-WB, also in 3GP',
		how: 'decoded by opencore-amr',
		fixtures: [
			{ file: 'amr.amr', sourceFormat: 'amr', sampleRate: 8_000, snrDb: 3, delay: 39 },
			{ file: 'amr.3gp', sourceFormat: '3gp/amr', sampleRate: 8_000, snrDb: 3, delay: 39 },
			{ file: 'amrwb.amr', sourceFormat: 'amr-wb', sampleRate: 16_000, snrDb: 3, delay: 94 },
		],
		encodings: [
			byTool(
				'opencore-amr by sox',
				'sox',
				'amr',
				(input, output) => [input, '-t', 'amr-nb', '-C', '7', output],
				SPEECH,
				160,
				{ sampleRate: 8_000, channels: 1 },
			),
			byTool(
				'opencore-amr by sox',
				'sox',
				'amr',
				(input, output) => [input, '-t', 'amr-nb', '-C', '0', output],
				SPEECH,
				160,
				{ sampleRate: 8_000, channels: 1 },
			),
			{
				...byGStreamer('VisualOn', 'awb', 'voamrwbenc band-mode=8', SPEECH, 320, { sampleRate: 16_000, channels: 1 }),
				prefix: '#!AMR-WB\n',
			},
			byGStreamer('VisualOn', 'mov', 'voamrwbenc ! qtmux', SPEECH, 320, { sampleRate: 16_000, channels: 1 }),
		],
	},
	{
		format:
			'PCM, float, A-law and µ-law in WAV, AIFF, AU, CAF, MOV and Matroska; ADPCM (IMA) in all but AU, Microsoft’s in WAV and Matroska',
		how: 'read by our own readers, exact',
		fixtures: [
			{ file: 'mulaw.wav', sourceFormat: 'wav', sampleRate: 8_000, snrDb: 25 },
			{ file: 'pcm.aiff', sourceFormat: 'aiff', sampleRate: 8_000, snrDb: 70 },
			{ file: 'pcm.caf', sourceFormat: 'caf/pcm', sampleRate: 8_000, snrDb: 70 },
			{ file: 'ima4.caf', sourceFormat: 'caf/ima4', sampleRate: 8_000, snrDb: 15, extra: 32 },
			{ file: 'mulaw.au', sourceFormat: 'au', sampleRate: 8_000, snrDb: 25 },
			{ file: 'pcm.mov', sourceFormat: 'mov/pcm', sampleRate: 8_000, seconds: 0.4, snrDb: 70 },
		],
		encodings: [
			...['pcm_s16le', 'pcm_s24be', 'pcm_f32le', 'pcm_alaw', 'pcm_mulaw', 'adpcm_ima_qt'].map((codec) =>
				byFfmpeg(codec, 'caf', `-c:a ${codec}`, EXACT, 64),
			),
			...[
				'pcm_s16le',
				'pcm_s16be',
				'pcm_s24le',
				'pcm_s32be',
				'pcm_f32be',
				'pcm_f64le',
				'pcm_u8',
				'pcm_s8',
				'pcm_alaw',
				'pcm_mulaw',
				'adpcm_ima_qt',
			].map((codec) => byFfmpeg(codec, 'mov', `-c:a ${codec}`, EXACT, 64)),
			byTool('sox', 'sox', 'caf', (input, output) => [input, output], EXACT, 0),
			byTool('libsndfile', 'sndfile-convert', 'caf', (input, output) => ['-pcm24', input, output], EXACT, 0),
			byTool('libsndfile', 'sndfile-convert', 'caf', (input, output) => ['-ulaw', input, output], EXACT, 0),
			byTool('sox', 'sox', 'aiff', (input, output) => [input, output], EXACT, 0),
			byTool('sox', 'sox', 'au', (input, output) => [input, output], EXACT, 0),
			byGStreamer('qtmux', 'mov', 'audio/x-raw,format=S16LE ! qtmux', EXACT, 0),
			byGStreamer('matroskamux', 'mkv', 'audio/x-raw,format=S16LE ! matroskamux', EXACT, 0),
		],
	},
	{
		format: 'GSM 6.10 in WAV and AIFF-C, as telephone systems record',
		how: 'decoded by our own decoder, exact',
		fixtures: [],
		encodings: [
			byFfmpeg('libgsm_ms', 'wav', '-c:a libgsm_ms', EXACT, 320, { sampleRate: 8_000, channels: 1 }),
			byTool('libgsm by sox', 'sox', 'wav', (input, output) => [input, '-e', 'gsm-full-rate', output], EXACT, 320, {
				sampleRate: 8_000,
				channels: 1,
			}),
		],
	},
];
