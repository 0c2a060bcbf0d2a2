/*
 * From problem and policy to an algorithm: asks a backend for its ordered candidates, keeps why each one said
 * no, checks what the others promise (math, reference, determinism), resolves layouts, and converts tensors
 * between layouts. Who makes plans and bindings owns them, and goes by these. It measures nothing.
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
    uint32_t on_request; /* chosen only by name (reference, on host, a larger bound than asked for), or a
                            variant */
    uint32_t is_tunable; /* usable, and one that "auto" may take or a variant of one: `tune` may choose it */
} sy_candidate;

/** All candidates for one problem, in the backend's order. */
typedef struct sy_candidates {
    uint32_t count;
    sy_candidate candidate[SY_MAX_CANDIDATES];
} sy_candidates;

/**
 * Ask for all candidates.
 *
 * A candidate whose math is wider than the problem allows, or that is not deterministic where the problem
 * says SY_PROBLEM_DETERMINISTIC, is SY_UNSUPPORTED with that reason; one flagged SY_ALGO_REFERENCE,
 * SY_ALGO_ON_HOST or SY_ALGO_VARIANT, or with a bound_factor above 1 where the problem's math is not
 * SY_MATH_ANY, is usable by name only. One that contradicts itself (no name, layouts for tensors that were
 * not its to choose, an impossible flop_ratio or bound_factor) is SY_INTERNAL with that reason. 0 in either
 * becomes 1, and an absent layout list the problem's own layouts with SY_LAYOUT_STRIDED for SY_LAYOUT_ANY.
 *
 * Errors  what the backend answered beside SY_OK, SY_UNSUPPORTED and the end of the list (SY_LOST ...);
 *         SY_INTERNAL: a status that does not exist, or more than SY_MAX_CANDIDATES. No candidates then.
 */
sy_status sy_dispatch_candidates(const sy_backend_api *api, sy_device *device, const sy_problem *problem,
    sy_candidates *out_candidates, sy_error *err);

/**
 * Choose by policy: "auto" takes the first usable one that is not on request; any other text is a name, of
 * which the first usable one is taken. Returns the index.
 * Errors  SY_UNSUPPORTED: none; the text gathers the reasons ("native: no bf16 on this CPU; openblas: library
 *         not found"). SY_INVALID_ARGUMENT: no candidate has that name; the text lists the names.
 */
sy_status sy_dispatch_choose(
    const sy_candidates *candidates, const char *policy, uint32_t *out_index, sy_error *err);

/**
 * As sy_dispatch_choose(), with what the tuning cache says of this problem (`tuned`; NULL or "": nothing):
 * "auto" takes the first candidate of that name that is tunable, and the first ordinary one if
 * there is none. *out_is_tuned tells which it was.
 */
sy_status sy_dispatch_choose_tuned(const sy_candidates *candidates, const char *policy, const char *tuned,
    uint32_t *out_index, bool *out_is_tuned, sy_error *err);

/**
 * Resolve layouts as a candidate of this problem wants them, in place: tensors left at SY_LAYOUT_ANY become
 * strided (packed row-major, or channels first or last) or private; constant tensors become private, or
 * packed channels first or last, where wanted. *out_image_layout tells what the images of a convolution or
 * pooling became: SY_IMAGE_NHWC, SY_IMAGE_NCHW, or SY_IMAGE_ANY for private, mixed or no images.
 * Errors  SY_INTERNAL: a wish that does not exist, or for a tensor that is neither; SY_OVERFLOW. `storage` is
 *         unchanged then.
 */
sy_status sy_dispatch_resolve(
    sy_problem_storage *storage, const sy_algorithm *algorithm, uint32_t *out_image_layout, sy_error *err);

/**
 * Bytes that a tensor of a resolved problem takes on the device: what its strides reach over, or what the
 * backend says of its private layout. An absent tensor takes 0.
 * Errors  SY_INVALID_ARGUMENT: layout still open, bad type, rank, extent or stride; SY_OVERFLOW; the
 * backend's.
 */
sy_status sy_dispatch_tensor_bytes(const sy_backend_api *api, sy_device *device, const sy_tensor *tensor,
    uint64_t *out_bytes, sy_error *err);

/**
 * Convert one tensor from layout `from` to layout `to` (same dims and dtype) by the backend's SY_OP_REORDER,
 * on `queue`, and wait for it; equal strided layouts are copied. For constant operands and for reading
 * private outputs: never timed, so an algorithm that is otherwise on request is good enough, after the
 * others. Spans are device memory. The thread has entered the device.
 * Errors  SY_UNSUPPORTED: no such reorder, with the candidates' reasons; else the backend's.
 */
sy_status sy_dispatch_reorder(const sy_backend_api *api, sy_device *device, sy_queue *queue,
    const sy_tensor *from, sy_span source, const sy_tensor *to, sy_span target, sy_error *err);

#endif
