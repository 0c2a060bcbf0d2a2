/*
 * What a library's numbers mean is tried where the row is not sure: a small computation with a known result.
 * Numbers are integers of 13 bits, so that f32 holds every sum of them exactly and tf32 does not hold them.
 */
#ifndef BACKENDS_CUDA_FAMILY_PROBE_H
#define BACKENDS_CUDA_FAMILY_PROBE_H

#include "backends/cuda_family/family.h"

/** Operands of a probe on a device: three arrays of f32, a stream of its own. */
typedef struct cf_probe {
    sy_device *device;
    void *stream, *address[3];
    size_t count; /* elements of each array */
} cf_probe;

/** What became of a computation. */
typedef enum cf_outcome { CF_RIGHT, CF_ROUNDED, CF_WRONG, CF_REFUSED } cf_outcome;

/** Elements of a probe's arrays at most. */
#define CF_PROBE_MAX 4096u

/** Take memory and a stream, and copy the first two arrays there. Errors: SY_OUT_OF_MEMORY, SY_LOST,
 * SY_INTERNAL; release with cf_probe_close() in any case. */
sy_status cf_probe_open(
    sy_device *device, const float *a, const float *b, size_t count, cf_probe *out_probe, sy_error *err);

/** Fill the third array with what is no result; before each computation. Returns the runtime's code. */
int cf_probe_clear(const cf_probe *probe);

/** Wait, read the third array and hold its first `count` elements against `wanted`; `slack` is how far off
 * rounded operands may put one. A failure of the runtime counts as a refusal. */
cf_outcome cf_probe_compare(const cf_probe *probe, const float *wanted, size_t count, double slack);

void cf_probe_close(cf_probe *probe);

/**
 * Numbers of BLAS `which` of a device whose handles are made, into its cf_numbers: the row's, or, where the
 * row leaves it open, those of the first convention that computes rightly. None: numbers.status. Errors: as
 * cf_probe_open().
 */
sy_status cf_blas_probe(sy_device *device, uint32_t which, sy_error *err);

/** The same for the DNN library: its mode, into dnn_mode, or dnn_status. */
sy_status cf_dnn_probe(sy_device *device, sy_error *err);

#endif
