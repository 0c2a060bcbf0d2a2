/* Libraries: what is reported, what is missing and where it was looked for, the device and its parameters. */
#include "tests/unit/backends/horizon/rig.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void expect_none(rig *r, const char *words) {
    uint32_t count = 7;
    r->error = SY_ERROR_INIT;
    assert_int_equal(r->api->device->count(r->backend, &count, &r->error), SY_UNAVAILABLE);
    assert_int_equal(count, 0);
    rig_expect_words(r->error.text, words);
}

static void a_bare_machine(void **state) {
    static const char *const words[] = {"no Horizon BPU here", "libdnn.so", "STEELYARD_HORIZON_DNN",
        "STEELYARD_HORIZON_FOLDER", "looked in /no/such/folder"};
    rig r = {.root = "/no/such/root"};
    (void)state;
    rig_create(&r, "/no/such/folder");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        expect_none(&r, words[i]);
    assert_string_equal(r.libraries, "");
    rig_end(&r);
}

/* The driver without the library: the fix is another one. */
static void a_bpu_without_its_library(void **state) {
    char root[] = "/tmp/steelyard-horizon-XXXXXX", path[64];
    rig r = {0};
    (void)state;
    assert_non_null(mkdtemp(root));
    snprintf(path, sizeof path, "%s/dev", root);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/dev/bpu_core0", root);
    assert_int_equal(mkdir(path, 0700), 0);
    r.root = root;
    rig_create(&r, "/no/such/folder");
    expect_none(&r, "a Horizon BPU is here (/dev/bpu_core0) and cannot be used: ");
    rig_end(&r);
    rmdir(path);
    snprintf(path, sizeof path, "%s/dev", root);
    rmdir(path);
    rmdir(root);
}

static void a_file_that_is_no_such_library(void **state) {
    rig r = {.dnn = "/no/such/libdnn.so"};
    (void)state;
    rig_create(&r, "horizon");
    expect_none(&r, "/no/such/libdnn.so");
    rig_end(&r);
    r = (rig){.dnn = OTHER_LIBRARY};
    rig_create(&r, "horizon");
    expect_none(&r, "hbDNNInitializeFromFiles");
    rig_end(&r);
}

static void libraries_are_told(void **state) {
    rig r;
    sy_device_info info = {.size = sizeof info};
    (void)state;
    rig_open(&r, "horizon", "version=1.23.4");
    assert_string_equal(r.libraries, "horizon_dnn=libdnn.so ");
    assert_string_equal(r.versions, "horizon_dnn=1.23.4");
    assert_int_equal(r.api->device->info(r.device, &info, NULL), SY_OK);
    assert_int_equal(info.flags, SY_DEVICE_SIMULATED);
    assert_string_equal(info.platform, "hbDNN 1.23.4");
    assert_int_equal(r.api->device->describe(r.backend, 1, &info, &r.error), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "there is only 0");
    rig_end(&r);
}

/* What the board says of itself. */
static void the_chip_is_named(void **state) {
    rig r;
    sy_device_info info = {.size = sizeof info};
    char root[] = "/tmp/steelyard-horizon-XXXXXX", command[512];
    (void)state;
    assert_non_null(mkdtemp(root));
    snprintf(command, sizeof command,
        "cd %s && mkdir -p sys/class/socinfo sys/devices/system/bpu && echo X5 > sys/class/socinfo/soc_name "
        "&& "
        "echo 2 > sys/devices/system/bpu/core_num",
        root);
    assert_int_equal(system(command), 0);
    rig_open(&r, "horizon", "");
    r.root = root;
    assert_int_equal(r.api->device->info(r.device, &info, NULL), SY_OK);
    assert_string_equal(info.name, "BPU of X5");
    assert_int_equal(info.units, 2);
    r.root = NULL;
    rig_end(&r);
    snprintf(command, sizeof command, "rm -r %s", root);
    assert_int_equal(system(command), 0);
}

static void parameters(void **state) {
    static const struct {
        const char *params, *says; /* NULL: fine */
    } rows[] = {{"core=any", NULL}, {"core=0,model=net", NULL}, {"core=1", NULL},
        {"core=2", "must be any or 0 to 1"}, {"core=-1", "must be any or 0 to 1"},
        {"core=", "must be any or 0 to 1"}, {"model=", "there are model=NAME"}, {"x=1", "\"x=1\""},
        {",", "\"\""}, {"core=0,", "\"\""}};
    rig r;
    (void)state;
    rig_open(&r, "horizon", "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_device *device = NULL;
        r.error = SY_ERROR_INIT;
        sy_status status = r.api->device->open(r.backend, 0, rows[i].params, &device, &r.error);
        assert_int_equal(status, rows[i].says == NULL ? SY_OK : SY_INVALID_ARGUMENT);
        if (rows[i].says != NULL)
            rig_expect_words(r.error.text, rows[i].says);
        assert_int_equal(device == NULL, rows[i].says != NULL);
        r.api->device->close(device);
    }
    rig_end(&r);
}

static void another_abi_is_refused(void **state) {
    sy_error error = SY_ERROR_INIT;
    (void)state;
    assert_null(horizon_query(SY_ABI_MAJOR + 1, 0, &error));
    rig_expect_words(error.text, "horizon speaks ABI");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bare_machine),
        cmocka_unit_test(a_bpu_without_its_library), cmocka_unit_test(a_file_that_is_no_such_library),
        cmocka_unit_test(libraries_are_told), cmocka_unit_test(the_chip_is_named),
        cmocka_unit_test(parameters), cmocka_unit_test(another_abi_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
