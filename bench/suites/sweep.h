/* Sweeps in problem strings: "gemm:m=[64:4096*2],n=64,k=[64:1024+64]" stands for every combination. */
#ifndef STEELYARD_BENCH_SUITES_SWEEP_H
#define STEELYARD_BENCH_SUITES_SWEEP_H

#include "steelyard/status.h"

#include <stddef.h>

/** Most fields of one string that may be swept. */
#define SY_SWEEP_AXES_MAX 8u

/**
 * Gets one expanded string. `tag` tells the swept values apart (".m64.k128", "" without a sweep). Both are
 * valid during the call only. Another status than SY_OK ends the expansion and is handed on.
 */
typedef sy_status sy_sweep_emit(void *ctx, const char *problem, const char *tag, sy_error *err);

/**
 * Expand a problem string in written order: the first swept field is the outermost loop.
 *
 *   [64:4096*2]    64, 128, ... while <= 4096 (from >= 1, factor >= 2)
 *   [64:1024+64]   64, 128, ... while <= 1024 (step >= 1)
 *   [1,8,32]       these, taken as written
 *
 * Values of `bytes` may end in K, M, G or T (powers of 1024). `limit` is the most strings allowed; more is
 * found out before the first one is handed over.
 *
 * Errors   SY_INVALID_ARGUMENT names the field and what is wrong; SY_OVERFLOW: more than `limit`.
 */
sy_status sy_sweep_expand(const char *problem, uint64_t limit, sy_sweep_emit *emit, void *ctx, sy_error *err);

#endif
