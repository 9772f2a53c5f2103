/** Matroska and WebM: times, delays, clusters and tracks. */
import { cat } from '../bytes.mjs';
import { assembled, matroska, matroskaParts } from '../containers/matroska.mjs';
import { aacTrack, flacTrack, mp3Track, opusTrack, pcmTrack, vorbisTrack } from '../sources/encoders.mjs';
import { PCM } from '../sources/pcm.mjs';
import { partOf, sum } from '../sources/track.mjs';
import { complete, everyFileFaults, faultsOf, faulty, refused, secondsOf, silence, whole } from './common.mjs';

const CODECS = {
	opus: (random) => opusTrack(random.pick(['a', 'b']), random.pick([{}, { channels: 2 }, { milliseconds: 60 }])),
	vorbis: (random) => vorbisTrack(random.pick(['a', 'b'])),
	aac: (random) => aacTrack(...random.pick([['a'], ['b', { rate: 44_100 }], ['c', { channels: 2 }]])),
	flac: (random) => flacTrack(random.pick(['a', 'b'])),
	mp3: (random) => mp3Track(random.pick(['a', 'b']), random.pick([{}, { rate: 24_000 }])),
};
const KIND = {
	times: 'Matroska: times',
	delay: 'Matroska: delay and padding',
	sizes: 'Matroska: sizes',
	joined: 'Matroska: joined recordings',
	tracks: 'tracks: which is taken',
	changes: 'AAC, Matroska: rate or channels change',
};

export const matroskaFaults = () =>
	Object.entries(CODECS).flatMap(([codec, any]) => faultsOf(`matroska/${codec}`, (define) => fill(define, codec, any)));

function fill(define, codec, any) {
	everyFileFaults(
		define,
		async (random) => {
			const track = await any(random);
			return { file: matroska([track], { unknown: random.chance(0.4), seconds: random.pick([0.2, 0.5, 3]) }), track };
		},
		{ tagInFront: false, unit: 0.2, endKnown: false },
	);
	const change = (name, kind, how, more) =>
		define(name, kind, async (random) => {
			const track = await any(random);
			return faulty(matroska([track], how(random, track)), whole(track), { readable: true, ...more });
		});
	const short = { seconds: 0.2 };
	change('times of the clusters start anew', KIND.times, () => ({
		...short,
		time: (value) => (value > 800 ? value - 800 : value),
	}));
	change('times of the clusters are zero', KIND.times, () => ({ ...short, time: () => 0 }));
	change('times of the clusters are shifted', KIND.times, (random) => {
		const shift = random.pick([1_000, 3_600_000, 86_400_000]);
		return { ...short, time: (value) => value + shift };
	});
	change('times of the clusters jump over a pause', KIND.times, (random) => {
		const jump = random.pick([500, 5_000]);
		return { ...short, time: (value) => (value > 800 ? value + jump : value) };
	});
	change('times of the clusters are scaled', KIND.times, (random) => {
		const factor = random.pick([0.5, 2, 0.1]);
		return { ...short, time: (value) => value * factor };
	});
	change('the scale of times is wrong', KIND.times, (random) => ({
		scale: random.pick([1, 1_000, 500_000, 100_000_000]),
	}));
	change('the duration is wrong or missing', KIND.times, (random) => ({
		duration: random.pick([null, 0, 1, 100, 1e9]),
	}));
	change(
		'the codec delay is wrong',
		KIND.delay,
		(random) => ({ each: [{ codecDelay: random.pick([1e6, 3e9, 1e15]) }] }),
		{ readable: false },
	);
	define('padding at the end is said', 'control', async (random) => {
		const track = await any(random);
		const seconds = (track.samples.at(-1) / track.rate) * 0.8 * random.next();
		const part = partOf(track);
		const length = sum(track.samples) / track.rate - seconds;
		const trimmed = { ...part, to: Math.min(part.to, length - track.delay / track.rate), held: length };
		return complete(
			matroska([track], { discard: (index) => (index === track.packets.length - 1 ? seconds * 1e9 : undefined) }),
			[trimmed],
		);
	});
	change('padding of more than the packet holds', KIND.delay, (random, track) => {
		const nanoseconds = random.pick([1e9, 60e9]);
		return { discard: (index) => (index === track.packets.length - 1 ? nanoseconds : undefined) };
	});
	change(
		'padding on every packet',
		KIND.delay,
		(_random, track) => ({ discard: () => Math.round((track.samples[0] / track.rate) * 1e9) }),
		{ readable: false },
	);
	change('the segment claims too much', KIND.sizes, (random) => ({ segmentExtra: random.pick([10, 100_000]) }));
	define('the segment claims too little', KIND.sizes, async (random) => {
		const track = await any(random);
		return faulty(matroska([track], { segmentExtra: -random.between(100, 2_000), seconds: 0.2 }), whole(track), {
			mayRemark: false,
		});
	});
	define('a cluster is missing', KIND.times, async (random) => {
		const track = await any(random);
		// Packets of many lengths do not tell what is lost unless the file says how long it was.
		const isLive = codec !== 'vorbis' && random.chance(0.5);
		const how = { unknown: isLive, duration: isLive ? null : undefined };
		const parts = matroskaParts([track], { seconds: 0.2, ...how });
		const lost = random.between(1, parts.clusters.length - 2);
		const [from, to] = packetsOf(parts.clusters, lost, track);
		const bytes = assembled({ ...parts, clusters: parts.clusters.filter((_, index) => index !== lost) }, how);
		const left = [partOf(track, 0, from), partOf(track, to)];
		const gap = silence(sum(track.samples.slice(from, to)) / track.rate);
		const contents = [left, [left[0], gap, left[1]]];
		return faulty(bytes, left, { contents, mustRemark: true, says: gap.to - gap.from });
	});
	define('a cluster is written twice', KIND.times, async (random) => {
		const track = await any(random);
		const parts = matroskaParts([track], { seconds: 0.5, unknown: random.chance(0.5) });
		const twice = random.between(0, parts.clusters.length - 1);
		const clusters = parts.clusters.flatMap((cluster, index) => (index === twice ? [cluster, cluster] : cluster));
		return complete(assembled({ ...parts, clusters }), whole(track));
	});
	define('rubbish between two clusters', KIND.sizes, async (random) => {
		const track = await any(random);
		const parts = matroskaParts([track], { seconds: 0.2, unknown: random.chance(0.5) });
		const at = random.between(1, parts.clusters.length - 1);
		const clusters = [
			...parts.clusters.slice(0, at),
			random.bytes(random.between(1, 400)),
			...parts.clusters.slice(at),
		];
		return faulty(assembled({ ...parts, clusters }), whole(track), { mayRemark: true });
	});
	define('only later clusters', 'the beginning is missing', async (random) => {
		const track = await any(random);
		const { clusters } = matroskaParts([track], { seconds: 0.3, unknown: random.chance(0.5) });
		return refused(cat(clusters.slice(1)), /begin|segment|piece|fragment|initiali|first part/i);
	});
	define('another recording is behind it', KIND.joined, async (random) => {
		const [first, second] = [await any(random), await opusTrack('c')];
		const unknown = random.chance(0.5);
		return faulty(cat(matroska([first], { unknown }), matroska([second], { unknown })), whole(first, second));
	});
	define('the first track cannot be read', KIND.tracks, async (random) => {
		const [first, second] = [await opusTrack('c'), await any(random)];
		const bytes = matroska([first, second], {
			each: [{ codecId: random.pick(['A_AC3', 'A_DTS', 'A_REAL/28_8', 'A_WHATEVER']) }],
		});
		return { bytes, expected: { contents: [whole(second)], mayRemark: true, errorWords: /Audio Track/ } };
	});
	define('the first track is silent', KIND.tracks, async (random) => {
		const [sounding, second] = [await pcmTrack('b', PCM.s16le), await any(random)];
		const packets = sounding.packets.map(({ length }) => Buffer.alloc(length));
		const bytes = matroska([{ ...sounding, packets }, second]);
		return { bytes, expected: { contents: [whole(second)], mustRemark: true, readable: true } };
	});
	define('several speakers, a track each', KIND.tracks, async (random) => {
		const [first, second] = [await any(random), await opusTrack('c')];
		return {
			bytes: matroska([first, second]),
			expected: { contents: [whole(first)], mustRemark: true, readable: true, says: secondsOf(second) },
		};
	});
	if (codec === 'aac') changes(define);
}

function changes(define) {
	define('frames of other channels on the way', KIND.changes, async (random) => {
		const [first, second] = [await aacTrack('a'), await aacTrack('c', { channels: 2 })];
		const track = {
			...first,
			packets: [...first.packets, ...second.packets],
			samples: [...first.samples, ...second.samples],
		};
		return {
			bytes: matroska([track], { unknown: random.chance(0.5) }),
			expected: { contents: [whole(first, second)], mayRemark: true },
		};
	});
}

/** The packets of a cluster, by their bytes. */
function packetsOf(clusters, index, track) {
	const before = clusters.slice(0, index).reduce((count, cluster) => count + held(cluster, track, count), 0);
	return [before, before + held(clusters[index], track, before)];
}

function held(cluster, track, from) {
	let at = 0;
	let count = 0;
	for (const packet of track.packets.slice(from)) {
		const found = cluster.indexOf(packet, at);
		if (found < 0) return count;
		at = found + packet.length;
		count++;
	}
	return count;
}
