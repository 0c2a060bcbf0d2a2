/* The generation that stands on UCP. */
#include "tests/unit/backends/horizon/rig.h"

#include "steelyard/model.h"

#define HEAD "bin-sim 1\nmodel net\n"
#define MODEL HEAD "input x f32 2,8\noutput y f32 2,8 factor=3\noutput p s16 3,5 aligned=3,8\n"

static void libraries_are_told(void **state) {
    rig r;
    sy_device_info info = {.size = sizeof info};
    (void)state;
    rig_open_as(&r, "horizon_ucp", "", "core=1");
    assert_string_equal(r.libraries, "horizon_dnn=libdnn.so horizon_ucp=libhbucp.so ");
    assert_int_equal(r.api->device->info(r.device, &info, NULL), SY_OK);
    assert_string_equal(info.platform, "hbDNN 3.2.1 on UCP");
    rig_end(&r);
}

static void without_ucp(void **state) {
    rig r = {.ucp = "/no/such/libhbucp.so"};
    uint32_t count = 1;
    (void)state;
    rig_create(&r, "horizon_ucp");
    assert_int_equal(r.api->device->count(r.backend, &count, &r.error), SY_UNAVAILABLE);
    rig_expect_words(r.error.text, "/no/such/libhbucp.so");
    rig_expect_words(r.error.text, "STEELYARD_HORIZON_UCP");
    rig_end(&r);
}

static void runs_are_right(void **state) {
    rig r;
    float in[16], out[16];
    int16_t padded[15];
    (void)state;
    rig_open_as(&r, "horizon_ucp", "", "core=0");
    rig_bound b = rig_bind(&r, MODEL);
    for (int i = 0; i < 16; i++)
        in[i] = (float)i - 4.0f;
    rig_move(&r, b.buffer[0], in, sizeof in, true);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rig_run(&r, &b), SY_OK);
    rig_move(&r, b.buffer[1], out, sizeof out, false);
    rig_move(&r, b.buffer[2], padded, sizeof padded, false);
    for (int i = 0; i < 15; i++) {
        assert_true(out[i] == 3.0f * in[i]);
        assert_int_equal(padded[i], i - 4);
    }
    rig_release(&r, &b);
    rig_end(&r);
}

/* The two planes of an image, as compiled models of this generation want them. */
static void planes_of_open_strides(void **state) {
    rig r;
    uint8_t in[60], out[60];
    (void)state;
    rig_open(&r, "horizon_ucp", "");
    rig_bound b = rig_bind(&r,
        HEAD "input y u8 1,6,10,1 stride=-1,-1,1,1\ninput uv u8 1,3,5,2 stride=-1,-1,2,1\noutput o u8 60");
    for (int i = 0; i < 60; i++)
        in[i] = (uint8_t)(3 * i);
    rig_move(&r, b.buffer[0], in, sizeof in, true);
    assert_int_equal(rig_run(&r, &b), SY_OK);
    rig_move(&r, b.buffer[2], out, sizeof out, false);
    assert_memory_equal(in, out, sizeof in);
    rig_release(&r, &b);
    rig_end(&r);
}

static void more_extents_than_the_interface_has(void **state) {
    rig r;
    sy_model *model = NULL;
    (void)state;
    rig_open(&r, "horizon_ucp", "");
    assert_int_equal(
        rig_load(&r, HEAD "input x f32 1,1,1,1,1,1,1,1,8\noutput y f32 8", &model), SY_UNSUPPORTED);
    rig_expect_words(r.error.text, "type F32 with 9 extents");
    rig_end(&r);
}

/* A wait that is given a limit tells it as a failure, and no sooner: none is given. */
static void waits_have_no_limit(void **state) {
    rig r;
    (void)state;
    rig_open(&r, "horizon_ucp", "delay_us=20000");
    rig_bound b = rig_bind(&r, MODEL);
    assert_int_equal(r.api->work->run(b.binding), SY_OK);
    assert_int_equal(r.api->queue->sync(r.queue, 1, &r.error), SY_OK);
    rig_release(&r, &b);
    rig_end(&r);
}

static void every_call_of_a_run_may_fail(void **state) {
    static const char *const calls[] = {"hbDNNInferV2", "hbUCPSubmitTask", "hbUCPMemFlush"};
    rig r;
    (void)state;
    rig_open(&r, "horizon_ucp", "");
    rig_bound b = rig_bind(&r, MODEL);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        sim.fail_call(calls[i], 1, -100002);
        assert_int_equal(rig_run(&r, &b), SY_INTERNAL);
        rig_expect_words(r.error.text, "wrong use of the interface (-100002)");
        assert_int_equal(sim.alive("task"), 0);
        assert_int_equal(rig_run(&r, &b), SY_OK);
    }
    sim.fail_async("hbUCPSubmitTask", 1, -200003);
    assert_int_equal(rig_run(&r, &b), SY_INTERNAL);
    rig_expect_words(r.error.text, "the task failed: Task run failed (-200003)");
    rig_release(&r, &b);
    rig_end(&r);
}

static void calls_of_memory_may_fail(void **state) {
    rig r;
    sy_buffer *buffer = (sy_buffer *)&r;
    (void)state;
    rig_open(&r, "horizon_ucp", "memory=64K");
    sim.fail_call("hbUCPMallocCached", 1, -400001);
    assert_int_equal(
        r.api->memory->alloc(r.device, SY_MEMORY_DEVICE, 64, &buffer, &r.error), SY_OUT_OF_MEMORY);
    assert_null(buffer);
    assert_int_equal(r.api->memory->alloc(r.device, SY_MEMORY_DEVICE, UINT64_C(1) << 33, &buffer, &r.error),
        SY_OUT_OF_MEMORY);
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(libraries_are_told), cmocka_unit_test(without_ucp),
        cmocka_unit_test(runs_are_right), cmocka_unit_test(planes_of_open_strides),
        cmocka_unit_test(more_extents_than_the_interface_has), cmocka_unit_test(waits_have_no_limit),
        cmocka_unit_test(every_call_of_a_run_may_fail), cmocka_unit_test(calls_of_memory_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
