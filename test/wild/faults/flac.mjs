/** FLAC: what STREAMINFO says, damage, and frames of other streams. */
import { cat, u8 } from '../bytes.mjs';
import { flac } from '../containers/plain.mjs';
import { picture } from '../containers/tags.mjs';
import { flacTrack } from '../sources/encoders.mjs';
import { partOf, sum } from '../sources/track.mjs';
import { complete, everyFileFaults, faultsOf, faulty, refused, whole } from './common.mjs';

const SHAPES = [{}, { rate: 44_100 }, { channels: 2 }, { rate: 16_000, variable: true }];
const any = (random) => flacTrack(random.pick(['a', 'b', 'c']), random.pick(SHAPES));
const KIND = {
	length: 'FLAC: length',
	damage: 'FLAC: damage',
	changes: 'FLAC: rate or channels change',
	joined: 'FLAC: joined files',
};

export const flacFaults = () =>
	faultsOf('flac', (define) => {
		everyFileFaults(
			define,
			async (random) => {
				const track = await any(random);
				return { file: flac(track), track };
			},
			{ unit: 0.1 },
		);
		lengths(define);
		damage(define);
		others(define);
	});

function lengths(define) {
	const total = (name, change, more) =>
		define(name, KIND.length, async (random) => {
			const track = await any(random);
			return faulty(flac(track, { total: Math.round(change(random, sum(track.samples))) }), whole(track), {
				readable: true,
				...more,
			});
		});
	total('the length is not known', () => 0);
	total('the length is too small', (random, length) => length * random.pick([0.01, 0.25, 0.5, 0.9]));
	total('the length is too large', (random, length) => length * random.pick([1.1, 2, 1_000]), { mayRemark: true });
	define('it ends inside its picture', 'cut in the tag, or before the first sample', async (random) => {
		const track = await any(random);
		const image = picture(random.between(5_000, 60_000), random);
		const file = flac(track, { pictures: [image] });
		return refused(
			file.subarray(0, 4 + 38 + random.between(10, image.length)),
			/tag|picture|cover|cut|incomplete|missing/i,
		);
	});
	define('many pictures', 'control', async (random) => {
		const track = await any(random);
		return complete(
			flac(track, { pictures: [picture(random.between(0, 60_000), random), picture(3_000, random)] }),
			whole(track),
		);
	});
}

function damage(define) {
	const spoil = (name, how, known, gone) =>
		define(name, KIND.damage, async (random) => {
			const track = await any(random);
			const at = random.between(4, track.packets.length - 12);
			const count = random.between(1, 8);
			const packets = track.packets.flatMap((packet, index) =>
				index >= at && index < at + count ? how(packet, random) : [packet],
			);
			const file = flac({ ...track, packets }, known ? {} : { total: 0 });
			const parts = [partOf(track, 0, at), partOf(track, at + count)];
			const missing = sum(track.samples.slice(at, at + count)) / track.rate;
			// Silence in place of what cannot be read keeps what follows at its time.
			const filled = [parts[0], { voice: undefined, from: 0, to: missing, held: missing }, parts[1]];
			return {
				bytes: file,
				expected: { contents: [parts, filled], [gone ? 'mayRemark' : 'mustRemark']: true, notCut: true },
			};
		});
	const zeros = (packet) => [Buffer.alloc(packet.length)];
	const flips = (packet, random) => {
		const copy = Buffer.from(packet);
		for (let index = 0; index < 5; index++) copy[random.between(8, copy.length - 1)] ^= 1 << random.between(0, 7);
		return [copy];
	};
	spoil('frames in the middle destroyed, the length known', zeros, true);
	spoil('frames in the middle destroyed, the length not known', zeros, false);
	spoil('bits flipped, the length known', flips, true);
	spoil('bits flipped, the length not known', flips, false);
	spoil('frames missing, the length known', () => [], true);
	spoil('frames missing, the length not known', () => [], false, true);
}

function others(define) {
	const change = (name, kind, shapes, headers) =>
		define(name, kind, async (random) => {
			const [left, right] = shapes(random);
			const [first, second] = [await flacTrack('a', left), await flacTrack('b', right)];
			const known = random.chance(0.5) ? {} : { total: 0 };
			return faulty(cat(flac(first, known), headers ? flac(second) : second.packets), whole(first, second));
		});
	change(
		'frames of another rate on the way',
		KIND.changes,
		(random) => [{ rate: 24_000 }, { rate: random.pick([44_100, 48_000, 16_000]) }],
		false,
	);
	change(
		'frames of other channels on the way',
		KIND.changes,
		(random) =>
			random.pick([
				[{}, { channels: 2 }],
				[{ channels: 2 }, {}],
			]),
		false,
	);
	change('joined, of the same kind', KIND.joined, () => [{}, {}], true);
	change(
		'joined, of another rate',
		KIND.joined,
		(random) => [{ rate: 24_000 }, { rate: random.pick([44_100, 16_000]) }],
		true,
	);
	change(
		'joined, of other channels',
		KIND.joined,
		(random) =>
			random.pick([
				[{}, { channels: 2 }],
				[{ channels: 2 }, {}],
			]),
		true,
	);
	define('frame numbers start anew', KIND.joined, async () => {
		const [first, second] = [await flacTrack('a'), await flacTrack('b')];
		return faulty(
			cat(flac(first, { total: sum(first.samples) + sum(second.samples) }), second.packets),
			whole(first, second),
			{ readable: true },
		);
	});
	define('rubbish between header and frames', KIND.damage, async (random) => {
		const track = await any(random);
		const file = flac({ ...track, packets: [] });
		return faulty(cat(file, picture(random.between(5, 3_000), random), u8(0), track.packets), whole(track), {
			mayRemark: true,
		});
	});
}
