/* What happens to a plugin file before and while it is loaded; above all that refused code never runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/registry/plugin.h"
#include "tests/unit/runtime/registry/place.h"

static sy_status open_plugin(const char *path, sy_plugin *plugin, sy_error *err) {
    sy_trust trust = sy_trust_of_process();
    *err = SY_ERROR_INIT;
    return sy_plugin_open(path, &trust, NULL, plugin, err);
}

static void good_file_is_opened(void **state) {
    temp_place place;
    char path[PATH_MAX];
    sy_plugin plugin;
    sy_error err;
    (void)state;
    place_create(&place);
    place_stub(&place, "good", "good.so", 0644, path);
    assert_int_equal(open_plugin(path, &plugin, &err), SY_OK);
    assert_string_equal(plugin.path, path);
    assert_int_equal(strlen(plugin.sha256), 64);
    assert_non_null(plugin.query);
    assert_string_equal(plugin.query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL)->name, "good");
    sy_plugin_close(&plugin);
    assert_null(plugin.handle);
    place_destroy(&place);
}

/* The constructor leaves a file if it ever ran: 1 for yes. */
static int constructor_ran(const temp_place *place, const char *path, sy_status expected) {
    char trace[PATH_MAX];
    sy_plugin plugin;
    sy_error err;
    setenv("STEELYARD_TEST_CONSTRUCTOR", place_path(place, "trace", trace), 1);
    assert_int_equal(open_plugin(path, &plugin, &err), expected);
    unsetenv("STEELYARD_TEST_CONSTRUCTOR");
    sy_plugin_close(&plugin);
    int ran = access(trace, F_OK) == 0;
    unlink(trace);
    return ran;
}

static void no_code_runs_in_a_refused_file(void **state) {
    temp_place place;
    char path[PATH_MAX], link[PATH_MAX];
    (void)state;
    place_create(&place);
    place_stub(&place, "constructor", "a.so", 0646, path);
    assert_int_equal(constructor_ran(&place, path, SY_REFUSED), 0);
    assert_int_equal(symlink(path, place_path(&place, "link.so", link)), 0);
    chmod(path, 0644);
    assert_int_equal(constructor_ran(&place, link, SY_REFUSED), 0);
    chmod(place.path, 0757);
    assert_int_equal(constructor_ran(&place, path, SY_REFUSED), 0);
    chmod(place.path, 0755);
    place_stub(&place, "silent_constructor", "b.so", 0644, link);
    assert_int_equal(constructor_ran(&place, link, SY_REFUSED), 0);
    assert_int_equal(
        constructor_ran(&place, path, SY_OK), 1); /* and when nothing speaks against it, it does */
    place_destroy(&place);
}

static void strangers_file_is_refused_unless_listed(void **state) {
    temp_place place;
    char path[PATH_MAX];
    sy_plugin plugin;
    sy_error err;
    sy_trust trust = sy_trust_of_process();
    (void)state;
    if (geteuid() != 0) {
        print_message("skipped: only root can give a file away\n");
        skip();
    }
    place_create(&place);
    place_stub(&place, "constructor", "a.so", 0644, path);
    assert_int_equal(chown(path, 2000, 2000), 0);
    assert_int_equal(constructor_ran(&place, path, SY_REFUSED), 0);
    trust.program_owner = 2000; /* root runs a program of that user */
    assert_int_equal(sy_plugin_open(path, &trust, NULL, &plugin, &err), SY_OK);
    sy_plugin_close(&plugin);
    trust.program_owner = 0;
    const char *other[] = {"0000000000000000000000000000000000000000000000000000000000000000", NULL};
    assert_int_equal(sy_plugin_open(path, &trust, other, &plugin, NULL), SY_REFUSED);
    const char *listed[] = {other[0], plugin.sha256, NULL};
    char sha256[65];
    snprintf(sha256, sizeof sha256, "%s", plugin.sha256);
    listed[1] = sha256;
    assert_int_equal(sy_plugin_open(path, &trust, listed, &plugin, &err), SY_OK);
    sy_plugin_close(&plugin);
    place_destroy(&place);
}

static void listed_file_still_needs_its_note(void **state) {
    temp_place place;
    char path[PATH_MAX], sha256[65];
    sy_plugin plugin;
    sy_error err;
    sy_trust trust = sy_trust_of_process();
    (void)state;
    place_create(&place);
    place_stub(&place, "no_note", "a.so", 0666, path);
    assert_int_equal(open_plugin(path, &plugin, &err), SY_REFUSED);
    assert_int_equal(strlen(plugin.sha256), 64);
    snprintf(sha256, sizeof sha256, "%s", plugin.sha256);
    const char *listed[] = {sha256, NULL};
    assert_int_equal(sy_plugin_open(path, &trust, listed, &plugin, &err), SY_REFUSED);
    assert_non_null(strstr(err.text, "ABI note"));
    place_destroy(&place);
}

static void reasons_of_bad_files(void **state) {
    static const struct {
        const char *stub;
        sy_status status;
        const char *words;
    } rows[] = {
        {"no_note", SY_REFUSED, "no Steelyard ABI note"},
        {"wrong_major", SY_INCOMPATIBLE, "ABI 2.0, this program speaks 1."},
        {"missing_symbol", SY_INCOMPATIBLE, "does not export sy_backend_query"},
    };
    temp_place place;
    char path[PATH_MAX];
    sy_plugin plugin;
    sy_error err;
    (void)state;
    place_create(&place);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        place_stub(&place, rows[i].stub, "x.so", 0644, path);
        assert_int_equal(open_plugin(path, &plugin, &err), rows[i].status);
        assert_non_null(strstr(err.text, rows[i].words));
        assert_non_null(strstr(err.text, path));
        assert_null(plugin.handle);
    }
    place_destroy(&place);
}

static void things_that_are_no_plugin(void **state) {
    temp_place place;
    char path[PATH_MAX];
    sy_plugin plugin;
    sy_error err;
    (void)state;
    place_create(&place);
    assert_int_equal(open_plugin("relative.so", &plugin, &err), SY_REFUSED);
    assert_int_equal(open_plugin("", &plugin, &err), SY_REFUSED);
    assert_int_equal(open_plugin("/no/such/folder/x.so", &plugin, &err), SY_UNAVAILABLE);
    assert_int_equal(open_plugin(place_path(&place, "absent.so", path), &plugin, &err), SY_UNAVAILABLE);
    assert_int_equal(open_plugin(place.path, &plugin, &err), SY_REFUSED);
    assert_int_equal(mkfifo(place_path(&place, "fifo.so", path), 0644), 0);
    assert_int_equal(open_plugin(path, &plugin, &err), SY_REFUSED); /* and it does not wait for a writer */
    place_file(&place, "text.so", "hello", 5, 0644);
    assert_int_equal(open_plugin(place_path(&place, "text.so", path), &plugin, &err), SY_INCOMPATIBLE);
    place_file(&place, "empty.so", "", 0, 0644);
    assert_int_equal(open_plugin(place_path(&place, "empty.so", path), &plugin, &err), SY_INCOMPATIBLE);
    place_destroy(&place);
}

/* Make every call of the open fail in turn; each failure is a clean status with nothing left open. */
static void every_fault_is_a_status(void **state) {
    temp_place place;
    char path[PATH_MAX];
    sy_plugin plugin;
    sy_error err;
    uint64_t calls = 0;
    (void)state;
    place_create(&place);
    place_stub(&place, "good", "good.so", 0644, path);
    const uint32_t kinds = SY_SEAM_ALLOC | SY_SEAM_FILE | SY_SEAM_DYNLIB;
    sy_seam_arm(kinds, UINT64_MAX);
    assert_int_equal(open_plugin(path, &plugin, &err), SY_OK);
    calls = sy_seam_disarm();
    sy_plugin_close(&plugin);
    assert_true(calls >= 6);
    for (uint64_t k = 1; k <= calls; k++) {
        sy_seam_arm(kinds, k);
        sy_status status = open_plugin(path, &plugin, &err);
        sy_seam_disarm();
        assert_int_not_equal(status, SY_OK);
        assert_true(err.text[0] != '\0');
        assert_null(plugin.handle);
    }
    place_destroy(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_file_is_opened),
        cmocka_unit_test(no_code_runs_in_a_refused_file),
        cmocka_unit_test(strangers_file_is_refused_unless_listed),
        cmocka_unit_test(listed_file_still_needs_its_note),
        cmocka_unit_test(reasons_of_bad_files),
        cmocka_unit_test(things_that_are_no_plugin),
        cmocka_unit_test(every_fault_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
