/* The passes, each in the file of its name. */
#ifndef RUNTIME_MODEL_PASSES_PASSES_H
#define RUNTIME_MODEL_PASSES_PASSES_H

#include "runtime/model/passes/edit.h"

extern const sy_net_pass sy_net_pass_affine, sy_net_pass_batchnorm, sy_net_pass_bf16, sy_net_pass_bias,
    sy_net_pass_border, sy_net_pass_concat, sy_net_pass_shuffle, sy_net_pass_sum, sy_net_pass_constants,
    sy_net_pass_cse, sy_net_pass_dead, sy_net_pass_gelu, sy_net_pass_layernorm, sy_net_pass_layout,
    sy_net_pass_noop, sy_net_pass_parts, sy_net_pass_post, sy_net_pass_product, sy_net_pass_quantised,
    sy_net_pass_sweep, sy_net_pass_transpose;

#endif
