/* Memory that is given out piece by piece and freed at once. One thread at a time. */
#ifndef RUNTIME_MODEL_GRAPH_ARENA_H
#define RUNTIME_MODEL_GRAPH_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/** Zero-initialise it. */
typedef struct sy_net_arena {
    struct sy_net_arena_block *block;
    size_t used_bytes;
} sy_net_arena;

/** `bytes` of zeroed memory, aligned to 64; NULL if there is none (0 bytes: some valid pointer). Valid until
 * the arena is released. */
void *sy_net_arena_alloc(sy_net_arena *arena, size_t bytes);

/** count * bytes, checked; else as sy_net_arena_alloc(). */
void *sy_net_arena_array(sy_net_arena *arena, size_t count, size_t bytes);

/** A copy of `bytes` bytes of text, ended by 0; NULL without memory. */
char *sy_net_arena_text(sy_net_arena *arena, const char *text, size_t bytes);

/** Free one piece before its time. False, and nothing is done: it is none of the arena's large pieces (more
 * than 64 KiB), or the arena's first. */
bool sy_net_arena_drop(sy_net_arena *arena, const void *memory);

/** Free all of it and zero. */
void sy_net_arena_release(sy_net_arena *arena);

#endif
