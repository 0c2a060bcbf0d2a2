/* An operator whose executors cannot be made repeatable, though the library has the function. One test a
 * program: the executor by which it is found out can be neither launched nor destroyed. */
#include "tests/unit/backends/ascend/rig.h"

static void an_operator_is_remembered(void **state) {
    rig r;
    rig_work work;
    sy_algorithm algorithm;
    float got = 0.0f;
    (void)state;
    rig_open(&r, "ascend", "unrepeatable=aclnnMm");
    assert_int_equal(rig_candidate(&r, "gemm:m=16,n=24,k=32", "aclnnMm", &algorithm), SY_OK);
    assert_true((algorithm.flags & SY_ALGO_REBINDS_EACH_RUN) == 0);
    for (int i = 0; i < 3; i++) {
        rig_work_make(&r, "gemm:m=16,n=24,k=32", "aclnnMm", 0, &work);
        for (int run = 0; run < 5; run++)
            assert_int_equal(rig_run(&r, &work), SY_OK);
        rig_output(&r, &work, &got, sizeof got);
        assert_true(got == 32.0f);
        rig_work_free(&work);
    }
    /* Found out when it is planned first; from then on a launch for each plan. */
    assert_int_equal(sim.calls("aclnnMmGetWorkspaceSize"), 1 + 2 + 15);
    assert_int_equal(sim.calls("aclnnMm"), 2 + 15);
    assert_int_equal(rig_candidate(&r, "gemm:m=16,n=24,k=33", "aclnnMm", &algorithm), SY_OK);
    assert_true((algorithm.flags & SY_ALGO_REBINDS_EACH_RUN) != 0);
    assert_int_equal(sim.misuses_total(), 0);
    rig_end_with(&r, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_operator_is_remembered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
