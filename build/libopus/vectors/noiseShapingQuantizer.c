/* Takes the place of the innermost function of silk/NSQ_del_dec.c, with the same results to the bit: what is done there
   to one candidate signal after the other ("state") is done here to all of them at once, a lane of a vector each. */

#define OVERRIDE_silk_noise_shape_quantizer_del_dec
#include "NSQ_del_dec.c"

#include <wasm_simd128.h>

#define LANES 4
/* Filters are computed in steps of so many taps; those that are too many have no weight. */
#define TAPS 4

/* Sums of products of 64 bits, of which only the upper halves count: of lanes 0 and 1, and of lanes 2 and 3. */
typedef struct {
	v128_t low, high;
} products;

/* A factor of 16 bits in the upper half of each lane: the upper half of a product is then silk_SMULWB's result. */
static inline v128_t factor(opus_int32 value)
{
	return wasm_i32x4_splat((opus_int32)((opus_uint32)value << 16));
}

/* Keeps the compiler from widening a factor apart from its multiplication, which would no longer be one instruction. */
static inline v128_t here(v128_t lanes)
{
	__asm__ volatile("" : "+r"(lanes));
	return lanes;
}

/* Lanes 2 and 3 need no products where there are but two states. */
static inline products multiply(v128_t a, v128_t b, int isWide)
{
	a = here(a);
	b = here(b);
	products result = {wasm_i64x2_extmul_low_i32x4(a, b), wasm_i32x4_const_splat(0)};
	if (isWide) result.high = wasm_i64x2_extmul_high_i32x4(a, b);
	return result;
}

static inline products accumulate(products sum, v128_t a, v128_t b, int isWide)
{
	products product = multiply(a, b, isWide);
	sum.low = wasm_i32x4_add(sum.low, product.low);
	if (isWide) sum.high = wasm_i32x4_add(sum.high, product.high);
	return sum;
}

static inline v128_t upper_halves(products sum, int isWide)
{
	if (isWide) return wasm_i32x4_shuffle(sum.low, sum.high, 1, 3, 5, 7);
	return wasm_i32x4_shuffle(sum.low, sum.low, 1, 3, 1, 3);
}

/* silk_SMULWB */
static inline v128_t scaled(v128_t a, v128_t b, int isWide)
{
	return upper_halves(multiply(a, b, isWide), isWide);
}

/* `sum` where adding a and b did not overflow, else the limit that was passed; silk_ADD_SAT32 */
static inline v128_t add_saturated(v128_t a, v128_t b, v128_t largest)
{
	v128_t sum = wasm_i32x4_add(a, b);
	v128_t overflow = wasm_v128_and(wasm_v128_xor(a, sum), wasm_v128_xor(b, sum));
	v128_t limit = wasm_v128_xor(wasm_i32x4_shr(a, 31), largest);
	return wasm_v128_bitselect(limit, sum, wasm_i32x4_shr(overflow, 31));
}

/* silk_SUB_SAT32 */
static inline v128_t subtract_saturated(v128_t a, v128_t b, v128_t largest)
{
	v128_t difference = wasm_i32x4_sub(a, b);
	v128_t overflow = wasm_v128_and(wasm_v128_xor(a, b), wasm_v128_xor(a, difference));
	v128_t limit = wasm_v128_xor(wasm_i32x4_shr(a, 31), largest);
	return wasm_v128_bitselect(limit, difference, wasm_i32x4_shr(overflow, 31));
}

/* -a where `mask` is set */
static inline v128_t negated_where(v128_t a, v128_t mask)
{
	return wasm_i32x4_sub(wasm_v128_xor(a, mask), mask);
}

/* A value of each state, from where the first one has it; unused lanes repeat it. */
static inline v128_t gather(const NSQ_del_dec_struct *states, int count, const opus_int32 *first)
{
	ptrdiff_t position = (const char *)first - (const char *)states;
	opus_int32 values[LANES];
	for (int k = 0; k < LANES; k++) {
		values[k] = *(const opus_int32 *)((const char *)(states + (k < count ? k : 0)) + position);
	}
	return wasm_v128_load(values);
}

static inline void scatter(NSQ_del_dec_struct *states, int count, opus_int32 *first, v128_t lanes)
{
	ptrdiff_t position = (char *)first - (char *)states;
	*first = wasm_i32x4_extract_lane(lanes, 0);
	*(opus_int32 *)((char *)(states + 1) + position) = wasm_i32x4_extract_lane(lanes, 1);
	if (count > 2) *(opus_int32 *)((char *)(states + 2) + position) = wasm_i32x4_extract_lane(lanes, 2);
	if (count > 3) *(opus_int32 *)((char *)(states + 3) + position) = wasm_i32x4_extract_lane(lanes, 3);
}

/* Copies what was decided of the latest samples; a call to memcpy would take longer. */
static inline void copy_history(NSQ_del_dec_struct *to, const NSQ_del_dec_struct *from)
{
	v128_t *target = (v128_t *)to->RandState;
	const v128_t *source = (const v128_t *)from->RandState;
	const v128_t *end = (const v128_t *)from->sAR2_Q14;
#pragma clang loop unroll_count(5)
	while (source < end) wasm_v128_store(target++, wasm_v128_load(source++));
	to->SeedInit = from->SeedInit;
}

/* What one of two quantisations of a sample leads to. */
typedef struct {
	v128_t Q_Q10, RD_Q10, xq_Q14, LF_AR_Q14, Diff_Q14, sLTP_shp_Q14, LPC_exc_Q14;
} candidates;

static inline __attribute__((always_inline)) void quantize(
    silk_nsq_state *NSQ, NSQ_del_dec_struct psDelDec[], opus_int signalType, const opus_int32 x_Q10[], opus_int8 pulses[],
    opus_int16 xq[], opus_int32 sLTP_Q15[], opus_int32 delayedGain_Q10[], const opus_int16 a_Q12[],
    const opus_int16 b_Q14[], const opus_int16 AR_shp_Q13[], opus_int lag, opus_int32 HarmShapeFIRPacked_Q14,
    opus_int Tilt_Q14, opus_int32 LF_shp_Q14, opus_int32 Gain_Q16, opus_int Lambda_Q10, opus_int offset_Q10,
    opus_int length, opus_int subfr, opus_int shapingLPCOrder, opus_int predictLPCOrder, opus_int warping_Q16,
    const opus_int count, opus_int *smpl_buf_idx, opus_int decisionDelay)
{
	const int isWide = count > 2;
	v128_t shortTerm[MAX_LPC_ORDER];
	v128_t shaping[MAX_SHAPE_LPC_ORDER];
	v128_t sLPC_Q14[NSQ_LPC_BUF_LENGTH + MAX_SUB_FRAME_LENGTH];
	v128_t sAR2_Q14[MAX_SHAPE_LPC_ORDER];
	const int shapingTaps = (shapingLPCOrder + TAPS - 1) / TAPS * TAPS;

	/* The newest sample's weight first. */
	for (int j = 0; j < MAX_LPC_ORDER; j++) shortTerm[j] = factor(j < predictLPCOrder ? a_Q12[j] : 0);
	for (int j = 0; j < shapingTaps; j++) {
		shaping[j] = factor(j < shapingLPCOrder ? AR_shp_Q13[j] : 0);
		sAR2_Q14[j] = gather(psDelDec, count, &psDelDec->sAR2_Q14[j]);
	}
	for (int j = 0; j < NSQ_LPC_BUF_LENGTH; j++) sLPC_Q14[j] = gather(psDelDec, count, &psDelDec->sLPC_Q14[j]);
	v128_t Seed = gather(psDelDec, count, &psDelDec->Seed);
	v128_t RD_Q10 = gather(psDelDec, count, &psDelDec->RD_Q10);
	v128_t LF_AR_Q14 = gather(psDelDec, count, &psDelDec->LF_AR_Q14);
	v128_t Diff_Q14 = gather(psDelDec, count, &psDelDec->Diff_Q14);
	v128_t Shape_Q14 = gather(psDelDec, count, &psDelDec->Shape_Q14[*smpl_buf_idx]);

	const v128_t warping = factor(warping_Q16);
	const v128_t tilt = factor(Tilt_Q14);
	const v128_t lowFrequency = factor(LF_shp_Q14);
	const v128_t lowFrequencyAR = factor(LF_shp_Q14 >> 16);
	const v128_t offset = wasm_i32x4_splat(offset_Q10);
	const v128_t lambda = wasm_i32x4_splat(Lambda_Q10 & 0xffff);
	const v128_t rdoOffset = wasm_i32x4_splat(Lambda_Q10 / 2 - 512);
	/* Constants that would be put together anew for every sample */
	const v128_t zero = here(wasm_i32x4_const_splat(0));
	const v128_t one = here(wasm_i32x4_const_splat(1024));
	const v128_t lowerHalf = here(wasm_i32x4_const_splat(0xffff));
	const v128_t levelAdjustment = here(wasm_i32x4_const_splat(QUANT_LEVEL_ADJUST_Q10));
	const v128_t lowest = here(wasm_i32x4_const_splat(-(31 << 10)));
	const v128_t highest = here(wasm_i32x4_const_splat(30 << 10));
	const v128_t multiplier = here(wasm_i32x4_const_splat(RAND_MULTIPLIER));
	const v128_t increment = here(wasm_i32x4_const_splat(RAND_INCREMENT));
	const v128_t largest = here(wasm_i32x4_const_splat(silk_int32_MAX));
	const v128_t half4 = here(wasm_i32x4_const_splat(1 << 3));
	const v128_t half10 = here(wasm_i32x4_const_splat(1 << 9));
	const opus_int32 Gain_Q10 = silk_RSHIFT(Gain_Q16, 6);
	const opus_int32 *shp_lag_ptr = &NSQ->sLTP_shp_Q14[NSQ->sLTP_shp_buf_idx - lag + HARM_SHAPE_FIR_TAPS / 2];
	const opus_int32 *pred_lag_ptr = &sLTP_Q15[NSQ->sLTP_buf_idx - lag + LTP_ORDER / 2];

	for (int i = 0; i < length; i++) {
		/* Long-term prediction, the same for all states */
		opus_int32 LTP_pred_Q14 = 0;
		if (signalType == TYPE_VOICED) {
			/* Two, as silk_SMLAWB always rounds down */
			LTP_pred_Q14 = 2;
			for (int j = 0; j < LTP_ORDER; j++) LTP_pred_Q14 = silk_SMLAWB(LTP_pred_Q14, pred_lag_ptr[-j], b_Q14[j]);
			LTP_pred_Q14 = silk_LSHIFT(LTP_pred_Q14, 1);
			pred_lag_ptr++;
		}
		/* Long-term shaping */
		opus_int32 n_LTP_Q14 = 0;
		if (lag > 0) {
			n_LTP_Q14 = silk_SMULWB(silk_ADD_SAT32(shp_lag_ptr[0], shp_lag_ptr[-2]), HarmShapeFIRPacked_Q14);
			n_LTP_Q14 = silk_SMLAWT(n_LTP_Q14, shp_lag_ptr[-1], HarmShapeFIRPacked_Q14);
			n_LTP_Q14 = silk_SUB_LSHIFT32(LTP_pred_Q14, n_LTP_Q14, 2);
			shp_lag_ptr++;
		}

		/* Dither */
		Seed = wasm_i32x4_add(wasm_i32x4_mul(Seed, multiplier), increment);
		const v128_t isFlipped = wasm_i32x4_shr(Seed, 31);

		/* Short-term prediction */
		const v128_t *newest = &sLPC_Q14[NSQ_LPC_BUF_LENGTH - 1 + i];
		products sum = multiply(newest[0], shortTerm[0], isWide);
#pragma clang loop unroll(full)
		for (int j = 1; j < MAX_LPC_ORDER; j++) sum = accumulate(sum, newest[-j], shortTerm[j], isWide);
		v128_t LPC_pred_Q14 = wasm_i32x4_add(upper_halves(sum, isWide), wasm_i32x4_splat(predictLPCOrder >> 1));
		LPC_pred_Q14 = wasm_i32x4_shl(LPC_pred_Q14, 4);

		/* Noise shape feedback: a lowpass section, and then allpass sections */
		v128_t before = sAR2_Q14[0];
		v128_t output = wasm_i32x4_add(Diff_Q14, scaled(before, warping, isWide));
		sAR2_Q14[0] = output;
		sum = multiply(output, shaping[0], isWide);
#pragma clang loop unroll(full)
		for (int j = 1; j < TAPS; j++) {
			v128_t now = sAR2_Q14[j];
			output = wasm_i32x4_add(before, scaled(wasm_i32x4_sub(now, output), warping, isWide));
			sAR2_Q14[j] = output;
			sum = accumulate(sum, output, shaping[j], isWide);
			before = now;
		}
		for (int first = TAPS; first < shapingTaps; first += TAPS) {
#pragma clang loop unroll(full)
			for (int j = first; j < first + TAPS; j++) {
				v128_t now = sAR2_Q14[j];
				output = wasm_i32x4_add(before, scaled(wasm_i32x4_sub(now, output), warping, isWide));
				sAR2_Q14[j] = output;
				sum = accumulate(sum, output, shaping[j], isWide);
				before = now;
			}
		}
		v128_t n_AR_Q14 = wasm_i32x4_add(upper_halves(sum, isWide), wasm_i32x4_splat(shapingLPCOrder >> 1));
		n_AR_Q14 = wasm_i32x4_add(wasm_i32x4_shl(n_AR_Q14, 1), scaled(LF_AR_Q14, tilt, isWide));
		n_AR_Q14 = wasm_i32x4_shl(n_AR_Q14, 2);
		v128_t n_LF_Q14 = wasm_i32x4_add(scaled(Shape_Q14, lowFrequency, isWide), scaled(LF_AR_Q14, lowFrequencyAR, isWide));
		n_LF_Q14 = wasm_i32x4_shl(n_LF_Q14, 2);

		/* Input minus prediction plus noise feedback */
		v128_t prediction = wasm_i32x4_add(wasm_i32x4_splat(n_LTP_Q14), LPC_pred_Q14);
		v128_t feedback = wasm_i32x4_shr(
		    wasm_i32x4_add(subtract_saturated(prediction, add_saturated(n_AR_Q14, n_LF_Q14, largest), largest), half4), 4);
		v128_t r_Q10 = negated_where(wasm_i32x4_sub(wasm_i32x4_splat(x_Q10[i]), feedback), isFlipped);
		r_Q10 = wasm_i32x4_min(wasm_i32x4_max(r_Q10, lowest), highest);

		/* Two quantization levels */
		v128_t level = wasm_i32x4_sub(r_Q10, offset);
		v128_t q_Q0 = wasm_i32x4_shr(level, 10);
		if (Lambda_Q10 > 2048) {
			/* For aggressive rate-distortion optimization, the bias becomes more than one pulse. */
			v128_t sign = wasm_i32x4_shr(level, 31);
			v128_t beyond = wasm_i32x4_sub(wasm_i32x4_abs(level), rdoOffset);
			v128_t biased = wasm_i32x4_shr(negated_where(beyond, sign), 10);
			q_Q0 = wasm_v128_bitselect(biased, sign, wasm_i32x4_gt(beyond, zero));
		}
		v128_t isAbove = wasm_i32x4_gt(q_Q0, zero);
		v128_t isBelow = wasm_i32x4_shr(q_Q0, 31);
		v128_t adjustment = wasm_v128_and(negated_where(levelAdjustment, isBelow), wasm_v128_or(isAbove, isBelow));
		v128_t q1_Q10 = wasm_i32x4_add(wasm_i32x4_sub(wasm_i32x4_shl(q_Q0, 10), adjustment), offset);
		/* The next level is a whole one away, but from 0 and from -1 */
		v128_t isSmall = wasm_i32x4_eq(isBelow, q_Q0);
		v128_t q2_Q10 = wasm_i32x4_add(q1_Q10, wasm_i32x4_sub(one, wasm_v128_and(levelAdjustment, isSmall)));

		/* Their rates and distortions; a product of the lower halves alone, as one of the upper ones is zero */
		v128_t rr1_Q10 = wasm_i32x4_sub(r_Q10, q1_Q10);
		v128_t rr2_Q10 = wasm_i32x4_sub(r_Q10, q2_Q10);
		v128_t rd1_Q10 = wasm_i32x4_add(wasm_i32x4_dot_i16x8(wasm_i32x4_abs(q1_Q10), lambda),
		                                wasm_i32x4_dot_i16x8(rr1_Q10, wasm_v128_and(rr1_Q10, lowerHalf)));
		v128_t rd2_Q10 = wasm_i32x4_add(wasm_i32x4_dot_i16x8(wasm_i32x4_abs(q2_Q10), lambda),
		                                wasm_i32x4_dot_i16x8(rr2_Q10, wasm_v128_and(rr2_Q10, lowerHalf)));
		rd1_Q10 = wasm_i32x4_shr(rd1_Q10, 10);
		rd2_Q10 = wasm_i32x4_shr(rd2_Q10, 10);
		v128_t isFirst = wasm_i32x4_lt(rd1_Q10, rd2_Q10);

		candidates set[2];
		set[0].RD_Q10 = wasm_i32x4_add(RD_Q10, wasm_i32x4_min(rd1_Q10, rd2_Q10));
		set[1].RD_Q10 = wasm_i32x4_add(RD_Q10, wasm_i32x4_max(rd1_Q10, rd2_Q10));
		set[0].Q_Q10 = wasm_v128_bitselect(q1_Q10, q2_Q10, isFirst);
		set[1].Q_Q10 = wasm_v128_bitselect(q2_Q10, q1_Q10, isFirst);
		for (int s = 0; s < 2; s++) {
			v128_t excitation = negated_where(wasm_i32x4_shl(set[s].Q_Q10, 4), isFlipped);
			set[s].LPC_exc_Q14 = wasm_i32x4_add(excitation, wasm_i32x4_splat(LTP_pred_Q14));
			set[s].xq_Q14 = wasm_i32x4_add(set[s].LPC_exc_Q14, LPC_pred_Q14);
			set[s].Diff_Q14 = wasm_i32x4_sub(set[s].xq_Q14, wasm_i32x4_splat(silk_LSHIFT32(x_Q10[i], 4)));
			set[s].LF_AR_Q14 = wasm_i32x4_sub(set[s].Diff_Q14, n_AR_Q14);
			set[s].sLTP_shp_Q14 = subtract_saturated(set[s].LF_AR_Q14, n_LF_Q14, largest);
		}

		*smpl_buf_idx = *smpl_buf_idx == 0 ? DECISION_DELAY - 1 : *smpl_buf_idx - 1;
		int last_smple_idx = *smpl_buf_idx + decisionDelay;
		if (last_smple_idx >= DECISION_DELAY) last_smple_idx -= DECISION_DELAY;

		/* Find winner */
		opus_int32 best[LANES], second[LANES];
		wasm_v128_store(best, set[0].RD_Q10);
		wasm_v128_store(second, set[1].RD_Q10);
		int winner = 0;
		for (int k = 1; k < count; k++) {
			if (best[k] < best[winner]) winner = k;
		}
		/* Increase RD values of expired states */
		opus_int32 winnerRand = psDelDec[winner].RandState[last_smple_idx];
		opus_int32 penalty[LANES] = {0};
		for (int k = 0; k < count; k++) {
			if (psDelDec[k].RandState[last_smple_idx] != winnerRand) {
				penalty[k] = silk_int32_MAX >> 4;
				best[k] += penalty[k];
				second[k] += penalty[k];
			}
		}
		RD_Q10 = wasm_i32x4_add(set[0].RD_Q10, wasm_v128_load(penalty));
		/* Find worst in first set and best in second set */
		int worst = 0;
		int challenger = 0;
		for (int k = 1; k < count; k++) {
			if (best[k] > best[worst]) worst = k;
			if (second[k] < second[challenger]) challenger = k;
		}
		/* Replace a state if best from second set outperforms worst in first set */
		if (second[challenger] < best[worst]) {
			v128_t lane = wasm_i32x4_eq(wasm_i32x4_const(0, 1, 2, 3), wasm_i32x4_splat(worst));
			v128_t from = wasm_i32x4_add(wasm_i32x4_splat(challenger * 0x04040404), wasm_i32x4_const_splat(0x03020100));
			if (worst != challenger) {
				/* Every lane from itself, but that of the worst from the challenger's */
				v128_t source = wasm_v128_bitselect(from, wasm_i32x4_const(0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c), lane);
				copy_history(&psDelDec[worst], &psDelDec[challenger]);
#pragma clang loop unroll_count(5)
				for (int j = 1; j < NSQ_LPC_BUF_LENGTH; j++) {
					sLPC_Q14[i + j] = wasm_i8x16_swizzle(sLPC_Q14[i + j], source);
				}
#pragma clang loop unroll_count(4)
				for (int j = 0; j < shapingTaps; j++) sAR2_Q14[j] = wasm_i8x16_swizzle(sAR2_Q14[j], source);
				Seed = wasm_i8x16_swizzle(Seed, source);
			}
			RD_Q10 = wasm_v128_bitselect(wasm_i32x4_splat(second[challenger]), RD_Q10, lane);
			set[0].Q_Q10 = wasm_v128_bitselect(wasm_i8x16_swizzle(set[1].Q_Q10, from), set[0].Q_Q10, lane);
			set[0].xq_Q14 = wasm_v128_bitselect(wasm_i8x16_swizzle(set[1].xq_Q14, from), set[0].xq_Q14, lane);
			set[0].LF_AR_Q14 = wasm_v128_bitselect(wasm_i8x16_swizzle(set[1].LF_AR_Q14, from), set[0].LF_AR_Q14, lane);
			set[0].Diff_Q14 = wasm_v128_bitselect(wasm_i8x16_swizzle(set[1].Diff_Q14, from), set[0].Diff_Q14, lane);
			set[0].sLTP_shp_Q14 = wasm_v128_bitselect(wasm_i8x16_swizzle(set[1].sLTP_shp_Q14, from), set[0].sLTP_shp_Q14, lane);
			set[0].LPC_exc_Q14 = wasm_v128_bitselect(wasm_i8x16_swizzle(set[1].LPC_exc_Q14, from), set[0].LPC_exc_Q14, lane);
		}

		/* Write samples from winner to output and long-term filter states */
		if (subfr > 0 || i >= decisionDelay) {
			const NSQ_del_dec_struct *psDD = &psDelDec[winner];
			pulses[i - decisionDelay] = (opus_int8)silk_RSHIFT_ROUND(psDD->Q_Q10[last_smple_idx], 10);
			xq[i - decisionDelay] = (opus_int16)silk_SAT16(
			    silk_RSHIFT_ROUND(silk_SMULWW(psDD->Xq_Q14[last_smple_idx], delayedGain_Q10[last_smple_idx]), 8));
			NSQ->sLTP_shp_Q14[NSQ->sLTP_shp_buf_idx - decisionDelay] = psDD->Shape_Q14[last_smple_idx];
			sLTP_Q15[NSQ->sLTP_buf_idx - decisionDelay] = psDD->Pred_Q15[last_smple_idx];
		}
		NSQ->sLTP_shp_buf_idx++;
		NSQ->sLTP_buf_idx++;

		/* Update states */
		LF_AR_Q14 = set[0].LF_AR_Q14;
		Diff_Q14 = set[0].Diff_Q14;
		Shape_Q14 = set[0].sLTP_shp_Q14;
		sLPC_Q14[NSQ_LPC_BUF_LENGTH + i] = set[0].xq_Q14;
		Seed = wasm_i32x4_add(Seed, wasm_i32x4_shr(wasm_i32x4_add(set[0].Q_Q10, half10), 10));
		const int newestIndex = *smpl_buf_idx;
		scatter(psDelDec, count, &psDelDec->Xq_Q14[newestIndex], set[0].xq_Q14);
		scatter(psDelDec, count, &psDelDec->Q_Q10[newestIndex], set[0].Q_Q10);
		scatter(psDelDec, count, &psDelDec->Pred_Q15[newestIndex], wasm_i32x4_shl(set[0].LPC_exc_Q14, 1));
		scatter(psDelDec, count, &psDelDec->Shape_Q14[newestIndex], Shape_Q14);
		scatter(psDelDec, count, &psDelDec->RandState[newestIndex], Seed);
		delayedGain_Q10[newestIndex] = Gain_Q10;
	}

	for (int j = 0; j < shapingTaps; j++) scatter(psDelDec, count, &psDelDec->sAR2_Q14[j], sAR2_Q14[j]);
	for (int j = 0; j < NSQ_LPC_BUF_LENGTH; j++) {
		/* The next subframe begins with them; what comes behind the last one is read at their old place. */
		scatter(psDelDec, count, &psDelDec->sLPC_Q14[j], sLPC_Q14[length + j]);
		scatter(psDelDec, count, &psDelDec->sLPC_Q14[length + j], sLPC_Q14[length + j]);
	}
	scatter(psDelDec, count, &psDelDec->Seed, Seed);
	scatter(psDelDec, count, &psDelDec->RD_Q10, RD_Q10);
	scatter(psDelDec, count, &psDelDec->LF_AR_Q14, LF_AR_Q14);
	scatter(psDelDec, count, &psDelDec->Diff_Q14, Diff_Q14);
}

#define PARAMETERS                                                                                                         \
	silk_nsq_state *NSQ, NSQ_del_dec_struct psDelDec[], opus_int signalType, const opus_int32 x_Q10[], opus_int8 pulses[], \
	    opus_int16 xq[], opus_int32 sLTP_Q15[], opus_int32 delayedGain_Q10[], const opus_int16 a_Q12[],                    \
	    const opus_int16 b_Q14[], const opus_int16 AR_shp_Q13[], opus_int lag, opus_int32 HarmShapeFIRPacked_Q14,          \
	    opus_int Tilt_Q14, opus_int32 LF_shp_Q14, opus_int32 Gain_Q16, opus_int Lambda_Q10, opus_int offset_Q10,           \
	    opus_int length, opus_int subfr, opus_int shapingLPCOrder, opus_int predictLPCOrder, opus_int warping_Q16,         \
	    opus_int nStatesDelayedDecision, opus_int *smpl_buf_idx, opus_int decisionDelay

#define ARGUMENTS(count)                                                                                                   \
	NSQ, psDelDec, signalType, x_Q10, pulses, xq, sLTP_Q15, delayedGain_Q10, a_Q12, b_Q14, AR_shp_Q13, lag,                \
	    HarmShapeFIRPacked_Q14, Tilt_Q14, LF_shp_Q14, Gain_Q16, Lambda_Q10, offset_Q10, length, subfr, shapingLPCOrder,    \
	    predictLPCOrder, warping_Q16, count, smpl_buf_idx, decisionDelay

/* Functions of their own, as what is not called need not be compiled. */
static __attribute__((noinline)) void quantize_two(PARAMETERS)
{
	quantize(ARGUMENTS(2));
}

static __attribute__((noinline)) void quantize_more(PARAMETERS)
{
	quantize(ARGUMENTS(nStatesDelayedDecision));
}

static OPUS_INLINE void silk_noise_shape_quantizer_del_dec(PARAMETERS, int arch)
{
	if (nStatesDelayedDecision == 2) {
		quantize_two(ARGUMENTS(2));
	} else {
		quantize_more(ARGUMENTS(nStatesDelayedDecision));
	}
}
