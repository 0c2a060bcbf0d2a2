/* What differs between two setups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#include "bench/history/view/difference.h"

static void expect(const char *before, const char *after, const char *text) {
    sy_text out = {0};
    sy_text_append(&out, "", 0);
    sy_setup_difference(&out, before, after);
    assert_string_equal(out.data, text);
    sy_text_release(&out);
}

static void lines(void **state) {
    (void)state;
    expect("driver=1\nlib=2\n", "driver=1\nlib=2\n", "");
    expect("driver=1\nlib=2\n", "driver=3\nlib=2\n", "driver 1 -> 3");
    expect("driver=1\nlib=2\n", "lib=20\nnew=5\n", "driver 1 -> none; lib 2 -> 20; new none -> 5");
    expect(NULL, "a=1\n", "a none -> 1");
    expect("a=1\n", "", "a 1 -> none");
    expect(NULL, NULL, "");
    /* Two of one name, a name alone, and no newline at the end. */
    expect("lib=1\nlib=2", "lib=1\nlib=3", "lib 2 -> 3");
    expect("lib=1\n", "lib=1\nlib=1\n", "lib none -> 1");
    expect("odd\n", "odd\n", "");
    expect("a=b=c\n", "a=b=d\n", "a b=c -> b=d");
}

static void facts(void **state) {
    (void)state;
    sy_text out = {0};
    sy_text_append(&out, "", 0);
    sy_fact_difference(&out, "commit", "a", "a");
    sy_fact_difference(&out, "version", NULL, NULL);
    assert_string_equal(out.data, "");
    sy_fact_difference(&out, "version", NULL, "2");
    sy_fact_difference(&out, "commit", "a", "b");
    sy_setup_difference(&out, "x=1\n", NULL);
    assert_string_equal(out.data, "version none -> 2; commit a -> b; x 1 -> none");
    sy_text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines), cmocka_unit_test(facts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
