/* Work done: results, executors for many launches and for one, operands of any alignment, failures that come
 * late. */
#include "backends/ascend/numbers.h"
#include "tests/unit/backends/ascend/rig.h"

#define GEMM "gemm:m=16,n=24,k=32"

static void expect_f32(rig *r, const rig_work *work, float wanted) {
    float got[4] = {0};
    rig_output(r, work, got, sizeof got);
    for (int i = 0; i < 4; i++)
        assert_true(got[i] == wanted);
}

/* Inputs are ones: a sum is k. */
static void products_are_right(void **state) {
    static const struct {
        const char *text, *name;
        float wanted;
    } cases[] = {{GEMM, "aclnnMm", 32.0f}, {GEMM, "aclnnMatmul", 32.0f},
        {GEMM ",batch=2", "aclnnBatchMatMul", 32.0f}, {GEMM ",ta=1,tb=1", "aclnnMm", 32.0f},
        {GEMM ",epilogue=bias", "aclnnAddmm", 33.0f}, {GEMM ",alpha=2", "aclnnAddmm", 64.0f},
        {GEMM ",alpha=2,beta=-3", "aclnnAddmm", 61.0f},
        {"conv2d:n=1,c=8,h=6,w=6,k=4,r=3,s=3,epilogue=bias", "aclnnConvolution", 73.0f},
        {"conv2d:n=1,c=8,h=6,w=6,k=4,r=3,s=3,groups=2,stride=2x2,dilation=2x2", "aclnnConvolution", 36.0f},
        {"conv2d:n=1,c=8,h=6,w=6,k=4,r=3,s=3,pad=1x1x1x1", "aclnnConvolution", 32.0f},
        {"stream:kind=triad,bytes=4096", "aclnnAdd", 4.0f}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig r;
        rig_work work;
        float got = 0.0f;
        rig_open(&r, "ascend", "");
        rig_work_make(&r, cases[i].text, cases[i].name, 0, &work);
        assert_int_equal(rig_run(&r, &work), SY_OK);
        rig_output(&r, &work, &got, sizeof got);
        if (got != cases[i].wanted)
            fail_msg("%s: %g, not %g", cases[i].text, (double)got, (double)cases[i].wanted);
        rig_work_free(&work);
        rig_end(&r);
    }
}

/* Whether s32 is scaled is not known: the scale is 1. */
static void bytes_are_summed_whatever_the_scale_does(void **state) {
    static const char *const worlds[] = {"s32_scale=ignored", "s32_scale=applied"};
    static const char *const names[] = {"aclnnQuantMatmulV4", "aclnnQuantMatmulV3"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        rig r;
        rig_work work;
        int32_t got = 0;
        rig_open(&r, "ascend", worlds[i % 2]);
        rig_work_make(&r, GEMM ",dtype=s8,weights=const", names[i / 2], 0, &work);
        assert_int_equal(rig_run(&r, &work), SY_OK);
        rig_output(&r, &work, &got, sizeof got);
        assert_int_equal(got, 32);
        rig_work_free(&work);
        rig_end(&r);
    }
}

/* Repeatable executors go through phase one when they are planned, twice, and bound. */
static void executors_are_for_many_launches(void **state) {
    static const char *const worlds[] = {"", "unrepeatable=aclnnAdd,aclnnMatmul"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rig r;
        rig_work work;
        rig_open(&r, "ascend", worlds[i]);
        rig_work_make(&r, GEMM, "aclnnMm", 0, &work);
        for (int run = 0; run < 5; run++)
            assert_int_equal(rig_run(&r, &work), SY_OK);
        expect_f32(&r, &work, 32.0f);
        assert_int_equal(sim.calls("aclnnMmGetWorkspaceSize"), 3);
        assert_int_equal(sim.calls("aclnnMm"), 5);
        rig_work_free(&work);
        rig_end(&r);
    }
}

/* Tensors are at multiples of 32 bytes; the rest is an offset. */
static void operands_of_any_alignment(void **state) {
    rig r;
    rig_work work;
    (void)state;
    rig_open(&r, "ascend", "");
    rig_work_make(&r, GEMM, "aclnnMm", 4, &work);
    assert_int_equal(rig_run(&r, &work), SY_OK);
    expect_f32(&r, &work, 32.0f);
    rig_work_free(&work);
    rig_end(&r);
}

static void nothing_to_do_is_done(void **state) {
    rig r;
    sy_plan *plan = NULL;
    uint64_t bytes = 1;
    (void)state;
    rig_open(&r, "ascend", "");
    sy_problem problem = *rig_problem(GEMM);
    sy_tensor tensor[SY_MAX_TENSORS];
    memcpy(tensor, problem.tensor, (problem.n_in + problem.n_out) * sizeof *tensor);
    tensor[0].dim[1] = 0;
    tensor[problem.n_in].dim[1] = 0;
    problem.tensor = tensor;
    sy_algorithm algorithm = {.size = sizeof algorithm};
    assert_int_equal(sy_card_work_api.algorithm(r.device, &problem, 0, &algorithm, &r.error), SY_OK);
    assert_int_equal(sy_card_work_api.plan_create(r.device, &problem, algorithm.id, &plan, &r.error), SY_OK);
    assert_int_equal(sy_card_work_api.plan_workspace(plan, &bytes, &r.error), SY_OK);
    assert_int_equal(bytes, 0);
    assert_int_equal(sim.calls("aclnnMmGetWorkspaceSize"), 0);
    sy_card_work_api.plan_destroy(plan);
    rig_end(&r);
}

/* A kernel's fault is told by the wait, after which the device is lost. */
static void a_late_failure_is_told_by_the_wait(void **state) {
    rig r;
    rig_work work;
    (void)state;
    rig_open(&r, "ascend", "");
    rig_work_make(&r, GEMM, "aclnnMm", 0, &work);
    sim.fail_async("aclnnMm", 1, 507015);
    assert_int_equal(rig_run(&r, &work), SY_LOST);
    rig_expect_words(r.error.text, "ascend:0: waiting for commands: AI core exception (507015)");
    assert_int_equal(r.error.vendor_code, 507015);
    rig_work_free(&work);
    rig_end(&r);
}

static void a_launch_may_fail(void **state) {
    rig r;
    rig_work work;
    (void)state;
    rig_open(&r, "ascend", "");
    rig_work_make(&r, GEMM, "aclnnMm", 0, &work);
    sim.fail_call("aclnnMm", 1, 361001);
    assert_int_equal(rig_run(&r, &work), SY_INTERNAL);
    rig_expect_words(r.error.text, "aclnnMm: the operator's call of the runtime failed (361001)");
    assert_int_equal(rig_run(&r, &work), SY_OK);
    expect_f32(&r, &work, 32.0f);
    rig_work_free(&work);
    rig_end(&r);
}

/* Each of the vendor's functions that planning calls fails once: an error with words, nothing left. */
static void planning_may_fail(void **state) {
    static const char *const calls[] = {"aclnnMmGetWorkspaceSize", "aclCreateTensor"};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        rig r;
        sy_plan *plan = NULL;
        rig_open(&r, "ascend", "");
        sim.fail_call(calls[i], 2, 161002);
        assert_true(rig_plan(&r, GEMM, "aclnnMm", &plan) != SY_OK);
        assert_null(plan);
        rig_expect_words(r.error.text, "aclnnMm");
        rig_end(&r);
    }
}

/* C and D of one place: whether the library minds is not known. */
static void what_is_added_is_apart(void **state) {
    rig r;
    sy_plan *plan = NULL;
    sy_buffer *buffer = NULL;
    sy_binding *binding = NULL;
    (void)state;
    rig_open(&r, "ascend", "");
    assert_int_equal(rig_plan(&r, "gemm:m=16,n=16,k=16,beta=1", "aclnnAddmm", &plan), SY_OK);
    assert_int_equal(sy_card_memory_api.alloc(r.device, SY_MEMORY_DEVICE, 65536, &buffer, &r.error), SY_OK);
    const sy_span operand[4] = {
        {buffer, 0, 1024}, {buffer, 1024, 1024}, {buffer, 2048, 1024}, {buffer, 2048, 1024}};
    assert_int_equal(sy_card_work_api.binding_create(
                         plan, r.queue, operand, 4, (sy_span){buffer, 32768, 32768}, &binding, &r.error),
        SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "operand 2 must not be the output");
    assert_null(binding);
    sy_card_memory_api.free(buffer);
    sy_card_work_api.plan_destroy(plan);
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(products_are_right),
        cmocka_unit_test(bytes_are_summed_whatever_the_scale_does),
        cmocka_unit_test(executors_are_for_many_launches), cmocka_unit_test(operands_of_any_alignment),
        cmocka_unit_test(nothing_to_do_is_done), cmocka_unit_test(a_late_failure_is_told_by_the_wait),
        cmocka_unit_test(a_launch_may_fail), cmocka_unit_test(planning_may_fail),
        cmocka_unit_test(what_is_added_is_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
