/* The environment: the only file of this backend that reads it, or writes to it. */
#ifndef BACKENDS_CUDA_FAMILY_ENVIRONMENT_H
#define BACKENDS_CUDA_FAMILY_ENVIRONMENT_H

#include "backends/cuda_family/stack.h"
#include "runtime/card/card.h"

/** Most folders that libraries are looked for in, the end's NULL counted. */
#define CF_FOLDERS_MAX 14u

/** Folders to search, as sy_dynlib_search takes them; `list` points into `text` and into the row. */
typedef struct cf_folders {
    const char *list[CF_FOLDERS_MAX];
    char text[CF_FOLDERS_MAX][256];
} cf_folders;

/** Value of a variable, NULL if it is unset. Borrowed. */
const char *cf_environment(const char *name);

/**
 * A stack's folders: `only` alone if it is not NULL; else `first` (NULL or "": none), then those of the row,
 * "$NAME/x" below the folder that the variable names, left out if it is unset.
 */
void cf_folders_fill(const cf_stack *stack, const char *only, const char *first, cf_folders *out_folders);

/**
 * Unset what would have libraries compute in another precision than they are asked for: before any is opened,
 * as they read it then. What is set would make `math` a lie. A warning is logged for each, and out_text is
 * "NAME unset, ..." ("": nothing was set), for the device's description.
 */
void cf_environment_clear(const sy_backend *backend, const cf_stack *stack, char *out_text, size_t capacity);

#endif
