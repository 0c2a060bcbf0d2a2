#include "tests/vendor_sim/common/handle.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/common/world.h"

/* No address of a 64-bit program begins so; 16 apart, so that they look aligned. Below: the place in the
 * table, and above it how often that place was given before. */
#define HANDLE_BASE UINT64_C(0x5e1f000000000000)
#define HANDLE_MASK UINT64_C(0xffff000000000000)
#define STEP_BITS 4
#define PLACE_BITS 20
#define TURN_BITS 24

typedef struct entry {
    const char *kind;
    void *object; /* NULL: destroyed */
    uint32_t turn, next_free;
} entry;

/* Places are numbered from 1; 0 is none. */
static struct {
    entry *entry;
    uint32_t used, capacity, first_free;
} table;

static void grow(void) {
    uint32_t capacity = table.capacity == 0 ? 256 : table.capacity * 2;
    entry *larger = realloc(table.entry, capacity * sizeof *larger);
    if (larger == NULL || capacity > 1u << PLACE_BITS)
        sim_die("the host has no memory for handles");
    table.entry = larger;
    table.capacity = capacity;
}

/* A place that was given back, unless all its turns are over. */
static uint32_t take_place(void) {
    uint32_t place = table.first_free;
    if (place != 0) {
        table.first_free = table.entry[place - 1].next_free;
        return place;
    }
    if (table.used == table.capacity)
        grow();
    table.entry[table.used] = (entry){0};
    return ++table.used;
}

void *sim_handle_make(const char *kind, size_t bytes, void **out_object) {
    uint32_t place = take_place();
    entry *one = &table.entry[place - 1];
    one->kind = kind;
    one->object = calloc(1, bytes);
    if (one->object == NULL)
        sim_die("the host has no memory for an object");
    sim_made(kind);
    if (out_object != NULL)
        *out_object = one->object;
    uint64_t number = (uint64_t)one->turn << PLACE_BITS | place;
    return (void *)(uintptr_t)(HANDLE_BASE | number << STEP_BITS);
}

/* The place of a handle that was given once; *out_now: it still is. */
static entry *find(const void *handle, bool *out_now) {
    uint64_t value = (uint64_t)(uintptr_t)handle;
    uint64_t number = (value & ~HANDLE_MASK) >> STEP_BITS;
    uint64_t place = number & ((UINT64_C(1) << PLACE_BITS) - 1), turn = number >> PLACE_BITS;
    *out_now = false;
    if ((value & HANDLE_MASK) != HANDLE_BASE || value % (1u << STEP_BITS) != 0 || place == 0 ||
        place > table.used || turn > table.entry[place - 1].turn)
        return NULL;
    entry *one = &table.entry[place - 1];
    *out_now = one->object != NULL && one->turn == turn;
    return one;
}

void *sim_handle_peek(const void *handle, const char *kind) {
    bool is_now;
    const entry *one = find(handle, &is_now);
    return one != NULL && is_now && strcmp(one->kind, kind) == 0 ? one->object : NULL;
}

void *sim_handle_get(const void *handle, const char *kind) {
    bool is_now;
    const entry *one = find(handle, &is_now);
    if (one == NULL || (is_now && strcmp(one->kind, kind) != 0))
        sim_misuse("wrong_handle");
    else if (!is_now)
        sim_misuse("use_after_destroy");
    else
        return one->object;
    return NULL;
}

void sim_handle_destroy(const void *handle) {
    bool is_now;
    entry *one = find(handle, &is_now);
    if (one == NULL || !is_now)
        sim_die("the simulation destroys an object twice");
    free(one->object);
    one->object = NULL;
    sim_gone(one->kind);
    if (++one->turn >= 1u << TURN_BITS)
        return;
    one->next_free = table.first_free;
    table.first_free = (uint32_t)(one - table.entry) + 1;
}

/* Objects that a program leaves behind are its leaks, the table is none. */
__attribute__((destructor)) static void end(void) {
    for (uint32_t i = 0; i < table.used; i++)
        free(table.entry[i].object);
    free(table.entry);
    table.entry = NULL;
    table.used = table.capacity = table.first_free = 0;
}
