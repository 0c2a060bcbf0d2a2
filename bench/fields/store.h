/* Memory that is freed all at once: texts and lists of rows and environments live in one. */
#ifndef STEELYARD_BENCH_FIELDS_STORE_H
#define STEELYARD_BENCH_FIELDS_STORE_H

#include <stddef.h>

/** Zero-initialise. */
typedef struct sy_store {
    struct sy_store_block *first;
} sy_store;

/** `bytes` bytes, aligned for anything, zeroed; NULL without memory. Lives as long as the store. */
void *sy_store_alloc(sy_store *store, size_t bytes);

/** `count` items of `bytes` bytes; NULL without memory or if the product does not fit. */
void *sy_store_array(sy_store *store, size_t count, size_t bytes);

/** A copy of a text (NULL gives NULL); NULL without memory. */
char *sy_store_text(sy_store *store, const char *text);

/** Free all but one block, and let that be used again. */
void sy_store_clear(sy_store *store);

/** Free everything. */
void sy_store_release(sy_store *store);

#endif
