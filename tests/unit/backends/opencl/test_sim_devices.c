/* Which devices there are and what they can do, on libraries and drivers of every kind. */
#include "tests/unit/backends/opencl/sim_world.h"

static sy_status count_devices(sim_world *w, uint32_t *out_count) {
    w->error = SY_ERROR_INIT;
    return w->api->device->count(w->backend, out_count, &w->error);
}

/* In a world without devices: unavailable, with words that help, whatever is asked. */
static void expect_none(const char *settings, const char *library, sy_status wanted, const char *words) {
    sim_world w = {.host.library = library};
    sim_begin(&w, settings);
    uint32_t count = 9;
    assert_int_equal(count_devices(&w, &count), wanted);
    assert_int_equal(count, 0);
    sim_expect_words(w.error.text, words);
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(w.api->device->describe(w.backend, 0, &info, &w.error), wanted);
    assert_int_equal(w.api->device->open(w.backend, 0, "", &w.device, &w.error), wanted);
    sim_expect_words(w.error.text, words);
    assert_null(w.device);
    sim_end(&w);
}

static void no_platform_names_the_package(void **state) {
    (void)state;
    expect_none("platforms=0", NULL, SY_UNAVAILABLE, "pocl-opencl-icd");
}

static void no_device_asks_for_the_card(void **state) {
    (void)state;
    expect_none("devices=0", NULL, SY_UNAVAILABLE, "no device");
    expect_none("devices=0;platforms=2", NULL, SY_UNAVAILABLE, "2 platforms");
}

static void no_library_names_the_path(void **state) {
    (void)state;
    expect_none("", "/nowhere/libOpenCL.so.1", SY_UNAVAILABLE, "/nowhere/libOpenCL.so.1");
}

static void another_library_is_none(void **state) {
    (void)state;
    expect_none("", NOT_OPENCL_PATH, SY_INCOMPATIBLE, "clGetPlatformIDs");
}

static void a_loader_that_fails_says_how(void **state) {
    (void)state;
    expect_none("fail=clGetPlatformIDs:1:-6", NULL, SY_UNAVAILABLE, "CL_OUT_OF_HOST_MEMORY");
}

static void a_platform_that_fails_costs_its_devices(void **state) {
    (void)state;
    sim_world w = {0};
    sim_begin(&w, "platforms=2;devices=2;fail=clGetDeviceIDs:1:-6");
    uint32_t count = 0;
    assert_int_equal(count_devices(&w, &count), SY_OK);
    assert_int_equal(count, 2);
    assert_non_null(strstr(w.host.log, "Simulated platform 0"));
    sim_end(&w);
}

static sy_device_info describe(sim_world *w, uint32_t index) {
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(w->api->device->describe(w->backend, index, &info, &w->error), SY_OK);
    return info;
}

static void devices_come_platform_by_platform(void **state) {
    (void)state;
    sim_world w = {0};
    sim_begin(&w, "platforms=2;devices=2;device=3;name=Last;pci=0000:af:00.0;units=3;memory=3G");
    uint32_t count = 0;
    assert_int_equal(count_devices(&w, &count), SY_OK);
    assert_int_equal(count, 4);
    sy_device_info first = describe(&w, 0), last = describe(&w, 3);
    assert_string_equal(first.name, "Simulated GPU 0");
    assert_string_equal(first.pci, "0000:10:00.0");
    assert_string_equal(last.name, "Last");
    assert_string_equal(last.pci, "0000:af:00.0");
    assert_string_equal(last.uuid, "51d00000-0000-0000-0000-000000000003");
    assert_int_equal(last.units, 3);
    assert_int_equal(last.memory_bytes, UINT64_C(3) << 30);
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(w.api->device->describe(w.backend, 4, &info, &w.error), SY_INVALID_ARGUMENT);
    sim_expect_words(w.error.text, "4");
    sim_end(&w);
}

static void what_a_device_cannot_do_is_not_offered(void **state) {
    (void)state;
    sim_world w = {0};
    sim_begin(&w, "devices=2;fp64=0;pci=;uuid=;device=1;fp64=1");
    sy_device_info none = describe(&w, 0), some = describe(&w, 1);
    assert_true((none.dtypes & SY_DTYPE_BIT(SY_F64)) == 0);
    assert_true((some.dtypes & SY_DTYPE_BIT(SY_F64)) != 0);
    assert_string_equal(none.pci, "");
    assert_string_equal(none.uuid, "");
    sim_end(&w);
}

/* A driver that says nothing sensible is taken to have the least there is, and nothing divides by zero. */
static void absurd_values_do_no_harm(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "units=0;group=0;simd=0;vector=0;alloc=0;memory=0;cache=0;local=0;align=0;resolution=0");
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(w.api->device->info(w.device, &info, &w.error), SY_OK);
    assert_true(info.units >= 1 && info.base_align >= 1);
    char name[64];
    (void)sim_candidate(&w, SIM_GEMM, name); /* may say no, may not fail otherwise */
    sim_end(&w);
}

static void absurdly_large_values_do_no_harm(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "units=-1;group=-1;simd=-1;vector=-1;alloc=-1;memory=-1;cache=-1;local=-1");
    sy_buffer *buffer = NULL;
    assert_true(sim_candidate(&w, SIM_GEMM, NULL) != 0 || w.error.text[0] != '\0');
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, UINT64_MAX, &buffer), SY_OUT_OF_MEMORY);
    assert_null(buffer);
    sim_end(&w);
}

static void a_driver_that_says_nothing_does_no_harm(void **state) {
    (void)state;
    for (uint64_t nth = 1;; nth++) {
        sim_world w = {0};
        sim_begin(&w, "type=cpu");
        cl_sim_fail("clGetDeviceInfo", nth, -30);
        w.error = SY_ERROR_INIT;
        sy_status status = w.api->device->open(w.backend, 0, "", &w.device, &w.error);
        bool has_struck = cl_sim_disarm() == 0;
        if (status != SY_OK)
            sim_expect_words(w.error.text, "opencl:0");
        else if (sim_candidate(&w, SIM_GEMM, NULL) == 0)
            sim_expect_words(w.error.text, "");
        sim_end(&w);
        if (!has_struck)
            break;
    }
}

static void expect_closed(const char *settings, sy_status wanted, const char *words) {
    sim_world w = {0};
    sim_begin(&w, settings);
    assert_int_equal(w.api->device->open(w.backend, 0, "", &w.device, &w.error), wanted);
    assert_null(w.device);
    sim_expect_words(w.error.text, words);
    sim_end(&w);
}

static void a_device_that_cannot_be_used_says_why(void **state) {
    (void)state;
    expect_closed("available=0", SY_UNAVAILABLE, "not available");
    expect_closed("compiler=0", SY_UNSUPPORTED, "no compiler");
    expect_closed("fail=clCreateContext:1:-6", SY_OUT_OF_MEMORY, "CL_OUT_OF_HOST_MEMORY");
    expect_closed("fail=clCreateContext:1:-2", SY_LOST, "CL_DEVICE_NOT_AVAILABLE");
    expect_closed("version=120;fail=clCreateCommandQueue:1:-5", SY_OUT_OF_MEMORY, "CL_OUT_OF_RESOURCES");
}

static void opencl_1_2_is_enough(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "version=120;dot=0;subgroups=0");
    assert_int_equal(cl_sim_calls("clCreateCommandQueueWithProperties"), 0);
    sim_work work = sim_work_make(&w);
    assert_int_equal(w.api->work->run(work.binding), SY_OK);
    assert_int_equal(sim_sync(&w), SY_OK);
    sim_work_free(&w, &work);
    sim_end(&w);
}

/* Another library, with a world of its own that says what its environment does. */
static void a_library_of_opencl_1_2_is_enough(void **state) {
    (void)state;
    sim_world w = {.host.library = SIM_1_2_PATH};
    sim_begin(&w, NULL);
    assert_null(w.backend->api.clCreateCommandQueueWithProperties);
    assert_int_equal(w.api->device->open(w.backend, 0, "", &w.device, &w.error), SY_OK);
    assert_int_equal(w.api->queue->create(w.device, &w.queue, &w.error), SY_OK);
    sim_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_platform_names_the_package),
        cmocka_unit_test(no_device_asks_for_the_card), cmocka_unit_test(no_library_names_the_path),
        cmocka_unit_test(another_library_is_none), cmocka_unit_test(a_loader_that_fails_says_how),
        cmocka_unit_test(a_platform_that_fails_costs_its_devices),
        cmocka_unit_test(devices_come_platform_by_platform),
        cmocka_unit_test(what_a_device_cannot_do_is_not_offered), cmocka_unit_test(absurd_values_do_no_harm),
        cmocka_unit_test(absurdly_large_values_do_no_harm),
        cmocka_unit_test(a_driver_that_says_nothing_does_no_harm),
        cmocka_unit_test(a_device_that_cannot_be_used_says_why), cmocka_unit_test(opencl_1_2_is_enough),
        cmocka_unit_test(a_library_of_opencl_1_2_is_enough)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
