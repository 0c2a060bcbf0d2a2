/* Two rows, sums over a row, softmax and normalisation over compiler vectors; instances are in nn_<isa>.c. */
#ifndef KERNELS_NN_NN_ROWS_H
#define KERNELS_NN_NN_ROWS_H

#include "kernels/nn/nn_map.h"

enum { NN_BLOCK = 2048 }; /* elements summed in f32 before they are added in f64 */

typedef int32_t nn_mask __attribute__((vector_size(GEMM_VECTOR_BYTES)));
typedef uint32_t nn_bits __attribute__((vector_size(GEMM_VECTOR_BYTES)));

GEMM_INLINE gemm_f32v nn_select(nn_mask mask, gemm_f32v yes, gemm_f32v no) {
    return (gemm_f32v)(((nn_mask)yes & mask) | ((nn_mask)no & ~mask));
}

GEMM_INLINE gemm_f32v nn_all(float value) {
    return (gemm_f32v){0} + value;
}

GEMM_INLINE gemm_f32v nn_pair_lanes(const uint32_t kind, gemm_f32v a, gemm_f32v b) {
    switch (kind) {
    case SY_NN_ADD: return a + b;
    case SY_NN_SUB: return a - b;
    case SY_NN_MUL: return a * b;
    case SY_NN_DIV: return a / b;
    case SY_NN_MAX: return nn_select((a > b) | (a != a), a, b);
    case SY_NN_MIN: return nn_select((a < b) | (a != a), a, b);
    default: return nn_select(a < (gemm_f32v){0}, a * b, a);
    }
}

/* Fewer elements than a vector holds, or one by one what is left. */
GEMM_INLINE void nn_pair_few(const uint32_t kind, const bool is_a_row, const bool is_b_row, const float *a,
    const float *b, int64_t count, float *y) {
    const size_t bytes = (size_t)count * sizeof(float);
    float last[3][GEMM_F32_LANES] = {0};
    memcpy(last[0], a, is_a_row ? bytes : sizeof(float));
    memcpy(last[1], b, is_b_row ? bytes : sizeof(float));
    store_f32v(last[2], nn_pair_lanes(kind, is_a_row ? load_f32v(last[0]) : nn_all(last[0][0]),
                            is_b_row ? load_f32v(last[1]) : nn_all(last[1][0])));
    memcpy(y, last[2], bytes);
}

/* The last vector overlaps the one before it; its operands are read first, as y may be one of them. */
GEMM_INLINE void nn_pair_row(const uint32_t kind, const bool is_a_row, const bool is_b_row, const float *a,
    const float *b, int64_t count, float *y) {
    const int64_t end = count - GEMM_F32_LANES;
    if (end < 0) {
        if (count > 0)
            nn_pair_few(kind, is_a_row, is_b_row, a, b, count, y);
        return;
    }
    const gemm_f32v a_last = is_a_row ? load_f32v(a + end) : nn_all(a[0]);
    const gemm_f32v b_last = is_b_row ? load_f32v(b + end) : nn_all(b[0]);
    for (int64_t i = 0; i < end; i += GEMM_F32_LANES)
        store_f32v(y + i,
            nn_pair_lanes(kind, is_a_row ? load_f32v(a + i) : a_last, is_b_row ? load_f32v(b + i) : b_last));
    store_f32v(y + end, nn_pair_lanes(kind, a_last, b_last));
}

GEMM_INLINE void nn_pair_steps(const uint32_t kind, const float *a, int64_t a_step, const float *b,
    int64_t b_step, int64_t count, float *y) {
    if (a_step != 0 && b_step != 0)
        nn_pair_row(kind, true, true, a, b, count, y);
    else if (a_step != 0)
        nn_pair_row(kind, true, false, a, b, count, y);
    else
        nn_pair_row(kind, false, b_step != 0, a, b, count, y);
}

GEMM_INLINE void nn_pair(
    uint32_t kind, const float *a, int64_t a_step, const float *b, int64_t b_step, int64_t count, float *y) {
    switch (kind) {
    case SY_NN_ADD: nn_pair_steps(SY_NN_ADD, a, a_step, b, b_step, count, y); break;
    case SY_NN_SUB: nn_pair_steps(SY_NN_SUB, a, a_step, b, b_step, count, y); break;
    case SY_NN_MUL: nn_pair_steps(SY_NN_MUL, a, a_step, b, b_step, count, y); break;
    case SY_NN_DIV: nn_pair_steps(SY_NN_DIV, a, a_step, b, b_step, count, y); break;
    case SY_NN_MAX: nn_pair_steps(SY_NN_MAX, a, a_step, b, b_step, count, y); break;
    case SY_NN_MIN: nn_pair_steps(SY_NN_MIN, a, a_step, b, b_step, count, y); break;
    default: nn_pair_steps(SY_NN_PRELU, a, a_step, b, b_step, count, y); break;
    }
}

/* One more element in a sum, or the larger. */
GEMM_INLINE gemm_f32v nn_gather_lanes(const uint32_t kind, gemm_f32v sum, gemm_f32v x) {
    switch (kind) {
    case SY_NN_SUM: return sum + x;
    case SY_NN_SUM_ABS: return sum + nn_select(x < (gemm_f32v){0}, -x, x);
    case SY_NN_SUM_SQUARE: return sum + x * x;
    case SY_NN_ROW_MAX: return nn_pair_lanes(SY_NN_MAX, sum, x);
    default: return nn_pair_lanes(SY_NN_MIN, sum, x);
    }
}

/* Up to NN_BLOCK elements, four sums at a time: an addition takes four cycles. */
GEMM_INLINE double nn_reduce_block(const uint32_t kind, const float *x, int64_t count, float shift) {
    enum { SUMS = 4, STEP = SUMS * GEMM_F32_LANES };
    const bool is_sum = kind <= SY_NN_SUM_SQUARE;
    const float start = is_sum ? 0.0f : kind == SY_NN_ROW_MAX ? -INFINITY : INFINITY;
    gemm_f32v sum[SUMS] = {nn_all(start), nn_all(start), nn_all(start), nn_all(start)};
    int64_t i = 0;
    for (; i + STEP <= count; i += STEP)
#pragma GCC unroll 4
        for (int s = 0; s < SUMS; s++)
            sum[s] = nn_gather_lanes(kind, sum[s], load_f32v(x + i + s * GEMM_F32_LANES) - shift);
    for (; i < count; i += GEMM_F32_LANES) {
        float last[GEMM_F32_LANES];
        const int64_t rest = count - i < GEMM_F32_LANES ? count - i : GEMM_F32_LANES;
        for (int j = 0; j < GEMM_F32_LANES; j++)
            last[j] = j < rest ? x[i + j] - shift : start;
        sum[0] = nn_gather_lanes(kind, sum[0], load_f32v(last));
    }
    const uint32_t join = is_sum ? SY_NN_SUM : kind;
    sum[0] =
        nn_gather_lanes(join, nn_gather_lanes(join, sum[0], sum[1]), nn_gather_lanes(join, sum[2], sum[3]));
    double total = (double)start;
    for (int j = 0; j < GEMM_F32_LANES; j++) {
        const double lane = (double)sum[0][j];
        const bool is_other = kind == SY_NN_ROW_MAX ? lane > total : lane < total;
        total = is_sum ? total + lane : is_other || lane != lane ? lane : total;
    }
    return total;
}

GEMM_INLINE double nn_reduce_kind(const uint32_t kind, const float *x, int64_t count, float shift) {
    double total = nn_reduce_block(kind, x, count < NN_BLOCK ? count : NN_BLOCK, shift);
    for (int64_t i = NN_BLOCK; i < count; i += NN_BLOCK) {
        const double part = nn_reduce_block(kind, x + i, count - i < NN_BLOCK ? count - i : NN_BLOCK, shift);
        if (kind <= SY_NN_SUM_SQUARE)
            total += part;
        else if (part != part || (kind == SY_NN_ROW_MAX ? part > total : part < total))
            total = part;
    }
    return total;
}

GEMM_INLINE double nn_reduce(uint32_t kind, const float *x, int64_t count, float shift) {
    switch (kind) {
    case SY_NN_SUM: return nn_reduce_kind(SY_NN_SUM, x, count, shift);
    case SY_NN_SUM_ABS: return nn_reduce_kind(SY_NN_SUM_ABS, x, count, shift);
    case SY_NN_SUM_SQUARE: return nn_reduce_kind(SY_NN_SUM_SQUARE, x, count, shift);
    case SY_NN_ROW_MAX: return nn_reduce_kind(SY_NN_ROW_MAX, x, count, 0.0f);
    default: return nn_reduce_kind(SY_NN_ROW_MIN, x, count, 0.0f);
    }
}

/* e^x for x <= 0, 0 below -87: as nn_exp_within(), for vectors. */
GEMM_INLINE gemm_f32v nn_exp_lanes(gemm_f32v x) {
    const nn_mask is_low = x < nn_all(-87.0f);
    const gemm_f32v clamped = nn_select(is_low, nn_all(-87.0f), x), magic = nn_all(12582912.0f);
    const gemm_f32v shifted = clamped * 1.44269504f + magic, n = shifted - magic;
    const gemm_f32v r = (clamped - n * NN_LN2_HIGH) - n * NN_LN2_LOW;
    gemm_f32v tail = r * 0.00139517174f + 0.00836959854f;
    tail = tail * r + 0.0416661873f;
    tail = tail * r + 0.166665122f;
    tail = tail * r + 0.5f;
    const gemm_f32v scale = (gemm_f32v)(((nn_bits)shifted + 127u) << 23);
    return nn_select(is_low, (gemm_f32v){0}, (1.0f + (r + r * r * tail)) * scale);
}

/* y[i] = e^(x[i] - top), at most NN_BLOCK of them; y may be x, or NULL. Returns their sum. */
GEMM_INLINE double nn_exp_block(const float *x, int64_t count, float top, float *y) {
    gemm_f32v sum[2] = {{0}, {0}};
    int64_t i = 0;
    for (; i + 2 * GEMM_F32_LANES <= count; i += 2 * GEMM_F32_LANES)
#pragma GCC unroll 2
        for (int s = 0; s < 2; s++) {
            const gemm_f32v value = nn_exp_lanes(load_f32v(x + i + s * GEMM_F32_LANES) - top);
            sum[s] += value;
            if (y != NULL)
                store_f32v(y + i + s * GEMM_F32_LANES, value);
        }
    double total = 0;
    for (; i < count; i += GEMM_F32_LANES) {
        const int64_t rest = count - i < GEMM_F32_LANES ? count - i : GEMM_F32_LANES;
        float last[GEMM_F32_LANES] = {0};
        memcpy(last, x + i, (size_t)rest * sizeof *last);
        store_f32v(last, nn_exp_lanes(load_f32v(last) - top));
        for (int64_t j = 0; j < rest; j++)
            total += (double)last[j];
        if (y != NULL)
            memcpy(y + i, last, (size_t)rest * sizeof *last);
    }
    sum[0] += sum[1];
    for (int j = 0; j < GEMM_F32_LANES; j++)
        total += (double)sum[0][j];
    return total;
}

GEMM_INLINE double nn_exp_sum(const float *x, int64_t count, float top, float *y) {
    double sum = 0;
    for (int64_t i = 0; i < count; i += NN_BLOCK)
        sum +=
            nn_exp_block(x + i, count - i < NN_BLOCK ? count - i : NN_BLOCK, top, y != NULL ? y + i : NULL);
    return sum;
}

GEMM_INLINE void nn_softmax(const float *x, int64_t count, bool is_log, float *y) {
    const float top = (float)nn_reduce_kind(SY_NN_ROW_MAX, x, count, 0.0f);
    if (!is_log) {
        const float factor = (float)(1.0 / nn_exp_sum(x, count, top, y));
        nn_map_cheap(SY_NN_AFFINE, y, count, factor, 0.0f);
        return;
    }
    const double shift = (double)top + log(nn_exp_sum(x, count, top, NULL)); /* one rounding, after both */
    for (int64_t i = 0; i < count; i++)
        y[i] = (float)((double)x[i] - shift);
}

GEMM_INLINE void nn_norm(
    const float *x, int64_t count, const float moment[2], const float *scale, const float *bias, float *y) {
    const gemm_f32v mean = nn_all(moment[0]), factor = nn_all(moment[1]);
    int64_t i = 0;
    for (; i + GEMM_F32_LANES <= count; i += GEMM_F32_LANES) {
        gemm_f32v value = (load_f32v(x + i) - mean) * factor;
        if (scale != NULL)
            value *= load_f32v(scale + i);
        store_f32v(y + i, bias != NULL ? value + load_f32v(bias + i) : value);
    }
    for (; i < count; i++) {
        const float value = (x[i] - moment[0]) * moment[1] * (scale != NULL ? scale[i] : 1.0f);
        y[i] = value + (bias != NULL ? bias[i] : 0.0f);
    }
}

GEMM_INLINE void nn_blend(const float *x, const float *scale, const float *bias, int64_t count, float *y) {
    int64_t i = 0;
    for (; i + GEMM_F32_LANES <= count; i += GEMM_F32_LANES)
        store_f32v(y + i, load_f32v(x + i) * load_f32v(scale + i) + load_f32v(bias + i));
    for (; i < count; i++)
        y[i] = x[i] * scale[i] + bias[i];
}

GEMM_INLINE void nn_squares(const float *x, int64_t step, int64_t rows, int64_t count, float *sum) {
    int64_t i = 0;
    for (; i + GEMM_F32_LANES <= count; i += GEMM_F32_LANES) {
        gemm_f32v total = {0};
        for (int64_t r = 0; r < rows; r++) {
            const gemm_f32v value = load_f32v(x + r * step + i);
            total += value * value;
        }
        store_f32v(sum + i, total);
    }
    for (; i < count; i++) {
        sum[i] = 0.0f;
        for (int64_t r = 0; r < rows; r++)
            sum[i] += x[r * step + i] * x[r * step + i];
    }
}

/* 3/4, the usual power, is two square roots. */
GEMM_INLINE void nn_respond(
    const float *restrict x, const float *restrict sum, int64_t count, const float p[3], float *restrict y) {
    const float factor = p[0], bias = p[1], power = -p[2];
    if (p[2] == 0.75f) {
        for (int64_t i = 0; i < count; i++) {
            const float base = bias + factor * sum[i], root = sqrtf(base);
            y[i] = x[i] / (root * sqrtf(root));
        }
        return;
    }
    for (int64_t i = 0; i < count; i++)
        y[i] = x[i] * nn_power(bias + factor * sum[i], power);
}

/* Bounds are whole numbers below 2^22, so clamping comes first; then adding 1.5 * 2^23 rounds. */
GEMM_INLINE void nn_quantise(
    const float *restrict x, int64_t count, const sy_nn_range *range, uint8_t *restrict y) {
    const float magic = 12582912.0f, scale = range->scale, low = range->low - range->zero,
                high = range->high - range->zero;
    const int32_t zero = (int32_t)range->zero;
    for (int64_t i = 0; i < count; i++) {
        const float value = x[i] / scale;
        const float known = value == value ? value : 0.0f;
        const float rounded = nn_clip(known, low, high) + magic;
        y[i] = (uint8_t)((int32_t)(sy_f32_bits(rounded) & 0x7fffffu) - 0x400000 + zero);
    }
}

GEMM_INLINE void nn_dequantise(
    const uint8_t *restrict x, bool is_signed, int64_t count, const float form[2], float *restrict y) {
    const float scale = form[0], zero = form[1];
    if (is_signed)
        for (int64_t i = 0; i < count; i++)
            y[i] = ((float)(int8_t)x[i] - zero) * scale;
    else
        for (int64_t i = 0; i < count; i++)
            y[i] = ((float)x[i] - zero) * scale;
}

#endif
