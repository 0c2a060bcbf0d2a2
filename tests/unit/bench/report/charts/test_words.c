/* Names of any kind leave as text that cannot become anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/charts/words.h"
#include "runtime/base/seam.h"

static void expect_name(const char *name, unsigned columns, const char *expected) {
    sy_text out = {0};
    sy_chart_put_name(&out, name, columns);
    assert_string_equal(out.length > 0 ? out.data : "", expected);
    sy_text_release(&out);
}

static void markup_is_escaped(void **state) {
    (void)state;
    expect_name("<script>alert('x')</script>", 60, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    expect_name("a & b &amp; \"c\"", 60, "a &amp; b &amp;amp; &quot;c&quot;");
    expect_name("]]>-->", 60, "]]&gt;--&gt;");
    expect_name("`rm` $(x) @T1@ @X@", 60, "`rm` $(x) @T1@ @X@");
    expect_name("", 60, "");
    expect_name(NULL, 60, "");
}

static void what_cannot_be_shown_is_replaced(void **state) {
    (void)state;
    expect_name("a\nb\tc\x1b[31m\x7f", 60, "a?b?c?[31m?");
    expect_name("\xff\xfe x \xc3", 60, "?? x ?");
    expect_name("\xe2\x80\xae"
                "evil",
        60, "???evil");
    expect_name("a\xef\xbf\xbf\xef\xbf\xbe"
                "b",
        60, "a??????b");
    expect_name("\xe5\xa4\xa7 \xc2\xb5", 60, "\xe5\xa4\xa7 \xc2\xb5");
}

static void long_names_lose_their_middle(void **state) {
    char *name = malloc(10241);
    sy_text out = {0};
    (void)state;
    assert_non_null(name);
    memset(name, '<', 10240);
    name[10240] = '\0';
    sy_chart_put_name(&out, name, 20);
    assert_int_equal(out.length, 19 * 4 + 1);
    assert_non_null(strchr(out.data, '~'));
    sy_text_release(&out);
    free(name);
}

static void sentences_keep_their_length_and_characters(void **state) {
    char sentence[2000] = "";
    sy_text out = {0};
    (void)state;
    for (size_t i = 0; i < 400; i++)
        strcat(sentence, i % 3 == 0 ? "\xe5\xa4\xa7" : "x");
    sy_chart_put_sentence(&out, sentence);
    assert_string_equal(out.data, sentence);
    sy_text_clear(&out);
    memset(sentence, 0x80, 1999);
    sentence[1999] = '\0';
    sy_chart_put_sentence(&out, sentence);
    assert_int_equal(strspn(out.data, "?"), 1999);
    assert_int_equal(out.length, 1999);
    sy_text_clear(&out);
    sy_chart_put_sentence(&out, "<b>\n");
    assert_string_equal(out.data, "&lt;b&gt;?");
    sy_text_release(&out);
    sy_chart_put_sentence(&out, NULL);
    assert_int_equal(out.length, 0);
}

static void memory_that_is_missing_is_told(void **state) {
    sy_text out = {0};
    (void)state;
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    sy_chart_put_name(&out, "name", 20);
    sy_seam_disarm();
    assert_true(out.failed);
    sy_text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_is_escaped),
        cmocka_unit_test(what_cannot_be_shown_is_replaced),
        cmocka_unit_test(long_names_lose_their_middle),
        cmocka_unit_test(sentences_keep_their_length_and_characters),
        cmocka_unit_test(memory_that_is_missing_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
