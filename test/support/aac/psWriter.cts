/** Writes parametric stereo: parameters that wander at random from band to band and stay the same from frame to frame. */
import * as codebooks from '../../../nodes/Sendblue/voiceNote/codecs/aac/sbr/tables';
import type { BitWriter } from '../bits.cts';
import type { Random } from '../random.cts';
import type { CodeWord } from './frameWriter.cts';
import { codeWords } from './frameWriter.cts';

/** Bands by mode; the last three modes of levels have fine steps. */
const BANDS = [10, 20, 34, 10, 20, 34];
const FIRST_FINE_MODE = 3;

/** Writes ps_data() of a frame, with a header, so that any frame may be the first. */
export function randomPs(random: Random, mode: number): (writer: BitWriter) => void {
	const isFine = mode >= FIRST_FINE_MODE;
	const most = isFine ? 15 : 7;
	const levels = wandering(random, BANDS[mode], -most, most);
	const coherences = wandering(random, BANDS[mode], 0, 5);
	const levelWords = isFine ? orderedWords(codebooks.IID_FINE_FREQUENCY) : codeWords(codebooks.IID_FREQUENCY);
	const coherenceWords = codeWords(codebooks.ICC_FREQUENCY);
	return (writer) => {
		writer.write(1, 1).write(1, 1).write(mode, 3).write(1, 1).write(mode, 3).write(0, 1); // the header
		writer.write(0, 1).write(1, 2); // one envelope up to the end
		writeUpwards(writer, levels, levelWords);
		writeUpwards(writer, coherences, coherenceWords);
	};
}

function wandering(random: Random, count: number, least: number, most: number): number[] {
	let value = random.integer(least, most);
	return Array.from({ length: count }, () => {
		value = Math.min(most, Math.max(least, value + random.integer(-3, 3)));
		return value;
	});
}

function writeUpwards(writer: BitWriter, values: readonly number[], words: readonly CodeWord[]): void {
	writer.write(0, 1);
	values.forEach((value, band) => {
		const { code, length } = words[value - (band === 0 ? 0 : values[band - 1])];
		writer.write(code, length);
	});
}

/** Each word begins where the one before it ends. */
function orderedWords(codes: codebooks.OrderedCodes): CodeWord[] {
	const longest = Math.max(...codes.map(([length]) => length));
	const words: CodeWord[] = [];
	let place = 0;
	for (const [length, difference] of codes) {
		words[difference] = { code: place >> (longest - length), length };
		place += 2 ** (longest - length);
	}
	return words;
}
