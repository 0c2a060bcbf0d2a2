/* CANN 7: no repeatable executors, no aclnnQuantMatmulV4, the older list of cards. */
#include "tests/unit/backends/ascend/rig.h"

#define GEMM "gemm:m=16,n=24,k=32"

/* Planning launches once, each run goes through both phases, and nothing is left. */
static void executors_are_for_one_launch(void **state) {
    rig r;
    rig_work work;
    sy_algorithm algorithm;
    float got = 0.0f;
    (void)state;
    rig_open(&r, "ascend_7", "");
    assert_int_equal(rig_candidate(&r, GEMM, "aclnnMm", &algorithm), SY_OK);
    assert_true((algorithm.flags & SY_ALGO_REBINDS_EACH_RUN) != 0);
    rig_work_make(&r, GEMM, "aclnnMm", 0, &work);
    assert_int_equal(sim.calls("aclnnMm"), 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rig_run(&r, &work), SY_OK);
    assert_int_equal(sim.calls("aclnnMm"), 4);
    assert_int_equal(sim.calls("aclnnMmGetWorkspaceSize"), 4);
    rig_output(&r, &work, &got, sizeof got);
    assert_true(got == 32.0f);
    rig_work_free(&work);
    rig_end(&r);
}

/* There must be room for the operands once more. */
static void planning_wants_memory(void **state) {
    rig r;
    sy_plan *plan = NULL;
    (void)state;
    rig_open(&r, "ascend_7", "memory=1M");
    assert_int_equal(rig_plan(&r, "gemm:m=512,n=512,k=512", "aclnnMm", &plan), SY_OUT_OF_MEMORY);
    rig_expect_words(r.error.text, "planning needs memory for the operands once more");
    rig_end(&r);
}

static void what_it_has_is_offered(void **state) {
    rig r;
    sy_algorithm algorithm;
    sy_sensor sensor = {.size = sizeof sensor};
    (void)state;
    rig_open(&r, "ascend_7", "");
    rig_expect(&r, GEMM ",dtype=s8", "aclnnQuantMatmulV3", NULL);
    rig_expect(&r, GEMM ",dtype=s8", "aclnnQuantMatmulV4", "this CANN has no aclnnQuantMatmulV4");
    rig_expect(&r, GEMM ",dtype=f16:f16:f32", "aclnnMm", "(161002)");
    assert_int_equal(rig_candidate(&r, GEMM ",dtype=s8", "aclnnQuantMatmulV5", &algorithm), SY_UNAVAILABLE);
    assert_int_equal(sy_card_sensor_api.describe(r.device, 0, &sensor, &r.error), SY_OK);
    assert_string_equal(sensor.name, "dcmi device power");
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(executors_are_for_one_launch),
        cmocka_unit_test(planning_wants_memory), cmocka_unit_test(what_it_has_is_offered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
