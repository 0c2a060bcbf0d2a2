/*
 * From problem and policy to an algorithm: asks a backend for its ordered candidates, keeps why each one said
 * no, checks what the others promise (math, reference), resolves layouts, and makes the plan with its
 * constant operands prepared. It measures nothing.
 */
#ifndef STEELYARD_DISPATCH_DISPATCH_H
#define STEELYARD_DISPATCH_DISPATCH_H

#include "runtime/registry/registry.h"
#include "steelyard/backend.h"
#include "steelyard/spec.h"

#define SY_MAX_CANDIDATES 64u

/** One candidate and what was decided about it. */
typedef struct sy_candidate {
    sy_algorithm algorithm;
    sy_status status;    /* SY_OK: may be chosen */
    char reason[256];    /* why not; "" when it may be chosen */
    uint32_t on_request; /* chosen only by name (reference, on host) */
} sy_candidate;

/** All candidates for one problem, in the backend's order. */
typedef struct sy_candidates {
    uint32_t count;
    sy_candidate candidate[SY_MAX_CANDIDATES];
} sy_candidates;

/**
 * Ask for all candidates. A candidate whose math is wider than the problem allows is SY_UNSUPPORTED with that
 * reason; one flagged SY_ALGO_REFERENCE or SY_ALGO_ON_HOST is usable by name only. Errors: only when the
 * backend misbehaves (SY_INTERNAL, more than SY_MAX_CANDIDATES).
 */
sy_status sy_dispatch_candidates(const sy_backend_api *api, sy_device *device, const sy_problem *problem,
    sy_candidates *out_candidates, sy_error *err);

/**
 * Choose by policy: "auto" takes the first usable one that is not on request; any other text is a name.
 * Returns the index. Errors: SY_UNSUPPORTED: none; the text gathers the candidates' reasons ("native: no bf16
 * on this CPU; openblas: library not found"). SY_INVALID_ARGUMENT: no candidate has that name; the text lists
 * the names.
 */
sy_status sy_dispatch_choose(
    const sy_candidates *candidates, const char *policy, uint32_t *out_index, sy_error *err);

/**
 * Resolve layouts as the algorithm wants them: tensors left at SY_LAYOUT_ANY become strided (packed
 * row-major, or channels first or last) or private; constant tensors become private where wanted. Changes
 * `storage` in place. *out_image_layout tells what images became: SY_IMAGE_NHWC, SY_IMAGE_NCHW, or
 * SY_IMAGE_ANY for private or no image.
 */
sy_status sy_dispatch_resolve(
    sy_problem_storage *storage, const sy_algorithm *algorithm, uint32_t *out_image_layout, sy_error *err);

/** Bytes that tensor `index` of a resolved problem takes on the device. */
sy_status sy_dispatch_tensor_bytes(const sy_backend_api *api, sy_device *device, const sy_tensor *tensor,
    uint64_t *out_bytes, sy_error *err);

/**
 * Convert one tensor from layout `from` to layout `to` (same dims and dtype) by the backend's SY_OP_REORDER,
 * on `queue`, and wait for it. Used for constant operands and for reading private outputs. Spans are device
 * memory. Errors: SY_UNSUPPORTED: no such reorder; else the backend's.
 */
sy_status sy_dispatch_reorder(const sy_backend_api *api, sy_device *device, sy_queue *queue,
    const sy_tensor *from, sy_span source, const sy_tensor *to, sy_span target, sy_error *err);

#endif
