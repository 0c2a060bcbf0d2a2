/* Devices: what is told of them, opening, closing. */
#include "tests/unit/backends/opencl/world.h"

static void every_device_is_described(void **state) {
    world w = {0};
    uint32_t count = 0;
    (void)state;
    world_backend(&w);
    assert_int_equal(w.api->device->count(w.backend, &count, NULL), SY_OK);
    assert_int_equal(count, w.backend->places);
    for (uint32_t i = 0; i < count; i++) {
        sy_device_info info = {.size = sizeof info};
        assert_int_equal(w.api->device->describe(w.backend, i, &info, NULL), SY_OK);
        assert_int_equal(info.index, i);
        assert_true(info.name[0] != '\0' && info.driver[0] != '\0' && info.units > 0);
        assert_memory_equal(info.isa, "OpenCL ", 7);
        assert_true(info.memory_bytes > 0 && info.max_alloc_bytes > 0);
        assert_true(info.max_alloc_bytes <= info.memory_bytes);
        assert_true(info.base_align > 0 && (info.base_align & (info.base_align - 1)) == 0);
        assert_true((info.dtypes & SY_DTYPE_BIT(SY_F32)) != 0);
        /* The host's own processor is no card: other backends know it by nothing. */
        if ((info.flags & SY_DEVICE_HOST_PROCESSOR) != 0)
            assert_true(info.pci[0] == '\0' && info.uuid[0] == '\0');
    }
    w.api->destroy(w.backend);
}

static void a_number_past_the_end_is_refused(void **state) {
    world w = {0};
    sy_device_info info = {.size = sizeof info};
    sy_device *device = NULL;
    (void)state;
    world_backend(&w);
    world_refused(
        w.api->device->describe(w.backend, w.backend->places, &info, err), SY_INVALID_ARGUMENT, "no device");
    world_refused(w.api->device->open(w.backend, UINT32_MAX, "", &device, err), SY_INVALID_ARGUMENT,
        "no device 4294967295");
    assert_null(device);
    w.api->destroy(w.backend);
}

static void parameters_change_what_is_told(void **state) {
    world w = {0};
    sy_device_info info = {.size = sizeof info};
    sy_device *device = NULL;
    (void)state;
    world_open(&w, "fp64=0,local=0");
    assert_int_equal(w.api->device->info(w.device, &info, NULL), SY_OK);
    assert_true((info.dtypes & SY_DTYPE_BIT(SY_F64)) == 0);
    assert_int_equal(w.device->traits.local_bytes, 0);
    world_refused(w.api->device->open(w.backend, 0, "speed=9", &device, err), SY_INVALID_ARGUMENT, "'speed'");
    assert_null(device);
    world_close(&w);
}

static void a_shorter_description_is_filled_so_far(void **state) {
    world w = {0};
    sy_device_info info;
    (void)state;
    world_backend(&w);
    memset(&info, 0x5a, sizeof info);
    info.size = offsetof(sy_device_info, driver);
    assert_int_equal(w.api->device->describe(w.backend, 0, &info, NULL), SY_OK);
    assert_int_equal(info.size, offsetof(sy_device_info, driver));
    assert_true(
        info.name[0] != '\0' && info.driver[0] == 0x5a && info.dtypes == UINT64_C(0x5a5a5a5a5a5a5a5a));
    w.api->destroy(w.backend);
}

static void traits_are_sane(void **state) {
    world w = {0};
    (void)state;
    world_backend(&w);
    for (uint32_t i = 0; i < w.backend->places; i++) {
        ocl_traits traits;
        ocl_traits_read(&w.backend->api, &w.backend->place[i], &traits);
        assert_in_range(traits.kind, OCL_CPU, OCL_ACCELERATOR);
        assert_in_range(traits.version, 100, 399);
        assert_in_range(traits.c_version, 100, 399);
        assert_true(traits.units >= 1 && traits.simd >= 1 && traits.vector_f32 >= 1);
        assert_true(traits.max_work_group >= 1 && traits.max_items[0] >= 1 && traits.max_items[2] >= 1);
        assert_true(!traits.has_local || traits.local_bytes > 0);
        assert_true(traits.name[0] != '\0' && traits.platform[0] != '\0');
    }
    w.api->destroy(w.backend);
}

static void closing_leaves_nothing(void **state) {
    world w = {0};
    (void)state;
    world_backend(&w);
    for (int i = 0; i < 20; i++) {
        sy_device *device = NULL;
        assert_int_equal(w.api->device->open(w.backend, 0, "", &device, NULL), SY_OK);
        w.api->device->close(device);
    }
    w.api->device->close(NULL);
    w.api->destroy(w.backend);
    w.api->destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_device_is_described),
        cmocka_unit_test(a_number_past_the_end_is_refused),
        cmocka_unit_test(parameters_change_what_is_told),
        cmocka_unit_test(a_shorter_description_is_filled_so_far),
        cmocka_unit_test(traits_are_sane),
        cmocka_unit_test(closing_leaves_nothing),
    };
    return world_exists() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
