/* Runtime: backends and their devices. */
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/dispatch/tuning_file.h"
#include "runtime/facade/facade.h"

/* A setting of the caller, else of the environment. */
static const char *find_option(void *ctx, const char *key) {
    const sy_runtime *runtime = ctx;
    const sy_runtime_options *options = &runtime->options;
    const char *value = options->option != NULL ? options->option(options->ctx, key) : NULL;
    if (value == NULL && (options->flags & SY_RUNTIME_ENVIRONMENT) != 0)
        value = sy_environment_setting(key);
    if (value == NULL && strcmp(key, "cache_dir") == 0 && runtime->cache_folder[0] != '\0')
        value = runtime->cache_folder;
    return value;
}

static void pass_log(void *ctx, uint32_t level, const char *text) {
    const sy_runtime *runtime = ctx;
    if (runtime->options.log != NULL)
        runtime->options.log(runtime->options.ctx, level, text);
}

static bool is_off(const char *value) {
    static const char *const words[] = {"off", "no", "false", "0"};
    for (size_t i = 0; value != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(value, words[i]) == 0)
            return true;
    return false;
}

/* What `steelyard tune` has found for this user. */
static void load_tuning(sy_runtime *runtime) {
    char folder[SY_TUNING_FOLDER_MAX];
    const sy_logger logger = {.write = pass_log, .ctx = runtime, .level = SY_LOG_WARNING};
    bool is_wanted = (runtime->options.flags & SY_RUNTIME_ENVIRONMENT) != 0;
    if (is_wanted && !is_off(find_option(runtime, "tuned")) &&
        sy_tuning_folder(sy_environment_variable, NULL, folder))
        sy_tuning_load(folder, &logger, &runtime->tuning);
}

/* What a caller left out is zero; what he knows beyond us is not read. */
static sy_status take_options(const sy_runtime_options *options, sy_runtime *runtime, sy_error *err) {
    sy_runtime_options *own = &runtime->options;
    if (options == NULL || options->size < 8 || options->size > 4096)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "runtime options: missing, or size is not set to sizeof");
    memcpy(own, options, options->size < sizeof *own ? options->size : sizeof *own);
    if ((own->flags & SY_RUNTIME_ENVIRONMENT) == 0)
        return SY_OK;
    if (own->plugin_path == NULL)
        own->plugin_path = sy_environment_setting("plugin_path");
    sy_tuning_folder(sy_environment_variable, NULL, runtime->cache_folder);
    if (own->plugin_folder == NULL) {
        sy_environment_folder(runtime->plugin_folder, sizeof runtime->plugin_folder);
        own->plugin_folder = runtime->plugin_folder[0] != '\0' ? runtime->plugin_folder : NULL;
    }
    return SY_OK;
}

sy_status sy_runtime_create(const sy_runtime_options *options, sy_runtime **out_runtime, sy_error *err) {
    *out_runtime = NULL;
    sy_runtime *runtime = sy_mem_calloc(1, sizeof *runtime);
    if (runtime == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "runtime: %zu bytes", sizeof *runtime);
    sy_status status = take_options(options, runtime, err);
    if (status == SY_OK) {
        const sy_registry_options registry = {.builtins = runtime->options.builtins,
            .builtin_count = runtime->options.builtin_count,
            .plugin_path = runtime->options.plugin_path,
            .plugin_folder = runtime->options.plugin_folder,
            .trusted = runtime->options.trusted,
            .option = find_option,
            .log = pass_log,
            .ctx = runtime};
        status = sy_registry_create(&registry, &runtime->registry, err);
    }
    if (status != SY_OK) {
        sy_mem_free(runtime);
        return status;
    }
    load_tuning(runtime);
    *out_runtime = runtime;
    return SY_OK;
}

void sy_runtime_destroy(sy_runtime *runtime) {
    if (runtime == NULL)
        return;
    sy_registry_destroy(runtime->registry);
    sy_tuning_release(&runtime->tuning);
    sy_mem_free(runtime);
}

/* Fill a caller's struct up to the size he declared, which stays as it is. */
static void give(void *target, const void *source, uint32_t bytes) {
    uint32_t size;
    memcpy(&size, target, sizeof size);
    if (size > sizeof size)
        memcpy((char *)target + sizeof size, (const char *)source + sizeof size,
            (size < bytes ? size : bytes) - sizeof size);
}

sy_status sy_runtime_backend(
    const sy_runtime *runtime, size_t index, sy_backend_description *out_backend, sy_error *err) {
    sy_backend_description found = {0};
    give(out_backend, &found, sizeof found);
    if (index >= sy_registry_count(runtime->registry))
        return sy_error_set(
            err, SY_UNAVAILABLE, "there are %zu backends", sy_registry_count(runtime->registry));
    sy_registry_entry entry = sy_registry_get(runtime->registry, index);
    found = (sy_backend_description){.status = entry.status,
        .name = entry.name,
        .version = entry.version,
        .path = entry.path,
        .sha256 = entry.sha256,
        .reason = entry.reason};
    give(out_backend, &found, sizeof found);
    return SY_OK;
}

sy_status sy_runtime_device_count(
    sy_runtime *runtime, const char *backend, uint32_t *out_count, sy_error *err) {
    sy_backend_ref ref;
    *out_count = 0;
    sy_status status = sy_registry_backend(runtime->registry, backend, &ref, err);
    return status == SY_OK ? ref.api->device->count(ref.backend, out_count, err) : status;
}

sy_status sy_runtime_device(
    sy_runtime *runtime, const char *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    sy_backend_ref ref;
    sy_device_info info = {.size = sizeof info, .numa_node = -1};
    sy_status status = sy_registry_backend(runtime->registry, backend, &ref, err);
    if (status == SY_OK)
        status = ref.api->device->describe(ref.backend, index, &info, err);
    if (status != SY_OK)
        info = (sy_device_info){.numa_node = -1};
    else if (sy_registry_is_simulated(runtime->registry, backend))
        info.flags |= SY_DEVICE_SIMULATED;
    give(out_info, &info, sizeof info);
    return status;
}
