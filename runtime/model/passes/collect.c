#include "runtime/model/passes/collect.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Operators that pieces are joined with, as of this opset. */
#define JOIN_OPSET 13u

/* Pieces joined by one node. */
#define JOIN_MAX 256u

sy_status sy_net_collection_add(sy_net_collection *collection, uint32_t value, sy_error *err) {
    if (collection->count == collection->room) {
        size_t room = collection->room < 16 ? 32 : collection->room * 2;
        uint32_t *more = sy_mem_realloc(collection->value, room * sizeof *more);
        if (more == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for what the rounds of a loop make");
        collection->value = more;
        collection->room = room;
    }
    collection->value[collection->count++] = value;
    return SY_OK;
}

void sy_net_collection_release(sy_net_collection *collection) {
    sy_mem_free(collection->value);
    *collection = (sy_net_collection){0};
}

static sy_status find_op(const char *op_name, sy_net_node *node, sy_error *err) {
    node->op = sy_net_op_find("", op_name, JOIN_OPSET);
    node->opset = JOIN_OPSET;
    return node->op != NULL ? SY_OK
                            : sy_error_set(err, SY_INTERNAL, "operator %s is missing in the table", op_name);
}

/* Each piece with a new dimension of 1. */
static sy_status widen(
    sy_net_writer *writer, uint32_t *piece, size_t count, int64_t axis, const char *name, sy_error *err) {
    uint32_t made = 0, port[2] = {0, SY_NET_NONE};
    sy_net_node node = {.n_in = 2, .n_out = 1, .in = port, .out = &made};
    sy_status status = find_op("Unsqueeze", &node, err);
    if (status == SY_OK)
        status = sy_net_writer_number(writer, SY_S64, 1, axis, &port[1], err);
    for (size_t i = 0; i < count && status == SY_OK; i++) {
        port[0] = piece[i];
        status = sy_net_writer_node(writer, &node, name, port, NULL, &piece[i], err);
    }
    return status;
}

/* One level: every JOIN_MAX pieces become one. */
static sy_status join_level(sy_net_writer *writer, uint32_t *piece, size_t *count, const sy_net_attr *axis,
    const char *name, sy_error *err) {
    uint32_t made = 0;
    sy_net_node node = {.n_out = 1, .n_attr = 1, .attr = axis, .out = &made};
    sy_status status = find_op("Concat", &node, err);
    size_t joined = 0;
    for (size_t i = 0; i < *count && status == SY_OK; i += JOIN_MAX, joined++) {
        node.n_in = (uint32_t)(*count - i < JOIN_MAX ? *count - i : JOIN_MAX);
        node.in = &piece[i];
        status = sy_net_writer_node(writer, &node, name, &piece[i], NULL, &made, err);
        piece[joined] = made;
    }
    *count = joined;
    return status;
}

static sy_status make_empty(
    sy_net_writer *writer, const sy_net_tensor *model, uint32_t *out_index, sy_error *err) {
    sy_net_tensor tensor = {.dtype = model->dtype, .rank = 1};
    uint32_t rank = model->rank <= SY_NET_MAX_RANK ? model->rank : 0;
    if (model->dtype == 0 || rank >= SY_NET_MAX_RANK)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "a loop without rounds makes a tensor of unknown type or extents");
    for (uint32_t i = 0; i < rank; i++)
        tensor.dim[tensor.rank++] = model->dim[i] < 0 ? 1 : model->dim[i];
    return sy_net_writer_constant(writer, "", &tensor, out_index, err);
}

sy_status sy_net_collection_join(sy_net_writer *writer, sy_net_collection *collection, uint32_t n_scan,
    uint32_t column, const sy_net_joint *joint, const char *name, uint32_t *out_index, sy_error *err) {
    size_t rounds = n_scan > 0 ? collection->count / n_scan : 0;
    if (rounds == 0)
        return make_empty(writer, joint->model, out_index, err);
    /* The arena's: a node that is written keeps it. */
    int64_t *along = sy_net_arena_alloc(writer->graph->arena, sizeof *along);
    sy_net_attr *axis = sy_net_arena_alloc(writer->graph->arena, sizeof *axis);
    uint32_t *piece = sy_mem_calloc(rounds, sizeof *piece);
    if (piece == NULL || along == NULL || axis == NULL || name == NULL) {
        sy_mem_free(piece);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for joining %zu pieces", rounds);
    }
    for (size_t i = 0; i < rounds; i++)
        piece[i] = collection->value[(joint->is_reversed ? rounds - 1 - i : i) * n_scan + column];
    *along = joint->axis;
    *axis = (sy_net_attr){.name = "axis", .kind = SY_NET_INT, .count = 1, .i = along};
    sy_status status = widen(writer, piece, rounds, joint->axis, name, err);
    do {
        if (status == SY_OK)
            status = join_level(writer, piece, &rounds, axis, name, err);
    } while (status == SY_OK && rounds > 1);
    *out_index = piece[0];
    sy_mem_free(piece);
    return status;
}
