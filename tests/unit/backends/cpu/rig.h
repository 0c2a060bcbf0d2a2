/* A CPU device for tests, and one problem run on it from a problem string, all operands filled and kept. */
#ifndef TESTS_UNIT_BACKENDS_CPU_RIG_H
#define TESTS_UNIT_BACKENDS_CPU_RIG_H

#include "steelyard/backend.h"
#include "steelyard/spec.h"

/** What the host of a test answers and hears. */
typedef struct rig_host {
    const char *sysroot, *isa, *threads, *openblas, *blis, *onednn;
    char log[2048];
    char library[2048], version[1024]; /* "name path\n", "name version\n" of each in turn */
    uint32_t libraries;
} rig_host;

/** An opened device with a queue. */
typedef struct rig {
    rig_host host;
    sy_host table;
    const sy_backend_api *api;
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
} rig;

/** Fill r->table from r->host (set before). */
void rig_make_host(rig *r);

/** Open device 0 with `params`; fails the test if that fails. r->host is set before. */
void rig_open(rig *r, const char *params);
void rig_close(rig *r);

/** A problem with operands: `tensor` as they lie in host memory, resolved to strided layouts. */
typedef struct rig_case {
    sy_problem_storage storage; /* as asked, ANY and CONST still open */
    sy_problem_storage plain;   /* the same with every layout strided */
    sy_buffer *buffer[SY_MAX_TENSORS];
    void *data[SY_MAX_TENSORS];
    sy_algorithm algorithm;
    bool was_packed;
} rig_case;

/**
 * Parse `text`, choose `algorithm`, fill inputs with small whole numbers (-3..3; 0..3 for u8) from `seed`,
 * the output with 0xff, run. Returns the status of the first step that failed, with its text in err.
 */
sy_status rig_run(
    rig *r, const char *text, const char *algorithm, uint64_t seed, rig_case *out_case, sy_error *err);

/** Buffers of a case back to the device. */
void rig_release(rig *r, rig_case *c);

/** Value of a post with operand `operand` (f64, straightforward). */
double rig_post(const sy_post *post, double value, double operand);

/** The post operand of element {n, k or row, column ...}: `at` indexes the output's dims. */
double rig_operand(const rig_case *c, const sy_post *post, const int64_t *at);

/** Fails the test unless the element at `place` of the output is `value` rounded to its type: exactly, or
 * within `tolerance` relative to 1 + |value|. */
void rig_expect(const rig_case *c, int64_t place, double value, double tolerance);

#endif
