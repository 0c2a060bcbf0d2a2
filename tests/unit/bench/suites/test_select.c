/* Filter and batch. */
#include "bench/suites/suite.h"
#include "runtime/base/seam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static sy_suite *read_text(const char *text) {
    sy_suite *suite = NULL;
    assert_int_equal(sy_suite_read(text, strlen(text), "t.json", &suite, NULL), SY_OK);
    return suite;
}

static const char named[] = "op,name,m,n,k\ngemm,a.decode.t1.qkv,1,1,1\ngemm,a.decode.t8.o,8,1,1\n"
                            "gemm,a.prefill.t512.qkv,512,1,1\ngemm,,5,5,5\n";

static void the_filter_keeps_matching_names(void **state) {
    (void)state;
    sy_suite *suite = read_text(named);
    assert_int_equal(sy_suite_filter(suite, "decode\\.t(1|8)\\.", NULL), SY_OK);
    assert_int_equal(suite->count, 2);
    assert_string_equal(suite->item[0].name, "a.decode.t1.qkv");
    assert_string_equal(suite->item[1].name, "a.decode.t8.o");
    assert_int_equal(sy_suite_filter(suite, "nothing", NULL), SY_OK);
    assert_int_equal(suite->count, 0);
    sy_suite_destroy(suite);
}

static void the_filter_falls_back_to_the_problem(void **state) {
    (void)state;
    sy_suite *suite = read_text(named);
    assert_int_equal(sy_suite_filter(suite, "m=5", NULL), SY_OK);
    assert_int_equal(suite->count, 1);
    assert_string_equal(suite->item[0].problem, "gemm:m=5,n=5,k=5");
    sy_suite_destroy(suite);
}

static void bad_filters_change_nothing(void **state) {
    (void)state;
    sy_suite *suite = read_text(named);
    sy_error err = SY_ERROR_INIT;
    char text[SY_SUITE_FILTER_MAX + 2];
    assert_int_equal(sy_suite_filter(suite, "a(b", &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "filter 'a(b': "));
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(sy_suite_filter(suite, text, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "longer than 1000"));
    text[sizeof text - 2] = '\0';
    assert_int_equal(suite->count, 4);
    assert_int_equal(sy_suite_filter(suite, text, &err), SY_OK);
    assert_int_equal(suite->count, 0);
    sy_suite_destroy(suite);
}

static void a_network_grows_as_a_whole(void **state) {
    (void)state;
    size_t convs = 0;
    sy_suite *suite = read_text(
        "{\"problems\":[{\"op\":\"conv2d\",\"n\":1,\"c\":3,\"h\":9,\"w\":9,\"k\":4,\"r\":3,\"s\":3,\"pad\":["
        "1,1]},"
        "{\"op\":\"gemm\",\"m\":1,\"n\":1000,\"k\":4,\"phase\":\"encode\"},"
        "{\"op\":\"gemm\",\"m\":49,\"n\":49,\"k\":8,\"batch\":4,\"weights\":\"dynamic\",\"phase\":\"encode\"}"
        ","
        "{\"op\":\"gemm\",\"m\":7,\"n\":7,\"k\":8,\"weights\":\"dynamic\",\"phase\":\"encode\"},"
        "{\"op\":\"gemm\",\"m\":3,\"n\":5,\"k\":8,\"phase\":\"decode\"},"
        "{\"op\":\"gemm\",\"m\":3,\"n\":5,\"k\":8},{\"op\":\"stream\",\"bytes\":64,\"kind\":\"read\"}]}");
    assert_int_equal(sy_suite_set_batch(suite, 16, &convs, NULL), SY_OK);
    assert_int_equal(convs, 1);
    static const char *const wanted[] = {"conv2d:n=16,c=3,h=9,w=9,k=4,r=3,s=3,pad=1x1",
        "gemm:m=16,n=1000,k=4", "gemm:m=49,n=49,k=8,batch=64,weights=dynamic",
        "gemm:m=7,n=7,k=8,weights=dynamic,batch=16", "gemm:m=3,n=5,k=8", "gemm:m=3,n=5,k=8",
        "stream:bytes=64,kind=read"};
    for (size_t i = 0; i < suite->count; i++) {
        assert_string_equal(suite->item[i].problem, wanted[i]);
    }
    sy_suite_destroy(suite);
}

static void other_suites_keep_their_products(void **state) {
    (void)state;
    size_t convs = 9;
    sy_suite *suite = read_text("op,n,c,h,w,k,r,s,m,phase\nconv2d,1,1,1,1,1,1,1,,\nconv2d,4,1,1,1,1,1,1,,\n"
                                "gemm,6,,,,2,,,1,encode\n");
    assert_int_equal(sy_suite_set_batch(suite, 2, &convs, NULL), SY_OK);
    assert_int_equal(convs, 2);
    assert_string_equal(suite->item[1].problem, "conv2d:n=2,c=1,h=1,w=1,k=1,r=1,s=1");
    assert_string_equal(suite->item[2].problem, "gemm:m=1,n=6,k=2");
    sy_suite_destroy(suite);
    suite = read_text("gemm:m=1,n=1,k=1");
    assert_int_equal(sy_suite_set_batch(suite, 2, &convs, NULL), SY_OK);
    assert_int_equal(convs, 0);
    assert_string_equal(suite->item[0].problem, "gemm:m=1,n=1,k=1");
    sy_suite_destroy(suite);
}

static void lines_are_changed_too(void **state) {
    (void)state;
    sy_suite *suite = read_text("conv2d:c=3,h=9,w=9,k=4,r=3,s=3,n=1\nconv2d:c=3,pn=2,h=1\n");
    assert_int_equal(sy_suite_set_batch(suite, 8, NULL, NULL), SY_OK);
    assert_string_equal(suite->item[0].problem, "conv2d:c=3,h=9,w=9,k=4,r=3,s=3,n=8");
    assert_string_equal(suite->item[1].problem, "conv2d:c=3,pn=2,h=1,n=8");
    sy_suite_destroy(suite);
}

static void bad_batches_are_refused(void **state) {
    (void)state;
    sy_error err = SY_ERROR_INIT;
    sy_suite *suite = read_text("op,n,c,h,w,k,r,s,m,phase\nconv2d,1,1,1,1,1,1,1,,\n"
                                "gemm,6,,,,2,,,4611686018427387904,encode\n");
    assert_int_equal(sy_suite_set_batch(suite, 0, NULL, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_suite_set_batch(suite, UINT64_MAX, NULL, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_suite_set_batch(suite, 4, NULL, &err), SY_OVERFLOW);
    assert_non_null(strstr(err.text, "'m' times a batch of 4"));
    sy_suite_destroy(suite);
}

static void failing_allocations_are_survived(void **state) {
    (void)state;
    for (uint64_t k = 1; k < 3; k++) {
        sy_suite *suite = read_text("conv2d:n=1,c=1\nconv2d:n=1,c=2\n");
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(sy_suite_set_batch(suite, 4, NULL, NULL), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        sy_suite_destroy(suite);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_filter_keeps_matching_names),
        cmocka_unit_test(the_filter_falls_back_to_the_problem),
        cmocka_unit_test(bad_filters_change_nothing),
        cmocka_unit_test(a_network_grows_as_a_whole),
        cmocka_unit_test(other_suites_keep_their_products),
        cmocka_unit_test(lines_are_changed_too),
        cmocka_unit_test(bad_batches_are_refused),
        cmocka_unit_test(failing_allocations_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
