/* Networks by the library's own executor, on the device that the worker has open. */
#include "bench/worker/model_native.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/facade/facade.h"

enum { BINDS_MAX = 512 };

/* The library's objects. runtime and context stand for what the worker has opened itself: a second opening of
 * the device would take its memory and threads twice. */
typedef struct native_model {
    sy_runtime runtime;
    sy_context context;
    sy_runtime *host_runtime;
    sy_context *host;
    sy_network *network;
    sy_compiled *compiled;
} native_model;

static sy_status port_of(void *model, uint32_t index, sy_network_port *out_port, sy_error *err) {
    return sy_compiled_port_get(((native_model *)model)->compiled, index, out_port, err);
}

static sy_status info_of(void *model, sy_compiled_info *out_info, sy_error *err) {
    return sy_compiled_info_get(((native_model *)model)->compiled, out_info, err);
}

static sy_status step_of(void *model, uint32_t index, sy_compiled_step *out_step, sy_error *err) {
    return sy_compiled_step_get(((native_model *)model)->compiled, index, out_step, err);
}

static sy_status create_instance(void *model, void **out_instance, sy_error *err) {
    sy_instance *instance = NULL;
    sy_status status = sy_instance_create(((native_model *)model)->compiled, &instance, err);
    *out_instance = instance;
    return status;
}

static void destroy_instance(void *instance) {
    sy_instance_destroy(instance);
}

static sy_status enter(void *model, sy_error *err) {
    native_model *m = model;
    sy_status status = sy_context_enter(&m->context, err);
    if (status != SY_OK || m->host == NULL)
        return status;
    status = sy_context_enter(m->host, err);
    if (status != SY_OK)
        sy_context_leave(&m->context);
    return status;
}

static void leave(void *model) {
    native_model *m = model;
    if (m->host != NULL)
        sy_context_leave(m->host);
    sy_context_leave(&m->context);
}

static sy_status run_instance(
    void *instance, const void *const *in, uint32_t n_in, void *const *out, uint32_t n_out, sy_error *err) {
    return sy_instance_run(instance, in, n_in, out, n_out, err);
}

static sy_status times_of(void *instance, sy_instance_times *out_times, sy_error *err) {
    return sy_instance_times_get(instance, out_times, err);
}

static sy_status profile_instance(void *instance, bool is_on, sy_error *err) {
    return sy_instance_profile(instance, is_on, err);
}

static void close_model(void *model) {
    native_model *m = model;
    sy_compiled_destroy(m->compiled);
    sy_network_destroy(m->network);
    sy_context_close(m->host);
    sy_runtime_destroy(m->host_runtime);
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

/* A device that is no processor of the host has one beside it, from the built-in backends: the worker of a
 * plugin knows that plugin alone. */
static sy_status open_host(native_model *m, const sy_model_place *place, sy_error *err) {
    sy_device_info info = {.size = sizeof info};
    sy_status status = sy_context_info(&m->context, &info, err);
    bool is_host = (info.flags & SY_DEVICE_HOST_PROCESSOR) != 0 && (info.flags & SY_DEVICE_UNIFIED) != 0;
    if (status != SY_OK || is_host)
        return status;
    const sy_runtime_options options = {.size = sizeof options,
        .builtins = place->builtins,
        .builtin_count = place->builtin_count,
        .option = place->option,
        .ctx = place->ctx};
    status = sy_runtime_create(&options, &m->host_runtime, err);
    return status == SY_OK ? sy_context_open(m->host_runtime, "cpu", &m->host, err) : status;
}

/* The bindings that a batch makes: the first extent of every input, by its symbol or by the whole shape. */
static sy_status bind_batch(const native_model *m, const sy_model_request *request, sy_network_bind *bind,
    uint32_t *count, sy_error *err) {
    for (uint32_t i = 0; request->batch > 1; i++) {
        sy_network_port port = {.size = sizeof port};
        sy_status status = sy_network_port_get(m->network, i, &port, err);
        if (status == SY_UNAVAILABLE || (status == SY_OK && port.is_output))
            return SY_OK;
        if (status != SY_OK)
            return status;
        if (port.rank == 0)
            continue;
        if (*count == BINDS_MAX)
            return sy_error_set(err, SY_OVERFLOW, "more than %d bindings", BINDS_MAX);
        bool is_symbol = port.dim[0] < 0 && port.dim_name[0] != NULL && port.dim_name[0][0] != '\0';
        sy_network_bind *out = &bind[(*count)++];
        *out = (sy_network_bind){
            .name = is_symbol ? port.dim_name[0] : port.name, .rank = is_symbol ? 0 : port.rank};
        status = sy_model_bind_extents(request, &port, out->dim, err);
        if (status != SY_OK)
            return status;
        for (uint32_t j = 0; !is_symbol && j < port.rank; j++)
            out->dim[j] = out->dim[j] < 0 ? 1 : out->dim[j];
    }
    return SY_OK;
}

static sy_status compile(
    native_model *m, const sy_model_request *request, sy_network_bind *bind, sy_error *err) {
    uint32_t count = request->n_bind;
    if (count > BINDS_MAX)
        return sy_error_set(err, SY_OVERFLOW, "more than %d bindings", BINDS_MAX);
    if (count > 0)
        memcpy(bind, request->bind, count * sizeof *bind);
    sy_status status = bind_batch(m, request, bind, &count, err);
    const sy_compile_options options = {.size = sizeof options,
        .n_bind = count,
        .bind = bind,
        .dtype = request->dtype,
        .math = request->math,
        .no_winograd = request->no_winograd,
        .no_passes = request->no_passes,
        .host = m->host};
    return status == SY_OK ? sy_compiled_create(m->network, &m->context, &options, &m->compiled, err)
                           : status;
}

static sy_status compile_bound(native_model *m, const sy_model_request *request, sy_error *err) {
    sy_network_bind *bind = sy_mem_calloc(BINDS_MAX, sizeof *bind);
    if (bind == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for bindings");
    sy_status status = compile(m, request, bind, err);
    sy_mem_free(bind);
    return status;
}

sy_status sy_model_native_open(
    const sy_model_place *place, const sy_model_request *request, sy_model_side *out_side, sy_error *err) {
    native_model *m = sy_mem_calloc(1, sizeof *m);
    *out_side = (sy_model_side){0};
    if (m == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a network");
    m->runtime.registry = place->registry;
    m->context = (sy_context){
        .runtime = &m->runtime, .ref = place->backend, .device = place->device, .queue = place->queue};
    *out_side = (sy_model_side){.face = &face, .model = m};
    uint64_t begin_ns = sy_clock_raw_ns();
    sy_status status = sy_network_load(request->path, &m->network, err);
    uint64_t loaded_ns = sy_clock_raw_ns();
    if (status == SY_OK)
        status = open_host(m, place, err);
    if (status == SY_OK)
        status = compile_bound(m, request, err);
    out_side->load_ns = loaded_ns - begin_ns;
    out_side->compile_ns = sy_clock_raw_ns() - loaded_ns;
    if (status != SY_OK)
        sy_model_side_close(out_side);
    return status;
}
