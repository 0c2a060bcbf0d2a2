/* Sparklines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#include "bench/history/view/spark.h"

static void expect(const double *values, size_t count, size_t columns, bool utf8, const char *line) {
    double scratch[16];
    sy_text out = {0};
    sy_text_append(&out, "", 0);
    sy_spark(&out, values, count, columns, utf8, scratch);
    assert_string_equal(out.data, line);
    sy_text_release(&out);
}

static void heights(void **state) {
    (void)state;
    const double ramp[] = {0, 1, 2, 3, 4, 5, 6, 7}, flat[] = {5, 5, 5};
    const double wild[] = {1, 1, 9, 1, 1, 1, 3, 3, 3, 3, 3, 3};
    expect(ramp, 8, 60, true, "▁▂▃▄▅▆▇█");
    expect(ramp, 8, 60, false, "_.-=+*#@");
    expect(flat, 3, 60, true, "▁▁▁");
    expect(ramp, 0, 60, true, "");
    expect(ramp, 1, 60, false, "_");
    /* Three neighbours a character: their median, so that one wild value is not seen. */
    expect(wild, 12, 4, false, "__@@");
    expect(ramp, 8, 1, false, "_");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(heights)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
