/* Searching folders for plugin files. */
#include "runtime/registry/search.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/sysfs.h"

static bool is_plugin_name(const char *name) {
    size_t length = strlen(name);
    return length > 3 && strcmp(name + length - 3, ".so") == 0;
}

static sy_status visit_files(
    const char *folder, const sy_sysfs_names *names, sy_search_visit_fn *visit, void *ctx) {
    char path[PATH_MAX];
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < names->count; i++) {
        if (!is_plugin_name(names->name[i]))
            continue;
        int length = snprintf(path, sizeof path, "%s/%s", folder, names->name[i]);
        if (length > 0 && (size_t)length < sizeof path)
            status = visit(ctx, SY_OK, path, "");
    }
    return status;
}

sy_status sy_search_folder(const char *folder, bool is_required, sy_search_visit_fn *visit, void *ctx) {
    sy_sysfs_names names;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_sysfs_list(NULL, folder, &names, &err);
    if (status == SY_OUT_OF_MEMORY)
        return status;
    if (status == SY_UNAVAILABLE && !is_required)
        return SY_OK;
    if (status != SY_OK)
        return visit(ctx, status, folder, err.text);
    status = visit_files(folder, &names, visit, ctx);
    sy_sysfs_release(&names);
    return status;
}

static sy_status search_element(const char *element, sy_search_visit_fn *visit, void *ctx) {
    if (element[0] == '\0')
        return visit(ctx, SY_REFUSED, "", "empty element in the plugin path; it must hold absolute folders");
    if (element[0] != '/')
        return visit(ctx, SY_REFUSED, element, "relative folder in the plugin path; it must be absolute");
    return sy_search_folder(element, true, visit, ctx);
}

sy_status sy_search_path(const char *list, sy_search_visit_fn *visit, void *ctx) {
    if (list == NULL || list[0] == '\0')
        return SY_OK;
    char *copy = sy_mem_strdup(list);
    if (copy == NULL)
        return SY_OUT_OF_MEMORY;
    sy_status status = SY_OK;
    for (char *element = copy; status == SY_OK && element != NULL;) {
        char *colon = strchr(element, ':');
        if (colon != NULL)
            *colon++ = '\0';
        status = search_element(element, visit, ctx);
        element = colon;
    }
    sy_mem_free(copy);
    return status;
}
