import { joinBlocks, NO_SAMPLES } from '../dsp/stage';
import type { MonoStream } from './monoStream';

/** A stretch of a part. */
export interface PartPiece {
	samples: Float32Array;
	/** Whether the part ends with it, and another one follows. */
	endsPart: boolean;
}

/**
 * Divides a stream into parts of at most the given length. The last part is not shorter than `shortestSamples` (or half
 * a part): the one before gives it of its end.
 */
export async function* splitParts(
	stream: MonoStream,
	partSamples: number,
	shortestSamples: number,
): AsyncGenerator<PartPiece> {
	const shortest = Math.min(shortestSamples, Math.floor(partSamples / 2));
	let given = 0;
	// What belongs to this part or to a last one, as long as it is not known how much follows.
	let held: Float32Array = NO_SAMPLES;
	for await (const block of stream) {
		held = joinBlocks([held, block]);
		while (given + held.length > partSamples + shortest) {
			const taken = partSamples - given;
			yield { samples: held.subarray(0, taken), endsPart: true };
			held = held.subarray(taken);
			given = 0;
		}
		const sure = Math.min(held.length, Math.max(0, partSamples - shortest - given));
		yield { samples: held.subarray(0, sure), endsPart: false };
		given += sure;
		held = held.slice(sure);
	}
	if (given + held.length > partSamples) {
		const taken = held.length - shortest;
		yield { samples: held.subarray(0, taken), endsPart: true };
		held = held.subarray(taken);
	}
	yield { samples: held, endsPart: false };
}
