/*
 * Channel shuffles: Reshape to groups, Transpose of the two dimensions, Reshape back become Shuffle, which
 * keeps the image an image. Needs that nobody else reads what lies between. Keeps values exactly.
 */
#include <string.h>

#include "runtime/model/passes/edit.h"
#include "runtime/model/passes/passes.h"

static const sy_net_tensor *tensor_of(const sy_net_edit *edit, uint32_t value) {
    return &edit->graph->value[value].tensor;
}

static bool swaps_groups(const sy_net_node *transpose, uint32_t rank) {
    size_t count = 0;
    const int64_t *perm = sy_net_attr_ints(transpose, "perm", &count);
    if (perm == NULL || count != rank || perm[0] != 0 || perm[1] != 2 || perm[2] != 1)
        return false;
    for (size_t i = 3; i < count; i++)
        if (perm[i] != (int64_t)i)
            return false;
    return true;
}

/* Whether `split` is `image` with its channels as two dimensions. */
static bool splits_channels(const sy_net_tensor *image, const sy_net_tensor *split) {
    if (image->rank < 3 || split->rank != image->rank + 1 || split->dim[0] != image->dim[0] ||
        split->dim[1] < 1 || split->dim[1] * split->dim[2] != image->dim[1])
        return false;
    return memcmp(split->dim + 3, image->dim + 2, (image->rank - 2) * sizeof image->dim[0]) == 0;
}

/* The value that is shuffled, SY_NET_NONE if node is no end of a shuffle. */
static uint32_t find_source(sy_net_edit *edit, const sy_net_node *node, int64_t *out_groups) {
    const sy_net_node *transpose = sy_net_edit_made_by(edit, node->in[0], "Transpose", NULL);
    if (transpose == NULL || !sy_net_edit_is_private(edit, node->in[0]))
        return SY_NET_NONE;
    const sy_net_node *split = sy_net_edit_made_by(edit, transpose->in[0], "Reshape", NULL);
    if (split == NULL || !sy_net_edit_is_private(edit, transpose->in[0]))
        return SY_NET_NONE;
    const sy_net_tensor *image = tensor_of(edit, split->in[0]), *parts = tensor_of(edit, split->out[0]);
    bool is_back = sy_net_same_shape(image, tensor_of(edit, node->out[0]));
    if (!is_back || !splits_channels(image, parts) || !swaps_groups(transpose, parts->rank))
        return SY_NET_NONE;
    *out_groups = parts->dim[1];
    return split->in[0];
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        int64_t groups = 0;
        uint32_t source =
            node != NULL && sy_net_node_is(node, "Reshape") ? find_source(edit, node, &groups) : SY_NET_NONE;
        if (source == SY_NET_NONE)
            continue;
        int64_t *kept = sy_net_arena_alloc(edit->graph->arena, sizeof *kept);
        if (kept == NULL)
            return sy_net_edit_no_memory(err);
        *kept = groups;
        const sy_net_attr attr = {.name = "groups", .kind = SY_NET_INT, .count = 1, .i = kept};
        const sy_net_edit_form form = {.op = sy_net_op_find("steelyard", "Shuffle", 1),
            .opset = 1,
            .n_in = 1,
            .n_attr = 1,
            .in = &source,
            .attr = &attr};
        status = sy_net_edit_turn(edit, i, &form, err);
        edit->changes += status == SY_OK;
    }
    return status;
}

const sy_net_pass sy_net_pass_shuffle = {"shuffle", rewrite, false};
