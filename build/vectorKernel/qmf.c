/*
 * The QMF banks of spectral band replication with vector instructions: a vector holds the same value of four slots, so
 * that the transforms work on four slots at once. What they compute is written in
 * codecs/aac/sbr/qmf.ts. A last vector that the frame does not fill is computed all the same.
 */
#include <wasm_simd128.h>

#define LANES 4
/* Points of the complex Fourier transform within a cosine transform of 64. */
#define POINTS 32
#define BANDS 64
#define CORE_BANDS 32
#define MAX_SLOTS 32
/* Samples of the core in a slot, and those before a frame that its window reaches back to. */
#define SLOT_SAMPLES 32
#define HISTORY 288
/* Blocks of outputs that the synthesis window reaches over; the newest lies first. */
#define BLOCKS 10

/* What the banks work on; codecs/aac/sbr/vectorQmf.ts lays it out in the same order. */
struct workspace {
	v128_t input[BANDS];
	v128_t output[BANDS];
	v128_t real[2][POINTS];
	v128_t imaginary[2][POINTS];
	float dct_cosines[POINTS];
	float dct_sines[POINTS];
	float fft_cosines[POINTS / 2];
	float fft_sines[POINTS / 2];
	/* Where the window's products go in the transform, the oldest sample's first. */
	int places[BANDS];
	float analysis_window[5 * BANDS];
	float full_window[BLOCKS * BANDS];
	float half_window[BLOCKS * CORE_BANDS];
	float samples[HISTORY + MAX_SLOTS * SLOT_SAMPLES];
	float band_real[BANDS][MAX_SLOTS];
	float band_imaginary[BANDS][MAX_SLOTS];
	float memory[(MAX_SLOTS + BLOCKS) * 2 * BANDS];
	float sound[MAX_SLOTS * BANDS];
};

/* A Fourier transform by halves (Stockham's form): each pass goes from one pair of arrays to the other. */
static int fourier(struct workspace *w)
{
	int from = 0;
	for (int half = POINTS / 2, stride = 1; half > 0; half /= 2, stride *= 2, from ^= 1) {
		const v128_t *xr = w->real[from];
		const v128_t *xi = w->imaginary[from];
		v128_t *yr = w->real[from ^ 1];
		v128_t *yi = w->imaginary[from ^ 1];
		for (int p = 0; p < half; p++) {
			v128_t cosine = wasm_v128_load32_splat(&w->fft_cosines[p * stride]);
			v128_t sine = wasm_v128_load32_splat(&w->fft_sines[p * stride]);
			for (int q = 0; q < stride; q++) {
				int a = q + stride * p;
				int b = a + stride * half;
				int y = q + stride * 2 * p;
				v128_t re = wasm_f32x4_sub(xr[a], xr[b]);
				v128_t im = wasm_f32x4_sub(xi[a], xi[b]);
				yr[y] = wasm_f32x4_add(xr[a], xr[b]);
				yi[y] = wasm_f32x4_add(xi[a], xi[b]);
				yr[y + stride] = wasm_f32x4_sub(wasm_f32x4_mul(re, cosine), wasm_f32x4_mul(im, sine));
				yi[y + stride] = wasm_f32x4_add(wasm_f32x4_mul(re, sine), wasm_f32x4_mul(im, cosine));
			}
		}
	}
	return from;
}

/* The cosine transform of type IV, of `input` into `output`. */
static void cosine_transform(struct workspace *w)
{
	for (int k = 0; k < POINTS; k++) {
		v128_t cosine = wasm_v128_load32_splat(&w->dct_cosines[k]);
		v128_t sine = wasm_v128_load32_splat(&w->dct_sines[k]);
		v128_t even = w->input[2 * k];
		v128_t odd = w->input[BANDS - 1 - 2 * k];
		w->real[0][k] = wasm_f32x4_sub(wasm_f32x4_mul(even, cosine), wasm_f32x4_mul(odd, sine));
		w->imaginary[0][k] = wasm_f32x4_add(wasm_f32x4_mul(even, sine), wasm_f32x4_mul(odd, cosine));
	}
	int result = fourier(w);
	for (int k = 0; k < POINTS; k++) {
		v128_t cosine = wasm_v128_load32_splat(&w->dct_cosines[k]);
		v128_t sine = wasm_v128_load32_splat(&w->dct_sines[k]);
		v128_t re = w->real[result][k];
		v128_t im = w->imaginary[result][k];
		w->output[2 * k] = wasm_f32x4_sub(wasm_f32x4_mul(re, cosine), wasm_f32x4_mul(im, sine));
		w->output[BANDS - 1 - 2 * k] =
			wasm_f32x4_neg(wasm_f32x4_add(wasm_f32x4_mul(re, sine), wasm_f32x4_mul(im, cosine)));
	}
}

/* Windows the samples of one slot and adds them up modulo 64, into one lane of `input`. */
static void fold(struct workspace *w, int slot, int lane)
{
	/* The oldest of the newest 64 samples. */
	const float *samples = w->samples + HISTORY + SLOT_SAMPLES * (slot + 1) - BANDS;
	float *input = (float *)w->input + lane;
	for (int m = 0; m < BANDS; m += LANES) {
		v128_t sum = wasm_f32x4_const_splat(0);
		for (int j = 0; j < 5; j++) {
			v128_t taps = wasm_v128_load(w->analysis_window + BANDS * j + m);
			sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(samples - BANDS * j + m), taps));
		}
		input[LANES * w->places[m]] = wasm_f32x4_extract_lane(sum, 0);
		input[LANES * w->places[m + 1]] = wasm_f32x4_extract_lane(sum, 1);
		input[LANES * w->places[m + 2]] = wasm_f32x4_extract_lane(sum, 2);
		input[LANES * w->places[m + 3]] = wasm_f32x4_extract_lane(sum, 3);
	}
}

/* Divides `samples` into bands 0 to 31. */
__attribute__((export_name("analyse"))) void analyse(struct workspace *w, int slots)
{
	for (int slot = 0; slot < slots; slot += LANES) {
		for (int lane = 0; lane < LANES; lane++) fold(w, slot + lane, lane);
		cosine_transform(w);
		for (int k = 0; k < CORE_BANDS; k++) {
			wasm_v128_store(&w->band_real[k][slot], w->output[k]);
			wasm_v128_store(&w->band_imaginary[k][slot], wasm_f32x4_neg(w->output[BANDS - 1 - k]));
		}
	}
}

/* Puts a value of four slots at its place in their blocks of outputs, `block` floats long, later slots in front. */
static void spread(float *place, int block, v128_t value)
{
	place[0] = wasm_f32x4_extract_lane(value, 0);
	place[-block] = wasm_f32x4_extract_lane(value, 1);
	place[-2 * block] = wasm_f32x4_extract_lane(value, 2);
	place[-3 * block] = wasm_f32x4_extract_lane(value, 3);
}

/* Windows ten blocks of outputs from `blocks` on and adds them up to samples. */
static void sum_blocks(const float *blocks, const float *window, int bands, float *sound)
{
	for (int k = 0; k < bands; k += LANES) {
		v128_t sum = wasm_f32x4_const_splat(0);
		for (int n = 0; n < BLOCKS / 2; n++) {
			const float *even = blocks + 4 * bands * n + k;
			const float *taps = window + 2 * bands * n + k;
			sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(even), wasm_v128_load(taps)));
			sum = wasm_f32x4_add(
				sum, wasm_f32x4_mul(wasm_v128_load(even + 3 * bands), wasm_v128_load(taps + bands)));
		}
		wasm_v128_store(sound + k, sum);
	}
}

/* Puts 64 bands together to `sound`; `memory` holds the blocks of the frame before behind those of MAX_SLOTS slots. */
__attribute__((export_name("synthesizeFull"))) void synthesize_full(struct workspace *w, int slots)
{
	for (int slot = 0; slot < slots; slot += LANES) {
		float *block = w->memory + (MAX_SLOTS - 1 - slot) * 2 * BANDS;
		for (int k = 0; k < BANDS; k++) w->input[k] = wasm_v128_load(&w->band_real[k][slot]);
		cosine_transform(w);
		for (int n = 0; n < BANDS; n++) {
			spread(block + n, 2 * BANDS, wasm_f32x4_neg(w->output[n]));
			spread(block + 2 * BANDS - 1 - n, 2 * BANDS, w->output[n]);
		}
		for (int k = 0; k < BANDS; k++) w->input[k] = wasm_v128_load(&w->band_imaginary[BANDS - 1 - k][slot]);
		cosine_transform(w);
		for (int lane = 0; lane < LANES; lane++, block -= 2 * BANDS) {
			const float *sines = (const float *)w->output + lane;
			for (int n = 0; n < BANDS; n++) {
				float sine = n % 2 == 0 ? sines[LANES * n] : -sines[LANES * n];
				block[n] += sine;
				block[2 * BANDS - 1 - n] += sine;
			}
			sum_blocks(block, w->full_window, BANDS, w->sound + BANDS * (slot + lane));
		}
	}
}

/* Puts the lower 32 bands together to `sound` at the core's rate. */
__attribute__((export_name("synthesizeHalf"))) void synthesize_half(struct workspace *w, int slots)
{
	for (int slot = 0; slot < slots; slot += LANES) {
		float *block = w->memory + (MAX_SLOTS - 1 - slot) * BANDS;
		for (int k = 0; k < CORE_BANDS; k++) {
			w->input[k] = wasm_v128_load(&w->band_real[k][slot]);
			w->input[BANDS - 1 - k] = wasm_f32x4_neg(wasm_v128_load(&w->band_imaginary[k][slot]));
		}
		cosine_transform(w);
		for (int n = 0; n < CORE_BANDS; n++) {
			spread(block + n, BANDS, wasm_f32x4_neg(w->output[2 * n]));
			spread(block + BANDS - 1 - n, BANDS, w->output[2 * n + 1]);
		}
		for (int lane = 0; lane < LANES; lane++, block -= BANDS) {
			sum_blocks(block, w->half_window, CORE_BANDS, w->sound + CORE_BANDS * (slot + lane));
		}
	}
}
