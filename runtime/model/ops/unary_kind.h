/* Functions of one element, by the names of their operators. */
#ifndef RUNTIME_MODEL_OPS_UNARY_KIND_H
#define RUNTIME_MODEL_OPS_UNARY_KIND_H

#include <stdbool.h>
#include <stdint.h>

#define SY_OPS_UNARY_PARAMS 2u

/** An attribute that is a parameter; name NULL: none, always `otherwise`. */
typedef struct sy_ops_unary_param {
    const char *name;
    float otherwise;
} sy_ops_unary_param;

/**
 * types     set of chunk.h.
 * kernel    SY_NN_* that does f32, SY_NN_NONE: `real` does.
 * real      for f64, and where there is no kernel; NULL if no floating type is in `types`.
 * integer   for integers and bool (64 bits, sign-extended); NULL if none is in `types`.
 */
typedef struct sy_ops_unary_kind {
    const char *name;
    uint32_t types, kernel;
    double (*real)(double x, const double p[SY_OPS_UNARY_PARAMS]);
    uint64_t (*integer)(uint64_t x, bool is_unsigned);
    sy_ops_unary_param param[SY_OPS_UNARY_PARAMS];
} sy_ops_unary_kind;

/** NULL if there is none of that name. */
const sy_ops_unary_kind *sy_ops_unary_find(const char *name);

#endif
