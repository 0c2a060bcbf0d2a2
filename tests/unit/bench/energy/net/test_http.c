/* GET: what comes back, what is refused, and who learns the password. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "bench/energy/net/curl.h"
#include "bench/energy/net/http.h"
#include "runtime/base/seam.h"
#include "tests/support/loopback.h"

#if __has_include(<curl/curl.h>)
#define HAS_CURL_HEADER 1
/* Its macros check types of what goes into variadic calls; here numbers alone are wanted. */
#define CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_DEPRECATION
#include <curl/curl.h>
#endif

#define LONG_NS 30000000000u
#define SHORT_NS 20000000u
#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

static const loopback_rule script[] = {{.match = "GET /good ", .answer = OK "Content-Length: 2\r\n\r\n{}"},
    {.match = "GET /chunks ",
        .answer = OK "Transfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\n4\r\na\":1\r\n1\r\n}\r\n0\r\n\r\n"},
    {.match = "GET /stall ", .then = LOOPBACK_STALL},
    {.match = "GET /late ", .answer = OK "Content-Length: 9\r\n\r\n{", .then = LOOPBACK_STALL},
    {.match = "GET /half ", .answer = OK "Content-Length: 9\r\n\r\n{", .then = LOOPBACK_CLOSE},
    {.match = "GET /head ", .answer = "HTTP/1.1 20", .then = LOOPBACK_CLOSE},
    {.match = "GET /close ", .then = LOOPBACK_CLOSE},
    {.match = "GET /noise ", .answer = "SSH-2.0-OpenSSH\r\n\r\n", .then = LOOPBACK_CLOSE},
    {.match = "GET /huge ", .answer = OK "\r\n", .padding = 2u << 20, .then = LOOPBACK_CLOSE},
    {.match = "GET /limit ", .answer = OK "Content-Length: 1048576\r\n\r\n", .padding = 1u << 20},
    {.match = "GET /moved ", .answer = "HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n"},
    {.match = "GET /absent ", .answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"},
    {.match = "GET /broken ", .answer = "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"},
    {.match = "GET /forbidden ", .answer = "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"},
    /* "root:hunter2" */
    {.match = "Authorization: Basic cm9vdDpodW50ZXIy\r\n", .answer = OK "Content-Length: 2\r\n\r\n[]"},
    {.match = "GET /secret ",
        .answer = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"m\"\r\nContent-Length: 0\r\n\r\n"},
    {.match = NULL}};

static loopback *server;
static char base[64];

static sy_status get(const sy_http_options *options, const char *path, sy_text *body, sy_error *err) {
    sy_http *http = NULL;
    sy_status status = sy_http_open(options, &http, err);
    if (status == SY_OK)
        status = sy_http_get(http, path, body, err);
    sy_http_close(http);
    return status;
}

static sy_status get_plain(const char *path, sy_text *body, sy_error *err) {
    return get(&(sy_http_options){.base = base, .timeout_ns = LONG_NS}, path, body, err);
}

static void bodies_arrive_whole(void **state) {
    sy_http *http = NULL;
    sy_text body = {0};
    (void)state;
    assert_int_equal(
        sy_http_open(&(sy_http_options){.base = base, .timeout_ns = LONG_NS}, &http, NULL), SY_OK);
    unsigned before = loopback_connections(server);
    assert_int_equal(sy_http_get(http, "/good", &body, NULL), SY_OK);
    assert_string_equal(body.data, "{}");
    assert_int_equal(sy_http_get(http, "/chunks", &body, NULL), SY_OK);
    assert_string_equal(body.data, "{}{\"a\":1}");
    assert_string_equal(sy_http_fix(http), "");
    assert_int_equal(loopback_connections(server), before + 1);
    sy_text_clear(&body);
    assert_int_equal(sy_http_get(http, "/limit", &body, NULL), SY_OK);
    assert_int_equal(body.length, SY_HTTP_BODY_MAX);
    sy_http_close(http);
    sy_text_release(&body);
}

static void what_is_no_answer(void **state) {
    static const struct {
        const char *path, *words;
        sy_status status;
    } rows[] = {{"/half", "", SY_IO}, {"/head", "", SY_IO}, {"/close", "", SY_IO}, {"/noise", "", SY_IO},
        {"/huge", "more than 1048576 bytes", SY_OVERFLOW}, {"/moved", "302, a redirect", SY_REFUSED},
        {"/absent", "404", SY_UNAVAILABLE}, {"/broken", "500", SY_IO}, {"/forbidden", "403", SY_REFUSED},
        {"/secret", "401", SY_REFUSED}, {"/a b", "characters", SY_INVALID_ARGUMENT},
        {"/a\r\nX: y", "characters", SY_INVALID_ARGUMENT}, {"good", "path", SY_INVALID_ARGUMENT}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_text body = {0};
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(get_plain(rows[i].path, &body, &err), rows[i].status);
        assert_non_null(strstr(err.text, rows[i].words));
        assert_non_null(strstr(err.text, "127.0.0.1:"));
        sy_text_release(&body);
    }
}

static void nothing_is_waited_for_too_long(void **state) {
    static const char *const paths[] = {"/stall", "/late"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        sy_text body = {0};
        sy_error err = SY_ERROR_INIT;
        const sy_http_options options = {.base = base, .timeout_ns = SHORT_NS};
        assert_int_equal(get(&options, paths[i], &body, &err), SY_TIMEOUT);
        sy_text_release(&body);
    }
}

static void passwords_go_where_they_belong(void **state) {
    sy_net_secret secret = {.user = "root", .password = "hunter2", .is_set = true};
    sy_net_secret wrong = {.user = "root", .password = "hunter3", .is_set = true};
    sy_http_options options = {.base = base, .timeout_ns = LONG_NS, .secret = &secret};
    sy_text body = {0};
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(get(&options, "/secret", &body, NULL), SY_OK);
    options.has_digest = true;
    assert_int_equal(get(&options, "/secret", &body, NULL), SY_OK);
    assert_string_equal(body.data, "[][]");
    options.secret = &wrong;
    assert_int_equal(get(&options, "/secret", &body, &err), SY_REFUSED);
    assert_null(strstr(err.text, "hunter"));
    options.secret = &(sy_net_secret){.is_set = false};
    assert_int_equal(get(&options, "/secret", &body, &err), SY_REFUSED);
    sy_text_release(&body);
}

static void proxies_are_not_used(void **state) {
    sy_text body = {0};
    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    assert_int_equal(get_plain("/good", &body, NULL), SY_OK);
    unsetenv("http_proxy");
    sy_text_release(&body);
}

static void other_schemes_are_refused(void **state) {
    sy_text body = {0};
    (void)state;
    assert_int_not_equal(
        get(&(sy_http_options){.base = "file://", .timeout_ns = LONG_NS}, "/etc/passwd", &body, NULL), SY_OK);
    assert_int_equal(body.length, 0);
    sy_text_release(&body);
}

static void without_the_library(void **state) {
    static const char *const none[] = {"libcurl-of-steelyards-test.so.9", NULL};
    const sy_http_options options = {.base = base, .timeout_ns = LONG_NS, .libraries = none};
    sy_error err = SY_ERROR_INIT;
    sy_http *http = (sy_http *)&options;
    sy_curl curl;
    (void)state;
    assert_int_equal(sy_http_open(&options, &http, &err), SY_UNAVAILABLE);
    assert_null(http);
    assert_non_null(strstr(err.text, "libcurl-of-steelyards-test.so.9"));
    assert_non_null(strstr(err.text, "package libcurl4"));
    static const char *const other[] = {"libm.so.6", NULL};
    assert_int_equal(sy_curl_open(other, &curl, &err), SY_INCOMPATIBLE);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    for (uint64_t k = 1;; k++) {
        sy_text body = {0};
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = get_plain("/good", &body, NULL);
        bool is_past = sy_seam_disarm() < k;
        assert_true(status == SY_OK || !is_past);
        sy_text_release(&body);
        if (is_past)
            return;
    }
}

static void numbers_are_libcurls(void **state) {
    (void)state;
#ifdef HAS_CURL_HEADER
    assert_int_equal(SY_CURLOPT_TIMEOUT_MS, CURLOPT_TIMEOUT_MS);
    assert_int_equal(SY_CURLOPT_CONNECTTIMEOUT_MS, CURLOPT_CONNECTTIMEOUT_MS);
    assert_int_equal(SY_CURLOPT_FOLLOWLOCATION, CURLOPT_FOLLOWLOCATION);
    assert_int_equal(SY_CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYPEER);
    assert_int_equal(SY_CURLOPT_SSL_VERIFYHOST, CURLOPT_SSL_VERIFYHOST);
    assert_int_equal(SY_CURLOPT_NOSIGNAL, CURLOPT_NOSIGNAL);
    assert_int_equal(SY_CURLOPT_HTTPAUTH, CURLOPT_HTTPAUTH);
    assert_int_equal(SY_CURLOPT_PROTOCOLS, CURLOPT_PROTOCOLS);
    assert_int_equal(SY_CURLOPT_WRITEDATA, CURLOPT_WRITEDATA);
    assert_int_equal(SY_CURLOPT_URL, CURLOPT_URL);
    assert_int_equal(SY_CURLOPT_PROXY, CURLOPT_PROXY);
    assert_int_equal(SY_CURLOPT_ERRORBUFFER, CURLOPT_ERRORBUFFER);
    assert_int_equal(SY_CURLOPT_USERAGENT, CURLOPT_USERAGENT);
    assert_int_equal(SY_CURLOPT_CAINFO, CURLOPT_CAINFO);
    assert_int_equal(SY_CURLOPT_USERNAME, CURLOPT_USERNAME);
    assert_int_equal(SY_CURLOPT_PASSWORD, CURLOPT_PASSWORD);
    assert_int_equal(SY_CURLOPT_WRITEFUNCTION, CURLOPT_WRITEFUNCTION);
    assert_int_equal(SY_CURLAUTH_BASIC, CURLAUTH_BASIC);
    assert_int_equal(SY_CURLAUTH_DIGEST, CURLAUTH_DIGEST);
    assert_int_equal(SY_CURLPROTO_HTTP, CURLPROTO_HTTP);
    assert_int_equal(SY_CURLPROTO_HTTPS, CURLPROTO_HTTPS);
    assert_int_equal(SY_CURL_ERROR_SIZE, CURL_ERROR_SIZE);
    assert_int_equal(SY_CURLINFO_RESPONSE_CODE, CURLINFO_RESPONSE_CODE);
    assert_int_equal(SY_CURLE_OK, CURLE_OK);
    assert_int_equal(SY_CURLE_OPERATION_TIMEDOUT, CURLE_OPERATION_TIMEDOUT);
    assert_int_equal(SY_CURLE_PEER_FAILED_VERIFICATION, CURLE_PEER_FAILED_VERIFICATION);
    assert_int_equal(SY_CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CACERT_BADFILE);
#else
    print_message("curl/curl.h is not installed: numbers not compared\n");
    skip();
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(bodies_arrive_whole),
        cmocka_unit_test(what_is_no_answer), cmocka_unit_test(nothing_is_waited_for_too_long),
        cmocka_unit_test(passwords_go_where_they_belong), cmocka_unit_test(proxies_are_not_used),
        cmocka_unit_test(other_schemes_are_refused), cmocka_unit_test(without_the_library),
        cmocka_unit_test(every_allocation_may_fail), cmocka_unit_test(numbers_are_libcurls)};
    sy_curl curl;
    sy_error err = SY_ERROR_INIT;
    if (sy_curl_open(NULL, &curl, &err) != SY_OK) {
        printf("skipped: %s\n", err.text);
        return 77;
    }
    server = loopback_start(script, "\r\n\r\n", AF_INET);
    if (server == NULL)
        return 1;
    snprintf(base, sizeof base, "http://127.0.0.1:%s", loopback_port(server));
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    loopback_stop(server);
    return failed;
}
