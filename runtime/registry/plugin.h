/* One plugin file: judged, identified, loaded, and its query function found. Knows nothing of tables. */
#ifndef STEELYARD_REGISTRY_PLUGIN_H
#define STEELYARD_REGISTRY_PLUGIN_H

#include <limits.h>

#include "runtime/registry/judge.h"
#include "steelyard/backend.h"

/** What is known of a file; after a refusal as far as it got. All zero is none. */
typedef struct sy_plugin {
    char path[PATH_MAX]; /* canonical */
    char sha256[65];     /* "" if it could not be read */
    void *handle;
    sy_backend_query_fn *query;
} sy_plugin;

/**
 * Load the plugin file `path` (absolute). No code of it runs before all of this holds: its last component is
 * no symbolic link, it is a regular file, the trust judges it and its folders good (sy_judge_path) or its
 * SHA-256 is in `trusted` (NULL-terminated, or NULL), and it carries the ABI note of our major number. After
 * the load the file must still be the one that was judged.
 *
 * Errors  SY_REFUSED: any of these but the version; SY_INCOMPATIBLE: another major number, not a library,
 *         does not load, or no sy_backend_query; SY_UNAVAILABLE: no such file; SY_IO. Nothing stays loaded;
 *         path and sha256 of *out_plugin are kept for the report.
 */
sy_status sy_plugin_open(const char *path, const sy_trust *trust, const char *const *trusted,
    sy_plugin *out_plugin, sy_error *err);

/** Unload; fine for one that is not loaded. Not for one whose backend was created, see registry.h. */
void sy_plugin_close(sy_plugin *plugin);

#endif
