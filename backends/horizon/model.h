/* Compiled models: what the files about them share. */
#ifndef BACKENDS_HORIZON_MODEL_H
#define BACKENDS_HORIZON_MODEL_H

#include "backends/horizon/horizon.h"
#include "backends/horizon/tensor.h"

enum { HORIZON_PORTS_MAX = 256 };

/** An input or output: as the interface tells of it, as the library does, and its struct as it is handed
 * back with every run. */
typedef struct horizon_port {
    sy_model_port known;
    horizon_tensor tensor;
    horizon_raw raw;
} horizon_port;

/** A model of a file. pack: all models of the file. form: of its tensors' struct. */
struct sy_model {
    sy_device *device;
    void *pack, *handle;
    uint32_t n_in, n_out, form;
    horizon_port *port; /* n_in + n_out */
};

/** model_ports.c: ask the library for all ports of model->handle. SY_UNSUPPORTED: one that is not done, with
 * its name; SY_INCOMPATIBLE: structs that make no sense. */
sy_status horizon_model_read_ports(sy_model *model, sy_error *err);

/** model_bind.c: as sy_model_api.bind(). */
sy_status horizon_model_bind(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err);

#endif
