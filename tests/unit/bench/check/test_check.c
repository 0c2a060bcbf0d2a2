/* The check against the reference loops: right is right, wrong is named, overflow is told apart. */
#include "problem.h"
#include "runtime/base/seam.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIKE_LARGE = 100000 }; /* ns: small problems are then checked as large ones are */

static sy_data_block *block;

static int set_up(void **state) {
    (void)state;
    return sy_data_block_create(SY_DATA_UNIFORM, 11, &block, NULL);
}

static int tear_down(void **state) {
    (void)state;
    sy_data_block_destroy(block);
    return 0;
}

static const char *const right_problems[] = {"gemm:m=130,n=150,k=170", "gemm:m=1,n=1,k=1",
    "gemm:m=7,n=5,k=0,beta=2", "gemm:m=70,n=50,k=0,beta=2", "gemm:m=70,n=50,k=0,epilogue=bias_relu",
    "gemm:m=37,n=300,k=64,batch=9,alpha=-0.25,beta=1.5,ta=1", "gemm:m=130,n=150,k=170,tb=1,dtype=bf16",
    "gemm:m=130,n=150,k=170,dtype=u8,beta=1", "gemm:m=130,n=150,k=170,dtype=s8:s8:bf16:s32,epilogue=dequant",
    "gemm:m=130,n=150,k=170,epilogue=bias", "gemm:m=130,n=150,k=170,epilogue=bias_relu,dtype=f16",
    "gemm:m=130,n=150,k=170,epilogue=bias_gelu_erf",
    "gemm:m=130,n=150,k=170,epilogue=residual_relu,dtype=bf16",
    "gemm:m=130,n=150,k=170,dtype=f8e4m3:f8e5m2:f8e4m3", "gemm:m=130,n=150,k=170,dtype=f64",
    "conv2d:n=3,c=10,h=23,w=17,k=26,r=3,s=5,stride=2x1,pad=1x2x0x3,dilation=1x2,groups=2",
    "conv2d:n=1,c=10,h=31,w=33,k=26,r=1,s=1,epilogue=bias,dtype=f16",
    "conv2d:n=8,c=16,h=15,w=16,k=48,r=3,s=3,pad=1,epilogue=residual_relu",
    "conv2d:n=8,c=16,h=15,w=16,k=48,r=3,s=3,pad=1,dtype=bf16",
    "conv2d:n=4,c=16,h=15,w=16,k=48,r=3,s=3,pad=1,dtype=s8:s8:f16:s32,epilogue=dequant",
    "conv2d:n=2,c=64,h=15,w=16,k=64,r=3,s=3,pad=1,groups=64,epilogue=bias_relu",
    "conv2d:n=1,c=1,h=41,w=30,k=4,r=41,s=11,dtype=s8"};

static void reference_results_are_right(void **state) {
    (void)state;
    static const uint64_t budgets[] = {0, LIKE_LARGE, 5000};
    for (size_t p = 0; p < sizeof right_problems / sizeof right_problems[0]; p++)
        for (size_t b = 0; b < 3; b++) {
            problem at;
            problem_open(right_problems[p], block, budgets[b], &at);
            for (uint32_t level = SY_CHECK_FULL; level <= SY_CHECK_SAMPLE; level++) {
                at.request.level = level;
                at.request.seed++;
                sy_check_result result = problem_check(&at);
                if (result.status != SY_OK)
                    fail_msg("%s %s: %s", right_problems[p], result.method, result.reason);
                assert_true(result.max_error <= result.bound);
                assert_true(result.verified == (result.reason[0] == '\0'));
            }
            problem_close(&at);
        }
}

/* One wrong element is found and named, by the full reference and behind a signed sum. */
static void the_wrong_element_is_named(void **state) {
    (void)state;
    static const struct {
        const char *problem, *name;
        uint64_t element;
    } cases[] = {{"gemm:m=130,n=150,k=170", "c[0, 77, 33]", 77 * 150 + 33},
        {"gemm:m=37,n=300,k=64,batch=9", "c[8, 36, 299]", 9 * 37 * 300 - 1},
        {"gemm:m=130,n=150,k=170,dtype=s8", "c[0, 0, 149]", 149},
        {"conv2d:n=8,c=16,h=15,w=16,k=48,r=3,s=3,pad=1", "y[5, 40, 14, 15]",
            ((5 * 48 + 40) * 15 + 14) * 16 + 15},
        {"conv2d:n=3,c=8,h=9,w=7,k=32,r=3,s=3,groups=2", "y[2, 17, 0, 4]", ((2 * 32 + 17) * 7 + 0) * 5 + 4}};
    static const uint64_t budgets[] = {0, LIKE_LARGE};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        for (size_t b = 0; b < 2; b++) {
            problem at;
            problem_open(cases[c].problem, block, budgets[b], &at);
            double off = 2.0 * problem_check(&at).smallest_error;
            problem_write(&at, cases[c].element, problem_read(&at, cases[c].element) + off);
            sy_check_result result = problem_check(&at);
            assert_int_equal(result.status, SY_WRONG_RESULT);
            assert_false(result.verified);
            if (strstr(result.reason, cases[c].name) == NULL)
                fail_msg("%s %s: %s", cases[c].problem, result.method, result.reason);
            problem_close(&at);
        }
}

static void one_nan_or_infinity_is_wrong(void **state) {
    (void)state;
    static const char *const problems[] = {"gemm:m=130,n=150,k=170,dtype=bf16",
        "gemm:m=130,n=150,k=170,epilogue=bias_relu", "gemm:m=130,n=150,k=170,dtype=f8e4m3:f8e4m3:f8e4m3",
        "conv2d:n=8,c=16,h=15,w=16,k=48,r=3,s=3,pad=1,dtype=f16"};
    static const uint64_t budgets[] = {0, LIKE_LARGE, 3000};
    for (size_t p = 0; p < sizeof problems / sizeof problems[0]; p++)
        for (size_t b = 0; b < 3; b++)
            for (uint32_t level = SY_CHECK_FULL; level <= SY_CHECK_SAMPLE; level++) {
                problem at;
                problem_open(problems[p], block, budgets[b], &at);
                at.request.level = level;
                problem_write(&at, 12345, level == SY_CHECK_FULL ? (double)NAN : (double)INFINITY);
                assert_int_equal(problem_check(&at).status, SY_WRONG_RESULT);
                problem_close(&at);
            }
}

static void overflow_is_told_apart(void **state) {
    (void)state;
    static const char *const problems[] = {"gemm:m=130,n=150,k=170,alpha=30000,dtype=f16",
        "gemm:m=130,n=150,k=170,alpha=200,dtype=f8e4m3:f8e4m3:f8e4m3", "gemm:m=130,n=150,k=170,alpha=1e38"};
    static const uint64_t budgets[] = {0, LIKE_LARGE};
    for (size_t p = 0; p < sizeof problems / sizeof problems[0]; p++)
        for (size_t b = 0; b < 2; b++) {
            problem at;
            problem_open(problems[p], block, budgets[b], &at);
            sy_check_result result = problem_check(&at);
            if (result.status != SY_OVERFLOW)
                fail_msg("%s %s: %d %s", problems[p], result.method, result.status, result.reason);
            assert_non_null(strstr(result.reason, "overflow"));
            assert_false(result.verified);
            problem_close(&at);
        }
}

static void zeros_as_data_make_a_weak_check(void **state) {
    (void)state;
    sy_data_block *zeros;
    static const uint64_t budgets[] = {0, LIKE_LARGE};
    assert_int_equal(sy_data_block_create(SY_DATA_ZEROS, 1, &zeros, NULL), SY_OK);
    for (size_t b = 0; b < 2; b++) {
        problem at;
        problem_open("gemm:m=130,n=150,k=170", zeros, budgets[b], &at);
        sy_check_result result = problem_check(&at);
        assert_int_equal(result.status, SY_OK);
        assert_false(result.verified);
        assert_int_equal(result.sees, 0);
        assert_non_null(strstr(result.reason, "zeros"));
        problem_write(&at, 700, 1.0);
        assert_int_equal(problem_check(&at).status, SY_WRONG_RESULT);
        problem_close(&at);
    }
    sy_data_block_destroy(zeros);
}

/*
 * A long operand repeats the stream of values, so that rows are shifted copies of others: a tile taken from
 * the rows that are nearest to being copies must still show.
 */
static void a_tile_of_shifted_rows_is_seen(void **state) {
    (void)state;
    enum { ROWS = 1900, DEPTH = 1200, COLS = 48, SHIFTED = 927 }; /* 927 x 1200 = one stream and 397 */
    static const char *const types[] = {"f32", "bf16", "f16", "s8"};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        problem at;
        char text[SY_SPEC_TEXT_MAX];
        snprintf(text, sizeof text, "gemm:m=%d,n=%d,k=%d,dtype=%s", ROWS, COLS, DEPTH, types[t]);
        problem_open(text, block, 1000000, &at);
        assert_true(problem_check(&at).verified);
        for (uint64_t row = 500; row < 516; row++)
            for (uint64_t col = 20; col < 36; col++)
                problem_write(&at, row * COLS + col, problem_read(&at, (row + SHIFTED) * COLS + col));
        sy_check_result result = problem_check(&at);
        if (result.status != SY_WRONG_RESULT)
            fail_msg("%s: %s", text, result.method);
        problem_close(&at);
    }
}

/* Under random elements off by 1.5 x the claim, not one check in many may pass. */
static void the_claimed_smallest_error_is_found(void **state) {
    (void)state;
    static const char *const types[] = {"f32", "f16", "bf16", "f64", "s8"};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        problem at;
        char text[SY_SPEC_TEXT_MAX];
        snprintf(text, sizeof text, "gemm:m=100,n=200,k=64,dtype=%s", types[t]);
        problem_open(text, block, LIKE_LARGE, &at);
        double off = 1.5 * problem_check(&at).smallest_error;
        for (uint64_t i = 0; i < 100; i++) {
            uint64_t element = i * 199;
            double value = problem_read(&at, element);
            problem_write(&at, element, value + (i % 2 != 0 ? off : -off));
            at.request.seed = i;
            assert_int_equal(problem_check(&at).status, SY_WRONG_RESULT);
            problem_write(&at, element, value);
        }
        problem_close(&at);
    }
}

static void bad_requests_are_refused(void **state) {
    (void)state;
    problem at;
    sy_check_result result;
    sy_error err = SY_ERROR_INIT;
    problem_open("gemm:m=3,n=5,k=7", block, 0, &at);
    at.request.output_bytes--;
    assert_int_equal(sy_check_run(&at.request, &result, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "59"));
    at.request.output_bytes++;
    at.request.level = 3;
    assert_int_equal(sy_check_run(&at.request, &result, &err), SY_INVALID_ARGUMENT);
    at.request.level = SY_CHECK_OFF;
    at.request.output = NULL;
    assert_int_equal(sy_check_run(&at.request, &result, &err), SY_OK);
    assert_false(result.verified);
    assert_string_equal(result.method, "off");
    at.request.level = SY_CHECK_FULL;
    at.request.algorithm_bound_factor = 0.5;
    assert_int_equal(sy_check_run(&at.request, &result, &err), SY_INVALID_ARGUMENT);
    sy_spec copy;
    assert_int_equal(sy_spec_parse("copy:bytes=64,kind=h2d", NULL, &copy, &err), SY_OK);
    at.request.spec = &copy;
    assert_int_equal(sy_check_run(&at.request, &result, &err), SY_UNSUPPORTED);
    problem_close(&at);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    static const char *const problems[] = {"gemm:m=70,n=60,k=50", "gemm:m=70,n=60,k=50,epilogue=bias_relu",
        "conv2d:n=8,c=8,h=9,w=9,k=32,r=3,s=3,pad=1"};
    static const uint64_t budgets[] = {0, 50000};
    for (size_t p = 0; p < 3; p++)
        for (size_t b = 0; b < 2; b++) {
            problem at;
            problem_open(problems[p], block, budgets[b], &at);
            sy_status status = SY_OUT_OF_MEMORY;
            for (uint64_t k = 1; status == SY_OUT_OF_MEMORY; k++) {
                sy_check_result result;
                sy_seam_arm(SY_SEAM_ALLOC, k);
                status = sy_check_run(&at.request, &result, NULL);
                sy_seam_disarm();
                assert_true(k < 1000 && (status != SY_OK || k > 3));
            }
            assert_int_equal(status, SY_OK);
            problem_close(&at);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reference_results_are_right),
        cmocka_unit_test(the_wrong_element_is_named), cmocka_unit_test(one_nan_or_infinity_is_wrong),
        cmocka_unit_test(overflow_is_told_apart), cmocka_unit_test(zeros_as_data_make_a_weak_check),
        cmocka_unit_test(a_tile_of_shifted_rows_is_seen),
        cmocka_unit_test(the_claimed_smallest_error_is_found), cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
