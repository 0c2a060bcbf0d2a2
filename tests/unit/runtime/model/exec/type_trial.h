/* Trials of whole networks: a file compiled in some way and run once. Failures end the test. */
#ifndef TESTS_TYPE_TRIAL_H
#define TESTS_TYPE_TRIAL_H

#include "steelyard/model.h"
#include "tests/support/onnx_writer.h"

/* Fields of a graph, types of elements. */
enum { INPUT = 11, OUTPUT = 12, INITIALIZER = 5, FLOAT = 1, UINT8 = 2, INT8 = 3, INT32 = 6 };

/** Most elements of an input. */
enum { MOST = 8192 };

/** A runtime with the processor and the simulated card, as *state. */
int type_trial_set_up(void **state);
int type_trial_tear_down(void **state);

/** An attribute of `count` integers, all `value`. */
void type_trial_attribute(onnx_writer *w, const char *name, int64_t value, int count);

/** How a network of one input and one output is compiled, what it gave, and what was made of it. */
typedef struct type_trial {
    const char *device;
    uint32_t dtype;
    bool is_reference;
    sy_compiled_info info;
    uint8_t out[MOST * 4];
    uint64_t out_bytes;
} type_trial;

/** Run it on seeded random bytes, or numbers from -1 to 1. */
void type_trial_run(sy_runtime *runtime, const onnx_writer *w, type_trial *t);

#endif
