/* Checks of a backend's table, as rows: which table, which slot, required or in which group. */
#include "runtime/registry/table.h"

#include <stddef.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

#define TABLE_BYTES_MAX 65536u

/* Slots of one group are there all or none; group 0 is required. */
typedef struct hook {
    const char *name;
    size_t offset;
    uint32_t group;
} hook;

enum {
    GROUP_REQUIRED = 0,
    GROUP_FREE = 1,
    GROUP_EVENT = 2,
    GROUP_TIMER = 3,
    GROUP_CAPTURE = 4,
    GROUP_COUNT = 5
};

#define ROW(table, slot, group)                                                                              \
    { #table "." #slot, offsetof(sy_##table##_api, slot), group }

static const hook backend_hooks[] = {
    {"create", offsetof(sy_backend_api, create), GROUP_REQUIRED},
    {"destroy", offsetof(sy_backend_api, destroy), GROUP_REQUIRED},
    {"device", offsetof(sy_backend_api, device), GROUP_REQUIRED},
    {"memory", offsetof(sy_backend_api, memory), GROUP_REQUIRED},
    {"queue", offsetof(sy_backend_api, queue), GROUP_REQUIRED},
    {"work", offsetof(sy_backend_api, work), GROUP_REQUIRED},
};

static const hook device_hooks[] = {
    ROW(device, count, GROUP_REQUIRED),
    ROW(device, describe, GROUP_REQUIRED),
    ROW(device, open, GROUP_REQUIRED),
    ROW(device, close, GROUP_REQUIRED),
    ROW(device, info, GROUP_REQUIRED),
    ROW(device, thread_enter, GROUP_FREE),
    ROW(device, thread_leave, GROUP_FREE),
    ROW(device, clock_now, GROUP_FREE),
    ROW(device, clock_advance, GROUP_FREE),
};

static const hook memory_hooks[] = {
    ROW(memory, alloc, GROUP_REQUIRED),
    ROW(memory, import, GROUP_REQUIRED),
    ROW(memory, free, GROUP_REQUIRED),
    ROW(memory, host_ptr, GROUP_REQUIRED),
    ROW(memory, copy, GROUP_REQUIRED),
    ROW(memory, fill, GROUP_REQUIRED),
};

static const hook queue_hooks[] = {
    ROW(queue, create, GROUP_REQUIRED),
    ROW(queue, destroy, GROUP_REQUIRED),
    ROW(queue, sync, GROUP_REQUIRED),
    ROW(queue, event_create, GROUP_EVENT),
    ROW(queue, event_record, GROUP_EVENT),
    ROW(queue, event_wait, GROUP_EVENT),
    ROW(queue, event_query, GROUP_EVENT),
    ROW(queue, event_destroy, GROUP_EVENT),
    ROW(queue, timer_create, GROUP_TIMER),
    ROW(queue, timer_start, GROUP_TIMER),
    ROW(queue, timer_stop, GROUP_TIMER),
    ROW(queue, timer_read, GROUP_TIMER),
    ROW(queue, timer_destroy, GROUP_TIMER),
};

static const hook work_hooks[] = {
    ROW(work, algorithm, GROUP_REQUIRED),
    ROW(work, layout_bytes, GROUP_REQUIRED),
    ROW(work, plan_create, GROUP_REQUIRED),
    ROW(work, plan_destroy, GROUP_REQUIRED),
    ROW(work, plan_workspace, GROUP_REQUIRED),
    ROW(work, binding_create, GROUP_REQUIRED),
    ROW(work, binding_destroy, GROUP_REQUIRED),
    ROW(work, run, GROUP_REQUIRED),
    ROW(work, capture_begin, GROUP_CAPTURE),
    ROW(work, capture_end, GROUP_CAPTURE),
    ROW(work, graph_run, GROUP_CAPTURE),
    ROW(work, graph_destroy, GROUP_CAPTURE),
    ROW(work, plan_compile, GROUP_FREE),
};

static const hook model_hooks[] = {
    ROW(model, load, GROUP_REQUIRED),
    ROW(model, port, GROUP_REQUIRED),
    ROW(model, bind, GROUP_REQUIRED),
    ROW(model, unload, GROUP_REQUIRED),
    ROW(model, set_shape, GROUP_FREE),
};

static const hook sensor_hooks[] = {
    ROW(sensor, describe, GROUP_REQUIRED),
    ROW(sensor, read, GROUP_REQUIRED),
};
#undef ROW

/* One sub-table: its hooks, where the backend's pointer to it lies, and where its copy goes. */
typedef struct part {
    const char *name;
    const hook *hooks;
    size_t hook_count, pointer_offset, copy_offset, copy_bytes;
} part;

#define PART(table)                                                                                          \
    {                                                                                                        \
#table, table##_hooks,                                                                               \
            sizeof table##_hooks / sizeof table##_hooks[0], offsetof(sy_backend_api, table),                 \
                                       offsetof(sy_table, table), sizeof(sy_##table##_api)                   \
    }
static const part parts[] = {PART(device), PART(memory), PART(queue), PART(work), PART(model), PART(sensor)};
#undef PART

#define PART_COUNT (sizeof parts / sizeof parts[0])

/* Bytes that reach to the end of the last required slot. */
static size_t required_bytes(const hook *hooks, size_t count) {
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        if (hooks[i].group == GROUP_REQUIRED && hooks[i].offset + sizeof(void *) > bytes)
            bytes = hooks[i].offset + sizeof(void *);
    return bytes;
}

static bool slot_is_set(const void *table, const hook *slot) {
    void *value;
    memcpy(&value, (const char *)table + slot->offset, sizeof value);
    return value != NULL;
}

/* A size that its version cannot have means that the struct was built from something else. */
static sy_status check_size(
    const char *name, uint32_t size, size_t required, size_t ours, bool is_newer, sy_error *err) {
    if (size < required)
        return sy_error_set(
            err, SY_INCOMPATIBLE, "table %s has %u bytes, at least %zu are required", name, size, required);
    if (size % 8 != 0 || size > TABLE_BYTES_MAX)
        return sy_error_set(err, SY_INCOMPATIBLE, "table %s has an impossible size of %u bytes", name, size);
    if (size > ours && !is_newer)
        return sy_error_set(
            err, SY_INCOMPATIBLE, "table %s has %u bytes, but its version has only %zu", name, size, ours);
    return SY_OK;
}

static void name_missing(const void *table, const hook *hooks, size_t count, sy_text *missing) {
    uint32_t is_there[GROUP_COUNT] = {0};
    for (size_t i = 0; i < count; i++)
        if (slot_is_set(table, &hooks[i]))
            is_there[hooks[i].group] = 1;
    for (size_t i = 0; i < count; i++) {
        uint32_t group = hooks[i].group;
        bool is_wanted = group == GROUP_REQUIRED || (group != GROUP_FREE && is_there[group] != 0);
        if (is_wanted && !slot_is_set(table, &hooks[i]))
            sy_text_printf(missing, "%s%s", missing->length > 0 ? ", " : "", hooks[i].name);
    }
}

static bool name_is_valid(const char *name) {
    size_t length = name != NULL ? strnlen(name, 32) : 0;
    if (length == 0 || length > 31 || name[0] < 'a' || name[0] > 'z')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") >= length;
}

/* The head of the table, up to which every version is alike. */
static sy_status check_head(const sy_backend_api *api, sy_error *err) {
    if (api->size < offsetof(sy_backend_api, name))
        return sy_error_set(err, SY_INCOMPATIBLE, "table backend has %u bytes: no version in it", api->size);
    if (api->abi_major != SY_ABI_MAJOR)
        return sy_error_set(err, SY_INCOMPATIBLE, "written for ABI %u.%u, this program speaks %d.%d",
            api->abi_major, api->abi_minor, SY_ABI_MAJOR, SY_ABI_MINOR);
    size_t required = required_bytes(backend_hooks, sizeof backend_hooks / sizeof backend_hooks[0]);
    sy_status status =
        check_size("backend", api->size, required, sizeof *api, api->abi_minor > SY_ABI_MINOR, err);
    if (status != SY_OK)
        return status;
    if (!name_is_valid(api->name))
        return sy_error_set(
            err, SY_INCOMPATIBLE, "bad backend name; it must be [a-z][a-z0-9_]*, at most 31 bytes");
    return api->version != NULL ? SY_OK : sy_error_set(err, SY_INCOMPATIBLE, "no version text");
}

static sy_status take_part(
    const sy_backend_api *api, const part *row, sy_table *table, sy_text *missing, sy_error *err) {
    const void *theirs;
    uint32_t size;
    memcpy(&theirs, (const char *)&table->api + row->pointer_offset, sizeof theirs);
    if (theirs == NULL)
        return SY_OK;
    memcpy(&size, theirs, sizeof size);
    sy_status status = check_size(row->name, size, required_bytes(row->hooks, row->hook_count),
        row->copy_bytes, api->abi_minor > SY_ABI_MINOR, err);
    if (status != SY_OK)
        return status;
    uint32_t bytes = size < row->copy_bytes ? size : (uint32_t)row->copy_bytes;
    void *copy = (char *)table + row->copy_offset;
    memcpy(copy, theirs, bytes);
    memcpy(copy, &(uint32_t){(uint32_t)row->copy_bytes}, sizeof(uint32_t));
    name_missing(copy, row->hooks, row->hook_count, missing);
    memcpy((char *)&table->api + row->pointer_offset, &copy, sizeof copy);
    return SY_OK;
}

static sy_status take_parts(const sy_backend_api *api, sy_table *table, sy_error *err) {
    sy_text missing = {0};
    sy_status status = SY_OK;
    name_missing(&table->api, backend_hooks, sizeof backend_hooks / sizeof backend_hooks[0], &missing);
    for (size_t i = 0; status == SY_OK && i < PART_COUNT; i++)
        status = take_part(api, &parts[i], table, &missing, err);
    if (status == SY_OK && (missing.length > 0 || missing.failed))
        status = sy_error_set(err, SY_INCOMPATIBLE, "missing hooks: %s",
            missing.data != NULL ? missing.data : "(no memory to name them)");
    sy_text_release(&missing);
    return status;
}

sy_status sy_table_take(const sy_backend_api *api, sy_table *out_table, sy_error *err) {
    *out_table = (sy_table){0};
    sy_status status = check_head(api, err);
    if (status != SY_OK)
        return status;
    memcpy(&out_table->api, api, api->size < sizeof *api ? api->size : sizeof *api);
    out_table->api.size = sizeof out_table->api;
    status = take_parts(api, out_table, err);
    if (status != SY_OK)
        *out_table = (sy_table){0};
    return status;
}
