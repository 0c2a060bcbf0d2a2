/* Memory: kinds, bounds, alignment, import, and what copies and fills must refuse. */
#include <string.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "runtime/base/seam.h"

/* One kind that may be refused with words; required ones may not. Returns 1 if it is there. */
static int try_kind(conform_kit *kit, uint32_t kind, const char *name, bool is_required, bool host_reads) {
    sy_error err = SY_ERROR_INIT;
    sy_buffer *buffer = NULL;
    const sy_memory_api *memory = kit->on.api->memory;
    conform_doing(kit, "allocating %s memory", name);
    sy_status status = memory->alloc(kit->on.device, kind, 4096, &buffer, &err);
    if (status == SY_UNSUPPORTED && !is_required) {
        CONFORM_REFUSES(kit, name, status, &err, SY_UNSUPPORTED);
        return 0;
    }
    if (!conform_succeeds(kit, name, status, &err))
        return 0;
    uint8_t *host = memory->host_ptr(buffer);
    if (host_reads && host == NULL)
        conform_fail(kit, "%s memory: host_ptr is NULL, the host must be able to read it", name);
    else if (host != NULL) {
        memset(host, 0x3c, 4096);
        conform_all_are(kit, name, host, 4096, 0x3c);
    }
    conform_free(kit, buffer);
    return 1;
}

void conform_check_kinds(conform_kit *kit, size_t item) {
    const uint32_t none[] = {0, SY_MEMORY_IMPORTED, 99};
    bool is_unified = (kit->info.flags & SY_DEVICE_UNIFIED) != 0;
    (void)item;
    try_kind(kit, SY_MEMORY_DEVICE, "device", true, is_unified);
    try_kind(kit, SY_MEMORY_PINNED, "pinned", true, true);
    int shared = try_kind(kit, SY_MEMORY_SHARED, "shared", false, true);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        sy_buffer *buffer = NULL;
        sy_status status = kit->on.api->memory->alloc(kit->on.device, none[i], 4096, &buffer, &err);
        CONFORM_REFUSES(kit, "memory of a kind that alloc() does not have", status, &err, SY_UNSUPPORTED,
            SY_INVALID_ARGUMENT);
    }
    conform_pass(kit, "device, pinned%s", shared ? ", shared" : "; shared is refused with words");
}

void conform_check_bounds(conform_kit *kit, size_t item) {
    const uint64_t sizes[] = {UINT64_MAX, UINT64_MAX - 4095, UINT64_C(1) << 62};
    const uint32_t kinds[] = {SY_MEMORY_DEVICE, SY_MEMORY_PINNED};
    (void)item;
    for (size_t k = 0; k < 2; k++) {
        sy_error err = SY_ERROR_INIT;
        sy_buffer *buffer = NULL;
        conform_doing(kit, "allocating 0 bytes");
        sy_status status = kit->on.api->memory->alloc(kit->on.device, kinds[k], 0, &buffer, &err);
        CONFORM_REFUSES(kit, "0 bytes", status, &err, SY_INVALID_ARGUMENT);
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            err = SY_ERROR_INIT;
            conform_doing(kit, "allocating %llu bytes", (unsigned long long)sizes[i]);
            status = kit->on.api->memory->alloc(kit->on.device, kinds[k], sizes[i], &buffer, &err);
            CONFORM_REFUSES(kit, "far too many bytes", status, &err, SY_OUT_OF_MEMORY, SY_OVERFLOW);
            conform_pass(kit, "%s", err.text);
        }
    }
    conform_doing(kit, "allocating 4096 bytes after the refusals");
    conform_free(kit, conform_alloc(kit, SY_MEMORY_DEVICE, 4096));
}

void conform_check_alignment(conform_kit *kit, size_t item) {
    enum { BUFFERS = 8 };
    sy_buffer *buffer[BUFFERS] = {0};
    uint64_t align = kit->info.base_align;
    size_t seen = 0;
    (void)item;
    for (size_t i = 0; i < BUFFERS; i++) {
        buffer[i] = conform_alloc(kit, i % 2 != 0 ? SY_MEMORY_PINNED : SY_MEMORY_DEVICE, 1 + 37 * i);
        uintptr_t host = buffer[i] != NULL ? (uintptr_t)kit->on.api->memory->host_ptr(buffer[i]) : 0;
        seen += host != 0;
        if (host != 0 && align > 0 && host % align != 0)
            conform_fail(kit, "a buffer of %zu bytes is not aligned to base_align, %llu bytes", 1 + 37 * i,
                (unsigned long long)align);
    }
    for (size_t i = BUFFERS; i-- > 0;)
        conform_free(kit, buffer[i]);
    conform_pass(kit, "%llu bytes, in %zu buffers that the host can see", (unsigned long long)align, seen);
}

/* Host memory there and back through the device, both ends imported at an odd address. */
static void import_round(conform_kit *kit, uint8_t *host, uint64_t bytes) {
    sy_error err = SY_ERROR_INIT;
    sy_buffer *imported = NULL, *device = conform_alloc(kit, SY_MEMORY_DEVICE, bytes);
    const sy_memory_api *memory = kit->on.api->memory;
    conform_doing(kit, "importing %llu bytes", (unsigned long long)bytes);
    sy_status status = memory->import(kit->on.device, host, bytes, &imported, &err);
    if (status == SY_UNSUPPORTED && err.text[0] != '\0')
        conform_skip(kit, "%s", err.text);
    else if (conform_succeeds(kit, "import", status, &err) && device != NULL) {
        sy_span ours = {imported, 0, bytes}, there = {device, 0, bytes};
        memset(host, 0x42, bytes);
        if (memory->host_ptr(imported) != host)
            conform_fail(kit, "host_ptr of imported memory is not the address that was imported");
        bool ok = conform_copy(kit, there, ours) && conform_sync(kit);
        memset(host, 0, bytes);
        if (ok && conform_copy(kit, ours, there) && conform_sync(kit))
            conform_all_are(kit, "imported memory after a copy there and back", host, bytes, 0x42);
    }
    if (status == SY_OK)
        memory->free(imported);
    conform_free(kit, device);
}

void conform_check_import(conform_kit *kit, size_t item) {
    const uint64_t bytes = 10007;
    const sy_memory_api *memory = kit->on.api->memory;
    sy_buffer *buffer = NULL;
    uint8_t *host = conform_host(kit, bytes + 3);
    (void)item;
    if (host == NULL)
        return;
    import_round(kit, host + 3, bytes);
    if (conform_is_fine(kit) && kit->verdict != SY_CONFORM_SKIP) {
        sy_error err = SY_ERROR_INIT;
        conform_all_are(kit, "the caller's memory after its buffer was freed", host + 3, bytes, 0x42);
        sy_status status = memory->import(kit->on.device, NULL, bytes, &buffer, &err);
        CONFORM_REFUSES(kit, "import of NULL", status, &err, SY_INVALID_ARGUMENT);
        err = SY_ERROR_INIT;
        status = memory->import(kit->on.device, host, 0, &buffer, &err);
        CONFORM_REFUSES(kit, "import of 0 bytes", status, &err, SY_INVALID_ARGUMENT);
    }
    sy_mem_free(host);
}

void conform_check_spans(conform_kit *kit, size_t item) {
    const uint64_t bytes = 4096;
    sy_buffer *a = conform_alloc(kit, SY_MEMORY_DEVICE, bytes),
              *b = conform_alloc(kit, SY_MEMORY_PINNED, bytes);
    const sy_span whole = {b, 0, bytes};
    const struct {
        const char *what;
        sy_span dst, src;
    } wrong[] = {{"copy to a span that ends behind its buffer", {a, 1, bytes}, whole},
        {"copy from a span that ends behind its buffer", {a, 0, bytes}, {b, 1, bytes}},
        {"copy to a span that begins behind its buffer", {a, bytes + 1, 16}, {b, 0, 16}},
        {"copy to a span whose end wraps", {a, UINT64_MAX - 15, 32}, {b, 0, 32}},
        {"copy of unequal lengths", {a, 0, 64}, {b, 0, 65}}, {"copy to no buffer", {NULL, 0, 64}, {b, 0, 64}},
        {"copy from no buffer", {a, 0, 64}, {NULL, 0, 64}}};
    (void)item;
    for (size_t i = 0; a != NULL && b != NULL && i < sizeof wrong / sizeof wrong[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        conform_doing(kit, "%s", wrong[i].what);
        sy_status status = kit->on.api->memory->copy(kit->on.queue, wrong[i].dst, wrong[i].src, &err);
        CONFORM_REFUSES(kit, wrong[i].what, status, &err, SY_INVALID_ARGUMENT);
    }
    for (size_t i = 0; a != NULL && i < sizeof wrong / sizeof wrong[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        if (wrong[i].dst.buffer == a && wrong[i].dst.offset == 0)
            continue;
        conform_doing(kit, "fill as: %s", wrong[i].what);
        sy_status status = kit->on.api->memory->fill(kit->on.queue, wrong[i].dst, 1, &err);
        CONFORM_REFUSES(
            kit, "fill of a span outside its buffer, or of no buffer", status, &err, SY_INVALID_ARGUMENT);
    }
    if (conform_is_fine(kit))
        conform_sync(kit);
    conform_free(kit, b);
    conform_free(kit, a);
}
