/* Interleaving of lanes into panels with NEON: squares of 4 x 4 units of 4 bytes, 2 x 2 of 8, turned in
 * registers. */
#include "kernels/gemm/gemm_form.h"

#include <arm_neon.h>

/* Units as they lie: of any type, at any address. */
typedef uint32_t unit_4 __attribute__((may_alias, aligned(1)));
typedef uint64_t unit_8 __attribute__((may_alias, aligned(1)));

static inline uint32x4_t load_4(const unit_4 *from) {
    return vreinterpretq_u32_u8(vld1q_u8((const uint8_t *)from));
}

static inline void store_4(unit_4 *to, uint64x2_t units) {
    vst1q_u8((uint8_t *)to, vreinterpretq_u8_u64(units));
}

/* to[q * width + j] = lane[j][q], q and j < 4. */
static inline void turn_4(const void *const *lane, int64_t p, int width, unit_4 *to) {
    const uint32x4_t a = load_4((const unit_4 *)lane[0] + p), b = load_4((const unit_4 *)lane[1] + p);
    const uint32x4_t c = load_4((const unit_4 *)lane[2] + p), d = load_4((const unit_4 *)lane[3] + p);
    const uint64x2_t ab_even = vreinterpretq_u64_u32(vtrn1q_u32(a, b));
    const uint64x2_t ab_odd = vreinterpretq_u64_u32(vtrn2q_u32(a, b));
    const uint64x2_t cd_even = vreinterpretq_u64_u32(vtrn1q_u32(c, d));
    const uint64x2_t cd_odd = vreinterpretq_u64_u32(vtrn2q_u32(c, d));
    store_4(to, vtrn1q_u64(ab_even, cd_even));
    store_4(to + width, vtrn1q_u64(ab_odd, cd_odd));
    store_4(to + 2 * width, vtrn2q_u64(ab_even, cd_even));
    store_4(to + 3 * width, vtrn2q_u64(ab_odd, cd_odd));
}

void gemm_interleave_4_neon(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    unit_4 *to = out;
    const int whole = lanes / 4 * 4;
    const int64_t square = count / 4 * 4;
    for (int64_t p = 0; p < square; p += 4)
        for (int i = 0; i < whole; i += 4)
            turn_4(lane + i, p, width, to + p * width + i);
    for (int i = 0; i < width; i++) {
        const unit_4 *from = i < lanes ? lane[i] : NULL;
        for (int64_t p = i < whole ? square : 0; p < count; p++)
            to[p * width + i] = from ? from[p] : 0;
    }
}

void gemm_interleave_8_neon(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    unit_8 *to = out;
    const int whole = lanes / 2 * 2;
    const int64_t square = count / 2 * 2;
    for (int64_t p = 0; p < square; p += 2)
        for (int i = 0; i < whole; i += 2) {
            const uint64x2_t a =
                vreinterpretq_u64_u8(vld1q_u8((const uint8_t *)((const unit_8 *)lane[i] + p)));
            const uint64x2_t b =
                vreinterpretq_u64_u8(vld1q_u8((const uint8_t *)((const unit_8 *)lane[i + 1] + p)));
            vst1q_u8((uint8_t *)(to + p * width + i), vreinterpretq_u8_u64(vtrn1q_u64(a, b)));
            vst1q_u8((uint8_t *)(to + (p + 1) * width + i), vreinterpretq_u8_u64(vtrn2q_u64(a, b)));
        }
    for (int i = 0; i < width; i++) {
        const unit_8 *from = i < lanes ? lane[i] : NULL;
        for (int64_t p = i < whole ? square : 0; p < count; p++)
            to[p * width + i] = from ? from[p] : 0;
    }
}
