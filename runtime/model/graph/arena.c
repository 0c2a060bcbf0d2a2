#include "runtime/model/graph/arena.h"

#include <stdint.h>
#include <string.h>

#include "runtime/base/seam.h"

#define ALIGNMENT 64u
#define BLOCK_BYTES ((size_t)64 << 10)

/* The newest block is first; only it has room left. */
struct sy_net_arena_block {
    struct sy_net_arena_block *next;
    size_t room_bytes;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

static struct sy_net_arena_block *add_block(sy_net_arena *arena, size_t bytes) {
    size_t room = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    if (room > SIZE_MAX - sizeof(struct sy_net_arena_block) - ALIGNMENT)
        return NULL;
    struct sy_net_arena_block *block = sy_mem_align(ALIGNMENT, sizeof *block + room);
    if (block == NULL)
        return NULL;
    memset(block, 0, sizeof *block + room);
    block->next = arena->block;
    block->room_bytes = room;
    arena->block = block;
    arena->used_bytes = 0;
    return block;
}

void *sy_net_arena_alloc(sy_net_arena *arena, size_t bytes) {
    if (bytes > SIZE_MAX - ALIGNMENT)
        return NULL;
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct sy_net_arena_block *block = arena->block;
    if (block == NULL || block->room_bytes - arena->used_bytes < rounded)
        block = add_block(arena, rounded);
    if (block == NULL)
        return NULL;
    void *memory = block->bytes + arena->used_bytes;
    arena->used_bytes += rounded;
    return memory;
}

void *sy_net_arena_array(sy_net_arena *arena, size_t count, size_t bytes) {
    size_t total = 0;
    return __builtin_mul_overflow(count, bytes, &total) ? NULL : sy_net_arena_alloc(arena, total);
}

char *sy_net_arena_text(sy_net_arena *arena, const char *text, size_t bytes) {
    char *copy = bytes < SIZE_MAX ? sy_net_arena_alloc(arena, bytes + 1) : NULL;
    if (copy != NULL && bytes > 0)
        memcpy(copy, text, bytes);
    return copy;
}

void sy_net_arena_release(sy_net_arena *arena) {
    while (arena->block != NULL) {
        struct sy_net_arena_block *next = arena->block->next;
        sy_mem_free(arena->block);
        arena->block = next;
    }
    arena->used_bytes = 0;
}
