/* Buffers and bytes, for checks. */
#include "bench/conform/io.h"

#include <string.h>

#include "runtime/base/seam.h"

static const char *kind_name(uint32_t kind) {
    static const char *const names[] = {"?", "device", "pinned", "shared", "imported"};
    return names[kind <= SY_MEMORY_IMPORTED ? kind : 0];
}

sy_buffer *conform_alloc(conform_kit *kit, uint32_t kind, uint64_t bytes) {
    sy_error err = SY_ERROR_INIT;
    sy_buffer *buffer = NULL;
    sy_status status = kit->on.api->memory->alloc(kit->on.device, kind, bytes, &buffer, &err);
    if (status != SY_OK)
        conform_fail(kit, "%llu bytes of %s memory: %s: %s", (unsigned long long)bytes, kind_name(kind),
            sy_status_name(status), err.text);
    else if (buffer == NULL)
        conform_fail(
            kit, "%llu bytes of %s memory: ok, but no buffer", (unsigned long long)bytes, kind_name(kind));
    return status == SY_OK ? buffer : NULL;
}

void conform_free(const conform_kit *kit, sy_buffer *buffer) {
    if (buffer != NULL)
        kit->on.api->memory->free(buffer);
}

bool conform_sync(conform_kit *kit) {
    sy_error err = SY_ERROR_INIT;
    return conform_succeeds(kit, "sync", kit->on.api->queue->sync(kit->on.queue, UINT64_MAX, &err), &err);
}

bool conform_copy(conform_kit *kit, sy_span dst, sy_span src) {
    sy_error err = SY_ERROR_INIT;
    return conform_succeeds(kit, "copy", kit->on.api->memory->copy(kit->on.queue, dst, src, &err), &err);
}

bool conform_put(conform_kit *kit, sy_span dst, uint8_t value) {
    sy_error err = SY_ERROR_INIT;
    return conform_succeeds(kit, "fill", kit->on.api->memory->fill(kit->on.queue, dst, value, &err), &err);
}

static uint8_t *pinned_address(conform_kit *kit, sy_buffer *pinned) {
    uint8_t *host = pinned != NULL ? kit->on.api->memory->host_ptr(pinned) : NULL;
    if (pinned != NULL && host == NULL)
        conform_fail(kit, "host_ptr of pinned memory is NULL; the host must be able to read it");
    return host;
}

bool conform_write(conform_kit *kit, sy_span dst, const void *bytes) {
    sy_buffer *pinned = conform_alloc(kit, SY_MEMORY_PINNED, dst.bytes);
    uint8_t *host = pinned_address(kit, pinned);
    if (host != NULL)
        memcpy(host, bytes, dst.bytes);
    bool ok = host != NULL && conform_copy(kit, dst, (sy_span){pinned, 0, dst.bytes}) && conform_sync(kit);
    conform_free(kit, pinned);
    return ok;
}

bool conform_read(conform_kit *kit, sy_span src, void *out_bytes) {
    sy_buffer *pinned = conform_alloc(kit, SY_MEMORY_PINNED, src.bytes);
    uint8_t *host = pinned_address(kit, pinned);
    bool ok = host != NULL && conform_copy(kit, (sy_span){pinned, 0, src.bytes}, src) && conform_sync(kit);
    if (ok)
        memcpy(out_bytes, host, src.bytes);
    conform_free(kit, pinned);
    return ok;
}

bool conform_all_are(
    conform_kit *kit, const char *what, const uint8_t *bytes, uint64_t count, uint8_t value) {
    for (uint64_t i = 0; i < count; i++)
        if (bytes[i] != value) {
            conform_fail(kit, "%s: byte %llu of %llu is 0x%02x, should be 0x%02x", what,
                (unsigned long long)i, (unsigned long long)count, bytes[i], value);
            return false;
        }
    return true;
}

void *conform_host(conform_kit *kit, uint64_t bytes) {
    void *memory = sy_mem_align(64, bytes);
    if (memory == NULL)
        conform_skip(kit, "no %llu bytes of host memory", (unsigned long long)bytes);
    return memory;
}
