/* Temporary folders with plugins in them. */
#include "tests/unit/runtime/registry/place.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void place_create(temp_place *place) {
    snprintf(place->path, sizeof place->path, "/tmp/steelyard-test-XXXXXX");
    assert_non_null(mkdtemp(place->path));
    assert_int_equal(chmod(place->path, 0755), 0);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk) {
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

void place_destroy(temp_place *place) {
    nftw(place->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *place_path(const temp_place *place, const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", place->path, name);
    return path;
}

void place_file(const temp_place *place, const char *name, const void *bytes, size_t count, mode_t mode) {
    char path[PATH_MAX];
    int fd = open(place_path(place, name, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_true(write(fd, bytes, count) == (ssize_t)count);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

const char *place_stub(
    const temp_place *place, const char *name, const char *target, mode_t mode, char path[PATH_MAX]) {
    struct stat info;
    snprintf(path, PATH_MAX, "%s/%s.so", STUB_FOLDER, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &info), 0);
    char *bytes = malloc((size_t)info.st_size);
    assert_non_null(bytes);
    assert_true(read(fd, bytes, (size_t)info.st_size) == info.st_size);
    close(fd);
    place_file(place, target, bytes, (size_t)info.st_size, mode);
    free(bytes);
    return place_path(place, target, path);
}
