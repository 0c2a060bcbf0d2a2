/*
 * Is a timed output right, and would the check have noticed if it were not? Compares output bytes that a
 * device wrote with the problem's definition, from inputs made again from the seed; by the full reference
 * when the problem is small, else by Freivalds plus random rows and columns (gemm), or contracted channels
 * plus random points (conv). Runs in the parent, which has no driver. Tolerance: sy_error_model
 * (runtime/op/error_model.h).
 */
#ifndef STEELYARD_CHECK_CHECK_H
#define STEELYARD_CHECK_CHECK_H

#include "bench/data/fill.h"
#include "steelyard/spec.h"

enum { SY_CHECK_FULL = 0, SY_CHECK_SAMPLE = 1, SY_CHECK_OFF = 2 };

/**
 * What is to be checked.
 *
 * output        the output tensor's bytes, packed row-major in the logical order of its dims (images N K P
 * Q). accumulate    gemm with beta != 0: C as it was before the launch is tensor ACCUMULATE of its `set`;
 * launches > 1 on one slot never happen (one C slot a launch). math          what the algorithm says it
 * delivers; the tolerance follows it. algorithm_bound_factor  >= 1: widening for algorithms with a larger
 * documented bound (Winograd); 1 otherwise.
 */
typedef struct sy_check_request {
    const sy_spec *spec;
    const sy_data_block *block;
    uint64_t key, seed;
    const uint64_t *set; /* input set that the launch used, one for each of the problem's n_in tensors */
    uint32_t level; /* SY_CHECK_* */
    uint32_t math;
    double algorithm_bound_factor;
    const void *output;
    uint64_t output_bytes;
} sy_check_request;

/**
 * Outcome. max_error and bound are the worst ratio's two sides, in units of the output (max_error / bound is
 * the largest ratio seen).
 *
 * status          SY_OK right; SY_WRONG_RESULT; SY_OVERFLOW: the true result exceeds the output's or
 * accumulator's type, so nothing can be said (the row is `error: overflow`). verified        right, and the
 * check has the power to see the faults it must see (zeros, a stale tile, a dropped tail). smallest_fault the
 * smallest fault it would find, in words: "1 element off by 3.1e-4", "a stale 16x16 tile". method "full",
 * "freivalds 2x + 8 rows + 8 columns", ... reason          for a wrong result: where and how far; for a weak
 * check: what it would miss.
 */
typedef struct sy_check_result {
    sy_status status;
    bool verified;
    double max_error, bound;
    char method[64], smallest_fault[128], reason[256];
} sy_check_result;

/**
 * Check one output. Needs memory in proportion to the inputs (it regenerates them in pieces).
 * Errors: SY_OUT_OF_MEMORY, SY_UNSUPPORTED for an op that has nothing to check (copy, stream, peak: see
 * sy_check_bytes). A wrong result is not an error of the call.
 */
sy_status sy_check_run(const sy_check_request *request, sy_check_result *out_result, sy_error *err);

/** Bytes of the output of a spec in packed form; SY_OVERFLOW if it does not fit. */
sy_status sy_check_output_bytes(const sy_spec *spec, uint64_t *out_bytes, sy_error *err);

#endif
