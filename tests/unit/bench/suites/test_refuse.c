/* What is no suite: each refusal with its place and its reason. */
#include "bench/suites/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void refused_bytes(const char *text, size_t bytes, sy_status wanted, const char *part) {
    sy_suite *suite = (sy_suite *)&wanted;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_suite_read(text, bytes, "file.x", &suite, &err);
    if (status != wanted || strstr(err.text, part) == NULL || strncmp(err.text, "file.x: ", 8) != 0) {
        fail_msg("%.60s: status %d, '%s' lacks '%s'", text, status, err.text, part);
    }
    assert_null(suite);
    for (const char *at = err.text; *at != '\0'; at++) {
        assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
    }
}

static void refused(const char *text, const char *part) {
    refused_bytes(text, strlen(text), SY_INVALID_ARGUMENT, part);
}

/* A gemm with one more field, within a suite. */
static void refused_field(const char *field, const char *part) {
    char text[2048];
    snprintf(text, sizeof text,
        "{\"problems\":[{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1},"
        "{\"op\":\"gemm\",\"name\":\"bad\",\"n\":1,\"k\":1,%s}]}",
        field);
    refused(text, part);
}

static void malformed_json_has_line_and_column(void **state) {
    (void)state;
    refused("{\n  \"problems\": [\n    {\"op\" \"gemm\"}\n]}", "line 3, column");
    refused("{\"problems\": [}", "line 1, column 1");
    refused("{\"problems\": [", "line 1, column 1");
    refused("{", "line 1");
    refused("{\"a\":1,\"a\":2}", "duplicate");
    refused("{} trailing", "end of file");
    refused("{\"a\":\"\x1b\"}", "line 1");
    refused("{1 \"\xe2\x80\xae\"}", "line 1, column 2: ");
    refused("[\"a\" \"\xe2\x80\xae\"]", "line 1, column 8: not JSON");
    refused("{\"a\":\"\xff\"}", "line 1");
    refused("{\"a\":\"\\u0000\"}", "line 1");
    refused_bytes("{\"problems\"\0:[]}", 16, SY_INVALID_ARGUMENT, "line 1");
    refused("{\"a\":123456789012345678901234567890}", "too big");
}

static void deep_json_is_refused(void **state) {
    (void)state;
    size_t bytes = 200000;
    char *text = malloc(bytes + 1);
    memset(text, '[', bytes);
    text[0] = '{';
    memcpy(text, "{\"a\":", 5);
    text[bytes] = '\0';
    refused(text, "depth");
    free(text);
}

static void json_without_problems_is_refused(void **state) {
    (void)state;
    refused("{}", "no list 'problems'");
    refused("[]", "no list 'problems'");
    refused("[{\"op\":\"gemm\"}]", "no list 'problems'");
    refused("{\"problems\":{}}", "no list 'problems'");
    refused("{\"problems\":[]}", "no problems in it");
    refused("{\"schema\":\"steelyard.record/1\",\"kind\":\"op\"}\n{\"kind\":\"end\"}\n", "line 2");
    refused("{\"problems\":[1]}", "problem 1: not an object");
    refused("{\"problems\":[{\"m\":1}]}", "problem 1: no text field 'op'");
    refused("{\"problems\":[{\"op\":1}]}", "problem 1: no text field 'op'");
    refused("{\"problems\":[{\"op\":\"gem\",\"name\":\"x\"}]}", "problem 1 'x': unknown op 'gem'");
    refused("{\"problems\":[{\"op\":\"gemm\",\"m\":1,\"n\":1}]}", "problem 1: gemm needs the field 'k'");
}

static void headings_are_checked(void **state) {
    (void)state;
    refused("{\"name\":\"Two Words\",\"problems\":[]}", "name of the suite");
    refused("{\"name\":\"../x\",\"problems\":[]}", "name of the suite");
    refused("{\"name\":\"\",\"problems\":[]}", "name of the suite");
    refused("{\"name\":5,\"problems\":[]}", "'name'");
    refused("{\"title\":\"\\u001b[2J\",\"problems\":[]}", "'title'");
    refused("{\"title\":[],\"problems\":[]}", "'title'");
    refused("{\"version\":0,\"problems\":[]}", "'version'");
    refused("{\"version\":\"1\",\"problems\":[]}", "'version'");
}

static void wrong_types_are_refused(void **state) {
    (void)state;
    refused_field("\"m\":\"1\"", "problem 2 'bad': 'm' is '1', wanted is a whole number");
    refused_field("\"m\":1.0", "'m' is '1'");
    refused_field("\"m\":-5", "'m' is '-5'");
    refused_field("\"m\":true", "'m' is 'true'");
    refused_field("\"m\":[1,2]", "'m' is '1x2'");
    refused_field("\"m\":[]", "'m' is ''");
    refused_field("\"m\":{}", "'m' is 'an object'");
    refused_field("\"m\":[1,\"a\"]", "'m' is 'a mixed or long list'");
    refused_field("\"m\":[[1]]", "'m' is 'a mixed or long list'");
    refused_field("\"m\":9223372036854775808", "too big");
    refused_field("\"m\":\"[1,2\"", "'m'");
    refused_field("\"m\":\"[1:2+1],k=3\"", "'m'");
    refused_field("\"m\":\"[1:2]\"", "problem 2 'bad': sweep of 'm'");
    refused_field("\"m\":1,\"alpha\":\"1\"", "'alpha'");
    refused_field("\"m\":1,\"epilogue\":3", "'epilogue'");
    refused_field("\"m\":1,\"epilogue\":\"none,k=5\"", "'epilogue'");
    refused_field("\"m\":1,\"epilogue\":\"\"", "'epilogue'");
    refused_field("\"m\":1,\"math\":\"A\"", "'math'");
    refused_field("\"m\":1,\"count\":0", "'count' is '0'");
    refused_field("\"m\":1,\"count\":-1", "'count'");
    refused_field("\"m\":1,\"count\":1000000001", "'count'");
    refused_field("\"m\":1,\"count\":\"3\"", "'count'");
    refused_field("\"m\":1,\"context\":-1", "'context'");
    refused_field("\"m\":1,\"verified\":1", "'verified'");
    refused_field("\"m\":1,\"phase\":\"a b\"", "'phase'");
    refused_field("\"m\":1,\"phase\":\"abcdefghijklmnopqrstuvwxyzabcdefg\"", "'phase'");
    refused_field("\"m\":1,\"dtype_hint\":\"f32\"", "'dtype_hint'");
    refused_field("\"m\":1,\"dtype_hint\":[1]", "'dtype_hint'");
    refused_field("\"m\":1,\"dtype_hint\":[\"f99\"]", "'dtype_hint' is 'f99'");
    refused_field(
        "\"m\":1,\"dtype_hint\":[\"f32\",\"f32\",\"f32\",\"f32\",\"f32\",\"f32\",\"f32\",\"f32\",\"f32\"]",
        "'dtype_hint'");
}

static void wrong_convolutions_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"\"pad\":[1,1,1]", "\"pad\":[1,1,1,1,1]", "\"pad\":[-1,0]",
        "\"pad\":\"1x1\"", "\"stride\":[1,1,1,1]", "\"stride\":[1.5,1]", "\"stride\":[\"a\",\"b\"]",
        "\"layout\":1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[512], name[16];
        snprintf(name, sizeof name, "%.*s'", (int)strcspn(bad[i] + 1, "\""), bad[i] + 1);
        snprintf(text, sizeof text,
            "{\"problems\":[{\"op\":\"conv2d\",\"n\":1,\"c\":1,\"h\":1,\"w\":1,\"k\":1,\"r\":1,\"s\":1,%s}]}",
            bad[i]);
        refused(text, name);
    }
    refused("{\"problems\":[{\"op\":\"stream\",\"bytes\":\"1X\",\"kind\":\"read\"}]}", "'bytes' is '1X'");
    refused("{\"problems\":[{\"op\":\"copy\",\"bytes\":true,\"kind\":\"d2d\"}]}", "'bytes' is 'true'");
    refused("{\"problems\":[{\"op\":\"peak\"}]}", "needs the field 'flop'");
}

static void hostile_names_are_refused(void **state) {
    (void)state;
    char text[1024] = "{\"problems\":[{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1,\"name\":\"";
    refused_field("\"m\":1,\"name2\":0,\"count\":0", "problem 2 'bad'");
    refused(
        "{\"problems\":[{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1,\"name\":\"a\\u001b[2Jb\"}]}", "'a?[2Jb'");
    refused("{\"problems\":[{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1,\"name\":\"\\u202e\"}]}", "'name'");
    refused("{\"problems\":[{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1,\"name\":\"\"}]}", "'name'");
    size_t used = strlen(text);
    memset(text + used, 'x', 201);
    strcpy(text + used + 201, "\"}]}");
    refused(text, "'name'");
    strcpy(text + used + 198, "\",\"k\":\"[1,2]\"}]}");
    refused(text, "duplicate");
}

static void names_are_unique(void **state) {
    (void)state;
    refused("op,name,m,n,k\ngemm,b,1,1,1\ngemm,a,1,1,1\ngemm,b,2,1,1\n", "two problems are called 'b'");
    refused("op,name,m,n,k\ngemm,b,\"[1,1]\",1,1\n", "two problems are called 'b.m1'");
}

static void malformed_csv_has_a_line(void **state) {
    (void)state;
    refused("m,n,k\n1,1,1\n", "line 1: neither a problem");
    refused("hello", "line 1: neither a problem");
    refused("op,m,m\n", "line 1: two columns are called 'm'");
    refused("# c\nop,m,n,k\n\ngemm,1,1\n", "line 4: 3 cells, but the header has 4");
    refused("op,m,n,k\ngemm,1,1,1,1\n", "line 2: 5 cells");
    refused("op,m,n,k\ngemm,\"1,1,1\n", "line 2: a quote is not closed");
    refused("op,m,n,k\ngemm,\"1\"2,1,1\n", "line 2: a closing quote");
    refused("op,m,n,k\ngemm,x,1,1\n", "line 2: 'm' is 'x'");
    refused("op,m,n,k\ngemm,,1,1\n", "line 2: gemm needs the field 'm'");
    refused("op,m,n,k\n,1,1,1\n", "line 2: unknown op ''");
    refused("op,m,n,k,dtype\ngemm,1,1,1,a\tb\n", "line 2: a control character");
    refused("op,m,n,k,dtype\ngemm,1,1,1,\xff\n", "line 2: a control character");
    refused("op,m,n,k\n", "no problems in it");
    refused_bytes("op,m,n,k\ngemm,1\0,1,1", 20, SY_INVALID_ARGUMENT, "line 2: a control character");
}

static void oversized_csv_is_refused(void **state) {
    (void)state;
    char text[4096] = "op";
    for (size_t i = 0; i < 64; i++) {
        snprintf(text + strlen(text), 8, ",c%zu", i);
    }
    refused(text, "line 1: more than 64 columns");
    memset(text + 3, 'x', 3000);
    text[3003] = '\0';
    refused(text, "line 1: longer than 2048 bytes");
}

static void malformed_lines_have_a_line(void **state) {
    (void)state;
    char text[700];
    refused("gemm:m=1\nhello\n", "line 2: 'hello' is no problem");
    refused("gemm:m=1\n\n# x\ngemm: m=1\n", "line 4: 'gemm: m=1' is no problem");
    refused("gemm:m=\x1b[0m\n", "line 1: 'gemm:m=?[0m' is no problem");
    refused("gemm:m=\xc3\xa9\n", "line 1");
    refused("m=[1:4+1],n=2\n", "line 1: 'm=[1:4+1],n=2' is no problem");
    refused(":m=1\n", "line 1: ':m=1' is no problem");
    refused("gemm:m=[1:2]", "line 1: sweep of 'm'");
    refused_bytes("gemm:m=1\0,n=2", 13, SY_INVALID_ARGUMENT, "line 1");
    memset(text, '1', sizeof text);
    memcpy(text, "gemm:m=", 7);
    text[sizeof text - 1] = '\0';
    refused(text, "line 1: problem longer than 500");
    refused("", "no problems in it");
    refused("# only this\n\n", "no problems in it");
}

static void limits_hold(void **state) {
    (void)state;
    refused_bytes("g:m=[1:1000000+1]\ng:m=1\n", 24, SY_OVERFLOW, "line 2");
    refused_bytes("x", (size_t)SY_SUITE_FILE_MAX + 1, SY_OVERFLOW, "64 MiB");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_json_has_line_and_column),
        cmocka_unit_test(deep_json_is_refused),
        cmocka_unit_test(json_without_problems_is_refused),
        cmocka_unit_test(headings_are_checked),
        cmocka_unit_test(wrong_types_are_refused),
        cmocka_unit_test(wrong_convolutions_are_refused),
        cmocka_unit_test(hostile_names_are_refused),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(malformed_csv_has_a_line),
        cmocka_unit_test(oversized_csv_is_refused),
        cmocka_unit_test(malformed_lines_have_a_line),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
