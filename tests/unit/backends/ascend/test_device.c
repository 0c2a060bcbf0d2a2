/* Devices: described, opened; memory, copies, events on them. */
#include "backends/ascend/numbers.h"
#include "backends/ascend/words.h"
#include "tests/unit/backends/ascend/rig.h"

static void describe(rig *r, uint32_t index, sy_device_info *info) {
    *info = (sy_device_info){.size = sizeof *info};
    if (sy_card_device_api.describe(r->backend, index, info, &r->error) != SY_OK)
        fail_msg("%s", r->error.text);
}

static void the_runtime_describes_them(void **state) {
    rig r;
    sy_device_info info;
    (void)state;
    rig_begin(&r, "ascend", "cores=24;l2=192M;pci=0000:C1:00.0");
    describe(&r, 0, &info);
    assert_string_equal(info.name, "Ascend910B3");
    assert_string_equal(info.vendor, "Huawei");
    assert_string_equal(info.isa, "ascend910b");
    assert_string_equal(info.pci, "0000:c1:00.0");
    assert_int_equal(info.units, 24);
    assert_int_equal(info.cache_bytes, INT64_C(192) << 20);
    assert_int_equal(info.memory_bytes, INT64_C(1) << 30);
    assert_true((info.flags & SY_DEVICE_SIMULATED) != 0);
    assert_non_null(strstr(info.platform, "untested on hardware"));
    rig_end(&r);
}

/* A card with DDR: asked for HBM, older runtimes tell 0 of 0 bytes, newer ones the DDR's. */
static void memory_is_that_of_the_card(void **state) {
    static const char *const worlds[] = {"soc=Ascend310P3;hbm_fallback=0", "soc=Ascend310P3;hbm_fallback=1"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rig r;
        sy_device_info info;
        rig_begin(&r, "ascend", worlds[i]);
        describe(&r, 0, &info);
        assert_int_equal(info.memory_bytes, INT64_C(1) << 30);
        assert_true(info.free_bytes > 0);
        rig_end(&r);
    }
}

static void wrong_parameters_and_indexes(void **state) {
    rig r;
    sy_device *device = NULL;
    (void)state;
    rig_begin(&r, "ascend", "");
    assert_int_equal(sy_card_device_api.open(r.backend, 1, "", &device, &r.error), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "no device 1, there are 1");
    assert_int_equal(sy_card_device_api.open(r.backend, 0, "a=b", &device, &r.error), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "takes no parameters, not 'a=b'");
    rig_end(&r);
}

static void opening_may_fail(void **state) {
    static const char *const calls[] = {"aclrtSetDevice", "aclrtMalloc", "aclrtMemcpy"};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        rig r;
        sy_device *device = NULL;
        rig_begin(&r, "ascend", "");
        sim.fail_call(calls[i], 1, 507899);
        assert_true(sy_card_device_api.open(r.backend, 0, "", &device, &r.error) != SY_OK);
        assert_null(device);
        rig_expect_words(r.error.text, "(507899)");
        rig_end(&r);
    }
}

/* Copies inside the device want multiples of 64; others are done all the same, in their turn. */
static void copies_of_any_alignment(void **state) {
    rig r;
    sy_buffer *buffer = NULL, *host = NULL;
    unsigned char bytes[256];
    (void)state;
    rig_open(&r, "ascend", "copy_align=1");
    for (int i = 0; i < 256; i++)
        bytes[i] = (unsigned char)i;
    assert_int_equal(sy_card_memory_api.alloc(r.device, SY_MEMORY_DEVICE, 1024, &buffer, &r.error), SY_OK);
    assert_int_equal(sy_card_memory_api.import(r.device, bytes, 256, &host, &r.error), SY_OK);
    assert_int_equal(
        sy_card_memory_api.copy(r.queue, (sy_span){buffer, 0, 256}, (sy_span){host, 0, 256}, &r.error),
        SY_OK);
    assert_int_equal(
        sy_card_memory_api.copy(r.queue, (sy_span){buffer, 513, 100}, (sy_span){buffer, 3, 100}, &r.error),
        SY_OK);
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(
        sy_card_memory_api.copy(r.queue, (sy_span){host, 0, 100}, (sy_span){buffer, 513, 100}, &r.error),
        SY_OK);
    assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &r.error), SY_OK);
    for (int i = 0; i < 100; i++)
        assert_int_equal(bytes[i], i + 3);
    sy_card_memory_api.free(host);
    sy_card_memory_api.free(buffer);
    rig_end(&r);
}

/* Either code, and what is left. */
static void memory_may_run_out(void **state) {
    static const char *const worlds[] = {"memory=1M;oom=207001", "memory=1M;oom=207018"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rig r;
        sy_buffer *buffer = NULL;
        rig_open(&r, "ascend", worlds[i]);
        assert_int_equal(sy_card_memory_api.alloc(r.device, SY_MEMORY_DEVICE, 2 << 20, &buffer, &r.error),
            SY_OUT_OF_MEMORY);
        rig_expect_words(r.error.text, "2097152 bytes wanted");
        assert_null(buffer);
        rig_end(&r);
    }
}

static void codes_are_judged(void **state) {
    static const struct {
        int code;
        sy_status status;
    } codes[] = {{207001, SY_OUT_OF_MEMORY}, {507015, SY_LOST}, {161002, SY_UNSUPPORTED},
        {561003, SY_UNAVAILABLE}, {561107, SY_UNAVAILABLE}, {561001, SY_UNSUPPORTED}, {107002, SY_INTERNAL},
        {999999, SY_INTERNAL}, {ASCEND_OWN_NO_MEMORY, SY_OUT_OF_MEMORY},
        {ASCEND_OWN_NO_FUNCTION, SY_UNSUPPORTED}};
    rig r;
    char text[200];
    (void)state;
    rig_begin(&r, "ascend", "");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_int_equal(ascend_judge(r.backend->stack, codes[i].code), codes[i].status);
        assert_int_equal(ascend_code_text(r.backend->stack, codes[i].code, text, sizeof text), codes[i].code);
    }
    ascend_code_text(r.backend->stack, 107002, text, sizeof text);
    assert_string_equal(text, "no device is set on this thread (107002)");
    rig_end(&r);
}

static void timers_and_late_failures(void **state) {
    rig r;
    sy_timer *timer = NULL;
    double ns = 0.0, step = 0.0;
    (void)state;
    rig_open(&r, "ascend", "lazy=1");
    assert_int_equal(sy_card_queue_api.timer_create(r.queue, &timer, &r.error), SY_OK);
    assert_int_equal(sy_card_queue_api.timer_start(timer, &r.error), SY_OK);
    assert_int_equal(sy_card_queue_api.timer_stop(timer, &r.error), SY_OK);
    assert_int_equal(sy_card_queue_api.timer_read(timer, &ns, &step, &r.error), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "before its queue was waited for");
    assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &r.error), SY_OK);
    assert_int_equal(sy_card_queue_api.timer_read(timer, &ns, &step, &r.error), SY_OK);
    assert_true(ns >= 0.0 && step == 1000.0);
    sy_card_queue_api.timer_destroy(timer);
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_runtime_describes_them),
        cmocka_unit_test(memory_is_that_of_the_card), cmocka_unit_test(wrong_parameters_and_indexes),
        cmocka_unit_test(opening_may_fail), cmocka_unit_test(copies_of_any_alignment),
        cmocka_unit_test(memory_may_run_out), cmocka_unit_test(codes_are_judged),
        cmocka_unit_test(timers_and_late_failures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
