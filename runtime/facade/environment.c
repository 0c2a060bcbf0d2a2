/* The environment as settings, and where the library lies. The only file of the runtime that reads either. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/facade/facade.h"

const char *sy_environment_setting(const char *key) {
    char name[64] = "STEELYARD_";
    size_t length = strlen(name);
    if (strncmp(key, "lib.", 4) == 0)
        key += 4;
    for (; *key != '\0'; key++) {
        bool is_letter = *key >= 'a' && *key <= 'z';
        if (length + 1 >= sizeof name || !(is_letter || (*key >= '0' && *key <= '9') || *key == '_'))
            return NULL;
        name[length++] = (char)(is_letter ? *key - 'a' + 'A' : *key);
    }
    name[length] = '\0';
    return length > strlen("STEELYARD_") ? secure_getenv(name) : NULL;
}

const char *sy_environment_variable(void *ctx, const char *name) {
    (void)ctx;
    return secure_getenv(name);
}

static void cut_file_name(char *path) {
    char *slash = strrchr(path, '/');
    if (slash != NULL)
        *slash = '\0';
}

/* The shared object that this code is in; false when it was linked into a program. */
static bool library_path(char path[PATH_MAX]) {
    static const char anchor[] = "";
    Dl_info info;
    if (dladdr(anchor, &info) == 0 || info.dli_fname == NULL)
        return false;
    const char *slash = strrchr(info.dli_fname, '/');
    const char *name = slash != NULL ? slash + 1 : info.dli_fname;
    return strncmp(name, "libsteelyard.so", 15) == 0 && realpath(info.dli_fname, path) != NULL;
}

void sy_environment_folder(char *out_folder, size_t capacity) {
    char path[PATH_MAX];
    out_folder[0] = '\0';
    const char *tail = "steelyard";
    if (!library_path(path)) {
        ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
        if (length <= 0)
            return;
        path[length] = '\0';
        tail = "../lib/steelyard";
    }
    cut_file_name(path);
    int length = snprintf(out_folder, capacity, "%s/%s", path, tail);
    if (length < 0 || (size_t)length >= capacity)
        out_folder[0] = '\0';
}
