/* Compiled models (model_file.h): loaded, bound, run as any other work: late, in virtual time. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "backends/sim/model_file.h"
#include "backends/sim/sim.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_model {
    sy_device *device;
    sim_model_file file;
};

static sy_status read_text(int fd, const char *path, char *text, size_t *out_count, sy_error *err) {
    struct stat about;
    if (sy_file_stat(fd, &about) != 0)
        return sy_error_io(err, "sim: %s", path);
    if (!S_ISREG(about.st_mode))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: %s is not a file", path);
    for (*out_count = 0; *out_count < SIM_MODEL_FILE_MAX;) {
        ssize_t count = sy_file_read(fd, text + *out_count, SIM_MODEL_FILE_MAX - *out_count);
        if (count < 0)
            return sy_error_io(err, "sim: %s", path);
        if (count == 0)
            break;
        *out_count += (size_t)count;
    }
    return SY_OK;
}

static sy_status read_file(const char *path, sim_model_file *out_file, sy_error *err) {
    size_t count = 0;
    char *text = sy_mem_alloc(SIM_MODEL_FILE_MAX);
    if (text == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    sy_status status = fd >= 0 ? read_text(fd, path, text, &count, err) : sy_error_io(err, "sim: %s", path);
    if (fd >= 0)
        sy_file_close(fd);
    if (status == SY_OK)
        status = sim_model_file_read(text, count, out_file, err);
    if (status == SY_OK && count == SIM_MODEL_FILE_MAX)
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: %s: a model has less than %d bytes", path, SIM_MODEL_FILE_MAX);
    sy_mem_free(text);
    return status;
}

static sy_status load(sy_device *device, const char *path, const void *bytes, uint64_t byte_count,
    sy_model **out_model, sy_error *err) {
    *out_model = NULL;
    sy_model *model = sy_mem_calloc(1, sizeof *model);
    if (model == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    model->device = device;
    sy_status status = path != NULL ? read_file(path, &model->file, err)
                                    : sim_model_file_read(bytes, byte_count, &model->file, err);
    const sim_model *world = &device->model;
    if (status == SY_OK && world->fault == SIM_FAULT_LOAD && world->fault_flop == model->file.flop)
        status = sy_error_set(err, SY_INTERNAL, "sim: the fault that was asked for");
    if (status != SY_OK) {
        sy_mem_free(model);
        return status;
    }
    *out_model = model;
    return SY_OK;
}

static void unload(sy_model *model) {
    sy_mem_free(model);
}

static sy_model_port port_at(const sim_model_file *file, uint32_t index) {
    sy_model_port port = file->port[index].known;
    if (index >= file->n_in) {
        const sy_model_port *source = &file->port[file->port[index].source].known;
        port.dtype = source->dtype;
        port.rank = source->rank;
        memcpy(port.dim, source->dim, sizeof port.dim);
    }
    return port;
}

static sy_status describe_port(sy_model *model, uint32_t index, sy_model_port *out_port, sy_error *err) {
    uint32_t size = out_port->size, count = model->file.n_in + model->file.n_out;
    if (index >= count)
        return sy_error_set(err, SY_UNAVAILABLE, "sim: no port %u, there are %u", index, count);
    sy_model_port port = port_at(&model->file, index);
    port.size = size;
    memcpy(out_port, &port, size < sizeof port ? size : sizeof port);
    return SY_OK;
}

static sy_status set_shape(
    sy_model *model, uint32_t index, uint32_t rank, const int64_t *dim, sy_error *err) {
    uint64_t bytes = 0;
    if (index >= model->file.n_in || rank != model->file.port[index].known.rank)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: there is no input %u of %u extents", index, rank);
    sy_model_port *port = &model->file.port[index].known;
    bytes = sy_dtype_size(port->dtype);
    for (uint32_t i = 0; i < rank; i++) {
        if (dim[i] < 0 || (port->dim[i] >= 0 && port->dim[i] != dim[i]))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: extent %u of %s is %lld, not %lld", i,
                port->name, (long long)port->dim[i], (long long)dim[i]);
        if (dim[i] > 0 && !sy_mul_u64(bytes, (uint64_t)dim[i], &bytes))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: %s is beyond 64 bits", port->name);
    }
    memcpy(port->dim, dim, rank * sizeof *dim);
    return SY_OK;
}

/* Elements of a port, false where its extents are open. Their product was checked. */
static bool count_elements(const sy_model_port *port, uint64_t *out_count) {
    *out_count = 1;
    for (uint32_t i = 0; i < port->rank; i++) {
        if (port->dim[i] < 0)
            return false;
        *out_count *= (uint64_t)port->dim[i];
    }
    return true;
}

static sy_status check_span(const sy_model *model, uint32_t index, sy_span span, sy_error *err) {
    sy_model_port port = port_at(&model->file, index);
    uint64_t count = 0;
    if (!count_elements(&port, &count))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: the extents of %s are open: set_shape comes first", port.name);
    uint64_t bytes = count * sy_dtype_size(port.dtype);
    if (bytes == 0)
        return SY_OK;
    if (span.buffer == NULL || span.bytes < bytes || span.offset > span.buffer->bytes ||
        span.bytes > span.buffer->bytes - span.offset)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: %s needs %llu bytes", port.name, (unsigned long long)bytes);
    return span.buffer->kind == SY_MEMORY_DEVICE
               ? SY_OK
               : sy_error_set(err, SY_INVALID_ARGUMENT, "sim: %s is not in device memory", port.name);
}

/* An output as a plan of its own, over both as vectors; the first one of a model carries its load. */
static sy_plan *make_plan(const sy_model *model, uint32_t index) {
    sy_model_port port = port_at(&model->file, index);
    uint64_t count = 0;
    sy_plan *plan = count_elements(&port, &count) ? sy_mem_calloc(1, sizeof *plan) : NULL;
    if (plan == NULL)
        return NULL;
    *plan = (sy_plan){.device = model->device,
        .op = SIM_OP_SCALE,
        .n_in = 1,
        .n_out = 1,
        .attr.factor = model->file.port[index].factor,
        .flop = model->file.flop,
        .references = 1};
    for (uint32_t i = 0; i < 2; i++)
        plan->tensor[i] = (sy_tensor){.size = sizeof(sy_tensor),
            .dtype = port.dtype,
            .rank = 1,
            .dim = {(int64_t)count},
            .stride = {1}};
    return plan;
}

static uint64_t count_bytes(const sy_model *model, const sy_span *operands) {
    uint64_t bytes = model->file.byte;
    for (uint32_t i = 0; i < model->file.n_in + model->file.n_out; i++)
        if (!sy_add_u64(bytes, operands[i].bytes, &bytes))
            return UINT64_MAX;
    return bytes;
}

static sy_status add_output(
    const sy_model *model, sy_queue *queue, uint32_t index, const sy_span *operands, sy_binding **link) {
    sy_binding *binding = sy_mem_calloc(1, sizeof *binding);
    if (binding == NULL)
        return SY_OUT_OF_MEMORY;
    *link = binding;
    binding->queue = queue;
    binding->operand[0] = operands[model->file.port[index].source];
    binding->operand[1] = operands[index];
    binding->plan = make_plan(model, index);
    if (binding->plan == NULL)
        return SY_OUT_OF_MEMORY;
    uint64_t bytes =
        (uint64_t)binding->plan->tensor[0].dim[0] * sy_dtype_size(binding->plan->tensor[0].dtype);
    binding->operand[0].bytes = binding->operand[1].bytes = bytes;
    return SY_OK;
}

static sy_status bind(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err) {
    const sim_model_file *file = &model->file;
    sy_binding *first = NULL, **link = &first;
    sy_status status = SY_OK;
    *out_binding = NULL;
    if (count != file->n_in + file->n_out)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: %u operands, the model has %u", count, file->n_in + file->n_out);
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        status = check_span(model, i, operands[i], err);
    if (status != SY_OK)
        return status;
    for (uint32_t i = file->n_in; status == SY_OK && i < count; i++) {
        status = add_output(model, queue, i, operands, link);
        if (*link != NULL)
            link = &(*link)->next;
    }
    if (status != SY_OK) {
        sim_work.binding_destroy(first);
        return sy_error_set(err, status, "sim: no host memory");
    }
    uint32_t dtype = first->plan->tensor[0].dtype;
    first->plan->load =
        sim_model_load(&model->device->model, dtype, file->flop, count_bytes(model, operands));
    *out_binding = first;
    return SY_OK;
}

const sy_model_api sim_model_group = {.size = sizeof sim_model_group,
    .load = load,
    .port = describe_port,
    .bind = bind,
    .unload = unload,
    .set_shape = set_shape};
