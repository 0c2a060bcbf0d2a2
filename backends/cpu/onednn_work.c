/* Choosing an implementation and making its primitives. */
#include "backends/cpu/onednn_work.h"

#include <string.h>

#include "backends/cpu/device.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"

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

sy_status sy_onednn_slot_add(sy_onednn_work *work, int index, uint32_t tensor, const sy_task *task,
    const sy_onednn_view *view, bool is_any, sy_error *err) {
    if (work->slots == SY_ONEDNN_SLOTS_MAX)
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: more than %u operands", SY_ONEDNN_SLOTS_MAX);
    sy_onednn_slot *slot = &work->slot[work->slots++];
    const sy_tensor *from = &task->tensor[tensor];
    sy_status status = SY_OK;
    *slot = (sy_onednn_slot){.index = index, .tensor = tensor};
    if (from->layout == SY_LAYOUT_STRIDED)
        status = sy_onednn_md_make(work->onednn, from->dtype, view, false, &slot->given, err);
    return status == SY_OK ? sy_onednn_md_make(work->onednn, from->dtype, view, is_any, &slot->md, err)
                           : status;
}

/* The operands as asked for: open ones, and those that may be reordered in the run, as "any". */
static sy_status ask(sy_onednn_work *work, const sy_task *task, const sy_onednn_shape *shape, sy_error *err) {
    bool frees = work->way.frees_images;
    sy_status status =
        sy_onednn_slot_add(work, SY_ONEDNN_ARG_SRC, 0, task, &shape->src, frees || shape->is_open[0], err);
    if (status == SY_OK)
        status = sy_onednn_slot_add(work, SY_ONEDNN_ARG_WEIGHTS, 1, task, &shape->weights,
            shape->is_convolution || shape->is_open[1], err);
    return status == SY_OK ? sy_onednn_slot_add(work, SY_ONEDNN_ARG_DST, task->n_in, task, &shape->dst,
                                 frees || shape->is_open[task->n_in], err)
                           : status;
}

static sy_status create_pd(
    sy_onednn_work *work, const sy_task *task, const sy_onednn_shape *shape, sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    sy_onednn_attr *attr = NULL;
    sy_onednn_operands operands = {.src = work->slot[SY_ONEDNN_SRC].md,
        .weights = work->slot[SY_ONEDNN_WEIGHTS].md,
        .dst = work->slot[SY_ONEDNN_DST].md};
    sy_status status = sy_onednn_posts_make(task, shape, work, &attr, &operands.bias, err);
    if (status != SY_OK)
        return status;
    int answer = work->onednn->dialect->pd_create(call, work->onednn->engine, &operands,
        shape->is_convolution ? &shape->window : NULL, attr, &work->pd);
    call->attr_destroy(attr);
    return sy_cpu_onednn_check(
        answer, shape->is_convolution ? "a convolution like this" : "a matrix product like this", err);
}

static sy_status replace_md(
    const sy_onednn_work *work, const sy_onednn_md *from, sy_onednn_md **md, sy_error *err) {
    if (from == NULL)
        return sy_error_set(err, SY_INTERNAL, "onednn: does not tell what layout it wants");
    work->onednn->dialect->md_destroy(&work->onednn->call, *md);
    *md = NULL;
    return sy_cpu_onednn_check(
        work->onednn->dialect->md_clone(&work->onednn->call, from, md), "a memory descriptor", err);
}

/* Operands as the primitive takes them. A residual that it lays out lies as the output does. */
static sy_status query(sy_onednn_work *work, const sy_task *task, sy_error *err) {
    static const int queries[] = {SY_ONEDNN_QUERY_SRC, SY_ONEDNN_QUERY_WEIGHTS, SY_ONEDNN_QUERY_DST};
    const sy_onednn_calls *call = &work->onednn->call;
    sy_status status = SY_OK;
    for (int i = 0; status == SY_OK && i < SY_ONEDNN_OPERANDS; i++)
        status = replace_md(work, call->pd_query_md(work->pd, queries[i], 0), &work->slot[i].md, err);
    for (uint32_t i = SY_ONEDNN_OPERANDS; status == SY_OK && i < work->slots; i++)
        if (task->tensor[work->slot[i].tensor].rank > 1 &&
            (work->slot[i].given == NULL || work->way.frees_images))
            status = replace_md(work, work->slot[SY_ONEDNN_DST].md, &work->slot[i].md, err);
    const sy_onednn_md *scratchpad = call->pd_query_md(work->pd, SY_ONEDNN_QUERY_SCRATCHPAD, 0);
    if (status == SY_OK && scratchpad != NULL && call->md_size(scratchpad) > 0)
        status = replace_md(work, scratchpad, &work->scratchpad, err);
    return status;
}

bool sy_onednn_reorders(const sy_onednn_work *work, const sy_onednn_slot *slot) {
    return slot->given != NULL && work->onednn->call.md_equal(slot->given, slot->md) == 0;
}

const char *sy_onednn_implementation(const sy_onednn_work *work) {
    const char *text = NULL;
    int answer = work->onednn->call.pd_query(work->pd, SY_ONEDNN_QUERY_IMPLEMENTATION, 0, (void *)&text);
    return answer == SY_ONEDNN_OK && text != NULL ? text : "";
}

/* C in D's place is not copied; whether it is, is known at binding. */
static sy_status plan_copy(
    sy_onednn_work *work, const sy_task *task, const sy_onednn_shape *shape, sy_error *err) {
    const sy_tensor *c = &task->tensor[2];
    sy_onednn_view view;
    if (task->op != SY_OP_GEMM || shape->beta == 0.0)
        return SY_OK;
    if (c->dtype != sy_task_output(task, 0)->dtype)
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: adds a C of D's type alone");
    int skipped = (int)c->rank - shape->dst.rank;
    sy_status status =
        sy_onednn_view_make(shape->dst.rank, c->dim + skipped, c->stride + skipped, &view, err);
    return status == SY_OK ? sy_onednn_md_make(work->onednn, c->dtype, &view, false, &work->c, err) : status;
}

static sy_status lay_out_workspace(sy_onednn_work *work, sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    uint64_t end = work->scratchpad != NULL ? call->md_size(work->scratchpad) : 0;
    bool fits = true;
    for (uint32_t i = 0; fits && i < work->slots; i++) {
        sy_onednn_slot *slot = &work->slot[i];
        if (sy_onednn_reorders(work, slot))
            fits = sy_round_up_u64(end, SY_ONEDNN_ALIGNMENT, &slot->offset) &&
                   sy_add_u64(slot->offset, call->md_size(slot->md), &end);
    }
    work->workspace_bytes = end;
    return fits ? SY_OK : sy_error_set(err, SY_OVERFLOW, "onednn: the workspace exceeds 64 bits of bytes");
}

/* Seen with 2.6.3 and AVX2: the code that it makes for this reads a wild pointer. */
static sy_status refuse_known_crash(
    const sy_cpu_onednn *onednn, const sy_task *task, const sy_onednn_shape *shape, sy_error *err) {
    bool has_operand = false;
    for (uint32_t i = 0; i < task->n_post; i++)
        has_operand = has_operand || task->post[i].operand != SY_NO_OPERAND;
    if (onednn->dialect->major > 2 || shape->is_convolution || shape->dst.rank < 3 || !has_operand ||
        sy_dtype_is_float(task->tensor[1].dtype))
        return SY_OK;
    return sy_error_set(
        err, SY_UNSUPPORTED, "onednn: 2.x crashes in batches of integer products followed by operands");
}

static sy_status try_way(sy_cpu_onednn *onednn, const sy_task *task, const sy_onednn_shape *shape,
    const sy_onednn_way *way, sy_onednn_work *out_work, sy_error *err) {
    *out_work = (sy_onednn_work){.onednn = onednn, .way = *way};
    sy_status status = ask(out_work, task, shape, err);
    if (status == SY_OK)
        status = create_pd(out_work, task, shape, err);
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

/* Whether a way says anything else than the ways before it. */
static bool is_worth(const sy_cpu_onednn *onednn, const sy_task *task, const sy_onednn_shape *shape,
    const sy_onednn_way *way) {
    bool has_scales = false;
    for (uint32_t i = 0; i < task->n_post; i++)
        has_scales =
            has_scales || task->post[i].kind == SY_POST_SCALE_ROW || task->post[i].kind == SY_POST_SCALE_COL;
    bool may_scale = has_scales && onednn->dialect->has_scales && shape->alpha == 1.0 && shape->beta == 0.0 &&
                     !sy_dtype_is_float(task->tensor[1].dtype);
    if ((way->scales_rows || way->scales_columns) && !may_scale)
        return false;
    return !way->frees_images || (shape->is_convolution && task->tensor[0].layout == SY_LAYOUT_STRIDED &&
                                     sy_task_output(task, 0)->layout == SY_LAYOUT_STRIDED);
}

/* The first that is not done by its reference code; if all are, the first that is done at all. */
static sy_status choose_way(sy_cpu_onednn *onednn, const sy_task *task, const sy_onednn_shape *shape,
    sy_onednn_work *out_work, sy_error *err) {
    static const sy_onednn_way ways[] = {
        {.scales_columns = true},
        {.scales_rows = true, .scales_columns = true},
        {0},
        {.scales_columns = true, .frees_images = true},
        {.frees_images = true},
    };
    sy_onednn_work work;
    sy_status best = SY_UNSUPPORTED;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (!is_worth(onednn, task, shape, &ways[i]))
            continue;
        sy_status status = try_way(onednn, task, shape, &ways[i], &work, best == SY_OK ? NULL : err);
        bool is_reference = status == SY_OK && strncmp(sy_onednn_implementation(&work), "ref", 3) == 0;
        if (status == SY_OK && best == SY_OK && is_reference) {
            sy_onednn_work_release(&work);
            continue;
        }
        if (status == SY_OK && best == SY_OK)
            sy_onednn_work_release(out_work);
        if (status == SY_OK || best != SY_OK)
            best = status;
        if (status == SY_OK)
            *out_work = work;
        if (status == SY_OK && !is_reference)
            return SY_OK;
    }
    return best;
}

sy_status sy_onednn_work_choose(sy_device *device, const sy_task *task, const sy_onednn_shape *shape,
    sy_onednn_work *out_work, sy_error *err) {
    sy_cpu_onednn *onednn = NULL;
    *out_work = (sy_onednn_work){0};
    sy_status status = sy_cpu_onednn_get(device, &onednn, err);
    if (status != SY_OK)
        return status;
    status = refuse_known_crash(onednn, task, shape, err);
    if (status != SY_OK)
        return status;
    sy_cpu_onednn_enter(onednn, device->pool);
    return choose_way(onednn, task, shape, out_work, err);
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
    for (uint32_t i = 0; status == SY_OK && i < work->slots; i++) {
        sy_onednn_slot *slot = &work->slot[i];
        bool is_out = slot->index == SY_ONEDNN_ARG_DST;
        if (sy_onednn_reorders(work, slot))
            status = make_reorder(
                work, is_out ? slot->md : slot->given, is_out ? slot->given : slot->md, &slot->reorder, err);
    }
    if (status == SY_OK && work->c != NULL)
        status = make_reorder(work, work->c, work->slot[SY_ONEDNN_DST].md, &work->copy, err);
    return status;
}

void sy_onednn_work_release(sy_onednn_work *work) {
    if (work->onednn == NULL)
        return;
    const sy_onednn_calls *call = &work->onednn->call;
    const sy_onednn_dialect *dialect = work->onednn->dialect;
    for (uint32_t i = 0; i < work->slots; i++) {
        if (work->slot[i].reorder != NULL)
            call->primitive_destroy(work->slot[i].reorder);
        dialect->md_destroy(call, work->slot[i].given);
        dialect->md_destroy(call, work->slot[i].md);
    }
    if (work->primitive != NULL)
        call->primitive_destroy(work->primitive);
    if (work->copy != NULL)
        call->primitive_destroy(work->copy);
    if (work->pd != NULL)
        call->pd_destroy(work->pd);
    dialect->md_destroy(call, work->scratchpad);
    dialect->md_destroy(call, work->c);
    *work = (sy_onednn_work){0};
}
