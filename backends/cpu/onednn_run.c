/* The steps of oneDNN's rows: offer, prepare, bind, run. */
#include <stdio.h>

#include "backends/cpu/device.h"
#include "backends/cpu/onednn_work.h"
#include "backends/cpu/queue.h"
#include "runtime/base/error.h"

sy_status sy_onednn_offer(sy_device *device, const sy_task *task, sy_onednn_shape_fn *read_shape,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_onednn_shape shape;
    sy_onednn_work work;
    sy_status status = read_shape(device, task, &shape, err);
    if (status == SY_OK)
        status = sy_onednn_work_choose(device, task, &shape, &work, err);
    if (status != SY_OK)
        return status;
    out_algorithm->workspace_bytes = work.workspace_bytes;
    snprintf(out_algorithm->implementation, sizeof out_algorithm->implementation, "%s",
        sy_onednn_implementation(&work));
    for (uint32_t i = 0; i < work.slots; i++)
        if (sy_onednn_reorders(&work, &work.slot[i]) &&
            (i != SY_ONEDNN_WEIGHTS || (task->tensor[1].flags & SY_TENSOR_CONST) == 0))
            out_algorithm->flags |= SY_ALGO_REORDERS_INSIDE;
    status =
        sy_onednn_layouts_answer(&work, &device->backend->onednn, task, &shape, out_algorithm->layout, err);
    sy_onednn_work_release(&work);
    return status;
}

sy_status sy_onednn_prepare(sy_device *device, const sy_task *task, sy_onednn_shape_fn *read_shape,
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

/* From and to of a primitive that copies. */
static sy_status bind_pair(const sy_onednn_work *work, const sy_onednn_md *from, void *source,
    const sy_onednn_md *to, void *target, sy_onednn_arg out_pair[2], sy_error *err) {
    sy_status status = add_memory(work, SY_ONEDNN_ARG_SRC, from, source, &out_pair[0], err);
    return status == SY_OK ? add_memory(work, SY_ONEDNN_ARG_DST, to, target, &out_pair[1], err) : status;
}

static sy_status bind_slots(const sy_binding *binding, sy_onednn_bound *bound, sy_error *err) {
    const sy_onednn_work *work = (const void *)binding->plan->state;
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < work->slots; i++) {
        const sy_onednn_slot *slot = &work->slot[i];
        void *theirs = binding->operand[slot->tensor];
        void *ours = slot->reorder != NULL ? binding->workspace + slot->offset : theirs;
        bool is_out = slot->index == SY_ONEDNN_ARG_DST;
        status = add_memory(work, slot->index, slot->md, ours, &bound->arg[bound->args++], err);
        if (status == SY_OK && slot->reorder != NULL)
            status = bind_pair(work, is_out ? slot->md : slot->given, is_out ? ours : theirs,
                is_out ? slot->given : slot->md, is_out ? theirs : ours, bound->reorder[i], err);
    }
    if (status == SY_OK && work->scratchpad != NULL)
        status = add_memory(work, SY_ONEDNN_ARG_SCRATCHPAD, work->scratchpad, binding->workspace,
            &bound->arg[bound->args++], err);
    return status;
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
    bound->copies = work->copy != NULL && binding->operand[2] != d;
    if (status == SY_OK && bound->copies)
        status =
            bind_pair(work, work->c, binding->operand[2], work->slot[SY_ONEDNN_DST].md, d, bound->copy, err);
    if (status != SY_OK)
        sy_onednn_unbind(binding);
    return status;
}

static void drop_pair(const sy_onednn_calls *call, const sy_onednn_arg pair[2]) {
    for (int i = 0; i < 2; i++)
        if (pair[i].memory != NULL)
            call->memory_destroy(pair[i].memory);
}

void sy_onednn_unbind(sy_binding *binding) {
    const sy_onednn_work *work = (const void *)binding->plan->state;
    const sy_onednn_calls *call = &work->onednn->call;
    sy_onednn_bound *bound = (void *)binding->state;
    for (int i = 0; i < bound->args; i++)
        if (bound->arg[i].memory != NULL)
            call->memory_destroy(bound->arg[i].memory);
    for (uint32_t i = 0; i < work->slots; i++)
        drop_pair(call, bound->reorder[i]);
    drop_pair(call, bound->copy);
    if (bound->stream != NULL)
        call->stream_destroy(bound->stream);
    *bound = (sy_onednn_bound){0};
}

/* The first failure since the last sync is what the sync tells. */
static void note(sy_queue *queue, int answer, const char *what) {
    if (answer != SY_ONEDNN_OK && queue->failure == SY_OK)
        queue->failure = sy_cpu_onednn_check(answer, what, &queue->error);
}

/* The reorders of operands before the primitive, or of the output after it. */
static int run_reorders(const sy_onednn_work *work, const sy_onednn_bound *bound, bool is_out) {
    int answer = SY_ONEDNN_OK;
    for (uint32_t i = 0; answer == SY_ONEDNN_OK && i < work->slots; i++)
        if (work->slot[i].reorder != NULL && (work->slot[i].index == SY_ONEDNN_ARG_DST) == is_out)
            answer = work->onednn->call.primitive_execute(
                work->slot[i].reorder, bound->stream, 2, bound->reorder[i]);
    return answer;
}

void sy_onednn_run(sy_binding *binding) {
    const sy_onednn_work *work = (const void *)binding->plan->state;
    const sy_onednn_calls *call = &work->onednn->call;
    sy_onednn_bound *bound = (void *)binding->state;
    sy_cpu_onednn_enter(work->onednn, binding->pool);
    int answer = run_reorders(work, bound, false);
    if (answer == SY_ONEDNN_OK && bound->copies)
        answer = call->primitive_execute(work->copy, bound->stream, 2, bound->copy);
    if (answer == SY_ONEDNN_OK)
        answer = call->primitive_execute(work->primitive, bound->stream, bound->args, bound->arg);
    if (answer == SY_ONEDNN_OK)
        answer = run_reorders(work, bound, true);
    if (answer == SY_ONEDNN_OK)
        answer = call->stream_wait(bound->stream);
    note(binding->queue, answer, "a run");
}
