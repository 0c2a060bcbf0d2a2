/* Numbers, texts cut by columns, and problems as the reports write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>

#include "bench/report/print.h"
#include "bench/report/problem_text.h"
#include "bench/report/quantity.h"

static void numbers_are_easy_to_read(void **state) {
    (void)state;
    static const struct {
        double value, precision;
        const char *text;
    } rows[] = {{0.41, NAN, "0.410"}, {0.0, NAN, "0.00"}, {131.2, 0.001, "131.2"}, {131.2, 0.01, "131"},
        {1313.4, 0.01, "1 310"}, {1313.4, 0.001, "1 313"}, {9.999, NAN, "10.0"}, {999.6, NAN, "1 000"},
        {-5.5, NAN, "-5.50"}, {1234567.0, NAN, "1 230 000"}, {0.0123, NAN, "0.0123"}, {1e-9, NAN, "1e-09"},
        {1e30, NAN, "1e+30"}, {NAN, NAN, "n/a"}, {INFINITY, NAN, "n/a"}};
    sy_report_style style = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(sy_print_number(rows[i].value, rows[i].precision, &style).text, rows[i].text);
    assert_string_equal(sy_print_precision(0.009, &style).text, "+/-0.9 %");
    assert_string_equal(sy_print_precision(0.0091, &style).text, "+/-1.0 %");
    assert_string_equal(sy_print_precision(0.0004, &style).text, "+/-0.04 %");
    assert_string_equal(sy_print_precision(0.12, &style).text, "+/-12 %");
    assert_string_equal(sy_print_precision(NAN, &style).text, "");
    assert_string_equal(sy_print_percent(0.955).text, "96 %");
    assert_string_equal(sy_print_percent(0.05).text, "5.0 %");
    assert_string_equal(sy_print_duration(400e6).text, "0.4 s");
    assert_string_equal(sy_print_duration(59.6e9).text, "1 min 00 s");
    assert_string_equal(sy_print_duration(580e9).text, "9 min 40 s");
    assert_string_equal(sy_print_duration(3720e9).text, "1 h 02 min");
    assert_string_equal(sy_print_duration(NAN).text, "");
}

static void texts_are_cut_by_columns(void **state) {
    (void)state;
    sy_text text = {0};
    assert_int_equal(sy_print_width("\u5bd2\u6b66\u7eaa MLU"), 10);
    sy_print_padded(&text, "\u5bd2\u6b66\u7eaa", 5, false);
    assert_string_equal(text.data, "\u5bd2\u6b66~");
    sy_text_clear(&text);
    sy_print_cut_middle(&text, "qwen3-8b.decode.t8.gate_up", 16);
    assert_string_equal(text.data, "qwen~.t8.gate_up");
    sy_text_clear(&text);
    assert_int_equal(sy_print_wrapped(&text, "one two three", 8), 2);
    assert_string_equal(text.data, "one two\n  three\n");
    sy_text_clear(&text);
    assert_int_equal(sy_print_wrapped(&text, "", 8), 1);
    assert_int_equal(sy_print_wrapped(&text, "unbreakable", 4), 5);
    sy_text_release(&text);
    assert_string_equal(sy_print_clean("\u00b1 \u5bd2", false).text, "? ?");
    assert_string_equal(sy_print_clean("\xe5\xaf", true).text, "??");
    assert_string_equal(sy_print_clean(NULL, true).text, "");
}

static void problems_lose_their_defaults(void **state) {
    (void)state;
    static const char problem[] = "gemm:m=512,n=8,k=9,batch=1,ta=1,tb=0,alpha=1,beta=0,epilogue=bias,"
                                  "dtype=s8:s8:bf16:s32,math=tf32,weights=const";
    assert_string_equal(sy_problem_short(problem).text, "gemm m=512 n=8 k=9 ta=1 epilogue=bias math=tf32");
    assert_string_equal(sy_problem_dtype(problem).text, "s8:s8:bf16:s32");
    assert_string_equal(sy_problem_dtype("copy:bytes=1,kind=h2d,pinned=1").text, "");
    assert_string_equal(sy_problem_short("").text, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_easy_to_read),
        cmocka_unit_test(texts_are_cut_by_columns),
        cmocka_unit_test(problems_lose_their_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
