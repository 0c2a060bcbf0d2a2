/* Lines over TCP: in pieces, too long, cut off, late; and every address family. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "bench/energy/net/line_socket.h"
#include "tests/support/loopback.h"

/* Generous for what should come, short for what should not. */
#define LONG_NS 30000000000u
#define SHORT_NS 20000000u
/* Half a line has to come, and the other half not. */
#define HALF_NS 500000000u

static const loopback_rule script[] = {{.match = "one", .answer = "first\r\n"},
    {.match = "two", .answer = "second\nthird\n"}, {.match = "empty", .answer = "\r\n"},
    {.match = "half", .answer = "hal"}, {.match = "cut", .answer = "ha", .then = LOOPBACK_CLOSE},
    {.match = "close", .then = LOOPBACK_CLOSE}, {.match = "stall", .then = LOOPBACK_STALL},
    {.match = "huge", .padding = 10000, .answer = ""}, {.match = "long", .answer = "0123456789\n"},
    {.match = "exact", .answer = "01234567\r\n"},
    {.match = "nul",
        .answer = "1\0"
                  "2\n",
        .length = 4},
    {.match = NULL}};

static loopback *server;

static sy_line_socket open_line(const char *host) {
    sy_line_socket line = {.fd = -1};
    assert_int_equal(sy_line_connect(&line, host, loopback_port(server), LONG_NS, NULL), SY_OK);
    return line;
}

static sy_status ask(sy_line_socket *line, const char *command, char *out, size_t capacity,
    uint64_t timeout_ns, sy_error *err) {
    assert_int_equal(sy_line_send(line, command, LONG_NS, NULL), SY_OK);
    return sy_line_receive(line, out, capacity, timeout_ns, err);
}

static void lines_come_one_by_one(void **state) {
    sy_line_socket line = open_line("127.0.0.1");
    char text[16];
    (void)state;
    assert_int_equal(ask(&line, "one\n", text, sizeof text, LONG_NS, NULL), SY_OK);
    assert_string_equal(text, "first");
    assert_int_equal(ask(&line, "two\n", text, sizeof text, LONG_NS, NULL), SY_OK);
    assert_string_equal(text, "second");
    assert_int_equal(sy_line_receive(&line, text, sizeof text, LONG_NS, NULL), SY_OK);
    assert_string_equal(text, "third");
    assert_int_equal(ask(&line, "empty\n", text, sizeof text, LONG_NS, NULL), SY_OK);
    assert_string_equal(text, "");
    assert_int_equal(ask(&line, "exact\n", text, 9, LONG_NS, NULL), SY_OK);
    assert_string_equal(text, "01234567");
    sy_line_close(&line);
    sy_line_close(&line);
    assert_int_equal(line.fd, -1);
}

static void what_goes_wrong_closes_it(void **state) {
    static const struct {
        const char *command, *words;
        uint64_t timeout_ns;
        sy_status status;
    } rows[] = {{"half\n", "only a part of a line", HALF_NS, SY_TIMEOUT},
        {"stall\n", "no answer", SHORT_NS, SY_TIMEOUT}, {"cut\n", "in the middle of a line", LONG_NS, SY_IO},
        {"close\n", "closed the connection", LONG_NS, SY_IO},
        {"huge\n", "over 4096 bytes", LONG_NS, SY_OVERFLOW},
        {"long\n", "10 characters", LONG_NS, SY_OVERFLOW}, {"nul\n", "a NUL", LONG_NS, SY_INVALID_ARGUMENT}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_line_socket line = open_line("127.0.0.1");
        sy_error err = SY_ERROR_INIT;
        char text[9];
        assert_int_equal(
            ask(&line, rows[i].command, text, sizeof text, rows[i].timeout_ns, &err), rows[i].status);
        assert_non_null(strstr(err.text, rows[i].words));
        assert_non_null(strstr(err.text, "127.0.0.1:"));
        assert_int_equal(line.fd, -1);
        assert_int_equal(sy_line_receive(&line, text, sizeof text, LONG_NS, NULL), SY_IO);
        assert_int_equal(sy_line_send(&line, "one\n", LONG_NS, NULL), SY_IO);
    }
}

static void names_and_families(void **state) {
    sy_line_socket line = open_line("localhost");
    char text[16];
    (void)state;
    assert_int_equal(ask(&line, "one\n", text, sizeof text, LONG_NS, NULL), SY_OK);
    sy_line_close(&line);
    loopback *other = loopback_start(script, "\n", AF_INET6);
    if (other == NULL) {
        print_message("no IPv6 on loopback: not tried\n");
        return;
    }
    assert_int_equal(sy_line_connect(&line, "::1", loopback_port(other), LONG_NS, NULL), SY_OK);
    assert_int_equal(ask(&line, "one\n", text, sizeof text, LONG_NS, NULL), SY_OK);
    assert_non_null(strstr(line.name, "[::1]:"));
    sy_line_close(&line);
    loopback_stop(other);
}

static void nobody_there(void **state) {
    sy_line_socket line = {.fd = -1};
    sy_error err = SY_ERROR_INIT;
    char port[8];
    (void)state;
    loopback *gone = loopback_start(script, "\n", AF_INET);
    assert_non_null(gone);
    snprintf(port, sizeof port, "%s", loopback_port(gone));
    loopback_stop(gone);
    assert_int_equal(sy_line_connect(&line, "127.0.0.1", port, LONG_NS, &err), SY_IO);
    assert_non_null(strstr(err.text, "no connection"));
    assert_int_equal(line.fd, -1);
    /* Not an address, and by its form never looked up as a name. */
    assert_int_equal(sy_line_connect(&line, "::zz", port, LONG_NS, &err), SY_UNAVAILABLE);
    assert_int_equal(line.fd, -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_come_one_by_one),
        cmocka_unit_test(what_goes_wrong_closes_it), cmocka_unit_test(names_and_families),
        cmocka_unit_test(nobody_there)};
    server = loopback_start(script, "\n", AF_INET);
    if (server == NULL)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    loopback_stop(server);
    return failed;
}
