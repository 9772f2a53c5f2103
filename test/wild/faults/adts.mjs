/** AAC in ADTS: frames of other streams, gaps, and tags. */
import { cat, text } from '../bytes.mjs';
import { adtsFrames } from '../containers/adts.mjs';
import { id3, id3Frame, id3v1, picture } from '../containers/tags.mjs';
import { aacTrack } from '../sources/encoders.mjs';
import { partOf } from '../sources/track.mjs';
import { everyFileFaults, faultsOf, faulty, whole } from './common.mjs';

const SHAPES = [['a'], ['b'], ['b', { rate: 44_100 }], ['c', { channels: 2 }], ['c', { rate: 44_100, channels: 2 }]];
const any = (random) => aacTrack(...random.pick(SHAPES));
const KIND = { changes: 'AAC: rate or channels change', gaps: 'AAC: gaps', joined: 'AAC: joined recordings' };
const title = id3Frame('TIT2', text('\0Note'));

export const adtsFaults = () =>
	faultsOf('adts', (define) => {
		everyFileFaults(
			define,
			async (random) => {
				const track = await any(random);
				return { file: cat(adtsFrames(track)), track };
			},
			{ unit: 0.1, endKnown: false },
		);
		const join = (name, kind, left, right) =>
			define(name, kind, async (random) => {
				const [first, second] = [await aacTrack(...random.pick(left)), await aacTrack(...random.pick(right))];
				const between = random.pick([[], [], id3(title), id3v1()]);
				return faulty(cat(adtsFrames(first), between, adtsFrames(second)), whole(first, second));
			});
		join('joined, of the same kind', KIND.joined, [['a']], [['b']]);
		join('another rate on the way', KIND.changes, [['a']], [['b', { rate: 44_100 }]]);
		join('other channels on the way', KIND.changes, [['a'], ['b']], [['c', { channels: 2 }]]);
		join(
			'other channels and another rate on the way',
			KIND.changes,
			[['c', { rate: 44_100, channels: 2 }]],
			[['a'], ['b']],
		);
		define('stray frames in front', KIND.changes, async (random) => {
			const track = await aacTrack('a');
			const other = await aacTrack('c', { rate: 44_100, channels: 2 });
			return faulty(cat(adtsFrames(other).slice(2, 2 + random.between(1, 2)), adtsFrames(track)), whole(track), {
				readable: true,
			});
		});
		define('rubbish between two frames', KIND.gaps, async (random) => {
			const track = await any(random);
			const at = random.between(5, 25);
			const frames = adtsFrames(track);
			return faulty(
				cat(frames.slice(0, at), picture(random.between(1, 5_000), random), frames.slice(at)),
				[partOf(track, 0, at), partOf(track, at)],
				{ mayRemark: true },
			);
		});
		define('frames missing', KIND.gaps, async (random) => {
			const track = await any(random);
			const at = random.between(5, 15);
			const to = at + random.between(1, 12);
			const frames = adtsFrames(track);
			return faulty(cat(frames.slice(0, at), frames.slice(to)), [partOf(track, 0, at), partOf(track, to)], {
				mayRemark: true,
			});
		});
		define('frames destroyed', KIND.gaps, async (random) => {
			const track = await any(random);
			const at = random.between(5, 15);
			const to = at + random.between(1, 12);
			const frames = adtsFrames(track).map((frame, index) =>
				index >= at && index < to ? Buffer.alloc(frame.length) : frame,
			);
			return faulty(cat(frames), [partOf(track, 0, at), partOf(track, to)], { mayRemark: true });
		});
		define('it begins within a frame', KIND.gaps, async (random) => {
			const track = await any(random);
			const frames = adtsFrames(track);
			return faulty(
				cat(frames[2].subarray(random.between(1, frames[2].length - 1)), frames.slice(3)),
				[partOf(track, 3)],
				{ mayRemark: true },
			);
		});
	});
