/* Devices: counted, described, and what is said where there are none. */
#include <stdlib.h>

#include "tests/unit/backends/cambricon/world.h"

#define GENERATION "cambricon"

static void described(void **state) {
    (void)state;
    world w = {0};
    sy_device_info info = {.size = sizeof info};
    world_open(&w, GENERATION, "pci=0000:3B:00.0");
    assert_string_equal(w.reported, "cnrt 6.14.1; cnnl 2.2.6; cndev 5.8.2; ");
    assert_int_equal(w.on.api->device->info(w.on.device, &info, NULL), SY_OK);
    assert_string_equal(info.name, "MLU590-M9");
    assert_string_equal(info.vendor, "Cambricon");
    assert_string_equal(info.pci, "0000:3b:00.0");
    assert_string_equal(info.driver, "6.2.8");
    assert_string_equal(info.isa, "mlu_isa_592");
    assert_string_equal(info.platform, "CNRT 6.14.1, CNNL 2.2.6 (untested on hardware)");
    assert_string_equal(info.features, "f16, bf16, tf32, s8");
    assert_int_equal(
        info.dtypes, SY_DTYPE_BIT(SY_F32) | SY_DTYPE_BIT(SY_F16) | SY_DTYPE_BIT(SY_BF16)); /* of 2.x */
    assert_int_equal(info.units, 32);
    assert_int_equal(info.cache_bytes, 96 << 20);
    assert_true(info.memory_bytes > 0 && info.free_bytes > 0);
    assert_int_equal(info.flags & SY_DEVICE_SIMULATED, SY_DEVICE_SIMULATED);
    world_end(&w);
}

static void a_card_of_the_300_series_lacks_types(void **state) {
    (void)state;
    world w = {0};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    world_open(&w, GENERATION, "model=mlu370");
    world_refuse(&w, "gemm:m=8,n=8,k=8,dtype=bf16", "the card has no bf16");
    assert_false(world_has(&w, "gemm:m=8,n=8,k=8,math=tf32", "cnnl/matmul/tf32", &algorithm));
    world_solve(&w, "gemm:m=8,n=8,k=8,math=tf32", "cnnl/matmul");
    world_solve(&w, "conv2d:n=1,c=4,h=5,w=5,k=4,r=3,s=3,pad=1,layout=nhwc", "cnnl/conv");
    world_end(&w);
}

static void a_card_without_floating_point_is_refused(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "model=mlu270");
    world_refuse(&w, "gemm:m=8,n=8,k=8", "ARCH_MISMATCH");
    world_refuse(&w, "gemm:m=8,n=8,k=8,dtype=f16", "the card has no f16");
    world_end(&w);
}

/* A CNRT that does not know the attributes: nothing is taken for granted. */
static void what_is_not_told_is_unknown(void **state) {
    (void)state;
    world w = {0};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_device_info info = {.size = sizeof info};
    world_open(&w, GENERATION, "old_attributes=1");
    assert_int_equal(w.on.api->device->info(w.on.device, &info, NULL), SY_OK);
    assert_string_equal(info.features, "f16, bf16 unknown, tf32 unknown, s8");
    assert_int_equal(info.dtypes & SY_DTYPE_BIT(SY_BF16), 0);
    world_refuse(&w, "gemm:m=8,n=8,k=8,dtype=bf16", "whether the card has bf16 is unknown");
    assert_false(world_has(&w, "gemm:m=8,n=8,k=8,math=tf32", "cnnl/matmul/tf32", &algorithm));
    world_end(&w);
}

static void count_says(const char *settings, const char *words) {
    world w = {0};
    uint32_t count = 7;
    world_begin(&w, GENERATION, settings);
    assert_int_equal(w.on.api->device->count(w.backend, &count, &w.error), SY_UNAVAILABLE);
    assert_int_equal(count, 0);
    world_says(w.error.text, words);
    world_says(w.error.text, "/dev/cambricon_dev*");
    world_says(w.error.text, "MLU_VISIBLE_DEVICES");
    world_end(&w);
}

static void no_device_is_told_in_either_way(void **state) {
    (void)state;
    unsetenv("MLU_VISIBLE_DEVICES");
    count_says("devices=0", "MLU_VISIBLE_DEVICES is not set");
    count_says("devices=0;no_devices=error", "(100004)");
    assert_int_equal(setenv("MLU_VISIBLE_DEVICES", "9", 1), 0);
    count_says("devices=2", "MLU_VISIBLE_DEVICES is set, to 9");
    unsetenv("MLU_VISIBLE_DEVICES");
}

/* Describing another device leaves this thread's alone. */
static void threads_stay_on_their_device(void **state) {
    (void)state;
    world w = {0};
    sy_device_info info = {.size = sizeof info};
    world_open(&w, GENERATION, "devices=2");
    assert_int_equal(w.on.api->device->describe(w.backend, 1, &info, &w.error), SY_OK);
    assert_string_equal(info.pci, "0000:11:00.0");
    world_solve(&w, "gemm:m=8,n=8,k=8", "cnnl/matmul");
    world_end(&w);
}

static void libraries_that_are_missing(void **state) {
    (void)state;
    uint32_t count = 0;
    world w = {.folder = "/nowhere"};
    world_begin(&w, GENERATION, "");
    assert_int_equal(w.on.api->device->count(w.backend, &count, &w.error), SY_UNAVAILABLE);
    world_says(w.error.text, "looked in /nowhere");
    world_says(w.error.text, "NEUWARE_HOME");
    world_end(&w);
    w = (world){.cnnl = "/nowhere/libcnnl.so", .cndev = "/nowhere/libcndev.so"};
    world_open(&w, GENERATION, "");
    assert_string_equal(w.reported, "cnrt 6.14.1; ");
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(w.on.api->device->info(w.on.device, &info, NULL), SY_OK);
    assert_int_equal(info.dtypes, 0);
    assert_string_equal(info.platform, "CNRT 6.14.1 (untested on hardware)");
    world_refuse(&w, "gemm:m=8,n=8,k=8", "no CNNL");
    sy_sensor sensor = {.size = sizeof sensor};
    assert_int_equal(w.on.api->sensor->describe(w.on.device, 0, &sensor, &w.error), SY_UNAVAILABLE);
    world_says(w.error.text, "no CNDEV");
    world_end(&w);
}

static void parameters_are_refused(void **state) {
    (void)state;
    world w = {0};
    sy_device *device = NULL;
    world_begin(&w, GENERATION, "");
    assert_int_equal(w.on.api->device->open(w.backend, 0, "x=1", &device, &w.error), SY_INVALID_ARGUMENT);
    assert_null(device);
    assert_int_equal(w.on.api->device->open(w.backend, 1, "", &device, &w.error), SY_INVALID_ARGUMENT);
    world_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(described),
        cmocka_unit_test(a_card_of_the_300_series_lacks_types),
        cmocka_unit_test(a_card_without_floating_point_is_refused),
        cmocka_unit_test(what_is_not_told_is_unknown),
        cmocka_unit_test(no_device_is_told_in_either_way),
        cmocka_unit_test(threads_stay_on_their_device),
        cmocka_unit_test(libraries_that_are_missing),
        cmocka_unit_test(parameters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
