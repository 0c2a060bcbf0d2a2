/* The file of names and passwords: who may read it, which line is taken, and that no text repeats it. */
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

#include "bench/energy/net/credentials.h"
#include "runtime/base/seam.h"

static char path[] = "/tmp/steelyard-credentials-XXXXXX";

static void write_file(const char *text, mode_t mode) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static sy_status look_up(const char *host, const char *name, sy_net_secret *secret, sy_error *err) {
    return sy_net_secret_find(path, host, name, secret, err);
}

static void the_line_of_a_host(void **state) {
    sy_net_secret secret;
    (void)state;
    write_file("# meters\n\nother admin x\nBMC.example root correct horse \r\n  plug:81 a b\nplug c d", 0600);
    assert_int_equal(look_up("bmc.example", "bmc.example", &secret, NULL), SY_OK);
    assert_true(secret.is_set);
    assert_string_equal(secret.user, "root");
    assert_string_equal(secret.password, "correct horse ");
    assert_int_equal(look_up("plug", "plug:81", &secret, NULL), SY_OK);
    assert_string_equal(secret.user, "a");
    assert_int_equal(look_up("plug", "plug:82", &secret, NULL), SY_OK);
    assert_string_equal(secret.user, "c");
    assert_int_equal(look_up("plu", "plu", &secret, NULL), SY_OK);
    assert_false(secret.is_set);
    sy_net_secret_forget(&secret);
    assert_false(secret.is_set);
}

static void no_file_is_no_secret(void **state) {
    sy_net_secret secret;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_net_secret_find(NULL, "h", "h", &secret, NULL), SY_OK);
    assert_false(secret.is_set);
    assert_int_equal(sy_net_secret_find("/no/such/file", "h", "h", &secret, &err), SY_IO);
    assert_non_null(strstr(err.text, "/no/such/file"));
    assert_int_equal(sy_net_secret_find("/dev/null", "h", "h", &secret, &err), SY_REFUSED);
}

static void others_may_not_read_it(void **state) {
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0610, 0666};
    sy_net_secret secret;
    (void)state;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        write_file("h root hunter2\n", modes[i]);
        assert_int_equal(look_up("h", "h", &secret, &err), SY_REFUSED);
        assert_false(secret.is_set);
        assert_non_null(strstr(err.text, "chmod 600"));
        assert_null(strstr(err.text, "hunter2"));
    }
}

static void lines_of_another_form(void **state) {
    static const char *const bad[] = {"h root\n", "h\n", "ok a b\nh root \n"};
    sy_net_secret secret;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        write_file(bad[i], 0600);
        assert_int_equal(look_up("h", "h", &secret, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, i == 2 ? "line 2" : "line 1"));
        assert_null(strstr(err.text, "root"));
    }
}

static void too_long_ones(void **state) {
    char *text = malloc(70000);
    sy_net_secret secret;
    (void)state;
    assert_non_null(text);
    memset(text, 'p', 70000);
    memcpy(text, "h u ", 4);
    text[400] = '\0';
    write_file(text, 0600);
    assert_int_equal(look_up("h", "h", &secret, NULL), SY_INVALID_ARGUMENT);
    text[400] = 'p';
    text[69999] = '\0';
    write_file(text, 0600);
    assert_int_equal(look_up("h", "h", &secret, NULL), SY_OVERFLOW);
    free(text);
}

static void every_call_may_fail(void **state) {
    (void)state;
    write_file("h root hunter2\n", 0600);
    for (uint64_t k = 1;; k++) {
        sy_net_secret secret;
        sy_error err = SY_ERROR_INIT;
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
        sy_status status = look_up("h", "h", &secret, &err);
        bool is_past = sy_seam_disarm() < k;
        assert_int_equal(status == SY_OK, is_past);
        assert_int_equal(secret.is_set, is_past);
        assert_null(strstr(err.text, "hunter2"));
        if (is_past)
            return;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_line_of_a_host),
        cmocka_unit_test(no_file_is_no_secret), cmocka_unit_test(others_may_not_read_it),
        cmocka_unit_test(lines_of_another_form), cmocka_unit_test(too_long_ones),
        cmocka_unit_test(every_call_may_fail)};
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
