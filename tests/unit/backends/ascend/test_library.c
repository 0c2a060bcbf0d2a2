/* Libraries: where they are looked for, what is said where they are not, what is reported. */
#include <stdlib.h>
#include <unistd.h>

#include "backends/ascend/ascend.h"
#include "backends/ascend/search.h"
#include "tests/unit/backends/ascend/rig.h"

typedef struct wishes {
    const char *folder, *file;
} wishes;

static const char *wish(void *ctx, const char *key) {
    const wishes *w = ctx;
    if (strcmp(key, "ascend_folder") == 0)
        return w->folder;
    return strcmp(key, "lib.ascendcl") == 0 ? w->file : NULL;
}

/* Where nothing is: the reason for having no devices. */
static void absent(const wishes *w, const char *const *words, size_t count) {
    sy_host host = {.size = sizeof host, .ctx = (void *)(uintptr_t)w, .option = wish};
    sy_backend *backend = NULL;
    sy_error error = SY_ERROR_INIT;
    uint32_t devices = 1;
    assert_int_equal(sy_card_create(&ascend_model, &host, &backend, &error), SY_OK);
    assert_int_equal(sy_card_device_api.count(backend, &devices, &error), SY_UNAVAILABLE);
    assert_int_equal(devices, 0);
    for (size_t i = 0; i < count; i++)
        rig_expect_words(error.text, words[i]);
    sy_card_destroy(backend);
}

static void a_bare_machine_says_what_is_missing(void **state) {
    const char *words[] = {"libascendcl.so", "libacl_rt.so", "ASCEND_HOME_PATH", "STEELYARD_ASCEND_FOLDER",
        "/usr/local/Ascend/cann/lib64", "lib.ascendcl"};
    (void)state;
    unsetenv("ASCEND_HOME_PATH");
    absent(&(wishes){NULL, NULL}, words, sizeof words / sizeof words[0]);
    setenv("ASCEND_HOME_PATH", "/no/cann", 1);
    const char *root[] = {"/no/cann/lib64"};
    absent(&(wishes){NULL, NULL}, root, 1);
    unsetenv("ASCEND_HOME_PATH");
}

static void a_named_folder_is_the_only_one(void **state) {
    const char *words[] = {"looked in /no/folder"};
    (void)state;
    absent(&(wishes){"/no/folder", NULL}, words, 1);
    const char *file[] = {"/no/libascendcl.so"};
    absent(&(wishes){NULL, "/no/libascendcl.so"}, file, 1);
}

static void a_root_has_its_libraries_in_lib64(void **state) {
    char root[] = "/tmp/steelyard-ascend-XXXXXX", link[600], target[600];
    sy_dynlib library;
    sy_error error = SY_ERROR_INIT;
    wishes none = {NULL, NULL};
    sy_backend backend = {.host = {.size = sizeof backend.host, .ctx = &none, .option = wish}};
    const ascend_library_row row = {"ascendcl", (const char *const[]){"libascendcl.so", NULL}, NULL};
    (void)state;
    assert_non_null(mkdtemp(root));
    snprintf(target, sizeof target, "%s/ascend", SIM_FOLDER);
    snprintf(link, sizeof link, "%s/lib64", root);
    assert_int_equal(symlink(target, link), 0);
    setenv("ASCEND_HOME_PATH", root, 1);
    assert_int_equal(ascend_search(&backend, &row, &library, &error), SY_OK);
    assert_non_null(strstr(library.path, "vendor_sim/ascend/libascendcl.so"));
    unsetenv("ASCEND_HOME_PATH");
    unlink(link);
    rmdir(root);
}

static void libraries_and_versions_are_reported(void **state) {
    rig r;
    (void)state;
    rig_begin(&r, "ascend", "");
    assert_string_equal(
        r.libraries, "ascendcl=libascendcl.so nnopbase=libnnopbase.so opapi=libopapi.so dcmi=libdcmi.so ");
    assert_non_null(strstr(r.versions, "ascendcl=ACL 1."));
    assert_non_null(strstr(r.versions, "dcmi="));
    rig_end(&r);
}

static void somebody_else_may_have_started_it(void **state) {
    rig r;
    uint32_t count = 0;
    (void)state;
    rig_begin(&r, "ascend", "");
    assert_int_equal(sim.calls("aclInit"), 1);
    sy_backend *other = NULL;
    sy_host host = r.backend->host;
    assert_int_equal(sy_card_create(&ascend_model, &host, &other, &r.error), SY_OK);
    assert_int_equal(sim.calls("aclInit"), 2);
    assert_int_equal(sy_card_device_api.count(other, &count, &r.error), SY_OK);
    assert_int_equal(count, 1);
    sy_card_destroy(other);
    rig_end(&r);
}

/* Devices copy without operators, and say why they do no more. */
static void a_runtime_alone(void **state) {
    char folder[] = "/tmp/steelyard-ascend-XXXXXX", link[600], target[600];
    rig r;
    sy_device_info info = {.size = sizeof info};
    (void)state;
    rig_begin(&r, "ascend", ""); /* its libraries are in this process now, wherever they are opened from */
    assert_non_null(mkdtemp(folder));
    snprintf(target, sizeof target, "%s/ascend/libascendcl.so", SIM_FOLDER);
    snprintf(link, sizeof link, "%s/libascendcl.so", folder);
    assert_int_equal(symlink(target, link), 0);
    sy_card_destroy(r.backend);
    wishes w = {folder, NULL};
    sy_host host = {.size = sizeof host, .ctx = &w, .option = wish};
    assert_int_equal(sy_card_create(&ascend_model, &host, &r.backend, &r.error), SY_OK);
    assert_int_equal(sy_card_device_api.describe(r.backend, 0, &info, &r.error), SY_OK);
    assert_int_equal(info.dtypes, 0);
    assert_string_equal(info.pci, "");
    assert_int_equal(sy_card_device_api.open(r.backend, 0, "", &r.device, &r.error), SY_OK);
    assert_int_equal(sy_card_queue_api.create(r.device, &r.queue, &r.error), SY_OK);
    rig_expect(&r, "gemm:m=8,n=8,k=8", "aclnnMm", "libnnopbase.so not found");
    sy_sensor sensor = {.size = sizeof sensor};
    assert_int_equal(sy_card_sensor_api.describe(r.device, 0, &sensor, &r.error), SY_UNAVAILABLE);
    rig_expect_words(r.error.text, "libdcmi.so not found");
    unlink(link);
    rmdir(folder);
    rig_end(&r);
}

/* Why there are no devices where the runtime is there: the driver, the container. */
static void the_driver_may_be_missing(void **state) {
    rig r;
    uint32_t count = 0;
    (void)state;
    rig_begin(&r, "ascend", "fail=aclInit:1:500004");
    assert_int_equal(sy_card_device_api.count(r.backend, &count, &r.error), SY_UNAVAILABLE);
    rig_expect_words(r.error.text, "the driver failed (500004)");
    rig_expect_words(r.error.text, "/dev/davinci_manager");
    rig_end(&r);
    rig_begin(&r, "ascend", "fail=aclrtGetDeviceCount:1:507899");
    assert_int_equal(sy_card_device_api.count(r.backend, &count, &r.error), SY_UNAVAILABLE);
    rig_expect_words(r.error.text, "ASCEND_RT_VISIBLE_DEVICES");
    rig_expect_words(r.error.text, "/usr/local/Ascend/driver");
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bare_machine_says_what_is_missing),
        cmocka_unit_test(a_named_folder_is_the_only_one), cmocka_unit_test(a_root_has_its_libraries_in_lib64),
        cmocka_unit_test(libraries_and_versions_are_reported),
        cmocka_unit_test(somebody_else_may_have_started_it), cmocka_unit_test(a_runtime_alone),
        cmocka_unit_test(the_driver_may_be_missing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
