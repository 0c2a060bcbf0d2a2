/* Texts kept once each: equal texts of thousands of rows are one pointer. */
#ifndef STEELYARD_BENCH_COMPARE_INTERN_H
#define STEELYARD_BENCH_COMPARE_INTERN_H

#include <stdbool.h>

#include "bench/fields/arena.h"

/** Zero-initialise; the texts live in the arena. */
typedef struct sy_intern {
    const char **slot;
    size_t count, capacity;
    sy_arena arena;
    bool failed; /* an allocation failed: everything after it is NULL */
} sy_intern;

/** The one copy of a text; NULL for NULL and without memory (`failed`). */
const char *sy_intern_text(sy_intern *intern, const char *text);

/** The same of `bytes` bytes, none of them NUL. */
const char *sy_intern_bytes(sy_intern *intern, const char *text, size_t bytes);

/** Free everything and zero it. */
void sy_intern_release(sy_intern *intern);

#endif
