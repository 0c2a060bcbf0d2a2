#include "backends/cuda_family/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *cf_environment(const char *name) {
    return secure_getenv(name);
}

/* "$NAME/x" with the variable's value; false if it is unset, or too long. */
static bool expand(const char *folder, char *out_text, size_t capacity) {
    char name[64];
    size_t length = strcspn(folder, "/");
    if (length >= sizeof name)
        return false;
    memcpy(name, folder + 1, length - 1);
    name[length - 1] = '\0';
    const char *value = cf_environment(name);
    if (value == NULL || value[0] == '\0')
        return false;
    int written = snprintf(out_text, capacity, "%s%s", value, folder + length);
    return written > 0 && (size_t)written < capacity;
}

void cf_folders_fill(const cf_stack *stack, const char *only, const char *first, cf_folders *out_folders) {
    size_t count = 0;
    memset(out_folders, 0, sizeof *out_folders);
    if (only != NULL) {
        out_folders->list[0] = only;
        return;
    }
    if (first != NULL && first[0] != '\0')
        out_folders->list[count++] = first;
    for (const char *const *folder = stack->folders; *folder != NULL && count + 1 < CF_FOLDERS_MAX;
         folder++) {
        bool is_variable = (*folder)[0] == '$';
        if (is_variable && !expand(*folder, out_folders->text[count], sizeof out_folders->text[count]))
            continue;
        out_folders->list[count] = is_variable ? out_folders->text[count] : *folder;
        count++;
    }
}

void cf_environment_clear(const sy_backend *backend, const cf_stack *stack, char *out_text, size_t capacity) {
    size_t length = 0;
    out_text[0] = '\0';
    for (const char *const *name = stack->lowering; name != NULL && *name != NULL; name++) {
        char text[160];
        const char *value = cf_environment(*name);
        if (value == NULL)
            continue;
        snprintf(text, sizeof text,
            "%s: %s=%.20s is unset here: it changes the precision of what is measured behind its back",
            backend->model->name, *name, value);
        if (backend->host.log != NULL)
            backend->host.log(backend->host.ctx, SY_LOG_WARNING, text);
        (void)unsetenv(*name);
        if (length < capacity)
            length += (size_t)snprintf(
                out_text + length, capacity - length, "%s%s unset", length > 0 ? ", " : "", *name);
    }
}
