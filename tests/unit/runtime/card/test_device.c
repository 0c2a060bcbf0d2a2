/* A backend's life, with its stack or without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/runtime/card/toy.h"

static void test_missing_stack(void **state) {
    sy_backend *backend = NULL;
    sy_error err = SY_ERROR_INIT;
    uint32_t count = 9;
    (void)state;
    toy = (toy_world){.is_missing = true};
    assert_int_equal(sy_card_create(&toy_model, NULL, &backend, NULL), SY_OK);
    assert_int_equal(sy_card_device_api.count(backend, &count, &err), SY_UNAVAILABLE);
    assert_int_equal(count, 0);
    assert_string_equal(err.text, "toy: no toy here");
    sy_device *device = NULL;
    assert_int_equal(sy_card_device_api.open(backend, 0, "", &device, &err), SY_UNAVAILABLE);
    assert_null(device);
    sy_card_destroy(backend);
    sy_card_destroy(NULL);
}

static void test_describing(void **state) {
    sy_backend *backend = NULL;
    sy_device_info info = {.size = sizeof info};
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_device *device = toy_begin(&backend);
    assert_int_equal(sy_card_device_api.describe(backend, 0, &info, NULL), SY_OK);
    assert_string_equal(info.name, "Toy");
    assert_int_equal(info.numa_node, -1);
    assert_int_equal(sy_card_device_api.describe(backend, 1, &info, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "no device 1"));
    assert_int_equal(sy_card_device_api.info(device, &info, NULL), SY_OK);
    assert_int_equal(info.free_bytes, 1000);
    struct {
        sy_device_info info;
        uint8_t behind;
    } small;
    memset(&small, 0xAB, sizeof small);
    small.info.size = offsetof(sy_device_info, vendor);
    assert_int_equal(sy_card_device_api.info(device, &small.info, NULL), SY_OK);
    assert_int_equal((unsigned char)small.info.vendor[0], 0xAB);
    toy_end(backend, device);
}

static void test_opening_fails(void **state) {
    sy_backend *backend = NULL;
    sy_device *device = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    toy = (toy_world){.fail_at = 1, .fail_with = TOY_FAILED};
    assert_int_equal(sy_card_create(&toy_model, NULL, &backend, NULL), SY_OK);
    assert_int_equal(sy_card_device_api.open(backend, 0, "", &device, &err), SY_INTERNAL);
    assert_string_equal(err.text, "toy:0: making it this thread's device: toy says no (7)");
    assert_int_equal(err.vendor_code, TOY_FAILED);
    assert_int_equal(sy_card_device_api.open(backend, 0, "x=1", &device, &err), SY_INVALID_ARGUMENT);
    assert_null(device);
    sy_card_destroy(backend);
}

static void test_no_sensors(void **state) {
    sy_backend *backend = NULL;
    sy_sensor sensor = {.size = sizeof sensor};
    double value = 0.0;
    (void)state;
    sy_device *device = toy_begin(&backend);
    assert_int_equal(sy_card_sensor_api.describe(device, 0, &sensor, NULL), SY_UNAVAILABLE);
    assert_int_equal(sy_card_sensor_api.read(device, 0, &value, NULL), SY_UNAVAILABLE);
    toy_end(backend, device);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_missing_stack),
        cmocka_unit_test(test_describing), cmocka_unit_test(test_opening_fails),
        cmocka_unit_test(test_no_sensors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
