/* Row ids in an open hash table. They are hashes already, so their low bits are the place. */
#include "bench/record/ids.h"

#include <string.h>

#include "runtime/base/seam.h"

bool sy_ids_parse(const char *text, uint64_t *out_id) {
    static const char digits[] = "0123456789abcdef";
    uint64_t id = 0;
    size_t length = 0;
    for (; length < 16 && text[length] != '\0'; length++) {
        const char *found = strchr(digits, text[length]);
        if (found == NULL)
            return false;
        id = id << 4 | (uint64_t)(found - digits);
    }
    *out_id = id;
    return length == 16 && text[length] == '\0';
}

/* The slot of an id, or the free one where it belongs. The table is never full. */
static sy_ids_slot *find(const sy_ids *ids, uint64_t id) {
    size_t mask = ids->capacity - 1;
    size_t place = (size_t)id & mask;
    while (ids->slot[place].value != 0 && ids->slot[place].id != id)
        place = (place + 1) & mask;
    return &ids->slot[place];
}

static bool grow(sy_ids *ids) {
    size_t capacity = ids->capacity > 0 ? ids->capacity * 2 : 64;
    sy_ids larger = {.slot = sy_mem_calloc(capacity, sizeof *larger.slot), .capacity = capacity};
    if (larger.slot == NULL)
        return false;
    for (size_t i = 0; i < ids->capacity; i++)
        if (ids->slot[i].value != 0)
            *find(&larger, ids->slot[i].id) = ids->slot[i];
    larger.count = ids->count;
    sy_mem_free(ids->slot);
    *ids = larger;
    return true;
}

bool sy_ids_set(sy_ids *ids, uint64_t id, uint32_t value) {
    if (2 * (ids->count + 1) > ids->capacity && !grow(ids))
        return false;
    sy_ids_slot *slot = find(ids, id);
    ids->count += slot->value == 0;
    *slot = (sy_ids_slot){.id = id, .value = value};
    return true;
}

uint32_t sy_ids_get(const sy_ids *ids, uint64_t id) {
    return ids->capacity > 0 ? find(ids, id)->value : 0;
}

void sy_ids_tally(const sy_ids *ids, uint64_t *out_counts, size_t count) {
    memset(out_counts, 0, count * sizeof *out_counts);
    for (size_t i = 0; i < ids->capacity; i++)
        if (ids->slot[i].value != 0 && ids->slot[i].value < count)
            out_counts[ids->slot[i].value]++;
}

void sy_ids_release(sy_ids *ids) {
    sy_mem_free(ids->slot);
    *ids = (sy_ids){0};
}
