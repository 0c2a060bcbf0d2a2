#include "runtime/model/exec/network.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status wrap(sy_onnx_model *model, sy_network **out_network, sy_error *err) {
    sy_network *network = sy_mem_calloc(1, sizeof *network);
    if (network == NULL) {
        sy_onnx_destroy(model);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a network");
    }
    network->model = model;
    *out_network = network;
    return SY_OK;
}

sy_status sy_network_load(const char *path, sy_network **out_network, sy_error *err) {
    sy_onnx_model *model = NULL;
    *out_network = NULL;
    sy_status status = sy_onnx_load(path, &model, err);
    return status == SY_OK ? wrap(model, out_network, err) : status;
}

sy_status sy_network_read(const void *bytes, size_t byte_count, sy_network **out_network, sy_error *err) {
    sy_onnx_model *model = NULL;
    *out_network = NULL;
    sy_status status = sy_onnx_read(bytes, byte_count, &model, err);
    return status == SY_OK ? wrap(model, out_network, err) : status;
}

void sy_network_destroy(sy_network *network) {
    if (network == NULL)
        return;
    sy_onnx_destroy(network->model);
    sy_mem_free(network);
}

sy_status sy_net_port_get(
    const sy_net_graph *graph, uint32_t index, sy_network_port *out_port, sy_error *err) {
    uint32_t size = out_port->size;
    uint32_t ports = graph->n_input + graph->n_output;
    if (index >= ports)
        return sy_error_set(err, SY_UNAVAILABLE, "port %u of %u", index, ports);
    bool is_output = index >= graph->n_input;
    const sy_net_value *value =
        &graph->value[is_output ? graph->output[index - graph->n_input] : graph->input[index]];
    sy_network_port port = {.is_output = is_output,
        .dtype = value->tensor.dtype,
        .rank = value->tensor.rank,
        .name = value->name};
    for (uint32_t i = 0; i < SY_MAX_RANK; i++) {
        bool is_known = i < SY_NET_MAX_RANK && port.rank <= SY_NET_MAX_RANK && i < port.rank;
        const char *symbol = is_known && value->dim_name != NULL ? value->dim_name[i] : NULL;
        port.dim[i] = is_known ? value->tensor.dim[i] : 0;
        port.dim_name[i] = symbol != NULL ? symbol : "";
    }
    port.size = size;
    memcpy(out_port, &port, size < sizeof port ? size : sizeof port);
    return SY_OK;
}

sy_status sy_network_port_get(
    const sy_network *network, uint32_t index, sy_network_port *out_port, sy_error *err) {
    return sy_net_port_get(sy_onnx_graph(network->model), index, out_port, err);
}
