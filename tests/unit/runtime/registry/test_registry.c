/* The registry as its callers see it: stubs on a path, built-in backends, creation, libraries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/registry/registry.h"
#include "tests/plugins/host.h"
#include "tests/unit/runtime/registry/place.h"

static const sy_backend_api inside_api = {
    .size = sizeof inside_api,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "inside",
    .version = "2.5",
    .create = host_create,
    .destroy = host_destroy,
    .device = &host_device,
    .memory = &host_memory,
    .queue = &host_queue,
    .work = &host_work,
};

static const sy_backend_api *query_inside(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)err;
    assert_int_equal(host_major, SY_ABI_MAJOR);
    assert_int_equal(host_minor, SY_ABI_MINOR);
    return &inside_api;
}

static const sy_backend_api *query_silent(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_major, (void)host_minor, (void)err;
    return NULL;
}

static const sy_builtin builtins[] = {{"inside", query_inside}, {"silent", query_silent}};

/* The entry of that name; fails the test if there is none. */
static sy_registry_entry entry_of(const sy_registry *registry, const char *name) {
    for (size_t i = 0; i < sy_registry_count(registry); i++)
        if (strcmp(sy_registry_get(registry, i).name, name) == 0)
            return sy_registry_get(registry, i);
    fail_msg("no entry \"%s\"", name);
    return (sy_registry_entry){0};
}

static void stubs_are_judged_one_by_one(void **state) {
    static const struct {
        const char *name;
        sy_status status;
        const char *words;
    } rows[] = {
        {"good", SY_OK, ""},
        {"older_minor", SY_OK, ""},
        {"newer_minor", SY_OK, ""},
        {"on_simulator", SY_OK, ""},
        {"constructor", SY_OK, ""},
        {"packs", SY_OK, ""},
        {"any", SY_OK, ""},
        {"wrong_major", SY_INCOMPATIBLE, "ABI 2."},
        {"two_versions", SY_INCOMPATIBLE, "ABI 2."},
        {"wrong_size", SY_INCOMPATIBLE, "32 bytes"},
        {"missing_hook", SY_INCOMPATIBLE, "missing hooks: queue.create, queue.destroy, queue.sync"},
        {"missing_symbol", SY_INCOMPATIBLE, "sy_backend_query"},
        {"no_note", SY_REFUSED, "ABI note"},
        {"silent_constructor", SY_REFUSED, "ABI note"},
        {"vendor_sim_mark", SY_REFUSED, "ABI note"},
        {"declines", SY_INCOMPATIBLE, "this plugin wants a newer host"},
        {"bad_name", SY_INCOMPATIBLE, "bad backend name"},
    };
    const sy_registry_options options = {.plugin_path = STUB_FOLDER};
    sy_registry *registry = NULL;
    (void)state;
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_count(registry), sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_registry_entry entry = entry_of(registry, rows[i].name);
        if (entry.status != rows[i].status || strstr(entry.reason, rows[i].words) == NULL)
            fail_msg("%s: %d, \"%s\"", rows[i].name, entry.status, entry.reason);
        assert_true((entry.status == SY_OK) == (entry.reason[0] == '\0'));
        assert_int_equal(strlen(entry.sha256), 64);
        assert_non_null(strstr(entry.path, strcmp(entry.name, "any") == 0 ? "general.so" : entry.name));
        assert_true(entry.status == SY_OK || strstr(entry.reason, entry.path) != NULL);
    }
    sy_registry_destroy(registry);
}

static void builtins_come_first(void **state) {
    const sy_registry_options options = {.builtins = builtins, .builtin_count = 2};
    sy_registry *registry = NULL;
    sy_backend_ref first, again;
    (void)state;
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_count(registry), 2);
    sy_registry_entry entry = sy_registry_get(registry, 0);
    assert_string_equal(entry.name, "inside");
    assert_string_equal(entry.path, "");
    assert_string_equal(entry.sha256, "");
    assert_string_equal(entry.version, "2.5");
    assert_int_equal(entry.status, SY_OK);
    assert_int_equal(sy_registry_get(registry, 1).status, SY_INCOMPATIBLE);
    assert_true(sy_registry_get(registry, 1).reason[0] != '\0');
    assert_int_equal(sy_registry_backend(registry, "inside", &first, NULL), SY_OK);
    assert_int_equal(sy_registry_backend(registry, "inside", &again, NULL), SY_OK);
    assert_ptr_equal(first.backend, again.backend);
    sy_registry_destroy(registry);
}

static void first_of_a_name_wins(void **state) {
    temp_place one, two;
    char path[PATH_MAX], list[PATH_MAX];
    sy_registry *registry = NULL;
    (void)state;
    place_create(&one);
    place_create(&two);
    place_stub(&one, "good", "first.so", 0644, path);
    place_stub(&two, "good", "second.so", 0644, path);
    snprintf(list, sizeof list, "%s:%s:%s", one.path, two.path, one.path);
    const sy_registry_options options = {.plugin_path = list, .plugin_folder = two.path};
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_count(registry), 2); /* a file met twice counts once */
    assert_int_equal(sy_registry_get(registry, 0).status, SY_OK);
    assert_string_equal(sy_registry_get(registry, 0).name, "good");
    assert_int_equal(sy_registry_get(registry, 1).status, SY_REFUSED);
    assert_non_null(strstr(sy_registry_get(registry, 1).reason, "first.so"));
    sy_registry_destroy(registry);
    place_destroy(&one);
    place_destroy(&two);
}

static void path_elements_are_checked(void **state) {
    const sy_registry_options options = {.plugin_path = "relative/folder::/no/such/folder:/dev/null",
        .plugin_folder = "/no/such/folder/either"};
    sy_registry *registry = NULL;
    (void)state;
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_count(registry), 4);
    assert_string_equal(sy_registry_get(registry, 0).path, "relative/folder");
    assert_int_equal(sy_registry_get(registry, 0).status, SY_REFUSED);
    assert_int_equal(sy_registry_get(registry, 1).status, SY_REFUSED);
    assert_non_null(strstr(sy_registry_get(registry, 1).reason, "empty"));
    assert_int_equal(sy_registry_get(registry, 2).status, SY_UNAVAILABLE);
    assert_int_equal(sy_registry_get(registry, 3).status, SY_UNAVAILABLE);
    sy_registry_destroy(registry);
}

static void only_shared_objects_are_looked_at(void **state) {
    temp_place place;
    char path[PATH_MAX];
    sy_registry *registry = NULL;
    (void)state;
    place_create(&place);
    place_file(&place, "README", "x", 1, 0644);
    place_file(&place, ".hidden.so", "x", 1, 0644);
    place_file(&place, ".so", "x", 1, 0644);
    place_stub(&place, "good", "good.so.1", 0644, path);
    place_file(&place, "broken.so", "x", 1, 0644);
    const sy_registry_options options = {.plugin_folder = place.path};
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_count(registry), 1);
    assert_string_equal(sy_registry_get(registry, 0).name, "broken");
    sy_registry_destroy(registry);
    place_destroy(&place);
}

static void writable_file_costs_only_itself(void **state) {
    temp_place place;
    char path[PATH_MAX], folder_link[PATH_MAX];
    sy_registry *registry = NULL;
    (void)state;
    place_create(&place);
    place_stub(&place, "constructor", "bad.so", 0666, path);
    place_stub(&place, "good", "good.so", 0644, path);
    assert_int_equal(symlink(place.path, place_path(&place, "here", folder_link)), 0);
    const sy_registry_options options = {.plugin_path = folder_link}; /* links on the way are followed */
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_count(registry), 2);
    assert_int_equal(entry_of(registry, "bad").status, SY_REFUSED);
    assert_int_equal(entry_of(registry, "good").status, SY_OK);
    assert_string_equal(entry_of(registry, "good").path, path);
    sy_registry_destroy(registry);
    place_destroy(&place);
}

static void one_file_alone(void **state) {
    const sy_registry_options options = {
        .builtins = builtins, .builtin_count = 2, .plugin_path = STUB_FOLDER};
    sy_registry *registry = NULL;
    sy_backend_ref ref;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(
        sy_registry_create_from_file(&options, STUB_FOLDER "/older_minor.so", &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_count(registry), 1);
    assert_int_equal(sy_registry_backend(registry, "older_minor", &ref, NULL), SY_OK);
    assert_null(ref.api->queue->event_create);
    assert_int_equal(sy_registry_backend(registry, "inside", &ref, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "older_minor"));
    assert_null(ref.api);
    sy_registry_destroy(registry);
}

static void unknown_and_refused_names_are_explained(void **state) {
    const sy_registry_options options = {.plugin_path = STUB_FOLDER};
    sy_registry *registry = NULL;
    sy_backend_ref ref;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_backend(registry, "nothing", &ref, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "good"));
    assert_int_equal(sy_registry_backend(registry, "no_note", &ref, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "ABI note"));
    assert_int_equal(sy_registry_backend(registry, "on_simulator", &ref, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "set lib.vendor"));
    sy_registry_destroy(registry);
    assert_int_equal(sy_registry_create(&(sy_registry_options){0}, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_backend(registry, "cpu", &ref, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "none"));
    sy_registry_destroy(registry);
    sy_registry_destroy(NULL);
}

/* Settings and log of one test, behind the host's services. */
typedef struct test_sink {
    const char *vendor;
    char log[256];
    uint32_t level;
} test_sink;

static const char *option(void *ctx, const char *key) {
    const test_sink *sink = ctx;
    return strcmp(key, "lib.vendor") == 0 ? sink->vendor : NULL;
}

static void log_line(void *ctx, uint32_t level, const char *text) {
    test_sink *sink = ctx;
    sink->level = level;
    snprintf(sink->log, sizeof sink->log, "%s", text);
}

static void simulated_library_is_seen(void **state) {
    test_sink sink = {.vendor = STUB_FOLDER "/vendor_sim_mark.so"};
    const sy_registry_options options = {
        .plugin_path = STUB_FOLDER, .option = option, .log = log_line, .ctx = &sink};
    sy_registry *registry = NULL;
    sy_backend_ref ref;
    const sy_library *libraries = NULL;
    (void)state;
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_libraries(registry, "on_simulator", &libraries), 0);
    assert_false(sy_registry_is_simulated(registry, "on_simulator"));
    assert_int_equal(sy_registry_backend(registry, "on_simulator", &ref, NULL), SY_OK);
    assert_int_equal(sy_registry_libraries(registry, "on_simulator", &libraries), 1);
    assert_string_equal(libraries[0].name, "vendor");
    assert_non_null(strstr(libraries[0].path, "/vendor_sim_mark.so"));
    assert_string_equal(libraries[0].version, "9.1");
    assert_int_equal(libraries[0].simulated, 1);
    assert_true(sy_registry_is_simulated(registry, "on_simulator"));
    assert_string_equal(sink.log, "on_simulator: created");
    assert_int_equal(sink.level, SY_LOG_DEBUG);
    assert_false(sy_registry_is_simulated(registry, "good"));
    assert_false(sy_registry_is_simulated(registry, "nothing"));
    sy_registry_destroy(registry);
}

static void real_library_is_not_marked(void **state) {
    test_sink sink = {.vendor = STUB_FOLDER "/good.so"};
    const sy_registry_options options = {.plugin_path = STUB_FOLDER, .option = option, .ctx = &sink};
    sy_registry *registry = NULL;
    sy_backend_ref ref;
    const sy_library *libraries = NULL;
    (void)state;
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_backend(registry, "on_simulator", &ref, NULL), SY_OK);
    assert_int_equal(sy_registry_libraries(registry, "on_simulator", &libraries), 1);
    assert_int_equal(libraries[0].simulated, 0);
    sy_registry_destroy(registry);
}

static const sy_host *kept_host;

static sy_status create_keeping(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    kept_host = host;
    return host_create(host, out_backend, err);
}

static const sy_backend_api *query_keeping(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static sy_backend_api api;
    (void)host_major, (void)host_minor, (void)err;
    api = inside_api;
    api.create = create_keeping;
    return &api;
}

static void libraries_are_bounded_and_unique(void **state) {
    const sy_builtin keeping = {"inside", query_keeping};
    test_sink sink = {0};
    const sy_registry_options options = {
        .builtins = &keeping, .builtin_count = 1, .log = log_line, .ctx = &sink};
    sy_registry *registry = NULL;
    sy_backend_ref ref;
    const sy_library *libraries = NULL;
    char name[16];
    (void)state;
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    assert_int_equal(sy_registry_backend(registry, "inside", &ref, NULL), SY_OK);
    for (int i = 0; i < 80; i++) {
        snprintf(name, sizeof name, "lib%d", i / 2);
        kept_host->library(kept_host->ctx, name, "/x", NULL);
    }
    kept_host->library(kept_host->ctx, NULL, NULL, NULL);
    kept_host->library_version(kept_host->ctx, "absent", "1");
    kept_host->library_version(kept_host->ctx, "lib3", NULL);
    assert_null(kept_host->option(kept_host->ctx, "isa"));
    assert_int_equal(sy_registry_libraries(registry, "inside", &libraries), SY_LIBRARIES_MAX);
    assert_string_equal(libraries[31].name, "lib31");
    assert_non_null(strstr(sink.log, "more libraries"));
    sy_registry_destroy(registry);
}

static void without_memory_there_is_no_registry(void **state) {
    const sy_registry_options options = {
        .builtins = builtins, .builtin_count = 1, .plugin_path = STUB_FOLDER, .plugin_folder = "/tmp"};
    sy_registry *registry = NULL;
    (void)state;
    sy_seam_arm(SY_SEAM_ALLOC, UINT64_MAX);
    assert_int_equal(sy_registry_create(&options, &registry, NULL), SY_OK);
    uint64_t calls = sy_seam_disarm();
    sy_registry_destroy(registry);
    assert_true(calls > 10);
    for (uint64_t k = 1; k <= calls; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_registry_create(&options, &registry, NULL);
        sy_seam_disarm();
        assert_true(status == SY_OK || (status == SY_OUT_OF_MEMORY && registry == NULL));
        assert_true(k > 1 || status == SY_OUT_OF_MEMORY);
        sy_registry_destroy(registry);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stubs_are_judged_one_by_one),
        cmocka_unit_test(builtins_come_first),
        cmocka_unit_test(first_of_a_name_wins),
        cmocka_unit_test(path_elements_are_checked),
        cmocka_unit_test(only_shared_objects_are_looked_at),
        cmocka_unit_test(writable_file_costs_only_itself),
        cmocka_unit_test(one_file_alone),
        cmocka_unit_test(unknown_and_refused_names_are_explained),
        cmocka_unit_test(simulated_library_is_seen),
        cmocka_unit_test(real_library_is_not_marked),
        cmocka_unit_test(libraries_are_bounded_and_unique),
        cmocka_unit_test(without_memory_there_is_no_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
