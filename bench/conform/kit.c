/* The child's side: bringing the plugin up, verdicts, and the loop over the checks. */
#include "bench/conform/kit.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/worker/channel.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static void send_object(const conform_kit *kit, json_t *object) {
    if (object == NULL || sy_channel_send(kit->channel, object, NULL) != SY_OK)
        _exit(1); /* nobody listens */
    json_decref(object);
}

void conform_doing(const conform_kit *kit, const char *format, ...) {
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    send_object(kit, json_pack("{s:o}", "doing", sy_protocol_string(text, sizeof text)));
}

void conform_absent(const conform_kit *kit, const char *text) {
    send_object(kit, json_pack("{s:o}", "absent", sy_protocol_string(text, SIZE_MAX)));
}

static void set_verdict(conform_kit *kit, uint32_t verdict, const char *format, va_list list) {
    if (kit->verdict == SY_CONFORM_FAIL || (kit->verdict == SY_CONFORM_SKIP && verdict != SY_CONFORM_FAIL))
        return;
    kit->verdict = verdict;
    vsnprintf(kit->text, sizeof kit->text, format, list);
}

void conform_fail(conform_kit *kit, const char *format, ...) {
    va_list list;
    va_start(list, format);
    set_verdict(kit, SY_CONFORM_FAIL, format, list);
    va_end(list);
}

void conform_skip(conform_kit *kit, const char *format, ...) {
    va_list list;
    va_start(list, format);
    set_verdict(kit, SY_CONFORM_SKIP, format, list);
    va_end(list);
}

void conform_pass(conform_kit *kit, const char *format, ...) {
    va_list list;
    va_start(list, format);
    set_verdict(kit, SY_CONFORM_PASS, format, list);
    va_end(list);
}

bool conform_is_fine(const conform_kit *kit) {
    return kit->verdict != SY_CONFORM_FAIL;
}

bool conform_succeeds(conform_kit *kit, const char *what, sy_status status, const sy_error *err) {
    if (status != SY_OK)
        conform_fail(
            kit, "%s: %s%s%s", what, sy_status_name(status), err->text[0] != '\0' ? ": " : "", err->text);
    return status == SY_OK;
}

bool conform_refuses(conform_kit *kit, const char *what, sy_status status, const sy_error *err,
    const sy_status *wanted, size_t count) {
    bool is_wanted = false;
    for (size_t i = 0; i < count; i++)
        is_wanted = is_wanted || status == wanted[i];
    if (!is_wanted)
        conform_fail(kit, "%s: answered \"%s\"%s%s; \"%s\" would be right", what, sy_status_name(status),
            err->text[0] != '\0' ? ": " : "", err->text, sy_status_name(wanted[0]));
    else if (err->text[0] == '\0')
        conform_fail(kit, "%s: refused (%s) without a word why", what, sy_status_name(status));
    else if (memchr(err->text, '\0', sizeof err->text) == NULL)
        conform_fail(kit, "%s: the error's text has no end", what);
    return is_wanted && err->text[0] != '\0';
}

sy_status conform_open_registry(const conform_kit *kit, sy_registry **out_registry, sy_error *err) {
    const sy_conform_request *request = kit->request;
    return request->path != NULL
               ? sy_registry_create_from_file(request->registry, request->path, out_registry, err)
               : sy_registry_create(request->registry, out_registry, err);
}

/* The file's own name where none was asked for; of a refused one it cannot be known. */
static void find_name(conform_kit *kit) {
    const char *name = kit->request->name;
    if (name == NULL && sy_registry_count(kit->registry) > 0)
        name = sy_registry_get(kit->registry, 0).name;
    snprintf(kit->name, sizeof kit->name, "%.31s", name != NULL ? name : "");
}

void conform_tell_backend(const conform_kit *kit) {
    for (size_t i = 0; i < sy_registry_count(kit->registry); i++) {
        sy_registry_entry entry = sy_registry_get(kit->registry, i);
        if (strcmp(entry.name, kit->name) == 0 && entry.status == SY_OK)
            send_object(kit,
                json_pack("{s:{s:o,s:o,s:o,s:o,s:i}}", "backend", "name",
                    sy_protocol_string(entry.name, SIZE_MAX), "path",
                    sy_protocol_string(entry.path, SIZE_MAX), "sha256",
                    sy_protocol_string(entry.sha256, SIZE_MAX), "version",
                    sy_protocol_string(entry.version, SIZE_MAX), "minor", (int)kit->found.api->abi_minor));
    }
}

static bool start_backend(conform_kit *kit) {
    sy_error err = SY_ERROR_INIT;
    if (kit->found.backend != NULL)
        return true;
    conform_doing(kit, "starting the backend");
    sy_status status = conform_open_registry(kit, &kit->registry, &err);
    if (status == SY_OK) {
        find_name(kit);
        status = sy_registry_backend(kit->registry, kit->name, &kit->found, &err);
    }
    if (status != SY_OK) {
        conform_skip(kit, "the backend does not start: %s", sy_error_text(&err, status));
        return false;
    }
    conform_tell_backend(kit);
    return true;
}

static uint64_t read_device_clock(void *ctx) {
    const sy_job_device *on = ctx;
    uint64_t now_ns = 0;
    return on->api->device->clock_now(on->device, &now_ns) == SY_OK ? now_ns + 1 : 0;
}

/* A simulated device brings its own clock. */
static void choose_clock(conform_kit *kit) {
    kit->on.clock = sy_clock_host();
    if ((kit->info.flags & SY_DEVICE_SIMULATED) != 0 && kit->on.api->device->clock_now != NULL)
        kit->on.clock = (sy_clock){.ctx = &kit->on, .now_ns = read_device_clock};
}

static void tell_device(const conform_kit *kit) {
    bool simulated =
        (kit->info.flags & SY_DEVICE_SIMULATED) != 0 || sy_registry_is_simulated(kit->registry, kit->name);
    send_object(
        kit, json_pack("{s:o,s:b}", "device", sy_protocol_from_device(&kit->info), "simulated", simulated));
}

static sy_status open_device(conform_kit *kit, sy_error *err) {
    const sy_backend_api *api = kit->found.api;
    const sy_conform_request *request = kit->request;
    uint32_t count = 0;
    kit->on.api = api;
    kit->info = (sy_device_info){.size = sizeof kit->info};
    sy_status status = api->device->count(kit->found.backend, &count, err);
    if (status == SY_OK && request->index >= count) {
        status = sy_error_set(err, SY_UNAVAILABLE, "no device %u; there %s %u, counted from 0",
            request->index, count == 1 ? "is" : "are", count);
        if (count > 0) /* without any, nobody has asked for too much */
            conform_absent(kit, err->text);
    }
    if (status == SY_OK)
        status = api->device->open(kit->found.backend, request->index, request->params, &kit->on.device, err);
    if (status == SY_OK && api->device->thread_enter != NULL)
        status = api->device->thread_enter(kit->on.device, err);
    kit->entered = status == SY_OK;
    if (status == SY_OK)
        status = api->device->info(kit->on.device, &kit->info, err);
    return status == SY_OK ? api->queue->create(kit->on.device, &kit->on.queue, err) : status;
}

bool conform_bring_up(conform_kit *kit, uint32_t needs) {
    sy_error err = SY_ERROR_INIT;
    if (needs == CONFORM_NOTHING)
        return true;
    if (!start_backend(kit))
        return false;
    if (needs == CONFORM_BACKEND || kit->on.device != NULL)
        return true;
    conform_doing(kit, "opening the device");
    sy_status status = open_device(kit, &err);
    if (status != SY_OK) {
        conform_skip(kit, "the device does not open: %s", sy_error_text(&err, status));
        conform_close_device(kit);
        return false;
    }
    choose_clock(kit);
    tell_device(kit);
    return true;
}

void conform_close_device(conform_kit *kit) {
    const sy_backend_api *api = kit->on.api;
    if (kit->on.queue != NULL)
        api->queue->destroy(kit->on.queue);
    if (kit->entered && api->device->thread_leave != NULL)
        api->device->thread_leave(kit->on.device);
    if (kit->on.device != NULL)
        api->device->close(kit->on.device);
    kit->entered = false;
    kit->on = (sy_job_device){0};
}

void conform_close_backend(conform_kit *kit) {
    conform_close_device(kit);
    sy_registry_destroy(kit->registry);
    kit->registry = NULL;
    kit->found = (sy_backend_ref){0};
}

static void run_check(conform_kit *kit, size_t index) {
    char room[48];
    sy_error err = SY_ERROR_INIT;
    conform_item row = conform_list_get(index, room);
    kit->verdict = SY_CONFORM_PASS;
    kit->text[0] = '\0';
    send_object(kit, json_pack("{s:I}", "begin", (json_int_t)index));
    if (kit->block == NULL && sy_data_block_create(SY_DATA_UNIFORM, 1, &kit->block, &err) != SY_OK)
        conform_skip(kit, "%s", err.text);
    else if (conform_bring_up(kit, row.needs)) {
        send_object(kit, json_pack("{s:b,s:s}", "up", 1, "doing", "beginning"));
        row.run(kit, row.item);
    }
    send_object(kit, json_pack("{s:{s:I,s:i,s:o}}", "row", "index", (json_int_t)index, "verdict",
                         (int)kit->verdict, "text", sy_protocol_string(kit->text, sizeof kit->text)));
}

void conform_serve(const sy_conform_request *request, int channel, const bool *wanted, size_t first) {
    conform_kit *kit = sy_mem_calloc(1, sizeof *kit);
    if (kit == NULL)
        _exit(1);
    kit->request = request;
    kit->channel = channel;
    for (size_t i = first; i < conform_list_count(); i++) {
        if (!wanted[i])
            continue;
        run_check(kit, i);
        if (kit->verdict == SY_CONFORM_FAIL) /* what is behind it begins with a fresh process */
            _exit(0);
    }
    _exit(0);
}
