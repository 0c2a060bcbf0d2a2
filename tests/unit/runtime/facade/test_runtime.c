/* Backends and devices as an embedder sees them, and what is taken from the environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/facade/facade.h"
#include "steelyard/runtime.h"

static const char *const no_setting = NULL;

static const char *option(void *ctx, const char *key) {
    (void)ctx;
    return strcmp(key, "lib.vendor") == 0 ? STUB_FOLDER "/vendor_sim_mark.so" : no_setting;
}

static const sy_runtime_options stubs = {.size = sizeof stubs, .plugin_path = STUB_FOLDER, .option = option};

static void backends_are_listed_with_reasons(void **state) {
    sy_runtime *runtime = NULL;
    sy_backend_description found = {.size = sizeof found};
    uint32_t usable = 0, refused = 0;
    (void)state;
    assert_int_equal(sy_runtime_create(&stubs, &runtime, NULL), SY_OK);
    for (size_t i = 0; sy_runtime_backend(runtime, i, &found, NULL) == SY_OK; i++) {
        if (found.status == SY_OK)
            usable++;
        else
            refused++;
        assert_true((found.status == SY_OK) == (found.reason[0] == '\0'));
        assert_int_equal(found.size, sizeof found);
    }
    assert_null(found.name);
    assert_int_equal(usable, 7);
    assert_true(refused > 5);
    sy_runtime_destroy(runtime);
}

static void simulated_libraries_mark_the_device(void **state) {
    sy_device_info info = {.size = sizeof info};
    uint32_t count = 0;
    sy_runtime *runtime = NULL;
    sy_context *context = NULL;
    (void)state;
    assert_int_equal(sy_runtime_create(&stubs, &runtime, NULL), SY_OK);
    assert_int_equal(sy_context_open(runtime, "on_simulator", &context, NULL), SY_OK);
    assert_int_equal(sy_runtime_device_count(runtime, "on_simulator", &count, NULL), SY_OK);
    assert_int_equal(count, 1);
    assert_int_equal(sy_runtime_device(runtime, "on_simulator", 0, &info, NULL), SY_OK);
    assert_true((info.flags & SY_DEVICE_SIMULATED) != 0);
    info = (sy_device_info){.size = sizeof info};
    assert_int_equal(sy_context_info(context, &info, NULL), SY_OK);
    assert_true((info.flags & SY_DEVICE_SIMULATED) != 0);
    assert_int_equal(sy_runtime_device(runtime, "good", 0, &info, NULL), SY_OK);
    assert_true((info.flags & SY_DEVICE_SIMULATED) == 0);
    assert_string_equal(info.name, "host memory");
    assert_int_equal(sy_runtime_device(runtime, "good", 1, &info, NULL), SY_INVALID_ARGUMENT);
    assert_string_equal(info.name, "");
    sy_context_close(context);
    sy_runtime_destroy(runtime);
}

static void bad_devices_are_refused(void **state) {
    static const struct {
        const char *id;
        sy_status status;
    } rows[] = {{"", SY_INVALID_ARGUMENT}, {"nothing", SY_UNAVAILABLE}, {"good:1", SY_INVALID_ARGUMENT},
        {"good?x=1", SY_INVALID_ARGUMENT}, {"good@" STUB_FOLDER "/good.so:0", SY_UNSUPPORTED},
        {"no_note", SY_UNAVAILABLE}};
    sy_runtime *runtime = NULL;
    sy_context *context = NULL;
    sy_runtime_options unsized = {0};
    (void)state;
    assert_int_equal(sy_runtime_create(&stubs, &runtime, NULL), SY_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(sy_context_open(runtime, rows[i].id, &context, &err), rows[i].status);
        assert_true(err.text[0] != '\0');
        assert_null(context);
    }
    sy_runtime_destroy(runtime);
    assert_int_equal(sy_runtime_create(&unsized, &runtime, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_runtime_create(NULL, &runtime, NULL), SY_INVALID_ARGUMENT);
    assert_null(runtime);
}

static void environment_is_read_only_when_asked(void **state) {
    sy_runtime_options options = {.size = sizeof options};
    sy_runtime *runtime = NULL;
    sy_context *context = NULL;
    (void)state;
    setenv("STEELYARD_PLUGIN_PATH", STUB_FOLDER, 1);
    setenv("STEELYARD_VENDOR", STUB_FOLDER "/vendor_sim_mark.so", 1);
    assert_int_equal(sy_runtime_create(&options, &runtime, NULL), SY_OK);
    assert_int_equal(sy_context_open(runtime, "good", &context, NULL), SY_UNAVAILABLE);
    sy_runtime_destroy(runtime);
    options.flags = SY_RUNTIME_ENVIRONMENT;
    assert_int_equal(sy_runtime_create(&options, &runtime, NULL), SY_OK);
    assert_int_equal(sy_context_open(runtime, "on_simulator", &context, NULL), SY_OK);
    sy_context_close(context);
    sy_runtime_destroy(runtime);
    unsetenv("STEELYARD_PLUGIN_PATH");
    unsetenv("STEELYARD_VENDOR");
}

static void settings_have_names_in_the_environment(void **state) {
    static const char *const bad[] = {"", "PATH", "lib./x", "a-b", "lib.lib.x", "a=b", NULL};
    char folder[1024], tiny[4];
    (void)state;
    setenv("STEELYARD_ONEDNN", "/x/libdnnl.so", 1);
    setenv("STEELYARD_", "empty", 1);
    assert_string_equal(sy_environment_setting("lib.onednn"), "/x/libdnnl.so");
    assert_string_equal(sy_environment_setting("onednn"), "/x/libdnnl.so");
    for (int i = 0; bad[i] != NULL; i++)
        assert_null(sy_environment_setting(bad[i]));
    assert_null(
        sy_environment_setting("a_name_that_is_longer_than_any_setting_could_ever_be_in_this_program"));
    unsetenv("STEELYARD_ONEDNN");
    unsetenv("STEELYARD_");
    assert_null(sy_environment_setting("lib.onednn"));
    sy_environment_folder(folder, sizeof folder);
    assert_int_equal(folder[0], '/');
    assert_non_null(strstr(folder, "/../lib/steelyard")); /* linked into the program */
    sy_environment_folder(tiny, sizeof tiny);
    assert_string_equal(tiny, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backends_are_listed_with_reasons),
        cmocka_unit_test(simulated_libraries_mark_the_device),
        cmocka_unit_test(bad_devices_are_refused),
        cmocka_unit_test(environment_is_read_only_when_asked),
        cmocka_unit_test(settings_have_names_in_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
