/* A network as text: what it is, what it weighs, layer by layer. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/print.h"
#include "bench/verbs/model_job.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/ops/cost.h"
#include "runtime/model/ops/op.h"

/* Operators by name, with how often. */
typedef struct op_count {
    const char *name;
    uint32_t count;
} op_count;

static uint32_t count_ops(const sy_net_graph *graph, op_count *out) {
    uint32_t used = 0;
    for (uint32_t i = 0; i < graph->n_node; i++) {
        uint32_t j = 0;
        while (j < used && strcmp(out[j].name, graph->node[i].op->name) != 0)
            j++;
        if (j == used)
            out[used++] = (op_count){.name = graph->node[i].op->name};
        out[j].count++;
    }
    return used;
}

static int by_count(const void *a, const void *b) {
    const op_count *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : strcmp(x->name, y->name);
}

/* The operators in order of their number; the caller's, NULL without memory. */
static op_count *list_ops(const sy_net_graph *graph, uint32_t *out_count) {
    op_count *ops = sy_mem_calloc((size_t)graph->n_node + 1, sizeof *ops);
    *out_count = ops != NULL ? count_ops(graph, ops) : 0;
    if (ops != NULL)
        qsort(ops, *out_count, sizeof *ops, by_count);
    return ops;
}

static void put_ports(const sy_look *look, bool is_output, const sy_report_style *style, sy_text *out) {
    const sy_net_graph *graph = look->graph;
    uint32_t count = is_output ? graph->n_output : graph->n_input;
    for (uint32_t i = 0; i < count; i++) {
        const sy_net_value *value = &graph->value[is_output ? graph->output[i] : graph->input[i]];
        char text[SY_NET_TENSOR_TEXT_MAX];
        sy_cell name = sy_print_clean(value->name, style->utf8);
        sy_text_printf(out, "%s %s %s\n", is_output ? "output   " : "input    ", name.text,
            sy_net_tensor_print(&value->tensor, text));
    }
}

/* A few of the operators: the most frequent ones. */
#define OPS_SHOWN 12u

static sy_status put_head(
    const sy_look *look, const char *path, const sy_report_style *style, sy_text *out, sy_error *err) {
    const sy_onnx_info *info = sy_onnx_info_get(look->model);
    uint32_t count = 0;
    op_count *ops = list_ops(look->graph, &count);
    if (ops == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u nodes", look->graph->n_node);
    char sha256[SY_HASH_HEX_MAX];
    sy_onnx_hash(look->model, sha256);
    sy_cell file = sy_print_clean(path, style->utf8), producer = sy_print_clean(info->producer, style->utf8);
    sy_text_printf(out, "%s: opset %lld, IR %lld, made by %s, %.1f MB\n", file.text, (long long)info->opset,
        (long long)info->ir_version, producer.text[0] != '\0' ? producer.text : "nobody named",
        (double)info->file_bytes / 1e6);
    sy_text_printf(out, "sha256    %s\n", sha256);
    sy_text_printf(
        out, "work      %.3f GFLOP in products and convolutions (2 x multiply-adds)\n", look->flop / 1e9);
    sy_text_printf(out, "weights   %.2f million parameters, %.1f MB\n", (double)look->parameters / 1e6,
        (double)look->parameter_bytes / 1e6);
    put_ports(look, false, style, out);
    put_ports(look, true, style, out);
    sy_text_printf(out, "operators %u:", look->graph->n_node);
    for (uint32_t i = 0; i < count && i < OPS_SHOWN; i++)
        sy_text_printf(out, " %s %u%s", ops[i].name, ops[i].count, i + 1 < count ? "," : "");
    sy_text_printf(out, "%s\n", count > OPS_SHOWN ? " ..." : "");
    sy_mem_free(ops);
    return SY_OK;
}

static uint64_t bytes_of(const sy_net_graph *graph, const sy_net_node *node) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < node->n_in + node->n_out; i++) {
        uint32_t value = i < node->n_in ? node->in[i] : node->out[i - node->n_in];
        bytes += value != SY_NET_NONE ? sy_net_bytes(&graph->value[value].tensor) : 0;
    }
    return bytes;
}

static const sy_net_tensor *output_of(const sy_net_graph *graph, const sy_net_node *node) {
    static const sy_net_tensor none = {0};
    return node->n_out > 0 && node->out[0] != SY_NET_NONE ? &graph->value[node->out[0]].tensor : &none;
}

sy_status sy_model_show_text(
    const sy_look *look, const char *path, const sy_report_style *style, sy_text *out, sy_error *err) {
    const sy_net_graph *graph = look->graph;
    const uint32_t name_columns = 32, op_columns = 22, shape_columns = 24;
    sy_status status = put_head(look, path, style, out, err);
    if (status != SY_OK)
        return status;
    sy_text_append(out, "\n", 1);
    sy_print_padded(out, "layer", name_columns, false);
    sy_text_append(out, " ", 1);
    sy_print_padded(out, "operator", op_columns, false);
    sy_text_append(out, " ", 1);
    sy_print_padded(out, "output", shape_columns, false);
    sy_text_printf(out, " %12s %12s %10s\n", "parameters", "MFLOP", "MB moved");
    for (uint32_t i = 0; i < graph->n_node; i++) {
        const sy_net_node *node = &graph->node[i];
        char shape[SY_NET_TENSOR_TEXT_MAX];
        sy_cell name = sy_print_clean(node->name, style->utf8);
        sy_print_padded(out, name.text, name_columns, false);
        sy_text_append(out, " ", 1);
        sy_print_padded(out, node->op->name, op_columns, false);
        sy_text_append(out, " ", 1);
        sy_print_padded(out, sy_net_tensor_print(output_of(graph, node), shape), shape_columns, false);
        sy_text_printf(out, " %12llu %12.2f %10.3f\n", (unsigned long long)look->node_parameters[i],
            sy_net_node_flop(graph, node) / 1e6, (double)bytes_of(graph, node) / 1e6);
    }
    return out->failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the text") : SY_OK;
}

static json_t *shape_json(const sy_net_tensor *tensor) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < tensor->rank && tensor->rank <= SY_NET_MAX_RANK; i++)
        json_array_append_new(list, json_integer(tensor->dim[i]));
    return list;
}

static json_t *port_json(const sy_net_value *value) {
    return json_pack("{s:s,s:s,s:o}", "name", value->name, "dtype", sy_net_dtype_name(value->tensor.dtype),
        "shape", shape_json(&value->tensor));
}

static json_t *layers_json(const sy_look *look) {
    const sy_net_graph *graph = look->graph;
    json_t *layers = json_array();
    for (uint32_t i = 0; i < graph->n_node; i++) {
        const sy_net_node *node = &graph->node[i];
        const sy_net_tensor *out = output_of(graph, node);
        json_array_append_new(
            layers, json_pack("{s:s,s:s,s:s,s:o,s:I,s:f,s:I}", "name", node->name, "op", node->op->name,
                        "dtype", sy_net_dtype_name(out->dtype), "shape", shape_json(out), "parameters",
                        (json_int_t)look->node_parameters[i], "flop", sy_net_node_flop(graph, node), "byte",
                        (json_int_t)bytes_of(graph, node)));
    }
    return layers;
}

sy_status sy_model_show_json(const sy_look *look, const char *path, sy_text *out, sy_error *err) {
    const sy_onnx_info *info = sy_onnx_info_get(look->model);
    const sy_net_graph *graph = look->graph;
    char sha256[SY_HASH_HEX_MAX];
    sy_onnx_hash(look->model, sha256);
    json_t *inputs = json_array(), *outputs = json_array();
    for (uint32_t i = 0; i < graph->n_input; i++)
        json_array_append_new(inputs, port_json(&graph->value[graph->input[i]]));
    for (uint32_t i = 0; i < graph->n_output; i++)
        json_array_append_new(outputs, port_json(&graph->value[graph->output[i]]));
    json_t *all = json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:f,s:o,s:o,s:o}", "file", path, "sha256",
        sha256, "producer", info->producer, "ir_version", (json_int_t)info->ir_version, "opset",
        (json_int_t)info->opset, "byte", (json_int_t)info->file_bytes, "parameters",
        (json_int_t)look->parameters, "parameter_byte", (json_int_t)look->parameter_bytes, "flop", look->flop,
        "inputs", inputs, "outputs", outputs, "layers", layers_json(look));
    char *dump = all != NULL ? json_dumps(all, JSON_INDENT(1) | JSON_PRESERVE_ORDER) : NULL;
    bool is_written = dump != NULL && sy_text_printf(out, "%s\n", dump);
    free(dump);
    json_decref(all);
    return is_written ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory, or a name that is not UTF-8");
}
