/* Models: a session, its ports, and runs of it. */
#include <stdio.h>
#include <string.h>

#include "backends/onnxruntime/onnxruntime.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "steelyard/model.h"

/* Most inputs and outputs of a model. */
#define MAX_PORTS 256u

/* given: as the file has it, of which a run of zeros makes what is known of an output. */
typedef struct ort_port {
    sy_model_port known, given;
    char *name; /* the library's memory */
} ort_port;

struct sy_model {
    sy_device *device;
    ort_session *session;
    ort_allocator *allocator;
    uint32_t n_in, n_out;
    bool has_outputs; /* their extents are known */
    ort_port port[MAX_PORTS];
};

struct sy_binding {
    sy_model *model;
    sy_queue *queue;
    const char *name[MAX_PORTS];
    ort_value *value[MAX_PORTS];
};

static const ort_api *api_of(const sy_model *model) {
    return &model->device->backend->library.api;
}

static sy_status read_shape(
    const sy_model *model, const ort_shape_info *info, sy_model_port *port, sy_error *err) {
    const ort_api *api = api_of(model);
    int type = 0;
    size_t rank = 0;
    sy_status status = ort_check(api, api->element_type(info, &type), "element type", err);
    if (status == SY_OK)
        status = ort_check(api, api->rank(info, &rank), "rank", err);
    if (status == SY_OK && (rank > SY_MAX_RANK || ort_dtype(type) == SY_DTYPE_NONE))
        status = sy_error_set(
            err, SY_UNSUPPORTED, "onnxruntime: %s has rank %zu and type %d", port->name, rank, type);
    if (status == SY_OK)
        status = ort_check(api, api->extents(info, port->dim, rank), "extents", err);
    if (status == SY_OK) {
        port->dtype = ort_dtype(type);
        port->rank = (uint32_t)rank;
    }
    return status;
}

static sy_status read_port(sy_model *model, uint32_t index, sy_error *err) {
    const ort_api *api = api_of(model);
    ort_port *p = &model->port[index];
    bool is_output = index >= model->n_in;
    size_t place = is_output ? index - model->n_in : index;
    ort_type_info *type = NULL;
    const ort_shape_info *shape = NULL;
    p->known = (sy_model_port){.size = sizeof p->known, .is_output = is_output};
    ort_status *failure = is_output ? api->output_name(model->session, place, model->allocator, &p->name)
                                    : api->input_name(model->session, place, model->allocator, &p->name);
    sy_status status = ort_check(api, failure, "name of a port", err);
    if (status != SY_OK)
        return status;
    snprintf(p->known.name, sizeof p->known.name, "%s", p->name);
    failure = is_output ? api->output_type(model->session, place, &type)
                        : api->input_type(model->session, place, &type);
    status = ort_check(api, failure, "type of a port", err);
    if (status == SY_OK)
        status = ort_check(api, api->as_tensor_info(type, &shape), "type of a port", err);
    if (status == SY_OK && shape == NULL)
        status = sy_error_set(err, SY_UNSUPPORTED, "onnxruntime: %s is no tensor", p->known.name);
    if (status == SY_OK)
        status = read_shape(model, shape, &p->known, err);
    if (type != NULL)
        api->release_type_info(type);
    p->given = p->known;
    return status;
}

static sy_status read_ports(sy_model *model, sy_error *err) {
    const ort_api *api = api_of(model);
    size_t n_in = 0, n_out = 0;
    sy_status status = ort_check(api, api->default_allocator(&model->allocator), "allocator", err);
    if (status == SY_OK)
        status = ort_check(api, api->input_count(model->session, &n_in), "inputs", err);
    if (status == SY_OK)
        status = ort_check(api, api->output_count(model->session, &n_out), "outputs", err);
    if (status == SY_OK && (n_in > MAX_PORTS || n_out > MAX_PORTS - n_in))
        status = sy_error_set(err, SY_UNSUPPORTED, "onnxruntime: %zu inputs and %zu outputs, at most %u",
            n_in, n_out, MAX_PORTS);
    if (status != SY_OK)
        return status;
    model->n_in = (uint32_t)n_in;
    model->n_out = (uint32_t)n_out;
    for (uint32_t i = 0; status == SY_OK && i < model->n_in + model->n_out; i++)
        status = read_port(model, i, err);
    return status;
}

static void unload(sy_model *model) {
    if (model == NULL)
        return;
    const ort_api *api = api_of(model);
    for (uint32_t i = 0; i < MAX_PORTS; i++)
        if (model->port[i].name != NULL)
            ort_check(api, api->allocator_free(model->allocator, model->port[i].name), "name", NULL);
    if (model->session != NULL)
        api->release_session(model->session);
    sy_mem_free(model);
}

static sy_status load(sy_device *device, const char *path, const void *bytes, uint64_t byte_count,
    sy_model **out_model, sy_error *err) {
    const ort_api *api = &device->backend->library.api;
    *out_model = NULL;
    sy_model *model = sy_mem_calloc(1, sizeof *model);
    if (model == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: no host memory for a model");
    model->device = device;
    ort_status *failure = path != NULL
                              ? api->create_session(device->env, path, device->options, &model->session)
                              : api->create_session_from_array(
                                    device->env, bytes, byte_count, device->options, &model->session);
    sy_status status = ort_check(api, failure, "load", err);
    if (status == SY_OK)
        status = read_ports(model, err);
    if (status != SY_OK) {
        unload(model);
        return status;
    }
    *out_model = model;
    return SY_OK;
}

static bool is_open(const sy_model_port *port) {
    for (uint32_t i = 0; i < port->rank; i++)
        if (port->dim[i] < 0)
            return true;
    return false;
}

/* Bytes of a port, false where they are open or too many. */
static bool port_bytes(const sy_model_port *port, uint64_t *out_bytes) {
    uint64_t bytes = sy_dtype_size(port->dtype);
    bytes = port->dtype == SY_S64 || port->dtype == SY_U64   ? 8
            : port->dtype == SY_BOOL                         ? 1
            : port->dtype == SY_S16 || port->dtype == SY_U16 ? 2
            : port->dtype == SY_U32                          ? 4
                                                             : bytes;
    for (uint32_t i = 0; i < port->rank; i++)
        if (port->dim[i] < 0 || __builtin_mul_overflow(bytes, (uint64_t)port->dim[i], &bytes))
            return false;
    *out_bytes = bytes;
    return true;
}

static sy_status make_value(
    sy_model *model, uint32_t index, void *data, uint64_t bytes, ort_value **out_value, sy_error *err) {
    const ort_api *api = api_of(model);
    const sy_model_port *port = &model->port[index].known;
    return ort_check(api,
        api->create_tensor(
            model->device->memory, data, bytes, port->dim, port->rank, ort_type(port->dtype), out_value),
        port->name, err);
}

/* Extents of outputs as they are of a run: of zeros, whose memory is the library's. */
static sy_status take_extents(sy_model *model, const sy_binding *trial, sy_error *err) {
    const ort_api *api = api_of(model);
    sy_status status = SY_OK;
    for (uint32_t i = model->n_in; status == SY_OK && i < model->n_in + model->n_out; i++) {
        ort_shape_info *shape = NULL;
        status = ort_check(api, api->shape_of(trial->value[i], &shape), "extents of an output", err);
        if (status == SY_OK)
            status = read_shape(model, shape, &model->port[i].known, err);
        if (shape != NULL)
            api->release_shape_info(shape);
    }
    return status;
}

static sy_status try_out(sy_model *model, sy_binding *trial, void **memory, sy_error *err) {
    const ort_api *api = api_of(model);
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < model->n_in; i++) {
        uint64_t bytes = 0;
        if (!port_bytes(&model->port[i].known, &bytes))
            return sy_error_set(err, SY_UNAVAILABLE, "onnxruntime: the extents of input %s are not fixed",
                model->port[i].known.name);
        memory[i] = sy_mem_calloc(bytes + 1, 1);
        if (memory[i] == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: %llu bytes", (unsigned long long)bytes);
        status = make_value(model, i, memory[i], bytes, &trial->value[i], err);
    }
    if (status == SY_OK)
        status = ort_check(api,
            api->run(model->session, NULL, trial->name, (const ort_value *const *)trial->value, model->n_in,
                trial->name + model->n_in, model->n_out, trial->value + model->n_in),
            "a run of zeros", err);
    return status == SY_OK ? take_extents(model, trial, err) : status;
}

static sy_status find_outputs(sy_model *model, sy_error *err) {
    void *memory[MAX_PORTS] = {NULL};
    bool is_any_open = false;
    for (uint32_t i = model->n_in; i < model->n_in + model->n_out; i++)
        is_any_open = is_any_open || is_open(&model->port[i].known);
    if (model->has_outputs || !is_any_open)
        return SY_OK;
    sy_binding trial = {.model = model};
    for (uint32_t i = 0; i < model->n_in + model->n_out; i++)
        trial.name[i] = model->port[i].name;
    sy_status status = try_out(model, &trial, memory, err);
    for (uint32_t i = 0; i < model->n_in + model->n_out; i++) {
        if (trial.value[i] != NULL)
            api_of(model)->release_value(trial.value[i]);
        sy_mem_free(memory[i]);
    }
    model->has_outputs = status == SY_OK;
    return status;
}

static sy_status port_of(sy_model *model, uint32_t index, sy_model_port *out_port, sy_error *err) {
    uint32_t size = out_port->size;
    if (index >= model->n_in + model->n_out)
        return sy_error_set(
            err, SY_UNAVAILABLE, "onnxruntime: there are %u ports", model->n_in + model->n_out);
    bool has_open_input = false;
    for (uint32_t i = 0; i < model->n_in; i++)
        has_open_input = has_open_input || is_open(&model->port[i].known);
    sy_status status = index >= model->n_in && !has_open_input ? find_outputs(model, err) : SY_OK;
    sy_model_port found = model->port[index].known;
    found.size = size;
    memcpy(out_port, &found, size < sizeof found ? size : sizeof found);
    return status;
}

static sy_status set_shape(
    sy_model *model, uint32_t index, uint32_t rank, const int64_t *dim, sy_error *err) {
    if (index >= model->n_in || rank != model->port[index].known.rank)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "onnxruntime: input %u of rank %u does not exist", index, rank);
    sy_model_port *port = &model->port[index].known;
    for (uint32_t i = 0; i < rank; i++)
        if (dim[i] < 0 || (port->dim[i] >= 0 && port->dim[i] != dim[i]))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "onnxruntime: extent %u of %s is %lld, not %lld", i,
                port->name, (long long)port->dim[i], (long long)dim[i]);
    memcpy(port->dim, dim, rank * sizeof *dim);
    for (uint32_t i = model->n_in; i < model->n_in + model->n_out; i++)
        model->port[i].known = model->port[i].given;
    model->has_outputs = false;
    return SY_OK;
}

static sy_status bind_port(
    sy_model *model, uint32_t index, const sy_span *span, sy_binding *binding, sy_error *err) {
    const sy_model_port *port = &model->port[index].known;
    uint64_t bytes = 0;
    binding->name[index] = model->port[index].name;
    if (!port_bytes(port, &bytes))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "onnxruntime: the extents of %s are not fixed", port->name);
    bool is_inside = span->buffer != NULL && span->offset <= span->buffer->bytes && span->bytes >= bytes &&
                     span->bytes <= span->buffer->bytes - span->offset;
    if (!is_inside && bytes > 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "onnxruntime: %s needs %llu bytes of a buffer",
            port->name, (unsigned long long)bytes);
    void *data = span->buffer != NULL ? span->buffer->data + span->offset : NULL;
    return make_value(model, index, data, bytes, &binding->value[index], err);
}

static sy_status bind(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err) {
    *out_binding = NULL;
    if (count != model->n_in + model->n_out)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "onnxruntime: %u operands, must be %u", count,
            model->n_in + model->n_out);
    sy_status status = find_outputs(model, err);
    sy_binding *binding = status == SY_OK ? sy_mem_calloc(1, sizeof *binding) : NULL;
    if (binding == NULL)
        return status != SY_OK
                   ? status
                   : sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: no host memory for a binding");
    binding->model = model;
    binding->queue = queue;
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        status = bind_port(model, i, &operands[i], binding, err);
    if (status != SY_OK) {
        ort_binding_destroy(binding);
        return status;
    }
    *out_binding = binding;
    return SY_OK;
}

void ort_binding_destroy(sy_binding *binding) {
    for (uint32_t i = 0; binding != NULL && i < MAX_PORTS; i++)
        if (binding->value[i] != NULL)
            api_of(binding->model)->release_value(binding->value[i]);
    sy_mem_free(binding);
}

sy_status ort_binding_run(sy_binding *binding) {
    sy_model *model = binding->model;
    const ort_api *api = api_of(model);
    ort_status *failure =
        api->run(model->session, NULL, binding->name, (const ort_value *const *)binding->value, model->n_in,
            binding->name + model->n_in, model->n_out, binding->value + model->n_in);
    if (failure == NULL)
        return SY_OK;
    sy_queue *queue = binding->queue;
    queue->status = ort_check(api, failure, "run", &queue->failure);
    return SY_OK;
}

const sy_model_api ort_model_api = {.size = sizeof(sy_model_api),
    .load = load,
    .port = port_of,
    .bind = bind,
    .unload = unload,
    .set_shape = set_shape};
