/** What is no file: text for sound, nothing, and too little. */
import { cat, text, u16le, u32be, u32le, u8 } from '../bytes.mjs';
import { wav } from '../containers/plain.mjs';
import { id3, id3Frame } from '../containers/tags.mjs';
import { pcmTrack } from '../sources/encoders.mjs';
import { PCM } from '../sources/pcm.mjs';
import { partOf, slice } from '../sources/track.mjs';
import { complete, faultsOf, refused, silence } from './common.mjs';

const RAW = { rawFormat: { sampleFormat: 's16le', sampleRate: 24_000, channels: 1 } };
const words = [
	'Rate limit reached. Try again later.',
	'{"error":{"message":"You exceeded your current quota","type":"insufficient_quota"}}',
	'<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body></body></html>',
	'Ein längerer Text, für den jemand Töne erwartet hätte. '.repeat(20),
	'[object Object]',
	'id,name,amount\r\n1,Anna,3.50\r\n2,Ben,4.00\r\n',
];

const behindId3 = (bytes) => cat(id3(id3Frame('TIT2', text('\0Note'))), bytes);
/** The first bytes of formats that are not read, and how they are called. */
const NAMED = [
	[(rest) => cat(text('MAC '), u16le(3_990), rest), /Monkey/],
	[(rest) => behindId3(cat(text('MAC '), u16le(3_990), rest)), /Monkey/],
	[(rest) => cat(text('TTA1'), rest), /TTA|True Audio/],
	[(rest) => behindId3(cat(text('TTA1'), rest)), /TTA|True Audio/],
	[(rest) => cat(text('tBaK'), rest), /TAK/],
	[(rest) => cat(text('wvpk'), u32le(1_000), u16le(0x410), rest), /WavPack/],
	[(rest) => cat(text('FLV'), u8(1, 4), u32be(9), u32be(0), rest), /FLV|Flash/],
	[(rest) => cat(text('RIFF'), u32le(2_000), text('AVI LIST'), rest), /AVI/],
	[(rest) => cat(u8(0x0b, 0x77, 0, 0, 0x14, 0x40), rest), /AC-3|Dolby/],
	[(rest) => behindId3(cat(u8(0x0b, 0x77, 0, 0, 0x14, 0x40), rest)), /AC-3|Dolby/],
	[(rest) => cat(text('Extended Module: a song'), rest), /module|tracker/i],
	[(rest) => cat(text('IMPM'), rest), /module|tracker/i],
	[(rest) => cat(u8(0xac, 0x40, 0xff, 0xff), rest), /AC-4/],
];

export const rawFaults = () =>
	faultsOf('raw', (define) => {
		define('PCM with its format', 'control', async (random) => {
			const track = await pcmTrack(random.pick(['a', 'b', 'c']), PCM.s16le);
			return {
				...complete(cat(track.packets), [partOf(track)]),
				options: random.chance(0.5) ? RAW : { mimeType: 'audio/L16;codec=pcm;rate=24000', rawFormat: RAW.rawFormat },
			};
		});
		define('text for sound, the raw format set', 'text as PCM', (random) =>
			refused(Buffer.from(random.pick(words).repeat(random.pick([1, 1, 200]))), /text|short|JSON|HTML/i, RAW),
		);
		define('text for sound', 'text as PCM', (random) =>
			refused(Buffer.from(random.pick(words).repeat(random.pick([1, 200]))), /./),
		);
		define('PCM without its rate', 'PCM without its rate', async (random) => {
			const track = await pcmTrack('b', PCM.s16le);
			return refused(cat(track.packets), /\brate\b/i, {
				mimeType: random.pick(['audio/pcm', 'audio/L16', 'audio/l16; channels=1']),
			});
		});
		define('nothing at all', 'nothing', (random) =>
			refused(Buffer.alloc(0), /./, random.pick([{}, RAW, { leadingSilenceMs: 300 }])),
		);
		define('shorter than 0.1 s', 'nothing', async (random) => {
			const track = await pcmTrack('a', PCM.s16le);
			const cut = slice(track, 0, random.between(0, 8));
			return refused(
				wav(cut),
				/short|length|long|no (audio|sound)|duration|empty/i,
				random.pick([{}, { leadingSilenceMs: 500 }]),
			);
		});
		define('silent from end to end', 'nothing', (random) => {
			const length = random.between(1, 4);
			const track = {
				rate: 24_000,
				channels: 1,
				config: { format: PCM.s16le },
				packets: [Buffer.alloc(48_000 * length)],
				samples: [24_000 * length],
			};
			return { bytes: wav(track), expected: { contents: [[silence(length)]], readable: true, mustRemark: true } };
		});
		define('a format that is not read', 'formats called by name', (random) => {
			const [make, name] = random.pick(NAMED);
			return refused(make(random.bytes(3_000)), name);
		});
		define('random bytes', 'control', (random) =>
			refused(cat(text('?'), random.bytes(random.between(100, 4_000))), /./),
		);
	});
