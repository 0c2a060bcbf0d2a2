/* Readings of /sys and /proc below a root. */
#include "runtime/base/sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

static sy_status join(const char *root, const char *path, char out_full[PATH_MAX], sy_error *err) {
    int length = snprintf(out_full, PATH_MAX, "%s%s", root != NULL ? root : "", path);
    if (length < 0 || length >= PATH_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: path too long", path);
    return SY_OK;
}

static sy_status fail_open(const char *path, sy_error *err) {
    bool is_absent = errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EPERM;
    sy_status status = sy_error_io(err, "%s", path);
    return is_absent ? SY_UNAVAILABLE : status;
}

/* Up to capacity - 1 bytes; *out_is_cut tells whether there is more. */
static sy_status read_text(int fd, char *text, size_t capacity, size_t *out_length, bool *out_is_cut) {
    char extra;
    ssize_t got = 0;
    *out_length = 0;
    while (*out_length < capacity - 1) {
        got = sy_file_read(fd, text + *out_length, capacity - 1 - *out_length);
        if (got <= 0)
            break;
        *out_length += (size_t)got;
    }
    if (got > 0 || capacity == 1)
        got = sy_file_read(fd, &extra, 1);
    *out_is_cut = got > 0;
    return got < 0 ? SY_IO : SY_OK;
}

static void trim(char *text, size_t length) {
    text[length] = '\0';
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
}

sy_status sy_sysfs_text(const char *root, const char *path, char *out_text, size_t capacity, sy_error *err) {
    char full[PATH_MAX];
    size_t length = 0;
    bool is_cut = false;
    if (capacity == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: no room for its text", path);
    out_text[0] = '\0';
    sy_status status = join(root, path, full, err);
    if (status != SY_OK)
        return status;
    int fd = sy_file_open(full, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return fail_open(full, err);
    status = read_text(fd, out_text, capacity, &length, &is_cut);
    if (status != SY_OK)
        status = sy_error_io(err, "%s", full);
    sy_file_close(fd);
    trim(out_text, status == SY_OK ? length : 0);
    if (status == SY_OK && is_cut)
        return sy_error_set(err, SY_OVERFLOW, "%s: longer than %zu bytes", full, capacity - 1);
    return status;
}

sy_status sy_sysfs_i64(const char *root, const char *path, int64_t *out_value, sy_error *err) {
    char text[64];
    *out_value = 0;
    sy_status status = sy_sysfs_text(root, path, text, sizeof text, err);
    if (status == SY_OVERFLOW || (status == SY_OK && !sy_text_to_i64(text, out_value)))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: \"%s\" is not a whole number", path, text);
    return status;
}

static int by_bytes(const void *a, const void *b) {
    const char *const *left = a, *const *right = b;
    return strcmp(*left, *right);
}

static sy_status append_name(const char *text, size_t *capacity, sy_sysfs_names *names, sy_error *err) {
    if (names->count == SY_SYSFS_NAMES_MAX)
        return sy_error_set(err, SY_OVERFLOW, "more than %u entries", SY_SYSFS_NAMES_MAX);
    if (names->count == *capacity) {
        size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
        char **grown = sy_mem_realloc(names->name, wanted * sizeof *grown);
        if (grown == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "%zu names", wanted);
        names->name = grown;
        *capacity = wanted;
    }
    char *copy = sy_mem_strdup(text);
    if (copy == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%zu bytes", strlen(text) + 1);
    names->name[names->count++] = copy;
    return SY_OK;
}

/* A folder by way of the seam: fdopendir takes the descriptor over. */
static DIR *open_folder(const char *path) {
    int fd = sy_file_open(path, O_RDONLY | O_DIRECTORY, 0);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (folder == NULL && fd >= 0)
        sy_file_close(fd);
    return folder;
}

sy_status sy_sysfs_list(const char *root, const char *path, sy_sysfs_names *out_names, sy_error *err) {
    char full[PATH_MAX];
    size_t capacity = 0;
    *out_names = (sy_sysfs_names){0};
    sy_status status = join(root, path, full, err);
    if (status != SY_OK)
        return status;
    DIR *folder = open_folder(full);
    if (folder == NULL)
        return fail_open(full, err);
    for (struct dirent *entry; status == SY_OK && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            status = append_name(entry->d_name, &capacity, out_names, err);
    closedir(folder);
    if (status != SY_OK) {
        sy_sysfs_release(out_names);
        return sy_error_prefix(err, status, "%s", full);
    }
    if (out_names->count > 1)
        qsort(out_names->name, out_names->count, sizeof *out_names->name, by_bytes);
    return SY_OK;
}

void sy_sysfs_release(sy_sysfs_names *names) {
    for (size_t i = 0; i < names->count; i++)
        sy_mem_free(names->name[i]);
    sy_mem_free(names->name);
    *names = (sy_sysfs_names){0};
}
