/* Words from outside: clean or not, quoted, compared, suggested. */
#include "bench/words/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void clean_words_pass(void **state) {
    (void)state;
    static const char *const good[] = {
        "", "a", "qwen3-8b.decode.t8.qkv", "h\xc3\xa9", "\xe6\x98\x87\xe8\x85\xbe", "\xf0\x9f\x98\x80", " ~"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(sy_word_is_clean(good[i], strlen(good[i])));
    }
}

static void hostile_words_fail(void **state) {
    (void)state;
    static const char *const bad[] = {"\x1b[31m", "a\nb", "\t", "\x7f", "\xc2\x9b", "\x80", "\xff", "\xc3",
        "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80\xae", "\xe2\x81\xa6",
        "\xe2\x80\xa8", "\xef\xbb\xbf", "\xf8\x88\x80\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(sy_word_is_clean(bad[i], strlen(bad[i])));
    }
    assert_false(sy_word_is_clean("a\0b", 3));
}

static void quotes_replace_what_is_hostile(void **state) {
    (void)state;
    assert_string_equal(sy_word_quote("plain").text, "'plain'");
    assert_string_equal(sy_word_quote("").text, "''");
    assert_string_equal(sy_word_quote(NULL).text, "''");
    assert_string_equal(sy_word_quote("a\x1b[31m\xff\xe2\x80\xae").text, "'a?[31m?\?'");
    assert_string_equal(sy_word_quote("\xe6\x98\x87").text, "'\xe6\x98\x87'");
    assert_string_equal(sy_word_quote_bytes("a\0b", 3).text, "'a?b'");
}

static void long_quotes_are_cut_between_letters(void **state) {
    (void)state;
    char word[600];
    for (size_t length = 80; length < 110; length++) {
        memset(word, 'x', length);
        word[length] = '\0';
        sy_quoted quoted = sy_word_quote(word);
        size_t bytes = strlen(quoted.text);
        assert_true(bytes < SY_QUOTE_MAX);
        assert_int_equal(quoted.text[bytes - 1], '\'');
        bool is_cut = strstr(quoted.text, "...") != NULL;
        assert_true(is_cut || bytes == length + 2);
    }
    for (size_t i = 0; i < 200; i++) {
        memcpy(word + 3 * i, "\xe6\x98\x87", 3);
    }
    for (size_t lead = 0; lead < 3; lead++) {
        memset(word, 'x', lead);
        sy_quoted quoted = sy_word_quote_bytes(word + (lead > 0 ? 3 - lead : 0), 590);
        assert_true(sy_word_is_clean(quoted.text, strlen(quoted.text)));
    }
}

static void distances_are_known(void **state) {
    (void)state;
    assert_int_equal(sy_word_distance("", ""), 0);
    assert_int_equal(sy_word_distance("", "abc"), 3);
    assert_int_equal(sy_word_distance("devise", "device"), 1);
    assert_int_equal(sy_word_distance("form", "from"), 1);
    assert_int_equal(sy_word_distance("kitten", "sitting"), 3);
    assert_int_equal(sy_word_distance("ca", "abc"), 3);
    char longest[65];
    memset(longest, 'a', 64);
    longest[64] = '\0';
    assert_true(sy_word_distance(longest, "a") == SIZE_MAX);
    longest[63] = '\0';
    assert_int_equal(sy_word_distance(longest, "a"), 62);
}

static const char *give(const void *ctx, size_t index) {
    return ((const char *const *)ctx)[index];
}

static void suggestions_are_near(void **state) {
    (void)state;
    static const char *const verbs[] = {"devices", "run", "show", "merge", "repeat-process", NULL};
    assert_string_equal(sy_word_suggest("rnu", give, verbs), "run");
    assert_string_equal(sy_word_suggest("devcies", give, verbs), "devices");
    assert_string_equal(sy_word_suggest("repeat", give, verbs), "repeat-process");
    assert_null(sy_word_suggest("xyzzy", give, verbs));
    assert_null(sy_word_suggest("", give, verbs));
    assert_null(sy_word_suggest("x", give, verbs));
    static const char *const none[] = {NULL};
    assert_null(sy_word_suggest("run", give, none));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_words_pass),
        cmocka_unit_test(hostile_words_fail),
        cmocka_unit_test(quotes_replace_what_is_hostile),
        cmocka_unit_test(long_quotes_are_cut_between_letters),
        cmocka_unit_test(distances_are_known),
        cmocka_unit_test(suggestions_are_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
