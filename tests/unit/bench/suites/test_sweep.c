/* Sweeps: what comes out, in which order, and what is refused. */
#include "bench/suites/sweep.h"

#include "bench/suites/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Everything that came out, parted by blanks; stops after `stop` strings if it is not 0. */
typedef struct collected {
    char problems[8192], tags[2048];
    uint64_t count, stop;
} collected;

static sy_status collect(void *ctx, const char *problem, const char *tag, sy_error *err) {
    (void)err;
    collected *all = ctx;
    if (strlen(all->problems) + strlen(problem) + 2 < sizeof all->problems) {
        strcat(strcat(all->problems, all->count > 0 ? " " : ""), problem);
    }
    if (strlen(all->tags) + strlen(tag) + 2 < sizeof all->tags) {
        strcat(strcat(all->tags, all->count > 0 ? " " : ""), tag);
    }
    return ++all->count == all->stop ? SY_IO : SY_OK;
}

static void expect(const char *problem, const char *wanted, const char *tags) {
    collected all = {0};
    sy_error err = SY_ERROR_INIT;
    if (sy_sweep_expand(problem, 1000000, collect, &all, &err) != SY_OK) {
        fail_msg("%s: %s", problem, err.text);
    }
    assert_string_equal(all.problems, wanted);
    assert_string_equal(all.tags, tags);
}

static void refused(const char *problem, sy_status wanted, const char *part) {
    collected all = {0};
    sy_error err = SY_ERROR_INIT;
    if (sy_sweep_expand(problem, 1000000, collect, &all, &err) != wanted) {
        fail_msg("%s: %s", problem, err.text);
    }
    assert_int_equal(all.count, 0);
    if (strstr(err.text, part) == NULL) {
        fail_msg("'%s' lacks '%s'", err.text, part);
    }
    assert_int_equal(sy_sweep_expand(problem, 1000000, collect, &all, NULL), wanted);
}

static void no_sweep_is_handed_on(void **state) {
    (void)state;
    expect("gemm:m=1,n=2,k=3", "gemm:m=1,n=2,k=3", "");
    expect("", "", "");
}

static void ranges_are_inclusive(void **state) {
    (void)state;
    expect("g:m=[64:512*2],n=1", "g:m=64,n=1 g:m=128,n=1 g:m=256,n=1 g:m=512,n=1", ".m64 .m128 .m256 .m512");
    expect("g:m=[64:511*2]", "g:m=64 g:m=128 g:m=256", ".m64 .m128 .m256");
    expect("g:k=[64:200+64]", "g:k=64 g:k=128 g:k=192", ".k64 .k128 .k192");
    expect("g:k=[0:2+1]", "g:k=0 g:k=1 g:k=2", ".k0 .k1 .k2");
    expect("g:k=[7:7*3]", "g:k=7", ".k7");
    expect("g:k=[1:9223372036854775807*3000000000]", "g:k=1 g:k=3000000000 g:k=9000000000000000000",
        ".k1 .k3000000000 .k9000000000000000000");
}

static void lists_are_as_written(void **state) {
    (void)state;
    expect("g:m=[1,8,32],dtype=[f32,s8:s8:s32]",
        "g:m=1,dtype=f32 g:m=1,dtype=s8:s8:s32 g:m=8,dtype=f32 g:m=8,dtype=s8:s8:s32 g:m=32,dtype=f32 "
        "g:m=32,dtype=s8:s8:s32",
        ".m1.dtypef32 .m1.dtypes8:s8:s32 .m8.dtypef32 .m8.dtypes8:s8:s32 .m32.dtypef32 .m32.dtypes8:s8:s32");
    expect("g:m=[5]", "g:m=5", ".m5");
}

static void the_first_sweep_is_the_outermost(void **state) {
    (void)state;
    expect("g:m=[1:2+1],k=[3:4+1]", "g:m=1,k=3 g:m=1,k=4 g:m=2,k=3 g:m=2,k=4", ".m1.k3 .m1.k4 .m2.k3 .m2.k4");
}

static void sizes_may_have_suffixes(void **state) {
    (void)state;
    expect("stream:bytes=[1K:4K*2],kind=read",
        "stream:bytes=1024,kind=read stream:bytes=2048,kind=read stream:bytes=4096,kind=read",
        ".bytes1024 .bytes2048 .bytes4096");
    refused("gemm:m=[1K:4K*2]", SY_INVALID_ARGUMENT, "'m'");
}

static void malformed_sweeps_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"g:m=[", "g:m=[64:4096*2", "g:m=[]", "g:m=[,]", "g:m=[1,]", "g:m=[,1]",
        "g:m=[1,,2]", "g:m=[64:4096]", "g:m=[64:4096*]", "g:m=[64:*2]", "g:m=[:4096*2]", "g:m=[a:b*2]",
        "g:m=[64:4096*2]x", "g:m=[64:4096*2][1,2]", "g:[1,2]", "[1,2]", "g:=[1,2]", "g:m[1,2]", "g:m=x[1,2]",
        "g:m=[4096:64*2]", "g:m=[4096:64+2]", "g:m=[0:64*2]", "g:m=[1:64*1]", "g:m=[1:64*0]", "g:m=[1:64+0]",
        "g:m=[-1:64+1]", "g:m=[1:64-1]", "g:m=[1 ,2]", "g:m=[[1,2]]", "g:m=[1.5:2+1]",
        "g:m=[1:99999999999999999999+1]", "g:m=[1:9223372036854775808*2]",
        "g:m=[12345678901234567890123456789012345678901]"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused(bad[i], SY_INVALID_ARGUMENT, "sweep");
    }
    refused("g:a=[1],b=[1],c=[1],d=[1],e=[1],f=[1],g=[1],h=[1],i=[1]", SY_INVALID_ARGUMENT, "more than 8");
}

static void too_many_values_are_refused(void **state) {
    (void)state;
    char text[SY_SUITE_PROBLEM_MAX + 64] = "g:m=[1,2";
    refused("g:m=[1:1000001+1]", SY_OVERFLOW, "more than 1000000");
    refused("g:m=[1:1001+1],n=[1:1000+1]", SY_OVERFLOW, "more than 1000000");
    refused("g:m=[0:9223372036854775807+1],n=[0:9223372036854775807+1],k=[0:9223372036854775807+1]",
        SY_OVERFLOW, "more than");
    for (size_t i = 0; i < 125; i++) {
        strcat(text, ",3,4");
    }
    refused(strcat(text, "]"), SY_INVALID_ARGUMENT, "longer than 500");
}

static void the_limit_is_exact(void **state) {
    (void)state;
    collected all = {0};
    assert_int_equal(sy_sweep_expand("g:m=[1:6+1]", 6, collect, &all, NULL), SY_OK);
    assert_int_equal(all.count, 6);
    assert_int_equal(sy_sweep_expand("g:m=[1:6+1]", 5, collect, &all, NULL), SY_OVERFLOW);
    assert_int_equal(sy_sweep_expand("g:m=1", 0, collect, &all, NULL), SY_OVERFLOW);
    assert_int_equal(all.count, 6);
}

static void a_million_rows_come_out(void **state) {
    (void)state;
    collected all = {0};
    assert_int_equal(sy_sweep_expand("g:m=[1:1000+1],n=[1:1000+1]", 1000000, collect, &all, NULL), SY_OK);
    assert_int_equal(all.count, 1000000);
}

static void the_receiver_may_stop(void **state) {
    (void)state;
    collected all = {.stop = 2};
    assert_int_equal(sy_sweep_expand("g:m=[1:9+1]", 100, collect, &all, NULL), SY_IO);
    assert_int_equal(all.count, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_sweep_is_handed_on),
        cmocka_unit_test(ranges_are_inclusive),
        cmocka_unit_test(lists_are_as_written),
        cmocka_unit_test(the_first_sweep_is_the_outermost),
        cmocka_unit_test(sizes_may_have_suffixes),
        cmocka_unit_test(malformed_sweeps_are_refused),
        cmocka_unit_test(too_many_values_are_refused),
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(a_million_rows_come_out),
        cmocka_unit_test(the_receiver_may_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
