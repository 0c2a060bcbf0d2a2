/* A single operator on hand-made tensors, for tests of rows of runtime/model/ops. Failures end the test. */
#ifndef STEELYARD_TESTS_ONE_OP_H
#define STEELYARD_TESTS_ONE_OP_H

#include "runtime/model/ops/op.h"

#define ONE_OP_INPUTS 12u
#define ONE_OP_OUTPUTS 3u
#define ONE_OP_ATTRS 12u

/** Numbers as one argument: extents, attributes, elements. */
typedef struct one_list {
    const double *number;
    size_t count;
} one_list;
#define NUMBERS(...)                                                                                         \
    ((one_list){(const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double)})
#define NO_NUMBERS ((one_list){0})

/**
 * The operator (domain: "" at first), its inputs and attributes; n_out: outputs that are wanted. Fields may
 * be written between the calls. Large work is done in shares. pitch_more: elements that lie beyond the
 * channels of each pixel, of images that are channels last.
 */
typedef struct one_op {
    sy_net_arena arena;
    sy_net_node node;
    const char *name, *domain;
    uint32_t opset, n_in, n_out, n_attr;
    sy_net_tensor in[ONE_OP_INPUTS], out[ONE_OP_OUTPUTS];
    sy_net_attr attr[ONE_OP_ATTRS];
    uint32_t index_in[ONE_OP_INPUTS], index_out[ONE_OP_OUTPUTS];
    bool is_last;
    int64_t pitch_more;
    const void *state;
} one_op;

void one_op_open(one_op *op, const char *name, uint32_t opset);
void one_op_close(one_op *op);

/** The next input: its elements (row-major) are `value`, repeated as often as needed; none: seeded whole
 * numbers from -4 to 4. Returns its tensor, packed. */
sy_net_tensor *one_op_in(one_op *op, uint32_t dtype, one_list dim, one_list value);

/** The next input is left out. */
void one_op_skip(one_op *op);

/** Attributes. `text` must outlive the operator. */
void one_op_ints(one_op *op, const char *name, one_list list);
void one_op_int(one_op *op, const char *name, int64_t number);
void one_op_floats(one_op *op, const char *name, one_list list);
void one_op_float(one_op *op, const char *name, double number);
void one_op_text(one_op *op, const char *name, const char *text);
void one_op_texts(one_op *op, const char *name, const char *const *text, size_t count);

/** A post; its operand is input `operand` (SY_NET_NONE: none), which must have been added already. */
void one_op_post(one_op *op, uint32_t kind, uint32_t operand, double a, double b);

/** infer(), checked; then run() on memory that is filled with a pattern first. With op->is_last images of
 * rank 3 and more are turned to channels last before, the outputs turned back after. */
void one_op_run(one_op *op);

/** infer() or run() must fail with `status` and a text that holds the operator's name and `words`. */
void one_op_refused(one_op *op, sy_status status, const char *words);

/** Output `index`: its extents; its elements, to `tolerance` (absolute and relative). NaN equals NaN. */
void one_op_shape(const one_op *op, uint32_t index, one_list dim);
void one_op_expect(const one_op *op, uint32_t index, one_list value, double tolerance);

/** Output 0 of both is the same, to `tolerance`. */
void one_op_same(const one_op *expected, const one_op *found, double tolerance);

#endif
