/* Locks on devices, as flock()ed files. */
#include "bench/run/device_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "steelyard/spec.h"

/* Shared by all users of the machine, like /tmp: anyone may add, none may take another's away. */
static int open_in(const char *folder, const char *name) {
    char path[256];
    mkdir(folder, 0777);
    chmod(folder, 01777);
    snprintf(path, sizeof path, "%s/%s.lock", folder, name);
    int fd = sy_file_open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0666);
    if (fd >= 0)
        fchmod(fd, 0666);
    else if (errno == EACCES)
        fd = sy_file_open(path, O_RDWR | O_NOFOLLOW, 0);
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
