/* What is not there is told with where it was looked for and what helps; the environment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/cuda_family/environment.h"
#include "tests/unit/backends/cuda_family/stack_rig.h"

static void test_no_library(void **state) {
    (void)state;
    stack_rig rig;
    stack_rig_begin(&rig, &cf_stack_maca, NULL, NULL, NULL);
    strcpy(rig.folder, "/nowhere/at/all");
    assert_int_equal(stack_rig_create(&rig), SY_UNAVAILABLE);
    assert_non_null(strstr(rig.error.text, "no MetaX MACA here: libmcruntime.so not found"));
    assert_non_null(strstr(rig.error.text, "/nowhere/at/all"));
    assert_non_null(strstr(rig.error.text, "STEELYARD_MACA_FOLDER"));
    assert_non_null(strstr(rig.error.text, "MACA_PATH"));
    stack_rig_end(&rig);
    /* Those of the row. */
    stack_rig_begin(&rig, &cf_stack_corex, NULL, NULL, NULL);
    setenv("COREX_HOME", "/nowhere/corex", 1);
    assert_int_equal(stack_rig_create(&rig), SY_UNAVAILABLE);
    assert_non_null(strstr(rig.error.text, "/nowhere/corex/lib64, /usr/local/corex/lib64"));
    unsetenv("COREX_HOME");
    stack_rig_end(&rig);
}

static uint32_t count(stack_rig *rig, sy_status wanted) {
    uint32_t devices = 99;
    assert_int_equal(stack_rig_create(rig), SY_OK);
    assert_int_equal(sy_card_device_api.count(rig->backend, &devices, &rig->error), wanted);
    return devices;
}

static void test_no_device(void **state) {
    (void)state;
    stack_rig rig;
    setenv("CUDA_VISIBLE_DEVICES", "-1", 1);
    stack_rig_begin(&rig, &cf_stack_cuda, "nvidia", "libcudart.so.13", "devices=0");
    assert_int_equal(count(&rig, SY_UNAVAILABLE), 0);
    assert_non_null(strstr(rig.error.text, "CUDA_VISIBLE_DEVICES is set to '-1'"));
    assert_non_null(strstr(rig.error.text, "there is no /dev/nvidiactl"));
    assert_non_null(strstr(rig.error.text, "NVIDIA_DRIVER_CAPABILITIES=compute,utility"));
    stack_rig_end(&rig);
    unsetenv("CUDA_VISIBLE_DEVICES");
    stack_rig_begin(&rig, &cf_stack_hip, "rocm", "libamdhip64.so.6", "devices=0");
    count(&rig, SY_UNAVAILABLE);
    assert_null(strstr(rig.error.text, "VISIBLE_DEVICES"));
    assert_non_null(strstr(rig.error.text, "/dev/kfd"));
    stack_rig_end(&rig);
}

/* The driver is too old; the nodes are there. */
static void test_old_driver(void **state) {
    (void)state;
    stack_rig rig;
    char root[] = "/tmp/steelyard-absence-XXXXXX", line[256];
    assert_non_null(mkdtemp(root));
    snprintf(line, sizeof line, "mkdir %s/dev && touch %s/dev/nvidiactl %s/dev/nvidia0", root, root, root);
    assert_int_equal(system(line), 0);
    stack_rig_begin(
        &rig, &cf_stack_cuda, "nvidia", "libcudart.so.13", "fail=cudaGetDeviceCount:2:35;row.driver=11040");
    rig.sysroot = root;
    count(&rig, SY_UNAVAILABLE);
    assert_non_null(strstr(rig.error.text, "its driver is 11040, its runtime 13000"));
    assert_null(strstr(rig.error.text, "/dev/"));
    stack_rig_end(&rig);
    snprintf(line, sizeof line, "rm -r %s", root);
    assert_int_equal(system(line), 0);
}

static void test_folders(void **state) {
    (void)state;
    static const char *const list[] = {"", "$SY_TEST_ROOT/lib", "$SY_TEST_UNSET/lib", "/last", NULL};
    const cf_stack stack = {.folders = list};
    cf_folders folders;
    unsetenv("SY_TEST_UNSET");
    setenv("SY_TEST_ROOT", "/root/of/it", 1);
    cf_folders_fill(&stack, NULL, "/first", &folders);
    assert_string_equal(folders.list[0], "/first");
    assert_string_equal(folders.list[1], "");
    assert_string_equal(folders.list[2], "/root/of/it/lib");
    assert_string_equal(folders.list[3], "/last");
    assert_null(folders.list[4]);
    char endless[400];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    setenv("SY_TEST_ROOT", endless, 1);
    cf_folders_fill(&stack, NULL, "", &folders);
    assert_string_equal(folders.list[1], "/last");
    cf_folders_fill(&stack, "/alone", "/first", &folders);
    assert_string_equal(folders.list[0], "/alone");
    assert_null(folders.list[1]);
    unsetenv("SY_TEST_ROOT");
}

/* What changes precision behind the calls is unset, with a warning, before a library is opened. */
static void test_lowering(void **state) {
    (void)state;
    stack_rig rig;
    setenv("NVIDIA_TF32_OVERRIDE", "1", 1);
    setenv("CUBLAS_EMULATE_DOUBLE_PRECISION", "1", 1);
    stack_rig_begin(&rig, &cf_stack_cuda, "nvidia", "libcudart.so.13", "");
    assert_int_equal(stack_rig_create(&rig), SY_OK);
    assert_int_equal(rig.warnings, 2);
    assert_non_null(strstr(rig.log, "CUBLAS_EMULATE_DOUBLE_PRECISION=1 is unset"));
    assert_string_equal(stack_rig_libraries(&rig)->unset,
        "NVIDIA_TF32_OVERRIDE unset, CUBLAS_EMULATE_DOUBLE_PRECISION unset");
    assert_null(getenv("NVIDIA_TF32_OVERRIDE"));
    assert_null(getenv("CUBLAS_EMULATE_DOUBLE_PRECISION"));
    stack_rig_end(&rig);
}

/* BLAS alone: the rest is refused with its reason, and the device works. */
static void test_partial(void **state) {
    (void)state;
    stack_rig rig;
    stack_rig_begin(&rig, &cf_stack_cuda, "nvidia_bare", "libcudart.so.13", "");
    assert_int_equal(stack_rig_open(&rig), SY_OK);
    const cf_libraries *libraries = stack_rig_libraries(&rig);
    assert_int_equal(libraries->blas[0].status, SY_OK);
    assert_int_equal(libraries->lt_status, SY_UNAVAILABLE);
    assert_int_equal(libraries->dnn_status, SY_UNAVAILABLE);
    assert_non_null(strstr(libraries->dnn_reason.text, "libcudnn.so.9"));
    sy_sensor sensor = {.size = sizeof sensor};
    assert_int_equal(cf_sensor_describe(rig.device, 0, &sensor, &rig.error), SY_UNAVAILABLE);
    assert_non_null(strstr(rig.error.text, "nvml"));
    stack_rig_end(&rig);
    /* A muDNN from before it had functions for C. */
    stack_rig_begin(&rig, &cf_stack_musa, "musa_old", "libmusart.so.4", "");
    assert_int_equal(stack_rig_open(&rig), SY_OK);
    assert_int_equal(stack_rig_libraries(&rig)->dnn_status, SY_INCOMPATIBLE);
    assert_non_null(strstr(stack_rig_libraries(&rig)->dnn_reason.text, "mudnnCreate"));
    assert_int_equal(cf_device_of(rig.device)->numbers[0].status, SY_OK);
    stack_rig_end(&rig);
}

/* A driver was seen to report more free memory than there is. */
static void test_more_free_than_there_is(void **state) {
    (void)state;
    stack_rig rig;
    sy_device_info info = {.size = sizeof info};
    stack_rig_begin(&rig, &cf_stack_ppu, "ppu", "libcudart.so", "more_free_than_total=1;pci=0000:14:00.0");
    assert_int_equal(stack_rig_create(&rig), SY_OK);
    assert_int_equal(sy_card_device_api.describe(rig.backend, 0, &info, &rig.error), SY_OK);
    assert_int_equal(info.memory_bytes, INT64_C(1) << 30);
    assert_int_equal(info.free_bytes, info.memory_bytes);
    stack_rig_end(&rig);
}

int main(void) {
    /* The first one first: the others load libraries that the loader would then find. */
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_partial), cmocka_unit_test(test_no_library),
        cmocka_unit_test(test_no_device), cmocka_unit_test(test_old_driver), cmocka_unit_test(test_folders),
        cmocka_unit_test(test_lowering), cmocka_unit_test(test_more_free_than_there_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
