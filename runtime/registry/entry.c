/* A candidate's life, and the host's services behind sy_host. */
#include "runtime/registry/entry.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/dynlib.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static void log_line(void *ctx, uint32_t level, const char *text) {
    const sy_entry *entry = ctx;
    char line[1024];
    if (entry->options.log == NULL)
        return;
    snprintf(line, sizeof line, "%s: %s", entry->name, text);
    entry->options.log(entry->options.ctx, level, line);
}

static const char *find_option(void *ctx, const char *key) {
    const sy_entry *entry = ctx;
    return entry->options.option != NULL ? entry->options.option(entry->options.ctx, key) : NULL;
}

static void copy_text(char *to, size_t capacity, const char *text) {
    snprintf(to, capacity, "%s", text != NULL ? text : "");
}

static void describe_library(const char *name, const char *path, void *handle, sy_library *out_library) {
    char real[sizeof out_library->path];
    *out_library = (sy_library){0};
    sy_dynlib_path(handle, real, sizeof real);
    copy_text(out_library->name, sizeof out_library->name, name);
    copy_text(out_library->path, sizeof out_library->path, real[0] != '\0' ? real : path);
    sy_elf_build_id(out_library->path, out_library->build_id);
    out_library->simulated = handle != NULL && sy_dl_symbol(handle, SY_VENDOR_SIM_SYMBOL) != NULL;
}

/* Index of a library by name, or count. The caller holds the mutex. */
static size_t find_library(const sy_entry *entry, const char *name) {
    size_t i = 0;
    while (i < entry->library_count &&
           strncmp(entry->libraries[i].name, name, sizeof entry->libraries[i].name - 1) != 0)
        i++;
    return i;
}

static void add_library(void *ctx, const char *name, const char *path, void *handle) {
    sy_entry *entry = ctx;
    sy_library library;
    describe_library(name, path, handle, &library);
    pthread_mutex_lock(&entry->mutex);
    size_t at = find_library(entry, library.name);
    bool is_known = at < entry->library_count && strcmp(entry->libraries[at].path, library.path) == 0;
    bool is_full = !is_known && entry->library_count == SY_LIBRARIES_MAX;
    if (!is_known && !is_full)
        entry->libraries[entry->library_count++] = library;
    pthread_mutex_unlock(&entry->mutex);
    if (is_full)
        log_line(entry, SY_LOG_WARNING, "reports more libraries than are kept");
}

static void set_library_version(void *ctx, const char *name, const char *version) {
    sy_entry *entry = ctx;
    pthread_mutex_lock(&entry->mutex);
    size_t at = find_library(entry, name);
    if (at < entry->library_count)
        copy_text(entry->libraries[at].version, sizeof entry->libraries[at].version, version);
    pthread_mutex_unlock(&entry->mutex);
}

sy_entry *sy_entry_create(const sy_registry_options *options) {
    sy_entry *entry = sy_mem_calloc(1, sizeof *entry);
    sy_library *libraries = sy_mem_calloc(SY_LIBRARIES_MAX, sizeof *libraries);
    if (entry == NULL || libraries == NULL) {
        sy_mem_free(entry);
        sy_mem_free(libraries);
        return NULL;
    }
    entry->options = *options;
    entry->libraries = libraries;
    entry->host = (sy_host){.size = sizeof entry->host,
        .ctx = entry,
        .log = log_line,
        .option = find_option,
        .library = add_library,
        .library_version = set_library_version};
    pthread_mutex_init(&entry->mutex, NULL);
    return entry;
}

void sy_entry_destroy(sy_entry *entry) {
    if (entry == NULL)
        return;
    if (entry->backend != NULL)
        entry->table.api.destroy(entry->backend);
    if (!entry->is_resident)
        sy_plugin_close(&entry->plugin);
    pthread_mutex_destroy(&entry->mutex);
    sy_mem_free(entry->libraries);
    sy_mem_free(entry);
}

void sy_entry_refuse(sy_entry *entry, sy_status status, const char *reason) {
    entry->status = status;
    copy_text(entry->reason, sizeof entry->reason, reason);
    entry->table = (sy_table){0};
    sy_plugin_close(&entry->plugin);
}

void sy_entry_ask(sy_entry *entry, sy_backend_query_fn *query) {
    sy_error err = SY_ERROR_INIT;
    sy_status status = SY_INCOMPATIBLE;
    const sy_backend_api *api = query(SY_ABI_MAJOR, SY_ABI_MINOR, &err);
    err.text[sizeof err.text - 1] = '\0';
    if (api != NULL)
        status = sy_table_take(api, &entry->table, &err);
    else if (err.text[0] == '\0')
        sy_error_set(&err, SY_INCOMPATIBLE, "answers with no table and no reason");
    if (status != SY_OK) {
        const char *origin = entry->plugin.path[0] != '\0' ? entry->plugin.path : entry->name;
        sy_error_prefix(&err, status, "%s", origin);
        sy_entry_refuse(entry, status, err.text);
        return;
    }
    copy_text(entry->name, sizeof entry->name, entry->table.api.name);
    copy_text(entry->version, sizeof entry->version, entry->table.api.version);
    entry->status = SY_OK;
}

sy_status sy_entry_start(sy_entry *entry, sy_error *err) {
    if (entry->backend != NULL)
        return SY_OK;
    entry->is_resident = true;
    sy_status status = entry->table.api.create(&entry->host, &entry->backend, err);
    if (status == SY_OK && entry->backend == NULL)
        return sy_error_set(err, SY_INTERNAL, "%s: create() succeeded without a backend", entry->name);
    if (status == SY_OK)
        return SY_OK;
    entry->backend = NULL;
    return sy_error_prefix(err, status, "%s", entry->name);
}
