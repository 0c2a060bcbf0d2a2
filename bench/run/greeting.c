/* Hello: settings from configuration and environment to a worker's registry. */
#include "bench/run/greeting.h"

#include <stdio.h>
#include <string.h>

#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/dispatch/tuning_file.h"

static const char *variable_value(char *const *environment, const char *name) {
    size_t length = strlen(name);
    for (; environment != NULL && *environment != NULL; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=' &&
            (*environment)[length + 1] != '\0')
            return *environment + length + 1;
    return NULL;
}

static const char *find_variable(void *places, const char *name) {
    return variable_value(((const sy_target_places *)places)->environment, name);
}

/* Where backends may keep what is dear to make again: beside the tuning cache. */
static void add_cache_folder(const sy_target_places *places, json_t *options) {
    char folder[SY_TUNING_FOLDER_MAX];
    if (sy_tuning_folder(find_variable, (void *)(uintptr_t)places, folder))
        json_object_set_new(options, "cache_dir", json_string(folder));
}

/* STEELYARD_NAME=VALUE as the setting "name", and as "lib.name": which of them a backend asks for is its own
 * affair, and other plugins have names that are not known here. */
static void add_variable(const char *text, json_t *options) {
    static const char prefix[] = "STEELYARD_";
    char key[68] = "lib.";
    const size_t start = strlen(key);
    const char *equal = strchr(text, '=');
    if (strncmp(text, prefix, sizeof prefix - 1) != 0 || equal == NULL || equal[1] == '\0')
        return;
    text += sizeof prefix - 1;
    size_t length = (size_t)(equal - text);
    if (length == 0 || length >= sizeof key - start)
        return;
    for (size_t i = 0; i < length; i++)
        key[start + i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
    key[start + length] = '\0';
    json_object_set_new(options, key, json_string(equal + 1));
    json_object_set_new(options, key + start, json_string(equal + 1));
}

json_t *sy_greet_options(const sy_target_places *places) {
    json_t *options = json_object();
    for (char *const *variable = places->environment; variable != NULL && *variable != NULL; variable++)
        add_variable(*variable, options);
    if (places->sysroot != NULL && places->sysroot[0] != '\0')
        json_object_set_new(options, "sysroot", json_string(places->sysroot));
    if (places->config->threads > 0) {
        char text[24];
        snprintf(text, sizeof text, "%llu", (unsigned long long)places->config->threads);
        json_object_set_new(options, "threads", json_string(text));
    }
    add_cache_folder(places, options);
    return options;
}

static json_t *make_hello(const sy_target_places *places) {
    const sy_words *trusted = &places->config->trust_plugin;
    json_t *list = json_array();
    for (size_t i = 0; i < trusted->count; i++)
        json_array_append_new(list, json_string(trusted->word[i]));
    return json_pack("{s:s,s:i,s:o,s:o}", "call", "hello", "protocol", SY_PROTOCOL_VERSION, "options",
        sy_greet_options(places), "trusted", list);
}

static sy_status start_worker(const sy_target_places *places, json_t *hello, sy_worker **out_worker,
    json_t **out_reply, sy_error *err) {
    sy_worker_options options = {.builtins = places->builtins,
        .builtin_count = places->builtin_count,
        .in_process = places->config->isolation == SY_ISOLATION_NONE,
        .wake_fd = places->wake_fd};
    json_t *reply = NULL;
    sy_status status = sy_worker_start(&options, out_worker, err);
    if (status != SY_OK) {
        json_decref(hello);
        return status;
    }
    status = sy_worker_call(*out_worker, hello, SY_TARGET_OPEN_LIMIT_MS, &reply, err);
    if (status != SY_OK) {
        sy_worker_end(*out_worker);
        *out_worker = NULL;
    }
    if (status == SY_OK && out_reply != NULL)
        *out_reply = reply;
    else
        json_decref(reply);
    return status;
}

sy_status sy_greet_worker(const sy_target_places *places, const char *plugin, sy_worker **out_worker,
    json_t **out_reply, sy_error *err) {
    json_t *hello = make_hello(places);
    *out_worker = NULL;
    if (plugin != NULL)
        json_object_set_new(hello, "plugin", json_string(plugin));
    json_object_set_new(hello, "builtins", json_boolean(plugin == NULL));
    return start_worker(places, hello, out_worker, out_reply, err);
}

static void take_entry(const json_t *entry, sy_found_backend *backend) {
    snprintf(backend->name, sizeof backend->name, "%s", sy_protocol_text(entry, "name", ""));
    snprintf(backend->path, sizeof backend->path, "%s", sy_protocol_text(entry, "path", ""));
    snprintf(backend->sha256, sizeof backend->sha256, "%s", sy_protocol_text(entry, "sha256", ""));
    snprintf(backend->version, sizeof backend->version, "%s", sy_protocol_text(entry, "version", ""));
    snprintf(backend->reason, sizeof backend->reason, "%s", sy_protocol_text(entry, "reason", ""));
    backend->status = (sy_status)sy_protocol_u64(entry, "status", SY_INTERNAL);
}

sy_status sy_greet_scan(
    const sy_target_places *places, sy_found_backend **out_backends, size_t *out_count, sy_error *err) {
    sy_worker *worker = NULL;
    json_t *reply = NULL, *hello = make_hello(places);
    *out_backends = NULL;
    *out_count = 0;
    if (places->plugin_path != NULL)
        json_object_set_new(hello, "plugin_path", json_string(places->plugin_path));
    if (places->plugin_folder != NULL)
        json_object_set_new(hello, "plugin_folder", json_string(places->plugin_folder));
    sy_status status = start_worker(places, hello, &worker, &reply, err);
    if (status != SY_OK)
        return status;
    const json_t *list = json_object_get(reply, "backends");
    size_t count = json_array_size(list);
    sy_found_backend *backends = sy_mem_calloc(count, sizeof *backends);
    for (size_t i = 0; backends != NULL && i < count; i++)
        take_entry(json_array_get(list, i), &backends[i]);
    *out_backends = backends;
    *out_count = backends != NULL ? count : 0;
    json_decref(reply);
    sy_worker_end(worker);
    return backends != NULL ? SY_OK
                            : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the list of backends");
}
