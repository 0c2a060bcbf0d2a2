/*
 * Private layouts of constant weights. A layout number is made when it is first offered, and stands for
 * everything that the packed form depends on: op, instruction set, types, blocking. A plan that would read
 * another form has another number, so a mismatch is refused, never misread.
 */
#ifndef BACKENDS_CPU_PACKED_H
#define BACKENDS_CPU_PACKED_H

#include <pthread.h>

#include "kernels/conv/conv.h"
#include "kernels/gemm/gemm.h"
#include "kernels/winograd/winograd.h"
#include "steelyard/problem.h"
#include "steelyard/status.h"

#define SY_CPU_PACKING_WORDS 21

/**
 * One packed form. `word` is its identity; the descriptor is one of the problems that use it (any of them
 * packs the same way), without posts. tile: 2 or 4 if the weights are transformed for Winograd, else 0.
 */
typedef struct sy_cpu_packing {
    uint32_t op; /* SY_OP_GEMM or SY_OP_CONV */
    uint64_t hash;
    int64_t word[SY_CPU_PACKING_WORDS];
    int tile;
    union {
        sy_gemm_desc gemm;
        sy_conv_desc conv;
    } desc;
} sy_cpu_packing;

/** The packed forms offered on one device. */
typedef struct sy_cpu_packed {
    pthread_mutex_t lock;
    sy_cpu_packing *row;
    uint32_t count, capacity;
} sy_cpu_packed;

/** An empty list. Its rows live until it is released, so a number stays valid as long as the device is open.
 */
void sy_cpu_packed_init(sy_cpu_packed *packed);

/** Free the list; no number of it is valid any more. */
void sy_cpu_packed_release(sy_cpu_packed *packed);

/** Layout number of the weights of a problem, made if it is new. Errors: SY_OUT_OF_MEMORY. Any thread. */
sy_status sy_cpu_packed_gemm(
    sy_cpu_packed *packed, const sy_gemm_desc *desc, uint32_t *out_layout, sy_error *err);

/** The same for the weights of a convolution. */
sy_status sy_cpu_packed_conv(
    sy_cpu_packed *packed, const sy_conv_desc *desc, uint32_t *out_layout, sy_error *err);

/** The same for weights transformed for Winograd's `tile` (2 or 4). */
sy_status sy_cpu_packed_winograd(
    sy_cpu_packed *packed, const sy_conv_desc *desc, int tile, uint32_t *out_layout, sy_error *err);

/**
 * The form behind the layout of `tensor`: [batch, k, n] or [k, c/groups, r, s]. Errors: SY_INVALID_ARGUMENT:
 * no such number on this device, or extents or dtype of the tensor are not those the number was made for.
 */
sy_status sy_cpu_packed_find(
    sy_cpu_packed *packed, const sy_tensor *tensor, sy_cpu_packing *out_packing, sy_error *err);

/** Bytes of all weights of `tensor` in that form. Errors: SY_OVERFLOW, SY_UNSUPPORTED. */
sy_status sy_cpu_packing_bytes(
    const sy_cpu_packing *packing, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);

#endif
