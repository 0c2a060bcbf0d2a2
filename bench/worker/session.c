/* A worker's state: from hello to bye. */
#include "bench/worker/session.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/worker/channel.h"
#include "bench/worker/protocol.h"
#include "bench/worker/session_parts.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

sy_status sy_session_create(const sy_builtin *builtins, size_t builtin_count, int memory_fd,
    sy_session **out_session, sy_error *err) {
    sy_session *session = sy_mem_calloc(1, sizeof *session);
    *out_session = session;
    if (session == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "worker session: no memory");
    session->builtins = builtins;
    session->builtin_count = builtin_count;
    session->memory_fd = memory_fd;
    return SY_OK;
}

static void close_device(sy_session *session) {
    const sy_job_device *on = &session->on;
    sy_session_model_close(session);
    if (on->queue != NULL)
        on->api->queue->destroy(on->queue);
    if (session->entered && on->api->device->thread_leave != NULL)
        on->api->device->thread_leave(on->device);
    if (on->device != NULL)
        on->api->device->close(on->device);
    session->entered = false;
    session->on = (sy_job_device){0};
}

void sy_session_destroy(sy_session *session) {
    if (session == NULL)
        return;
    close_device(session);
    sy_registry_destroy(session->registry);
    sy_data_block_destroy(session->block);
    for (size_t i = 0; i < session->trusted_count; i++)
        sy_mem_free(session->trusted[i]);
    json_decref(session->options);
    json_decref(session->hello);
    sy_mem_free(session);
}

/* A setting that a backend asks for: what the parent sent in hello. */
const char *sy_session_option(void *ctx, const char *key) {
    const sy_session *session = ctx;
    return sy_protocol_text(session->options, key, NULL);
}

/* The worker's stderr is captured by the parent: a backend's words end up in "last words". */
static void log_line(void *ctx, uint32_t level, const char *text) {
    (void)ctx;
    if (level <= SY_LOG_WARNING)
        fprintf(stderr, "%s\n", text);
}

static json_t *any_text(const char *text) {
    return sy_protocol_string(text, SIZE_MAX);
}

static json_t *entry_object(const sy_registry_entry *entry) {
    return json_pack("{s:o,s:o,s:o,s:o,s:i,s:o}", "name", any_text(entry->name), "path",
        any_text(entry->path), "sha256", any_text(entry->sha256), "version", any_text(entry->version),
        "status", (int)entry->status, "reason", any_text(entry->reason));
}

static sy_status take_trusted(sy_session *session, const json_t *list, sy_error *err) {
    size_t index;
    json_t *text;
    json_array_foreach(list, index, text) {
        if (session->trusted_count + 1 >= SY_TRUSTED_MAX)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "more than %d trusted plugins", SY_TRUSTED_MAX - 1);
        if (!json_is_string(text))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "worker: a trusted plugin is not a text");
        char *copy = sy_mem_strdup(json_string_value(text));
        if (copy == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "worker session: no memory");
        session->trusted[session->trusted_count++] = copy;
    }
    return SY_OK;
}

static sy_status open_registry(sy_session *session, const json_t *request, sy_error *err) {
    const char *plugin = sy_protocol_text(request, "plugin", NULL);
    bool builtins = sy_protocol_bool(request, "builtins", true);
    sy_registry_options options = {.builtins = session->builtins,
        .builtin_count = builtins ? session->builtin_count : 0,
        .plugin_path = sy_protocol_text(request, "plugin_path", NULL),
        .plugin_folder = sy_protocol_text(request, "plugin_folder", NULL),
        .trusted = (const char *const *)session->trusted,
        .option = sy_session_option,
        .log = log_line,
        .ctx = session};
    return plugin != NULL ? sy_registry_create_from_file(&options, plugin, &session->registry, err)
                          : sy_registry_create(&options, &session->registry, err);
}

static sy_status answer_hello(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    uint64_t protocol = sy_protocol_u64(request, "protocol", 0);
    if (protocol != SY_PROTOCOL_VERSION)
        return sy_error_set(err, SY_INCOMPATIBLE, "worker protocol %llu, this program speaks %d",
            (unsigned long long)protocol, SY_PROTOCOL_VERSION);
    if (session->registry != NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "worker: a second hello");
    json_decref(session->hello); /* of a hello that failed */
    json_decref(session->options);
    session->hello = json_incref((json_t *)(uintptr_t)request);
    session->options = json_incref(json_object_get(request, "options"));
    sy_status status = take_trusted(session, json_object_get(request, "trusted"), err);
    if (status == SY_OK)
        status = open_registry(session, request, err);
    if (status != SY_OK)
        return status;
    json_t *backends = json_array();
    for (size_t i = 0; i < sy_registry_count(session->registry); i++) {
        sy_registry_entry entry = sy_registry_get(session->registry, i);
        json_array_append_new(backends, entry_object(&entry));
    }
    json_object_set_new(reply, "backends", backends);
    json_object_set_new(reply, "protocol", json_integer(SY_PROTOCOL_VERSION));
    json_object_set_new(reply, "pid", json_integer(getpid()));
    return SY_OK;
}

static sy_status find_backend(
    sy_session *session, const json_t *request, sy_backend_ref *out_backend, sy_error *err) {
    const char *name = sy_protocol_text(request, "backend", "");
    if (session->registry == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "worker: hello comes first");
    sy_status status = sy_registry_backend(session->registry, name, out_backend, err);
    if (status == SY_OK)
        snprintf(session->backend, sizeof session->backend, "%s", name);
    return status;
}

static sy_status answer_devices(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_backend_ref found = {0};
    uint32_t count = 0;
    json_t *devices = json_array();
    json_object_set_new(reply, "devices", devices);
    sy_status status = find_backend(session, request, &found, err);
    if (status == SY_OK)
        status = found.api->device->count(found.backend, &count, err);
    for (uint32_t i = 0; status == SY_OK && i < count; i++) {
        sy_device_info info = {.size = sizeof info};
        status = found.api->device->describe(found.backend, i, &info, err);
        if (status == SY_OK)
            json_array_append_new(devices, sy_protocol_from_device(&info));
    }
    sy_session_put_libraries(session, reply);
    return status;
}

void sy_session_put_libraries(sy_session *session, json_t *reply) {
    const sy_library *libraries = NULL;
    json_t *list = json_array();
    size_t count = session->registry != NULL
                       ? sy_registry_libraries(session->registry, session->backend, &libraries)
                       : 0;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, sy_protocol_from_library(&libraries[i]));
    json_object_set_new(reply, "libraries", list);
}

/* A simulated device brings its own clock; sy_clock's 0 stands for failure. */
static uint64_t read_device_clock(void *ctx) {
    const sy_job_device *on = ctx;
    uint64_t now_ns = 0;
    return on->api->device->clock_now(on->device, &now_ns) == SY_OK ? now_ns + 1 : 0;
}

static void choose_clock(sy_session *session, const sy_device_info *info) {
    session->on.clock = sy_clock_host();
    session->on.is_simulated_clock =
        (info->flags & SY_DEVICE_SIMULATED) != 0 && session->on.api->device->clock_now != NULL;
    if (session->on.is_simulated_clock)
        session->on.clock = (sy_clock){.ctx = &session->on, .now_ns = read_device_clock};
}

static sy_status open_device(
    sy_session *session, const json_t *request, const sy_backend_ref *found, sy_error *err) {
    const sy_device_api *device = found->api->device;
    uint64_t index = sy_protocol_u64(request, "index", 0);
    uint32_t count = 0;
    sy_status status = device->count(found->backend, &count, err);
    if (status == SY_OK && index >= count)
        status = sy_error_set(err, SY_UNAVAILABLE, "no device %llu; there %s %u, counted from 0",
            (unsigned long long)index, count == 1 ? "is" : "are", count);
    if (status != SY_OK)
        return status;
    session->on.api = found->api;
    status = device->open(
        found->backend, (uint32_t)index, sy_protocol_text(request, "params", ""), &session->on.device, err);
    if (status == SY_OK && device->thread_enter != NULL)
        status = device->thread_enter(session->on.device, err);
    session->entered = status == SY_OK;
    return status == SY_OK ? found->api->queue->create(session->on.device, &session->on.queue, err) : status;
}

static sy_status answer_open(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_backend_ref found = {0};
    sy_device_info info = {.size = sizeof info};
    sy_clock_quality quality = {0};
    sy_status status = find_backend(session, request, &found, err);
    if (status != SY_OK)
        return status;
    close_device(session);
    status = open_device(session, request, &found, err);
    if (status == SY_OK)
        status = found.api->device->info(session->on.device, &info, err);
    if (status == SY_OK) {
        choose_clock(session, &info);
        status = sy_clock_measure(&session->on.clock, &quality, err);
    }
    if (status != SY_OK) {
        close_device(session);
        return status;
    }
    session->on.clock_overhead_ns = quality.overhead_ns;
    json_object_set_new(reply, "device", sy_protocol_from_device(&info));
    json_object_set_new(reply, "version", any_text(found.api->version));
    json_object_set_new(reply, "clock",
        json_pack("{s:f,s:I}", "overhead_ns", quality.overhead_ns, "resolution_ns",
            (json_int_t)quality.resolution_ns));
    sy_session_put_libraries(session, reply);
    return SY_OK;
}

static sy_status answer_bye(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    (void)request;
    (void)reply;
    (void)err;
    session->done = true;
    return SY_OK;
}

json_t *sy_session_handle(sy_session *session, const json_t *request) {
    static const struct {
        const char *call;
        bool wants_device;
        sy_status (*answer)(sy_session *, const json_t *, json_t *, sy_error *);
    } rows[] = {{"hello", false, answer_hello}, {"devices", false, answer_devices},
        {"open", false, answer_open}, {"candidates", true, sy_session_candidates},
        {"measure", true, sy_session_measure}, {"meters", true, sy_session_meters},
        {"idle", true, sy_session_idle}, {"energy", true, sy_session_energy},
        {"model", true, sy_session_model}, {"model_check", true, sy_session_model_check},
        {"traffic", true, sy_session_traffic}, {"model_profile", true, sy_session_profile},
        {"model_end", true, sy_session_model_end}, {"bye", false, answer_bye}};
    const char *call = sy_protocol_text(request, "call", "");
    sy_error error = SY_ERROR_INIT;
    json_t *reply = json_object();
    sy_status status = sy_error_set(&error, SY_INVALID_ARGUMENT, "worker: unknown call '%s'", call);
    for (size_t i = 0; reply != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(call, rows[i].call) != 0)
            continue;
        error.text[0] = '\0';
        status = rows[i].wants_device && session->on.device == NULL
                     ? sy_error_set(&error, SY_INVALID_ARGUMENT, "worker: open comes before %s", call)
                     : rows[i].answer(session, request, reply, &error);
    }
    json_t *outcome = sy_protocol_reply(status, &error);
    json_object_update(reply, outcome);
    json_decref(outcome);
    return reply;
}

int sy_session_serve(const sy_builtin *builtins, size_t builtin_count, int channel_fd, int memory_fd) {
    sy_session *session = NULL;
    sy_status status = sy_session_create(builtins, builtin_count, memory_fd, &session, NULL);
    while (status == SY_OK && !session->done) {
        json_t *request = NULL, *reply = NULL;
        status = sy_channel_receive(channel_fd, -1, SY_CHANNEL_FOREVER, &request, NULL);
        if (status == SY_OK)
            reply = sy_session_handle(session, request);
        if (status == SY_OK)
            status = reply != NULL ? sy_channel_send(channel_fd, reply, NULL) : SY_OUT_OF_MEMORY;
        json_decref(reply);
        json_decref(request);
    }
    sy_session_destroy(session);
    return status == SY_OK || status == SY_LOST ? 0 : 1;
}
