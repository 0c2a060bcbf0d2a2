/* Tests' dealings with the backend. */
#include "tests/unit/backends/ascend/rig.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "backends/ascend/ascend.h"
#include "runtime/base/convert.h"

rig_sim sim;

static const char *option(void *ctx, const char *key) {
    const rig *r = ctx;
    return strcmp(key, "ascend_folder") == 0 ? r->path : NULL;
}

static void note_library(void *ctx, const char *name, const char *path, void *handle) {
    rig *r = ctx;
    size_t used = strlen(r->libraries);
    const char *file = strrchr(path, '/');
    assert_non_null(handle);
    snprintf(r->libraries + used, sizeof r->libraries - used, "%s=%s ", name, file != NULL ? file + 1 : path);
}

static void note_version(void *ctx, const char *name, const char *version) {
    rig *r = ctx;
    size_t used = strlen(r->versions);
    snprintf(r->versions + used, sizeof r->versions - used, "%s=%s ", name, version);
}

static void find_sim(const char *path) {
    const char *names[] = {"sim_configure", "sim_fail", "sim_fail_async", "sim_disarm", "sim_alive",
        "sim_alive_total", "sim_misuses_total", "sim_calls", "aclrtResetDevice", "aclFinalize"};
    char file[1100];
    snprintf(file, sizeof file, "%s/libascendcl.so", path);
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(file, sizeof file, "%s/libacl_rt.so", path);
        library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    }
    assert_non_null(library);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *symbol = dlsym(library, names[i]);
        assert_non_null(symbol);
        memcpy((char *)&sim + i * sizeof symbol, &symbol, sizeof symbol);
    }
}

void rig_begin(rig *r, const char *folder, const char *settings) {
    *r = (rig){.folder = folder, .error = SY_ERROR_INIT};
    snprintf(r->path, sizeof r->path, "%s/%s", SIM_FOLDER, folder);
    find_sim(r->path);
    sim.configure(settings);
    sy_host host = {.size = sizeof host,
        .ctx = r,
        .option = option,
        .library = note_library,
        .library_version = note_version};
    assert_int_equal(sy_card_create(&ascend_model, &host, &r->backend, &r->error), SY_OK);
}

void rig_open(rig *r, const char *folder, const char *settings) {
    rig_begin(r, folder, settings);
    if (sy_card_device_api.open(r->backend, 0, "", &r->device, &r->error) != SY_OK)
        fail_msg("%s", r->error.text);
    assert_int_equal(sy_card_queue_api.create(r->device, &r->queue, &r->error), SY_OK);
}

void rig_end_with(rig *r, int64_t executors) {
    if (r->device != NULL) {
        sy_card_queue_api.destroy(r->queue);
        sy_card_device_api.close(r->device);
    }
    sy_card_destroy(r->backend);
    sim.disarm();
    /* The backend leaves devices set: others may use them. */
    for (int i = 0; i < 64 && sim.alive("context") > 0; i++)
        (void)sim.reset(i % 4);
    assert_int_equal(sim.alive("executor"), executors);
    assert_int_equal(sim.alive_total(), executors);
    (void)sim.finalize();
}

void rig_end(rig *r) {
    assert_int_equal(sim.misuses_total(), 0);
    rig_end_with(r, 0);
}

const sy_problem *rig_problem(const char *text) {
    static sy_problem_storage storage; /* large */
    sy_spec spec;
    sy_error error = SY_ERROR_INIT;
    if (sy_spec_parse(text, NULL, &spec, &error) != SY_OK ||
        sy_spec_problem(&spec, &storage, &error) != SY_OK)
        fail_msg("%s: %s", text, error.text);
    return &storage.problem;
}

sy_status rig_candidate(rig *r, const char *text, const char *name, sy_algorithm *out_algorithm) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status != SY_UNAVAILABLE; i++) {
        *out_algorithm = (sy_algorithm){.size = sizeof *out_algorithm};
        r->error = SY_ERROR_INIT;
        status = sy_card_work_api.algorithm(r->device, rig_problem(text), i, out_algorithm, &r->error);
        if (status != SY_UNAVAILABLE && strcmp(out_algorithm->name, name) == 0)
            return status;
    }
    return status;
}

void rig_expect_words(const char *text, const char *words) {
    assert_true(strlen(text) > 10);
    for (const char *at = text; *at != '\0'; at++)
        assert_true((unsigned char)*at >= ' ');
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

void rig_expect(rig *r, const char *text, const char *name, const char *words) {
    sy_algorithm algorithm;
    sy_status status = rig_candidate(r, text, name, &algorithm);
    if (words == NULL) {
        if (status != SY_OK)
            fail_msg("%s by %s: %s", text, name, r->error.text);
        return;
    }
    if (status != SY_UNSUPPORTED)
        fail_msg("%s by %s: %s", text, name, sy_status_name(status));
    rig_expect_words(r->error.text, words);
}

/* Open layouts and constant weights as the algorithm wants them; images channels first. */
static void resolve(sy_problem *problem, sy_tensor *tensor, const sy_algorithm *algorithm) {
    memcpy(tensor, problem->tensor, (problem->n_in + problem->n_out) * sizeof *tensor);
    for (uint32_t i = 0; i < problem->n_in + problem->n_out; i++) {
        uint32_t layout = algorithm->layout[i];
        if ((tensor[i].flags & SY_TENSOR_ABSENT) != 0)
            continue;
        tensor[i].layout = sy_layout_is_private(layout) ? layout : SY_LAYOUT_STRIDED;
        if (problem->tensor[i].layout == SY_LAYOUT_ANY || layout == SY_LAYOUT_CHANNELS_FIRST) {
            int64_t step = 1;
            for (uint32_t d = tensor[i].rank; d-- > 0; step *= tensor[i].dim[d])
                tensor[i].stride[d] = step;
        }
    }
    problem->tensor = tensor;
}

static sy_status plan_by(rig *r, const char *text, const char *name, sy_tensor *tensor,
    sy_problem *out_problem, sy_plan **out_plan) {
    sy_algorithm algorithm;
    if (rig_candidate(r, text, name, &algorithm) != SY_OK)
        fail_msg("%s by %s: %s", text, name, r->error.text);
    *out_problem = *rig_problem(text);
    resolve(out_problem, tensor, &algorithm);
    r->error = SY_ERROR_INIT;
    return sy_card_work_api.plan_create(r->device, out_problem, algorithm.id, out_plan, &r->error);
}

sy_status rig_plan(rig *r, const char *text, const char *name, sy_plan **out_plan) {
    sy_tensor tensor[SY_MAX_TENSORS];
    sy_problem problem;
    return plan_by(r, text, name, tensor, &problem, out_plan);
}

enum { OPERAND_STEP = 65536 };

/* Ones in every input. */
static void put_ones(rig *r, const sy_tensor *tensor, sy_span span) {
    uint64_t count = span.bytes / sy_dtype_size(tensor->dtype);
    unsigned char *bytes = calloc(1, span.bytes);
    sy_buffer *host = NULL;
    const double one = 1.0;
    assert_non_null(bytes);
    for (uint64_t i = 0; i < count; i++)
        sy_convert_from_f64(tensor->dtype, &one, 1, bytes + i * sy_dtype_size(tensor->dtype));
    assert_int_equal(sy_card_memory_api.import(r->device, bytes, span.bytes, &host, &r->error), SY_OK);
    assert_int_equal(
        sy_card_memory_api.copy(r->queue, span, (sy_span){host, 0, span.bytes}, &r->error), SY_OK);
    assert_int_equal(sy_card_queue_api.sync(r->queue, UINT64_MAX, &r->error), SY_OK);
    sy_card_memory_api.free(host);
    free(bytes);
}

void rig_work_make(rig *r, const char *text, const char *name, uint64_t shift, rig_work *out_work) {
    sy_tensor tensor[SY_MAX_TENSORS];
    sy_problem problem;
    sy_span operand[SY_MAX_TENSORS] = {{0}};
    uint64_t bytes = 0;
    *out_work = (rig_work){0};
    if (plan_by(r, text, name, tensor, &problem, &out_work->plan) != SY_OK)
        fail_msg("%s by %s: %s", text, name, r->error.text);
    uint32_t count = problem.n_in + problem.n_out;
    assert_int_equal(sy_card_memory_api.alloc(r->device, SY_MEMORY_DEVICE, count * (uint64_t)OPERAND_STEP,
                         &out_work->buffer, &r->error),
        SY_OK);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(sy_card_work_api.layout_bytes(r->device, &tensor[i], &bytes, &r->error), SY_OK);
        if (bytes > 0)
            operand[i] = (sy_span){out_work->buffer, i * (uint64_t)OPERAND_STEP + shift, bytes};
        if (bytes > 0 && i < problem.n_in)
            put_ones(r, &tensor[i], operand[i]);
    }
    out_work->output = operand[problem.n_in];
    assert_int_equal(sy_card_work_api.plan_workspace(out_work->plan, &bytes, &r->error), SY_OK);
    if (bytes > 0)
        assert_int_equal(
            sy_card_memory_api.alloc(r->device, SY_MEMORY_DEVICE, bytes, &out_work->workspace, &r->error),
            SY_OK);
    sy_span workspace = {out_work->workspace, 0, bytes};
    if (sy_card_work_api.binding_create(out_work->plan, r->queue, operand, count,
            bytes > 0 ? workspace : (sy_span){0}, &out_work->binding, &r->error) != SY_OK)
        fail_msg("%s by %s: %s", text, name, r->error.text);
}

void rig_work_free(rig_work *work) {
    sy_card_work_api.binding_destroy(work->binding);
    sy_card_work_api.plan_destroy(work->plan);
    sy_card_memory_api.free(work->buffer);
    sy_card_memory_api.free(work->workspace);
}

sy_status rig_run(rig *r, rig_work *work) {
    r->error = SY_ERROR_INIT;
    (void)sy_card_work_api.run(work->binding);
    return sy_card_queue_api.sync(r->queue, UINT64_MAX, &r->error);
}

void rig_output(rig *r, const rig_work *work, void *to, uint64_t bytes) {
    sy_buffer *host = NULL;
    sy_span from = work->output;
    from.bytes = bytes;
    assert_int_equal(sy_card_memory_api.import(r->device, to, bytes, &host, &r->error), SY_OK);
    assert_int_equal(sy_card_memory_api.copy(r->queue, (sy_span){host, 0, bytes}, from, &r->error), SY_OK);
    assert_int_equal(sy_card_queue_api.sync(r->queue, UINT64_MAX, &r->error), SY_OK);
    sy_card_memory_api.free(host);
}
