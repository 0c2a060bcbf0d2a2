/* Elements as integers in the same order: what sorting compares, whatever the type. */
#ifndef RUNTIME_MODEL_OPS_KEY_H
#define RUNTIME_MODEL_OPS_KEY_H

#include "runtime/model/graph/tensor.h"

/** Element `index`: a < b as numbers is a < b as keys; -0 and 0 are one; NaN is the largest. */
int64_t sy_net_key(const sy_net_tensor *tensor, int64_t index);

#endif
