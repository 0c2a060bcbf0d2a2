/* Files written beside their place and moved into it. */
#include "bench/report/export/out.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { PIECE_BYTES = 65536, NAME_TRIES = 100 };

static const char *shown(const sy_out *out) {
    return out->is_borrowed ? "standard output" : out->path;
}

static sy_status no_memory(const sy_out *out, sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to write %s", shown(out));
}

/* Opened directly if it is there and no regular file: *out_fd, or -1. */
static sy_status open_special(const char *path, int *out_fd, sy_error *err) {
    struct stat facts;
    *out_fd = -1;
    if (stat(path, &facts) != 0 || S_ISREG(facts.st_mode))
        return SY_OK;
    *out_fd = sy_file_open(path, O_WRONLY | O_NOCTTY, 0);
    return *out_fd >= 0 ? SY_OK : sy_error_io(err, "cannot write to %s", path);
}

/* A new file beside `path`; several programs may do that at once. */
static sy_status open_beside(sy_out *out, sy_error *err) {
    sy_text name = {0};
    for (int i = 0; i < NAME_TRIES && out->fd < 0; i++) {
        sy_text_clear(&name);
        sy_text_printf(&name, "%s.%ld.%d.part", out->path, (long)getpid(), i);
        if (name.failed)
            break;
        out->fd = sy_file_open(name.data, O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY, 0666);
        if (out->fd < 0 && errno != EEXIST)
            break;
    }
    if (out->fd >= 0) {
        out->temporary = name.data;
        return SY_OK;
    }
    sy_status status = name.failed ? no_memory(out, err) : sy_error_io(err, "cannot write to %s", out->path);
    sy_text_release(&name);
    return status;
}

sy_status sy_out_open(const char *path, sy_out *out_out, sy_error *err) {
    *out_out = (sy_out){.fd = -1, .path = path};
    if (strcmp(path, "-") == 0) {
        out_out->fd = STDOUT_FILENO;
        out_out->is_borrowed = true;
        return SY_OK;
    }
    sy_status status = open_special(path, &out_out->fd, err);
    return status != SY_OK || out_out->fd >= 0 ? status : open_beside(out_out, err);
}

sy_status sy_out_open_append(const char *path, sy_out *out_out, sy_error *err) {
    *out_out = (sy_out){.fd = -1, .path = path};
    out_out->fd = sy_file_open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0666);
    return out_out->fd >= 0 ? SY_OK : sy_error_io(err, "cannot append to %s", path);
}

sy_status sy_out_flush(sy_out *out, bool is_forced, sy_error *err) {
    if (out->text.failed)
        return no_memory(out, err);
    if (out->text.length == 0 || (!is_forced && out->text.length < PIECE_BYTES))
        return SY_OK;
    if (sy_file_write_all(out->fd, out->text.data, out->text.length) != 0)
        return sy_error_io(err, "cannot write to %s", shown(out));
    sy_text_clear(&out->text);
    return SY_OK;
}

sy_status sy_out_finish(sy_out *out, sy_error *err) {
    sy_status status = sy_out_flush(out, true, err);
    if (status != SY_OK || out->temporary == NULL)
        return status;
    if (sy_file_sync(out->fd) != 0 && errno != EINVAL && errno != ENOTSUP)
        return sy_error_io(err, "cannot write to %s", out->path);
    if (sy_file_rename(out->temporary, out->path) != 0)
        return sy_error_io(err, "cannot put %s into place", out->path);
    sy_mem_free(out->temporary);
    out->temporary = NULL;
    return SY_OK;
}

void sy_out_close(sy_out *out) {
    if (out->temporary != NULL)
        sy_file_remove(out->temporary);
    if (out->fd >= 0 && !out->is_borrowed)
        sy_file_close(out->fd);
    sy_mem_free(out->temporary);
    sy_text_release(&out->text);
    *out = (sy_out){.fd = -1};
}
