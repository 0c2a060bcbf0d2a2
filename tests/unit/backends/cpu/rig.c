/* The test device. */
#include "tests/unit/backends/cpu/rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/cpu.h"
#include "backends/cpu/element.h"
#include "runtime/base/random.h"
#include "runtime/dispatch/dispatch.h"

static void take_log(void *ctx, uint32_t level, const char *text) {
    rig_host *host = ctx;
    size_t used = strlen(host->log);
    (void)level;
    snprintf(host->log + used, sizeof host->log - used, "%s\n", text);
}

static const char *give_option(void *ctx, const char *key) {
    const rig_host *host = ctx;
    const struct {
        const char *key, *value;
    } rows[] = {{"sysroot", host->sysroot}, {"isa", host->isa}, {"threads", host->threads},
        {"lib.openblas", host->openblas}, {"lib.blis", host->blis}, {"lib.onednn", host->onednn}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].key, key) == 0 && rows[i].value != NULL)
            return rows[i].value;
    /* As the program does, so that who runs the tests can do without the library. */
    return strcmp(key, "lib.onednn") == 0 ? getenv("STEELYARD_ONEDNN") : NULL;
}

static void take_library(void *ctx, const char *name, const char *path, void *handle) {
    rig_host *host = ctx;
    assert_non_null(handle);
    size_t used = strlen(host->library);
    snprintf(host->library + used, sizeof host->library - used, "%s %s\n", name, path);
    host->libraries++;
}

static void take_version(void *ctx, const char *name, const char *version) {
    rig_host *host = ctx;
    size_t used = strlen(host->version);
    snprintf(host->version + used, sizeof host->version - used, "%s %s\n", name, version);
}

void rig_make_host(rig *r) {
    r->table = (sy_host){.size = sizeof(sy_host),
        .ctx = &r->host,
        .log = take_log,
        .option = give_option,
        .library = take_library,
        .library_version = take_version};
    r->api = sy_cpu_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
}

static void must(sy_status status, const sy_error *err) {
    if (status != SY_OK)
        print_error("%s: %s\n", sy_status_name(status), err->text);
    assert_int_equal(status, SY_OK);
}

void rig_open(rig *r, const char *params) {
    sy_error err = SY_ERROR_INIT;
    rig_make_host(r);
    must(r->api->create(&r->table, &r->backend, &err), &err);
    must(r->api->device->open(r->backend, 0, params, &r->device, &err), &err);
    must(r->api->device->thread_enter(r->device, &err), &err);
    must(r->api->queue->create(r->device, &r->queue, &err), &err);
}

void rig_close(rig *r) {
    r->api->queue->destroy(r->queue);
    r->api->device->thread_leave(r->device);
    r->api->device->close(r->device);
    r->api->destroy(r->backend);
}

static void fill(const sy_tensor *tensor, uint64_t bytes, uint64_t seed, void *data) {
    sy_random random;
    size_t size = sy_dtype_size(tensor->dtype);
    sy_random_seed(&random, seed, 1);
    for (uint64_t i = 0; i < bytes / size; i++) {
        int64_t value = (int64_t)sy_random_below(&random, tensor->dtype == SY_U8 ? 4 : 7);
        sy_cpu_element_store(
            tensor->dtype, false, (double)(tensor->dtype == SY_U8 ? value : value - 3), data, (int64_t)i);
    }
}

/* A buffer for a tensor; inputs filled, outputs poisoned. */
static sy_status make_operand(rig *r, const sy_tensor *tensor, bool is_output, uint64_t seed,
    sy_buffer **out_buffer, sy_span *out_span, sy_error *err) {
    uint64_t bytes = 0;
    *out_span = (sy_span){0};
    sy_status status = sy_dispatch_tensor_bytes(r->api, r->device, tensor, &bytes, err);
    if (status != SY_OK || bytes == 0)
        return status;
    status = r->api->memory->alloc(r->device, SY_MEMORY_DEVICE, bytes, out_buffer, err);
    if (status != SY_OK)
        return status;
    *out_span = (sy_span){.buffer = *out_buffer, .bytes = bytes};
    if (is_output)
        memset(r->api->memory->host_ptr(*out_buffer), 0xff, bytes);
    else
        fill(tensor, bytes, seed, r->api->memory->host_ptr(*out_buffer));
    return SY_OK;
}

static sy_status choose(rig *r, const char *name, rig_case *c, sy_error *err) {
    static sy_candidates candidates;
    uint32_t index = 0;
    sy_status status = sy_dispatch_candidates(r->api, r->device, &c->storage.problem, &candidates, err);
    if (status == SY_OK)
        status = sy_dispatch_choose(&candidates, name, &index, err);
    if (status == SY_OK)
        c->algorithm = candidates.candidate[index].algorithm;
    return status;
}

/* The storage with its layouts resolved; `is_plain`: and nothing packed. */
static sy_status resolve(const char *text, const sy_algorithm *algorithm, bool is_plain,
    sy_problem_storage *out_storage, sy_error *err) {
    sy_spec spec;
    uint32_t image = 0;
    sy_algorithm wanted = *algorithm;
    sy_status status = sy_spec_parse(text, NULL, &spec, err);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, out_storage, err);
    for (uint32_t i = 0; is_plain && i < wanted.n_layout; i++)
        if ((wanted.layout[i] & SY_LAYOUT_PRIVATE) != 0)
            wanted.layout[i] = SY_LAYOUT_STRIDED;
    return status == SY_OK ? sy_dispatch_resolve(out_storage, &wanted, &image, err) : status;
}

static sy_status run_plan(
    rig *r, rig_case *c, const sy_problem_storage *resolved, const sy_span *span, sy_error *err) {
    const sy_work_api *work = r->api->work;
    sy_plan *plan = NULL;
    sy_binding *binding = NULL;
    sy_buffer *scratch = NULL;
    uint64_t bytes = 0;
    sy_status status = work->plan_create(r->device, &resolved->problem, c->algorithm.id, &plan, err);
    if (status == SY_OK)
        status = work->plan_workspace(plan, &bytes, err);
    if (status == SY_OK && bytes > 0)
        status = r->api->memory->alloc(r->device, SY_MEMORY_DEVICE, bytes, &scratch, err);
    if (status == SY_OK)
        status = work->binding_create(plan, r->queue, span, resolved->problem.n_in + resolved->problem.n_out,
            (sy_span){.buffer = scratch, .bytes = bytes}, &binding, err);
    /* Twice: nothing of the first run may be left in the workspace that the second one trips over. */
    for (int i = 0; status == SY_OK && i < 2; i++)
        status = work->run(binding);
    if (status == SY_OK)
        status = r->api->queue->sync(r->queue, UINT64_MAX, err);
    work->binding_destroy(binding);
    work->plan_destroy(plan);
    r->api->memory->free(scratch);
    return status;
}

sy_status rig_run(
    rig *r, const char *text, const char *algorithm, uint64_t seed, rig_case *out_case, sy_error *err) {
    sy_problem_storage resolved;
    sy_span span[SY_MAX_TENSORS] = {0};
    sy_buffer *packed = NULL;
    sy_spec spec;
    *out_case = (rig_case){0};
    sy_status status = sy_spec_parse(text, NULL, &spec, err);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, &out_case->storage, err);
    if (status == SY_OK)
        status = choose(r, algorithm, out_case, err);
    if (status == SY_OK)
        status = resolve(text, &out_case->algorithm, false, &resolved, err);
    if (status == SY_OK)
        status = resolve(text, &out_case->algorithm, true, &out_case->plain, err);
    const sy_problem *problem = &out_case->plain.problem;
    for (uint32_t i = 0; status == SY_OK && i < problem->n_in + problem->n_out; i++) {
        status = make_operand(
            r, &out_case->plain.tensor[i], i >= problem->n_in, seed + i, &out_case->buffer[i], &span[i], err);
        out_case->data[i] = r->api->memory->host_ptr(out_case->buffer[i]);
    }
    if (status == SY_OK && problem->n_in > 1 && (resolved.tensor[1].layout & SY_LAYOUT_PRIVATE) != 0) {
        sy_span source = span[1];
        out_case->was_packed = true;
        status = make_operand(r, &resolved.tensor[1], true, 0, &packed, &span[1], err);
        if (status == SY_OK)
            status = sy_dispatch_reorder(r->api, r->device, r->queue, &out_case->plain.tensor[1], source,
                &resolved.tensor[1], span[1], err);
    }
    if (status == SY_OK)
        status = run_plan(r, out_case, &resolved, span, err);
    r->api->memory->free(packed);
    return status;
}

void rig_release(rig *r, rig_case *c) {
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        r->api->memory->free(c->buffer[i]);
    *c = (rig_case){0};
}

double rig_post(const sy_post *post, double value, double operand) {
    switch (post->kind) {
    case SY_POST_BIAS:
    case SY_POST_ADD: return value + operand;
    case SY_POST_RELU: return value > 0.0 ? value : 0.0;
    case SY_POST_SILU: return value / (1.0 + exp(-value));
    case SY_POST_GELU_ERF: return value / 2.0 * (1.0 + erf(value / sqrt(2.0)));
    case SY_POST_GELU_TANH:
        return value / 2.0 *
               (1.0 + tanh(sqrt(2.0 / acos(-1.0)) * (value + 0.044715 * value * value * value)));
    case SY_POST_SCALE_ROW:
    case SY_POST_SCALE_COL: return value * operand;
    default: return NAN;
    }
}

double rig_operand(const rig_case *c, const sy_post *post, const int64_t *at) {
    if (post->operand == SY_NO_OPERAND)
        return 0.0;
    const sy_tensor *tensor = &c->plain.tensor[post->operand];
    bool is_gemm = c->plain.problem.op == SY_OP_GEMM;
    int64_t place = 0;
    if (post->kind == SY_POST_ADD)
        for (uint32_t i = 0; i < tensor->rank; i++)
            place += at[i] * tensor->stride[i];
    else if (post->kind == SY_POST_SCALE_ROW)
        place = is_gemm ? at[1] : at[0];
    else
        place = is_gemm ? at[2] : at[1];
    return sy_cpu_element_load(tensor->dtype, c->data[post->operand], place);
}

void rig_expect(const rig_case *c, int64_t place, double value, double tolerance) {
    const sy_tensor *output = &c->plain.tensor[c->plain.problem.n_in];
    double rounded = 0.0, got = sy_cpu_element_load(output->dtype, c->data[c->plain.problem.n_in], place);
    sy_cpu_element_store(output->dtype, false, value, &rounded, 0);
    rounded = sy_cpu_element_load(output->dtype, &rounded, 0);
    bool same = got == rounded || (isnan(got) && isnan(rounded));
    if (!same && !(fabs(got - value) <= tolerance * (1.0 + fabs(value)))) {
        print_error("element %lld is %.9g, expected %.9g\n", (long long)place, got, rounded);
        fail();
    }
}
