/* Functions of two elements of one type: by the names of operators, and over whole tensors. */
#ifndef RUNTIME_MODEL_OPS_PAIR_H
#define RUNTIME_MODEL_OPS_PAIR_H

#include "runtime/model/ops/share.h"

/**
 * types     set of chunk.h.
 * kernel    SY_NN_* of two rows that does f32, or SY_OPS_NO_KERNEL: `real` does.
 * real      for f64, and where there is no kernel. NULL if no floating type is in `types`.
 * integer   for integers and bool (64 bits, sign-extended). Never traps: what is divided by 0 is 0.
 */
typedef struct sy_ops_pair {
    const char *name;
    uint32_t types, kernel;
    double (*real)(double a, double b);
    uint64_t (*integer)(uint64_t a, uint64_t b, bool is_unsigned);
} sy_ops_pair;
#define SY_OPS_NO_KERNEL UINT32_MAX

/** NULL if there is none of that name. Names beside those of operators: "Fmod", "ShiftLeft", "ShiftRight". */
const sy_ops_pair *sy_ops_pair_find(const char *name);

/** out = a, b broadcast to it; all of one type. out->data may be that of an input of its shape. */
void sy_ops_pair_run(const sy_net_call *call, const sy_ops_pair *pair, const sy_net_tensor *out,
    const sy_net_tensor *a, const sy_net_tensor *b);

/** base^exponent for integers; a negative exponent: 1 / base^-exponent without its fraction, 0 for base 0. */
uint64_t sy_ops_power(uint64_t base, uint64_t exponent, bool is_unsigned);

#endif
