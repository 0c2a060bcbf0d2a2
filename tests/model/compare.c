#include "tests/model/compare.h"

#include <math.h>
#include <stdio.h>

static bool is_float(uint32_t dtype) {
    return dtype == SY_F32 || dtype == SY_F64 || dtype == SY_F16 || dtype == SY_BF16;
}

static bool elements_agree(double is, double wanted, case_tolerance tolerance) {
    if (isnan(wanted) || isinf(wanted))
        return isnan(wanted) ? isnan(is) : is == wanted;
    return fabs(is - wanted) <= tolerance.absolute + tolerance.relative * fabs(wanted);
}

/* Test data of before ONNX 1.13 has the bits of bf16 as u16. */
static bool is_bits_of(const sy_net_tensor *is, const sy_net_tensor *wanted) {
    return is->dtype == SY_BF16 && wanted->dtype == SY_U16 && sy_net_same_shape(is, wanted);
}

bool tensors_agree(const sy_net_tensor *is, const sy_net_tensor *wanted, case_tolerance tolerance,
    char *reason, size_t reason_bytes) {
    char a[SY_NET_TENSOR_TEXT_MAX], b[SY_NET_TENSOR_TEXT_MAX];
    sy_net_tensor bits = *is;
    if (is_bits_of(is, wanted)) {
        bits.dtype = SY_U16;
        is = &bits;
    }
    if (is->dtype != wanted->dtype || !sy_net_same_shape(is, wanted)) {
        snprintf(reason, reason_bytes, "is %s, expected %s", sy_net_tensor_print(is, a),
            sy_net_tensor_print(wanted, b));
        return false;
    }
    int64_t count = sy_net_elements(wanted), wrong = 0, first = -1;
    for (int64_t i = 0; i < count; i++) {
        bool is_right = is_float(is->dtype)
                            ? elements_agree(sy_net_get(is, i), sy_net_get(wanted, i), tolerance)
                            : sy_net_get_int(is, i) == sy_net_get_int(wanted, i);
        first = !is_right && wrong == 0 ? i : first;
        wrong += !is_right;
    }
    if (wrong > 0)
        snprintf(reason, reason_bytes, "%lld of %lld elements are wrong; element %lld is %.9g, expected %.9g",
            (long long)wrong, (long long)count, (long long)first, sy_net_get(is, first),
            sy_net_get(wanted, first));
    return wrong == 0;
}
