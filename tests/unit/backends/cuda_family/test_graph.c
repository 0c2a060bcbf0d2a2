/* The way of cuDNN's backend interface on the simulated library: what is offered, what becomes of failures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dlfcn.h>

#include "backends/cuda_family/cuda_family.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "steelyard/spec.h"

static const sy_card_model model = {.name = "cuda",
    .row = &cf_stack_cuda,
    .runtime = &cf_runtime,
    .open = cf_open,
    .close = cf_close,
    .count = cf_devices_count,
    .describe = cf_device_describe,
    .device_open = cf_device_open,
    .device_close = cf_device_close,
    .ways = cf_ways};

/* fault: of the simulation; alive: its objects of the backend interface. */
typedef struct world {
    const char *folder;
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_buffer *memory;
    void (*fault)(const char *, int64_t, int);
    int64_t (*disarm)(void);
    int64_t (*alive)(void);
} world;

static const char *option(void *ctx, const char *key) {
    const world *w = ctx;
    return strcmp(key, "cuda_folder") == 0 || strcmp(key, "cuda.folder") == 0 ? w->folder : NULL;
}

static void find(void *library, const char *name, void *place) {
    void *found = dlsym(library, name);
    assert_non_null(found);
    memcpy(place, &found, sizeof found);
}

static void begin(world *w, const char *folder, const char *settings) {
    char path[512];
    void (*configure)(const char *) = NULL;
    sy_error err = SY_ERROR_INIT;
    snprintf(path, sizeof path, "%s/libcudart.so.13", folder);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        fail_msg("%s", dlerror());
    *w = (world){.folder = folder};
    find(library, "sim_configure", &configure);
    find(library, "sim_fail", &w->fault);
    find(library, "sim_disarm", &w->disarm);
    find(library, "sim_alive_total", &w->alive);
    configure(settings);
    const sy_host host = {.size = sizeof host, .ctx = w, .option = option};
    sy_status status = sy_card_create(&model, &host, &w->backend, &err);
    if (status == SY_OK)
        status = sy_card_device_api.open(w->backend, 0, "", &w->device, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
    assert_int_equal(sy_card_queue_api.create(w->device, &w->queue, NULL), SY_OK);
    assert_int_equal(sy_card_memory_api.alloc(w->device, SY_MEMORY_DEVICE, 262144, &w->memory, NULL), SY_OK);
}

static void end(world *w) {
    w->disarm();
    sy_card_memory_api.free(w->memory);
    sy_card_queue_api.destroy(w->queue);
    sy_card_device_api.close(w->device);
    sy_card_destroy(w->backend);
    assert_int_equal(w->alive(), 0);
}

static void read_problem(const char *text, sy_problem_storage *storage) {
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_spec_parse(text, NULL, &spec, &err);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, storage, &err);
    if (status != SY_OK)
        fail_msg("%s: %s", text, err.text);
}

/* The candidate of that name; the status with which it is there, SY_UNAVAILABLE if it is not. */
static sy_status offered(
    world *w, const sy_problem *problem, const char *name, sy_algorithm *out_algorithm, sy_error *err) {
    for (uint32_t i = 0;; i++) {
        *out_algorithm = (sy_algorithm){.size = sizeof *out_algorithm};
        sy_status status = sy_card_work_api.algorithm(w->device, problem, i, out_algorithm, err);
        if (status == SY_UNAVAILABLE || strcmp(out_algorithm->name, name) == 0)
            return status;
    }
}

#define PROBLEM "conv2d:n=1,c=4,h=2,w=2,k=4,r=1,s=1,layout=nhwc,weights=dynamic"

enum { ELEMENTS = 16, X_AT = 0, W_AT = 4096, Y_AT = 8192, WORKSPACE_AT = 16384, WORKSPACE = 131072 };

static void put(world *w, uint64_t at, float *values) {
    sy_buffer *host = NULL;
    const uint64_t bytes = ELEMENTS * sizeof *values;
    assert_int_equal(sy_card_memory_api.import(w->device, values, bytes, &host, NULL), SY_OK);
    assert_int_equal(
        sy_card_memory_api.copy(w->queue, (sy_span){w->memory, at, bytes}, (sy_span){host, 0, bytes}, NULL),
        SY_OK);
    assert_int_equal(sy_card_queue_api.sync(w->queue, UINT64_MAX, NULL), SY_OK);
    sy_card_memory_api.free(host);
}

static void get(world *w, uint64_t at, float *values) {
    sy_buffer *host = NULL;
    const uint64_t bytes = ELEMENTS * sizeof *values;
    assert_int_equal(sy_card_memory_api.import(w->device, values, bytes, &host, NULL), SY_OK);
    assert_int_equal(
        sy_card_memory_api.copy(w->queue, (sy_span){host, 0, bytes}, (sy_span){w->memory, at, bytes}, NULL),
        SY_OK);
    assert_int_equal(sy_card_queue_api.sync(w->queue, UINT64_MAX, NULL), SY_OK);
    sy_card_memory_api.free(host);
}

/* An image, weights of a diagonal that double it, and no result, `shift` bytes off their alignment. */
static void load(world *w, uint64_t shift) {
    float x[ELEMENTS], weights[ELEMENTS] = {0}, y[ELEMENTS] = {0};
    for (int i = 0; i < ELEMENTS; i++)
        x[i] = (float)(i - 5);
    for (int i = 0; i < 4; i++)
        weights[5 * i] = 2;
    put(w, X_AT + shift, x);
    put(w, W_AT + shift, weights);
    put(w, Y_AT + shift, y);
}

/* Plan, bind, run and wait. The first status that is not SY_OK. */
static sy_status attempt(world *w, const sy_problem *problem, uint64_t id, uint64_t shift, sy_error *err) {
    const uint64_t bytes = ELEMENTS * sizeof(float);
    const sy_span operands[] = {
        {w->memory, X_AT + shift, bytes}, {w->memory, W_AT + shift, bytes}, {w->memory, Y_AT + shift, bytes}};
    sy_plan *plan = NULL;
    sy_binding *binding = NULL;
    sy_status status = sy_card_work_api.plan_create(w->device, problem, id, &plan, err);
    if (status == SY_OK)
        status = sy_card_work_api.binding_create(
            plan, w->queue, operands, 3, (sy_span){w->memory, WORKSPACE_AT, WORKSPACE}, &binding, err);
    if (binding != NULL) {
        status = sy_card_work_api.run(binding);
        /* Why a run failed is told here. */
        sy_status synced = sy_card_queue_api.sync(w->queue, UINT64_MAX, err);
        assert_int_equal(synced, status);
    }
    sy_card_work_api.binding_destroy(binding);
    sy_card_work_api.plan_destroy(plan);
    return status;
}

static void check_result(world *w, uint64_t shift) {
    float y[ELEMENTS] = {0};
    get(w, Y_AT + shift, y);
    for (int i = 0; i < ELEMENTS; i++)
        assert_true(y[i] == 2 * (float)(i - 5));
}

static sy_status solve(world *w, const sy_problem *problem, uint64_t id, uint64_t shift, sy_error *err) {
    load(w, shift);
    sy_status status = attempt(w, problem, id, shift, err);
    if (status == SY_OK)
        check_result(w, shift);
    return status;
}

static void strict_leaves_f32_alone(void **state) {
    world w;
    sy_problem_storage storage;
    sy_algorithm found;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    begin(&w, SIM_NVIDIA, "");
    read_problem(PROBLEM, &storage);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_OK);
    assert_int_equal(found.math, SY_MATH_STRICT);
    assert_true((found.flags & SY_ALGO_VARIANT) == 0);
    assert_non_null(strstr(found.implementation, "engine 1"));
    assert_int_equal(solve(&w, &storage.problem, found.id, 0, &err), SY_OK);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc/1", &found, &err), SY_OK);
    assert_true((found.flags & SY_ALGO_VARIANT) != 0);
    assert_true(found.workspace_bytes > 0);
    assert_int_equal(solve(&w, &storage.problem, found.id, 0, &err), SY_OK);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc/tf32", &found, &err), SY_UNAVAILABLE);
    end(&w);
}

static void tf32_is_a_way_of_its_own(void **state) {
    world w;
    sy_problem_storage storage;
    sy_algorithm found;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    begin(&w, SIM_NVIDIA, "");
    read_problem(PROBLEM ",math=tf32", &storage);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc/tf32", &found, &err), SY_OK);
    assert_int_equal(found.math, SY_MATH_TF32);
    assert_int_equal(solve(&w, &storage.problem, found.id, 0, &err), SY_OK);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_OK);
    assert_int_equal(found.math, SY_MATH_STRICT);
    end(&w);
}

/* Another plan, for what lies less aligned. */
static void operands_off_their_alignment(void **state) {
    world w;
    sy_problem_storage storage;
    sy_algorithm found;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    begin(&w, SIM_NVIDIA, "");
    read_problem(PROBLEM, &storage);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_OK);
    for (uint64_t shift = 4; shift <= 16; shift += 4)
        assert_int_equal(solve(&w, &storage.problem, found.id, shift, &err), SY_OK);
    end(&w);
}

static void a_plan_that_cannot_be_made(void **state) {
    world w;
    sy_problem_storage storage;
    sy_algorithm found;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    begin(&w, SIM_NVIDIA, "graph_refuse=1");
    read_problem(PROBLEM, &storage);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_OK);
    assert_int_equal(solve(&w, &storage.problem, found.id, 0, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "making an engine executable"));
    assert_non_null(strstr(err.text, "3000"));
    end(&w);
}

static void nothing_is_offered_without_engines(void **state) {
    world w;
    sy_problem_storage storage;
    sy_algorithm found;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    begin(&w, SIM_NVIDIA, "graph_engines=1");
    read_problem(PROBLEM, &storage);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "no engine for this that leaves f32 as it is"));
    read_problem("conv2d:n=1,c=4,h=2,w=2,k=4,r=1,s=1,layout=nhwc,dtype=u8", &storage);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "no convolution of u8 and s8 into s32 summed in s32"));
    end(&w);
}

/* Every call of the interface fails once: a status and a reason, and nothing is left behind. */
static void every_call_fails(void **state) {
    static const char *const functions[] = {"cudnnBackendCreateDescriptor", "cudnnBackendSetAttribute",
        "cudnnBackendFinalize", "cudnnBackendGetAttribute", "cudnnBackendExecute"};
    (void)state;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        bool is_over = false;
        for (int64_t nth = 1; !is_over && nth < 600; nth++) {
            world w;
            sy_problem_storage storage;
            sy_algorithm found;
            sy_error err = SY_ERROR_INIT;
            begin(&w, SIM_NVIDIA, "");
            read_problem(PROBLEM, &storage);
            assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_OK);
            w.fault(functions[i], nth, 4000);
            err = SY_ERROR_INIT;
            sy_status status = solve(&w, &storage.problem, found.id, 0, &err);
            is_over = w.disarm() > 0;
            assert_true(status == SY_OK || err.text[0] != '\0');
            end(&w);
        }
        assert_true(is_over);
    }
}

static void host_memory_runs_out(void **state) {
    bool is_over = false;
    (void)state;
    for (uint64_t k = 1; !is_over && k < 100; k++) {
        world w;
        sy_problem_storage storage;
        sy_algorithm found = {.size = sizeof found};
        sy_error err = SY_ERROR_INIT;
        begin(&w, SIM_NVIDIA, "");
        read_problem(PROBLEM, &storage);
        load(&w, 0);
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err);
        if (status == SY_OK)
            status = attempt(&w, &storage.problem, found.id, 0, &err);
        is_over = sy_seam_disarm() < k;
        assert_true(status == SY_OK || status == SY_OUT_OF_MEMORY);
        assert_true(!is_over || status == SY_OK);
        end(&w);
    }
    assert_true(is_over);
}

/* A library without the calls of descriptors has this way still, and one that is not there neither. */
static void libraries_that_lack_something(void **state) {
    world w;
    sy_problem_storage storage;
    sy_algorithm found;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    begin(&w, SIM_NVIDIA "_graph", "");
    read_problem(PROBLEM, &storage);
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_OK);
    assert_int_equal(solve(&w, &storage.problem, found.id, 0, &err), SY_OK);
    end(&w);
    begin(&w, SIM_NVIDIA "_bare", "");
    assert_int_equal(offered(&w, &storage.problem, "cudnn-graph/nhwc", &found, &err), SY_UNAVAILABLE);
    end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(strict_leaves_f32_alone),
        cmocka_unit_test(tf32_is_a_way_of_its_own), cmocka_unit_test(operands_off_their_alignment),
        cmocka_unit_test(a_plan_that_cannot_be_made), cmocka_unit_test(nothing_is_offered_without_engines),
        cmocka_unit_test(every_call_fails), cmocka_unit_test(host_memory_runs_out),
        cmocka_unit_test(libraries_that_lack_something)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
