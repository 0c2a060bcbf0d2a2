#include "runtime/model/graph/graph.h"

#include <string.h>

#include "runtime/base/error.h"

/* An array of the arena with room for one more; the old one stays behind in the arena. NULL without memory.
 */
static void *grow(sy_net_arena *arena, void *old, uint32_t count, uint32_t *room, size_t bytes) {
    if (count < *room)
        return old;
    if (*room > UINT32_MAX / 2 - 8)
        return NULL;
    uint32_t wanted = *room < 8 ? 16 : *room * 2;
    void *fresh = sy_net_arena_array(arena, wanted, bytes);
    if (fresh == NULL)
        return NULL;
    if (count > 0)
        memcpy(fresh, old, count * bytes);
    *room = wanted;
    return fresh;
}

sy_status sy_net_value_add(sy_net_graph *graph, const char *name, uint32_t *out_index, sy_error *err) {
    sy_net_value *value = grow(graph->arena, graph->value, graph->n_value, &graph->value_room, sizeof *value);
    if (value == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the values of a graph");
    graph->value = value;
    value[graph->n_value] =
        (sy_net_value){.name = name, .producer = SY_NET_NONE, .tensor = {.rank = SY_NET_UNKNOWN_RANK}};
    *out_index = graph->n_value++;
    return SY_OK;
}

sy_status sy_net_node_add(sy_net_graph *graph, sy_net_node **out_node, sy_error *err) {
    sy_net_node *node = grow(graph->arena, graph->node, graph->n_node, &graph->node_room, sizeof *node);
    if (node == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the nodes of a graph");
    graph->node = node;
    *out_node = &node[graph->n_node++];
    return SY_OK;
}

const sy_net_attr *sy_net_attr_find(const sy_net_node *node, const char *name) {
    for (uint32_t i = 0; i < node->n_attr; i++)
        if (strcmp(node->attr[i].name, name) == 0)
            return &node->attr[i];
    return NULL;
}

int64_t sy_net_attr_int(const sy_net_node *node, const char *name, int64_t otherwise) {
    const sy_net_attr *attr = sy_net_attr_find(node, name);
    return attr != NULL && attr->kind == SY_NET_INT ? attr->i[0] : otherwise;
}

float sy_net_attr_float(const sy_net_node *node, const char *name, float otherwise) {
    const sy_net_attr *attr = sy_net_attr_find(node, name);
    return attr != NULL && attr->kind == SY_NET_FLOAT ? attr->f[0] : otherwise;
}

const char *sy_net_attr_text(const sy_net_node *node, const char *name, const char *otherwise) {
    const sy_net_attr *attr = sy_net_attr_find(node, name);
    return attr != NULL && attr->kind == SY_NET_TEXT ? attr->text[0] : otherwise;
}

const int64_t *sy_net_attr_ints(const sy_net_node *node, const char *name, size_t *out_count) {
    const sy_net_attr *attr = sy_net_attr_find(node, name);
    bool is_ints = attr != NULL && attr->kind == SY_NET_INTS;
    *out_count = is_ints ? attr->count : 0;
    return is_ints ? attr->i : NULL;
}
