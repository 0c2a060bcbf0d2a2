/* A network that was loaded: the public handle over a model. */
#ifndef RUNTIME_MODEL_EXEC_NETWORK_H
#define RUNTIME_MODEL_EXEC_NETWORK_H

#include "runtime/model/onnx/onnx.h"

struct sy_network {
    sy_onnx_model *model;
};

/** Port of a graph, as sy_network_port_get() and sy_compiled_port_get(): inputs first, then outputs. */
sy_status sy_net_port_get(
    const sy_net_graph *graph, uint32_t index, sy_network_port *out_port, sy_error *err);

#endif
