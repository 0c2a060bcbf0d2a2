/* Choosing an implementation and making its primitives. */
#include "backends/cpu/onednn_work.h"

#include <string.h>

#include "backends/cpu/device.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"

static const uint32_t queries[3] = {SY_ONEDNN_QUERY_SRC, SY_ONEDNN_QUERY_WEIGHTS, SY_ONEDNN_QUERY_DST};
static const int arguments[3] = {SY_ONEDNN_ARG_SRC, SY_ONEDNN_ARG_WEIGHTS, SY_ONEDNN_ARG_DST};

static const sy_onednn_view *view_of(const sy_onednn_shape *shape, int operand) {
    return operand == SY_ONEDNN_SRC       ? &shape->src
           : operand == SY_ONEDNN_WEIGHTS ? &shape->weights
                                          : &shape->dst;
}

static uint32_t tensor_of(const sy_cpu_task *task, int operand) {
    return operand == SY_ONEDNN_DST ? task->n_in : (uint32_t)operand;
}

sy_status sy_onednn_md_make(const sy_cpu_onednn *onednn, uint32_t dtype, const sy_onednn_view *view,
    bool is_any, sy_onednn_md **out_md, sy_error *err) {
    int type = sy_onednn_type(dtype), status;
    *out_md = NULL;
    if (type == 0 || (type == SY_ONEDNN_F64 && onednn->dialect->major < 3))
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: has no type %s", sy_dtype_name(dtype));
    if (is_any)
        status = onednn->dialect->md_any(&onednn->call, view->rank, view->dim, type, out_md);
    else
        status =
            onednn->dialect->md_strided(&onednn->call, view->rank, view->dim, type, view->stride, out_md);
    return sy_cpu_onednn_check(status, "a memory descriptor", err);
}

sy_status sy_onednn_slot_add(sy_onednn_work *work, int index, uint32_t tensor, const sy_cpu_task *task,
    const sy_onednn_view *view, sy_error *err) {
    if (work->slots == SY_ONEDNN_SLOTS_MAX)
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: more than %u operands", SY_ONEDNN_SLOTS_MAX);
    sy_onednn_slot *slot = &work->slot[work->slots];
    *slot = (sy_onednn_slot){.index = index, .tensor = tensor};
    bool is_any = task->tensor[tensor].layout != SY_LAYOUT_STRIDED;
    sy_status status =
        sy_onednn_md_make(work->onednn, task->tensor[tensor].dtype, view, is_any, &slot->md, err);
    if (status == SY_OK)
        work->slots++;
    return status;
}

static sy_status clone_md(
    const sy_onednn_work *work, const sy_onednn_md *from, sy_onednn_md **out_md, sy_error *err) {
    if (from == NULL)
        return sy_error_set(err, SY_INTERNAL, "onednn: does not tell what layout it wants");
    return sy_cpu_onednn_check(
        work->onednn->dialect->md_clone(&work->onednn->call, from, out_md), "a memory descriptor", err);
}

/* The three operands as asked for; open ones, and weights of a convolution, which it may reorder, as "any".
 */
static sy_status ask(sy_onednn_work *work, const sy_cpu_task *task, const sy_onednn_shape *shape,
    sy_onednn_md *asked[3], sy_error *err) {
    sy_status status = SY_OK;
    for (int i = 0; status == SY_OK && i < 3; i++) {
        const sy_tensor *tensor = &task->tensor[tensor_of(task, i)];
        const sy_onednn_view *view = view_of(shape, i);
        bool is_any = shape->is_open[tensor_of(task, i)] || (i == SY_ONEDNN_WEIGHTS && shape->is_convolution);
        if (tensor->layout == SY_LAYOUT_STRIDED)
            status = sy_onednn_md_make(work->onednn, tensor->dtype, view, false, &work->given[i], err);
        if (status == SY_OK)
            status = sy_onednn_md_make(work->onednn, tensor->dtype, view, is_any, &asked[i], err);
    }
    return status;
}

static sy_status create_pd(sy_onednn_work *work, const sy_cpu_task *task, const sy_onednn_shape *shape,
    sy_onednn_md *const asked[3], sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    sy_onednn_attr *attr = NULL;
    sy_onednn_operands operands = {
        .src = asked[SY_ONEDNN_SRC], .weights = asked[SY_ONEDNN_WEIGHTS], .dst = asked[SY_ONEDNN_DST]};
    sy_status status = sy_onednn_posts_make(task, shape, work, &attr, &operands.bias, err);
    if (status != SY_OK)
        return status;
    int answer = work->onednn->dialect->pd_create(call, work->onednn->engine, &operands,
        shape->is_convolution ? &shape->window : NULL, attr, &work->pd);
    call->attr_destroy(attr);
    return sy_cpu_onednn_check(
        answer, shape->is_convolution ? "a convolution like this" : "a matrix product like this", err);
}

/* Operands of the primitive as it wants them. A residual that it laid out lies as the output does. */
static sy_status take_slots(sy_onednn_work *work, const sy_cpu_task *task, sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < work->slots; i++) {
        if (task->tensor[work->slot[i].tensor].layout == SY_LAYOUT_STRIDED)
            continue;
        work->onednn->dialect->md_destroy(call, work->slot[i].md);
        work->slot[i].md = NULL;
        status = clone_md(work, work->wanted[SY_ONEDNN_DST], &work->slot[i].md, err);
    }
    for (int i = 0; status == SY_OK && i < 3; i++) {
        if (work->slots == SY_ONEDNN_SLOTS_MAX)
            return sy_error_set(err, SY_UNSUPPORTED, "onednn: more than %u operands", SY_ONEDNN_SLOTS_MAX);
        sy_onednn_slot *slot = &work->slot[work->slots];
        *slot = (sy_onednn_slot){.index = arguments[i], .tensor = tensor_of(task, i)};
        status = clone_md(work, work->wanted[i], &slot->md, err);
        work->slots += status == SY_OK ? 1 : 0;
    }
    return status;
}

static sy_status query(sy_onednn_work *work, const sy_cpu_task *task, sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    sy_status status = SY_OK;
    for (int i = 0; status == SY_OK && i < 3; i++)
        status = clone_md(work, call->pd_query_md(work->pd, (int)queries[i], 0), &work->wanted[i], err);
    const sy_onednn_md *scratchpad = call->pd_query_md(work->pd, SY_ONEDNN_QUERY_SCRATCHPAD, 0);
    if (status == SY_OK && scratchpad != NULL && call->md_size(scratchpad) > 0)
        status = clone_md(work, scratchpad, &work->scratchpad, err);
    return status == SY_OK ? take_slots(work, task, err) : status;
}

bool sy_onednn_reorders(const sy_onednn_work *work) {
    return work->given[SY_ONEDNN_WEIGHTS] != NULL &&
           work->onednn->call.md_equal(work->given[SY_ONEDNN_WEIGHTS], work->wanted[SY_ONEDNN_WEIGHTS]) == 0;
}

const char *sy_onednn_implementation(const sy_onednn_work *work) {
    const char *text = NULL;
    int answer = work->onednn->call.pd_query(work->pd, SY_ONEDNN_QUERY_IMPLEMENTATION, 0, (void *)&text);
    return answer == SY_ONEDNN_OK && text != NULL ? text : "";
}

/* C in D's place is not copied; whether it is, is known at binding. */
static sy_status plan_copy(
    sy_onednn_work *work, const sy_cpu_task *task, const sy_onednn_shape *shape, sy_error *err) {
    const sy_tensor *c = &task->tensor[2];
    sy_onednn_view view;
    if (task->op != SY_OP_GEMM || shape->beta == 0.0)
        return SY_OK;
    if (c->dtype != sy_cpu_task_output(task, 0)->dtype)
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: adds a C of D's type alone");
    const int64_t *dim = c->dim, *stride = c->stride;
    int skipped = (int)c->rank - shape->dst.rank;
    sy_status status = sy_onednn_view_make(shape->dst.rank, dim + skipped, stride + skipped, &view, err);
    return status == SY_OK ? sy_onednn_md_make(work->onednn, c->dtype, &view, false, &work->c, err) : status;
}

static sy_status lay_out_workspace(sy_onednn_work *work, sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    uint64_t bytes = work->scratchpad != NULL ? call->md_size(work->scratchpad) : 0;
    bool fits = sy_round_up_u64(bytes, SY_ONEDNN_ALIGNMENT, &work->weights_offset);
    work->workspace_bytes = bytes;
    if (fits && sy_onednn_reorders(work))
        fits = sy_add_u64(
            work->weights_offset, call->md_size(work->wanted[SY_ONEDNN_WEIGHTS]), &work->workspace_bytes);
    return fits ? SY_OK : sy_error_set(err, SY_OVERFLOW, "onednn: the workspace exceeds 64 bits of bytes");
}

sy_status sy_onednn_work_choose(sy_device *device, const sy_cpu_task *task, const sy_onednn_shape *shape,
    sy_onednn_work *out_work, sy_error *err) {
    sy_cpu_onednn *onednn = NULL;
    sy_onednn_md *asked[3] = {NULL};
    *out_work = (sy_onednn_work){0};
    sy_status status = sy_cpu_onednn_get(device, &onednn, err);
    if (status != SY_OK)
        return status;
    out_work->onednn = onednn;
    sy_cpu_onednn_enter(onednn, device->pool);
    status = ask(out_work, task, shape, asked, err);
    if (status == SY_OK)
        status = create_pd(out_work, task, shape, asked, err);
    for (int i = 0; i < 3; i++)
        onednn->dialect->md_destroy(&onednn->call, asked[i]);
    if (status == SY_OK)
        status = query(out_work, task, err);
    if (status == SY_OK)
        status = plan_copy(out_work, task, shape, err);
    if (status == SY_OK)
        status = lay_out_workspace(out_work, err);
    if (status != SY_OK)
        sy_onednn_work_release(out_work);
    return status;
}

/* A primitive that copies one layout into another. */
static sy_status make_reorder(const sy_onednn_work *work, const sy_onednn_md *from, const sy_onednn_md *to,
    sy_onednn_primitive **out_primitive, sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    sy_onednn_pd *pd = NULL;
    int answer = call->reorder_pd(&pd, from, work->onednn->engine, to, work->onednn->engine, NULL);
    if (answer == SY_ONEDNN_OK) {
        answer = call->primitive_create(out_primitive, pd);
        call->pd_destroy(pd);
    }
    return sy_cpu_onednn_check(answer, "a reorder", err);
}

sy_status sy_onednn_work_compile(sy_onednn_work *work, sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    sy_status status =
        sy_cpu_onednn_check(call->primitive_create(&work->primitive, work->pd), "a primitive", err);
    if (status == SY_OK && sy_onednn_reorders(work))
        status = make_reorder(
            work, work->given[SY_ONEDNN_WEIGHTS], work->wanted[SY_ONEDNN_WEIGHTS], &work->reorder, err);
    if (status == SY_OK && work->c != NULL)
        status = make_reorder(work, work->c, work->wanted[SY_ONEDNN_DST], &work->copy, err);
    return status;
}

void sy_onednn_work_release(sy_onednn_work *work) {
    if (work->onednn == NULL)
        return;
    const sy_onednn_calls *call = &work->onednn->call;
    const sy_onednn_dialect *dialect = work->onednn->dialect;
    sy_onednn_primitive *primitives[] = {work->primitive, work->reorder, work->copy};
    for (size_t i = 0; i < 3; i++) {
        if (primitives[i] != NULL)
            call->primitive_destroy(primitives[i]);
        dialect->md_destroy(call, work->given[i]);
        dialect->md_destroy(call, work->wanted[i]);
    }
    if (work->pd != NULL)
        call->pd_destroy(work->pd);
    for (uint32_t i = 0; i < work->slots; i++)
        dialect->md_destroy(call, work->slot[i].md);
    dialect->md_destroy(call, work->scratchpad);
    dialect->md_destroy(call, work->c);
    *work = (sy_onednn_work){0};
}
