/* What tuning has found, as an embedder meets it: only with the environment, only for that device and
 * problem. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/sim/sim.h"
#include "runtime/dispatch/tuning_file.h"
#include "runtime/dispatch/tuning_key.h"
#include "steelyard/runtime.h"

#define DEVICE "sim:0?launch=1us"
#define PROBLEM "gemm:m=64,n=64,k=64"

static const sy_builtin builtins[] = {{"sim", sy_sim_query}};

static char folder[SY_TUNING_FOLDER_MAX], root[64];
static char log_text[2048];

static void keep_line(void *ctx, uint32_t level, const char *text) {
    (void)ctx, (void)level;
    snprintf(log_text, sizeof log_text, "%s", text);
}

static const char *say_off(void *ctx, const char *key) {
    (void)ctx;
    return strcmp(key, "tuned") == 0 ? "off" : NULL;
}

/* The algorithm that "auto" takes. */
static void expect(
    uint32_t flags, const char *(*option)(void *, const char *), const char *device, const char *algorithm) {
    const sy_runtime_options options = {.size = sizeof options,
        .flags = flags,
        .builtins = builtins,
        .builtin_count = 1,
        .plugin_folder = "/nowhere",
        .option = option,
        .log = keep_line};
    sy_runtime *runtime = NULL;
    sy_context *context = NULL;
    sy_work *work = NULL;
    assert_int_equal(sy_runtime_create(&options, &runtime, NULL), SY_OK);
    assert_int_equal(sy_context_open(runtime, device, &context, NULL), SY_OK);
    assert_int_equal(sy_work_create(context, PROBLEM, "auto", &work, NULL), SY_OK);
    assert_string_equal(sy_work_algorithm(work), algorithm);
    sy_work_destroy(work);
    sy_context_close(context);
    sy_runtime_destroy(runtime);
}

static void store(const char *algorithm) {
    sy_device_info info = {.size = sizeof info};
    const sy_runtime_options options = {.size = sizeof options, .builtins = builtins, .builtin_count = 1};
    sy_runtime *runtime = NULL;
    sy_context *context = NULL;
    sy_spec spec;
    sy_tuning_entry entry = {.gain = 1.1};
    assert_int_equal(sy_runtime_create(&options, &runtime, NULL), SY_OK);
    assert_int_equal(sy_context_open(runtime, DEVICE, &context, NULL), SY_OK);
    assert_int_equal(sy_context_info(context, &info, NULL), SY_OK);
    const sy_tuning_subject subject = {.backend = "sim",
        .version = sy_sim_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL)->version,
        .params = "launch=1us",
        .info = &info};
    sy_tuning_key_make(&subject, &entry.key);
    sy_tuning_describe(&subject, &entry.device);
    assert_int_equal(sy_spec_parse(PROBLEM, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_print(&spec, entry.problem, sizeof entry.problem, NULL), SY_OK);
    snprintf(entry.algorithm, sizeof entry.algorithm, "%s", algorithm);
    assert_int_equal(sy_tuning_store(folder, &entry, 1, NULL, NULL), SY_OK);
    sy_context_close(context);
    sy_runtime_destroy(runtime);
}

static void auto_goes_by_the_users_cache(void **state) {
    (void)state;
    expect(SY_RUNTIME_ENVIRONMENT, NULL, DEVICE, "reference-loops");
    store("reference-loops/t64");
    expect(SY_RUNTIME_ENVIRONMENT, NULL, DEVICE, "reference-loops/t64");
    expect(0, NULL, DEVICE, "reference-loops");
    expect(SY_RUNTIME_ENVIRONMENT, NULL, "sim:0?launch=2us", "reference-loops");
    expect(SY_RUNTIME_ENVIRONMENT, say_off, DEVICE, "reference-loops");
    setenv("STEELYARD_TUNED", "off", 1);
    expect(SY_RUNTIME_ENVIRONMENT, NULL, DEVICE, "reference-loops");
    setenv("STEELYARD_TUNED", "on", 1);
    expect(SY_RUNTIME_ENVIRONMENT, NULL, DEVICE, "reference-loops/t64");
    unsetenv("STEELYARD_TUNED");
    assert_string_equal(log_text, "");
}

static void a_damaged_cache_is_a_line_in_the_log(void **state) {
    (void)state;
    char path[SY_TUNING_FOLDER_MAX + 16];
    snprintf(path, sizeof path, "%s/tuning-3", folder);
    store("reference-loops/t64");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("nonsense\n", file);
    fclose(file);
    expect(SY_RUNTIME_ENVIRONMENT, NULL, DEVICE, "reference-loops");
    assert_non_null(strstr(log_text, "tuning cache ignored: "));
    log_text[0] = '\0';
}

/* What a backend is told when it is made; tests run one after another. */
static char told_folder[SY_TUNING_FOLDER_MAX];

static sy_status create_and_note(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    const char *cache = host->option(host->ctx, "cache_dir");
    snprintf(told_folder, sizeof told_folder, "%s", cache != NULL ? cache : "none");
    return sy_sim_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL)->create(host, out_backend, err);
}

static const sy_backend_api *query_noting(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static sy_backend_api api;
    api = *sy_sim_query(host_major, host_minor, err);
    api.create = create_and_note;
    return &api;
}

static const char *choose_folder(void *ctx, const char *key) {
    (void)ctx;
    return strcmp(key, "cache_dir") == 0 ? "/chosen" : NULL;
}

static void told(uint32_t flags, const char *(*option)(void *, const char *), const char *expected) {
    static const sy_builtin noting[] = {{"sim", query_noting}};
    const sy_runtime_options options = {.size = sizeof options,
        .flags = flags,
        .builtins = noting,
        .builtin_count = 1,
        .plugin_folder = "/nowhere",
        .option = option};
    sy_runtime *runtime = NULL;
    sy_context *context = NULL;
    assert_int_equal(sy_runtime_create(&options, &runtime, NULL), SY_OK);
    assert_int_equal(sy_context_open(runtime, DEVICE, &context, NULL), SY_OK);
    assert_string_equal(told_folder, expected);
    sy_context_close(context);
    sy_runtime_destroy(runtime);
}

static void backends_are_told_the_cache_folder(void **state) {
    (void)state;
    told(SY_RUNTIME_ENVIRONMENT, NULL, folder);
    told(SY_RUNTIME_ENVIRONMENT, choose_folder, "/chosen");
    told(0, NULL, "none");
}

static int make_folder(void **state) {
    (void)state;
    snprintf(root, sizeof root, "/tmp/steelyard-tuned-XXXXXX");
    if (mkdtemp(root) == NULL)
        return -1;
    setenv("XDG_CACHE_HOME", root, 1);
    snprintf(folder, sizeof folder, "%s/steelyard", root);
    return 0;
}

static int remove_folder(void **state) {
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(backends_are_told_the_cache_folder, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(auto_goes_by_the_users_cache, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_damaged_cache_is_a_line_in_the_log, make_folder, remove_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
