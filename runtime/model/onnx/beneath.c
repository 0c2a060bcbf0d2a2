#include "runtime/model/onnx/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Not blocking: a named pipe would wait for its other end. */
#define FILE_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
#define PART_MAX 256u

/* The next part of a path and how long it is; NULL at the end. */
static const char *next_part(const char **path, size_t *out_length) {
    const char *part = *path + strspn(*path, "/");
    *out_length = strcspn(part, "/");
    *path = part + *out_length;
    return *out_length > 0 ? part : NULL;
}

static sy_status check(const char *path, sy_error *err) {
    const char *rest = path;
    size_t length = 0;
    if (path[0] == '\0' || path[0] == '/')
        return sy_error_set(err, SY_REFUSED, "must be a path relative to the model's folder");
    for (const char *part = next_part(&rest, &length); part != NULL; part = next_part(&rest, &length)) {
        if (length == 2 && memcmp(part, "..", 2) == 0)
            return sy_error_set(err, SY_REFUSED, "leads out of the model's folder");
        if (length >= PART_MAX)
            return sy_error_set(err, SY_REFUSED, "has a part of more than %u bytes", PART_MAX - 1);
    }
    return SY_OK;
}

static sy_status explain(sy_error *err) {
    if (errno == ELOOP || errno == EXDEV)
        return sy_error_set(err, SY_REFUSED, "is a link, or leads through one");
    if (errno == ENOTDIR) /* step by step a link where a folder is wanted is this too */
        return sy_error_set(err, SY_REFUSED, "leads through a link or through what is no folder");
    return sy_error_io(err, "cannot be opened");
}

sy_status sy_open_stepwise(int folder, const char *path, int *out_fd, sy_error *err) {
    *out_fd = -1;
    sy_status status = check(path, err);
    if (status != SY_OK)
        return status;
    int at = folder;
    size_t length = 0;
    const char *rest = path, *part = next_part(&rest, &length);
    while (part != NULL) {
        char name[PART_MAX] = {0};
        memcpy(name, part, length);
        part = next_part(&rest, &length);
        int flags = part == NULL ? FILE_FLAGS : O_PATH | O_DIRECTORY | O_NOFOLLOW;
        int fd = sy_file_open_at(at, name, flags, 0);
        status = fd < 0 ? explain(err) : SY_OK;
        if (at != folder)
            sy_file_close(at);
        if (status != SY_OK)
            return status;
        at = fd;
    }
    *out_fd = at;
    return SY_OK;
}

sy_status sy_open_beneath(int folder, const char *path, int *out_fd, sy_error *err) {
    *out_fd = -1;
    sy_status status = check(path, err);
    if (status != SY_OK)
        return status;
    int fd = sy_file_open_at(
        folder, path, FILE_FLAGS, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
    if (fd < 0 &&
        (errno == ENOSYS || errno == EPERM)) /* an old kernel, or a container that forbids the call */
        return sy_open_stepwise(folder, path, out_fd, err);
    if (fd < 0)
        return explain(err);
    *out_fd = fd;
    return SY_OK;
}
