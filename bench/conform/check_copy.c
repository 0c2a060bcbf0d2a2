/* Bytes that move: copies and fills at odd places, with what lies beside them. */
#include <string.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

static const uint64_t lengths[] = {1, 2, 3, 5, 7, 16, 31, 63, 65, 127, 255, 1023, 4097, 65537, (1 << 20) + 5};
static const uint64_t offsets[] = {0, 1, 3, 13, 64, 4095};
enum { LENGTHS = sizeof lengths / sizeof lengths[0], OFFSETS = sizeof offsets / sizeof offsets[0] };

/* The largest length, the largest offset, and as much behind. */
enum { ROOM = (1 << 20) + 16384, BEHIND = 256 };

/* Random bytes and what has to be seen. */
typedef struct copy_room {
    sy_buffer *device, *other, *pinned;
    uint8_t *pattern, *seen;
} copy_room;

static bool open_room(conform_kit *kit, copy_room *room) {
    sy_random random;
    *room = (copy_room){0};
    room->device = conform_alloc(kit, SY_MEMORY_DEVICE, 2 * ROOM);
    room->other = conform_alloc(kit, SY_MEMORY_DEVICE, ROOM);
    room->pinned = conform_alloc(kit, SY_MEMORY_PINNED, ROOM);
    room->pattern = conform_host(kit, ROOM);
    room->seen = conform_host(kit, ROOM);
    sy_random_seed(&random, 11, 0);
    for (uint64_t i = 0; room->pattern != NULL && i < ROOM; i++)
        room->pattern[i] = (uint8_t)sy_random_next(&random);
    return conform_is_fine(kit) && room->pattern != NULL && room->seen != NULL;
}

static void close_room(conform_kit *kit, copy_room *room) {
    sy_mem_free(room->seen);
    sy_mem_free(room->pattern);
    conform_free(kit, room->pinned);
    conform_free(kit, room->other);
    conform_free(kit, room->device);
}

/* `bytes` of the pattern at `offset`, `value` around them. */
static bool is_as_wanted(conform_kit *kit, const copy_room *room, const char *way, uint64_t offset,
    uint64_t bytes, uint8_t value) {
    uint64_t end = offset + bytes, total = end + BEHIND;
    for (uint64_t i = 0; i < total; i++) {
        bool is_inside = i >= offset && i < end;
        uint8_t wanted = is_inside ? room->pattern[i - offset] : value;
        if (room->seen[i] == wanted)
            continue;
        conform_fail(kit, "%s of %llu bytes to offset %llu: byte %lld of it is 0x%02x, should be 0x%02x%s",
            way, (unsigned long long)bytes, (unsigned long long)offset, (long long)i - (long long)offset,
            room->seen[i], wanted, is_inside ? "" : "; it lies outside");
        return false;
    }
    return true;
}

/* From the host to an odd place in the device and back from there. */
static bool there_and_back(conform_kit *kit, const copy_room *room, uint64_t offset, uint64_t bytes) {
    uint8_t *host = kit->on.api->memory->host_ptr(room->pinned);
    sy_span all = {room->device, 0, offset + bytes + BEHIND};
    memcpy(host + 1, room->pattern, bytes);
    return conform_put(kit, all, 0xc3) &&
           conform_copy(kit, (sy_span){room->device, offset, bytes}, (sy_span){room->pinned, 1, bytes}) &&
           conform_sync(kit) && conform_read(kit, all, room->seen) &&
           is_as_wanted(kit, room, "copy to the device", offset, bytes, 0xc3);
}

/* From one device buffer to another, to an odd place, and within one buffer. */
static bool within(conform_kit *kit, const copy_room *room, uint64_t offset, uint64_t bytes) {
    sy_span all = {room->other, 0, offset + bytes + BEHIND};
    bool ok =
        conform_put(kit, all, 0x3c) &&
        conform_copy(kit, (sy_span){room->other, offset, bytes}, (sy_span){room->device, offset, bytes}) &&
        conform_sync(kit) && conform_read(kit, all, room->seen) &&
        is_as_wanted(kit, room, "copy within the device", offset, bytes, 0x3c);
    sy_span far = {room->device, ROOM, offset + bytes + BEHIND};
    return ok && conform_put(kit, far, 0x77) &&
           conform_copy(
               kit, (sy_span){room->device, ROOM + offset, bytes}, (sy_span){room->device, offset, bytes}) &&
           conform_sync(kit) && conform_read(kit, far, room->seen) &&
           is_as_wanted(kit, room, "copy within one buffer", offset, bytes, 0x77);
}

static bool to_host(conform_kit *kit, const copy_room *room, uint64_t offset, uint64_t bytes) {
    uint8_t *host = kit->on.api->memory->host_ptr(room->pinned);
    uint64_t total = offset + bytes + BEHIND;
    memset(host, 0x99, total);
    bool ok =
        conform_copy(kit, (sy_span){room->pinned, offset, bytes}, (sy_span){room->device, offset, bytes}) &&
        conform_sync(kit);
    memcpy(room->seen, host, total);
    return ok && is_as_wanted(kit, room, "copy to the host", offset, bytes, 0x99);
}

void conform_check_copies(conform_kit *kit, size_t item) {
    copy_room room;
    size_t done = 0;
    (void)item;
    bool ok = open_room(kit, &room) && kit->on.api->memory->host_ptr(room.pinned) != NULL;
    if (!ok)
        conform_fail(kit, "host_ptr of pinned memory is NULL");
    for (size_t i = 0; ok && i < LENGTHS; i++)
        for (size_t k = 0; ok && k < OFFSETS; k++) {
            conform_doing(kit, "copying %llu bytes at offset %llu", (unsigned long long)lengths[i],
                (unsigned long long)offsets[k]);
            ok = there_and_back(kit, &room, offsets[k], lengths[i]) &&
                 within(kit, &room, offsets[k], lengths[i]) && to_host(kit, &room, offsets[k], lengths[i]);
            done += 4;
        }
    close_room(kit, &room);
    conform_pass(kit, "%zu copies, 1 byte to 1 MiB", done);
}

static bool fill_once(conform_kit *kit, copy_room *room, uint64_t offset, uint64_t bytes, uint8_t value) {
    sy_span all = {room->device, 0, offset + bytes + BEHIND};
    memset(room->pattern, value, bytes);
    return conform_put(kit, all, (uint8_t)~value) &&
           conform_put(kit, (sy_span){room->device, offset, bytes}, value) && conform_sync(kit) &&
           conform_read(kit, all, room->seen) &&
           is_as_wanted(kit, room, "fill", offset, bytes, (uint8_t)~value);
}

void conform_check_fills(conform_kit *kit, size_t item) {
    static const uint8_t values[] = {0x00, 0xff, 0x5a};
    copy_room room;
    size_t done = 0;
    (void)item;
    bool ok = open_room(kit, &room);
    for (size_t i = 0; ok && i < LENGTHS; i++)
        for (size_t k = 0; ok && k < OFFSETS; k++, done++) {
            conform_doing(kit, "filling %llu bytes at offset %llu", (unsigned long long)lengths[i],
                (unsigned long long)offsets[k]);
            ok = fill_once(kit, &room, offsets[k], lengths[i], values[done % 3]);
        }
    close_room(kit, &room);
    conform_pass(kit, "%zu fills, 1 byte to 1 MiB", done);
}
