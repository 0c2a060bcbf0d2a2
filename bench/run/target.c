/* Opening devices in workers of their own. */
#include "bench/run/target.h"

#include <stdio.h>
#include <string.h>

#include "bench/run/device_lock.h"
#include "bench/run/greeting.h"
#include "bench/run/silicon.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status append_target(sy_targets *targets, const sy_target *target, sy_error *err) {
    sy_target *grown = sy_mem_realloc(targets->target, (targets->count + 1) * sizeof *grown);
    if (grown == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the list of devices");
    targets->target = grown;
    grown[targets->count++] = *target;
    return SY_OK;
}

static const sy_found_backend *find_backend(const sy_targets *targets, const char *name) {
    for (size_t i = 0; i < targets->backend_count; i++)
        if (strcmp(targets->backend[i].name, name) == 0 && targets->backend[i].status == SY_OK)
            return &targets->backend[i];
    for (size_t i = 0; i < targets->backend_count; i++)
        if (strcmp(targets->backend[i].name, name) == 0)
            return &targets->backend[i];
    return NULL;
}

static void identify(sy_target *target) {
    const sy_device_info *info = &target->info;
    target->physical_id[0] = '\0';
    if (info->pci[0] != '\0')
        snprintf(target->physical_id, sizeof target->physical_id, "pci:%s", info->pci);
    else if (info->uuid[0] != '\0')
        snprintf(target->physical_id, sizeof target->physical_id, "uuid:%s", info->uuid);
}

void sy_target_take_libraries(sy_target *target, const json_t *reply) {
    const json_t *list = json_object_get(reply, "libraries");
    size_t index;
    json_t *object;
    if (!json_is_array(list))
        return;
    target->library_count = 0;
    target->simulated = (target->info.flags & SY_DEVICE_SIMULATED) != 0;
    json_array_foreach(list, index, object) {
        if (target->library_count == SY_TARGET_LIBRARIES_MAX)
            break;
        sy_library *library = &target->library[target->library_count++];
        sy_protocol_to_library(object, library);
        target->simulated = target->simulated || library->simulated != 0;
    }
}

static void take_device(sy_target *target, const json_t *reply) {
    const json_t *clock = json_object_get(reply, "clock");
    sy_protocol_to_device(json_object_get(reply, "device"), &target->info);
    target->clock_overhead_ns = sy_protocol_f64(clock, "overhead_ns", 0.0);
    target->clock_resolution_ns = sy_protocol_f64(clock, "resolution_ns", 0.0);
    sy_tuning_subject subject = {.backend = target->parsed.backend,
        .version = sy_protocol_text(reply, "version", ""),
        .params = target->parsed.params,
        .info = &target->info};
    sy_tuning_key_make(&subject, &target->tuning);
    sy_tuning_describe(&subject, &target->tuning_device);
    identify(target);
    sy_target_take_libraries(target, reply);
}

sy_status sy_target_connect(const sy_target_places *places, sy_target *target, sy_error *err) {
    const char *plugin = target->plugin_path[0] != '\0' ? target->plugin_path : NULL;
    json_t *reply = NULL;
    sy_status status = sy_greet_worker(places, plugin, &target->worker, NULL, err);
    if (status == SY_OK)
        status = sy_worker_call(target->worker,
            json_pack("{s:s,s:s,s:I,s:s}", "call", "open", "backend", target->parsed.backend, "index",
                (json_int_t)target->parsed.index, "params", target->parsed.params),
            SY_TARGET_OPEN_LIMIT_MS, &reply, err);
    if (status == SY_OK)
        take_device(target, reply);
    json_decref(reply);
    if (status != SY_OK)
        sy_target_disconnect(target);
    return status;
}

void sy_target_disconnect(sy_target *target) {
    if (sy_worker_end(target->worker) != SY_OK)
        target->wedged = true;
    target->worker = NULL;
}

void sy_targets_release(sy_targets *targets) {
    for (size_t i = 0; i < targets->count; i++) {
        sy_target_disconnect(&targets->target[i]);
        sy_device_unlock(targets->target[i].lock_fd);
    }
    sy_mem_free(targets->target);
    sy_mem_free(targets->backend);
    *targets = (sy_targets){0};
}

/* A backend that cannot be used is listed under its own name. */
static sy_status append_missing(sy_targets *targets, const sy_found_backend *backend, sy_status status,
    const char *reason, sy_error *err) {
    sy_target target = {.status = status, .lock_fd = -1};
    snprintf(target.id, sizeof target.id, "%s", backend->name);
    snprintf(target.parsed.backend, sizeof target.parsed.backend, "%.31s", backend->name);
    snprintf(target.plugin_path, sizeof target.plugin_path, "%s", backend->path);
    snprintf(target.reason, sizeof target.reason, "%s", reason);
    return append_target(targets, &target, err);
}

static sy_status append_found(
    sy_targets *targets, const sy_found_backend *backend, const json_t *reply, sy_error *err) {
    const json_t *devices = json_object_get(reply, "devices");
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < json_array_size(devices); i++) {
        sy_target target = {.lock_fd = -1};
        bool single = json_array_size(devices) == 1 && strcmp(backend->name, "cpu") == 0;
        snprintf(target.parsed.backend, sizeof target.parsed.backend, "%.31s", backend->name);
        target.parsed.index = (uint32_t)i;
        snprintf(target.plugin_path, sizeof target.plugin_path, "%s", backend->path);
        if (single)
            snprintf(target.id, sizeof target.id, "%s", backend->name);
        else
            snprintf(target.id, sizeof target.id, "%s:%zu", backend->name, i);
        sy_protocol_to_device(json_array_get(devices, i), &target.info);
        identify(&target);
        sy_target_take_libraries(&target, reply);
        status = append_target(targets, &target, err);
    }
    return status;
}

/* One backend's devices, asked of a worker that serves it alone. */
static sy_status discover_backend(
    const sy_target_places *places, const sy_found_backend *backend, sy_targets *targets, sy_error *err) {
    sy_worker *worker = NULL;
    json_t *reply = NULL;
    sy_error reason = SY_ERROR_INIT;
    const char *plugin = backend->path[0] != '\0' ? backend->path : NULL;
    if (backend->status != SY_OK)
        return append_missing(targets, backend, backend->status, backend->reason, err);
    sy_status status = sy_greet_worker(places, plugin, &worker, NULL, &reason);
    if (status == SY_OK)
        status = sy_worker_call(worker, json_pack("{s:s,s:s}", "call", "devices", "backend", backend->name),
            SY_TARGET_OPEN_LIMIT_MS, &reply, &reason);
    if (status == SY_REFUSED && reply == NULL)
        sy_error_set(err, status, "%s", reason.text);
    else if (status == SY_OK)
        status = append_found(targets, backend, reply, err);
    else
        status = append_missing(targets, backend, status, sy_error_text(&reason, status), err);
    json_decref(reply);
    sy_worker_end(worker);
    return status;
}

sy_status sy_targets_discover(const sy_target_places *places, sy_targets *out_targets, sy_error *err) {
    *out_targets = (sy_targets){0};
    sy_status status = sy_greet_scan(places, &out_targets->backend, &out_targets->backend_count, err);
    for (size_t i = 0; status == SY_OK && i < out_targets->backend_count; i++)
        status = discover_backend(places, &out_targets->backend[i], out_targets, err);
    sy_silicon_sort(out_targets);
    if (status != SY_OK)
        sy_targets_release(out_targets);
    return status;
}

static bool is_all(const sy_words *device) {
    return device->count == 0 || (device->count == 1 && strcmp(device->word[0], "all") == 0);
}

/* The same silicon by another backend or driver is another subject, and may be asked for beside the first. */
static sy_status check_single(const sy_targets *targets, const sy_target *target, sy_error *err) {
    for (size_t i = 0; i < targets->count; i++)
        if (targets->target[i].status == SY_OK && sy_silicon_is_one_device(&targets->target[i], target))
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "the same device as %s, given before", targets->target[i].id);
    return SY_OK;
}

/* Targets of one command are visited one after the other, so one lock serves all that need the same. */
static sy_status lock_once(const sy_targets *targets, sy_target *target, sy_error *err) {
    char wanted[SY_SILICON_IDENTITY_MAX], held[SY_SILICON_IDENTITY_MAX];
    sy_silicon_identity(target, wanted);
    for (size_t i = 0; i < targets->count; i++) {
        sy_silicon_identity(&targets->target[i], held);
        if (targets->target[i].status == SY_OK && strcmp(held, wanted) == 0)
            return SY_OK;
    }
    return sy_device_lock(wanted, &target->lock_fd, err);
}

static sy_status connect_and_lock(
    const sy_target_places *places, const sy_targets *targets, sy_target *target, sy_error *err) {
    sy_status status = sy_target_connect(places, target, err);
    if (status == SY_OK)
        status = check_single(targets, target, err);
    if (status == SY_OK)
        status = lock_once(targets, target, err);
    if (status == SY_REFUSED && sy_worker_alive(target->worker))
        status = SY_UNAVAILABLE; /* somebody else's device, not an interruption */
    if (status != SY_OK)
        sy_target_disconnect(target);
    return status;
}

/* A target with a worker and a lock joins the list; both end if there is no room. */
static sy_status append_opened(sy_targets *targets, sy_target *target, sy_error *err) {
    sy_status status = append_target(targets, target, err);
    if (status != SY_OK) {
        sy_target_disconnect(target);
        sy_device_unlock(target->lock_fd);
    }
    return status;
}

static sy_status open_all(const sy_target_places *places, sy_targets *targets, sy_error *err) {
    sy_targets found = {0};
    size_t usable = 0;
    sy_status status = sy_targets_discover(places, &found, err);
    for (size_t i = 0; status == SY_OK && i < found.count; i++) {
        sy_target target = found.target[i];
        sy_error reason = SY_ERROR_INIT;
        bool is_left_out = target.simulated || sy_silicon_find(targets->target, targets->count, &target);
        if (target.status == SY_OK && is_left_out)
            continue;
        if (target.status == SY_OK)
            target.status = connect_and_lock(places, targets, &target, &reason);
        if (target.status != SY_OK && target.reason[0] == '\0')
            snprintf(target.reason, sizeof target.reason, "%s", sy_error_text(&reason, target.status));
        usable += target.status == SY_OK ? 1 : 0;
        status = append_opened(targets, &target, err);
    }
    sy_targets_release(&found);
    if (status == SY_OK && usable == 0)
        return sy_error_set(err, SY_UNAVAILABLE, "no device can be used%s%s; `steelyard devices` lists them",
            targets->count > 0 ? ": " : "", targets->count > 0 ? targets->target[0].reason : "");
    return status;
}

static sy_status open_named(
    const sy_target_places *places, const char *text, sy_targets *targets, sy_error *err) {
    sy_target target = {.lock_fd = -1};
    sy_status status = sy_device_id_parse(text, &target.parsed, err);
    if (status != SY_OK)
        return status;
    snprintf(target.id, sizeof target.id, "%s", text);
    snprintf(target.plugin_path, sizeof target.plugin_path, "%s", target.parsed.plugin);
    const sy_found_backend *backend = find_backend(targets, target.parsed.backend);
    if (target.plugin_path[0] == '\0') {
        if (backend == NULL)
            return sy_error_set(err, SY_UNAVAILABLE,
                "no backend '%s'; `steelyard devices` lists those there are", target.parsed.backend);
        if (backend->status != SY_OK)
            return sy_error_set(err, SY_UNAVAILABLE, "device %s: %s", text, backend->reason);
        snprintf(target.plugin_path, sizeof target.plugin_path, "%s", backend->path);
    }
    status = connect_and_lock(places, targets, &target, err);
    if (status == SY_OK)
        return append_opened(targets, &target, err);
    sy_error_prefix(err, status, "device %s", text);
    bool is_usage = status == SY_INVALID_ARGUMENT || status == SY_REFUSED;
    return is_usage ? status : SY_UNAVAILABLE;
}

sy_status sy_targets_open(const sy_target_places *places, sy_targets *out_targets, sy_error *err) {
    const sy_words *device = &places->config->device;
    *out_targets = (sy_targets){0};
    sy_status status = SY_OK;
    if (is_all(device))
        status = open_all(places, out_targets, err);
    else
        status = sy_greet_scan(places, &out_targets->backend, &out_targets->backend_count, err);
    for (size_t i = 0; status == SY_OK && !is_all(device) && i < device->count; i++)
        status = open_named(places, device->word[i], out_targets, err);
    if (status != SY_OK)
        sy_targets_release(out_targets);
    return status;
}
