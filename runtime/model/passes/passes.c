/* The list of passes and its order. */
#include "runtime/model/passes/passes.h"

static const sy_net_pass *const list[] = {
    &sy_net_pass_noop,
    &sy_net_pass_dead,
    &sy_net_pass_quantised,
    &sy_net_pass_constants,
    &sy_net_pass_cse,
    &sy_net_pass_sum,
    &sy_net_pass_shuffle,
    &sy_net_pass_transpose,
    &sy_net_pass_layernorm,
    &sy_net_pass_gelu,
    &sy_net_pass_product,
    &sy_net_pass_affine,
    &sy_net_pass_bias,
    &sy_net_pass_batchnorm,
    &sy_net_pass_post,
    &sy_net_pass_dead,
    &sy_net_pass_bf16,
    &sy_net_pass_layout,
    &sy_net_pass_border,
    &sy_net_pass_concat,
    &sy_net_pass_parts,
    &sy_net_pass_sweep,
};

#define COUNT (sizeof list / sizeof list[0])

const sy_net_pass *sy_net_pass_at(size_t index) {
    return index < COUNT ? list[index] : NULL;
}

sy_status sy_net_pass_run(const sy_net_pass *pass, sy_net_graph *graph, const sy_net_pass_options *options,
    uint32_t *out_changes, sy_error *err) {
    sy_net_edit edit;
    *out_changes = 0;
    sy_status status = sy_net_edit_begin(&edit, graph, options, err);
    if (status != SY_OK)
        return status;
    return sy_net_edit_end(&edit, pass->rewrite(&edit, err), out_changes, err);
}

/* Each pass that is final, or each that is not, once. */
static sy_status run_round(sy_net_graph *graph, const sy_net_pass_options *options, bool is_final,
    uint32_t *out_changes, sy_error *err) {
    sy_status status = SY_OK;
    *out_changes = 0;
    for (size_t i = 0; status == SY_OK && i < COUNT; i++) {
        uint32_t changes = 0;
        if (list[i]->is_final == is_final)
            status = sy_net_pass_run(list[i], graph, options, &changes, err);
        *out_changes += changes;
    }
    return status;
}

sy_status sy_net_passes_run(sy_net_graph *graph, const sy_net_pass_options *options, sy_error *err) {
    sy_status status = SY_OK;
    uint32_t changes = 1;
    for (uint32_t round = 0; status == SY_OK && changes > 0 && round < SY_NET_MAX_ROUNDS; round++)
        status = run_round(graph, options, false, &changes, err);
    return status == SY_OK ? run_round(graph, options, true, &changes, err) : status;
}
