/* Putting a sy_problem_storage together, tensor by tensor. Private to runtime/op. */
#ifndef STEELYARD_OP_STORAGE_H
#define STEELYARD_OP_STORAGE_H

#include "steelyard/spec.h"

/**
 * Append a tensor with packed row-major strides (all inputs come before all outputs; SY_ROLE_OUTPUT is an
 * output, any other role an input). `dim` has `rank` entries. Returns it for further changes.
 */
sy_tensor *sy_storage_add(
    sy_problem_storage *storage, uint32_t role, uint32_t dtype, uint32_t rank, const int64_t *dim);

/** Append an operand that is not there. */
void sy_storage_add_absent(sy_problem_storage *storage);

/**
 * Append the posts of the spec's epilogue and their operands. `output` describes the result (for a residual);
 * `rows` and `columns` are the lengths of row and column vectors (gemm: m, n; conv2d: images, channels).
 */
void sy_storage_add_epilogue(
    sy_problem_storage *storage, const sy_spec *spec, const sy_tensor *output, int64_t rows, int64_t columns);

/** Let the problem point into the storage, and give it the op, its attribute, sums and math. */
void sy_storage_finish(sy_problem_storage *storage, uint32_t op, const sy_spec *spec);

#endif
