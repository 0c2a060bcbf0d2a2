/* Vendor and peer libraries, opened at run time: search, identity, and symbols from a list. */
#ifndef STEELYARD_BASE_DYNLIB_H
#define STEELYARD_BASE_DYNLIB_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/elf.h"
#include "steelyard/status.h"

/** An opened library; all zero is a closed one. */
typedef struct sy_dynlib {
    void *handle;                   /* dlopen's; hand it to sy_host.library() */
    char path[512];                 /* where it really lies; "" if the loader does not tell */
    char build_id[SY_BUILD_ID_MAX]; /* "" if it has none */
} sy_dynlib;

/**
 * Where to look. Arrays end with NULL.
 *
 * chosen   path given by the user (sy_host.option("lib.x")); if not NULL or "", nothing else is tried.
 * names    file names, newest first: {"libfoo.so.3", "libfoo.so.2", NULL}.
 * folders  each name is tried in each folder, in order; the folder "" stands for the loader's own search.
 *          NULL is the loader's search alone.
 */
typedef struct sy_dynlib_search {
    const char *chosen;
    const char *const *names;
    const char *const *folders;
} sy_dynlib_search;

/**
 * Open the first that loads, eagerly and locally (RTLD_NOW | RTLD_LOCAL). Folder by folder, names in order.
 * Errors: SY_UNAVAILABLE: none did; the text gives the names, and why one that is there did not load, which
 * tells more than "not found". *out_library is zeroed on error.
 */
sy_status sy_dynlib_open(const sy_dynlib_search *search, sy_dynlib *out_library, sy_error *err);

/** Close. Only for libraries known to survive it: many leave threads and exit handlers behind. */
void sy_dynlib_close(sy_dynlib *library);

/** One function wanted from a library: its name, and where its pointer goes in the caller's struct. */
typedef struct sy_dynlib_symbol {
    const char *name;
    size_t offset;
    bool is_optional; /* absent: the pointer becomes NULL */
} sy_dynlib_symbol;

/**
 * Look up `count` symbols into the struct at `table`.
 * Errors: SY_INCOMPATIBLE: required ones are missing; the text names them all. Every pointer is written,
 * NULL for what is missing.
 */
sy_status sy_dynlib_bind(
    const sy_dynlib *library, const sy_dynlib_symbol *symbols, size_t count, void *table, sy_error *err);

/** Where the library of this dlopen handle lies, as a canonical path; "" if the loader does not tell. */
void sy_dynlib_path(void *handle, char *out_path, size_t capacity);

#endif
