/*
 * One operator, tried in every way that its row allows. Failures end the test.
 *
 *     trial t;
 *     trial_open(&t, "Add", 13);
 *     trial_in(&t, SY_F32, DIMS(2), NUMBERS(1, 2));
 *     trial_in(&t, SY_F32, DIMS(1), NUMBERS(3));
 *     trial_gives(&t, SY_F32, DIMS(2), NUMBERS(4, 5), 0);
 *     trial_close(&t);
 */
#ifndef STEELYARD_TESTS_OPS_TRIAL_H
#define STEELYARD_TESTS_OPS_TRIAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "runtime/model/ops/op.h"

#define TRIAL_PORTS 8u

/** Extents and elements as one argument. */
typedef struct trial_dims {
    const int64_t *dim;
    uint32_t rank;
} trial_dims;
#define DIMS(...)                                                                                            \
    ((trial_dims){(const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)})
#define SCALAR ((trial_dims){0})

typedef struct trial_numbers {
    const double *number;
    size_t count;
} trial_numbers;
#define NUMBERS(...)                                                                                         \
    ((trial_numbers){(const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double)})
#define NOTHING ((trial_numbers){0})

typedef struct trial {
    sy_net_arena arena;
    sy_net_node node;
    uint32_t value_in[TRIAL_PORTS], value_out[TRIAL_PORTS]; /* of the node: ports, numbered through */
    sy_net_attr attr[TRIAL_PORTS];
    sy_net_tensor in[TRIAL_PORTS], out[TRIAL_PORTS];
    sy_net_call call;
    sy_error err;
} trial;

/** A node of the operator's row at that opset, with one output. The second form: of another domain. */
void trial_open(trial *t, const char *op, uint32_t opset);
void trial_open_in(trial *t, const char *domain, const char *op, uint32_t opset);
void trial_close(trial *t);

/** The next input: so many numbers, or one that is repeated. NOTHING with elements: values are not known. */
void trial_in(trial *t, uint32_t dtype, trial_dims dims, trial_numbers numbers);
void trial_in_left_out(trial *t);

/** Attributes. */
void trial_int(trial *t, const char *name, int64_t value);
void trial_float(trial *t, const char *name, float value);
void trial_text(trial *t, const char *name, const char *value);
void trial_ints(trial *t, const char *name, trial_dims list);

/** More outputs than one. */
void trial_outputs(trial *t, uint32_t count);

/** infer() alone. */
sy_status trial_infer(trial *t);

/** run() alone, packed and on one thread, after infer(). */
sy_status trial_run(trial *t);

/**
 * Infers, runs, and compares output 0: packed with one thread and in shares in reverse order, with kernels of
 * every instruction set of this processor, in the place of each input that may be replaced, and with channels
 * innermost and gaps between pixels (elementwise: in some inputs or all), as the flags of the row say. NaN is
 * equal to NaN. tolerance: relative, and absolute near 0.
 */
void trial_gives(trial *t, uint32_t dtype, trial_dims dims, trial_numbers numbers, double tolerance);

/** Compares a further output of the last of those runs (packed, one thread). */
void trial_gives_too(
    trial *t, uint32_t index, uint32_t dtype, trial_dims dims, trial_numbers numbers, double tolerance);

/** That infer() fails with `status` and says `words` after the node. */
void trial_refused(trial *t, sy_status status, const char *words);

/** Infers without error, then run() fails so. */
void trial_fails(trial *t, sy_status status, const char *words);

#endif
