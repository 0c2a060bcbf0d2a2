/* Which row ids were seen, and the status each has. */
#ifndef STEELYARD_BENCH_RECORD_IDS_H
#define STEELYARD_BENCH_RECORD_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One id; value 0: free. */
typedef struct sy_ids_slot {
    uint64_t id;
    uint32_t value;
} sy_ids_slot;

/** Ids with a value above 0 each. Zero-initialise. */
typedef struct sy_ids {
    sy_ids_slot *slot;
    size_t count, capacity;
} sy_ids;

/** 16 lower-case hex digits as a number; false if it is not that. */
bool sy_ids_parse(const char *text, uint64_t *out_id);

/** Set the value of an id, new or not. False without memory: nothing changed. */
bool sy_ids_set(sy_ids *ids, uint64_t id, uint32_t value);

/** Value of an id, 0 if it is not there. */
uint32_t sy_ids_get(const sy_ids *ids, uint64_t id);

/** Number of ids with each value below `count`, into out_counts[value]. */
void sy_ids_tally(const sy_ids *ids, uint64_t *out_counts, size_t count);

/** Free and zero. */
void sy_ids_release(sy_ids *ids);

#endif
