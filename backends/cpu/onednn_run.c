/* The steps of oneDNN's rows: offer, prepare, bind, run. */
#include <string.h>

#include "backends/cpu/device.h"
#include "backends/cpu/onednn_work.h"
#include "backends/cpu/queue.h"
#include "runtime/base/error.h"

sy_status sy_onednn_offer(sy_device *device, const sy_cpu_task *task, sy_onednn_shape_fn *read_shape,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_onednn_shape shape;
    sy_onednn_work work;
    sy_status status = read_shape(device, task, &shape, err);
    if (status == SY_OK)
        status = sy_onednn_work_choose(device, task, &shape, &work, err);
    if (status != SY_OK)
        return status;
    out_algorithm->workspace_bytes = work.workspace_bytes;
    if (sy_onednn_reorders(&work) && (task->tensor[1].flags & SY_TENSOR_CONST) == 0)
        out_algorithm->flags |= SY_ALGO_REORDERS_INSIDE;
    status =
        sy_onednn_layouts_answer(&work, &device->backend->onednn, task, &shape, out_algorithm->layout, err);
    sy_onednn_work_release(&work);
    return status;
}

/* One run of nothing starts its threads while the caller may use all processors. */
sy_status sy_onednn_prepare(sy_device *device, const sy_cpu_task *task, sy_onednn_shape_fn *read_shape,
    void *state, uint64_t *out_workspace_bytes, sy_error *err) {
    sy_onednn_work *work = state;
    sy_onednn_shape shape;
    sy_status status = read_shape(device, task, &shape, err);
    if (status == SY_OK)
        status = sy_onednn_work_choose(device, task, &shape, work, err);
    if (status != SY_OK)
        return status;
    status = sy_onednn_layouts_check(work, &device->backend->onednn, task, err);
    if (status == SY_OK)
        status = sy_onednn_work_compile(work, err);
    if (status != SY_OK)
        sy_onednn_work_release(work);
    else
        *out_workspace_bytes = work->workspace_bytes;
    return status;
}

void sy_onednn_drop(void *state) {
    sy_onednn_work_release(state);
}

static sy_status add_memory(const sy_onednn_work *work, int index, const sy_onednn_md *md, void *data,
    sy_onednn_arg *out_arg, sy_error *err) {
    *out_arg = (sy_onednn_arg){.index = index};
    return sy_cpu_onednn_check(
        work->onednn->call.memory_create(&out_arg->memory, md, work->onednn->engine, data), "a memory object",
        err);
}

static sy_status bind_slots(const sy_binding *binding, sy_onednn_bound *bound, sy_error *err) {
    const sy_onednn_work *work = (const void *)binding->plan->state;
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < work->slots; i++) {
        const sy_onednn_slot *slot = &work->slot[i];
        bool is_reordered = slot->index == SY_ONEDNN_ARG_WEIGHTS && work->reorder != NULL;
        void *data =
            is_reordered ? binding->workspace + work->weights_offset : binding->operand[slot->tensor];
        status = add_memory(work, slot->index, slot->md, data, &bound->arg[bound->args++], err);
    }
    if (status == SY_OK && work->scratchpad != NULL)
        status = add_memory(work, SY_ONEDNN_ARG_SCRATCHPAD, work->scratchpad, binding->workspace,
            &bound->arg[bound->args++], err);
    return status;
}

/* From and to of a primitive that copies. */
static sy_status bind_pair(const sy_onednn_work *work, const sy_onednn_md *from, void *source,
    const sy_onednn_md *to, void *target, sy_onednn_arg out_pair[2], sy_error *err) {
    sy_status status = add_memory(work, SY_ONEDNN_ARG_SRC, from, source, &out_pair[0], err);
    return status == SY_OK ? add_memory(work, SY_ONEDNN_ARG_DST, to, target, &out_pair[1], err) : status;
}

sy_status sy_onednn_bind(sy_binding *binding, sy_error *err) {
    const sy_onednn_work *work = (const void *)binding->plan->state;
    sy_onednn_bound *bound = (void *)binding->state;
    unsigned char *d = binding->operand[binding->plan->task.n_in];
    sy_status status = sy_cpu_onednn_check(
        work->onednn->call.stream_create(&bound->stream, work->onednn->engine, SY_ONEDNN_STREAM_DEFAULT),
        "a stream", err);
    if (status == SY_OK)
        status = bind_slots(binding, bound, err);
    if (status == SY_OK && work->reorder != NULL)
        status = bind_pair(work, work->given[SY_ONEDNN_WEIGHTS], binding->operand[1],
            work->wanted[SY_ONEDNN_WEIGHTS], binding->workspace + work->weights_offset, bound->reorder, err);
    bound->copies = work->copy != NULL && binding->operand[2] != d;
    if (status == SY_OK && bound->copies)
        status =
            bind_pair(work, work->c, binding->operand[2], work->wanted[SY_ONEDNN_DST], d, bound->copy, err);
    if (status != SY_OK)
        sy_onednn_unbind(binding);
    return status;
}

void sy_onednn_unbind(sy_binding *binding) {
    const sy_onednn_work *work = (const void *)binding->plan->state;
    const sy_onednn_calls *call = &work->onednn->call;
    sy_onednn_bound *bound = (void *)binding->state;
    for (int i = 0; i < bound->args; i++)
        if (bound->arg[i].memory != NULL)
            call->memory_destroy(bound->arg[i].memory);
    for (int i = 0; i < 2; i++) {
        if (bound->reorder[i].memory != NULL)
            call->memory_destroy(bound->reorder[i].memory);
        if (bound->copy[i].memory != NULL)
            call->memory_destroy(bound->copy[i].memory);
    }
    if (bound->stream != NULL)
        call->stream_destroy(bound->stream);
    *bound = (sy_onednn_bound){0};
}

/* The first failure since the last sync is what the sync tells. */
static void note(sy_queue *queue, int answer, const char *what) {
    if (answer != SY_ONEDNN_OK && queue->failure == SY_OK)
        queue->failure = sy_cpu_onednn_check(answer, what, &queue->error);
}

void sy_onednn_run(sy_binding *binding) {
    const sy_onednn_work *work = (const void *)binding->plan->state;
    const sy_onednn_calls *call = &work->onednn->call;
    sy_onednn_bound *bound = (void *)binding->state;
    int answer = SY_ONEDNN_OK;
    sy_cpu_onednn_enter(work->onednn, binding->pool);
    if (work->reorder != NULL)
        answer = call->primitive_execute(work->reorder, bound->stream, 2, bound->reorder);
    if (answer == SY_ONEDNN_OK && bound->copies)
        answer = call->primitive_execute(work->copy, bound->stream, 2, bound->copy);
    if (answer == SY_ONEDNN_OK)
        answer = call->primitive_execute(work->primitive, bound->stream, bound->args, bound->arg);
    if (answer == SY_ONEDNN_OK)
        answer = call->stream_wait(bound->stream);
    note(binding->queue, answer, "a run");
}
