/* Which element types go together in a product, and how they are written. Private to runtime/op. */
#ifndef STEELYARD_OP_SPEC_TYPES_H
#define STEELYARD_OP_SPEC_TYPES_H

#include "steelyard/spec.h"

/**
 * Read "bf16" or "a:b:c[:acc]" into the dtype_* of the spec, completed as sy_spec_parse() documents. For
 * `peak`, which has no result but its sums, c becomes acc.
 * Errors: SY_INVALID_ARGUMENT unknown type or wrong number of parts; SY_UNSUPPORTED a type that has no short
 * form.
 */
sy_status sy_types_parse(const char *op, const char *text, sy_spec *spec, sy_error *err);

/**
 * Whether arithmetic is defined for the spec's types, epilogue included. A spec with an operation that has no
 * types (copy, stream) is not asked.
 * Errors: SY_INVALID_ARGUMENT a number that is no dtype; SY_UNSUPPORTED not defined, with what would be.
 */
sy_status sy_types_check(const char *op, const sy_spec *spec, sy_error *err);

#endif
