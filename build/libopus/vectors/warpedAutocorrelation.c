/* Takes the place of silk/float/warped_autocorrelation_FLP.c, with the same results to the bit. There, every allpass
   section waits for the one before it. Here, each section is one sample behind the one before it, so that eight of them
   can be computed at once. */

#include <string.h>
#include <wasm_simd128.h>
#include "main_FLP.h"

#define SECTIONS 8
#define PAIRS (SECTIONS / 2)
#define LONGEST SHAPE_LPC_WIN_MAX

/* The lanes behind `low` in the row of values that `high` goes on with. */
#define ONE_LANE_ON(low, high) wasm_i64x2_shuffle(low, high, 1, 2)

/* Eight sections. At step t, section i (from 1 on) is at sample t - i.
 *
 * input     what goes into the first of them, with two zeros before it and zeros behind its `length` samples
 * reversed  the original input in reverse, behind its end: SECTIONS zeros, and zeros before it
 * output    takes what comes out of the last of them, from its first sample on
 * sums      takes the correlation of each section's output with the original input */
static void correlate(const double *input, const double *reversed, double warping, int length, double *output, double *sums)
{
	v128_t factor = wasm_f64x2_splat(warping);
	v128_t zero = wasm_f64x2_const_splat(0);
	v128_t sections[PAIRS], behind[PAIRS], correlation[PAIRS];
#pragma clang loop unroll(full)
	for (int k = 0; k < PAIRS; k++) sections[k] = behind[k] = correlation[k] = zero;

	/* Two steps at a time spare moving the values from one step's places to the next one's. */
#pragma clang loop unroll_count(2)
	for (int t = 1; t < length + SECTIONS; t++) {
		v128_t before = wasm_v128_load64_splat(input + t - 1);
#pragma clang loop unroll(full)
		for (int k = 0; k < PAIRS; k++) {
			v128_t now = sections[k];
			v128_t previous = ONE_LANE_ON(before, now);
			sections[k] = wasm_f64x2_sub(wasm_f64x2_add(behind[k], wasm_f64x2_mul(factor, now)),
			                             wasm_f64x2_mul(factor, previous));
			behind[k] = previous;
			before = now;
			v128_t original = wasm_v128_load(reversed - t + 2 * k + 1);
			correlation[k] = wasm_f64x2_add(correlation[k], wasm_f64x2_mul(original, sections[k]));
		}
		output[t - SECTIONS] = wasm_f64x2_extract_lane(sections[PAIRS - 1], 1);
	}
#pragma clang loop unroll(full)
	for (int k = 0; k < PAIRS; k++) wasm_v128_store(sums + 2 * k, correlation[k]);
}

void silk_warped_autocorrelation_FLP(silk_float *corr, const silk_float *input, const silk_float warping,
                                     const opus_int length, const opus_int order)
{
	/* The samples before the first one go into the first `SECTIONS` steps. */
	double signal[SECTIONS + LONGEST + SECTIONS] = {0};
	double reversed[SECTIONS + LONGEST + SECTIONS] = {0};
	double sums[(MAX_SHAPE_LPC_ORDER / SECTIONS) * SECTIONS];
	double energy = 0;

	celt_assert(length <= LONGEST && order <= MAX_SHAPE_LPC_ORDER);
	for (int n = 0; n < length; n++) {
		double sample = input[n];
		signal[SECTIONS + n] = sample;
		reversed[SECTIONS + LONGEST - 1 - n] = sample;
		energy += sample * sample;
	}
	corr[0] = (silk_float)energy;
	for (int first = 0; first < order; first += SECTIONS) {
		correlate(signal + SECTIONS, reversed + SECTIONS + LONGEST - 1, warping, length, signal + SECTIONS, sums + first);
	}
	for (int i = 0; i < order; i++) corr[i + 1] = (silk_float)sums[i];
}
