/* Memory that is freed all at once: a chain of blocks, filled from the newest. */
#include "bench/fields/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "runtime/base/seam.h"

enum { BLOCK_BYTES = 16384 };

struct sy_arena_block {
    struct sy_arena_block *next;
    size_t used, capacity;
    alignas(max_align_t) unsigned char data[];
};

static struct sy_arena_block *add_block(sy_arena *arena, size_t bytes) {
    size_t capacity = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    size_t total;
    if (__builtin_add_overflow(sizeof(struct sy_arena_block), capacity, &total))
        return NULL;
    struct sy_arena_block *block = sy_mem_alloc(total);
    if (block == NULL)
        return NULL;
    *block = (struct sy_arena_block){.next = arena->first, .capacity = capacity};
    arena->first = block;
    return block;
}

void *sy_arena_alloc(sy_arena *arena, size_t bytes) {
    const size_t align = alignof(max_align_t);
    if (bytes > SIZE_MAX - align)
        return NULL;
    size_t wanted = (bytes + align - 1) / align * align;
    struct sy_arena_block *block = arena->first;
    if (block == NULL || block->capacity - block->used < wanted)
        block = add_block(arena, wanted);
    if (block == NULL)
        return NULL;
    void *memory = block->data + block->used;
    block->used += wanted;
    memset(memory, 0, wanted);
    return memory;
}

void *sy_arena_array(sy_arena *arena, size_t count, size_t bytes) {
    size_t total;
    return __builtin_mul_overflow(count, bytes, &total) ? NULL : sy_arena_alloc(arena, total);
}

char *sy_arena_text(sy_arena *arena, const char *text) {
    if (text == NULL)
        return NULL;
    size_t bytes = strlen(text) + 1;
    char *copy = sy_arena_alloc(arena, bytes);
    if (copy != NULL)
        memcpy(copy, text, bytes);
    return copy;
}

void sy_arena_clear(sy_arena *arena) {
    struct sy_arena_block *kept = arena->first;
    if (kept == NULL)
        return;
    arena->first = kept->next;
    sy_arena_release(arena);
    kept->next = NULL;
    kept->used = 0;
    arena->first = kept;
}

void sy_arena_release(sy_arena *arena) {
    while (arena->first != NULL) {
        struct sy_arena_block *next = arena->first->next;
        sy_mem_free(arena->first);
        arena->first = next;
    }
}
