/* Texts made harmless for a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/html/escape.h"

typedef void escape(sy_text *out, const char *text);

static void expect(escape *with, const char *text, const char *wanted) {
    sy_text out = {0};
    with(&out, text);
    assert_false(out.failed);
    assert_string_equal(out.data != NULL ? out.data : "", wanted);
    sy_text_release(&out);
}

static void test_markup_becomes_references(void **state) {
    (void)state;
    expect(sy_html_escape, "a<b>&\"c\" 'd'", "a&lt;b&gt;&amp;&quot;c&quot; &#39;d&#39;");
    expect(sy_html_escape, "&lt;", "&amp;lt;");
    expect(sy_html_escape, NULL, "");
    expect(sy_html_escape, "\u5b9e\u6d4b\u503c", "\u5b9e\u6d4b\u503c");
}

static void test_what_may_not_be_shown_is_replaced(void **state) {
    (void)state;
    expect(sy_html_escape, "a\x1b[31mb", "a\xef\xbf\xbd[31mb");
    expect(sy_html_escape, "a\u202eb",
        "a\xef\xbf\xbd"
        "b");
    expect(sy_html_escape,
        "a\xff"
        "b",
        "a\xef\xbf\xbd"
        "b");
    expect(sy_html_escape, "a\xe5\xae", "a\xef\xbf\xbd");
    expect(sy_html_escape, "a\tb\nc", "a b c");
    expect(sy_html_escape, "\u2028", "\xef\xbf\xbd");
}

static void test_json_cannot_end_a_script(void **state) {
    (void)state;
    expect(sy_html_escape_json, "</script><!--", "\"\\u003c/script\\u003e\\u003c!--\"");
    expect(sy_html_escape_json, "a&b", "\"a\\u0026b\"");
    expect(sy_html_escape_json, NULL, "null");
    expect(sy_html_escape_json, "\"\\", "\"\\\"\\\\\"");
    expect(sy_html_escape_json, "\u2028\u2029", "\"\\u2028\\u2029\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markup_becomes_references),
        cmocka_unit_test(test_what_may_not_be_shown_is_replaced),
        cmocka_unit_test(test_json_cannot_end_a_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
