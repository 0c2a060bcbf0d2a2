/* Launches recorded on the simulated libraries: by each form of making graphs, and where there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dlfcn.h>

#include "backends/cuda_family/cuda_family.h"
#include "bench/worker/job.h"
#include "runtime/base/error.h"

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

static const sy_backend_api api = {.size = sizeof api,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "cuda",
    .version = "1",
    .device = &sy_card_device_api,
    .memory = &sy_card_memory_api,
    .queue = &sy_card_queue_api,
    .work = &sy_card_work_capture_api};

/* A job of a small product on the simulation; fault, alive, made: of the simulation. */
typedef struct world {
    const char *folder;
    sy_backend *backend;
    sy_job_device on;
    sy_data_block *block;
    sy_job_request request;
    sy_job job;
    void (*fault)(const char *, int64_t, int);
    int64_t (*alive)(void), (*disarm)(void), (*misuses)(void);
    int64_t (*calls)(const char *);
} world;

static const char *option(void *ctx, const char *key) {
    const world *w = ctx;
    return strcmp(key, "cuda_folder") == 0 ? w->folder : NULL;
}

static void find(void *library, const char *name, void *place) {
    void *found = dlsym(library, name);
    assert_non_null(found);
    memcpy(place, &found, sizeof found);
}

static void steer(world *w, const char *runtime, const char *settings) {
    char path[512];
    void (*configure)(const char *) = NULL;
    snprintf(path, sizeof path, "%s/%s", w->folder, runtime);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        fail_msg("%s", dlerror());
    find(library, "sim_configure", &configure);
    find(library, "sim_fail", &w->fault);
    find(library, "sim_disarm", &w->disarm);
    find(library, "sim_alive_total", &w->alive);
    find(library, "sim_misuses_total", &w->misuses);
    find(library, "sim_calls", &w->calls);
    configure(settings);
}

static void begin(world *w, const char *folder, const char *runtime, const char *settings) {
    sy_error err = SY_ERROR_INIT;
    *w = (world){.folder = folder};
    steer(w, runtime, settings);
    const sy_host host = {.size = sizeof host, .ctx = w, .option = option};
    assert_int_equal(sy_card_create(&model, &host, &w->backend, NULL), SY_OK);
    w->on = (sy_job_device){.api = &api, .clock = sy_clock_host()};
    sy_status status = api.device->open(w->backend, 0, "", &w->on.device, &err);
    if (status == SY_OK)
        status = api.queue->create(w->on.device, &w->on.queue, &err);
    if (status == SY_OK)
        status = sy_data_block_create(SY_DATA_INTEGER, 1, &w->block, &err);
    w->request = (sy_job_request){
        .problem = "gemm:m=8,n=8,k=8,math=strict", .algorithm = "auto", .key = 3, .cache = SY_CACHE_HOT};
    if (status == SY_OK)
        status = sy_job_prepare(&w->job, &w->on, &w->request, w->block, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
}

static void end(world *w) {
    w->disarm();
    sy_job_release(&w->job);
    sy_data_block_destroy(w->block);
    api.queue->destroy(w->on.queue);
    api.device->close(w->on.device);
    sy_card_destroy(w->backend);
    assert_int_equal(w->alive(), 0);
}

static void poison(world *w) {
    assert_int_equal(
        api.memory->fill(w->on.queue, sy_job_span(&w->job, sy_job_output_tensor(&w->job), 0), 0xff, NULL),
        SY_OK);
}

static void get(world *w, float out[64]) {
    assert_int_equal(api.queue->sync(w->on.queue, UINT64_MAX, NULL), SY_OK);
    assert_int_equal(sy_job_output_bytes(&w->job), 64 * sizeof(float));
    assert_int_equal(sy_job_read_output(&w->job, 0, out, NULL), SY_OK);
}

/* A graph of two launches does what a launch does, each time. */
static void check_replays(world *w) {
    float direct[64], replayed[64];
    sy_graph *graph = NULL;
    assert_true((w->job.algorithm.flags & SY_ALGO_CAPTURABLE) != 0);
    assert_int_equal(api.work->run(w->job.binding[0]), SY_OK);
    get(w, direct);
    poison(w);
    assert_int_equal(api.work->capture_begin(w->on.queue, NULL), SY_OK);
    assert_int_equal(api.work->run(w->job.binding[0]), SY_OK);
    assert_int_equal(api.work->run(w->job.binding[0]), SY_OK);
    assert_int_equal(api.work->capture_end(w->on.queue, &graph, NULL), SY_OK);
    get(w, replayed);
    assert_true(replayed[0] != replayed[0]); /* nothing has run yet */
    for (int i = 0; i < 3; i++) {
        poison(w);
        assert_int_equal(api.work->graph_run(graph), SY_OK);
        get(w, replayed);
        assert_memory_equal(direct, replayed, sizeof direct);
    }
    api.work->graph_destroy(graph);
}

static void both_forms_of_making_graphs(void **state) {
    world w;
    (void)state;
    begin(&w, SIM_NVIDIA, "libcudart.so.13", "");
    check_replays(&w);
    assert_int_equal(w.misuses(), 0);
    end(&w);
    begin(&w, SIM_NVIDIA "_12", "libcudart.so.12", "row.runtime=12000");
    check_replays(&w);
    end(&w);
    begin(&w, SIM_NVIDIA "_11", "libcudart.so.11.0", "row.runtime=11080");
    check_replays(&w);
    assert_int_equal(w.misuses(), 0);
    end(&w);
}

static void check_refusal(world *w, const char *says) {
    sy_error err = SY_ERROR_INIT;
    assert_true((w->job.algorithm.flags & SY_ALGO_CAPTURABLE) == 0);
    assert_int_equal(api.work->capture_begin(w->on.queue, &err), SY_UNSUPPORTED);
    assert_string_equal(err.text, says);
    assert_int_equal(w->calls("cudaStreamBeginCapture"), 0);
}

static void where_graphs_cannot_be_made(void **state) {
    world w;
    (void)state;
    begin(&w, SIM_NVIDIA "_direct", "libcudart.so.13", "");
    check_refusal(&w, "cuda:0: no recording of launches: the runtime library lacks functions of graphs");
    end(&w);
    begin(&w, SIM_NVIDIA, "libcudart.so.13", "row.runtime=0");
    check_refusal(&w, "cuda:0: no recording of launches: the runtime does not tell its version, by which "
                      "graphs are made");
    end(&w);
}

/* Whichever call of a recording fails: it is told, nothing is left behind, and the queue goes on. */
static void every_call_fails(void **state) {
    static const struct {
        const char *function;
        sy_status begin;
    } rows[] = {{"cudaStreamBeginCapture", SY_INTERNAL}, {"cudaStreamEndCapture", SY_OK},
        {"cudaGraphInstantiate", SY_OK}, {"cublasLtMatmul", SY_OK}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        world w;
        sy_graph *graph = NULL;
        sy_error err = SY_ERROR_INIT;
        begin(&w, SIM_NVIDIA, "libcudart.so.13", "");
        w.fault(rows[i].function, 1, 13);
        sy_status status = api.work->capture_begin(w.on.queue, &err);
        assert_int_equal(status, rows[i].begin);
        if (status == SY_OK) {
            (void)api.work->run(w.job.binding[0]);
            assert_int_equal(api.work->capture_end(w.on.queue, &graph, &err), SY_INTERNAL);
        }
        assert_null(graph);
        assert_int_equal(err.vendor_code, 13);
        assert_int_equal(w.disarm(), 0);
        if (strcmp(rows[i].function, "cudaStreamEndCapture") != 0) /* that one leaves it recording */
            check_replays(&w);
        end(&w);
    }
}

/* What a recording cannot hold, called between its ends, spoils it and nothing else. */
static void a_wait_spoils_a_recording(void **state) {
    world w;
    sy_graph *graph = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    begin(&w, SIM_NVIDIA, "libcudart.so.13", "");
    assert_int_equal(api.work->capture_begin(w.on.queue, NULL), SY_OK);
    assert_int_equal(api.queue->sync(w.on.queue, UINT64_MAX, &err), SY_INTERNAL);
    assert_int_equal(api.work->capture_end(w.on.queue, &graph, &err), SY_INTERNAL);
    assert_int_equal(err.vendor_code, 901);
    assert_null(graph);
    check_replays(&w);
    end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_of_making_graphs),
        cmocka_unit_test(where_graphs_cannot_be_made),
        cmocka_unit_test(every_call_fails),
        cmocka_unit_test(a_wait_spoils_a_recording),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
