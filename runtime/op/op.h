/* An op of problem strings as one table row: its fields and its arithmetic. Private to runtime/op. */
#ifndef STEELYARD_OP_OP_H
#define STEELYARD_OP_OP_H

#include "runtime/op/field.h"
#include "steelyard/spec.h"

/**
 * One op. The driver in spec.c has checked every field alone, and the types for those that have them, before
 * it calls a function of the row.
 *
 * name      as written before the first ':'.
 * field     in canonical order.
 * validate  (optional) what fields must satisfy together.
 * flop      the direct count, checked. NULL: 0.
 * bytes     compulsory bytes, checked. NULL: those of every operand of `problem` once.
 * problem   fill a zeroed storage; NULL: not work for a plan. Sizes are checked by the driver afterwards, so
 *           it only has to be free of undefined behaviour on huge extents.
 */
typedef struct sy_op_row {
    uint32_t op;
    const char *name;
    const sy_op_field *field;
    size_t field_count;
    sy_status (*validate)(const sy_spec *spec, sy_error *err);
    sy_status (*flop)(const sy_spec *spec, uint64_t *out_flop, sy_error *err);
    sy_status (*bytes)(const sy_spec *spec, uint64_t *out_bytes, sy_error *err);
    void (*problem)(const sy_spec *spec, sy_problem_storage *storage);
} sy_op_row;

/** Sizes, FLOP and bytes of a problem stay at or below this. */
#define SY_OP_LARGEST (UINT64_C(1) << 62)

/** Elements of the f32 or sum outputs of `stream` read and of `peak`: room for one a thread block. */
#define SY_OP_SUMS 4096

extern const sy_op_row sy_op_gemm;
extern const sy_op_row sy_op_conv2d;
extern const sy_op_row sy_op_copy;
extern const sy_op_row sy_op_stream;
extern const sy_op_row sy_op_peak;

/** The row of SY_SPEC_*, NULL if there is none. */
const sy_op_row *sy_op_find(uint32_t op);

/** The row of that name, NULL if there is none. */
const sy_op_row *sy_op_find_name(const char *name);

/** Product of `count` factors >= 0. SY_OVERFLOW, naming `what` of op `name`, above SY_OP_LARGEST. */
sy_status sy_op_product(
    const char *name, const char *what, const int64_t *factor, size_t count, uint64_t *out, sy_error *err);

#endif
