#include "runtime/model/passes/fold.h"

#include <string.h>

#include "runtime/base/error.h"

/* Weights as blocks of elements that belong to one output channel. */
typedef struct weight_blocks {
    int64_t count, inner, channels, per_group, rows_per_group;
    bool is_transposed; /* ConvTranspose: rows are input channels, each with the output channels of its group
                         */
} weight_blocks;

sy_status sy_net_affine_make(sy_net_edit *edit, int64_t count, sy_net_affine *out_affine, sy_error *err) {
    out_affine->count = count;
    out_affine->scale = sy_net_arena_array(&edit->scratch, (size_t)count, sizeof(double));
    out_affine->shift = sy_net_arena_array(&edit->scratch, (size_t)count, sizeof(double));
    if (out_affine->scale == NULL || out_affine->shift == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %lld channels", (long long)count);
    for (int64_t i = 0; i < count; i++)
        out_affine->scale[i] = 1;
    return SY_OK;
}

static weight_blocks blocks_of(const sy_net_graph *graph, const sy_net_node *node) {
    const sy_net_tensor *w = &graph->value[node->in[1]].tensor;
    int64_t elements = sy_net_elements(w), group = sy_net_attr_int(node, "group", 1);
    weight_blocks found = {.count = w->dim[0], .channels = w->dim[0]};
    if (sy_net_node_is(node, "ConvTranspose") && group > 0) {
        found = (weight_blocks){
            .count = w->dim[0] * w->dim[1], .channels = w->dim[1] * group, .is_transposed = true};
        found.per_group = w->dim[1];
        found.rows_per_group = w->dim[0] / group;
    } else if (sy_net_node_is(node, "Gemm") && sy_net_attr_int(node, "transB", 0) == 0) {
        found = (weight_blocks){.count = elements, .channels = w->dim[1]};
    }
    found.inner = found.count > 0 ? elements / found.count : 0;
    return found;
}

static int64_t channel_of(const weight_blocks *blocks, int64_t block) {
    if (!blocks->is_transposed)
        return block % blocks->channels;
    int64_t row = block / blocks->per_group, column = block % blocks->per_group;
    return row / blocks->rows_per_group * blocks->per_group + column;
}

static bool has_foldable_bias(const sy_net_graph *graph, const sy_net_node *node, int64_t channels) {
    uint32_t bias = sy_net_node_in(node, 2);
    const sy_net_tensor *tensor = sy_net_constant(graph, bias);
    if (bias == SY_NET_NONE)
        return true;
    uint32_t rank = sy_net_node_is(node, "Gemm") ? 2 : 1;
    return tensor != NULL && sy_net_varies_along(tensor, rank, rank - 1, channels);
}

int64_t sy_net_fold_channels(sy_net_edit *edit, const sy_net_node *node) {
    const sy_net_graph *graph = edit->graph;
    bool is_gemm = sy_net_node_is(node, "Gemm");
    if (!is_gemm && !sy_net_node_is(node, "Conv") && !sy_net_node_is(node, "ConvTranspose"))
        return 0;
    const sy_net_tensor *w = sy_net_constant(graph, sy_net_node_in(node, 1));
    if (w == NULL || w->rank < 2 || sy_net_elements(w) <= 0 || !sy_net_is_real(w->dtype))
        return 0;
    const sy_net_tensor *y = &graph->value[node->out[0]].tensor;
    weight_blocks blocks = blocks_of(graph, node);
    bool is_plain = node->n_post == 0 && node->n_out == 1 && sy_net_edit_is_private(edit, node->out[0]);
    bool is_whole = blocks.channels > 0 && y->rank >= 2 && y->dim[1] == blocks.channels;
    bool has_unit = !is_gemm || sy_net_attr_float(node, "beta", 1) == 1;
    bool fits = has_foldable_bias(graph, node, blocks.channels);
    return is_plain && is_whole && has_unit && fits ? blocks.channels : 0;
}

/* Weights on their way: blocks begin .. end - 1. */
typedef struct scale_job {
    const weight_blocks *blocks;
    const sy_net_affine *affine;
    const sy_net_tensor *from;
    sy_net_tensor *to;
} scale_job;

static void scale_blocks(void *arg, int64_t begin, int64_t end) {
    const scale_job *job = arg;
    int64_t inner = job->blocks->inner;
    for (int64_t block = begin; block < end; block++) {
        double scale = job->affine->scale[channel_of(job->blocks, block)];
        if (job->from->dtype != SY_F32) {
            for (int64_t i = block * inner; i < (block + 1) * inner; i++)
                sy_net_set(job->to, i, sy_net_get(job->from, i) * scale);
            continue;
        }
        const float *x = (const float *)job->from->data + block * inner;
        float *y = (float *)job->to->data + block * inner;
        for (int64_t i = 0; i < inner; i++)
            y[i] = (float)((double)x[i] * scale);
    }
}

/* Weights times scale: a new constant, or *out_value stays where every scale is 1. */
static sy_status scale_weights(sy_net_edit *edit, const sy_net_node *node, const sy_net_affine *affine,
    uint32_t *out_value, sy_error *err) {
    sy_net_graph *graph = edit->graph;
    weight_blocks blocks = blocks_of(graph, node);
    bool is_same = true;
    for (int64_t i = 0; i < affine->count; i++)
        is_same = is_same && affine->scale[i] == 1;
    if (is_same)
        return SY_OK;
    const sy_net_tensor w = graph->value[*out_value].tensor;
    sy_status status = sy_net_edit_constant(edit, w.dtype, w.rank, w.dim, out_value, err);
    scale_job job = {&blocks, affine, &w, &graph->value[*out_value].tensor};
    if (status == SY_OK)
        sy_team_for(edit->options->team, blocks.count, blocks.inner, scale_blocks, &job);
    return status;
}

static sy_status shift_bias(sy_net_edit *edit, const sy_net_affine *affine, uint32_t dtype, uint32_t old,
    uint32_t *out_value, sy_error *err) {
    sy_net_graph *graph = edit->graph;
    sy_status status = sy_net_edit_constant(edit, dtype, 1, &affine->count, out_value, err);
    const sy_net_tensor *before = sy_net_constant(graph, old);
    for (int64_t i = 0; status == SY_OK && i < affine->count; i++) {
        double bias = before == NULL ? 0 : sy_net_along(before, i);
        sy_net_set(&graph->value[*out_value].tensor, i, bias * affine->scale[i] + affine->shift[i]);
    }
    return status;
}

sy_status sy_net_fold(
    sy_net_edit *edit, uint32_t first, uint32_t last, const sy_net_affine *affine, sy_error *err) {
    const sy_net_node node = *sy_net_edit_node(edit, first);
    uint32_t in[3] = {node.in[0], node.in[1], SY_NET_NONE};
    uint32_t dtype = edit->graph->value[in[1]].tensor.dtype;
    sy_status status = scale_weights(edit, &node, affine, &in[1], err);
    if (status == SY_OK)
        status = shift_bias(edit, affine, dtype, sy_net_node_in(&node, 2), &in[2], err);
    sy_net_edit_form form = {node.op, node.opset, 3, node.n_attr, in, node.attr, 1};
    if (status == SY_OK)
        status = sy_net_edit_turn(edit, first, &form, err);
    if (status != SY_OK)
        return status;
    sy_net_edit_let_go(edit, node.in[1]);
    sy_net_edit_absorb(edit, first, last);
    edit->changes++;
    return SY_OK;
}
