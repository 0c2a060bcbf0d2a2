#include "runtime/model/passes/writer.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/ops/cost.h"
#include "runtime/model/passes/specialise.h"

sy_status sy_net_writer_open(sy_net_writer *writer, sy_net_graph *graph, const sy_team *team, sy_error *err) {
    *writer = (sy_net_writer){.graph = graph, .team = team};
    writer->in = sy_mem_calloc((size_t)SY_NET_MAX_PORTS * 2, sizeof *writer->in);
    if (writer->in == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the tensors of a node");
    writer->out = writer->in + SY_NET_MAX_PORTS;
    return SY_OK;
}

void sy_net_writer_close(sy_net_writer *writer) {
    sy_mem_free(writer->in);
    *writer = (sy_net_writer){0};
}

sy_status sy_net_writer_step(sy_net_writer *writer, const char *name, sy_error *err) {
    if (writer->steps >= SY_NET_MAX_UNROLLED)
        return sy_error_set(err, SY_UNSUPPORTED, "'%s': the network written out has more than %u nodes", name,
            SY_NET_MAX_UNROLLED);
    writer->steps++;
    return SY_OK;
}

sy_status sy_net_writer_constant(sy_net_writer *writer, const char *name, const sy_net_tensor *tensor,
    uint32_t *out_index, sy_error *err) {
    sy_net_graph *graph = writer->graph;
    sy_status status = sy_net_value_add(graph, name, out_index, err);
    if (status != SY_OK)
        return status;
    sy_net_value *value = &graph->value[*out_index];
    value->flags = SY_NET_CONST;
    value->tensor = *tensor;
    if (tensor->data == NULL) /* no elements: known all the same */
        value->tensor.data = sy_net_arena_alloc(graph->arena, 0);
    return value->tensor.data != NULL ? SY_OK
                                      : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for '%s'", name);
}

sy_status sy_net_writer_number(sy_net_writer *writer, uint32_t dtype, uint32_t rank, int64_t number,
    uint32_t *out_index, sy_error *err) {
    sy_net_tensor tensor = {.dtype = dtype, .rank = rank, .dim = {1}};
    tensor.data = sy_net_arena_alloc(writer->graph->arena, sizeof number);
    if (tensor.data == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a number");
    sy_net_set(&tensor, 0, (double)number);
    return sy_net_writer_constant(writer, "", &tensor, out_index, err);
}

/* Type and extents of everything the node makes. */
static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_node *node = call->node;
    sy_status status = node->op->infer(call, err);
    if (status == SY_UNAVAILABLE) /* nothing later can tell the value either */
        status = SY_UNSUPPORTED;
    for (uint32_t i = 0; i < node->n_out && status == SY_OK; i++) {
        if (node->out[i] == SY_NET_NONE)
            continue;
        status = sy_net_tensor_check(&call->out[i], err);
        if (status != SY_OK)
            return sy_error_prefix(
                err, status, "%s '%s' (opset %u): output %u", node->op->name, node->name, node->opset, i);
        if (!sy_net_is_known(&call->out[i]))
            return sy_net_call_fail(
                call, SY_UNSUPPORTED, err, "type or extents of output %u cannot be told beforehand", i);
    }
    return status;
}

static bool is_constant(const sy_net_call *call) {
    uint32_t flags = call->node->op->flags;
    if ((flags & (SY_NET_OP_RANDOM | SY_NET_OP_KEPT)) != 0 || call->node->op->run == NULL)
        return false;
    for (uint32_t i = 0; i < call->n_in; i++)
        if (call->in[i].dtype != 0 && call->in[i].data == NULL)
            return (flags & SY_NET_OP_EXTENTS) != 0;
    return true;
}

/* Memory for what a folded node makes; the bytes of a view are those of its input. */
static sy_status room_for_folded(sy_net_writer *writer, sy_net_call *call, sy_error *err) {
    const sy_net_node *node = call->node;
    for (uint32_t i = 0; i < node->n_out; i++) {
        if (node->out[i] == SY_NET_NONE || call->out[i].data != NULL)
            continue;
        if (i == 0 && (node->op->flags & SY_NET_OP_VIEW) != 0) {
            call->out[0].data = call->in[0].data;
            continue;
        }
        size_t bytes = sy_net_bytes(&call->out[i]);
        writer->folded_bytes += (int64_t)bytes; /* a checked tensor: no overflow before the limit is met */
        if (writer->folded_bytes > SY_NET_FOLDED_BYTES_MAX)
            return sy_net_call_fail(call, SY_OVERFLOW, err, "constants of more than %lld bytes",
                (long long)SY_NET_FOLDED_BYTES_MAX);
        call->out[i].data = sy_net_arena_alloc(writer->graph->arena, bytes);
        if (call->out[i].data == NULL)
            return sy_net_call_fail(
                call, SY_OUT_OF_MEMORY, err, "no memory for a constant of %zu bytes", bytes);
    }
    return SY_OK;
}

static sy_status fold(sy_net_writer *writer, sy_net_call *call, sy_error *err) {
    const sy_net_op *op = call->node->op;
    writer->folded_flop += sy_net_call_flop(call);
    if (writer->folded_flop > SY_NET_FOLDED_FLOP_MAX)
        return sy_net_call_fail(call, SY_OVERFLOW, err, "constants that take more than %g FLOP to compute",
            SY_NET_FOLDED_FLOP_MAX);
    sy_status status = room_for_folded(writer, call, err);
    size_t scratch = op->scratch_bytes != NULL ? op->scratch_bytes(call) : 0;
    if (status != SY_OK)
        return status;
    if (scratch > 0 && scratch < SIZE_MAX / 2)
        call->scratch = sy_mem_align(64, (scratch + 63) / 64 * 64);
    if (scratch > 0 && call->scratch == NULL)
        return sy_net_call_fail(call, SY_OUT_OF_MEMORY, err, "no memory for %zu bytes on the way", scratch);
    status = op->run(call, err);
    sy_mem_free(call->scratch);
    return status;
}

/* The values of what a node makes. */
static sy_status add_outputs(sy_net_writer *writer, const sy_net_call *call, const char *const *out_name,
    bool is_folded, uint32_t *out, sy_error *err) {
    for (uint32_t i = 0; i < call->node->n_out; i++) {
        if (call->node->out[i] == SY_NET_NONE) {
            out[i] = SY_NET_NONE;
            continue;
        }
        sy_status status = sy_net_value_add(writer->graph, out_name != NULL ? out_name[i] : "", &out[i], err);
        if (status != SY_OK)
            return status;
        sy_net_value *value = &writer->graph->value[out[i]];
        value->tensor = call->out[i];
        value->flags = is_folded ? SY_NET_CONST : 0;
        value->producer = is_folded ? SY_NET_NONE : writer->graph->n_node;
    }
    return SY_OK;
}

static sy_status add_node(
    sy_net_writer *writer, const sy_net_call *call, const uint32_t *in, const uint32_t *out, sy_error *err) {
    const sy_net_node *model = call->node;
    sy_net_arena *arena = writer->graph->arena;
    uint32_t *ports = sy_net_arena_array(arena, (size_t)model->n_in + model->n_out, sizeof *ports);
    sy_net_node *node = NULL;
    if (ports == NULL)
        return sy_net_call_fail(call, SY_OUT_OF_MEMORY, err, "no memory for its inputs and outputs");
    sy_status status = sy_net_node_add(writer->graph, &node, err);
    if (status != SY_OK)
        return status;
    *node = *model;
    node->state = call->state;
    node->in = ports;
    node->out = ports + model->n_in;
    if (model->n_in > 0)
        memcpy(node->in, in, model->n_in * sizeof *in);
    if (model->n_out > 0)
        memcpy(node->out, out, model->n_out * sizeof *out);
    return SY_OK;
}

static void set_call(sy_net_writer *writer, const sy_net_node *node, const uint32_t *in, sy_net_call *call) {
    for (uint32_t i = 0; i < node->n_in; i++)
        writer->in[i] = in[i] == SY_NET_NONE ? (sy_net_tensor){0} : writer->graph->value[in[i]].tensor;
    for (uint32_t i = 0; i < node->n_out; i++)
        writer->out[i] = (sy_net_tensor){.rank = SY_NET_UNKNOWN_RANK};
    *call = (sy_net_call){.node = node,
        .in = writer->in,
        .out = writer->out,
        .n_in = node->n_in,
        .n_out = node->n_out,
        .arena = writer->graph->arena,
        .team = writer->team};
}

sy_status sy_net_writer_node(sy_net_writer *writer, const sy_net_node *model, const char *name,
    const uint32_t *in, const char *const *out_name, uint32_t *out, sy_error *err) {
    sy_net_node node = *model;
    sy_net_call call;
    node.name = name;
    if (node.n_in > SY_NET_MAX_PORTS || node.n_out > SY_NET_MAX_PORTS)
        return sy_error_set(err, SY_UNSUPPORTED, "%s '%s': %u inputs and %u outputs, at most %u of each",
            node.op->name, name, node.n_in, node.n_out, SY_NET_MAX_PORTS);
    set_call(writer, &node, in, &call);
    sy_status status = infer(&call, err);
    if (status != SY_OK)
        return status;
    bool is_folded = is_constant(&call);
    if (is_folded)
        status = fold(writer, &call, err);
    if (status == SY_OK)
        status = add_outputs(writer, &call, out_name, is_folded, out, err);
    if (status == SY_OK && !is_folded)
        status = add_node(writer, &call, in, out, err);
    return status;
}
