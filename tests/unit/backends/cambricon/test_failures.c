/* Every call of the libraries fails once: what was made is let go, and the words are the library's. */
#include "tests/support/slow.h"
#include "tests/unit/backends/cambricon/world.h"

#include <stdio.h>

#define GENERATION "cambricon"
#define GEMM "gemm:m=7,n=13,k=5,epilogue=bias_relu"
#define CONV "conv2d:n=1,c=4,h=6,w=5,k=8,r=3,s=3,pad=1,layout=nhwc,epilogue=residual_relu"

/* What makes, asks and enqueues; what lets go is believed. */
static const char *const functions[] = {"cnrtGetDeviceCount", "cnrtSetDevice", "cnrtMalloc", "cnrtHostMalloc",
    "cnrtMemcpyAsync_V2", "cnrtMemsetAsync", "cnrtQueueCreate", "cnrtQueueSync", "cnnlCreate", "cnnlSetQueue",
    "cnnlCreateTensorDescriptor", "cnnlSetTensorDescriptor_v2", "cnnlCreateMatMulDescriptor",
    "cnnlSetMatMulDescAttr", "cnnlCreateMatMulAlgo", "cnnlCreateMatMulHeuristicResult",
    "cnnlGetMatMulAlgoHeuristic", "cnnlGetMatMulHeuristicResult", "cnnlMatMul_v2",
    "cnnlCreateConvolutionDescriptor", "cnnlSetConvolutionDescriptor",
    "cnnlSetConvolutionDescriptorAllowTF32", "cnnlGetConvolutionForwardWorkspaceSize",
    "cnnlConvolutionForward", "cnnlCreateOpTensorDescriptor", "cnnlSetOpTensorDescriptor",
    "cnnlGetOpTensorWorkspaceSize_v3", "cnnlOpTensor", "cnnlCreateActivationDescriptor",
    "cnnlSetActivationDescriptor_v6", "cnnlActivationForward"};

/* One run; whether the failure came. */
static bool fails_at(const char *function, int nth, const char *problem, const char *algorithm) {
    world w = {0};
    char settings[128];
    snprintf(settings, sizeof settings, "fail=%s:%d:%d", function, nth, function[2] == 'r' ? 100006 : 3);
    world_begin(&w, GENERATION, settings);
    sy_status status = w.on.api->device->open(w.backend, 0, "", &w.on.device, &w.error);
    if (status == SY_OK)
        status = w.on.api->queue->create(w.on.device, &w.on.queue, &w.error);
    if (status == SY_OK) {
        assert_int_equal(sy_data_block_create(SY_DATA_UNIFORM, 1, &w.block, &w.error), SY_OK);
        status = sy_solve_case(&w.on, w.block, problem, algorithm, &w.error);
    }
    bool has_come = SIM(sim_disarm)() == 0;
    if (status != SY_OK && !has_come)
        fail_msg("without a failure: %s", w.error.text);
    world_end(&w);
    return has_come;
}

/* Of each function the first call fails, the third, the ninth, and so on until there are no more. */
static void sweep(const char *problem, const char *algorithm) {
    int failures = 0;
    const int step = slow_step(SLOW_THREAD, 5);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i += (size_t)step)
        for (int nth = 1; fails_at(functions[i], nth, problem, algorithm); nth *= 3)
            failures++;
    assert_true(failures > 30 / step);
}

static void a_product(void **state) {
    (void)state;
    sweep(GEMM, "cnnl/matmul+bias+relu");
}

static void a_convolution(void **state) {
    (void)state;
    sweep(CONV, "cnnl/conv+residual+relu");
}

/* run() has no words: they come with the next sync. */
static void a_launch_that_fails_is_told_by_sync(void **state) {
    (void)state;
    world w = {0};
    sy_spec spec;
    sy_problem_storage storage;
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_plan *plan = NULL;
    sy_binding *binding = NULL;
    sy_buffer *buffer = NULL;
    world_open(&w, GENERATION, "workspace=0");
    const sy_work_api *work = w.on.api->work;
    assert_int_equal(sy_spec_parse("gemm:m=4,n=4,k=4", NULL, &spec, &w.error), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, &w.error), SY_OK);
    for (uint32_t i = 0; i < 2; i++)
        storage.tensor[i].layout = SY_LAYOUT_STRIDED;
    assert_int_equal(work->algorithm(w.on.device, &storage.problem, 0, &algorithm, &w.error), SY_OK);
    assert_int_equal(work->plan_create(w.on.device, &storage.problem, algorithm.id, &plan, &w.error), SY_OK);
    assert_int_equal(w.on.api->memory->alloc(w.on.device, SY_MEMORY_DEVICE, 192, &buffer, &w.error), SY_OK);
    sy_span operands[4] = {{buffer, 0, 64}, {buffer, 64, 64}, {0}, {buffer, 128, 64}};
    assert_int_equal(
        work->binding_create(plan, w.on.queue, operands, 4, (sy_span){0}, &binding, &w.error), SY_OK);
    SIM(sim_fail)("cnnlMatMul_v2", 1, 4);
    assert_int_equal(work->run(binding), SY_INTERNAL);
    assert_int_equal(w.on.api->queue->sync(w.on.queue, UINT64_MAX, &w.error), SY_INTERNAL);
    world_says(w.error.text, "cambricon:0: cnnl/matmul: CNNL_STATUS_INTERNAL_ERROR (4)");
    assert_int_equal(w.error.vendor_code, 4);
    assert_int_equal(work->run(binding), SY_OK);
    assert_int_equal(w.on.api->queue->sync(w.on.queue, UINT64_MAX, &w.error), SY_OK);
    work->binding_destroy(binding);
    work->plan_destroy(plan);
    w.on.api->memory->free(buffer);
    world_end(&w);
}

static void a_trap_loses_the_device(void **state) {
    (void)state;
    static const int codes[] = {100132, 100133};
    for (size_t i = 0; i < 2; i++) {
        world w = {0};
        world_open(&w, GENERATION, "");
        world_solve(&w, "gemm:m=7,n=13,k=5", "cnnl/matmul");
        SIM(sim_fail_async)("cnnlMatMul_v2", 1, codes[i]);
        sy_status status = sy_solve_case(&w.on, w.block, "gemm:m=7,n=13,k=5", "cnnl/matmul", &w.error);
        assert_int_equal(status, SY_LOST);
        world_says(w.error.text, "a kernel trapped");
        world_end(&w);
    }
}

static void memory_that_runs_out(void **state) {
    (void)state;
    world w = {0};
    sy_buffer *buffer = NULL;
    world_open(&w, GENERATION, "memory=64M");
    assert_int_equal(
        w.on.api->memory->alloc(w.on.device, SY_MEMORY_DEVICE, UINT64_C(1) << 40, &buffer, &w.error),
        SY_OUT_OF_MEMORY);
    world_says(w.error.text, "(100100)");
    world_says(w.error.text, "free on the device");
    world_end(&w);
}

/* A trial that cannot be made is no answer: it is made the next time. */
static void a_trial_is_made_again(void **state) {
    (void)state;
    world w = {0};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_candidates found;
    world_open(&w, GENERATION, "");
    SIM(sim_fail)("cnrtMalloc", 1, 100100);
    assert_int_equal(sy_solve_candidates(&w.on, "gemm:m=7,n=13,k=5", &found, &w.error), SY_OUT_OF_MEMORY);
    assert_true(world_has(&w, "gemm:m=7,n=13,k=6", "cnnl/matmul", &algorithm));
    SIM(sim_fail)("cnnlCreateActivationDescriptor", 1, 3);
    world_solve(&w, "gemm:m=7,n=13,k=6,epilogue=bias_relu", "cnnl/matmul+bias+relu");
    world_end(&w);
}

static void both_words_for_not_yet(void **state) {
    (void)state;
    static const char *const settings[] = {"not_ready=632014;delay_us=3000", "not_ready=1;delay_us=3000"};
    for (size_t i = 0; i < 2; i++) {
        world w = {0};
        world_open(&w, GENERATION, settings[i]);
        world_solve(&w, "gemm:m=64,n=64,k=64", "cnnl/matmul");
        assert_int_equal(w.on.api->queue->sync(w.on.queue, 1000000000, &w.error), SY_OK);
        world_end(&w);
    }
}

/* Copies of pageable memory wait inside, or do not. */
static void copies_that_wait_and_do_not(void **state) {
    (void)state;
    static const char *const settings[] = {
        "pageable_async=0;delay_us=1000", "pageable_async=1;delay_us=1000"};
    for (size_t i = 0; i < 2; i++) {
        world w = {0};
        world_open(&w, GENERATION, settings[i]);
        world_solve(&w, "gemm:m=7,n=13,k=5,tb=1,epilogue=bias_relu", "cnnl/matmul+bias+relu");
        world_solve(&w, "conv2d:n=1,c=4,h=6,w=5,k=8,r=3,s=3", "cnnl/conv");
        world_end(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_product),
        cmocka_unit_test(a_convolution),
        cmocka_unit_test(a_launch_that_fails_is_told_by_sync),
        cmocka_unit_test(a_trap_loses_the_device),
        cmocka_unit_test(memory_that_runs_out),
        cmocka_unit_test(a_trial_is_made_again),
        cmocka_unit_test(both_words_for_not_yet),
        cmocka_unit_test(copies_that_wait_and_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
