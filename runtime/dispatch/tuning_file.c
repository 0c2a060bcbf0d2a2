/* Reading, checking, locking and replacing the cache file. */
#include "runtime/dispatch/tuning_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "steelyard/backend.h"

/* The number is that of the text's form: a program that knows another form has a file of its own. */
#define CACHE_NAME "tuning-3"

enum { PATH_ROOM = SY_TUNING_FOLDER_MAX + 32, LOCK_TRIES = 1000 };
static const long LOCK_PAUSE_NS = 10000000;

bool sy_tuning_folder(sy_tuning_variable *variable, void *ctx, char out_folder[SY_TUNING_FOLDER_MAX]) {
    const char *cache = variable(ctx, "XDG_CACHE_HOME"), *home = variable(ctx, "HOME");
    int length = 0;
    if (cache != NULL && cache[0] == '/')
        length = snprintf(out_folder, SY_TUNING_FOLDER_MAX, "%s/steelyard", cache);
    else if (home != NULL && home[0] == '/')
        length = snprintf(out_folder, SY_TUNING_FOLDER_MAX, "%s/.cache/steelyard", home);
    bool fits = length > 0 && (size_t)length < SY_TUNING_FOLDER_MAX;
    if (!fits)
        out_folder[0] = '\0';
    return fits;
}

static void path_of(const char *folder, const char *suffix, char out_path[PATH_ROOM]) {
    snprintf(out_path, PATH_ROOM, "%s/" CACHE_NAME "%s", folder, suffix);
}

/* Whether an open file or folder is ours alone to write; the reason if it is not. */
static sy_status check_owner(int fd, bool is_folder, const char *path, struct stat *out_stat, sy_error *err) {
    if (sy_file_stat(fd, out_stat) != 0)
        return sy_error_io(err, "%s", path);
    bool is_kind = is_folder ? S_ISDIR(out_stat->st_mode) : S_ISREG(out_stat->st_mode);
    if (!is_kind)
        return sy_error_set(err, SY_REFUSED, "%s is no %s", path, is_folder ? "folder" : "regular file");
    if (out_stat->st_uid != geteuid())
        return sy_error_set(err, SY_REFUSED, "%s belongs to another user", path);
    if ((out_stat->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return sy_error_set(err, SY_REFUSED, "%s can be written by others", path);
    return SY_OK;
}

static sy_status check_folder(const char *folder, sy_error *err) {
    struct stat found;
    int fd = sy_file_open(folder, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return sy_error_io(err, "%s", folder);
    sy_status status = check_owner(fd, true, folder, &found, err);
    sy_file_close(fd);
    return status;
}

/* All bytes of an open file of `bytes`; one that grows meanwhile is cut. */
static sy_status read_all(int fd, const char *path, char *out_bytes, size_t bytes, sy_error *err) {
    size_t have = 0;
    while (have < bytes) {
        ssize_t got = sy_file_read(fd, out_bytes + have, bytes - have);
        if (got < 0)
            return sy_error_io(err, "%s", path);
        if (got == 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: it is cut off", path);
        have += (size_t)got;
    }
    return SY_OK;
}

static sy_status read_opened(int fd, const char *path, sy_tuning *out_tuning, sy_error *err) {
    struct stat found;
    sy_status status = check_owner(fd, false, path, &found, err);
    if (status != SY_OK)
        return status;
    size_t bytes = (size_t)found.st_size;
    if (found.st_size < 0 || (uint64_t)found.st_size > SY_TUNING_BYTES_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: it is too long for a tuning cache", path);
    char *text = sy_mem_alloc(bytes);
    if (text == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no memory for %zu bytes", path, bytes);
    status = read_all(fd, path, text, bytes, err);
    if (status == SY_OK) {
        status = sy_tuning_parse(text, bytes, out_tuning, err);
        if (status != SY_OK)
            sy_error_prefix(err, status, "%s", path);
    }
    sy_mem_free(text);
    return status;
}

/* SY_OK with an empty table if there is no file. SY_INVALID_ARGUMENT: damaged; SY_REFUSED: foreign. */
static sy_status read_cache(const char *folder, sy_tuning *out_tuning, sy_error *err) {
    char path[PATH_ROOM];
    *out_tuning = (sy_tuning){0};
    path_of(folder, "", path);
    int fd = sy_file_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd < 0 && errno == ENOENT)
        return SY_OK;
    if (fd < 0 && errno == ELOOP)
        return sy_error_set(err, SY_REFUSED, "%s is a symbolic link", path);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status = check_folder(folder, err);
    if (status == SY_OK)
        status = read_opened(fd, path, out_tuning, err);
    sy_file_close(fd);
    return status;
}

void sy_tuning_load(const char *folder, const sy_logger *logger, sy_tuning *out_tuning) {
    sy_error error = SY_ERROR_INIT;
    *out_tuning = (sy_tuning){0};
    if (folder[0] == '\0')
        return;
    sy_status status = read_cache(folder, out_tuning, &error);
    if (status != SY_OK)
        sy_log(logger, SY_LOG_WARNING, "tuning cache ignored: %s", sy_error_text(&error, status));
}

/* The folder and the one above it, if they are not there; others' faults show when they are used. */
static sy_status make_folder(const char *folder, sy_error *err) {
    char above[SY_TUNING_FOLDER_MAX];
    snprintf(above, sizeof above, "%s", folder);
    char *slash = strrchr(above, '/');
    if (slash != NULL && slash != above) {
        *slash = '\0';
        if (sy_folder_make(above, 0700) != 0 && errno != EEXIST)
            return sy_error_io(err, "%s", above);
    }
    if (sy_folder_make(folder, 0700) != 0 && errno != EEXIST)
        return sy_error_io(err, "%s", folder);
    return check_folder(folder, err);
}

/* Whoever holds the lock reads and writes one small file; a program that was stopped meanwhile is not waited
 * for. */
static sy_status wait_for_lock(int fd, const char *path, sy_error *err) {
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (sy_file_lock(fd) == 0)
            return SY_OK;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return sy_error_io(err, "%s", path);
        nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_NS}, NULL);
    }
    return sy_error_set(err, SY_TIMEOUT, "%s: another program holds the lock", path);
}

static sy_status open_lock(const char *folder, int *out_fd, sy_error *err) {
    char path[PATH_ROOM];
    struct stat found;
    path_of(folder, ".lock", path);
    *out_fd = sy_file_open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (*out_fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status = check_owner(*out_fd, false, path, &found, err);
    if (status == SY_OK)
        status = wait_for_lock(*out_fd, path, err);
    if (status != SY_OK) {
        sy_file_close(*out_fd);
        *out_fd = -1;
    }
    return status;
}

static sy_status write_new(const char *path, const sy_text *text, sy_error *err) {
    int fd = sy_file_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status = SY_OK;
    if (sy_file_write_all(fd, text->data, text->length) != 0 || sy_file_sync(fd) != 0)
        status = sy_error_io(err, "%s", path);
    sy_file_close(fd);
    return status;
}

/* That the new name is on the disk too; a file system that cannot promise it has still renamed the file. */
static void sync_folder(const char *folder) {
    int fd = sy_file_open(folder, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return;
    (void)sy_file_sync(fd);
    sy_file_close(fd);
}

/* One writer at a time, under the lock: so one name for the new file is enough, and a crash litters once. */
static sy_status replace(const char *folder, const sy_text *text, sy_error *err) {
    char path[PATH_ROOM], fresh[PATH_ROOM];
    path_of(folder, "", path);
    path_of(folder, ".new", fresh);
    sy_status status = write_new(fresh, text, err);
    if (status == SY_OK && sy_file_rename(fresh, path) != 0)
        status = sy_error_io(err, "%s", path);
    if (status == SY_OK)
        sync_folder(folder);
    else
        (void)sy_file_remove(fresh);
    return status;
}

static sy_status merge(const char *folder, const sy_tuning_entry *entries, size_t count,
    const sy_logger *logger, sy_error *err) {
    sy_tuning tuning;
    sy_text text = {0};
    sy_error damage = SY_ERROR_INIT;
    sy_status status = read_cache(folder, &tuning, &damage);
    if (status == SY_INVALID_ARGUMENT) {
        sy_log(logger, SY_LOG_WARNING, "tuning cache replaced: %s", sy_error_text(&damage, status));
        status = SY_OK;
    } else if (status != SY_OK) {
        return sy_error_set(err, status, "%s", sy_error_text(&damage, status));
    }
    for (size_t i = 0; status == SY_OK && i < count; i++)
        status = sy_tuning_put(&tuning, &entries[i], err);
    if (status == SY_OK)
        status = sy_tuning_print(&tuning, &text, err);
    if (status == SY_OK)
        status = replace(folder, &text, err);
    sy_text_release(&text);
    sy_tuning_release(&tuning);
    return status;
}

sy_status sy_tuning_store(const char *folder, const sy_tuning_entry *entries, size_t count,
    const sy_logger *logger, sy_error *err) {
    int lock = -1;
    if (folder[0] == '\0')
        return sy_error_set(err, SY_UNAVAILABLE,
            "no place for the tuning cache: neither XDG_CACHE_HOME nor HOME is an absolute folder");
    sy_status status = make_folder(folder, err);
    if (status == SY_OK)
        status = open_lock(folder, &lock, err);
    if (status != SY_OK)
        return status;
    status = merge(folder, entries, count, logger, err);
    sy_file_close(lock);
    return status;
}

sy_status sy_tuning_clear(const char *folder, sy_error *err) {
    char path[PATH_ROOM];
    int lock = -1;
    path_of(folder, "", path);
    int fd = folder[0] != '\0' ? sy_file_open(path, O_PATH | O_NOFOLLOW, 0) : -1;
    if (fd < 0)
        return folder[0] == '\0' || errno == ENOENT ? SY_OK : sy_error_io(err, "%s", path);
    sy_file_close(fd);
    sy_status status = check_folder(folder, err);
    if (status == SY_OK)
        status = open_lock(folder, &lock, err);
    if (status != SY_OK)
        return status;
    if (sy_file_remove(path) != 0 && errno != ENOENT)
        status = sy_error_io(err, "%s", path);
    sy_file_close(lock);
    return status;
}
