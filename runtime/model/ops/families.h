/* The families of operators, each in the file of its name. */
#ifndef RUNTIME_MODEL_OPS_FAMILIES_H
#define RUNTIME_MODEL_OPS_FAMILIES_H

#include "runtime/model/ops/op.h"

extern const sy_net_family sy_net_family_identity;
extern const sy_net_family sy_net_family_conv;
extern const sy_net_family sy_net_family_conv_transpose;
extern const sy_net_family sy_net_family_gemm;
extern const sy_net_family sy_net_family_matmul;
extern const sy_net_family sy_net_family_rnn;
extern const sy_net_family sy_net_family_conv_integer;
extern const sy_net_family sy_net_family_matmul_integer;
extern const sy_net_family sy_net_family_pool;
extern const sy_net_family sy_net_family_pool_global;
extern const sy_net_family sy_net_family_max_unpool;

#endif
