/* The list of candidates: filling it, looking into it, creating backends. */
#include "runtime/registry/registry.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"
#include "runtime/registry/entry.h"
#include "runtime/registry/search.h"

struct sy_registry {
    sy_registry_options options;
    sy_trust trust;
    sy_entry **entry;
    size_t count, capacity;
};

/* A new entry at the end of the list; NULL without memory. */
static sy_entry *append(sy_registry *registry, const char *name) {
    if (registry->count == registry->capacity) {
        size_t wanted = registry->capacity == 0 ? 8 : registry->capacity * 2;
        sy_entry **grown = sy_mem_realloc(registry->entry, wanted * sizeof(sy_entry *));
        if (grown == NULL)
            return NULL;
        registry->entry = grown;
        registry->capacity = wanted;
    }
    sy_entry *entry = sy_entry_create(&registry->options);
    if (entry == NULL)
        return NULL;
    snprintf(entry->name, sizeof entry->name, "%s", name);
    registry->entry[registry->count++] = entry;
    return entry;
}

static sy_entry *find_usable(const sy_registry *registry, const char *name) {
    for (size_t i = 0; i < registry->count; i++)
        if (registry->entry[i]->status == SY_OK && strcmp(registry->entry[i]->name, name) == 0)
            return registry->entry[i];
    return NULL;
}

/* The first backend of a name stays; the entry just asked is the last of the list. */
static void refuse_second(sy_registry *registry, sy_entry *entry) {
    char reason[sizeof entry->reason];
    sy_entry *first = entry->status == SY_OK ? find_usable(registry, entry->name) : entry;
    if (first == entry)
        return;
    snprintf(reason, sizeof reason, "backend %.31s is there already: %.400s", entry->name,
        first->plugin.path[0] != '\0' ? first->plugin.path : "built in");
    sy_entry_refuse(entry, SY_REFUSED, reason);
}

static sy_status add_builtin(sy_registry *registry, const sy_builtin *builtin) {
    sy_entry *entry = append(registry, builtin->name);
    if (entry == NULL)
        return SY_OUT_OF_MEMORY;
    sy_entry_ask(entry, builtin->query);
    refuse_second(registry, entry);
    return SY_OK;
}

static bool is_known_file(const sy_registry *registry, const char *path) {
    for (size_t i = 0; i + 1 < registry->count; i++)
        if (strcmp(registry->entry[i]->plugin.path, path) == 0)
            return true;
    return false;
}

static void base_name(const char *path, char *out_name, size_t capacity) {
    const char *slash = strrchr(path, '/');
    snprintf(out_name, capacity, "%s", slash != NULL ? slash + 1 : path);
    size_t length = strlen(out_name);
    if (length > 3 && strcmp(out_name + length - 3, ".so") == 0)
        out_name[length - 3] = '\0';
}

static void drop_last(sy_registry *registry) {
    sy_entry_destroy(registry->entry[--registry->count]);
}

static sy_status add_file(sy_registry *registry, const char *path) {
    char name[256];
    sy_error err = SY_ERROR_INIT;
    base_name(path, name, sizeof name);
    sy_entry *entry = append(registry, name);
    if (entry == NULL)
        return SY_OUT_OF_MEMORY;
    sy_status status =
        sy_plugin_open(path, &registry->trust, registry->options.trusted, &entry->plugin, &err);
    if (is_known_file(registry, entry->plugin.path)) {
        drop_last(registry);
        return SY_OK;
    }
    if (status != SY_OK)
        sy_entry_refuse(entry, status, err.text);
    else
        sy_entry_ask(entry, entry->plugin.query);
    refuse_second(registry, entry);
    return SY_OK;
}

static sy_status visit(void *ctx, sy_status status, const char *path, const char *reason) {
    sy_registry *registry = ctx;
    if (status == SY_OK)
        return add_file(registry, path);
    sy_entry *entry = append(registry, path);
    if (entry == NULL)
        return SY_OUT_OF_MEMORY;
    snprintf(entry->plugin.path, sizeof entry->plugin.path, "%s", path);
    sy_entry_refuse(entry, status, reason);
    return SY_OK;
}

static sy_registry *create_empty(const sy_registry_options *options) {
    sy_registry *registry = sy_mem_calloc(1, sizeof *registry);
    if (registry == NULL)
        return NULL;
    registry->options = *options;
    registry->trust = sy_trust_of_process();
    return registry;
}

static sy_status hand_over(
    sy_registry *registry, sy_status status, sy_registry **out_registry, sy_error *err) {
    if (status == SY_OK) {
        *out_registry = registry;
        return SY_OK;
    }
    sy_registry_destroy(registry);
    return sy_error_set(err, status, "registry of backends: %s", sy_status_name(status));
}

sy_status sy_registry_create(const sy_registry_options *options, sy_registry **out_registry, sy_error *err) {
    *out_registry = NULL;
    sy_registry *registry = create_empty(options);
    sy_status status = registry != NULL ? SY_OK : SY_OUT_OF_MEMORY;
    for (size_t i = 0; status == SY_OK && i < options->builtin_count; i++)
        status = add_builtin(registry, &options->builtins[i]);
    if (status == SY_OK)
        status = sy_search_path(options->plugin_path, visit, registry);
    if (status == SY_OK && options->plugin_folder != NULL)
        status = sy_search_folder(options->plugin_folder, false, visit, registry);
    return hand_over(registry, status, out_registry, err);
}

sy_status sy_registry_create_from_file(
    const sy_registry_options *options, const char *plugin_path, sy_registry **out_registry, sy_error *err) {
    *out_registry = NULL;
    sy_registry *registry = create_empty(options);
    sy_status status = registry != NULL ? add_file(registry, plugin_path) : SY_OUT_OF_MEMORY;
    return hand_over(registry, status, out_registry, err);
}

void sy_registry_destroy(sy_registry *registry) {
    if (registry == NULL)
        return;
    while (registry->count > 0)
        drop_last(registry);
    sy_mem_free(registry->entry);
    sy_mem_free(registry);
}

size_t sy_registry_count(const sy_registry *registry) {
    return registry->count;
}

sy_registry_entry sy_registry_get(const sy_registry *registry, size_t index) {
    const sy_entry *entry = registry->entry[index];
    return (sy_registry_entry){.name = entry->name,
        .path = entry->plugin.path,
        .sha256 = entry->plugin.sha256,
        .version = entry->version,
        .status = entry->status,
        .reason = entry->reason};
}

static const sy_entry *find_refused(const sy_registry *registry, const char *name) {
    for (size_t i = 0; i < registry->count; i++)
        if (registry->entry[i]->status != SY_OK && strcmp(registry->entry[i]->name, name) == 0)
            return registry->entry[i];
    return NULL;
}

/* Why there is no such backend: the refusal of a file of that name, else the names there are. */
static sy_status fail_unknown(const sy_registry *registry, const char *name, sy_error *err) {
    sy_text names = {0};
    const sy_entry *refused = find_refused(registry, name);
    if (refused != NULL)
        return sy_error_set(err, SY_UNAVAILABLE, "backend %s: %s", name, refused->reason);
    for (size_t i = 0; i < registry->count; i++)
        if (registry->entry[i]->status == SY_OK)
            sy_text_printf(&names, "%s%s", names.length > 0 ? ", " : "", registry->entry[i]->name);
    sy_status status = sy_error_set(err, SY_UNAVAILABLE, "no backend \"%s\"; there are: %s", name,
        names.length > 0 ? names.data : "none");
    sy_text_release(&names);
    return status;
}

sy_status sy_registry_backend(
    sy_registry *registry, const char *name, sy_backend_ref *out_backend, sy_error *err) {
    *out_backend = (sy_backend_ref){0};
    sy_entry *entry = find_usable(registry, name);
    if (entry == NULL)
        return fail_unknown(registry, name, err);
    sy_status status = sy_entry_start(entry, err);
    if (status == SY_OK)
        *out_backend = (sy_backend_ref){.api = &entry->table.api, .backend = entry->backend};
    return status;
}

size_t sy_registry_libraries(
    const sy_registry *registry, const char *name, const sy_library **out_libraries) {
    *out_libraries = NULL;
    sy_entry *entry = find_usable(registry, name);
    if (entry == NULL)
        return 0;
    pthread_mutex_lock(&entry->mutex);
    size_t count = entry->library_count;
    pthread_mutex_unlock(&entry->mutex);
    *out_libraries = entry->libraries;
    return count;
}

bool sy_registry_is_simulated(const sy_registry *registry, const char *name) {
    const sy_library *libraries;
    size_t count = sy_registry_libraries(registry, name, &libraries);
    for (size_t i = 0; i < count; i++)
        if (libraries[i].simulated != 0)
            return true;
    return false;
}
