/* One candidate of the registry: its file, its table, its instance, and the services it gets of the host. */
#ifndef STEELYARD_REGISTRY_ENTRY_H
#define STEELYARD_REGISTRY_ENTRY_H

#include <pthread.h>

#include "runtime/registry/plugin.h"
#include "runtime/registry/registry.h"
#include "runtime/registry/table.h"

/** A candidate. Lives at one address: the backend holds `host`, whose ctx is this. */
typedef struct sy_entry {
    sy_registry_options options; /* of its registry */
    char name[256], version[64], reason[512];
    sy_status status;
    sy_plugin plugin; /* all zero for a built-in one */
    sy_table table;
    sy_host host;
    sy_backend *backend;
    bool is_resident; /* create() was called: its file stays mapped */
    pthread_mutex_t mutex;
    sy_library *libraries; /* SY_LIBRARIES_MAX of them; guarded by mutex */
    size_t library_count;
} sy_entry;

/** An empty entry. NULL without memory. */
sy_entry *sy_entry_create(const sy_registry_options *options);

/** Destroy the instance, close the file if that is safe. NULL is fine. */
void sy_entry_destroy(sy_entry *entry);

/** Ask a query function, check its table, and settle name, version, status and reason. */
void sy_entry_ask(sy_entry *entry, sy_backend_query_fn *query);

/** Mark it unusable with this reason, and close its file. */
void sy_entry_refuse(sy_entry *entry, sy_status status, const char *reason);

/** Create the instance if there is none yet. Errors: create()'s; SY_INTERNAL for an instance that is NULL. */
sy_status sy_entry_start(sy_entry *entry, sy_error *err);

#endif
