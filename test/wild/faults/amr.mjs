/** AMR: frame headers, the first line, and joined recordings. */
import { cat, edited, text } from '../bytes.mjs';
import { amr } from '../containers/plain.mjs';
import { AMR_MAGIC, amrTrack } from '../sources/encoders.mjs';
import { partOf } from '../sources/track.mjs';
import { complete, everyFileFaults, faultsOf, faulty, whole } from './common.mjs';

export const amrFaults = () => ['amr', 'amrwb'].flatMap((codec) => faultsOf(codec, (define) => fill(define, codec)));

function fill(define, codec) {
	const any = (random) => amrTrack(random.pick(['a', 'b']), { codec });
	everyFileFaults(
		define,
		async (random) => {
			const track = await any(random);
			return { file: amr(track), track };
		},
		{ tagInFront: false, unit: 0.1, endKnown: false, behind: 'AMR: bytes behind the end' },
	);
	define('padding bits are set', 'AMR: padding bits', async (random) => {
		const track = await any(random);
		const bits = random.pick([0x83, 0x03, 0x80]);
		return complete(
			amr({ ...track, packets: track.packets.map((frame) => edited(frame, (copy) => (copy[0] |= bits))) }),
			whole(track),
		);
	});
	define('frames say that they are bad', 'AMR: frame types', async (random) => {
		const track = await any(random);
		return faulty(
			amr({ ...track, packets: track.packets.map((frame) => edited(frame, (copy) => (copy[0] &= ~4))) }),
			whole(track),
			{ mayRemark: true },
		);
	});
	define('a frame type that does not exist', 'AMR: frame types', async (random) => {
		const track = await any(random);
		const at = random.between(10, 60);
		const types = codec === 'amr' ? [9, 10, 12, 14] : [10, 11, 13];
		const packets = track.packets.map((frame, index) =>
			index === at ? edited(frame, (copy) => (copy[0] = (random.pick(types) << 3) | 4)) : frame,
		);
		return faulty(amr({ ...track, packets }), [partOf(track, 0, at), partOf(track, at + 1)], { mayRemark: true });
	});
	define('the line end of the first line is changed', 'AMR: the first line', async (random) => {
		const track = await any(random);
		const magic = AMR_MAGIC[codec].replace('\n', random.pick(['\r\n', '\r']));
		return {
			bytes: cat(text(magic), track.packets),
			expected: { contents: [whole(track)], mayRemark: true, errorWords: /line|text/i },
		};
	});
	define('joined', 'AMR: joined recordings', async (random) => {
		const [first, second] = [await amrTrack('a', { codec }), await amrTrack('b', { codec })];
		const headers = random.chance(0.5) ? amr(second) : cat(second.packets);
		return faulty(cat(amr(first), headers), whole(first, second));
	});
	define('narrow band and wide band joined', 'AMR: joined recordings', async () => {
		const [first, second] = [
			await amrTrack('a', { codec }),
			await amrTrack('b', { codec: codec === 'amr' ? 'amrwb' : 'amr' }),
		];
		return faulty(cat(amr(first), amr(second)), whole(first, second));
	});
	define('line ends changed by a transfer as text', 'Text instead of a file', async (random) => {
		const track = await any(random);
		const bytes = Buffer.from(amr(track).toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
		return { bytes, expected: { contents: [whole(track)], mustRemark: true, errorWords: /line|text/i } };
	});
}
