/* A file that only grows by whole lines. */
#include "bench/record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { OPEN_TRIES = 5 };

/* Lock what was opened. *out_gone: its name was removed meanwhile by the program that had the lock. */
static sy_status lock(sy_line_file *file, bool *out_gone, sy_error *err) {
    struct stat facts;
    *out_gone = false;
    if (fstat(file->fd, &facts) != 0)
        return sy_error_io(err, "cannot look at %s", file->path);
    file->is_plain = S_ISREG(facts.st_mode);
    if (!file->is_plain)
        return SY_OK;
    if (flock(file->fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK
                   ? sy_error_set(err, SY_REFUSED, "%s is being written by another program", file->path)
                   : sy_error_io(err, "cannot lock %s", file->path);
    if (fstat(file->fd, &facts) != 0)
        return sy_error_io(err, "cannot look at %s", file->path);
    *out_gone = facts.st_nlink == 0;
    file->bytes = (uint64_t)facts.st_size;
    return SY_OK;
}

static sy_status judge(const sy_line_file *file, bool must_exist, sy_error *err) {
    if (must_exist && !file->is_plain)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s is not a regular file: cannot resume", file->path);
    if (!must_exist && file->bytes > 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s exists: choose another name, or complete it with --resume %s", file->path, file->path);
    return SY_OK;
}

static sy_status open_once(sy_line_file *file, bool must_exist, bool *out_gone, sy_error *err) {
    /* O_RDWR, because a directory or a read-only file should fail here and not at the first row. */
    int flags = O_RDWR | O_APPEND | O_NOCTTY;
    file->fd = must_exist ? -1 : sy_file_open(file->path, flags | O_CREAT | O_EXCL, 0666);
    file->is_new = file->fd >= 0;
    if (file->fd < 0 && (must_exist || errno == EEXIST))
        file->fd = sy_file_open(file->path, flags, 0);
    if (file->fd < 0 && !must_exist)
        file->fd = sy_file_open(file->path, O_WRONLY | O_APPEND | O_NOCTTY, 0);
    if (file->fd < 0)
        return errno == ENOENT && must_exist ? sy_error_set(err, SY_INVALID_ARGUMENT,
                                                   "%s does not exist: nothing to resume", file->path)
                                             : sy_error_io(err, "cannot write to %s", file->path);
    return lock(file, out_gone, err);
}

sy_status sy_line_file_open(const char *path, bool must_exist, sy_line_file *out_file, sy_error *err) {
    *out_file = (sy_line_file){.fd = -1, .path = path};
    if (strcmp(path, "-") == 0) {
        if (must_exist)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "standard output cannot be resumed");
        out_file->fd = STDOUT_FILENO;
        out_file->is_borrowed = true;
        return SY_OK;
    }
    bool gone = true;
    sy_status status = SY_OK;
    for (int i = 0; i < OPEN_TRIES && gone && status == SY_OK; i++) {
        if (out_file->fd >= 0)
            sy_file_close(out_file->fd);
        status = open_once(out_file, must_exist, &gone, err);
    }
    if (status == SY_OK)
        status = judge(out_file, must_exist, err);
    if (status == SY_OK)
        return SY_OK;
    if (status == SY_REFUSED)
        out_file->is_new = false;
    sy_line_file_close(out_file);
    return status;
}

sy_status sy_line_file_cut(sy_line_file *file, uint64_t bytes, sy_error *err) {
    if (ftruncate(file->fd, (off_t)bytes) != 0)
        return sy_error_io(err, "cannot cut the torn last line of %s", file->path);
    file->bytes = bytes;
    return SY_OK;
}

/* After the first line: the name too must survive a power cut. Best effort: not every file system can. */
static void sync_folder(const char *path) {
    char folder[4096];
    size_t length = strlen(path);
    if (length >= sizeof folder)
        return;
    memcpy(folder, path, length + 1);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        slash[slash == folder] = '\0';
    int fd = sy_file_open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return;
    sy_file_sync(fd);
    sy_file_close(fd);
}

static bool bring_to_disk(sy_line_file *file) {
    return sy_file_sync(file->fd) == 0 || errno == EINVAL || errno == ENOTSUP;
}

sy_status sy_line_file_append(sy_line_file *file, const char *text, size_t bytes, bool sync, sy_error *err) {
    const char *name = file->is_borrowed ? "standard output" : file->path;
    if (file->is_torn)
        return sy_error_set(err, SY_IO, "%s: nothing more is written after an error%s", name,
            file->is_plain ? " that left a torn line: --resume repairs it" : "");
    bool is_written = sy_file_write_all(file->fd, text, bytes) == 0;
    if (is_written && (!sync || !file->is_plain || bring_to_disk(file))) {
        if (file->is_new && file->bytes == 0 && sync && file->is_plain)
            sync_folder(file->path);
        file->bytes += bytes;
        return SY_OK;
    }
    sy_status status = sy_error_io(err, "cannot write to %s (what was finished before is in it)", name);
    file->is_torn = !file->is_plain || ftruncate(file->fd, (off_t)file->bytes) != 0;
    return status;
}

void sy_line_file_close(sy_line_file *file) {
    if (file->fd >= 0 && !file->is_borrowed) {
        if (file->is_new && file->is_plain && file->bytes == 0)
            unlink(file->path);
        sy_file_close(file->fd);
    }
    file->fd = -1;
}
