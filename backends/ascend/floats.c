/* Types that cubes take. */
#include "backends/ascend/floats.h"

#include <stdio.h>

#include "backends/ascend/product.h"
#include "runtime/base/error.h"

bool ascend_is_float_product(const sy_task *task) {
    uint32_t dtype = task->tensor[0].dtype;
    return task->op == SY_OP_GEMM && dtype != SY_S8 && dtype != SY_U8;
}

/* Cubes of the newer kind may split long sums and add them in the order in which they are done; the older
 * ones read matrices in an order of their own, and convert. */
void ascend_offer_floats(const sy_device *device, const char *name, bool is_hf32, sy_card_offer *offer) {
    snprintf(offer->name, sizeof offer->name, "%s%s", name, is_hf32 ? "/hf32" : "");
    offer->math = is_hf32 ? SY_MATH_HF32 : SY_MATH_STRICT;
    offer->flags = ascend_has_f32(ascend_device_of(device)->family)
                       ? 0
                       : SY_ALGO_DETERMINISTIC | SY_ALGO_REORDERS_INSIDE;
}

sy_status ascend_check_cube(
    const sy_device *device, uint32_t dtype, uint32_t acc_dtype, const char *what, sy_error *err) {
    const ascend_device *own = ascend_device_of(device);
    bool has_f32 = ascend_has_f32(own->family);
    if ((dtype != SY_F32 && dtype != SY_F16 && dtype != SY_BF16) || acc_dtype != SY_F32)
        return sy_error_set(err, SY_UNSUPPORTED, "no %s of %s summed in %s: f32, f16 and bf16, summed in f32",
            what, sy_dtype_name(dtype), sy_dtype_name(acc_dtype));
    if (dtype == SY_F32 && !has_f32)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s rounds f32 to f16 before it multiplies, which no math mode allows: f16 is what it has",
            own->soc);
    if (dtype == SY_BF16 && !has_f32)
        return sy_error_set(err, SY_UNSUPPORTED, "%s has no bf16", own->soc);
    return SY_OK;
}

sy_status ascend_check_floats(
    const sy_device *device, const sy_card_product *product, uint32_t acc_dtype, sy_error *err) {
    const ascend_device *own = ascend_device_of(device);
    uint32_t a = product->a.dtype, b = product->b.dtype, d = product->d.dtype;
    if (own->family == ASCEND_310B)
        return sy_error_set(err, SY_UNSUPPORTED, "the operator is not for %s", own->soc);
    sy_status status = ascend_check_cube(device, a, acc_dtype, "products", err);
    if (status != SY_OK)
        return status;
    if (a != b || (d != a && d != SY_F32))
        return sy_error_set(err, SY_UNSUPPORTED, "no products of %s and %s into %s", sy_dtype_name(a),
            sy_dtype_name(b), sy_dtype_name(d));
    return product->k > 0 ? SY_OK : sy_error_set(err, SY_UNSUPPORTED, "k is 0");
}

bool ascend_is_uncertain(const sy_card_product *product) {
    return product->d.dtype != product->a.dtype || !ascend_matrix_is_packed(&product->a, product->batch) ||
           !ascend_matrix_is_packed(&product->b, product->batch) ||
           !ascend_matrix_is_packed(&product->d, product->batch);
}
