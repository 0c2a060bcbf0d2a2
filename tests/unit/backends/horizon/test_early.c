/* The oldest libraries: no strides, no words for codes. */
#include "tests/unit/backends/horizon/rig.h"

#define MODEL                                                                                                \
    "bin-sim 1\nmodel net\ninput x f32 1,3,5,7 aligned=1,4,6,8\noutput y f32 1,5,3,7 aligned=1,5,3,16 "      \
    "factor=2\n"

static void runs_are_right(void **state) {
    rig r;
    float in[105], out[105];
    (void)state;
    rig_open(&r, "horizon_early", "");
    rig_bound b = rig_bind(&r, MODEL);
    for (int i = 0; i < 105; i++)
        in[i] = (float)i;
    rig_move(&r, b.buffer[0], in, sizeof in, true);
    assert_int_equal(rig_run(&r, &b), SY_OK);
    rig_move(&r, b.buffer[1], out, sizeof out, false);
    for (int i = 0; i < 105; i++)
        assert_true(out[i] == 2.0f * in[i]);
    rig_release(&r, &b);
    rig_end(&r);
}

/* They may count their codes from 1. */
static void codes_of_either_age(void **state) {
    rig r;
    sy_model *model = NULL;
    (void)state;
    rig_open(&r, "horizon_early", "");
    sim.fail_call("hbDNNInitializeFromDDR", 1, 14);
    assert_int_equal(rig_load(&r, MODEL, &model), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "for another chip (14)");
    sim.fail_call("hbDNNInitializeFromDDR", 1, 7);
    assert_int_equal(rig_load(&r, MODEL, &model), SY_OUT_OF_MEMORY);
    sim.fail_call("hbDNNInitializeFromDDR", 1, 4711);
    assert_int_equal(rig_load(&r, MODEL, &model), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "failed (4711)");
    rig_bound b = rig_bind(&r, MODEL);
    sim.fail_call("hbDNNWaitTaskDone", 1, 8);
    assert_int_equal(r.api->work->run(b.binding), SY_OK);
    assert_int_equal(r.api->queue->sync(r.queue, 1000000, &r.error), SY_TIMEOUT);
    assert_int_equal(r.api->queue->sync(r.queue, UINT64_MAX, &r.error), SY_OK);
    rig_release(&r, &b);
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_right), cmocka_unit_test(codes_of_either_age)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
