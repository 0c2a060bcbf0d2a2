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
 * output       the output tensor's bytes, packed row-major in the logical order of its dims (images N K P Q).
 *              With beta != 0, C as it was before the launch is tensor ACCUMULATE of its `set`; launches > 1
 *              on one slot never happen (one C slot a launch).
 * seed         chooses rows, columns and signs; a fresh one for each check.
 * level        full: everything is covered. sample: a part of a large result, at a cost that is bounded
 *              whatever the size.
 * math         what the algorithm says it delivers; the tolerance follows it.
 * algorithm_bound_factor  widening for algorithms with a larger documented bound (Winograd); else 1.
 */
typedef struct sy_check_request {
    const sy_spec *spec;
    const sy_data_block *block;
    uint64_t key, seed;
    const uint64_t *set; /* input set that the launch used, one for each of the problem's n_in tensors */
    uint32_t level;      /* SY_CHECK_* */
    uint32_t math;
    double algorithm_bound_factor;
    const void *output;
    uint64_t output_bytes;
    uint64_t budget_ns; /* about what the check may take; 0: 200 ms for full, 40 ms for sample */
} sy_check_request;

/* Faults that a check would have seen, as bits of `sees`. */
enum {
    SY_CHECK_SEES_ZEROS = 1, /* an output of zeros */
    SY_CHECK_SEES_TILE = 2,  /* a 16 x 16 tile (conv: positions x channels) of another input set's result */
    SY_CHECK_SEES_TAIL = 4,  /* the last 4 of k (conv: of channels x filter) left out */
    SY_CHECK_SEES_GAIN = 8   /* all values 1 % too large or too small */
};

/**
 * Outcome.
 *
 * status          SY_OK right; SY_WRONG_RESULT; SY_OVERFLOW: the true result exceeds the output's or
 *                 accumulator's type, so nothing can be said (the row is `error: overflow`).
 * verified        right, and the check has the power to see zeros, a stale tile and a dropped tail.
 * sees            SY_CHECK_SEES_*: missed with a probability of at most 1e-4, from the bounds and the values.
 * max_error, bound  the two sides of the largest ratio of error to bound, in units of the output (of a signed
 *                 sum of outputs where the method has those).
 * smallest_error  an error of this size in one element is found wherever the method looks; with every honest
 *                 error beside it, 1.5 times that.
 * one_in          the method looks at one element in so many; 1: at all.
 * method          "full", "freivalds 2 x 4096 + 8 rows + 8 columns", "lattice of 1 in 4 x 4", ...
 * smallest_fault  the smallest fault it would find, in words: "1 element off by 3.1e-4".
 * reason          for a wrong result: where and how far; for a weak check: what it would miss.
 */
typedef struct sy_check_result {
    sy_status status;
    bool verified;
    uint32_t sees;
    double max_error, bound, smallest_error, one_in;
    char method[64], smallest_fault[128], reason[256];
} sy_check_result;

/**
 * Check one output of a gemm or conv2d; of stream and peak by sy_check_plain_run() (plain.h).
 *
 *   small             every element against the f64 reference
 *   linear epilogue   Freivalds: two random signed sums of the columns (of segments of them, where the output
 *                     type is narrow) at every row, and rows and columns whole; conv: signed sums of output
 *                     channels at every position, of large batches over a signed sum of the images
 *   relu, gelu, silu  a signed sum says nothing after these: every p-th row by every q-th column, random
 *                     phases, the last of both included, as dense as the cost allows; p, q <= 16 whenever
 *                     that is possible, so that every tile is met
 *
 * Over the elements seen singly run two matched filters besides, for a dropped tail and for a wrong gain:
 * they find what is far below the rounding of one element (the reason why f8 outputs can be verified at all).
 *
 * Cost     about 0.3 s of one core for typical rows; for a very large product a few times what making its
 *          inputs takes. Memory: about 100 MiB at most, beyond a few padded channels of one image.
 * Errors   SY_INVALID_ARGUMENT: output_bytes does not fit the spec, no such level; SY_OUT_OF_MEMORY;
 *          SY_UNSUPPORTED for copy, which has nothing but bytes: sy_check_bytes() (plain.h).
 *          A wrong result is not an error of the call.
 */
sy_status sy_check_run(const sy_check_request *request, sy_check_result *out_result, sy_error *err);

/** Bytes of the output of a spec in packed form; SY_OVERFLOW if it does not fit. */
sy_status sy_check_output_bytes(const sy_spec *spec, uint64_t *out_bytes, sy_error *err);

#endif
