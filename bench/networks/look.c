#include "bench/networks/look.h"

#include <stdio.h>
#include <string.h>

#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"
#include "runtime/model/ops/cost.h"
#include "runtime/model/passes/specialise.h"

#define MAX_BINDINGS 64u

sy_status sy_look_bind_parse(
    const char *text, char name[SY_LOOK_NAME_MAX], sy_network_bind *out_bind, sy_error *err) {
    const char *sign = strrchr(text, '=');
    size_t length = sign != NULL ? (size_t)(sign - text) : 0;
    int64_t extent = 0;
    *out_bind = (sy_network_bind){.name = name};
    if (length == 0 || length >= SY_LOOK_NAME_MAX || !sy_text_to_i64(sign + 1, &extent) || extent < 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--bind %s: a symbol and its extent, as batch=4",
            sy_word_quote(text).text);
    memcpy(name, text, length);
    name[length] = '\0';
    out_bind->dim[0] = extent;
    return SY_OK;
}

static bool is_weight(const sy_net_value *value) {
    uint32_t dtype = value->tensor.dtype;
    return (value->flags & SY_NET_CONST) != 0 && dtype != SY_S32 && dtype < SY_S64;
}

static sy_status weigh(sy_look *look, sy_error *err) {
    const sy_net_graph *graph = look->graph;
    bool *was_counted = sy_net_arena_array(&look->arena, (size_t)graph->n_value + 1, sizeof *was_counted);
    look->node_parameters =
        sy_net_arena_array(&look->arena, (size_t)graph->n_node + 1, sizeof *look->node_parameters);
    if (was_counted == NULL || look->node_parameters == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u nodes", graph->n_node);
    for (uint32_t i = 0; i < graph->n_node; i++) {
        const sy_net_node *node = &graph->node[i];
        look->flop += sy_net_node_flop(graph, node);
        for (uint32_t j = 0; j < node->n_in; j++) {
            const sy_net_value *value = node->in[j] != SY_NET_NONE ? &graph->value[node->in[j]] : NULL;
            if (value == NULL || !is_weight(value))
                continue;
            uint64_t elements = (uint64_t)sy_net_elements(&value->tensor);
            look->node_parameters[i] += elements;
            look->parameters += was_counted[node->in[j]] ? 0 : elements;
            look->parameter_bytes += was_counted[node->in[j]] ? 0 : sy_net_bytes(&value->tensor);
            was_counted[node->in[j]] = true;
        }
    }
    return SY_OK;
}

sy_status sy_look_open(
    const char *path, const char *const *bind, size_t n_bind, sy_look *out_look, sy_error *err) {
    char name[MAX_BINDINGS][SY_LOOK_NAME_MAX];
    sy_network_bind wanted[MAX_BINDINGS];
    sy_status status = SY_OK;
    *out_look = (sy_look){0};
    if (n_bind > MAX_BINDINGS)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "at most %u bindings", MAX_BINDINGS);
    for (size_t i = 0; status == SY_OK && i < n_bind; i++)
        status = sy_look_bind_parse(bind[i], name[i], &wanted[i], err);
    if (status == SY_OK)
        status = sy_onnx_load(path, &out_look->model, err);
    if (status == SY_OK)
        status = sy_net_specialise(sy_onnx_graph(out_look->model), wanted, (uint32_t)n_bind, NULL,
            &out_look->arena, &out_look->graph, err);
    if (status == SY_OK)
        status = weigh(out_look, err);
    if (status != SY_OK)
        sy_look_release(out_look);
    return status;
}

void sy_look_release(sy_look *look) {
    sy_net_arena_release(&look->arena);
    sy_onnx_destroy(look->model);
    *look = (sy_look){0};
}
