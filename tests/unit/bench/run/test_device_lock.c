/* One program at a time on a device: between processes, gone with the holder, never through somebody's trap.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/run/device_lock.h"
#include "runtime/base/seam.h"

/* An identity of this test's own. */
static const char *identity(const char *name) {
    static char text[64];
    snprintf(text, sizeof text, "test:%s:%d", name, (int)getpid());
    return text;
}

static void a_device_is_locked_once(void **state) {
    (void)state;
    int first = -1, second = -1, other = -1;
    sy_error error = SY_ERROR_INIT;
    char holder[64];
    assert_int_equal(sy_device_lock(identity("a"), &first, &error), SY_OK);
    assert_true(first >= 0);
    assert_int_equal(sy_device_lock(identity("a"), &second, &error), SY_REFUSED);
    assert_int_equal(second, -1);
    snprintf(holder, sizeof holder, "(process %d)", (int)getpid());
    assert_non_null(strstr(error.text, holder));
    assert_int_equal(sy_device_lock(identity("b"), &other, &error), SY_OK);
    sy_device_unlock(first);
    assert_int_equal(sy_device_lock(identity("a"), &second, &error), SY_OK);
    sy_device_unlock(second);
    sy_device_unlock(other);
    sy_device_unlock(-1);
}

static void another_process_is_refused_until_the_holder_dies(void **state) {
    (void)state;
    char mine[64];
    int told[2], fd = -1;
    char byte = 0;
    sy_error error = SY_ERROR_INIT;
    snprintf(mine, sizeof mine, "%s", identity("shared"));
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) {
        byte = sy_device_lock(mine, &fd, NULL) == SY_OK ? 'y' : 'n';
        if (write(told[1], &byte, 1) == 1)
            for (;;)
                pause();
        _exit(1);
    }
    assert_int_equal(read(told[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(sy_device_lock(mine, &fd, &error), SY_REFUSED);
    char holder[64];
    snprintf(holder, sizeof holder, "(process %d)", (int)child);
    assert_non_null(strstr(error.text, holder));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(sy_device_lock(mine, &fd, &error), SY_OK);
    sy_device_unlock(fd);
    close(told[0]);
    close(told[1]);
}

static void an_exec_does_not_take_the_lock_along(void **state) {
    (void)state;
    int fd = -1;
    assert_int_equal(sy_device_lock(identity("exec"), &fd, NULL), SY_OK);
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sleep", "sleep", "30", (char *)NULL);
        _exit(1);
    }
    sy_device_unlock(fd);
    for (int i = 0; i < 1000; i++) { /* until the child has become another program */
        if (sy_device_lock(identity("exec"), &fd, NULL) == SY_OK)
            break;
        usleep(5000);
    }
    assert_true(fd >= 0);
    sy_device_unlock(fd);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void without_a_file_the_device_is_used_unlocked(void **state) {
    (void)state;
    int fd = 7;
    uint64_t k = 1;
    for (; k < 20; k++) {
        sy_seam_arm(SY_SEAM_FILE, k);
        sy_status status = sy_device_lock(identity("seam"), &fd, NULL);
        uint64_t seen = sy_seam_disarm();
        assert_int_equal(status, SY_OK);
        sy_device_unlock(fd);
        if (seen < k)
            break;
    }
    assert_true(k > 1 && k < 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_device_is_locked_once),
        cmocka_unit_test(another_process_is_refused_until_the_holder_dies),
        cmocka_unit_test(an_exec_does_not_take_the_lock_along),
        cmocka_unit_test(without_a_file_the_device_is_used_unlocked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
