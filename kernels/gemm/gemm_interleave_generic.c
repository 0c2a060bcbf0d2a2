/* Interleaving of lanes into panels, plain C for any CPU: one function for each size of a unit. */
#include "kernels/gemm/gemm_form.h"

/* Units as they lie: of any type, at any address. */
typedef uint16_t unit_2 __attribute__((may_alias, aligned(1)));
typedef uint32_t unit_4 __attribute__((may_alias, aligned(1)));
typedef uint64_t unit_8 __attribute__((may_alias, aligned(1)));

void gemm_interleave_2_generic(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    unit_2 *to = out;
    for (int i = 0; i < width; i++) {
        const unit_2 *from = i < lanes ? lane[i] : NULL;
        for (int64_t p = 0; p < count; p++)
            to[p * width + i] = from ? from[p] : 0;
    }
}

void gemm_interleave_4_generic(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    unit_4 *to = out;
    for (int i = 0; i < width; i++) {
        const unit_4 *from = i < lanes ? lane[i] : NULL;
        for (int64_t p = 0; p < count; p++)
            to[p * width + i] = from ? from[p] : 0;
    }
}

void gemm_interleave_8_generic(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    unit_8 *to = out;
    for (int i = 0; i < width; i++) {
        const unit_8 *from = i < lanes ? lane[i] : NULL;
        for (int64_t p = 0; p < count; p++)
            to[p * width + i] = from ? from[p] : 0;
    }
}
