/* Networks of backends that take model files as they are, through the interface's group `model`. */
#include <string.h>

#include "bench/tensor/host.h"
#include "bench/worker/model_foreign.h"
#include "bench/worker/model_symbols.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { PORTS_MAX = 256 };

/* A loaded model and its ports, inputs first. */
typedef struct foreign_model {
    const sy_job_device *on;
    sy_model *model;
    sy_model_port port[PORTS_MAX];
    uint64_t bytes[PORTS_MAX];
    uint32_t ports, inputs;
    sy_model_symbols symbols; /* while extents are fixed */
} foreign_model;

/* Operands of one instance on the device, and host ends of their copies where the host cannot reach them. */
typedef struct foreign_instance {
    foreign_model *of;
    sy_queue *queue;
    bool owns_queue;
    sy_binding *binding;
    sy_buffer *device[PORTS_MAX], *pinned[PORTS_MAX];
    void *host[PORTS_MAX]; /* of device if the host can reach it, else of pinned */
    sy_instance_times times;
} foreign_instance;

static sy_status take_ports(foreign_model *m, sy_error *err) {
    m->ports = m->inputs = 0;
    for (;;) {
        if (m->ports == PORTS_MAX)
            return sy_error_set(err, SY_OVERFLOW, "a model of more than %d inputs and outputs", PORTS_MAX);
        sy_model_port *port = &m->port[m->ports];
        *port = (sy_model_port){.size = sizeof *port};
        sy_status status = m->on->api->model->port(m->model, m->ports, port, err);
        if (status == SY_UNAVAILABLE)
            return SY_OK;
        if (status != SY_OK)
            return status;
        port->name[sizeof port->name - 1] = '\0';
        if (port->rank > SY_MAX_RANK)
            return sy_error_set(err, SY_INTERNAL, "port '%s' says it has %u extents", port->name, port->rank);
        m->inputs += port->is_output == 0;
        m->ports++;
    }
}

static sy_network_port describe(const sy_model_port *port) {
    sy_network_port out = {.size = sizeof out,
        .is_output = port->is_output,
        .dtype = port->dtype,
        .rank = port->rank,
        .name = port->name};
    memcpy(out.dim, port->dim, sizeof out.dim);
    for (uint32_t i = 0; i < SY_MAX_RANK; i++)
        out.dim_name[i] = "";
    return out;
}

static sy_status fix_input(foreign_model *m, const sy_model_request *request, uint32_t index, sy_error *err) {
    int64_t dim[SY_MAX_RANK];
    char shape[SY_SHAPE_TEXT_MAX];
    const sy_model_api *api = m->on->api->model;
    sy_network_port port = describe(&m->port[index]);
    sy_model_symbols_name(&m->symbols, &port);
    sy_status status = sy_model_bind_extents(request, &port, dim, err);
    if (status != SY_OK)
        return status;
    bool is_open = false;
    for (uint32_t i = 0; i < port.rank; i++)
        is_open = is_open || port.dim[i] < 0;
    if (!is_open && memcmp(dim, port.dim, port.rank * sizeof dim[0]) == 0)
        return SY_OK;
    for (uint32_t i = 0; i < port.rank; i++)
        dim[i] = dim[i] < 0 ? 1 : dim[i];
    if (api->set_shape != NULL)
        return api->set_shape(m->model, index, port.rank, dim, err);
    sy_extents_text(port.rank, port.dim, shape);
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "input '%s' is %s in the file, and this backend takes models as they are: leave out --batch and "
        "--bind",
        port.name, shape);
}

static sy_status measure_ports(foreign_model *m, sy_error *err) {
    for (uint32_t i = 0; i < m->ports; i++) {
        const sy_model_port *port = &m->port[i];
        sy_host_tensor tensor = {.dtype = port->dtype, .rank = port->rank};
        memcpy(tensor.dim, port->dim, sizeof tensor.dim);
        sy_status status = sy_host_tensor_measure(&tensor, err);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "%s '%s'", port->is_output ? "output" : "input", port->name);
        m->bytes[i] = tensor.bytes;
    }
    return SY_OK;
}

static sy_status port_of(void *model, uint32_t index, sy_network_port *out_port, sy_error *err) {
    foreign_model *m = model;
    if (index >= m->ports)
        return sy_error_set(err, SY_UNAVAILABLE, "there are %u inputs and outputs", m->ports);
    *out_port = describe(&m->port[index]);
    return SY_OK;
}

static sy_status info_of(void *model, sy_compiled_info *out_info, sy_error *err) {
    (void)model;
    (void)err;
    *out_info = (sy_compiled_info){.size = sizeof *out_info};
    return SY_OK;
}

static sy_status step_of(void *model, uint32_t index, sy_compiled_step *out_step, sy_error *err) {
    (void)model;
    (void)index;
    (void)out_step;
    return sy_error_set(err, SY_UNAVAILABLE, "the backend does not tell of steps");
}

static void destroy_instance(void *instance) {
    foreign_instance *f = instance;
    const sy_backend_api *api = f->of->on->api;
    if (f->queue != NULL)
        api->queue->sync(f->queue, UINT64_MAX, NULL);
    if (f->binding != NULL)
        api->work->binding_destroy(f->binding);
    for (uint32_t i = 0; i < f->of->ports; i++) {
        api->memory->free(f->pinned[i]);
        api->memory->free(f->device[i]);
    }
    if (f->queue != NULL)
        api->queue->destroy(f->queue);
    sy_mem_free(f);
}

static sy_status alloc_port(foreign_instance *f, uint32_t index, sy_error *err) {
    const sy_job_device *on = f->of->on;
    const sy_memory_api *memory = on->api->memory;
    uint64_t bytes = f->of->bytes[index] > 0 ? f->of->bytes[index] : 1;
    sy_status status = memory->alloc(on->device, SY_MEMORY_DEVICE, bytes, &f->device[index], err);
    if (status != SY_OK)
        return status;
    f->host[index] = memory->host_ptr(f->device[index]);
    if (f->host[index] != NULL)
        return SY_OK;
    status = memory->alloc(on->device, SY_MEMORY_PINNED, bytes, &f->pinned[index], err);
    if (status == SY_OK)
        f->host[index] = memory->host_ptr(f->pinned[index]);
    return status == SY_OK && f->host[index] == NULL
               ? sy_error_set(err, SY_INTERNAL, "pinned memory that the host cannot reach")
               : status;
}

static sy_status create_instance(void *model, void **out_instance, sy_error *err) {
    foreign_model *m = model;
    sy_span span[PORTS_MAX] = {{0}};
    foreign_instance *f = sy_mem_calloc(1, sizeof *f);
    *out_instance = NULL;
    if (f == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for an instance");
    f->of = m;
    sy_status status = m->on->api->queue->create(m->on->device, &f->queue, err);
    for (uint32_t i = 0; status == SY_OK && i < m->ports; i++) {
        status = alloc_port(f, i, err);
        span[i] = (sy_span){.buffer = f->device[i], .bytes = m->bytes[i]};
    }
    if (status == SY_OK)
        status = m->on->api->model->bind(m->model, f->queue, span, m->ports, &f->binding, err);
    if (status == SY_OK)
        *out_instance = f;
    else
        destroy_instance(f);
    return status;
}

/* One operand, in or out; through pinned memory where the device's is out of the host's reach. */
static sy_status move(foreign_instance *f, uint32_t index, bool is_input, sy_error *err) {
    const sy_span inside = {.buffer = f->device[index], .bytes = f->of->bytes[index]};
    const sy_span outside = {.buffer = f->pinned[index], .bytes = f->of->bytes[index]};
    if (f->pinned[index] == NULL || inside.bytes == 0)
        return SY_OK;
    return f->of->on->api->memory->copy(
        f->queue, is_input ? inside : outside, is_input ? outside : inside, err);
}

static uint64_t now_ns(const foreign_instance *f) {
    return f->of->on->clock.now_ns(f->of->on->clock.ctx);
}

static sy_status put_inputs(foreign_instance *f, const void *const *in, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < f->of->inputs; i++) {
        memcpy(f->host[i], in[i], f->of->bytes[i]);
        status = move(f, i, true, err);
    }
    return status == SY_OK ? f->of->on->api->queue->sync(f->queue, UINT64_MAX, err) : status;
}

static sy_status take_outputs(foreign_instance *f, void *const *out, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = f->of->inputs; status == SY_OK && i < f->of->ports; i++)
        if (out[i - f->of->inputs] != NULL)
            status = move(f, i, false, err);
    if (status == SY_OK)
        status = f->of->on->api->queue->sync(f->queue, UINT64_MAX, err);
    for (uint32_t i = f->of->inputs; status == SY_OK && i < f->of->ports; i++)
        if (out[i - f->of->inputs] != NULL)
            memcpy(out[i - f->of->inputs], f->host[i], f->of->bytes[i]);
    return status;
}

static sy_status run_instance(
    void *instance, const void *const *in, uint32_t n_in, void *const *out, uint32_t n_out, sy_error *err) {
    foreign_instance *f = instance;
    const sy_backend_api *api = f->of->on->api;
    if (n_in != f->of->inputs || n_out != f->of->ports - f->of->inputs)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%u inputs and %u outputs, there are %u and %u", n_in,
            n_out, f->of->inputs, f->of->ports - f->of->inputs);
    f->times = (sy_instance_times){.size = sizeof f->times, .begin_ns = now_ns(f)};
    sy_status status = put_inputs(f, in, err);
    uint64_t in_ns = now_ns(f);
    if (status == SY_OK)
        status = api->work->run(f->binding);
    sy_status waited = api->queue->sync(f->queue, UINT64_MAX, err);
    status = status == SY_OK ? waited : status;
    uint64_t compute_ns = now_ns(f);
    if (status == SY_OK)
        status = take_outputs(f, out, err);
    f->times.in_ns = in_ns - f->times.begin_ns;
    f->times.compute_ns = compute_ns - in_ns;
    f->times.out_ns = now_ns(f) - compute_ns;
    return status;
}

static sy_status times_of(void *instance, sy_instance_times *out_times, sy_error *err) {
    (void)err;
    *out_times = ((foreign_instance *)instance)->times;
    return SY_OK;
}

static sy_status profile_instance(void *instance, bool is_on, sy_error *err) {
    (void)instance;
    return is_on
               ? sy_error_set(err, SY_UNSUPPORTED, "the backend runs the model as a whole: no time of a step")
               : SY_OK;
}

static sy_status enter(void *model, sy_error *err) {
    const sy_job_device *on = ((foreign_model *)model)->on;
    return on->api->device->thread_enter != NULL ? on->api->device->thread_enter(on->device, err) : SY_OK;
}

static void leave(void *model) {
    const sy_job_device *on = ((foreign_model *)model)->on;
    if (on->api->device->thread_leave != NULL)
        on->api->device->thread_leave(on->device);
}

static void close_model(void *model) {
    foreign_model *m = model;
    if (m->model != NULL)
        m->on->api->model->unload(m->model);
    sy_mem_free(m);
}

static const sy_model_face face = {.port = port_of,
    .info = info_of,
    .step = step_of,
    .instance_create = create_instance,
    .instance_destroy = destroy_instance,
    .enter = enter,
    .leave = leave,
    .run = run_instance,
    .times = times_of,
    .profile = profile_instance,
    .close = close_model};

/* Whether a binding is of an input, or of a symbol that one of its extents has. */
static bool is_of_input(const foreign_model *m, uint32_t index, const sy_network_bind *bind) {
    sy_network_port port = describe(&m->port[index]);
    sy_model_symbols_name(&m->symbols, &port);
    for (uint32_t i = 0; bind->rank == 0 && i < port.rank; i++)
        if (port.dim[i] < 0 && strcmp(port.dim_name[i], bind->name) == 0)
            return true;
    return bind->rank > 0 && strcmp(port.name, bind->name) == 0;
}

static sy_status check_names(const foreign_model *m, const sy_model_request *request, sy_error *err) {
    for (uint32_t i = 0; i < request->n_bind; i++) {
        uint32_t at = 0;
        while (at < m->inputs && !is_of_input(m, at, &request->bind[i]))
            at++;
        if (at == m->inputs)
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "--bind %s: no input of that name, nor an open extent in an ONNX file (whole shapes go by "
                "input, as %s=1x3x224x224)",
                request->bind[i].name, m->inputs > 0 ? m->port[0].name : "input");
    }
    return SY_OK;
}

static sy_status fix_inputs(foreign_model *m, const sy_model_request *request, sy_error *err) {
    sy_status status = take_ports(m, err);
    sy_model_symbols_open(request, &m->symbols);
    if (status == SY_OK)
        status = check_names(m, request, err);
    for (uint32_t i = 0; status == SY_OK && i < m->inputs; i++)
        status = fix_input(m, request, i, err);
    sy_model_symbols_close(&m->symbols);
    if (status == SY_OK)
        status = take_ports(m, err);
    return status == SY_OK ? measure_ports(m, err) : status;
}

/* What a model as a whole cannot be told; better refused than ignored. */
static sy_status check_request(const sy_model_request *request, sy_error *err) {
    if (request->dtype != 0 && request->dtype != SY_F32)
        return sy_error_set(err, SY_UNSUPPORTED, "the backend takes the model as it is: no --dtype");
    if (request->no_passes != 0)
        return sy_error_set(err, SY_UNSUPPORTED, "the backend takes the model as it is: no reference of it");
    return SY_OK;
}

sy_status sy_model_foreign_open(
    const sy_job_device *on, const sy_model_request *request, sy_model_side *out_side, sy_error *err) {
    *out_side = (sy_model_side){0};
    if (on->api->model == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "the backend takes no whole models");
    foreign_model *m = sy_mem_calloc(1, sizeof *m);
    if (m == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a model");
    m->on = on;
    *out_side = (sy_model_side){.face = &face, .model = m, .is_whole = true};
    uint64_t begin_ns = sy_clock_raw_ns();
    sy_status status = on->api->model->load(on->device, request->path, NULL, 0, &m->model, err);
    uint64_t loaded_ns = sy_clock_raw_ns();
    if (status == SY_OK)
        status = check_request(request, err);
    if (status == SY_OK)
        status = fix_inputs(m, request, err);
    out_side->load_ns = loaded_ns - begin_ns;
    out_side->compile_ns = sy_clock_raw_ns() - loaded_ns;
    if (status != SY_OK)
        sy_model_side_close(out_side);
    return status;
}
