/* Where plugin files may lie: the folders of a path list, and the files in a folder. */
#ifndef STEELYARD_REGISTRY_SEARCH_H
#define STEELYARD_REGISTRY_SEARCH_H

#include <stdbool.h>

#include "steelyard/status.h"

/** What a search meets: with SY_OK a file to try, otherwise a folder that cannot be searched, and why. */
typedef sy_status sy_search_visit_fn(void *ctx, sy_status status, const char *path, const char *reason);

/**
 * Visit every "*.so" of one absolute folder, sorted by name. `is_required`: a folder that is not there is
 * visited as a failure instead of passed over. Stops at, and returns, the first status of `visit` that is not
 * SY_OK.
 */
sy_status sy_search_folder(const char *folder, bool is_required, sy_search_visit_fn *visit, void *ctx);

/** Visit the folders of a colon-separated list in order. Empty and relative elements are visited as
 * SY_REFUSED. SY_OUT_OF_MEMORY beside visit's. */
sy_status sy_search_path(const char *list, sy_search_visit_fn *visit, void *ctx);

#endif
