/** Faults that any file may have, and the words in which the others are told. */
import { cat, text } from '../bytes.mjs';
import { partOf, slice, sum } from '../sources/track.mjs';
import { id3, id3Frame, id3v1, picture } from '../containers/tags.mjs';

/** All of the tracks, one behind the other. */
export const whole = (...tracks) => tracks.map((track) => partOf(track));
export const silence = (seconds) => ({ voice: undefined, from: 0, to: seconds, held: seconds });

/** Seconds of packets. */
export const secondsOf = ({ samples, rate }) => sum(samples) / rate;

/** The faults of one container; `define(name, kind, make)` adds one. */
export function faultsOf(container, fill) {
	const list = [];
	fill((name, kind, make) => list.push({ container, name, kind, make }));
	return list;
}

/** A file all of which is to be heard, without a remark. */
export const complete = (bytes, parts, more) => ({ bytes, expected: { contents: [parts], readable: true, ...more } });
/** A file of which all, less with a remark, or a clear error is right. */
export const faulty = (bytes, parts, more) => ({ bytes, expected: { contents: [parts], ...more } });
export const refused = (bytes, words, options) => ({ bytes, expected: { contents: [[]], refuse: words }, options });

/** What is left of a track if only `bytes` of its file are there: the packets that are whole. */
export function heldIn(bytes, track) {
	let at = 0;
	let count = 0;
	for (const packet of track.packets) {
		const found = bytes.indexOf(packet, at);
		if (found < 0) break;
		at = found + packet.length;
		count++;
	}
	return count;
}

/** Seconds of the packets that are whole. */
export const heldSecondsIn = (bytes, track) => secondsOf(slice(track, 0, heldIn(bytes, track)));

/** Less than a tenth of a second is refused, and the first packet of some codecs gives nothing. */
const MIN_HEARD_SECONDS = 0.2;

/**
 * The file cut off somewhere within its sound.
 *
 * @param {object} how `unit`: seconds that stand or fall together; `index`: without its end the file cannot be read;
 *   `endKnown`: the file says how long it is, so that the cut can be told
 */
function cutOff(random, file, track, { unit = 0, index = false, endKnown = true } = {}) {
	const bytes = file.subarray(0, Math.floor(file.length * (0.35 + 0.55 * random.next())));
	const parts = [partOf(track, 0, heldIn(bytes, track))];
	const isHeard = heldSecondsIn(bytes, track) - unit > MIN_HEARD_SECONDS;
	// Behind a whole packet, a length that is too large and an end that is missing look the same.
	const isWithinPacket = heldIn(bytes.subarray(0, -1), track) === heldIn(bytes, track);
	const mustRemark = endKnown && isWithinPacket;
	const expected = { contents: [parts], cut: true, unit, mustRemark, readable: !index && isHeard };
	const isTold = isHeard || !isWithinPacket;
	return { bytes, expected: { ...expected, errorWords: isTold ? undefined : /cut|missing|incomplete/i } };
}

const CONTENT_KINDS = 'Text instead of a file';

const TAILS = [
	() => text('<!-- served by cache 7 -->\r\n'),
	(random) => Buffer.alloc(random.between(1, 3_000)),
	() => id3v1(),
	() => text('\r\n'),
	() => text('OK'),
];

/**
 * What every container can meet: cut off, bytes behind it, a tag in front, and ways through text.
 *
 * @param {(random) => Promise<{ file: Buffer, track: object }>} clean
 */
export function everyFileFaults(
	define,
	clean,
	{
		unit = 0.4,
		index = false,
		endKnown = true,
		behind = 'no false remarks: bytes behind the end',
		tagInFront = true,
		cut = true,
	} = {},
) {
	define('clean', 'control', async (random) => {
		const { file, track } = await clean(random);
		return complete(file, whole(track));
	});
	if (cut)
		define('cut off', 'cut off', async (random) => {
			const { file, track } = await clean(random);
			return cutOff(random, file, track, { unit, index, endKnown });
		});
	define('bytes behind', behind, async (random) => {
		const { file, track } = await clean(random);
		return complete(cat(file, random.pick(TAILS)(random)), whole(track));
	});
	if (tagInFront)
		define('ID3 in front', 'tags in front', async (random) => {
			const { file, track } = await clean(random);
			const body = random.chance(0.5)
				? id3Frame('TIT2', text('\0Note'))
				: cat(id3Frame('APIC', cat(text('\0image/jpeg\0\x03\0'), picture(random.between(1_000, 90_000), random))));
			return complete(cat(id3(body), file), whole(track));
		});
	define('blank lines in front', 'tags in front', async (random) => {
		const { file, track } = await clean(random);
		const bytes = cat(text(random.pick(['\r\n', '\n', '\n\n\n', '  ', '\xef\xbb\xbf'])), file);
		return complete(bytes, whole(track), { mayRemark: true });
	});
	define('read as UTF-8 and written again', CONTENT_KINDS, async (random) => {
		const { file } = await clean(random);
		return refused(Buffer.from(file.toString('utf8')), /\btext\b|UTF-8/i);
	});
	define('read as Latin-1 and written as UTF-8', CONTENT_KINDS, async (random) => {
		const { file, track } = await clean(random);
		const bytes = Buffer.from(file.toString('latin1'), 'utf8');
		return { bytes, expected: { contents: [whole(track)], mayRemark: true, errorWords: /\btext\b|UTF-8|Latin/i } };
	});
	define('Base64, not decoded', 'Base64 or a data: URI', async (random) => {
		const { file, track } = await clean(random);
		const prefix = random.pick(['', 'data:audio/mpeg;base64,']);
		const bytes = Buffer.from(prefix + file.toString('base64'));
		const options = random.chance(0.5) ? { rawFormat: { sampleFormat: 's16le', sampleRate: 24_000, channels: 1 } } : {};
		return {
			bytes,
			options,
			expected: { contents: [whole(track)], mayRemark: true, errorWords: /base64|text|data: ?UR/i },
		};
	});
	define('a data: URI put through Base64 decoding', 'a data: URI put through Base64 decoding', async (random) => {
		const { file, track } = await clean(random);
		const bytes = Buffer.from(`data:audio/wav;base64,${file.toString('base64')}`, 'base64');
		return { bytes, expected: { contents: [whole(track)], mayRemark: true, errorWords: /base64|data: ?UR/i } };
	});
	define('nothing of it but the first bytes', 'cut in the tag, or before the first sample', async (random) => {
		const { file } = await clean(random);
		return { bytes: file.subarray(0, random.between(0, 12)), expected: { contents: [[]], refuse: /./ } };
	});
}
