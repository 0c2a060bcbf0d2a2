/*
 * The simulated libraries of NVIDIA's and of stacks that are like it: one source, a row of numbers for each
 * stack (rows.c), names by the prefixes that the build gives (SIM_RT=cuda: RT(Malloc) is cudaMalloc). A
 * number that is not in the row is refused as the vendor does.
 *
 * Settings besides those of common/: row.KEY=VALUE changes a number of the row (the keys are in rows.c);
 * ct=10, 11 or both: the convention of compute types.
 */
#ifndef TESTS_VENDOR_SIM_CUDA_FAMILY_FAMILY_H
#define TESTS_VENDOR_SIM_CUDA_FAMILY_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/vendor_sim/common/arithmetic.h"
#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/stream.h"
#include "tests/vendor_sim/common/world.h"

/* What is exported has no header: the vendors' own are not needed to build. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

#define SIM_API __attribute__((visibility("default")))
#define SIM_PASTE_NOW(a, b) a##b
#define SIM_PASTE(a, b) SIM_PASTE_NOW(a, b)
#define RT(name) SIM_PASTE(SIM_RT, name)
#define BLAS(name) SIM_PASTE(SIM_BLAS, name)
#define LT(name) SIM_PASTE(SIM_LT, name)
#define DNN(name) SIM_PASTE(SIM_DNN, name)
#define PM(name) SIM_PASTE(SIM_PM, name)

/* Errors of the runtime: the same numbers on all stacks. */
enum {
    RT_OK = 0,
    RT_INVALID_VALUE = 1,
    RT_OUT_OF_MEMORY = 2,
    RT_INVALID_DIRECTION = 21,
    RT_NO_DEVICE = 100,
    RT_INVALID_DEVICE = 101,
    RT_INVALID_HANDLE = 400,
    RT_NOT_READY = 600,
    RT_CAPTURE_UNSUPPORTED = 900,
    RT_CAPTURE_INVALIDATED = 901
};

#define FAMILY_ABSENT INT64_MIN

/** A number of this stack's row; FAMILY_ABSENT if it has none. */
int64_t family_number(const char *key);
/** Whether the list of numbers at `key` has it. */
bool family_has(const char *key, int64_t number);
/** Element type of a number of the table ("blas": keys blas.f32, ...); SY_DTYPE_NONE if it means none. */
uint32_t family_dtype(const char *table, int64_t number);

/** The thread's device: 0 as long as it selected none, as everywhere in the family. */
int family_device(void);

#define FAMILY_STREAM "stream"
#define FAMILY_EVENT "event"

/** What is captured: copies of the work. */
typedef struct family_step {
    struct family_step *next;
    sim_work work;
} family_step;

typedef struct family_graph {
    family_step *first, **last;
} family_graph;

typedef struct family_stream {
    sim_stream *stream;
    bool is_capturing, is_spoilt; /* spoilt: something that cannot be captured was called */
    family_graph capture;
} family_stream;

/** Where a stream's handle leads; NULL is the device's own stream. */
typedef struct family_queue {
    sim_stream *stream;
    family_stream *user; /* NULL: the device's own */
} family_queue;

/** False: no stream. */
bool family_queue_of(void *handle, family_queue *out_queue);
/** Enqueue, or capture. */
void family_enqueue(const family_queue *queue, const sim_work *work);

/** A matrix or tensor's bytes on a device; false, and misuse "operand_not_on_device": they are not there as a
 * whole. Extent 0 is fine. */
bool family_operand(int device, const void *address, uint64_t bytes, void **out_view);

#endif
