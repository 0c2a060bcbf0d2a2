/* Ports of a compiled model, as far as the interface has words for them. */
#include <stdio.h>
#include <string.h>

#include "backends/horizon/model.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static const horizon_library *library_of(const sy_model *model) {
    return &model->device->backend->library;
}

static int32_t ask(const sy_model *model, bool is_output, int32_t index, horizon_port *port) {
    const horizon_model_api *api = &library_of(model)->model;
    const char *name = NULL;
    horizon_raw_clear(&port->raw);
    int32_t code = is_output ? api->GetOutputName(&name, model->handle, index)
                             : api->GetInputName(&name, model->handle, index);
    if (code == 0)
        code = is_output ? api->GetOutputTensorProperties(port->raw.byte, model->handle, index)
                         : api->GetInputTensorProperties(port->raw.byte, model->handle, index);
    port->known = (sy_model_port){.size = sizeof port->known, .is_output = is_output};
    snprintf(port->known.name, sizeof port->known.name, "%s", name != NULL && name[0] != '\0' ? name : "?");
    return code;
}

static sy_status read_port(sy_model *model, uint32_t index, sy_error *err) {
    char why[192] = "";
    horizon_port *port = &model->port[index];
    bool is_output = index >= model->n_in;
    int32_t code = ask(model, is_output, (int32_t)(is_output ? index - model->n_in : index), port);
    if (code != 0)
        return horizon_fail(library_of(model), code, "properties of a port", err);
    sy_status status =
        horizon_tensor_read(&port->raw, library_of(model)->is_ucp, &port->tensor, why, sizeof why);
    if (status == SY_OK && index > 0 && port->tensor.form != model->form) {
        status = SY_INCOMPATIBLE;
        snprintf(why, sizeof why, "is told in another struct than those before it");
    }
    model->form = port->tensor.form;
    /* Of the library's version, not of the file's kind: the host is not to try otherwise. */
    if (status != SY_OK)
        return sy_error_set(err, SY_UNSUPPORTED, "horizon:0: %s '%s' of the model %s",
            is_output ? "output" : "input", port->known.name, why);
    port->known.dtype = port->tensor.dtype;
    port->known.rank = port->tensor.rank;
    memcpy(port->known.dim, port->tensor.dim, sizeof port->known.dim);
    return SY_OK;
}

sy_status horizon_model_read_ports(sy_model *model, sy_error *err) {
    const horizon_library *library = library_of(model);
    int32_t n_in = 0, n_out = 0;
    int32_t code = library->model.GetInputCount(&n_in, model->handle);
    if (code == 0)
        code = library->model.GetOutputCount(&n_out, model->handle);
    if (code != 0)
        return horizon_fail(library, code, "number of ports", err);
    if (n_in < 0 || n_out < 1 || n_in > HORIZON_PORTS_MAX || n_out > HORIZON_PORTS_MAX - n_in)
        return sy_error_set(err, SY_UNSUPPORTED,
            "horizon:0: %d inputs and %d outputs; at most %d, and an output", n_in, n_out, HORIZON_PORTS_MAX);
    model->n_in = (uint32_t)n_in;
    model->n_out = (uint32_t)n_out;
    model->port = sy_mem_calloc(model->n_in + model->n_out, sizeof *model->port);
    if (model->port == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: no host memory for a model's ports");
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < model->n_in + model->n_out; i++)
        status = read_port(model, i, err);
    return status;
}
