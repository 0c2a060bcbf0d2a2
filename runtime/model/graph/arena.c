#include "runtime/model/graph/arena.h"

#include <stdint.h>
#include <string.h>

#include "runtime/base/seam.h"

#define ALIGNMENT 64u
#define BLOCK_BYTES ((size_t)64 << 10)

/* The first block has room left; others are full, or of one piece. bytes: aligned, within the block. */
struct sy_net_arena_block {
    struct sy_net_arena_block *next;
    size_t room_bytes;
    unsigned char *bytes;
};

/* A zeroed block. calloc() leaves large ones untouched: the system's pages are zero already. */
static struct sy_net_arena_block *make_block(size_t room) {
    if (room > SIZE_MAX - sizeof(struct sy_net_arena_block) - ALIGNMENT)
        return NULL;
    struct sy_net_arena_block *block = sy_mem_calloc(1, sizeof *block + ALIGNMENT + room);
    if (block == NULL)
        return NULL;
    uintptr_t past = (uintptr_t)(block + 1) % ALIGNMENT;
    block->bytes = (unsigned char *)(block + 1) + (ALIGNMENT - past) % ALIGNMENT;
    block->room_bytes = room;
    return block;
}

/* A piece too large to share a block goes behind the first one, whose room stays. */
static void *alloc_alone(sy_net_arena *arena, size_t bytes) {
    struct sy_net_arena_block *block = make_block(bytes), *first = arena->block;
    if (block == NULL)
        return NULL;
    if (first == NULL) {
        arena->block = block;
        arena->used_bytes = bytes;
    } else {
        block->next = first->next;
        first->next = block;
    }
    return block->bytes;
}

void *sy_net_arena_alloc(sy_net_arena *arena, size_t bytes) {
    if (bytes > SIZE_MAX - ALIGNMENT)
        return NULL;
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (rounded > BLOCK_BYTES)
        return alloc_alone(arena, rounded);
    struct sy_net_arena_block *block = arena->block;
    if (block == NULL || block->room_bytes - arena->used_bytes < rounded) {
        block = make_block(BLOCK_BYTES);
        if (block == NULL)
            return NULL;
        block->next = arena->block;
        arena->block = block;
        arena->used_bytes = 0;
    }
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

bool sy_net_arena_drop(sy_net_arena *arena, const void *memory) {
    if (arena->block == NULL)
        return false;
    for (struct sy_net_arena_block **at = &arena->block->next; *at != NULL; at = &(*at)->next) {
        struct sy_net_arena_block *block = *at;
        if (block->bytes != memory || block->room_bytes <= BLOCK_BYTES)
            continue;
        *at = block->next;
        sy_mem_free(block);
        return true;
    }
    return false;
}

void sy_net_arena_release(sy_net_arena *arena) {
    while (arena->block != NULL) {
        struct sy_net_arena_block *next = arena->block->next;
        sy_mem_free(arena->block);
        arena->block = next;
    }
    arena->used_bytes = 0;
}
