/* Offline models tied to memory, and run on a queue's stream. */
#include "backends/ascend/model.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Where CANN's documents want inputs and outputs to begin. */
enum { PORT_ALIGNMENT = 64 };

/* Sets of buffers as the library takes them; the sets do not own the buffers. */
typedef struct tie {
    sy_model *model;
    void *in, *out;
    void *buffer[ASCEND_PORTS_MAX];
} tie;

static const ascend_model_api *api_of(const sy_model *model) {
    return &ascend_libraries_of(model->device)->model;
}

static void free_tie(sy_binding *binding) {
    tie *t = binding->own;
    const ascend_model_api *api = api_of(t->model);
    if (t->in != NULL)
        (void)api->mdlDestroyDataset(t->in);
    if (t->out != NULL)
        (void)api->mdlDestroyDataset(t->out);
    for (uint32_t i = 0; i < ASCEND_PORTS_MAX; i++)
        if (t->buffer[i] != NULL)
            (void)api->DestroyDataBuffer(t->buffer[i]);
    if (--t->model->bindings == 0)
        t->model->queue = NULL;
    sy_mem_free(t);
}

static int run(sy_binding *binding) {
    const tie *t = binding->own;
    return api_of(t->model)->mdlExecuteAsync(t->model->id, t->in, t->out, binding->queue->stream);
}

/* Models have no candidates: this way is in no list, it runs and ends bindings. */
static const sy_card_way whole = {.name = "aclmdlExecuteAsync", .bind_free = free_tie, .run = run};

static sy_status check_span(const sy_model *model, uint32_t index, sy_span span, sy_error *err) {
    const sy_model_port *port = &model->port[index];
    if (!sy_card_span_is_inside(span) || span.bytes < model->bytes[index])
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": '%s' must have %llu bytes in its buffer", SY_CARD_ID(model->device),
            port->name, (unsigned long long)model->bytes[index]);
    if (span.buffer->device != model->device || span.buffer->kind != SY_MEMORY_DEVICE)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": '%s' is not in memory of the device", SY_CARD_ID(model->device), port->name);
    if ((uintptr_t)sy_card_address(span) % PORT_ALIGNMENT != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": '%s' begins at byte %llu, which must be a multiple of %d",
            SY_CARD_ID(model->device), port->name, (unsigned long long)span.offset, PORT_ALIGNMENT);
    return SY_OK;
}

static sy_status check(
    const sy_model *model, const sy_queue *queue, const sy_span *operands, uint32_t count, sy_error *err) {
    sy_status status = SY_OK;
    if (count != model->n_in + model->n_out)
        return sy_error_set(err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": %u operands, the model has %u",
            SY_CARD_ID(model->device), count, model->n_in + model->n_out);
    if (queue->device != model->device)
        return sy_error_set(err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": the queue is of another device",
            SY_CARD_ID(model->device));
    if (model->queue != NULL && model->queue != queue)
        return sy_error_set(err, SY_UNSUPPORTED,
            SY_CARD_ID_FORMAT ": an offline model runs on one queue at a time: one instance",
            SY_CARD_ID(model->device));
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        status = check_span(model, i, operands[i], err);
    return status;
}

static int fill_sets(tie *t, const sy_span *operands) {
    const sy_model *model = t->model;
    const ascend_model_api *api = api_of(model);
    int code = 0;
    t->in = api->mdlCreateDataset();
    t->out = api->mdlCreateDataset();
    if (t->in == NULL || t->out == NULL)
        return ASCEND_OWN_NO_OBJECT;
    for (uint32_t i = 0; code == 0 && i < model->n_in + model->n_out; i++) {
        t->buffer[i] = api->CreateDataBuffer(sy_card_address(operands[i]), model->bytes[i]);
        code = t->buffer[i] != NULL ? api->mdlAddDatasetBuffer(i < model->n_in ? t->in : t->out, t->buffer[i])
                                    : ASCEND_OWN_NO_OBJECT;
    }
    return code;
}

/* A binding wants a plan, which here is no more than the way. */
static sy_binding *make_binding(sy_model *model, sy_queue *queue) {
    tie *t = sy_mem_calloc(1, sizeof *t);
    sy_plan *plan = sy_mem_calloc(1, sizeof *plan);
    sy_binding *binding = sy_mem_calloc(1, sizeof *binding);
    if (t == NULL || plan == NULL || binding == NULL) {
        sy_mem_free(t);
        sy_mem_free(plan);
        sy_mem_free(binding);
        return NULL;
    }
    plan->device = model->device;
    plan->way = &whole;
    plan->references = 1;
    t->model = model;
    *binding = (sy_binding){.plan = plan, .queue = queue, .own = t};
    model->queue = queue;
    model->bindings++;
    return binding;
}

sy_status ascend_model_bind(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err) {
    *out_binding = NULL;
    sy_status status = check(model, queue, operands, count, err);
    if (status != SY_OK)
        return status;
    sy_binding *binding = make_binding(model, queue);
    if (binding == NULL)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(model->device));
    int code = fill_sets(binding->own, operands);
    if (code != 0) {
        status = sy_card_fail(model->device, code, err, "operands of the model");
        sy_card_work_api.binding_destroy(binding);
        return status;
    }
    *out_binding = binding;
    return SY_OK;
}
