/* Locks on devices, as flock()ed files. */
#include "bench/run/device_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "steelyard/spec.h"

/* A plain file with one name: nobody can have us change something else through it. */
static bool is_lock_file(int fd) {
    struct stat file;
    return fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_nlink == 1;
}

/* The lock file `name` in an open folder; -1 if there is none to be had. */
static int open_lock(int folder, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d/%s.lock", folder, name);
    int fd = sy_file_open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (fd < 0 && errno == EACCES)
        fd = sy_file_open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd >= 0 && !is_lock_file(fd)) {
        sy_file_close(fd);
        return -1;
    }
    if (fd >= 0)
        (void)!fchmod(fd, 0666);
    return fd;
}

/*
 * The folder is shared by all users of the machine, like /tmp: anyone may add, none may take another's away.
 * It lies where anyone may write, so it may be somebody's trap: a link is not followed, and rights are given
 * only to a folder that was made here.
 */
static int open_in(const char *path, const char *name) {
    bool is_new = mkdir(path, 0777) == 0;
    int folder = sy_file_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (folder < 0)
        return -1;
    if (is_new)
        (void)!fchmod(folder, 01777);
    int fd = open_lock(folder, name);
    sy_file_close(folder);
    return fd;
}

static long holder(int fd) {
    char text[24] = "";
    ssize_t got = pread(fd, text, sizeof text - 1, 0);
    return got > 0 ? strtol(text, NULL, 10) : 0;
}

sy_status sy_device_lock(const char *identity, int *out_fd, sy_error *err) {
    static const char *const folders[] = {"/run/lock/steelyard", "/tmp/steelyard-locks"};
    char name[SY_KEY_HEX_MAX], text[24];
    sy_hash_key(identity, name);
    *out_fd = -1;
    for (size_t i = 0; *out_fd < 0 && i < sizeof folders / sizeof folders[0]; i++)
        *out_fd = open_in(folders[i], name);
    if (*out_fd < 0)
        return SY_OK;
    if (flock(*out_fd, LOCK_EX | LOCK_NB) != 0) {
        long pid = holder(*out_fd);
        sy_file_close(*out_fd);
        *out_fd = -1;
        return sy_error_set(err, SY_REFUSED, "another program measures on this device (process %ld)", pid);
    }
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(*out_fd, 0) == 0)
        (void)!pwrite(*out_fd, text, (size_t)length, 0);
    return SY_OK;
}

void sy_device_unlock(int fd) {
    if (fd >= 0)
        sy_file_close(fd);
}
