/* Building and reading the fields of messages. */
#include "bench/worker/protocol.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Bytes of the UTF-8 sequence that `text` begins with, at most `room`; 0 if it is none (RFC 3629). */
static size_t sequence_bytes(const unsigned char *text, size_t room) {
    unsigned char lead = text[0];
    size_t bytes = lead < 0x80   ? 1
                   : lead < 0xc2 ? 0
                   : lead < 0xe0 ? 2
                   : lead < 0xf0 ? 3
                   : lead < 0xf5 ? 4
                                 : 0;
    if (bytes > room)
        return 0;
    for (size_t i = 1; i < bytes; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (lead == 0xe0 && text[1] < 0xa0) || (lead == 0xf0 && text[1] < 0x90);
    bool beyond = (lead == 0xed && text[1] > 0x9f) || (lead == 0xf4 && text[1] > 0x8f);
    return overlong || beyond ? 0 : bytes;
}

json_t *sy_protocol_string(const char *text, size_t room) {
    size_t length = strnlen(text, room);
    char *clean = sy_mem_alloc(length + 1);
    if (clean == NULL)
        return NULL;
    memcpy(clean, text, length);
    for (size_t i = 0; i < length;) {
        size_t bytes = sequence_bytes((const unsigned char *)clean + i, length - i);
        if (bytes == 0)
            clean[i++] = '?';
        i += bytes;
    }
    json_t *string = json_stringn_nocheck(clean, length);
    sy_mem_free(clean);
    return string;
}

json_t *sy_protocol_reply(sy_status status, const sy_error *err) {
    json_t *reply = json_pack("{s:i}", "status", (int)status);
    if (reply != NULL && status != SY_OK)
        json_object_set_new(reply, "error", sy_protocol_string(sy_error_text(err, status), SIZE_MAX));
    return reply;
}

sy_status sy_protocol_status(const json_t *reply, sy_error *err) {
    const json_t *number = json_object_get(reply, "status");
    if (!json_is_integer(number))
        return sy_error_set(err, SY_INTERNAL, "a worker's reply has no status");
    json_int_t wide = json_integer_value(number);
    if (wide < 0 || wide > INT32_MAX || sy_status_name((sy_status)wide) == sy_status_name(-1))
        return sy_error_set(
            err, SY_INTERNAL, "a worker's reply has the unknown status %lld", (long long)wide);
    sy_status status = (sy_status)wide;
    if (status != SY_OK)
        sy_error_set(err, status, "%s", sy_protocol_text(reply, "error", sy_status_name(status)));
    return status;
}

const char *sy_protocol_text(const json_t *object, const char *name, const char *fallback) {
    const json_t *field = json_object_get(object, name);
    return json_is_string(field) ? json_string_value(field) : fallback;
}

uint64_t sy_protocol_u64(const json_t *object, const char *name, uint64_t fallback) {
    const json_t *field = json_object_get(object, name);
    return json_is_integer(field) && json_integer_value(field) >= 0 ? (uint64_t)json_integer_value(field)
                                                                    : fallback;
}

double sy_protocol_f64(const json_t *object, const char *name, double fallback) {
    const json_t *field = json_object_get(object, name);
    return json_is_number(field) ? json_number_value(field) : fallback;
}

bool sy_protocol_bool(const json_t *object, const char *name, bool fallback) {
    const json_t *field = json_object_get(object, name);
    return json_is_boolean(field) ? json_is_true(field) : fallback;
}

json_t *sy_protocol_from_hex(uint64_t value) {
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, value);
    return json_string(text);
}

uint64_t sy_protocol_hex(const json_t *object, const char *name, uint64_t fallback) {
    const char *text = sy_protocol_text(object, name, NULL);
    return text != NULL ? strtoull(text, NULL, 16) : fallback;
}

json_t *sy_protocol_number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static void put_text(json_t *object, const char *name, const char *text, size_t room) {
    json_object_set_new(object, name, sy_protocol_string(text, room));
}

static void get_text(const json_t *object, const char *name, char *out_text, size_t room) {
    snprintf(out_text, room, "%s", sy_protocol_text(object, name, ""));
}

json_t *sy_protocol_from_device(const sy_device_info *info) {
    json_t *object = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:i}", "index",
        (json_int_t)info->index, "scope", (json_int_t)info->scope, "flags", (json_int_t)info->flags,
        "memory_bytes", (json_int_t)info->memory_bytes, "free_bytes", (json_int_t)info->free_bytes,
        "max_alloc_bytes", (json_int_t)info->max_alloc_bytes, "cache_bytes", (json_int_t)info->cache_bytes,
        "base_align", (json_int_t)info->base_align, "units", (json_int_t)info->units, "dtypes",
        (json_int_t)info->dtypes, "numa_node", (int)info->numa_node);
    if (object == NULL)
        return NULL;
    put_text(object, "name", info->name, sizeof info->name);
    put_text(object, "vendor", info->vendor, sizeof info->vendor);
    put_text(object, "driver", info->driver, sizeof info->driver);
    put_text(object, "uuid", info->uuid, sizeof info->uuid);
    put_text(object, "pci", info->pci, sizeof info->pci);
    put_text(object, "isa", info->isa, sizeof info->isa);
    put_text(object, "platform", info->platform, sizeof info->platform);
    put_text(object, "features", info->features, sizeof info->features);
    return object;
}

void sy_protocol_to_device(const json_t *object, sy_device_info *out_info) {
    *out_info = (sy_device_info){.size = sizeof *out_info};
    out_info->index = (uint32_t)sy_protocol_u64(object, "index", 0);
    out_info->scope = (uint32_t)sy_protocol_u64(object, "scope", SY_SCOPE_UNKNOWN);
    out_info->flags = (uint32_t)sy_protocol_u64(object, "flags", 0);
    out_info->memory_bytes = sy_protocol_u64(object, "memory_bytes", 0);
    out_info->free_bytes = sy_protocol_u64(object, "free_bytes", 0);
    out_info->max_alloc_bytes = sy_protocol_u64(object, "max_alloc_bytes", 0);
    out_info->cache_bytes = sy_protocol_u64(object, "cache_bytes", 0);
    out_info->base_align = (uint32_t)sy_protocol_u64(object, "base_align", 0);
    out_info->units = (uint32_t)sy_protocol_u64(object, "units", 0);
    out_info->dtypes = sy_protocol_u64(object, "dtypes", 0);
    out_info->numa_node = (int32_t)sy_protocol_f64(object, "numa_node", -1.0);
    get_text(object, "name", out_info->name, sizeof out_info->name);
    get_text(object, "vendor", out_info->vendor, sizeof out_info->vendor);
    get_text(object, "driver", out_info->driver, sizeof out_info->driver);
    get_text(object, "uuid", out_info->uuid, sizeof out_info->uuid);
    get_text(object, "pci", out_info->pci, sizeof out_info->pci);
    get_text(object, "isa", out_info->isa, sizeof out_info->isa);
    get_text(object, "platform", out_info->platform, sizeof out_info->platform);
    get_text(object, "features", out_info->features, sizeof out_info->features);
}

json_t *sy_protocol_from_library(const sy_library *library) {
    json_t *object = json_pack("{s:b}", "simulated", library->simulated != 0);
    if (object == NULL)
        return NULL;
    put_text(object, "name", library->name, sizeof library->name);
    put_text(object, "path", library->path, sizeof library->path);
    put_text(object, "build_id", library->build_id, sizeof library->build_id);
    put_text(object, "version", library->version, sizeof library->version);
    return object;
}

void sy_protocol_to_library(const json_t *object, sy_library *out_library) {
    *out_library = (sy_library){.simulated = sy_protocol_bool(object, "simulated", false)};
    get_text(object, "name", out_library->name, sizeof out_library->name);
    get_text(object, "path", out_library->path, sizeof out_library->path);
    get_text(object, "build_id", out_library->build_id, sizeof out_library->build_id);
    get_text(object, "version", out_library->version, sizeof out_library->version);
}
