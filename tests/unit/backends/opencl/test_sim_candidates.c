/* On devices of every kind each candidate either says why not, or plans, binds and runs. */
#include "tests/unit/backends/opencl/sim_world.h"

#include "runtime/dispatch/dispatch.h"

static const char *const devices[] = {"type=gpu", "type=cpu;unified=1", "type=accelerator",
    "type=gpu;local=0", "type=cpu;local=0", "type=gpu;fp64=0", "type=cpu;fp64=0;local=0",
    "type=gpu;fp16=1;dot=1;subgroups=8", "type=gpu;group=1", "type=gpu;group=64;simd=1", "type=gpu;local=1K",
    "type=gpu;version=120", "type=gpu;units=1;simd=64;group=1024;local=64K;vector=4", "type=cpu;vector=16",
    "type=cpu;kernel_group=1"};

static const char *const problems[] = {"gemm:m=8,n=8,k=8", "gemm:m=1,n=1,k=1",
    "gemm:m=65,n=67,k=129,ta=1,tb=1,weights=dynamic", "gemm:m=3,n=1024,k=1024",
    "gemm:m=16,n=16,k=16,batch=3,alpha=2,beta=1", "gemm:m=31,n=33,k=7,dtype=f64",
    "gemm:m=31,n=33,k=7,dtype=f16", "gemm:m=8,n=8,k=8,dtype=s8:s8:s32", "conv2d:n=1,c=3,h=9,w=9,k=8,r=3,s=3",
    "conv2d:n=2,c=8,h=5,w=5,k=8,r=3,s=3,groups=8,layout=nchw",
    "conv2d:n=1,c=16,h=4,w=4,k=16,r=1,s=1,dtype=f16"};

static void parse(const char *text, sy_problem_storage *out_storage) {
    sy_spec spec;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, out_storage, NULL), SY_OK);
}

/* Operands of a resolved problem, a buffer each. */
static void make_operands(sim_world *w, const sy_problem_storage *storage, sy_span operands[SY_MAX_TENSORS],
    sy_span *out_workspace, const sy_algorithm *algorithm) {
    uint32_t count = storage->problem.n_in + storage->problem.n_out;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t bytes = 0;
        operands[i] = (sy_span){0};
        assert_int_equal(
            sy_dispatch_tensor_bytes(w->api, w->device, &storage->tensor[i], &bytes, &w->error), SY_OK);
        if (bytes == 0)
            continue;
        operands[i].bytes = bytes;
        assert_int_equal(sim_alloc(w, SY_MEMORY_DEVICE, bytes, &operands[i].buffer), SY_OK);
    }
    *out_workspace = (sy_span){.bytes = algorithm->workspace_bytes};
    if (algorithm->workspace_bytes > 0)
        assert_int_equal(
            sim_alloc(w, SY_MEMORY_DEVICE, algorithm->workspace_bytes, &out_workspace->buffer), SY_OK);
}

static void run_plan(
    sim_world *w, sy_plan *plan, const sy_problem_storage *storage, const sy_algorithm *algorithm) {
    sy_span operands[SY_MAX_TENSORS], workspace;
    sy_binding *binding = NULL;
    uint32_t count = storage->problem.n_in + storage->problem.n_out;
    make_operands(w, storage, operands, &workspace, algorithm);
    w->error = SY_ERROR_INIT;
    if (w->api->work->binding_create(plan, w->queue, operands, count, workspace, &binding, &w->error) !=
            SY_OK ||
        w->api->work->run(binding) != SY_OK || sim_sync(w) != SY_OK)
        fail_msg("%s: %s", algorithm->name, w->error.text);
    w->api->work->binding_destroy(binding);
    w->api->memory->free(workspace.buffer);
    for (uint32_t i = 0; i < count; i++)
        w->api->memory->free(operands[i].buffer);
}

/* A candidate that takes the problem may still find its kernel too large when it is compiled. */
static bool try_candidate(sim_world *w, const char *text, const sy_algorithm *algorithm) {
    static sy_problem_storage storage;
    sy_plan *plan = NULL;
    uint32_t layout = 0;
    parse(text, &storage);
    assert_int_equal(sy_dispatch_resolve(&storage, algorithm, &layout, &w->error), SY_OK);
    w->error = SY_ERROR_INIT;
    sy_status status =
        w->api->work->plan_create(w->device, &storage.problem, algorithm->id, &plan, &w->error);
    if (status == SY_UNSUPPORTED) {
        sim_expect_words(w->error.text, "");
        return false;
    }
    if (status != SY_OK)
        fail_msg("%s of %s: %s", algorithm->name, text, w->error.text);
    run_plan(w, plan, &storage, algorithm);
    w->api->work->plan_destroy(plan);
    return true;
}

/* How many candidates do the problem; of variants, which are many, each seventh from the `first` on is tried.
 */
static uint32_t try_problem(sim_world *w, const char *text, uint32_t first) {
    static sy_problem_storage storage;
    static sy_candidates candidates;
    uint32_t usable = 0;
    parse(text, &storage);
    assert_int_equal(
        sy_dispatch_candidates(w->api, w->device, &storage.problem, &candidates, &w->error), SY_OK);
    for (uint32_t i = 0; i < candidates.count; i++) {
        const sy_candidate *candidate = &candidates.candidate[i];
        bool is_variant = (candidate->algorithm.flags & SY_ALGO_VARIANT) != 0;
        if (candidate->status != SY_OK)
            sim_expect_words(candidate->reason, "");
        else if (!is_variant || i % 7 == first % 7)
            usable += try_candidate(w, text, &candidate->algorithm);
    }
    return usable;
}

static void open_device(sim_world *w, const char *settings) {
    sim_begin(w, settings);
    assert_int_equal(w->api->device->open(w->backend, 0, "", &w->device, &w->error), SY_OK);
    assert_int_equal(w->api->queue->create(w->device, &w->queue, &w->error), SY_OK);
}

static void every_candidate_runs_or_says_why_not(void **state) {
    (void)state;
    for (size_t d = 0; d < sizeof devices / sizeof devices[0]; d++) {
        sim_world w = {0};
        bool has_f64 = strstr(devices[d], "fp64=0") == NULL;
        open_device(&w, devices[d]);
        for (size_t p = 0; p < sizeof problems / sizeof problems[0]; p++) {
            bool is_possible = has_f64 || strstr(problems[p], "f64") == NULL;
            uint32_t usable = try_problem(&w, problems[p], (uint32_t)(d + p));
            if ((usable > 0 && !is_possible) || (usable == 0 && is_possible))
                fail_msg("%u candidates do %s on %s", usable, problems[p], devices[d]);
        }
        sim_end(&w);
    }
}

static void without_f64_its_products_are_refused_with_the_reason(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "fp64=0");
    assert_int_equal(sim_candidate(&w, SIM_GEMM ",dtype=f64", NULL), 0);
    sim_expect_words(w.error.text, "f64");
    assert_int_not_equal(sim_candidate(&w, SIM_GEMM, NULL), 0);
    sim_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_candidate_runs_or_says_why_not),
        cmocka_unit_test(without_f64_its_products_are_refused_with_the_reason)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
