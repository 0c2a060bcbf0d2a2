/*
 * Products and convolutions in bf16: their activations, weights and biases become bf16 (sums stay f32), and
 * so does what lies between them and costs no accuracy worth naming. Constants are rounded once; Casts stand
 * at the borders: inputs and outputs of the graph, and all other operators, stay f32. A value has at most one
 * Cast to either type.
 * Needs options->has_bf16. Changes values by the roundings of bf16, 2^-9 of each value that is stored so.
 */
#include "kernels/convert/convert.h"
#include "runtime/model/passes/passes.h"

/* Of each value that was there at first: the same in bf16, and in f32; SY_NET_NONE while there is none. */
typedef struct narrowing {
    sy_net_edit *edit;
    bool *is_narrow; /* by node */
    uint32_t *narrow, *wide, n_value, n_node;
} narrowing;

static bool is_f32(const sy_net_graph *graph, uint32_t value) {
    return value != SY_NET_NONE && graph->value[value].tensor.dtype == SY_F32;
}

/* What a device computes: the first two inputs are the factors. */
static bool is_product(const sy_net_edit *edit, const sy_net_node *node) {
    bool is_named = sy_net_node_is(node, "Conv") || sy_net_node_is(node, "Gemm") ||
                    sy_net_node_is(node, "MatMul") || sy_net_node_is_ours(node, "Product");
    const sy_net_pass_options *options = edit->options;
    return is_named && (options->is_work == NULL || options->is_work(options->ctx, edit->graph, node));
}

/* What moves values, or computes in f32 and rounds at the end, as fast as in f32; maxima only channels last.
 */
static bool is_carrier(const sy_net_node *node, bool may_channels_last) {
    static const char *const name[] = {"Add", "Sub", "Mul", "Relu", "Clip", "LeakyRelu", "Sigmoid", "Tanh",
        "HardSwish", "HardSigmoid", "Concat", "Split", "Slice", "Transpose", "Reshape", "Flatten", "Squeeze",
        "Unsqueeze", "Identity", "Pad"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (sy_net_node_is(node, name[i]))
            return true;
    return may_channels_last && sy_net_node_is(node, "MaxPool");
}

/* All outputs are f32; for a carrier, what one of its inputs is made by is in bf16 already. */
static bool is_for_bf16(const narrowing *work, const sy_net_node *node) {
    const sy_net_graph *graph = work->edit->graph;
    bool is_fed = false;
    for (uint32_t i = 0; i < node->n_out; i++)
        if (node->out[i] != SY_NET_NONE && !is_f32(graph, node->out[i]))
            return false;
    for (uint32_t i = 0; i < node->n_in; i++) {
        uint32_t maker = node->in[i] != SY_NET_NONE ? graph->value[node->in[i]].producer : SY_NET_NONE;
        is_fed = is_fed || (maker != SY_NET_NONE && work->is_narrow[maker]);
    }
    if (node->n_in < 1 || !is_f32(graph, node->in[0]))
        return false;
    return is_product(work->edit, node) ||
           (is_fed && is_carrier(node, work->edit->options->may_channels_last));
}

static sy_status start(narrowing *work, sy_error *err) {
    sy_net_edit *edit = work->edit;
    work->n_value = edit->graph->n_value;
    work->n_node = edit->graph->n_node;
    work->is_narrow = sy_net_arena_array(&edit->scratch, work->n_node, sizeof *work->is_narrow);
    work->narrow = sy_net_arena_array(&edit->scratch, work->n_value, sizeof *work->narrow);
    work->wide = sy_net_arena_array(&edit->scratch, work->n_value, sizeof *work->wide);
    if (work->is_narrow == NULL || work->narrow == NULL || work->wide == NULL)
        return sy_net_edit_no_memory(err);
    for (uint32_t i = 0; i < work->n_value; i++) {
        work->narrow[i] = SY_NET_NONE;
        work->wide[i] = is_f32(edit->graph, i) ? i : SY_NET_NONE;
    }
    for (uint32_t i = 0; i < work->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        work->is_narrow[i] = node != NULL && is_for_bf16(work, node);
    }
    return SY_OK;
}

/* Numbers of TensorProto.DataType. */
static const int64_t to_f32 = 1, to_bf16 = 16;

static sy_status add_cast(narrowing *work, uint32_t from, uint32_t to, const int64_t *type, sy_error *err) {
    uint32_t index = 0;
    const sy_net_attr attr = {.name = "to", .kind = SY_NET_INT, .count = 1, .i = type};
    const sy_net_edit_form form = {.op = sy_net_op_find("", "Cast", 13),
        .opset = 13,
        .n_in = 1,
        .in = &from,
        .n_attr = 1,
        .attr = &attr};
    work->edit->changes++;
    return sy_net_edit_add(work->edit, "Cast", &form, to, &index, err);
}

static sy_status cast_of(
    narrowing *work, uint32_t from, const int64_t *type, uint32_t *out_value, sy_error *err) {
    sy_net_tensor like = work->edit->graph->value[from].tensor;
    like.dtype = type == &to_f32 ? SY_F32 : SY_BF16;
    sy_status status = sy_net_edit_value(work->edit, &like, out_value, err);
    return status == SY_OK ? add_cast(work, from, *out_value, type, err) : status;
}

typedef struct rounding {
    const float *from;
    uint16_t *to;
} rounding;

static void round_some(void *arg, int64_t begin, int64_t end) {
    const rounding *job = arg;
    sy_bf16_array_from_f32(job->from + begin, (size_t)(end - begin), job->to + begin);
}

static sy_status round_constant(narrowing *work, uint32_t from, uint32_t *out_value, sy_error *err) {
    sy_net_edit *edit = work->edit;
    const sy_net_tensor given = edit->graph->value[from].tensor;
    sy_status status = sy_net_edit_constant(edit, SY_BF16, given.rank, given.dim, out_value, err);
    if (status != SY_OK)
        return status;
    rounding job = {given.data, edit->graph->value[*out_value].tensor.data};
    sy_team_for(edit->options->team, sy_net_elements(&given), 1, round_some, &job);
    edit->changes++;
    return SY_OK;
}

/* Outputs of a node become bf16 in their place; of the graph's, what the caller reads is cast from them. */
static sy_status narrow_output(narrowing *work, uint32_t index, uint32_t port, sy_error *err) {
    sy_net_graph *graph = work->edit->graph;
    uint32_t value = graph->node[index].out[port], inner = SY_NET_NONE;
    work->edit->changes++;
    if (!(graph->value[value].flags & SY_NET_OUTPUT)) {
        graph->value[value].tensor.dtype = SY_BF16;
        work->narrow[value] = value;
        work->wide[value] = SY_NET_NONE;
        return SY_OK;
    }
    sy_net_tensor like = graph->value[value].tensor;
    like.dtype = SY_BF16;
    sy_status status = sy_net_edit_value(work->edit, &like, &inner, err);
    if (status != SY_OK)
        return status;
    graph->node[index].out[port] = inner;
    graph->value[inner].producer = index;
    work->narrow[value] = inner;
    return add_cast(work, inner, value, &to_f32, err);
}

/* The value in the type that a node wants, made where it is asked for first. */
static sy_status find(narrowing *work, uint32_t value, bool is_narrow, uint32_t *out_value, sy_error *err) {
    uint32_t *known = is_narrow ? &work->narrow[value] : &work->wide[value];
    sy_status status = SY_OK;
    if (*known == SY_NET_NONE && !is_narrow)
        status = cast_of(work, work->narrow[value], &to_f32, known, err);
    else if (*known == SY_NET_NONE && work->edit->graph->value[value].flags & SY_NET_CONST)
        status = round_constant(work, value, known, err);
    else if (*known == SY_NET_NONE)
        status = cast_of(work, work->wide[value], &to_bf16, known, err);
    *out_value = *known;
    return status;
}

static sy_status set_inputs(narrowing *work, uint32_t index, sy_error *err) {
    sy_net_edit *edit = work->edit;
    sy_status status = SY_OK;
    for (uint32_t k = 0; status == SY_OK && k < edit->graph->node[index].n_in; k++) {
        uint32_t value = edit->graph->node[index].in[k], wanted = SY_NET_NONE;
        bool is_ours = value != SY_NET_NONE && value < work->n_value &&
                       (work->narrow[value] != SY_NET_NONE || work->wide[value] != SY_NET_NONE);
        if (!is_ours)
            continue;
        status = find(work, value, work->is_narrow[index], &wanted, err);
        if (status == SY_OK && wanted != value)
            sy_net_edit_set_input(edit, index, k, wanted);
    }
    return status == SY_OK && work->is_narrow[index] ? sy_net_edit_infer(edit, index, err) : status;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    narrowing work = {.edit = edit};
    if (!edit->options->has_bf16)
        return SY_OK;
    sy_status status = start(&work, err);
    for (uint32_t i = 0; status == SY_OK && i < work.n_node; i++)
        for (uint32_t k = 0; status == SY_OK && work.is_narrow[i] && k < edit->graph->node[i].n_out; k++)
            if (edit->graph->node[i].out[k] != SY_NET_NONE)
                status = narrow_output(&work, i, k, err);
    for (uint32_t i = 0; status == SY_OK && i < work.n_node; i++)
        if (sy_net_edit_node(edit, i) != NULL)
            status = set_inputs(&work, i, err);
    return status;
}

const sy_net_pass sy_net_pass_bf16 = {"bf16", rewrite, true};
