/* Running products by CLBlast. */
#include "backends/opencl/clblast.h"
#include "backends/opencl/plan.h"
#include "runtime/base/convert.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A matrix in memory: buffer, and where in it, in elements. */
typedef struct place {
    cl_mem memory;
    size_t at;
} place;

static cl_half half_of(double value) {
    cl_half half;
    sy_convert_from_f64(SY_F16, &value, 1, &half);
    return half;
}

static int call_single(const ocl_clblast *library, const ocl_clblast_product *p, const place m[3],
    cl_command_queue *queue, cl_event *event) {
    const ocl_clblast_matrix *a = &p->a, *b = &p->b, *d = &p->d;
#define PRODUCT(function, scalar)                                                                            \
    library->call.function(OCL_CLBLAST_ROW_MAJOR, a->transpose, b->transpose, p->m, p->n, p->k,              \
        scalar(p->alpha), m[0].memory, m[0].at, a->lead, m[1].memory, m[1].at, b->lead, scalar(p->beta),     \
        m[2].memory, m[2].at, d->lead, queue, event)
    switch (p->dtype) {
    case SY_F64: return PRODUCT(dgemm, (double));
    case SY_F16: return PRODUCT(hgemm, half_of);
    default: return PRODUCT(sgemm, (float));
    }
#undef PRODUCT
}

static int call_batched(const ocl_clblast *library, const ocl_clblast_product *p, const place m[3],
    cl_command_queue *queue, cl_event *event) {
    const ocl_clblast_matrix *a = &p->a, *b = &p->b, *d = &p->d;
#define PRODUCT(function, scalar)                                                                            \
    library->call.function(OCL_CLBLAST_ROW_MAJOR, a->transpose, b->transpose, p->m, p->n, p->k,              \
        scalar(p->alpha), m[0].memory, m[0].at, a->lead, a->stride, m[1].memory, m[1].at, b->lead,           \
        b->stride, scalar(p->beta), m[2].memory, m[2].at, d->lead, d->stride, p->batch, queue, event)
    switch (p->dtype) {
    case SY_F64: return PRODUCT(dgemm_batched, (double));
    case SY_F16: return PRODUCT(hgemm_batched, half_of);
    default: return PRODUCT(sgemm_batched, (float));
    }
#undef PRODUCT
}

static int call(const sy_device *device, const ocl_clblast_product *p, const place m[3],
    cl_command_queue *queue, cl_event *event) {
    const ocl_clblast *library = device->backend->clblast;
    return p->batch == 1 ? call_single(library, p, m, queue, event)
                         : call_batched(library, p, m, queue, event);
}

/* OpenCL's own codes mean what they mean there. */
static sy_status fail(sy_device *device, int code, sy_error *err) {
    if (code > -1000)
        return ocl_fail(device, code, "clblast", err);
    return sy_error_set(err, SY_INTERNAL, "opencl:%u (%s): clblast: %s (%d)", device->index,
        device->traits.name, ocl_clblast_code_name(code), code);
}

/* Its kernels are compiled by the first product of a kind: here, on memory of its own, or, where there is not
 * enough, in the first run. */
static sy_status warm_up(sy_plan *plan, const ocl_clblast_product *p, const place scratch[3], sy_error *err) {
    sy_device *device = plan->device;
    uint64_t begin = sy_clock_raw_ns();
    int code = call(device, p, scratch, &device->service, NULL);
    if (code == 0)
        code = device->api->clFinish(device->service);
    plan->compile_ns = sy_clock_raw_ns() - begin;
    return code == 0 ? SY_OK : fail(device, code, err);
}

static sy_status prepare(sy_plan *plan, sy_error *err) {
    const ocl_api *api = plan->device->api;
    const uint32_t tensor[3] = {0, 1, plan->task.n_in};
    place scratch[3] = {{0}};
    ocl_clblast_product p;
    sy_status status = ocl_clblast_read(&plan->device->traits, &plan->task, &p, err);
    if (status != SY_OK)
        return status;
    bool is_there = true;
    for (int i = 0; i < 3 && is_there; i++) {
        cl_int code = CL_SUCCESS;
        scratch[i].memory = api->clCreateBuffer(plan->device->context, CL_MEM_READ_WRITE,
            (size_t)sy_task_tensor_bytes(&plan->task.tensor[tensor[i]]), NULL, &code);
        is_there = scratch[i].memory != NULL;
    }
    if (is_there)
        status = warm_up(plan, &p, scratch, err);
    for (int i = 0; i < 3; i++)
        if (scratch[i].memory != NULL)
            api->clReleaseMemObject(scratch[i].memory);
    return status;
}

static sy_status bind(const sy_binding *binding, sy_error *err) {
    const sy_task *task = &binding->plan->task;
    const sy_span *c = &binding->operand[2], *d = &binding->operand[task->n_in];
    if (task->attr.gemm.beta != 0.0 && (c->buffer != d->buffer || c->offset != d->offset))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "clblast: C and D must be the same memory where beta is not 0");
    return SY_OK;
}

static place place_of(const sy_binding *binding, uint32_t tensor) {
    const sy_span *span = &binding->operand[tensor];
    return (place){span->buffer->memory,
        (size_t)(span->offset / sy_dtype_size(binding->plan->task.tensor[tensor].dtype))};
}

/* A product may be several commands of which the library tells the last one alone: a timer that runs wants to
 * know when the first one began. */
static cl_int mark_begin(sy_queue *queue) {
    cl_event event = NULL;
    if (queue->timers == NULL)
        return CL_SUCCESS;
    cl_int code = queue->device->api->clEnqueueMarkerWithWaitList(queue->handle, 0, NULL, &event);
    ocl_queue_done(queue, event);
    return code;
}

static sy_status run(sy_binding *binding) {
    sy_queue *queue = binding->queue;
    const sy_plan *plan = binding->plan;
    ocl_clblast_product p;
    sy_error error = SY_ERROR_INIT;
    cl_event event = NULL;
    sy_status status = ocl_clblast_read(&plan->device->traits, &plan->task, &p, &error);
    if (status == SY_OK) {
        const place m[3] = {place_of(binding, 0), place_of(binding, 1), place_of(binding, plan->task.n_in)};
        int code = mark_begin(queue);
        if (code == 0)
            code = call(plan->device, &p, m, &queue->handle, &event);
        ocl_queue_done(queue, event);
        status = code == 0 ? SY_OK : fail(plan->device, code, &error);
    }
    return status == SY_OK ? SY_OK : ocl_queue_note(queue, status, &error);
}

const struct ocl_peer ocl_clblast_peer = {
    .open = ocl_clblast_open, .prepare = prepare, .bind = bind, .run = run};
