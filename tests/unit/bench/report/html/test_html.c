/* The writer as a whole: sinks that fail, every allocation that fails, what is asked wrongly. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/report/html/html.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

static const char record[] =
    "{\"schema\":\"steelyard.record/"
    "1\",\"kind\":\"environment\",\"run_id\":\"r\",\"time_utc\":\"2026-11-20T00:00:00Z\","
    "\"environment\":{\"host\":{\"name\":\"<b>\"}}}\n"
    "{\"schema\":\"steelyard.record/"
    "1\",\"kind\":\"op\",\"run_id\":\"r\",\"time_utc\":\"2026-11-20T00:00:00Z\","
    "\"row\":{\"id\":\"0000000000000001\",\"seq\":0,\"process\":0,\"request\":{\"device\":\"cpu\","
    "\"algorithm\":\"auto\"}},"
    "\"key\":{\"problem\":\"gemm:m=8,n=8,k=8,dtype=f32:f32:f32:f32,math=strict\",\"data\":\"uniform\","
    "\"cache\":\"weights\","
    "\"launch\":\"direct\"},\"key_hash\":\"0000000000000001\",\"origin\":{\"suite\":\"s\"},\"subject\":{"
    "\"backend\":\"cpu\"},"
    "\"status\":\"ok\",\"time\":{\"headline\":\"host\",\"host\":{\"median_ns\":100,\"ci95_ns\":[99,101]},"
    "\"samples_ns\":[99,100,101]},\"rate\":{\"flop\":1024,\"flop_per_s\":1e10}}\n"
    "{\"schema\":\"steelyard.record/"
    "1\",\"kind\":\"total\",\"run_id\":\"r\",\"time_utc\":\"2026-11-20T00:00:00Z\","
    "\"total\":{\"device\":\"cpu\",\"algorithm\":\"auto\",\"model\":\"m\",\"phase\":\"decode\",\"rows\":1,"
    "\"ns\":100,"
    "\"per_s\":5,\"unit\":\"tokens/s\",\"simulated\":false}}\n"
    "{\"schema\":\"steelyard.record/"
    "1\",\"kind\":\"peak\",\"run_id\":\"r\",\"time_utc\":\"2026-11-20T00:00:00Z\","
    "\"peak\":{\"device\":\"cpu\",\"name\":\"fma\",\"unit\":\"flop/"
    "s\",\"value\":1e11,\"method\":\"microkernel\","
    "\"simulated\":false}}\n";

static char path[] = "/tmp/steelyard-html-XXXXXX";
static const char *const files[] = {path};

static int setup(void **state) {
    (void)state;
    int fd = mkstemp(path);
    bool is_written = write(fd, record, sizeof record - 1) == (ssize_t)(sizeof record - 1);
    close(fd);
    return is_written ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    return unlink(path);
}

static bool keep(void *ctx, const char *bytes, size_t count) {
    return sy_text_append(ctx, bytes, count);
}

static bool refuse(void *ctx, const char *bytes, size_t count) {
    (void)ctx;
    (void)bytes;
    (void)count;
    errno = ENOSPC;
    return false;
}

static sy_status write_to(sy_text *page, const char *reference, sy_error *error) {
    const sy_html_sink sink = {.write = keep, .ctx = page};
    sy_html_request request;
    sy_html_written written;
    sy_html_request_init(&request);
    request.files = files;
    request.n_files = 1;
    request.reference = reference;
    return sy_html_write(&request, &sink, &written, error);
}

static void test_page(void **state) {
    sy_text page = {0};
    sy_error error = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(write_to(&page, NULL, &error), SY_OK);
    assert_non_null(strstr(page.data, "&lt;b&gt;"));
    assert_null(strstr(page.data, "<b>"));
    assert_non_null(strstr(page.data, "10.0 <span class=\"u\">GFLOP/s"));
    assert_non_null(strstr(page.data, "tokens/s"));
    assert_non_null(strstr(page.data, "microkernel"));
    assert_string_equal(page.data + page.length - 8, "</html>\n");
    sy_text_release(&page);
}

static void test_mistakes(void **state) {
    sy_text page = {0};
    sy_error error = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(write_to(&page, "cuda:0", &error), SY_INVALID_ARGUMENT);
    assert_int_equal(page.length, 0);
    assert_non_null(strstr(error.text, "cuda:0"));
    assert_int_equal(sy_html_language_of("zh"), SY_HTML_CHINESE);
    assert_int_equal(sy_html_language_of("fr"), 0);
}

static void test_a_full_disk_is_told(void **state) {
    const sy_html_sink sink = {.write = refuse, .ctx = NULL};
    sy_html_request request;
    sy_html_written written;
    sy_error error = SY_ERROR_INIT;
    (void)state;
    sy_html_request_init(&request);
    request.files = files;
    request.n_files = 1;
    assert_int_equal(sy_html_write(&request, &sink, &written, &error), SY_IO);
}

/* Whichever allocation or file call fails: an error, or the very page that comes without a failure; no crash,
 * nothing leaked (the sanitizers look). */
static void test_every_failing_call(void **state) {
    sy_text whole = {0};
    sy_error error = SY_ERROR_INIT;
    uint64_t k = 0, seen;
    size_t failures = 0;
    (void)state;
    assert_int_equal(write_to(&whole, NULL, &error), SY_OK);
    do {
        sy_text page = {0};
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, ++k);
        sy_status status = write_to(&page, NULL, &error);
        seen = sy_seam_disarm();
        failures += status != SY_OK;
        if (status == SY_OK)
            assert_string_equal(page.data, whole.data);
        else
            assert_true(seen >= k && error.text[0] != '\0');
        sy_text_release(&page);
    } while (seen >= k);
    assert_true(failures > 20);
    sy_text_release(&whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_a_full_disk_is_told),
        cmocka_unit_test(test_every_failing_call),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
