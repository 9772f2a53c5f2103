/** Files of the generator, of the kinds that a reader may get wrong, and what a listener hears. */
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { FAULTS, judge, makeCase, resultOf } from '../../wild/index.mjs';

const SEED = 1;
const core = { toVoiceNote, VoiceNoteError };

/** The faults of some kinds, by number. */
const faultsOf = (...kinds: string[]) =>
	FAULTS.flatMap(({ container, name, kind }, number) =>
		kinds.some((beginning) => kind.startsWith(beginning)) ? [[container, name, number] as const] : [],
	);

test.each(
	faultsOf(
		...['MP3', 'FLAC', 'AAC: rate', 'AAC: joined', 'MPEG-TS', 'tags in front', 'tracks', 'AMR', 'WAV', 'Ogg: raw'],
		...['Ogg: page numbers', 'Matroska: times'],
	),
)('%s: %s', async (_container, _name, number) => {
	const { bytes, expected, options } = await makeCase(SEED, number);
	expect(judge(expected, await resultOf(core, bytes, options))).not.toMatchObject({ outcome: 'forbidden' });
});
