/* The version of CANN. */
#include "backends/ascend/version.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/seam.h"

enum { FILE_BYTES = 4096, PATH_BYTES = 600, ROOTS = 3 };

static void take(const char *at, const char *stop, char *out_text, size_t capacity) {
    size_t length = strcspn(at, stop);
    snprintf(out_text, capacity, "%.*s", (int)(length < capacity ? length : capacity - 1), at);
}

/* "# version: 1.0" of the file itself is none of these. */
static const char *line_with(const char *file, const char *key) {
    for (const char *at = strstr(file, key); at != NULL; at = strstr(at + 1, key))
        if (at == file || at[-1] == '\n')
            return at + strlen(key);
    return NULL;
}

void ascend_version_parse(const char *file, char *out_text, size_t capacity) {
    const char *plain = line_with(file, "version=");
    const char *running = strstr(file, "running_version=[");
    out_text[0] = '\0';
    if (plain != NULL) {
        take(plain, "\r\n \t", out_text, capacity);
    } else if (running != NULL) {
        running += strlen("running_version=[");
        const char *colon = strpbrk(running, ":],\n");
        take(colon != NULL && *colon == ':' ? colon + 1 : running, ":],\r\n ", out_text, capacity);
    }
}

static bool read_file(const char *path, char *out_text, size_t capacity) {
    char file[FILE_BYTES];
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return false;
    ssize_t bytes = sy_file_read(fd, file, sizeof file - 1);
    sy_file_close(fd);
    file[bytes > 0 ? bytes : 0] = '\0';
    ascend_version_parse(file, out_text, capacity);
    return out_text[0] != '\0';
}

/* ROOT/lib64/libascendcl.so, or ROOT/x86_64-linux/lib64/libascendcl.so: the file is in one of the folders
 * above. */
void ascend_version_read(const char *library, char *out_text, size_t capacity) {
    static const char *const names[] = {"version.cfg", "ascend_toolkit_install.info",
        "x86_64-linux/ascend_toolkit_install.info", "aarch64-linux/ascend_toolkit_install.info"};
    char folder[512], path[PATH_BYTES];
    out_text[0] = '\0';
    snprintf(folder, sizeof folder, "%s", library);
    for (int up = 0; up < ROOTS; up++) {
        char *slash = strrchr(folder, '/');
        if (slash == NULL || slash == folder)
            return;
        *slash = '\0';
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (snprintf(path, sizeof path, "%s/%s", folder, names[i]) < PATH_BYTES &&
                read_file(path, out_text, capacity))
                return;
    }
}
