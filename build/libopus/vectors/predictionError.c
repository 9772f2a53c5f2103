/* Takes the place of silk/float/LPC_analysis_filter_FLP.c, with the same results to the bit: each lane of a vector adds
   one output's products up in their order. */

#include <wasm_simd128.h>
#include "main_FLP.h"

#define LANES 4

void silk_LPC_analysis_filter_FLP(silk_float r_LPC[], const silk_float PredCoef[], const silk_float s[],
                                  const opus_int length, const opus_int Order)
{
	/* The last outputs are computed twice where they do not fill two vectors. */
	celt_assert(length >= Order + 2 * LANES);
	for (int n = Order;; n += 2 * LANES) {
		if (n > length - 2 * LANES) n = length - 2 * LANES;
		v128_t first = wasm_f32x4_mul(wasm_v128_load(s + n - 1), wasm_v128_load32_splat(PredCoef));
		v128_t second = wasm_f32x4_mul(wasm_v128_load(s + n - 1 + LANES), wasm_v128_load32_splat(PredCoef));
#pragma clang loop unroll_count(3)
		for (int j = 1; j < Order; j++) {
			v128_t coefficient = wasm_v128_load32_splat(PredCoef + j);
			first = wasm_f32x4_add(first, wasm_f32x4_mul(wasm_v128_load(s + n - 1 - j), coefficient));
			second = wasm_f32x4_add(second, wasm_f32x4_mul(wasm_v128_load(s + n - 1 - j + LANES), coefficient));
		}
		wasm_v128_store(r_LPC + n, wasm_f32x4_sub(wasm_v128_load(s + n), first));
		wasm_v128_store(r_LPC + n + LANES, wasm_f32x4_sub(wasm_v128_load(s + n + LANES), second));
		if (n == length - 2 * LANES) break;
	}
	silk_memset(r_LPC, 0, Order * sizeof(silk_float));
}
