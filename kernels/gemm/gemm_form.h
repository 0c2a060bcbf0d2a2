/*
 * The form of a packed panel. Lanes (rows of A, columns of B) lie side by side; along the depth (k) elements
 * go in groups, so that one instruction multiplies and adds a whole group:
 *
 *     unit 0: [lane 0: group elements] [lane 1: group elements] ... ; unit 1: ... ; the last unit filled with
 * zeros
 *
 * A form with a header begins with one unit row more: an s32 for each lane, that the tile starts its sums
 * from (see gemm_form.zero). Internal.
 */
#ifndef KERNELS_GEMM_GEMM_FORM_H
#define KERNELS_GEMM_GEMM_FORM_H

#include "kernels/gemm/gemm_types.h"

/* Element types of panels beside those of gemm_types.h. */
enum { GEMM_ELEMENT_S16 = 16 };

/**
 * out[p * width + i] = lane[i][p] for p < count, i < lanes; zero for lanes <= i < width. Each lane is `count`
 * contiguous units. lanes <= width <= 64.
 */
typedef void (*gemm_interleave_fn)(const void *const *lane, int lanes, int64_t count, void *out, int width);

/**
 * element     type of the panel's elements: SY_ELEMENT_F32, F64, BF16, F16, S8, U8 or GEMM_ELEMENT_S16.
 * group       elements along the depth in a unit: 1, 2, 4 or 8.
 * unit        bytes of a unit: group times the element's size.
 * header      unit rows before the first: 0 or 1; unit is 4 or more then, and the s32 stand first in the row.
 * interleave  for units of this size.
 */
typedef struct gemm_form {
    uint32_t element;
    int group, unit, header;
    gemm_interleave_fn interleave;
} gemm_form;

/** Unit rows of a panel of depth k: the header and ceil(k / group); none at all, no header either, for k = 0.
 */
static inline int64_t gemm_form_units(const gemm_form *form, int64_t k) {
    return k == 0 ? 0 : form->header + (k + form->group - 1) / form->group;
}

/**
 * What a panel with a header holds of elements of `dtype`: value - gemm_form_zero(). S8 panels hold u8 - 128,
 * U8 panels s8 + 128; then a b = a' b' + zero_a b' + zero_b a' + zero_a zero_b, and the sums over k of the
 * last three stand in the headers.
 */
static inline int gemm_form_zero(const gemm_form *form, uint32_t dtype) {
    if (form->element == SY_ELEMENT_S8 && dtype == SY_ELEMENT_U8)
        return 128;
    return form->element == SY_ELEMENT_U8 && dtype == SY_ELEMENT_S8 ? -128 : 0;
}

/* Tiles that fetch all of a strip between them, each its part with every unit of depth: a pace that memory
 * can follow. */
enum { GEMM_FETCH_TURNS = 4 };

/** Fetch the line at `next` into L2, and move on by `bytes`; any address will do, as nothing is read. */
static inline const void *gemm_fetch(const void *next, int64_t bytes) {
    __builtin_prefetch(next, 0, 2);
    return (const void *)((uintptr_t)next + (uintptr_t)bytes);
}

/* By unit size and instruction set: gemm_interleave_generic.c, gemm_pack_<isa>.c. */
void gemm_interleave_2_generic(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_4_generic(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_8_generic(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_4_avx2(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_8_avx2(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_4_avx512(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_8_avx512(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_4_neon(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_8_neon(const void *const *lane, int lanes, int64_t count, void *out, int width);

#endif
