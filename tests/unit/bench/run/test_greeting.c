/* Settings on their way from the environment to a backend. */
#include "tests/unit/bench/run/rig.h"

#include "bench/run/greeting.h"

/* What the backend's create() is told; tests run one after another. */
static char cache_folder[256], library[256];

static sy_status create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    const char *folder = host->option(host->ctx, "cache_dir"), *path = host->option(host->ctx, "lib.opencl");
    snprintf(cache_folder, sizeof cache_folder, "%s", folder != NULL ? folder : "none");
    snprintf(library, sizeof library, "%s", path != NULL ? path : "none");
    return sy_sim_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL)->create(host, out_backend, err);
}

static const sy_backend_api *query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static sy_backend_api api;
    api = *sy_sim_query(host_major, host_minor, err);
    api.create = create;
    return &api;
}

static void greet(const char *const *environment) {
    static const sy_builtin builtins[] = {{"sim", query}};
    char *arguments[] = {(char *)(uintptr_t) "steelyard", (char *)(uintptr_t) "devices",
        (char *)(uintptr_t) "--isolation", (char *)(uintptr_t) "none"};
    sy_config config;
    sy_targets targets;
    assert_int_equal(sy_cli_parse(4, arguments, NULL, &config, NULL), SY_OK);
    sy_target_places places = {.config = &config,
        .builtins = builtins,
        .builtin_count = 1,
        .environment = (char *const *)(uintptr_t)environment,
        .wake_fd = -1};
    cache_folder[0] = library[0] = '\0';
    assert_int_equal(sy_targets_discover(&places, &targets, NULL), SY_OK);
    sy_targets_release(&targets);
    sy_config_release(&config);
}

static void the_cache_folder_is_the_users(void **state) {
    static const char *const both[] = {"HOME=/h", "XDG_CACHE_HOME=/c", NULL};
    static const char *const home[] = {"HOME=/h", "XDG_CACHE_HOME=", NULL};
    static const char *const neither[] = {"HOME=h", "XDG_CACHE_HOME=c", NULL};
    (void)state;
    greet(both);
    assert_string_equal(cache_folder, "/c/steelyard");
    greet(home);
    assert_string_equal(cache_folder, "/h/.cache/steelyard");
    greet(neither);
    assert_string_equal(cache_folder, "none");
}

static void the_library_is_the_users(void **state) {
    static const char *const set[] = {"STEELYARD_OPENCL=/x/libOpenCL.so", NULL};
    static const char *const empty[] = {"STEELYARD_OPENCL=", NULL};
    (void)state;
    greet(set);
    assert_string_equal(library, "/x/libOpenCL.so");
    greet(empty);
    assert_string_equal(library, "none");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cache_folder_is_the_users),
        cmocka_unit_test(the_library_is_the_users),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
