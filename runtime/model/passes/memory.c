#include "runtime/model/passes/memory.h"

#include "runtime/base/error.h"
#include "runtime/model/passes/match.h"

/*
 * Values that share bytes form a group, held by its root (parent[root] == root). first, last: of a value, and
 * at a root of the whole group. Step 0 is before the first node, node i is step i + 1.
 */
typedef struct sharing {
    const sy_net_graph *graph;
    const uint32_t *space;
    uint32_t spaces;
    uint32_t *parent, *first, *last, *item;
    bool *is_placed;
} sharing;

static uint32_t space_of(const sharing *plan, uint32_t value) {
    return plan->space == NULL ? 0 : plan->space[value];
}

static uint32_t root_of(const sharing *plan, uint32_t value) {
    while (plan->parent[value] != value) {
        plan->parent[value] = plan->parent[plan->parent[value]];
        value = plan->parent[value];
    }
    return value;
}

static void join(sharing *plan, uint32_t a, uint32_t b) {
    uint32_t x = root_of(plan, a), y = root_of(plan, b);
    plan->parent[y] = x;
    plan->first[x] = plan->first[y] < plan->first[x] ? plan->first[y] : plan->first[x];
    plan->last[x] = plan->last[y] > plan->last[x] ? plan->last[y] : plan->last[x];
}

static sy_status check_spaces(const sharing *plan, sy_error *err) {
    for (uint32_t i = 0; i < plan->graph->n_value; i++) {
        const sy_net_value *value = &plan->graph->value[i];
        uint32_t space = space_of(plan, i);
        if (space >= plan->spaces)
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "value %u lies in space %u, there are %u", i, space, plan->spaces);
        if (value->flags & SY_NET_PART && space_of(plan, value->whole) != space)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "value %u lies in space %u, its whole in %u", i,
                space, space_of(plan, value->whole));
    }
    return SY_OK;
}

static void find_lives(sharing *plan) {
    const sy_net_graph *graph = plan->graph;
    for (uint32_t i = 0; i < graph->n_value; i++) {
        const sy_net_value *value = &graph->value[i];
        bool is_made = value->producer != SY_NET_NONE, is_input = value->flags & SY_NET_INPUT;
        plan->is_placed[i] = (is_made || is_input) && !(value->flags & SY_NET_CONST);
        plan->parent[i] = i;
        plan->first[i] = is_made ? value->producer + 1 : 0;
        plan->last[i] = plan->first[i];
        if (value->flags & SY_NET_OUTPUT)
            plan->last[i] = graph->n_node + 1;
    }
    for (uint32_t i = 0; i < graph->n_node; i++)
        for (uint32_t k = 0; k < graph->node[i].n_in; k++) {
            uint32_t value = graph->node[i].in[k];
            if (value != SY_NET_NONE && plan->last[value] < i + 1)
                plan->last[value] = i + 1;
        }
    for (uint32_t i = 0; i < graph->n_value; i++)
        if (graph->value[i].flags & SY_NET_PART)
            join(plan, graph->value[i].whole, i);
}

/* Whether two values could be the same bytes: placed in one space, neither a part, of one size. */
static bool may_share(const sharing *plan, uint32_t a, uint32_t b) {
    if (a == SY_NET_NONE || b == SY_NET_NONE)
        return false;
    const sy_net_value *x = &plan->graph->value[a], *y = &plan->graph->value[b];
    return plan->is_placed[a] && plan->is_placed[b] && space_of(plan, a) == space_of(plan, b) &&
           !((x->flags | y->flags) & SY_NET_PART) && sy_net_bytes(&x->tensor) == sy_net_bytes(&y->tensor);
}

/* Whether `out` may be written over `in` by the node of step `step`, where the whole group of `in` ends. */
static bool may_replace(const sharing *plan, uint32_t in, uint32_t out, uint32_t step) {
    if (!may_share(plan, in, out) || !sy_net_values_alike(plan->graph, in, out))
        return false;
    const sy_net_tensor *x = &plan->graph->value[in].tensor, *y = &plan->graph->value[out].tensor;
    bool is_laid_alike = x->is_last == y->is_last && (!x->is_last || x->pitch == y->pitch);
    return is_laid_alike && plan->last[root_of(plan, in)] == step;
}

static void share(sharing *plan, uint32_t index) {
    const sy_net_node *node = &plan->graph->node[index];
    if (node->n_out == 0 || node->n_in == 0)
        return;
    uint32_t out = node->out[0], step = index + 1;
    if (node->op->flags & SY_NET_OP_VIEW && may_share(plan, node->in[0], out)) {
        join(plan, node->in[0], out);
        return;
    }
    if (!(node->op->flags & SY_NET_OP_IN_PLACE))
        return;
    for (uint32_t k = 0; k < node->n_in && k < node->op->max_in; k++)
        if (may_replace(plan, node->in[k], out, step)) {
            join(plan, node->in[k], out);
            return;
        }
}

/* One item for each group, and where values lie in it. */
static uint32_t make_items(sharing *plan, sy_net_item *item) {
    const sy_net_graph *graph = plan->graph;
    uint32_t count = 0;
    for (uint32_t i = 0; i < graph->n_value; i++)
        plan->item[i] = SY_NET_NONE;
    for (uint32_t i = 0; i < graph->n_value; i++) {
        uint32_t root = root_of(plan, i);
        if (!plan->is_placed[i] || graph->value[i].flags & SY_NET_PART)
            continue;
        if (plan->item[root] == SY_NET_NONE) {
            plan->item[root] = count;
            item[count++] = (sy_net_item){
                .first = plan->first[root], .last = plan->last[root], .space = space_of(plan, i)};
        }
        uint64_t bytes = sy_net_bytes(&graph->value[i].tensor), *largest = &item[plan->item[root]].bytes;
        *largest = bytes > *largest ? bytes : *largest;
    }
    return count;
}

/* Bytes from the start of the outermost whole. */
static uint64_t offset_in_whole(const sy_net_graph *graph, uint32_t value) {
    uint64_t elements = 0;
    size_t size = sy_net_dtype_size(graph->value[value].tensor.dtype);
    for (; graph->value[value].flags & SY_NET_PART; value = graph->value[value].whole)
        elements += (uint64_t)graph->value[value].offset;
    return elements * size;
}

/* Bytes of all items together, so that no sum of them is too large. */
static sy_status check_sum(const sy_net_item *item, uint32_t count, sy_error *err) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        if (__builtin_add_overflow(sum, item[i].bytes + SY_NET_ALIGNMENT, &sum))
            return sy_error_set(err, SY_OVERFLOW, "the values of the network take more than 2^64 bytes");
    return SY_OK;
}

static sy_status place(
    sharing *plan, sy_net_arena *scratch, uint64_t *out_offset, uint64_t *out_bytes, sy_error *err) {
    const sy_net_graph *graph = plan->graph;
    sy_net_item *item = sy_net_arena_array(scratch, graph->n_value, sizeof *item);
    if (item == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the plan of %u values", graph->n_value);
    uint32_t count = make_items(plan, item);
    sy_status status = check_sum(item, count, err);
    if (status == SY_OK)
        status = sy_net_place(item, count, plan->spaces, out_bytes, err);
    for (uint32_t i = 0; status == SY_OK && i < graph->n_value; i++) {
        uint32_t at = plan->is_placed[i] ? plan->item[root_of(plan, i)] : SY_NET_NONE;
        out_offset[i] = at == SY_NET_NONE ? 0 : item[at].offset_bytes + offset_in_whole(graph, i);
    }
    return status;
}

static bool make_arrays(sharing *plan, sy_net_arena *scratch) {
    uint32_t values = plan->graph->n_value;
    plan->parent = sy_net_arena_array(scratch, values, sizeof *plan->parent);
    plan->first = sy_net_arena_array(scratch, values, sizeof *plan->first);
    plan->last = sy_net_arena_array(scratch, values, sizeof *plan->last);
    plan->item = sy_net_arena_array(scratch, values, sizeof *plan->item);
    plan->is_placed = sy_net_arena_array(scratch, values, sizeof *plan->is_placed);
    return plan->parent != NULL && plan->first != NULL && plan->last != NULL && plan->item != NULL &&
           plan->is_placed != NULL;
}

sy_status sy_net_memory_plan(const sy_net_graph *graph, const uint32_t *space, uint32_t spaces,
    uint64_t *out_offset, uint64_t *out_bytes, sy_error *err) {
    sy_net_arena scratch = {0};
    sharing plan = {.graph = graph, .space = space, .spaces = spaces};
    sy_status status = SY_OK;
    if (!make_arrays(&plan, &scratch))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the plan of %u values", graph->n_value);
    if (status == SY_OK)
        status = check_spaces(&plan, err);
    if (status == SY_OK) {
        find_lives(&plan);
        for (uint32_t i = 0; i < graph->n_node; i++)
            share(&plan, i);
        status = place(&plan, &scratch, out_offset, out_bytes, err);
    }
    sy_net_arena_release(&scratch);
    return status;
}
