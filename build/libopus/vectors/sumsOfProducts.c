/* Takes the place of silk/float/inner_product_FLP.c and energy_FLP.c. The sums are built in doubles as there, but in
   another order; they differ by less than what a float, which is what becomes of them, can hold. */

#include <wasm_simd128.h>
#include "main_FLP.h"

static inline v128_t two_doubles(const silk_float *data)
{
	return wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(data));
}

double silk_inner_product_FLP_c(const silk_float *data1, const silk_float *data2, opus_int dataSize)
{
	v128_t even = wasm_f64x2_const_splat(0);
	v128_t odd = even;
	opus_int i;
	for (i = 0; i < dataSize - 3; i += 4) {
		even = wasm_f64x2_add(even, wasm_f64x2_mul(two_doubles(data1 + i), two_doubles(data2 + i)));
		odd = wasm_f64x2_add(odd, wasm_f64x2_mul(two_doubles(data1 + i + 2), two_doubles(data2 + i + 2)));
	}
	even = wasm_f64x2_add(even, odd);
	double result = wasm_f64x2_extract_lane(even, 0) + wasm_f64x2_extract_lane(even, 1);
	for (; i < dataSize; i++) result += data1[i] * (double)data2[i];
	return result;
}

double silk_energy_FLP(const silk_float *data, opus_int dataSize)
{
	return silk_inner_product_FLP_c(data, data, dataSize);
}
