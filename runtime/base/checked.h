/* Checked arithmetic on sizes: each returns false, and leaves *out unspecified, when the result does not fit.
 */
#ifndef STEELYARD_BASE_CHECKED_H
#define STEELYARD_BASE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

static inline bool sy_add_u64(uint64_t a, uint64_t b, uint64_t *out) {
    return !__builtin_add_overflow(a, b, out);
}

static inline bool sy_mul_u64(uint64_t a, uint64_t b, uint64_t *out) {
    return !__builtin_mul_overflow(a, b, out);
}

static inline bool sy_add_i64(int64_t a, int64_t b, int64_t *out) {
    return !__builtin_add_overflow(a, b, out);
}

static inline bool sy_mul_i64(int64_t a, int64_t b, int64_t *out) {
    return !__builtin_mul_overflow(a, b, out);
}

/** Round up to a multiple of `step` > 0. */
static inline bool sy_round_up_u64(uint64_t value, uint64_t step, uint64_t *out) {
    uint64_t rest = value % step;
    if (rest == 0) {
        *out = value;
        return true;
    }
    return sy_add_u64(value, step - rest, out);
}

#endif
