/* Opening vendor and peer libraries at run time. */
#include "runtime/base/dynlib.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

void sy_dynlib_path(void *handle, char *out_path, size_t capacity) {
    struct link_map *map = NULL;
    char real[PATH_MAX];
    out_path[0] = '\0';
    if (handle == NULL || dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || map == NULL || map->l_name == NULL)
        return;
    const char *path = realpath(map->l_name, real) != NULL ? real : map->l_name;
    if (strlen(path) < capacity)
        snprintf(out_path, capacity, "%s", path);
}

static bool open_one(const char *path, sy_dynlib *out_library) {
    out_library->handle = sy_dl_open(path, RTLD_NOW | RTLD_LOCAL);
    if (out_library->handle == NULL)
        return false;
    sy_dynlib_path(out_library->handle, out_library->path, sizeof out_library->path);
    sy_elf_build_id(out_library->path, out_library->build_id);
    return true;
}

/* A file that is there and does not load is worth more words than one that is not there. */
static void note_failure(const char *path, bool is_plain_name, sy_text *reasons) {
    const char *words = dlerror();
    if (words == NULL)
        words = "cannot be opened";
    bool is_absent = is_plain_name ? strstr(words, "No such file") != NULL : access(path, F_OK) != 0;
    if (!is_absent)
        sy_text_printf(reasons, "%s%s", reasons->length > 0 ? "; " : "", words);
}

static bool open_in_folder(
    const char *folder, const char *const *names, sy_dynlib *out_library, sy_text *reasons) {
    char path[PATH_MAX];
    for (; *names != NULL; names++) {
        bool is_plain = folder[0] == '\0';
        int length = snprintf(path, sizeof path, "%s%s%s", folder, is_plain ? "" : "/", *names);
        if (length < 0 || (size_t)length >= sizeof path)
            continue;
        if (open_one(path, out_library))
            return true;
        note_failure(path, is_plain, reasons);
    }
    return false;
}

static sy_status fail_search(
    const sy_dynlib_search *search, size_t folder_count, const sy_text *reasons, sy_error *err) {
    sy_text names = {0};
    for (const char *const *name = search->names; *name != NULL; name++)
        sy_text_printf(&names, "%s%s", names.length > 0 ? ", " : "", *name);
    const char *list = names.data != NULL ? names.data : "library";
    sy_status status;
    if (reasons->length > 0)
        status = sy_error_set(err, SY_UNAVAILABLE, "%s not usable: %s", list, reasons->data);
    else
        status = sy_error_set(err, SY_UNAVAILABLE, "%s not found in %zu folder%s", list, folder_count,
            folder_count == 1 ? "" : "s");
    sy_text_release(&names);
    return status;
}

static sy_status open_chosen(const char *path, sy_dynlib *out_library, sy_error *err) {
    if (open_one(path, out_library))
        return SY_OK;
    const char *words = dlerror();
    return sy_error_set(err, SY_UNAVAILABLE, "%s: %s", path, words != NULL ? words : "cannot be opened");
}

sy_status sy_dynlib_open(const sy_dynlib_search *search, sy_dynlib *out_library, sy_error *err) {
    static const char *const loader_only[] = {"", NULL};
    const char *const *folders = search->folders != NULL ? search->folders : loader_only;
    sy_text reasons = {0};
    size_t tried = 0;
    *out_library = (sy_dynlib){0};
    if (search->chosen != NULL && search->chosen[0] != '\0')
        return open_chosen(search->chosen, out_library, err);
    bool is_open = false;
    for (; !is_open && folders[tried] != NULL; tried++)
        is_open = open_in_folder(folders[tried], search->names, out_library, &reasons);
    sy_status status = is_open ? SY_OK : fail_search(search, tried, &reasons, err);
    sy_text_release(&reasons);
    return status;
}

void sy_dynlib_close(sy_dynlib *library) {
    if (library->handle != NULL)
        sy_dl_close(library->handle);
    *library = (sy_dynlib){0};
}

sy_status sy_dynlib_bind(
    const sy_dynlib *library, const sy_dynlib_symbol *symbols, size_t count, void *table, sy_error *err) {
    sy_text missing = {0};
    size_t missing_count = 0;
    for (size_t i = 0; i < count; i++) {
        void *symbol = sy_dl_symbol(library->handle, symbols[i].name);
        memcpy((char *)table + symbols[i].offset, &symbol, sizeof symbol);
        if (symbol != NULL || symbols[i].is_optional)
            continue;
        sy_text_printf(&missing, "%s%s", missing.length > 0 ? ", " : "", symbols[i].name);
        missing_count++;
    }
    sy_status status = SY_OK;
    if (missing_count > 0)
        status = sy_error_set(err, SY_INCOMPATIBLE, "%s lacks %s", library->path,
            missing.data != NULL ? missing.data : "functions");
    sy_text_release(&missing);
    return status;
}
