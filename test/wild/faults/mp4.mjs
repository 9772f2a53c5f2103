/** MP4: edit lists, time scales, sizes, tracks and fragments. */
import { BitWriter, cat } from '../bytes.mjs';
import { AAC_RATES } from '../containers/adts.mjs';
import { fragmented, mp4 } from '../containers/mp4.mjs';
import { aacTrack, alacTrack, amrTrack, flacTrack, mp3Track, opusTrack, silentTrack } from '../sources/encoders.mjs';
import { partOf, sum } from '../sources/track.mjs';
import {
	complete,
	everyFileFaults,
	faultsOf,
	faulty,
	heldIn,
	heldSecondsIn,
	refused,
	secondsOf,
	silence,
	whole,
} from './common.mjs';

const AAC = [['a'], ['b'], ['b', { rate: 44_100 }], ['c', { channels: 2 }]];
const CODECS = {
	aac: (random) => aacTrack(...random.pick(AAC)),
	opus: (random) => opusTrack(random.pick(['a', 'b']), random.pick([{}, { channels: 2 }])),
	alac: (random) => alacTrack(random.pick(['b', 'c'])),
	flac: (random) => flacTrack(random.pick(['a', 'b'])),
	mp3: (random) => mp3Track(random.pick(['a', 'b'])),
	amr: (random) => amrTrack(random.pick(['a', 'b'])),
};
const KIND = {
	edits: 'MP4: edit lists',
	scale: 'MP4: time scale and durations',
	sizes: 'MP4: sizes and offsets',
	tracks: 'tracks: which is taken',
	fragments: 'MP4: fragments',
	noBase: 'MP4: fragments without a base',
	config: 'MP4: AudioSpecificConfig',
};

export const mp4Faults = () => [
	...Object.entries(CODECS).flatMap(([codec, any]) => faultsOf(`mp4/${codec}`, (define) => fill(define, any))),
	...faultsOf('mp4/tracks', tracks),
	...faultsOf('mp4/fragments', fragments),
	...faultsOf('mp4/aac', configs),
];

function fill(define, any) {
	everyFileFaults(
		define,
		async (random) => {
			const track = await any(random);
			return {
				file: mp4([track], { indexFirst: random.chance(0.6), perChunk: random.pick([1, 5, 10, 1_000]) }),
				track,
			};
		},
		{ tagInFront: false, index: true, unit: 0.15 },
	);
	edits(define, any);
	scales(define, any);
	sizes(define, any);
}

const edit = (track, voiceFrom, voiceTo) => [voiceTo - voiceFrom, Math.round(voiceFrom * track.rate) + track.delay];
const stretch = (track, from, to) => ({ voice: track.voice, from, to, held: to - from });
/** Times on the borders of symbols, so that nothing depends on half of one. */
const time = (random, low, high) => random.between(Math.round(low * 20), Math.round(high * 20)) / 20;

function edits(define, any) {
	const list = (name, make, more) =>
		define(name, KIND.edits, async (random) => {
			const track = await any(random);
			const { edits, parts, or = [] } = make(random, track);
			return faulty(mp4([track], { indexFirst: random.chance(0.5), each: [{ edits }] }), parts, {
				contents: [parts, ...or],
				readable: true,
				...more,
			});
		});
	const several = (track, stretches) => ({
		edits: stretches.map(([from, to]) => edit(track, from, to)),
		parts: stretches.map(([from, to]) => stretch(track, from, to)),
	});
	list('one edit', (random, track) => several(track, [[time(random, 0.1, 0.5), time(random, 1, 1.5)]]));
	list('several edits', (random, track) =>
		several(track, [
			[0, time(random, 0.2, 0.35)],
			[time(random, 0.95, 1.05), time(random, 1.3, 1.5)],
		]),
	);
	list('edits out of order', (random, track) =>
		several(track, [
			[time(random, 0.8, 0.9), 1.45],
			[0, time(random, 0.45, 0.6)],
		]),
	);
	list('an edit repeated', (random, track) =>
		several(track, [
			[0.2, 0.7],
			[0.2, 0.7],
			[1, time(random, 1.2, 1.4)],
		]),
	);
	list('an empty edit in front', (random, track) => {
		const pause = time(random, 0.2, 1);
		const rest = stretch(track, 0, 1.4);
		// A pause in front keeps sound and picture together; it may be played or not.
		return { edits: [[pause, 0xffffffff], edit(track, 0, 1.4)], parts: [silence(pause), rest], or: [[rest]] };
	});
	list('an empty edit between', (random, track) => {
		const pause = time(random, 0.2, 0.6);
		const [first, second] = [stretch(track, 0, 0.35), stretch(track, 1, 1.45)];
		return {
			edits: [edit(track, 0, 0.35), [pause, 0xffffffff], edit(track, 1, 1.45)],
			parts: [first, silence(pause), second],
			or: [[first, second]],
		};
	});
	list('an edit longer than the track', (random, track) => ({
		edits: [[random.pick([10, 1_000, 4_000_000]), track.delay]],
		parts: whole(track),
	}));
	list('an edit of no length', (_, track) => ({ edits: [[0, track.delay]], parts: whole(track) }));
	list(
		'an edit behind the end of the track',
		(random, track) => ({ edits: [[1, Math.round(track.rate * random.pick([20, 4_000]))]], parts: whole(track) }),
		{ mayRemark: true, readable: false },
	);
	list('no edit list', (_, track) => ({ edits: null, parts: whole(track) }));
	list('an edit list without an entry', (_, track) => ({ edits: [], parts: whole(track) }));
}

function scales(define, any) {
	const change = (name, how, more) =>
		define(name, KIND.scale, async (random) => {
			const track = await any(random);
			return faulty(mp4([track], { each: [{ edits: null, ...how(random, track) }] }), whole(track), {
				readable: true,
				...more,
			});
		});
	change('the time scale is a multiple', (random, track) => ({
		timescale: Math.round(track.rate * random.pick([0.5, 2, 3, 44_100 / 48_000])),
	}));
	change('the time scale is small', (random) => ({ timescale: random.pick([0, 1, 600, 1_000]) }), { readable: false });
	change('samples last half or twice as long', (random, track) => ({
		sampleDuration: Math.round(track.samples[0] * random.pick([0.5, 2, 0.25])),
	}));
	change('samples last nothing, or one tick', (random) => ({ sampleDuration: random.pick([0, 1]) }));
	change('durations in the headers are wrong', (random) => ({
		mediaDuration: random.pick([0, 1, 1_000, 0xffffffff]),
		movieDuration: random.pick([0, 1, 500, 0xffffffff]),
	}));
}

function sizes(define, any) {
	define('mdat claims too much', 'no false remarks: sizes', async (random) => {
		const track = await any(random);
		return complete(mp4([track], { indexFirst: true, mdatExtra: random.pick([1, 100, 100_000]) }), whole(track));
	});
	define('mdat claims too little', KIND.sizes, async (random) => {
		const track = await any(random);
		return faulty(mp4([track], { indexFirst: true, mdatExtra: -random.between(1, 1_000) }), whole(track), {
			mayRemark: true,
		});
	});
	define('bytes between the chunks', 'control', async (random) => {
		const track = await any(random);
		return complete(mp4([track], { gap: random.between(1, 100) }), whole(track));
	});
	define('all offsets are shifted', KIND.sizes, async (random) => {
		const track = await any(random);
		// What is found there is no packet; it may be refused, or said to be damaged, but must not sound.
		const bytes = mp4([track], { offsetShift: random.pick([-8, 8, 100, -200]) });
		return { bytes, expected: { contents: [whole(track)], mayRemark: true } };
	});
	define('the file ends before some of its samples', 'cut off', async (random) => {
		const track = await any(random);
		const file = mp4([track], { indexFirst: true, perChunk: random.pick([1, 10]) });
		const moov = file.indexOf('mdat') + 4;
		const bytes = file.subarray(0, moov + Math.floor((file.length - moov) * (0.3 + 0.6 * random.next())));
		return {
			bytes,
			expected: {
				contents: [[partOf(track, 0, heldIn(bytes, track))]],
				cut: true,
				mustRemark: true,
				readable: true,
				unit: 0.15,
				says: secondsOf(track) - heldSecondsIn(bytes, track),
			},
		};
	});
	define('no sample is there', 'cut in the tag, or before the first sample', async (random) => {
		const track = await any(random);
		const file = mp4([track], { indexFirst: true });
		return refused(file.subarray(0, file.indexOf('mdat') + 4), /missing|cut|incomplete|no sound|begin/i);
	});
}

function tracks(define) {
	const pair = (name, kind, make) =>
		define(name, kind, async (random) => {
			const [first, second] = [await aacTrack('b'), await aacTrack('a')];
			return make(random, first, second);
		});
	pair('the first track cannot be read', KIND.tracks, (random, first, second) => {
		const bytes = mp4([first, second], { each: [{ fourcc: random.pick(['ac-3', 'apac', 'enca', 'ec-3', 'zzzz']) }] });
		return { bytes, expected: { contents: [whole(second)], mayRemark: true, errorWords: /Audio Track/ } };
	});
	pair('the second track cannot be read', KIND.tracks, (random, first, second) => {
		const bytes = mp4([first, second], { each: [{}, { fourcc: random.pick(['ac-3', 'apac', 'enca']) }] });
		return { bytes, expected: { contents: [whole(first)], readable: true, mayRemark: true } };
	});
	pair('the first track is silent', KIND.tracks, async (random, _first, second) => {
		const track = await silentTrack(random.between(3, 6));
		return {
			bytes: mp4([track, second]),
			expected: { contents: [whole(second)], mustRemark: true, readable: true },
		};
	});
	pair('several speakers, a track each', KIND.tracks, (_, first, second) => ({
		bytes: mp4([first, second]),
		expected: { contents: [whole(first)], mustRemark: true, readable: true, says: secondsOf(second) },
	}));
}

function fragments(define) {
	const any = (random) => aacTrack(...random.pick(AAC));
	const put = (name, kind, how, more) =>
		define(name, kind, async (random) => {
			const track = await any(random);
			const { start, fragments: pieces } = fragmented(track, { perFragment: random.pick([5, 12]), ...how(random) });
			return faulty(cat(start, pieces), whole(track), { readable: true, ...more });
		});
	put('clean', 'control', () => ({}));
	put('with a base offset', 'control', () => ({ base: 'offset' }));
	put('without a base', KIND.noBase, () => ({ base: 'none' }));
	put('several runs without a base', KIND.noBase, (random) => ({ base: 'none', trafs: random.between(2, 3) }));
	put('several runs from the moof', KIND.fragments, () => ({ base: 'moof', trafs: 2 }));
	put('decode times start anew, or are wrong', KIND.fragments, (random) =>
		random.pick([{ time: () => 0 }, { time: (value) => value * 2 }, { time: (value) => value + 24_000 * 3_600 }]),
	);
	define('fragments cut off', 'cut off', async (random) => {
		const track = await any(random);
		const { start, fragments: pieces } = fragmented(track, { perFragment: 5 });
		const file = cat(start, pieces);
		const bytes = file.subarray(
			0,
			start.length + Math.floor((file.length - start.length) * (0.3 + 0.6 * random.next())),
		);
		return {
			bytes,
			expected: {
				contents: [[partOf(track, 0, heldIn(bytes, track))]],
				cut: true,
				// Of less than the head of a box nobody knows what it is.
				mustRemark: heldIn(bytes.subarray(0, -8), track) === heldIn(bytes, track),
				readable: true,
				unit: 0.35,
			},
		};
	});
	define('fragments cut off between two', 'cut off', async (random) => {
		const track = await any(random);
		const { start, fragments: pieces } = fragmented(track, { perFragment: 5 });
		const count = random.between(2, pieces.length - 1);
		return complete(cat(start, pieces.slice(0, count)), [partOf(track, 0, count * 5)]);
	});
	define('a fragment is missing', KIND.fragments, async (random) => {
		const track = await any(random);
		const { start, fragments: pieces } = fragmented(track, { perFragment: 5 });
		const lost = random.between(1, pieces.length - 2);
		const gap = (5 * track.samples[0]) / track.rate;
		const parts = [partOf(track, 0, lost * 5), partOf(track, (lost + 1) * 5)];
		return faulty(
			cat(
				start,
				pieces.filter((_, index) => index !== lost),
			),
			parts,
			{ contents: [parts, [parts[0], silence(gap), parts[1]]], mustRemark: true, says: gap, readable: true },
		);
	});
	define('a fragment twice', KIND.fragments, async (random) => {
		const track = await any(random);
		const { start, fragments: pieces } = fragmented(track, { perFragment: 5, base: 'moof' });
		const again = random.between(0, pieces.length - 1);
		return complete(cat(start, pieces.slice(0, again + 1), pieces.slice(again)), whole(track));
	});
	define('two fragments are swapped', KIND.fragments, async (random) => {
		const track = await any(random);
		const { start, fragments: pieces } = fragmented(track, { perFragment: 5, base: 'moof' });
		const at = random.between(0, pieces.length - 2);
		[pieces[at], pieces[at + 1]] = [pieces[at + 1], pieces[at]];
		return complete(cat(start, pieces), whole(track));
	});
	define('only later fragments', 'the beginning is missing', async (random) => {
		const track = await any(random);
		const { fragments: pieces } = fragmented(track, { perFragment: 10 });
		const styp = Buffer.from('0000001473747970' + '6d736468' + '00000000' + '6d736468', 'hex');
		return refused(
			cat(random.chance(0.5) ? styp : [], pieces.slice(1)),
			/begin|segment|piece|fragment|initiali|first part/i,
		);
	});
	define('two recordings joined', 'MP4: joined recordings', async () => {
		const [first, second] = [await aacTrack('a'), await aacTrack('b')];
		const [left, right] = [first, second].map((track) => fragmented(track));
		return faulty(cat(left.start, left.fragments, right.start, right.fragments), whole(first, second));
	});
	define('two files joined', 'MP4: joined recordings', async () => {
		const [first, second] = [await aacTrack('a'), await aacTrack('b')];
		return faulty(cat(mp4([first]), mp4([second])), whole(first, second));
	});
}

function configs(define) {
	define('dependsOnCoreCoder is set, and it ends early', KIND.config, async () => {
		const track = await aacTrack('a');
		const config = new BitWriter()
			.put(2, 5)
			.put(AAC_RATES.indexOf(track.rate), 4)
			.put(track.channels, 4)
			.put(0, 1)
			.put(1, 1)
			.put(0, 1)
			.bytes();
		return faulty(mp4([track], { each: [{ config }] }), whole(track), { readable: true });
	});
	define('frames are random bytes', 'AAC: damaged is called damaged', async (random) => {
		const track = await aacTrack('b');
		const packets = track.packets.map((packet) => random.bytes(packet.length));
		return refused(mp4([{ ...track, packets }]), /damaged|corrupt|broken/i);
	});
	define('some frames are destroyed', 'AAC: gaps', async (random) => {
		const track = await aacTrack('a');
		const at = random.between(6, 20);
		const to = at + random.between(1, 10);
		const packets = track.packets.map((packet, index) =>
			index >= at && index < to ? random.bytes(packet.length) : packet,
		);
		const parts = [partOf(track, 0, at), silence(sum(track.samples.slice(at, to)) / track.rate), partOf(track, to)];
		return faulty(mp4([{ ...track, packets }]), parts, { contents: [parts, [parts[0], parts[2]]], mayRemark: true });
	});
}
