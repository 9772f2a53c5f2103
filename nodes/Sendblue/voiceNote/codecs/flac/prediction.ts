/** Linear prediction of FLAC (RFC 9639, sections 9.2.5 and 9.2.6). */

/** Longest predictor of files in FLAC's streamable subset at up to 48 kHz (section 7), which is what encoders write. */
const USUAL_ORDER = 12;

/**
 * Adds the predictions to the residuals: each sample is predicted from as many before it as there are coefficients.
 *
 * @param coefficients the nearest sample's first
 * @param shift by how many bits a prediction is moved down
 * @param samples the first samples as they are, then residuals, which become samples. Doubles hold the sums exactly.
 * @param frames number of samples
 */
export function addPredictions(coefficients: Float64Array, shift: number, samples: Float64Array, frames: number): void {
	const order = coefficients.length;
	if (order === 0) return;
	const scale = 2 ** -shift;
	if (order > USUAL_ORDER) {
		addLongPredictions(coefficients, scale, samples, frames);
		return;
	}
	const padded = new Float64Array(USUAL_ORDER);
	padded.set(coefficients);
	addUsualPredictions(padded, order, scale, samples, frames);
}

/**
 * Holds twelve coefficients and the last twelve samples in variables, which takes half the time of reading them from
 * arrays. The sample just found comes last in each sum, as the next prediction waits for it.
 */
function addUsualPredictions(
	[c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12]: Float64Array,
	order: number,
	scale: number,
	samples: Float64Array,
	frames: number,
): void {
	const before = (distance: number) => (distance <= order ? samples[order - distance] : 0);
	let [s1, s2, s3, s4, s5, s6] = [1, 2, 3, 4, 5, 6].map(before);
	let [s7, s8, s9, s10, s11, s12] = [7, 8, 9, 10, 11, 12].map(before);
	for (let i = order; i < frames; i++) {
		const far = c12 * s12 + c11 * s11 + (c10 * s10 + c9 * s9);
		const middle = c8 * s8 + c7 * s7 + (c6 * s6 + c5 * s5);
		const sample = samples[i] + Math.floor((far + middle + (c4 * s4 + c3 * s3 + c2 * s2) + c1 * s1) * scale);
		samples[i] = sample;
		s12 = s11;
		s11 = s10;
		s10 = s9;
		s9 = s8;
		s8 = s7;
		s7 = s6;
		s6 = s5;
		s5 = s4;
		s4 = s3;
		s3 = s2;
		s2 = s1;
		s1 = sample;
	}
}

function addLongPredictions(coefficients: Float64Array, scale: number, samples: Float64Array, frames: number): void {
	const order = coefficients.length;
	for (let i = order; i < frames; i++) {
		let sum = 0;
		for (let tap = 0; tap < order; tap++) sum += coefficients[tap] * samples[i - 1 - tap];
		samples[i] += Math.floor(sum * scale);
	}
}
