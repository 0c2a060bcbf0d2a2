/* Memory that is freed all at once: texts and lists of rows and environments live in one. */
#ifndef STEELYARD_BENCH_FIELDS_ARENA_H
#define STEELYARD_BENCH_FIELDS_ARENA_H

#include <stddef.h>

/** Zero-initialise. */
typedef struct sy_arena {
    struct sy_arena_block *first;
} sy_arena;

/** `bytes` bytes, aligned for anything, zeroed; NULL without memory. Lives as long as the arena. */
void *sy_arena_alloc(sy_arena *arena, size_t bytes);

/** `count` items of `bytes` bytes; NULL without memory or if the product does not fit. */
void *sy_arena_array(sy_arena *arena, size_t count, size_t bytes);

/** A copy of a text (NULL gives NULL); NULL without memory. */
char *sy_arena_text(sy_arena *arena, const char *text);

/** Free all but one block, and let that be used again. */
void sy_arena_clear(sy_arena *arena);

/** Free everything. */
void sy_arena_release(sy_arena *arena);

#endif
