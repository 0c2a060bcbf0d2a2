/* The one device: how it is described, its parameters, what fails when it is opened. */
#include "tests/unit/backends/onnxruntime/world.h"

static void it_is_the_hosts_processor(void **state) {
    world w;
    sy_device_info info = {.size = sizeof info};
    (void)state;
    open_world(&w);
    assert_int_equal(w.api->device->describe(w.backend, 0, &info, NULL), SY_OK);
    assert_true((info.flags & SY_DEVICE_HOST_PROCESSOR) != 0);
    assert_true((info.flags & SY_DEVICE_GENERAL) != 0); /* goes behind `cpu` */
    assert_string_equal(info.platform, "ONNX Runtime 1.22.0");
    assert_true(info.units >= 1);
    assert_int_equal(w.api->device->info(w.device, &info, NULL), SY_OK);
    assert_int_equal(info.units, 3);
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(w.api->device->describe(w.backend, 1, &info, &err), SY_INVALID_ARGUMENT);
    expect_words(&err, "device 1 does not exist");
    close_world(&w);
}

static void threads_are_what_is_asked_for(void **state) {
    world w;
    sy_device_info info = {.size = sizeof info};
    (void)state;
    open_world(&w);
    assert_int_equal(w.stub->threads, 3);
    assert_int_equal(w.stub->between, 1);
    assert_int_equal(w.stub->optimisation, ORT_OPTIMISE_ALL);
    w.host.threads = "5";
    assert_int_equal(w.api->device->describe(w.backend, 0, &info, NULL), SY_OK);
    assert_int_equal(info.units, 5);
    w.host.threads = "0";
    assert_int_equal(w.api->device->describe(w.backend, 0, &info, NULL), SY_OK);
    assert_true(info.units >= 1); /* as many as there are */
    close_world(&w);
}

static void wrong_parameters_are_refused(void **state) {
    static const char *const rows[] = {"threads=", "threads=0", "threads=two", "threads=2,", "speed=1",
        "threads=99999999999999999999", "threads=1025", "threads"};
    world w;
    (void)state;
    open_world(&w);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_device *device = (sy_device *)&w;
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(w.api->device->open(w.backend, 0, rows[i], &device, &err), SY_INVALID_ARGUMENT);
        assert_null(device);
        expect_words(&err, "threads=1..1024");
    }
    close_world(&w);
}

static void what_fails_at_opening_is_told_and_undone(void **state) {
    static const char *const functions[] = {
        "create_env", "create_memory_info", "create_options", "set_optimisation", "set_intra", "set_inter"};
    world w;
    (void)state;
    open_world(&w);
    int before = w.stub->alive;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        sy_device *device = (sy_device *)&w;
        sy_error err = SY_ERROR_INIT;
        w.stub->fail = functions[i];
        assert_int_equal(w.api->device->open(w.backend, 0, "", &device, &err), SY_UNSUPPORTED);
        assert_null(device);
        expect_words(&err, functions[i]);
        assert_int_equal(w.stub->alive, before);
    }
    w.stub->fail = NULL;
    close_world(&w);
}

/* Single problems are none of its business, and it says so. */
static void there_is_no_single_work(void **state) {
    world w;
    sy_problem problem = {.size = sizeof problem};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_plan *plan = (sy_plan *)&w;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    open_world(&w);
    assert_int_equal(w.api->work->algorithm(w.device, &problem, 0, &algorithm, &err), SY_UNAVAILABLE);
    expect_words(&err, "steelyard infer");
    assert_int_equal(w.api->work->plan_create(w.device, &problem, 0, &plan, &err), SY_UNSUPPORTED);
    assert_null(plan);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_the_hosts_processor),
        cmocka_unit_test(threads_are_what_is_asked_for), cmocka_unit_test(wrong_parameters_are_refused),
        cmocka_unit_test(what_fails_at_opening_is_told_and_undone),
        cmocka_unit_test(there_is_no_single_work)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
