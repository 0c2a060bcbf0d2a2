/* The plugin as a file and as a backend: judged, created, destroyed. */
#include <string.h>

#include "bench/conform/checks.h"

/* The entry of the backend that is checked: of a file the only one. */
static bool find_entry(const conform_kit *kit, const sy_registry *registry, sy_registry_entry *out_entry) {
    for (size_t i = 0; i < sy_registry_count(registry); i++) {
        *out_entry = sy_registry_get(registry, i);
        if (kit->request->path != NULL || strcmp(out_entry->name, kit->request->name) == 0)
            return true;
    }
    return false;
}

void conform_check_file(conform_kit *kit, size_t item) {
    sy_error err = SY_ERROR_INIT;
    sy_registry_entry entry;
    sy_backend_ref found;
    sy_registry *registry = NULL;
    (void)item;
    conform_doing(kit, "judging and loading the file");
    sy_status status = conform_open_registry(kit, &registry, &err);
    if (!conform_succeeds(kit, "registry", status, &err))
        return;
    if (!find_entry(kit, registry, &entry)) {
        conform_fail(kit, "there is no backend of that name");
        sy_registry_backend(registry, kit->request->name, &found, &err);
        conform_absent(kit, err.text);
    } else if (entry.status != SY_OK)
        conform_fail(kit, "%s", entry.reason);
    else if (kit->request->name != NULL && strcmp(entry.name, kit->request->name) != 0)
        conform_fail(kit, "the file holds backend %s, not %s", entry.name, kit->request->name);
    else if (entry.version[0] == '\0')
        conform_fail(kit, "backend %s has no version", entry.name);
    else
        conform_pass(
            kit, "backend %s %s%s", entry.name, entry.version, entry.path[0] == '\0' ? ", built in" : "");
    sy_registry_destroy(registry);
}

static const char *yes_no(bool yes) {
    return yes ? "" : "no ";
}

/* What is missing of the stack is no fault of the plugin, if it says so. */
static void judge_start(conform_kit *kit) {
    sy_error err = SY_ERROR_INIT;
    sy_registry_entry entry;
    conform_close_backend(kit);
    sy_status status = conform_open_registry(kit, &kit->registry, &err);
    bool is_there = status == SY_OK && find_entry(kit, kit->registry, &entry) && entry.status == SY_OK;
    if (!is_there) {
        conform_skip(kit, "the file is refused");
        return;
    }
    snprintf(kit->name, sizeof kit->name, "%.31s", entry.name);
    status = sy_registry_backend(kit->registry, kit->name, &kit->found, &err);
    if (status == SY_UNAVAILABLE && err.text[0] != '\0')
        conform_skip(kit, "%s", err.text);
    else
        conform_succeeds(kit, "create", status, &err);
    if (status == SY_OK)
        conform_tell_backend(kit);
}

void conform_check_start(conform_kit *kit, size_t item) {
    sy_error err = SY_ERROR_INIT;
    uint32_t count = 0;
    (void)item;
    conform_doing(kit, "creating the backend");
    judge_start(kit);
    if (kit->verdict != SY_CONFORM_PASS)
        return;
    conform_doing(kit, "destroying the backend and creating it again");
    judge_start(kit);
    if (kit->verdict != SY_CONFORM_PASS)
        return;
    const sy_backend_api *api = kit->found.api;
    sy_status status = api->device->count(kit->found.backend, &count, &err);
    if (status == SY_UNAVAILABLE && err.text[0] != '\0')
        conform_skip(kit, "%s", err.text);
    else if (status == SY_UNAVAILABLE)
        conform_fail(kit, "count: no devices, and not a word why");
    else if (conform_succeeds(kit, "count", status, &err))
        conform_pass(kit, "ABI %u.%u, %u device%s; %sevents, %stimers, %ssensors, %sgraphs, %smodels",
            api->abi_major, api->abi_minor, count, count == 1 ? "" : "s",
            yes_no(api->queue->event_create != NULL), yes_no(api->queue->timer_create != NULL),
            yes_no(api->sensor != NULL), yes_no(api->work->capture_begin != NULL),
            yes_no(api->model != NULL));
}

void conform_check_null(conform_kit *kit, size_t item) {
    const sy_backend_api *api = kit->on.api;
    (void)item;
    conform_doing(kit, "memory.free(NULL)");
    api->memory->free(NULL);
    conform_doing(kit, "queue.destroy(NULL)");
    api->queue->destroy(NULL);
    conform_doing(kit, "queue.event_destroy(NULL)");
    if (api->queue->event_destroy != NULL)
        api->queue->event_destroy(NULL);
    conform_doing(kit, "queue.timer_destroy(NULL)");
    if (api->queue->timer_destroy != NULL)
        api->queue->timer_destroy(NULL);
    conform_doing(kit, "work.plan_destroy(NULL)");
    api->work->plan_destroy(NULL);
    conform_doing(kit, "work.binding_destroy(NULL)");
    api->work->binding_destroy(NULL);
    conform_doing(kit, "work.graph_destroy(NULL)");
    if (api->work->graph_destroy != NULL)
        api->work->graph_destroy(NULL);
    conform_doing(kit, "model.unload(NULL)");
    if (api->model != NULL)
        api->model->unload(NULL);
    conform_doing(kit, "device.close(NULL)");
    api->device->close(NULL);
    conform_doing(kit, "destroy(NULL)");
    api->destroy(NULL);
}

void conform_check_shutdown(conform_kit *kit, size_t item) {
    (void)item;
    conform_doing(kit, "closing the device");
    conform_close_device(kit);
    conform_doing(kit, "destroying the backend");
    conform_close_backend(kit);
}
