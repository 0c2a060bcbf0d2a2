/* Signals as a descriptor: seen, obeyed once, and not deadly afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/run/interrupt.h"

static void a_signal_is_seen_and_kills_nobody(void **state) {
    (void)state;
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < 3; i++) {
        int fd = -1;
        assert_int_equal(sy_interrupt_open(&fd, NULL), SY_OK);
        assert_false(sy_interrupt_seen(fd));
        assert_int_equal(raise(numbers[i]), 0);
        assert_true(sy_interrupt_seen(fd));
        assert_true(sy_interrupt_seen(fd)); /* until it is closed */
        sy_interrupt_close(fd);             /* a signal left pending would end this test here */
    }
}

static void several_signals_are_forgotten_together(void **state) {
    (void)state;
    int fd = -1;
    assert_int_equal(sy_interrupt_open(&fd, NULL), SY_OK);
    raise(SIGINT);
    raise(SIGTERM);
    raise(SIGHUP);
    sy_interrupt_close(fd);
    assert_int_equal(sy_interrupt_open(&fd, NULL), SY_OK);
    assert_false(sy_interrupt_seen(fd));
    sy_interrupt_close(fd);
}

static void after_closing_signals_do_as_ever(void **state) {
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        int fd = -1;
        sy_interrupt_open(&fd, NULL);
        raise(SIGINT);
        sy_interrupt_close(fd);
        raise(SIGTERM);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static void nothing_open_is_nothing_seen(void **state) {
    (void)state;
    assert_false(sy_interrupt_seen(-1));
    sy_interrupt_close(-1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_signal_is_seen_and_kills_nobody),
        cmocka_unit_test(several_signals_are_forgotten_together),
        cmocka_unit_test(after_closing_signals_do_as_ever), cmocka_unit_test(nothing_open_is_nothing_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
