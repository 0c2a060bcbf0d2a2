/* The families of operators, each in the file of its name. */
#ifndef RUNTIME_MODEL_OPS_FAMILIES_H
#define RUNTIME_MODEL_OPS_FAMILIES_H

#include "runtime/model/ops/op.h"

extern const sy_net_family sy_net_family_identity;
extern const sy_net_family sy_net_family_shuffle;
extern const sy_net_family sy_net_family_internal;
extern const sy_net_family sy_net_family_strided;
extern const sy_net_family sy_net_family_unary;
extern const sy_net_family sy_net_family_special;
extern const sy_net_family sy_net_family_binary;
extern const sy_net_family sy_net_family_variadic;
extern const sy_net_family sy_net_family_compare;
extern const sy_net_family sy_net_family_where;
extern const sy_net_family sy_net_family_pow;
extern const sy_net_family sy_net_family_clip;
extern const sy_net_family sy_net_family_gelu;
extern const sy_net_family sy_net_family_cast;
extern const sy_net_family sy_net_family_reduce;
extern const sy_net_family sy_net_family_arg;
extern const sy_net_family sy_net_family_cumsum;
extern const sy_net_family sy_net_family_softmax;
extern const sy_net_family sy_net_family_batch_norm;
extern const sy_net_family sy_net_family_layer_norm;
extern const sy_net_family sy_net_family_group_norm;
extern const sy_net_family sy_net_family_lp_norm;
extern const sy_net_family sy_net_family_variance_norm;
extern const sy_net_family sy_net_family_lrn;
extern const sy_net_family sy_net_family_quantise;
extern const sy_net_family sy_net_family_dequantise;
extern const sy_net_family sy_net_family_dynamic_quantise;
extern const sy_net_family sy_net_family_control;
extern const sy_net_family sy_net_family_einsum;
extern const sy_net_family sy_net_family_det;
extern const sy_net_family sy_net_family_nms;
extern const sy_net_family sy_net_family_roi;
extern const sy_net_family sy_net_family_grid;
extern const sy_net_family sy_net_family_resize;
extern const sy_net_family sy_net_family_unique;
extern const sy_net_family sy_net_family_sequence;
extern const sy_net_family sy_net_family_select;
extern const sy_net_family sy_net_family_topk;
extern const sy_net_family sy_net_family_range;
extern const sy_net_family sy_net_family_pad;
extern const sy_net_family sy_net_family_scatter;
extern const sy_net_family sy_net_family_gather;
extern const sy_net_family sy_net_family_expand;
extern const sy_net_family sy_net_family_slice;
extern const sy_net_family sy_net_family_concat;
extern const sy_net_family sy_net_family_transpose;
extern const sy_net_family sy_net_family_reshape;
extern const sy_net_family sy_net_family_constant;
extern const sy_net_family sy_net_family_shape;
extern const sy_net_family sy_net_family_conv;
extern const sy_net_family sy_net_family_conv_transpose;
extern const sy_net_family sy_net_family_gemm;
extern const sy_net_family sy_net_family_matmul;
extern const sy_net_family sy_net_family_gemm_integer;
extern const sy_net_family sy_net_family_qlinear_binary;
extern const sy_net_family sy_net_family_qlinear_pool;
extern const sy_net_family sy_net_family_rnn;
extern const sy_net_family sy_net_family_conv_integer;
extern const sy_net_family sy_net_family_matmul_integer;
extern const sy_net_family sy_net_family_pool;
extern const sy_net_family sy_net_family_pool_global;
extern const sy_net_family sy_net_family_max_unpool;

#endif
