/* Kept programs: what comes back, what is not trusted, what goes wrong in silence. */
#include "tests/unit/backends/opencl/world.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/opencl/binary_cache.h"
#include "runtime/base/seam.h"

/* A cache in a folder of its own, which goes with it. */
typedef struct kept {
    char root[40], folder[96], file[256];
    world_host host;
    sy_backend backend;
    ocl_binary_cache *cache;
} kept;

static const unsigned char key[32] = {1, 2, 0xab};
static const unsigned char payload[] = "a program, compiled";

static void open_kept(kept *k) {
    *k = (kept){0};
    char name[65];
    snprintf(k->root, sizeof k->root, "/tmp/steelyard-binaries-XXXXXX");
    assert_non_null(mkdtemp(k->root));
    snprintf(k->folder, sizeof k->folder, "%s/not/there/yet", k->root);
    sodium_bin2hex(name, sizeof name, key, sizeof key);
    snprintf(k->file, sizeof k->file, "%s/opencl/%s.bin", k->folder, name);
    k->host.cache_folder = k->folder;
    k->backend.host =
        (sy_host){.size = sizeof k->backend.host, .ctx = &k->host, .log = world_log, .option = world_option};
    assert_int_equal(ocl_binary_cache_open(&k->backend, &k->cache, NULL), SY_OK);
    assert_non_null(k->cache);
}

static void close_kept(kept *k) {
    char command[128];
    ocl_binary_cache_close(k->cache);
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", k->root, k->root);
    assert_int_equal(system(command), 0);
}

static bool comes_back(kept *k) {
    size_t bytes = 99;
    unsigned char *found = ocl_binary_cache_load(k->cache, key, &bytes);
    if (found == NULL) {
        assert_int_equal(bytes, 0);
        return false;
    }
    assert_int_equal(bytes, sizeof payload);
    assert_memory_equal(found, payload, sizeof payload);
    sy_mem_free(found);
    return true;
}

static void store(kept *k) {
    ocl_binary_cache_store(k->cache, key, payload, sizeof payload);
}

static void what_is_kept_comes_back(void **state) {
    kept k;
    struct stat found;
    const unsigned char other[32] = {1, 2, 0xac};
    size_t bytes;
    (void)state;
    open_kept(&k);
    assert_false(comes_back(&k));
    store(&k);
    assert_true(comes_back(&k));
    assert_true(comes_back(&k));
    assert_null(ocl_binary_cache_load(k.cache, other, &bytes));
    assert_int_equal(stat(k.file, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(found.st_size, 80 + sizeof payload);
    store(&k); /* over the old one */
    assert_true(comes_back(&k));
    assert_int_equal(k.host.lines, 0);
    close_kept(&k);
}

/* Every byte of the file matters. */
static void a_flipped_byte_is_no_program(void **state) {
    kept k;
    (void)state;
    open_kept(&k);
    store(&k);
    for (off_t at = 0; at < 80 + (off_t)sizeof payload; at++) {
        unsigned char byte;
        int fd = open(k.file, O_RDWR);
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= 0x10;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        assert_false(comes_back(&k));
        byte ^= 0x10;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        close(fd);
    }
    assert_true(comes_back(&k));
    close_kept(&k);
}

static void a_file_of_another_length_is_no_program(void **state) {
    kept k;
    (void)state;
    open_kept(&k);
    static const off_t lengths[] = {0, 1, 79, 80, 81, 80 + sizeof payload - 1, 80 + sizeof payload + 1};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        store(&k);
        assert_true(comes_back(&k));
        assert_int_equal(truncate(k.file, lengths[i]), 0);
        assert_false(comes_back(&k));
    }
    store(&k); /* a damaged one is replaced */
    assert_true(comes_back(&k));
    close_kept(&k);
}

static void what_others_may_write_is_not_trusted(void **state) {
    kept k;
    (void)state;
    open_kept(&k);
    store(&k);
    assert_int_equal(chmod(k.file, 0620), 0);
    assert_false(comes_back(&k));
    assert_int_equal(chmod(k.file, 0602), 0);
    assert_false(comes_back(&k));
    assert_int_equal(chmod(k.file, 0644), 0);
    assert_true(comes_back(&k));
    if (geteuid() == 0) {
        assert_int_equal(chown(k.file, 12345, (gid_t)-1), 0);
        assert_false(comes_back(&k));
    }
    close_kept(&k);
}

static void only_a_regular_file_is_read(void **state) {
    kept k;
    char aside[300];
    (void)state;
    open_kept(&k);
    store(&k);
    snprintf(aside, sizeof aside, "%s.aside", k.file);
    assert_int_equal(rename(k.file, aside), 0);
    assert_int_equal(symlink(aside, k.file), 0);
    assert_false(comes_back(&k));
    assert_int_equal(unlink(k.file), 0);
    assert_int_equal(mkfifo(k.file, 0600), 0);
    assert_false(comes_back(&k)); /* and does not hang */
    store(&k);
    assert_true(comes_back(&k));
    assert_int_equal(unlink(k.file), 0);
    assert_int_equal(mkdir(k.file, 0700), 0);
    assert_false(comes_back(&k));
    store(&k); /* in vain */
    assert_false(comes_back(&k));
    assert_int_equal(k.host.lines, 1);
    close_kept(&k);
}

static void nowhere_to_write_costs_one_line(void **state) {
    kept k;
    char blocked[96];
    (void)state;
    open_kept(&k);
    snprintf(blocked, sizeof blocked, "%s/not", k.root);
    close(open(blocked, O_CREAT | O_WRONLY, 0600)); /* a file where a folder should be */
    store(&k);
    store(&k);
    assert_int_equal(k.host.lines, 1);
    assert_non_null(strstr(k.host.line, "are not kept"));
    assert_non_null(strstr(k.host.line, k.folder));
    assert_false(comes_back(&k));
    close_kept(&k);
}

/* Every file and allocation call in turn: never more than a program that is not kept, and no litter that
 * counts. */
static void faults_are_survived(void **state) {
    kept k;
    (void)state;
    open_kept(&k);
    for (uint64_t i = 1;; i++) {
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, i);
        store(&k);
        (void)comes_back(&k);
        if (sy_seam_disarm() < i)
            break;
        store(&k);
        assert_true(comes_back(&k));
        assert_int_equal(unlink(k.file), 0);
    }
    close_kept(&k);
}

static void nothing_and_too_much_are_not_kept(void **state) {
    kept k;
    (void)state;
    open_kept(&k);
    ocl_binary_cache_store(k.cache, key, payload, 0);
    ocl_binary_cache_store(k.cache, key, payload, SIZE_MAX);
    assert_int_not_equal(access(k.file, F_OK), 0);
    close_kept(&k);
}

static void without_a_folder_there_is_no_cache(void **state) {
    world_host host = {0};
    sy_backend backend = {.host = {.ctx = &host, .option = world_option}};
    ocl_binary_cache *cache = NULL;
    char lengthy[4096];
    (void)state;
    assert_int_equal(ocl_binary_cache_open(&backend, &cache, NULL), SY_OK);
    assert_null(cache);
    host.cache_folder = "";
    assert_int_equal(ocl_binary_cache_open(&backend, &cache, NULL), SY_OK);
    assert_null(cache);
    memset(lengthy, '/', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = '\0';
    host.cache_folder = lengthy;
    assert_int_equal(ocl_binary_cache_open(&backend, &cache, NULL), SY_OK);
    assert_null(cache);
    ocl_binary_cache_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_comes_back),
        cmocka_unit_test(a_flipped_byte_is_no_program),
        cmocka_unit_test(a_file_of_another_length_is_no_program),
        cmocka_unit_test(what_others_may_write_is_not_trusted),
        cmocka_unit_test(only_a_regular_file_is_read),
        cmocka_unit_test(nowhere_to_write_costs_one_line),
        cmocka_unit_test(faults_are_survived),
        cmocka_unit_test(nothing_and_too_much_are_not_kept),
        cmocka_unit_test(without_a_folder_there_is_no_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
