/* Memory rates by what a BLAS has: C = A + 3 B of matrices is the triad of vectors. */
#include <limits.h>
#include <stdio.h>

#include "backends/cuda_family/family.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

typedef struct triad {
    int rows, columns;
    void *address[3]; /* b, c, and a, which is b + 3 c */
} triad;

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    (void)way;
    (void)device;
    return task->op == SY_OP_STREAM;
}

/* Rows of some thousand elements, if the count can be cut so: kernels are made for matrices. */
static void cut(int64_t count, triad *out) {
    int64_t rows = 1;
    while (rows < 4096 && count % (rows * 2) == 0)
        rows *= 2;
    if (rows < 64)
        rows = count;
    out->rows = (int)rows;
    out->columns = rows > 0 ? (int)(count / rows) : 0;
}

static sy_status check(sy_device *device, const sy_task *task, sy_error *err) {
    const cf_blas *blas = &cf_libraries_of(device)->blas[0];
    if (task->attr.stream.kind != SY_STREAM_TRIAD)
        return sy_error_set(
            err, SY_UNSUPPORTED, "of the memory rates there are triad (by the BLAS' geam) and copies alone");
    if (blas->row == NULL || blas->status != SY_OK || blas->api.Sgeam == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "no BLAS with a geam here");
    for (uint32_t i = 0; i < 3; i++)
        if (task->tensor[i].rank != 1 || task->tensor[i].dtype != SY_F32 ||
            task->tensor[i].dim[0] > INT_MAX || task->tensor[i].dim[0] != task->tensor[0].dim[0])
            return sy_error_set(err, SY_UNSUPPORTED, "triad takes vectors of f32 of up to 2^31 elements");
    return SY_OK;
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    (void)way;
    if (index > 0)
        return SY_UNAVAILABLE;
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (out_offer->layout[i] == SY_LAYOUT_ANY)
            out_offer->layout[i] = SY_LAYOUT_STRIDED;
    out_offer->flags = SY_ALGO_DETERMINISTIC;
    return check(device, task, err);
}

static bool is_packed(const sy_tensor *tensor) {
    return tensor->dim[0] <= 1 || tensor->stride[0] == 1;
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    const sy_task *task = &plan->task;
    if (index > 0)
        return SY_UNAVAILABLE;
    sy_status status = check(plan->device, task, err);
    if (status != SY_OK)
        return status;
    if (!is_packed(&task->tensor[0]) || !is_packed(&task->tensor[1]) || !is_packed(&task->tensor[2]))
        return sy_error_set(err, SY_UNSUPPORTED, "triad takes dense vectors");
    triad *made = sy_mem_calloc(1, sizeof *made);
    plan->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    cut(task->tensor[0].dim[0], made);
    return SY_OK;
}

static void plan_free(sy_plan *plan) {
    sy_mem_free(plan->own);
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    (void)workspace;
    triad *made = sy_mem_alloc(sizeof *made);
    binding->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    *made = *(const triad *)binding->plan->own;
    for (uint32_t i = 0; i < 3; i++)
        made->address[i] = address[i];
    return SY_OK;
}

static void bind_free(sy_binding *binding) {
    sy_mem_free(binding->own);
}

static int run(sy_binding *binding) {
    sy_device *device = binding->plan->device;
    const cf_blas *blas = &cf_libraries_of(device)->blas[0];
    const triad *b = binding->own;
    const float one = 1.0f, three = 3.0f;
    if (b->rows == 0)
        return 0;
    pthread_mutex_lock(&device->lock);
    int code = cf_blas_stream_set(device, 0, binding->queue->stream);
    if (code == 0)
        code = blas->api.Sgeam(cf_device_of(device)->blas[0], blas->row->op_n, blas->row->op_n, b->rows,
            b->columns, &one, b->address[0], b->rows, &three, b->address[1], b->rows, b->address[2], b->rows);
    pthread_mutex_unlock(&device->lock);
    return cf_code(CF_CODE_BLAS, code);
}

const sy_card_way cf_way_geam = {.name = "geam",
    .is_capturable = true,
    .does = does,
    .offer = offer,
    .plan = plan,
    .plan_free = plan_free,
    .bind = bind,
    .bind_free = bind_free,
    .run = run};
