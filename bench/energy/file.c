/* Reading small files, with the reasons of failure kept apart. */
#include "bench/energy/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

/* ENXIO is not among the gone: a bus that did not answer once gives it too. */
static sy_status fail(const char *path, sy_error *err) {
    int number = errno;
    sy_error_io(err, "%s", path);
    switch (number) {
    case ENOENT:
    case ENOTDIR:
    case ENODEV: return SY_UNAVAILABLE;
    case EACCES:
    case EPERM: return SY_REFUSED;
    case ETIMEDOUT: return SY_TIMEOUT;
    default: return SY_IO;
    }
}

static void trim(char *text, size_t length) {
    text[length] = '\0';
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
}

static sy_status read_open(int fd, const char *path, char *out_text, size_t capacity, sy_error *err) {
    size_t length = 0;
    ssize_t got = 0;
    while (length < capacity && (got = sy_file_read(fd, out_text + length, capacity - length)) > 0)
        length += (size_t)got;
    if (got < 0) {
        out_text[0] = '\0';
        return fail(path, err);
    }
    if (length == capacity) {
        out_text[0] = '\0';
        return sy_error_set(err, SY_OVERFLOW, "%s: longer than %zu bytes", path, capacity - 1);
    }
    trim(out_text, length);
    return SY_OK;
}

sy_status sy_energy_file_text(
    const char *root, const char *path, char *out_text, size_t capacity, sy_error *err) {
    char full[PATH_MAX];
    out_text[0] = '\0';
    int length = snprintf(full, sizeof full, "%s%s", root != NULL ? root : "", path);
    if (length < 0 || (size_t)length >= sizeof full)
        return sy_error_set(err, SY_UNAVAILABLE, "%s: path too long", path);
    int fd = sy_file_open(full, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return fail(full, err);
    sy_status status = read_open(fd, full, out_text, capacity, err);
    sy_file_close(fd);
    return status;
}

sy_status sy_energy_file_i64(const char *root, const char *path, int64_t *out_value, sy_error *err) {
    char text[64];
    *out_value = 0;
    sy_status status = sy_energy_file_text(root, path, text, sizeof text, err);
    if (status == SY_OVERFLOW || (status == SY_OK && !sy_text_to_i64(text, out_value)))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: \"%s\" is not a whole number", path, text);
    return status;
}

sy_status sy_energy_file_count(const char *root, const char *path, int64_t *out_value, sy_error *err) {
    sy_status status = sy_energy_file_i64(root, path, out_value, err);
    if (status != SY_OK || *out_value >= 0)
        return status;
    long long negative = *out_value;
    *out_value = 0;
    return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %lld is negative", path, negative);
}
