/* Memory that is freed all at once: a chain of blocks, filled from the newest. */
#include "bench/fields/store.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "runtime/base/seam.h"

enum { BLOCK_BYTES = 16384 };

struct sy_store_block {
    struct sy_store_block *next;
    size_t used, capacity;
    alignas(max_align_t) unsigned char data[];
};

static struct sy_store_block *add_block(sy_store *store, size_t bytes) {
    size_t capacity = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    size_t total;
    if (__builtin_add_overflow(sizeof(struct sy_store_block), capacity, &total))
        return NULL;
    struct sy_store_block *block = sy_mem_alloc(total);
    if (block == NULL)
        return NULL;
    *block = (struct sy_store_block){.next = store->first, .capacity = capacity};
    store->first = block;
    return block;
}

void *sy_store_alloc(sy_store *store, size_t bytes) {
    const size_t align = alignof(max_align_t);
    if (bytes > SIZE_MAX - align)
        return NULL;
    size_t wanted = (bytes + align - 1) / align * align;
    struct sy_store_block *block = store->first;
    if (block == NULL || block->capacity - block->used < wanted)
        block = add_block(store, wanted);
    if (block == NULL)
        return NULL;
    void *memory = block->data + block->used;
    block->used += wanted;
    memset(memory, 0, wanted);
    return memory;
}

void *sy_store_array(sy_store *store, size_t count, size_t bytes) {
    size_t total;
    return __builtin_mul_overflow(count, bytes, &total) ? NULL : sy_store_alloc(store, total);
}

char *sy_store_text(sy_store *store, const char *text) {
    if (text == NULL)
        return NULL;
    size_t bytes = strlen(text) + 1;
    char *copy = sy_store_alloc(store, bytes);
    if (copy != NULL)
        memcpy(copy, text, bytes);
    return copy;
}

void sy_store_clear(sy_store *store) {
    struct sy_store_block *kept = store->first;
    if (kept == NULL)
        return;
    store->first = kept->next;
    sy_store_release(store);
    kept->next = NULL;
    kept->used = 0;
    store->first = kept;
}

void sy_store_release(sy_store *store) {
    while (store->first != NULL) {
        struct sy_store_block *next = store->first->next;
        sy_mem_free(store->first);
        store->first = next;
    }
}
