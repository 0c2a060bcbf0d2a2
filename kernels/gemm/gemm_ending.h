/*
 * The usual epilogue in a form that register kernels can follow: bias, something added, bounds, f32 result;
 * done to the sums before they leave their registers. Internal.
 */
#ifndef KERNELS_GEMM_GEMM_ENDING_H
#define KERNELS_GEMM_GEMM_ENDING_H

#include "kernels/gemm/gemm_finish.h"

/**
 * value = min(max(sum + bias + add, low), high); what stands first where two are NaN or equal is as in the
 * epilogue that this stands for, so the bits are the same.
 *
 * bias       one value a column, side by side; NULL: none.
 * out        where column 0 of row 0 goes.
 * add        lies as D does: the value for out[i] is add[i]; NULL: none. It may be `out`.
 * low, high  -INFINITY and INFINITY where there is no bound. NaN passes.
 */
typedef struct gemm_ending {
    const float *bias, *add;
    float *out;
    float low, high;
} gemm_ending;

/** Whether `finish` over sums of f32 is such an epilogue; if so, it is written to *out_ending. */
bool gemm_ending_read(const gemm_finish *finish, gemm_ending *out_ending);

#endif
