/* Compiled models tied to memory, and run. */
#include <stdlib.h>
#include <string.h>

#include "backends/horizon/model.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* One operand. staging: memory of its own where the buffer's cannot be handed over as it is; zero otherwise.
 */
typedef struct operand {
    sy_span span;
    horizon_memory staging;
} operand;

/* inputs, outputs: arrays of the library's struct of a tensor. */
struct sy_binding {
    sy_model *model;
    sy_queue *queue;
    unsigned char *inputs, *outputs;
    operand *operand; /* of each port */
};

static const horizon_library *library_of(const sy_binding *binding) {
    return &binding->model->device->backend->library;
}

static unsigned char *address_of(const operand *o) {
    return o->span.buffer->data + o->span.offset;
}

static sy_status check_span(const sy_model *model, uint32_t index, const sy_span *span, sy_error *err) {
    const horizon_port *port = &model->port[index];
    if (!horizon_span_is_inside(span) || span->bytes < port->tensor.dense_bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "horizon:0: '%s' must have %llu bytes in its buffer",
            port->known.name, (unsigned long long)port->tensor.dense_bytes);
    if (span->buffer->device != model->device || span->buffer->kind != SY_MEMORY_DEVICE)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "horizon:0: '%s' is not in memory of the device", port->known.name);
    return SY_OK;
}

/* Only whole buffers are handed over as they are: that the library takes parts of an allocation is not known.
 * What it writes behind the last element stays in the buffer's last page. */
static bool is_direct(const horizon_tensor *tensor, const sy_span *span) {
    return tensor->is_dense && span->offset == 0 && span->bytes == span->buffer->bytes &&
           tensor->bytes <= span->buffer->memory.bytes;
}

static int32_t make_staging(const sy_binding *binding, const horizon_tensor *tensor, operand *o) {
    const horizon_library *library = library_of(binding);
    int32_t code = horizon_memory_make(library, tensor->bytes, &o->staging);
    if (code != 0)
        return code;
    memset(o->staging.address, 0, tensor->bytes); /* what pads inputs is to be zero */
    return horizon_memory_flush(library, &o->staging, HORIZON_CLEAN);
}

/* The library's tensor: memories, and the struct as it told it. */
static int32_t fill_tensor(sy_binding *binding, uint32_t index, const sy_span *span) {
    const sy_model *model = binding->model;
    const horizon_port *port = &model->port[index];
    const size_t whole = horizon_form_tensor(model->form), tail = horizon_form_properties(model->form);
    unsigned char *tensor = index < model->n_in ? binding->inputs + index * whole
                                                : binding->outputs + (index - model->n_in) * whole;
    operand *o = &binding->operand[index];
    o->span = *span;
    const bool hands_over = is_direct(&port->tensor, span);
    int32_t code = hands_over ? 0 : make_staging(binding, &port->tensor, o);
    memcpy(tensor, hands_over ? &span->buffer->memory : &o->staging, sizeof(horizon_memory));
    memcpy(tensor + whole - tail, port->raw.byte, tail);
    return code;
}

static sy_binding *make_binding(sy_model *model, sy_queue *queue) {
    const size_t whole = horizon_form_tensor(model->form);
    sy_binding *binding = sy_mem_calloc(1, sizeof *binding);
    if (binding == NULL)
        return NULL;
    *binding = (sy_binding){.model = model,
        .queue = queue,
        .inputs = sy_mem_calloc(model->n_in + 1, whole),
        .outputs = sy_mem_calloc(model->n_out, whole),
        .operand = sy_mem_calloc(model->n_in + model->n_out, sizeof *binding->operand)};
    if (binding->inputs != NULL && binding->outputs != NULL && binding->operand != NULL)
        return binding;
    horizon_binding_destroy(binding);
    return NULL;
}

sy_status horizon_model_bind(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err) {
    sy_status status = SY_OK;
    *out_binding = NULL;
    if (count != model->n_in + model->n_out)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "horizon:0: %u operands, the model has %u", count,
            model->n_in + model->n_out);
    if (queue->device != model->device)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "horizon:0: the queue is of another device");
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        status = check_span(model, i, &operands[i], err);
    if (status != SY_OK)
        return status;
    sy_binding *binding = make_binding(model, queue);
    if (binding == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: no host memory for a binding");
    int32_t code = 0;
    for (uint32_t i = 0; code == 0 && i < count; i++)
        code = fill_tensor(binding, i, &operands[i]);
    if (code != 0) {
        status = horizon_fail(library_of(binding), code, "memory for an operand of the model", err);
        horizon_binding_destroy(binding);
        return status;
    }
    *out_binding = binding;
    return SY_OK;
}

void horizon_binding_destroy(sy_binding *binding) {
    if (binding == NULL)
        return;
    if (binding->queue->under_way == binding)
        (void)horizon_queue_finish(binding->queue, UINT64_MAX, NULL);
    const sy_model *model = binding->model;
    for (uint32_t i = 0; binding->operand != NULL && i < model->n_in + model->n_out; i++)
        horizon_memory_end(library_of(binding), &binding->operand[i].staging);
    sy_mem_free(binding->inputs);
    sy_mem_free(binding->outputs);
    sy_mem_free(binding->operand);
    sy_mem_free(binding);
}

/* Inputs that are not handed over as they are: element by element to where the library wants them. */
static int32_t put_inputs(sy_binding *binding) {
    const horizon_library *library = library_of(binding);
    int32_t code = 0;
    for (uint32_t i = 0; code == 0 && i < binding->model->n_in; i++) {
        operand *o = &binding->operand[i];
        if (o->staging.address == NULL)
            continue;
        code = horizon_buffer_see(o->span.buffer);
        if (code == 0) {
            horizon_tensor_move(&binding->model->port[i].tensor, o->staging.address, address_of(o), true);
            code = horizon_memory_flush(library, &o->staging, HORIZON_CLEAN);
        }
    }
    return code;
}

int32_t horizon_binding_take(sy_binding *binding) {
    const horizon_library *library = library_of(binding);
    const sy_model *model = binding->model;
    int32_t code = 0;
    for (uint32_t i = model->n_in; code == 0 && i < model->n_in + model->n_out; i++) {
        operand *o = &binding->operand[i];
        if (o->staging.address == NULL)
            continue;
        code = horizon_memory_flush(library, &o->staging, HORIZON_INVALIDATE);
        if (code == 0)
            code = horizon_buffer_see(o->span.buffer);
        if (code == 0) {
            horizon_tensor_move(&model->port[i].tensor, o->staging.address, address_of(o), false);
            code = horizon_buffer_show(o->span.buffer);
        }
    }
    return code;
}

sy_status horizon_binding_run(sy_binding *binding) {
    sy_queue *queue = binding->queue;
    const sy_model *model = binding->model;
    (void)horizon_queue_finish(queue, UINT64_MAX, NULL);
    int32_t code = put_inputs(binding);
    if (code != 0)
        return horizon_queue_fail(queue, code, "flush of inputs");
    code = horizon_task_begin(library_of(binding), model->handle, binding->inputs, binding->outputs,
        model->device->core, &queue->task);
    if (code != 0)
        return horizon_queue_fail(queue, code, "run of a model");
    queue->under_way = binding;
    for (uint32_t i = model->n_in; i < model->n_in + model->n_out; i++) {
        const operand *o = &binding->operand[i];
        o->span.buffer->is_written = o->span.buffer->is_written || o->staging.address == NULL;
    }
    return SY_OK;
}
