import { fromVoiceNote, toVoiceNote } from '../../../nodes/Sendblue/voiceNote';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import { oggOpusTrack } from '../../../nodes/Sendblue/voiceNote/containers/ogg/oggMappings';
import { indexOgg } from '../../../nodes/Sendblue/voiceNote/containers/ogg/oggStreams';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import { wav16 } from '../../support/quality/wav.cts';
import { mutate, seededRandom, testSignal } from '../../support/pcm/signals.cts';

/** Where a voice note's packets begin, more or less: damage before that is damage to what it says of itself. */
const HEADER_BYTES = 200;

it.each(['ogg', 'wav'] as const)('a damaged voice note becomes a good %s file, or is refused', async (format) => {
	const { bytes: note } = await toVoiceNote(wav16(testSignal(1, 24_000, 0.3), 24_000));
	const random = seededRandom(format.length);
	const slices = new WorkSlices();
	let converted = 0;
	for (let round = 0; round < 150; round++) {
		const damaged =
			round % 3 === 0 ? note.subarray(0, Math.floor(random() * note.length)) : mutate(note, random, HEADER_BYTES);
		try {
			const { bytes, info } = await fromVoiceNote(damaged, { format });
			converted += 1;
			expect(info.durationSeconds).toBeGreaterThan(0);
			if (format === 'wav') {
				expect(bytes).toHaveLength(44 + 2 * Math.round(info.durationSeconds * 16_000));
				continue;
			}
			const { streams, cut, wrongChecksums } = await indexOgg(bytes, slices);
			expect({ cut, wrongChecksums }).toEqual({ cut: false, wrongChecksums: false });
			const { claims } = await oggOpusTrack(bytes, streams[0], slices);
			expect(claims.keepSeconds).toBeCloseTo(info.durationSeconds, 5);
		} catch (error) {
			if (!(error instanceof VoiceNoteError)) throw error;
			expect(error.code).not.toBe('invalidOutput');
		}
	}
	expect(converted).toBeGreaterThan(20);
});
