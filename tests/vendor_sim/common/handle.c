#include "tests/vendor_sim/common/handle.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/vendor_sim/common/world.h"

/* No address of a 64-bit program begins so; 16 apart, so that they look aligned. */
#define HANDLE_BASE UINT64_C(0x5e1f000000000000)
#define HANDLE_STEP 16u
#define ENTRIES_MAX (UINT64_C(1) << 24)

typedef struct entry {
    const char *kind;
    void *object; /* NULL: destroyed */
} entry;

static struct {
    entry *entry;
    uint64_t used;
} table;

/* Numbers are never given again, so that every use after a destruction shows. What that costs is no memory of
 * the program: none of its heap, and a page once it is written to. */
static entry *reserve(void) {
    void *memory = mmap(NULL, ENTRIES_MAX * sizeof(entry), PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        sim_die("the host has no memory for handles");
    return memory;
}

void *sim_handle_make(const char *kind, size_t bytes, void **out_object) {
    if (table.entry == NULL)
        table.entry = reserve();
    if (table.used == ENTRIES_MAX)
        sim_die("more than %llu handles in one process", (unsigned long long)ENTRIES_MAX);
    void *object = calloc(1, bytes);
    if (object == NULL)
        sim_die("the host has no memory for an object");
    table.entry[table.used] = (entry){.kind = kind, .object = object};
    sim_made(kind);
    if (out_object != NULL)
        *out_object = object;
    return (void *)(uintptr_t)(HANDLE_BASE + ++table.used * HANDLE_STEP);
}

static entry *find(const void *handle) {
    uint64_t number = (uint64_t)(uintptr_t)handle - HANDLE_BASE;
    bool is_one = number % HANDLE_STEP == 0 && number > 0 && number / HANDLE_STEP <= table.used;
    return is_one ? &table.entry[number / HANDLE_STEP - 1] : NULL;
}

void *sim_handle_peek(const void *handle, const char *kind) {
    const entry *one = find(handle);
    return one != NULL && strcmp(one->kind, kind) == 0 ? one->object : NULL;
}

void *sim_handle_get(const void *handle, const char *kind) {
    const entry *one = find(handle);
    if (one == NULL || strcmp(one->kind, kind) != 0)
        sim_misuse("wrong_handle");
    else if (one->object == NULL)
        sim_misuse("use_after_destroy");
    else
        return one->object;
    return NULL;
}

void sim_handle_destroy(const void *handle) {
    entry *one = find(handle);
    if (one == NULL || one->object == NULL)
        sim_die("the simulation destroys an object twice");
    free(one->object);
    one->object = NULL;
    sim_gone(one->kind);
}

/* Objects that a program leaves behind are its leaks, the table is none. */
__attribute__((destructor)) static void end(void) {
    for (uint64_t i = 0; i < table.used; i++)
        free(table.entry[i].object);
    if (table.entry != NULL)
        munmap(table.entry, ENTRIES_MAX * sizeof(entry));
    table.entry = NULL;
    table.used = 0;
}
