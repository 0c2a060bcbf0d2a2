/* Bad problem strings and specs: each one status and one clear line. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "steelyard/spec.h"

#define CONV "conv2d:n=1,c=4,h=8,w=8,k=4,r=3,s=3"
#define LONG_64 "1234567812345678123456781234567812345678123456781234567812345678"

static const struct {
    const char *text;
    sy_status status;
    const char *fragment;
} bad[] = {
    {"", SY_INVALID_ARGUMENT, "no ':' after the op"},
    {"gemm", SY_INVALID_ARGUMENT, "no ':' after the op"},
    {":m=1", SY_INVALID_ARGUMENT, "no op ''"},
    {"Gemm:m=1,n=1,k=1", SY_INVALID_ARGUMENT, "no op 'Gemm'; there are gemm, conv2d"},
    {"gemm:", SY_INVALID_ARGUMENT, "'' must be written as field=value"},
    {"gemm:m=1,n=1", SY_INVALID_ARGUMENT, "gemm: k is missing"},
    {"gemm:m=1,n=1,k=1,", SY_INVALID_ARGUMENT, "'' must be written as field=value"},
    {"gemm:m=1,,n=1,k=1", SY_INVALID_ARGUMENT, "'' must be written as field=value"},
    {"gemm:m,n=1,k=1", SY_INVALID_ARGUMENT, "'m' must be written as field=value"},
    {"gemm:m=1,n=1,k=1,q=3", SY_INVALID_ARGUMENT, "no field 'q'; there are m, n, k, batch"},
    {"gemm: m=1,n=1,k=1", SY_INVALID_ARGUMENT, "no field ' m'"},
    {"gemm:m=1,n=1,k=1,m=2", SY_INVALID_ARGUMENT, "m is given twice"},
    {"gemm:m=0,n=1,k=1", SY_INVALID_ARGUMENT, "m is 0, must be at least 1"},
    {"gemm:m=-3,n=1,k=1", SY_INVALID_ARGUMENT, "m is -3, must be at least 1"},
    {"gemm:m=1,n=1,k=-1", SY_INVALID_ARGUMENT, "k is -1, must be at least 0"},
    {"gemm:m=1,n=1,k=1,batch=0", SY_INVALID_ARGUMENT, "batch is 0"},
    {"gemm:m=x,n=1,k=1", SY_INVALID_ARGUMENT, "m is 'x', must be a whole number"},
    {"gemm:m=1.5,n=1,k=1", SY_INVALID_ARGUMENT, "m is '1.5', must be a whole number"},
    {"gemm:m=,n=1,k=1", SY_INVALID_ARGUMENT, "m is '', must be a whole number"},
    {"gemm:m=1K,n=1,k=1", SY_INVALID_ARGUMENT, "m is '1K', must be a whole number"},
    {"gemm:m=0x10,n=1,k=1", SY_INVALID_ARGUMENT, "m is '0x10'"},
    {"gemm:m=1,n=1,k=1,ta=2", SY_INVALID_ARGUMENT, "ta is '2', must be 0 or 1"},
    {"gemm:m=1,n=1,k=1,alpha=x", SY_INVALID_ARGUMENT, "alpha is 'x', must be a number"},
    {"gemm:m=1,n=1,k=1,alpha=nan", SY_INVALID_ARGUMENT, "alpha is 'nan'"},
    {"gemm:m=1,n=1,k=1,beta=inf", SY_INVALID_ARGUMENT, "beta is 'inf'"},
    {"gemm:m=1,n=1,k=1,alpha=1e999", SY_INVALID_ARGUMENT, "alpha is '1e999'"},
    {"gemm:m=1,n=1,k=1,alpha=1e39", SY_OVERFLOW, "range of the sums' type f32"},
    {"gemm:m=1,n=1,k=1,beta=1e5,dtype=f16:f16:f16:f16", SY_OVERFLOW, "range of the sums' type f16"},
    {"gemm:m=1,n=1,k=1,epilogue=relu", SY_INVALID_ARGUMENT, "epilogue is 'relu', must be none, bias"},
    {"gemm:m=1,n=1,k=1,math=fast", SY_INVALID_ARGUMENT, "must be strict, tf32, hf32, bf16x3 or any"},
    {"gemm:m=1,n=1,k=1,math=unknown", SY_INVALID_ARGUMENT, "math is 'unknown'"},
    {"gemm:m=1,n=1,k=1,weights=packed", SY_INVALID_ARGUMENT, "must be const or dynamic"},
    {"gemm:m=1,n=1,k=1,dtype=f17", SY_INVALID_ARGUMENT, "'f17' is no element type"},
    {"gemm:m=1,n=1,k=1,dtype=", SY_INVALID_ARGUMENT, "'' is no element type"},
    {"gemm:m=1,n=1,k=1,dtype=f16:f16", SY_INVALID_ARGUMENT, "must be one type or a:b:c"},
    {"gemm:m=1,n=1,k=1,dtype=f16:f16:f16:f32:f32", SY_INVALID_ARGUMENT, "must be one type or a:b:c"},
    {"gemm:m=1,n=1,k=1,dtype=f16:f16:", SY_INVALID_ARGUMENT, "'' is no element type"},
    {"gemm:m=1,n=1,k=1,dtype=s32", SY_UNSUPPORTED, "no products of s32 are defined"},
    {"gemm:m=1,n=1,k=1,dtype=f16:bf16:f32", SY_UNSUPPORTED, "for f16: f16:f16 with result"},
    {"gemm:m=1,n=1,k=1,dtype=f32:f32:f32:f64", SY_UNSUPPORTED, "no arithmetic for dtype f32:f32:f32:f64"},
    {"gemm:m=1,n=1,k=1,dtype=bf16:bf16:bf16:bf16", SY_UNSUPPORTED, "no arithmetic"},
    {"gemm:m=1,n=1,k=1,dtype=s8:u8:s32", SY_UNSUPPORTED, "s8 or u8 with s8"},
    {"gemm:m=1,n=1,k=1,dtype=s8:s8:s8", SY_UNSUPPORTED, "no arithmetic"},
    {"gemm:m=1,n=1,k=1,dtype=s8:s8:f16", SY_UNSUPPORTED, "needs epilogue=dequant"},
    {"gemm:m=1,n=1,k=1,dtype=s8,epilogue=dequant", SY_UNSUPPORTED, "gives f16, bf16 or f32, not s32"},
    {"gemm:m=1,n=1,k=1,dtype=bf16,epilogue=dequant", SY_UNSUPPORTED, "dequant needs sums in s32"},
    {"gemm:m=1,n=1,k=1,dtype=s8,epilogue=bias", SY_UNSUPPORTED, "bias is not defined for integer sums"},
    {"gemm:m=1,n=1,k=1,dtype=s8,alpha=2", SY_UNSUPPORTED, "alpha must be 1 for integer sums"},
    {"gemm:m=1,n=1,k=1,dtype=s8,beta=0.5", SY_UNSUPPORTED, "beta must be 0 or 1 for integer sums"},
    {"gemm:m=1,n=1,k=1,dtype=s8:s8:f32,epilogue=dequant,beta=1", SY_UNSUPPORTED,
        "beta must be 0 for integer"},
    {"gemm:m=99999999999999999999,n=1,k=1", SY_OVERFLOW, "m is 99999999999999999999, larger than 2^62"},
    {"gemm:m=9223372036854775807,n=1,k=1", SY_OVERFLOW, "larger than 2^62"},
    {"gemm:m=1099511627776,n=1099511627776,k=1099511627776", SY_OVERFLOW, "more than 2^62"},
    {"gemm:m=1,n=1,k=4611686018427387904", SY_OVERFLOW, "FLOP come to more than 2^62"},
    {"gemm:m=2147483648,n=2147483648,k=0", SY_OVERFLOW, "operands have more than 2^62 bytes"},
    {"gemm:m=1073741824,n=2147483648,k=0", SY_OVERFLOW, "operands have more than 2^62 bytes"},
    {"gemm:m=1,n=1,k=1,batch=4611686018427387904", SY_OVERFLOW, "more than 2^62"},
    {"gemm:m=1,n=1,k=1,dtype=" LONG_64 LONG_64, SY_INVALID_ARGUMENT, "value of dtype is longer than 127"},
    {"conv2d:n=1,c=4,h=8,w=8,k=4,r=3", SY_INVALID_ARGUMENT, "conv2d: s is missing"},
    {CONV ",m=3", SY_INVALID_ARGUMENT, "no field 'm'; there are n, c, h, w"},
    {CONV ",stride=0", SY_INVALID_ARGUMENT, "stride is 0, must be at least 1"},
    {CONV ",stride=1x2x3", SY_INVALID_ARGUMENT, "stride is '1x2x3', must be a whole number or two as 2x1"},
    {CONV ",stride=x2", SY_INVALID_ARGUMENT, "stride is 'x2'"},
    {CONV ",stride=2x", SY_INVALID_ARGUMENT, "stride is '2x'"},
    {CONV ",pad=-1", SY_INVALID_ARGUMENT, "pad is -1, must be at least 0"},
    {CONV ",pad=1x1x1", SY_INVALID_ARGUMENT, "pad is '1x1x1', must be"},
    {CONV ",pad=1x1x1x1x1", SY_INVALID_ARGUMENT, "pad is '1x1x1x1x1', must be"},
    {CONV ",dilation=1x0", SY_INVALID_ARGUMENT, "dilation is 0"},
    {CONV ",groups=3", SY_INVALID_ARGUMENT, "groups is 3, must divide c 4 and k 4"},
    {"conv2d:n=1,c=4,h=8,w=8,k=6,r=3,s=3,groups=4", SY_INVALID_ARGUMENT, "must divide c 4 and k 6"},
    {CONV ",dilation=4", SY_INVALID_ARGUMENT,
        "output p is empty: h with its pads is 8, the filter reaches over 9"},
    {CONV ",dilation=1x4", SY_INVALID_ARGUMENT, "output q is empty"},
    {CONV ",layout=chwn", SY_INVALID_ARGUMENT, "layout is 'chwn', must be any, nhwc or nchw"},
    {CONV ",dilation=4611686018427387904", SY_OVERFLOW, "r with its dilation, exceeds 2^63"},
    {CONV ",pad=4611686018427387904", SY_OVERFLOW, "h with its pads"},
    {"conv2d:n=1,c=1099511627776,h=1,w=1,k=1099511627776,r=1,s=1", SY_OVERFLOW, "more than 2^62"},
    {"conv2d:n=1,c=8589934592,h=1,w=1,k=8589934592,r=1,s=1,groups=8589934592", SY_OVERFLOW,
        "larger than 2^32"},
    {"conv2d:n=1,c=1,h=4611686018427387904,w=4,k=1,r=1,s=1", SY_OVERFLOW, "more than 2^62"},
    {"copy:bytes=0,kind=h2d", SY_INVALID_ARGUMENT, "bytes is 0, must be at least 1"},
    {"copy:bytes=1", SY_INVALID_ARGUMENT, "kind is missing"},
    {"copy:bytes=1,kind=h2h", SY_INVALID_ARGUMENT, "must be h2d, d2h, d2d or p2p"},
    {"copy:bytes=1X,kind=h2d", SY_INVALID_ARGUMENT,
        "bytes is '1X', must be a whole number with an optional K"},
    {"copy:bytes=1P,kind=h2d", SY_INVALID_ARGUMENT, "bytes is '1P'"},
    {"copy:bytes=-1,kind=h2d", SY_INVALID_ARGUMENT, "bytes is '-1'"},
    {"copy:bytes=16777216T,kind=h2d", SY_OVERFLOW, "larger than 2^62"},
    {"copy:bytes=4611686018427387905,kind=h2d", SY_OVERFLOW, "larger than 2^62"},
    {"copy:bytes=1,kind=h2d,dtype=f32", SY_INVALID_ARGUMENT, "no field 'dtype'"},
    {"stream:bytes=2,kind=read", SY_INVALID_ARGUMENT, "must be at least 4"},
    {"stream:bytes=6,kind=read", SY_INVALID_ARGUMENT, "must be a multiple of 4"},
    {"stream:bytes=4,kind=scale", SY_INVALID_ARGUMENT, "must be read, triad or fill"},
    {"stream:bytes=4611686018427387904,kind=triad", SY_OVERFLOW, "more than 2^62"},
    {"peak:flop=0", SY_INVALID_ARGUMENT, "flop is 0"},
    {"peak:dtype=f32", SY_INVALID_ARGUMENT, "flop is missing"},
    {"peak:flop=1,dtype=f8e4m3:f8e5m2:f32", SY_UNSUPPORTED, "write one type"},
    {"peak:flop=99999999T", SY_OVERFLOW, "larger than 2^62"},
};

static void bad_strings_give_one_clear_line(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_spec spec, zero;
        sy_error err = SY_ERROR_INIT;
        memset(&spec, 0xff, sizeof spec);
        memset(&zero, 0, sizeof zero);
        sy_status status = sy_spec_parse(bad[i].text, NULL, &spec, &err);
        if (status != bad[i].status || strstr(err.text, bad[i].fragment) == NULL)
            fail_msg("'%s': status %d '%s', expected %d '%s'", bad[i].text, status, err.text, bad[i].status,
                bad[i].fragment);
        assert_null(strchr(err.text, '\n'));
        assert_memory_equal(&spec, &zero, sizeof spec);
        assert_int_equal(sy_spec_parse(bad[i].text, NULL, &spec, NULL), bad[i].status);
    }
}

static void too_long_a_string_is_cut_in_the_message(void **state) {
    char text[4096];
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    memset(text, 'm', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(sy_spec_parse(text, NULL, &spec, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "longer than 1023 characters"));
    assert_true(strlen(err.text) < 120);
}

static void bad_defaults_are_named(void **state) {
    static const sy_spec_defaults defaults[] = {
        {.dtype = "f99"}, {.math = SY_MATH_UNKNOWN}, {.math = 99}, {.weights = 9}};
    static const char *const fragments[] = {"f99", "math is 'unknown'", "math is '?'", "weights is '?'"};
    (void)state;
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        sy_spec spec;
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(sy_spec_parse("gemm:m=1,n=1,k=1", &defaults[i], &spec, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, fragments[i]));
    }
}

/* Specs made by hand: every entry point refuses them, none trusts a number. */
static void expect_refused(const sy_spec *spec, sy_status expected) {
    char text[SY_SPEC_TEXT_MAX];
    uint64_t count = 77;
    sy_problem_storage storage;
    assert_int_equal(sy_spec_validate(spec, NULL), expected);
    assert_int_equal(sy_spec_print(spec, text, sizeof text, NULL), expected);
    assert_int_equal(sy_spec_flop(spec, &count, NULL), expected);
    assert_int_equal(count, 0);
    assert_int_equal(sy_spec_bytes(spec, &count, NULL), expected);
    assert_int_equal(sy_spec_problem(spec, &storage, NULL), expected);
    assert_int_equal(storage.problem.n_out, 0);
}

static void specs_made_by_hand_are_checked(void **state) {
    sy_spec good, spec;
    (void)state;
    assert_int_equal(sy_spec_parse("gemm:m=1,n=1,k=1", NULL, &good, NULL), SY_OK);
    spec = good;
    spec.op = 0;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec.op = 99;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec = good;
    spec.dtype_b = 0;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec.dtype_b = UINT32_MAX;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec = good;
    spec.epilogue = 8;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec = good;
    spec.math = SY_MATH_UNKNOWN;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec = good;
    spec.weights = 2;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec = good;
    spec.u.gemm.ta = 5;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec = good;
    spec.u.gemm.alpha = NAN;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec = good;
    spec.u.gemm.m = INT64_MIN;
    expect_refused(&spec, SY_INVALID_ARGUMENT);
    spec.u.gemm.m = INT64_MAX;
    expect_refused(&spec, SY_OVERFLOW);
}

static void convolution_output_is_checked_alone(void **state) {
    sy_spec_conv conv = {.h = 5, .w = 5, .r = 3, .s = 3, .stride = {1, 2}, .dilation = {1, 1}};
    int64_t p = 7, q = 7;
    (void)state;
    assert_int_equal(sy_spec_conv_output(&conv, &p, &q, NULL), SY_OK);
    assert_true(p == 3 && q == 2);
    conv.stride[0] = 0;
    assert_int_equal(sy_spec_conv_output(&conv, &p, &q, NULL), SY_INVALID_ARGUMENT);
    assert_true(p == 0 && q == 0);
    conv.stride[0] = 1;
    conv.pad[3] = INT64_MAX;
    assert_int_equal(sy_spec_conv_output(&conv, &p, &q, NULL), SY_OVERFLOW);
    conv.pad[3] = -1;
    assert_int_equal(sy_spec_conv_output(&conv, &p, &q, NULL), SY_INVALID_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_strings_give_one_clear_line),
        cmocka_unit_test(too_long_a_string_is_cut_in_the_message),
        cmocka_unit_test(bad_defaults_are_named),
        cmocka_unit_test(specs_made_by_hand_are_checked),
        cmocka_unit_test(convolution_output_is_checked_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
