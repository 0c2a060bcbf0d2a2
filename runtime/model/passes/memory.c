#include "runtime/model/passes/memory.h"

#include "runtime/base/error.h"
#include "runtime/model/passes/match.h"

/*
 * Values that share bytes form a group, held by its root (parent[root] == root). first, last: of a value, and
 * at a root of the whole group. Step 0 is before the first node, node i is step i + 1.
 */
typedef struct sharing {
    const sy_net_graph *graph;
    const sy_net_memory_options *options;
    uint32_t *parent, *first, *last, *item;
    bool *is_placed;
} sharing;

static uint32_t space_of(const sharing *plan, uint32_t value) {
    return plan->options->space == NULL ? 0 : plan->options->space[value];
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
        if (space != SY_NET_OUTSIDE && space >= plan->options->n_space)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "value %u lies in space %u, there are %u", i, space,
                plan->options->n_space);
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
        plan->is_placed[i] =
            (is_made || is_input) && !(value->flags & SY_NET_CONST) && space_of(plan, i) != SY_NET_OUTSIDE;
        plan->parent[i] = i;
        plan->first[i] = is_made && !plan->options->no_sharing ? value->producer + 1 : 0;
        plan->last[i] = plan->first[i];
        if (value->flags & SY_NET_OUTPUT || plan->options->no_sharing)
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
    if (a == SY_NET_NONE || b == SY_NET_NONE || plan->options->no_sharing)
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
    for (uint32_t k = 0; k < node->n_in; k++) {
        bool is_own = k < node->op->max_in;
        bool may = is_own ? node->op->flags & SY_NET_OP_IN_PLACE : plan->options->share_add;
        if (may && may_replace(plan, node->in[k], out, step)) {
            join(plan, node->in[k], out);
            return;
        }
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

static bool is_free(const sharing *plan, const sy_net_memory *memory, const sy_net_node *node) {
    if (sy_net_node_is_ours(node, "Join") || sy_net_node_is_ours(node, "Parts"))
        return true;
    if (!(node->op->flags & SY_NET_OP_VIEW) || node->n_out != 1)
        return false;
    uint32_t in = node->in[0], out = node->out[0];
    return may_share(plan, in, out) && memory->offset_bytes[in] == memory->offset_bytes[out] &&
           root_of(plan, in) == root_of(plan, out);
}

static sy_status place(sharing *plan, sy_arena *scratch, sy_net_memory *memory, sy_error *err) {
    const sy_net_graph *graph = plan->graph;
    sy_net_item *item = sy_arena_array(scratch, graph->n_value, sizeof *item);
    if (item == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the plan of %u values", graph->n_value);
    uint32_t count = make_items(plan, item);
    sy_status status = sy_net_place(item, count, plan->options->n_space, memory->peak_bytes, err);
    if (status != SY_OK)
        return status;
    for (uint32_t i = 0; i < graph->n_value; i++) {
        uint32_t at = plan->is_placed[i] ? plan->item[root_of(plan, i)] : SY_NET_NONE;
        memory->offset_bytes[i] =
            at == SY_NET_NONE ? SY_NET_NOWHERE : item[at].offset_bytes + offset_in_whole(graph, i);
    }
    for (uint32_t i = 0; i < graph->n_node; i++)
        memory->is_free[i] = is_free(plan, memory, &graph->node[i]);
    return SY_OK;
}

static bool make_arrays(sharing *plan, sy_arena *scratch, sy_arena *arena, sy_net_memory *out_memory) {
    uint32_t values = plan->graph->n_value;
    plan->parent = sy_arena_array(scratch, values, sizeof *plan->parent);
    plan->first = sy_arena_array(scratch, values, sizeof *plan->first);
    plan->last = sy_arena_array(scratch, values, sizeof *plan->last);
    plan->item = sy_arena_array(scratch, values, sizeof *plan->item);
    plan->is_placed = sy_arena_array(scratch, values, sizeof *plan->is_placed);
    out_memory->offset_bytes = sy_arena_array(arena, values, sizeof *out_memory->offset_bytes);
    out_memory->peak_bytes = sy_arena_array(arena, plan->options->n_space, sizeof *out_memory->peak_bytes);
    out_memory->is_free = sy_arena_array(arena, plan->graph->n_node, sizeof *out_memory->is_free);
    return plan->parent != NULL && plan->first != NULL && plan->last != NULL && plan->item != NULL &&
           plan->is_placed != NULL && out_memory->offset_bytes != NULL && out_memory->peak_bytes != NULL &&
           out_memory->is_free != NULL;
}

sy_status sy_net_memory_plan(const sy_net_graph *graph, const sy_net_memory_options *options, sy_arena *arena,
    sy_net_memory *out_memory, sy_error *err) {
    sy_arena scratch = {0};
    sharing plan = {.graph = graph, .options = options};
    sy_status status = SY_OK;
    if (!make_arrays(&plan, &scratch, arena, out_memory))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the plan of %u values", graph->n_value);
    if (status == SY_OK)
        status = check_spaces(&plan, err);
    if (status == SY_OK) {
        find_lives(&plan);
        for (uint32_t i = 0; i < graph->n_node; i++)
            share(&plan, i);
        status = place(&plan, &scratch, out_memory, err);
    }
    sy_arena_release(&scratch);
    if (status != SY_OK)
        *out_memory = (sy_net_memory){0};
    return status;
}
