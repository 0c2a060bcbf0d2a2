/* The seam: faults strike the call they are armed for, once, and everything else passes. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/seam.h"

static void kth_allocation_fails_once(void **state) {
    (void)state;
    sy_seam_arm(SY_SEAM_ALLOC, 3);
    void *memory[5];
    for (int i = 0; i < 5; i++)
        memory[i] = sy_mem_alloc(1);
    assert_int_equal(sy_seam_disarm(), 5);
    for (int i = 0; i < 5; i++) {
        assert_true((memory[i] == NULL) == (i == 2));
        sy_mem_free(memory[i]);
    }
}

static void every_kind_of_allocation_is_seen(void **state) {
    (void)state;
    for (uint64_t k = 1; k <= 5; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        void *made[5] = {sy_mem_alloc(8), sy_mem_calloc(2, 8), sy_mem_realloc(NULL, 8), sy_mem_align(64, 8),
            sy_mem_strdup("text")};
        assert_int_equal(sy_seam_disarm(), 5);
        for (uint64_t i = 0; i < 5; i++) {
            assert_true((made[i] == NULL) == (i + 1 == k));
            sy_mem_free(made[i]);
        }
    }
}

static void zero_bytes_are_memory(void **state) {
    (void)state;
    void *made[4] = {sy_mem_alloc(0), sy_mem_calloc(0, 4), sy_mem_calloc(4, 0), sy_mem_align(64, 0)};
    for (int i = 0; i < 4; i++) {
        assert_non_null(made[i]);
        sy_mem_free(made[i]);
    }
    sy_mem_free(NULL);
}

static void alignment_is_kept(void **state) {
    (void)state;
    for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        void *memory = sy_mem_align(alignment, 100);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % alignment, 0);
        sy_mem_free(memory);
    }
}

static void files_fail_with_eio(void **state) {
    char byte = 'x';
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    sy_seam_arm(SY_SEAM_FILE, 1);
    assert_int_equal(sy_file_open("/dev/null", O_RDONLY, 0), -1);
    assert_int_equal(errno, EIO);
    sy_seam_arm(SY_SEAM_FILE, 1);
    assert_int_equal(sy_file_read(ends[0], &byte, 1), -1);
    sy_seam_arm(SY_SEAM_FILE, 1);
    assert_int_equal(sy_file_write_all(ends[1], &byte, 1), -1);
    sy_seam_arm(SY_SEAM_FILE, 1);
    assert_int_equal(sy_file_sync(ends[1]), -1);
    sy_seam_arm(SY_SEAM_FILE, 1);
    assert_int_equal(sy_file_rename("/nowhere/a", "/nowhere/b"), -1);
    assert_int_equal(errno, EIO);
    sy_seam_disarm();
    assert_int_equal(sy_file_write_all(ends[1], &byte, 1), 0);
    assert_int_equal(sy_file_read(ends[0], &byte, 1), 1);
    sy_file_close(ends[0]);
    sy_file_close(ends[1]);
}

static void descriptors_are_closed_on_exec(void **state) {
    (void)state;
    int fd = sy_file_open("/dev/null", O_RDONLY, 0);
    assert_true(fd >= 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    sy_file_close(fd);
    errno = 0;
    assert_int_equal(sy_file_open("/no/such/file", O_RDONLY, 0), -1);
    assert_int_equal(errno, ENOENT);
}

static void a_mapped_file_is_read_again(void **state) {
    (void)state;
    static char bytes[3 * 4096];
    char name[] = "/tmp/steelyard-map-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    memset(bytes, 'x', sizeof bytes);
    assert_int_equal(sy_file_write_all(fd, bytes, sizeof bytes), 0);
    char *memory = sy_file_map(fd, sizeof bytes);
    assert_non_null(memory);
    sy_file_forget(memory + 1, sizeof bytes - 1);
    sy_file_forget(memory + 1, 10); /* no whole page */
    assert_memory_equal(memory, bytes, sizeof bytes);
    sy_file_unmap(memory, sizeof bytes);
    sy_file_unmap(NULL, 0);
    sy_seam_arm(SY_SEAM_FILE, 1);
    assert_null(sy_file_map(fd, sizeof bytes));
    sy_seam_disarm();
    close(fd);
    unlink(name);
}

static void files_below_a_folder_are_opened(void **state) {
    (void)state;
    int folder = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
    assert_true(folder >= 0);
    for (uint64_t resolve = 0; resolve <= RESOLVE_BENEATH; resolve += RESOLVE_BENEATH) {
        int fd = sy_file_open_at(folder, "stat", O_RDONLY, resolve);
        if (fd < 0 && resolve != 0 && (errno == ENOSYS || errno == EPERM))
            continue; /* a kernel or a container without openat2() */
        assert_true(fd >= 0);
        assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
        close(fd);
        fd = sy_file_open_at(folder, "../version", O_RDONLY, resolve);
        assert_true((fd >= 0) == (resolve == 0));
        if (fd >= 0)
            close(fd);
        sy_seam_arm(SY_SEAM_FILE, 1);
        assert_int_equal(sy_file_open_at(folder, "stat", O_RDONLY, resolve), -1);
        sy_seam_disarm();
        assert_int_equal(errno, EIO);
    }
    close(folder);
}

static void libraries_and_clocks_fail(void **state) {
    (void)state;
    sy_seam_arm(SY_SEAM_DYNLIB, 1);
    assert_null(sy_dl_open("libm.so.6", 2));
    sy_seam_arm(SY_SEAM_CLOCK, 2);
    uint64_t first = sy_clock_raw_ns();
    assert_int_equal(sy_clock_utc_ns(), 0);
    uint64_t last = sy_clock_raw_ns();
    sy_seam_disarm();
    assert_true(first > 0 && last >= first);
    assert_true(sy_clock_utc_ns() > UINT64_C(1500000000000000000));
}

static void kinds_do_not_touch_each_other(void **state) {
    (void)state;
    sy_seam_arm(SY_SEAM_FILE | SY_SEAM_DYNLIB, 1);
    void *memory = sy_mem_alloc(1);
    assert_non_null(memory);
    sy_mem_free(memory);
    assert_true(sy_clock_raw_ns() > 0);
    assert_int_equal(sy_seam_disarm(), 0);
}

static void texts_arm(void **state) {
    static const char *const bad[] = {
        "", "alloc", "alloc:", "alloc:0", "alloc:x", "alloc:1x", "file:-", "disk:1", "allocs:1", ":1", NULL};
    (void)state;
    for (int i = 0; bad[i] != NULL; i++)
        assert_int_equal(sy_seam_arm_text(bad[i]), -1);
    assert_int_equal(sy_seam_arm_text("any:2"), 0);
    void *memory = sy_mem_alloc(1);
    assert_non_null(memory);
    sy_mem_free(memory);
    assert_int_equal(sy_clock_raw_ns(), 0);
    assert_int_equal(sy_seam_arm_text("clock:1"), 0);
    assert_int_equal(sy_clock_raw_ns(), 0);
    sy_seam_disarm();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kth_allocation_fails_once),
        cmocka_unit_test(every_kind_of_allocation_is_seen),
        cmocka_unit_test(zero_bytes_are_memory),
        cmocka_unit_test(alignment_is_kept),
        cmocka_unit_test(files_fail_with_eio),
        cmocka_unit_test(descriptors_are_closed_on_exec),
        cmocka_unit_test(a_mapped_file_is_read_again),
        cmocka_unit_test(files_below_a_folder_are_opened),
        cmocka_unit_test(libraries_and_clocks_fail),
        cmocka_unit_test(kinds_do_not_touch_each_other),
        cmocka_unit_test(texts_arm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
