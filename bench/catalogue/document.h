/* A file of reference data: found in folders, read, and held to what every such file promises. */
#ifndef STEELYARD_BENCH_CATALOGUE_DOCUMENT_H
#define STEELYARD_BENCH_CATALOGUE_DOCUMENT_H

#include "bench/catalogue/figure.h"

/** Folders where reference data may be, first match wins; those that are NULL or "" are passed over.
 * Borrowed. */
typedef struct sy_reference_places {
    const char *const *folder;
    size_t count;
} sy_reference_places;

/** What every entry begins with. id is unique in its file; name_zh: NULL if there is none. */
typedef struct sy_reference_head {
    const char *id, *name, *name_zh;
} sy_reference_head;

/** A file in memory. Zero-initialise; texts of entries are those of `json`. retrieved: "2026-11". */
typedef struct sy_document {
    json_t *json;
    sy_arena arena;
    sy_figure_sources sources;
    const char *retrieved;
    char path[512];
} sy_document;

/** Largest file that is read. */
#define SY_DOCUMENT_MAX (UINT64_C(16) << 20)

/** What to read: the file's name, its schema's, the list, and what an item of it is; it begins with a
 * sy_reference_head. */
typedef struct sy_document_form {
    const char *file, *schema, *list;
    const sy_field_table *table;
} sy_document_form;

/**
 * Read the file, its sources, and its entries, `*out_count` structs of form->table, in the file's order.
 *
 * Owns     *out_items lives as long as the document: sy_document_release(), also after an error.
 * Errors   SY_UNAVAILABLE: no folder has the file; SY_IO; SY_OVERFLOW: larger than SY_DOCUMENT_MAX;
 *          SY_INVALID_ARGUMENT: malformed, with path and entry: no JSON, another schema, a text with control
 *          characters, an id that is there twice, a figure without source or confidence, a source that is not
 *          listed; SY_OUT_OF_MEMORY.
 */
sy_status sy_document_read(sy_document *document, const sy_reference_places *places,
    const sy_document_form *form, void **out_items, size_t *out_count, sy_error *err);

/** Free a document; zeroes. */
void sy_document_release(sy_document *document);

#endif
