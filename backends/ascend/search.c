/* Finding libraries. */
#include "backends/ascend/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

enum { FOLDERS_MAX = 16, FOLDER_BYTES = 512 };

typedef struct folder_list {
    uint32_t count;
    char text[FOLDERS_MAX][FOLDER_BYTES];
    const char *pointer[FOLDERS_MAX + 1]; /* NULL behind the last */
} folder_list;

/* Variables of CANN's set_env.sh: each names the root of an installation. */
static const char *const root_variables[] = {"ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME", "ASCEND_HOME"};

static void add(folder_list *list, const char *root, const char *below) {
    if (root == NULL || list->count == FOLDERS_MAX)
        return;
    char *text = list->text[list->count];
    int length = snprintf(text, FOLDER_BYTES, "%s%s", root, below);
    if (length < 0 || length >= FOLDER_BYTES)
        return;
    list->pointer[list->count++] = text;
}

static void add_root(folder_list *list, const char *root) {
#if defined(__aarch64__)
    const char *arch = "/aarch64-linux/lib64";
#else
    const char *arch = "/x86_64-linux/lib64";
#endif
    add(list, root, "/lib64");
    add(list, root, arch);
}

/* CANN to 8.3, then the newer name; of root, then of a user. */
static void add_installed(folder_list *list) {
    const char *home = secure_getenv("HOME");
    add_root(list, "/usr/local/Ascend/ascend-toolkit/latest");
    add_root(list, "/usr/local/Ascend/cann");
    add(list, home, "/Ascend/ascend-toolkit/latest/lib64");
    add(list, home, "/Ascend/cann/lib64");
}

static void fill(folder_list *list, const char *only, const char *const *places) {
    list->count = 0;
    if (only != NULL) {
        add(list, only, "");
    } else if (places != NULL) {
        for (; *places != NULL; places++)
            add(list, *places, "");
    } else {
        for (size_t i = 0; i < sizeof root_variables / sizeof root_variables[0]; i++) {
            const char *root = secure_getenv(root_variables[i]);
            if (root != NULL && root[0] == '/')
                add_root(list, root);
        }
        add(list, "", "");
        add_installed(list);
    }
    list->pointer[list->count] = NULL;
}

/* For the user to compare with where his is. */
static sy_status explain(const folder_list *list, const char *option, sy_status status, sy_error *err) {
    sy_error reason = *err;
    sy_text folders = {0};
    for (uint32_t i = 0; i < list->count; i++)
        sy_text_printf(&folders, "%s%s", i > 0 ? ", " : "",
            list->text[i][0] != '\0' ? list->text[i] : "the loader's search (LD_LIBRARY_PATH)");
    sy_error_set(err, status, "%s (option lib.%s names a file); looked in %s", reason.text, option,
        folders.data != NULL ? folders.data : "");
    sy_text_release(&folders);
    return status;
}

sy_status ascend_search(
    const sy_backend *backend, const ascend_library_row *row, sy_dynlib *out_library, sy_error *err) {
    char key[64];
    folder_list list;
    sy_error own = SY_ERROR_INIT;
    snprintf(key, sizeof key, "lib.%s", row->option);
    const char *chosen = sy_card_option(backend, key);
    fill(&list, sy_card_option(backend, "ascend_folder"), row->places);
    sy_dynlib_search search = {.chosen = chosen, .names = row->names, .folders = list.pointer};
    sy_status status = sy_dynlib_open(&search, out_library, &own);
    if (status != SY_OK && chosen == NULL)
        explain(&list, row->option, status, &own);
    if (status != SY_OK)
        return sy_error_set(err, status, "%s", sy_error_text(&own, status));
    if (backend->host.library != NULL)
        backend->host.library(backend->host.ctx, row->option, out_library->path, out_library->handle);
    return SY_OK;
}
