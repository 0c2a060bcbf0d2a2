/* Texts kept once each, in an open hash table of pointers. */
#include "bench/compare/intern.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "runtime/base/seam.h"

/* FNV-1a; its high bits are good enough once folded down. */
static size_t place_of(const char *text, size_t bytes, size_t capacity) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32) & (capacity - 1);
}

static bool is_text(const char *kept, const char *text, size_t bytes) {
    return strncmp(kept, text, bytes) == 0 && kept[bytes] == '\0';
}

static const char **find(const char **slot, size_t capacity, const char *text, size_t bytes) {
    size_t place = place_of(text, bytes, capacity);
    while (slot[place] != NULL && !is_text(slot[place], text, bytes))
        place = (place + 1) & (capacity - 1);
    return &slot[place];
}

static bool grow(sy_intern *intern) {
    size_t capacity = intern->capacity > 0 ? 2 * intern->capacity : 256;
    const char **slot = sy_mem_calloc(capacity, sizeof *slot);
    if (slot == NULL)
        return false;
    for (size_t i = 0; i < intern->capacity; i++)
        if (intern->slot[i] != NULL)
            *find(slot, capacity, intern->slot[i], strlen(intern->slot[i])) = intern->slot[i];
    sy_mem_free(intern->slot);
    intern->slot = slot;
    intern->capacity = capacity;
    return true;
}

const char *sy_intern_bytes(sy_intern *intern, const char *text, size_t bytes) {
    if (text == NULL || intern->failed)
        return NULL;
    if (2 * (intern->count + 1) > intern->capacity && !grow(intern)) {
        intern->failed = true;
        return NULL;
    }
    const char **slot = find(intern->slot, intern->capacity, text, bytes);
    if (*slot != NULL)
        return *slot;
    char *copy = sy_arena_alloc(&intern->arena, bytes + 1);
    intern->failed = copy == NULL;
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, bytes);
    *slot = copy;
    intern->count++;
    return copy;
}

const char *sy_intern_text(sy_intern *intern, const char *text) {
    return text != NULL ? sy_intern_bytes(intern, text, strlen(text)) : NULL;
}

void sy_intern_release(sy_intern *intern) {
    sy_mem_free(intern->slot);
    sy_arena_release(&intern->arena);
    *intern = (sy_intern){0};
}
