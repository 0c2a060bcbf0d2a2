/* Reading suites: three formats, one result. */
#include "bench/suites/suite.h"
#include "runtime/base/seam.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static sy_suite *read_text(const char *text) {
    sy_suite *suite = NULL;
    sy_error err = SY_ERROR_INIT;
    if (sy_suite_read(text, strlen(text), "folder/my suite.v1.csv", &suite, &err) != SY_OK) {
        fail_msg("%s", err.text);
    }
    return suite;
}

/* Every field of every item as one text. */
static void print_suite(const sy_suite *suite, char *out, size_t capacity) {
    size_t used = 0;
    for (size_t i = 0; i < suite->count; i++) {
        const sy_suite_item *item = &suite->item[i];
        used += (size_t)snprintf(out + used, capacity - used, "%s|%s|%s|%llu|%llu|%d", item->problem,
            item->name != NULL ? item->name : "-", item->phase != NULL ? item->phase : "-",
            (unsigned long long)item->count, (unsigned long long)item->context, item->verified);
        for (uint32_t j = 0; j < item->dtype_hint_count; j++) {
            used += (size_t)snprintf(out + used, capacity - used, " %s", sy_dtype_name(item->dtype_hint[j]));
        }
        used += (size_t)snprintf(out + used, capacity - used, "\n");
    }
}

static void expect(const char *text, const char *wanted) {
    char got[4096] = "";
    sy_suite *suite = read_text(text);
    print_suite(suite, got, sizeof got);
    assert_string_equal(got, wanted);
    sy_suite_destroy(suite);
}

static const char two_problems[] =
    "gemm:m=8,n=6144,k=4096,batch=1,weights=dynamic|a.decode.t8.qkv|decode|36|2048|0 bf16 s8\n"
    "conv2d:n=1,c=3,h=224,w=223,k=64,r=7,s=5,stride=2x1,pad=3x2x1x0,dilation=1,groups=1|-|-|1|0|1\n";

static void json_is_read(void **state) {
    (void)state;
    expect("\n {\"name\":\"x\",\"problems\":["
           "{\"op\":\"gemm\",\"name\":\"a.decode.t8.qkv\",\"k\":4096,\"m\":8,\"n\":6144,\"batch\":1,"
           "\"weights\":\"dynamic\",\"dtype_hint\":[\"bf16\",\"int8\"],\"count\":36,\"phase\":\"decode\","
           "\"context\":2048,\"verified\":false,\"new field\":{\"a\":[1]},\"stride\":\"ignored\"},"
           "{\"op\":\"conv2d\",\"n\":1,\"c\":3,\"h\":224,\"w\":223,\"k\":64,\"r\":7,\"s\":5,\"stride\":[2,1],"
           "\"pad\":[3,2,1,0],\"dilation\":1,\"groups\":1,\"name\":null,\"dtype_hint\":[]}]}",
        two_problems);
}

static void csv_is_read(void **state) {
    (void)state;
    expect(
        "\xef\xbb\xbf# made by hand\r\n\r\n"
        "op,name,m,n,k,batch,weights,dtype_hint,count,phase,context,verified,c,h,w,r,s,stride,pad,dilation,"
        "groups,note\r\n"
        "gemm,\"a.decode.t8.qkv\", 8 ,6144,4096,1,dynamic,bf16;int8,36,decode,2048,false,,,,,,,,,,"
        "\"said \"\"x, y\"\"\"\r\n"
        "# a comment\n"
        "conv2d,,,1,64,,,,,,,,3,224,223,7,5,2x1,3x2x1x0,1,1,",
        two_problems);
}

static void lines_are_read(void **state) {
    (void)state;
    expect("# shapes\n\n  gemm:m=1,n=2,k=3  # thin\r\n\tconv2d:n=1,c=[1,2]\n",
        "gemm:m=1,n=2,k=3|-|-|1|0|1\nconv2d:n=1,c=1|-|-|1|0|1\nconv2d:n=1,c=2|-|-|1|0|1\n");
}

static void memory_problems_are_read(void **state) {
    (void)state;
    expect("{\"problems\":[{\"op\":\"stream\",\"kind\":\"triad\",\"bytes\":\"1G\"},"
           "{\"op\":\"copy\",\"bytes\":4096,\"kind\":\"h2d\",\"pinned\":1},"
           "{\"op\":\"peak\",\"flop\":\"10G\",\"dtype\":\"s8:s8:s32\"}]}",
        "stream:bytes=1G,kind=triad|-|-|1|0|1\ncopy:bytes=4096,kind=h2d,pinned=1|-|-|1|0|1\n"
        "peak:flop=10G,dtype=s8:s8:s32|-|-|1|0|1\n");
}

static void sweeps_extend_names(void **state) {
    (void)state;
    expect("{\"problems\":[{\"op\":\"gemm\",\"name\":\"sq\",\"m\":\"[1:2+1]\",\"n\":3,\"k\":\"[5,7]\","
           "\"count\":2}]}",
        "gemm:m=1,n=3,k=5|sq.m1.k5|-|2|0|1\ngemm:m=1,n=3,k=7|sq.m1.k7|-|2|0|1\n"
        "gemm:m=2,n=3,k=5|sq.m2.k5|-|2|0|1\ngemm:m=2,n=3,k=7|sq.m2.k7|-|2|0|1\n");
    expect("op,m,n,k\ngemm,\"[1,2]\",[4:8*2],1\n",
        "gemm:m=1,n=4,k=1|-|-|1|0|1\ngemm:m=1,n=8,k=1|-|-|1|0|1\n"
        "gemm:m=2,n=4,k=1|-|-|1|0|1\ngemm:m=2,n=8,k=1|-|-|1|0|1\n");
}

static void reals_do_not_depend_on_the_locale(void **state) {
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "xx_comma"};
    static const char wanted[] = "gemm:m=1,n=1,k=1,alpha=0.5,beta=1e-300|-|-|1|0|1\n";
    static const char json[] =
        "{\"problems\":[{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1,\"alpha\":0.5,\"beta\":1e-300}]}";
    static const char csv[] = "op,m,n,k,alpha,beta\ngemm,1,1,1,0.5,1e-300\n";
    size_t i = 0;
    expect(json, wanted);
    expect(csv, wanted);
    while (i < sizeof commas / sizeof commas[0] && setlocale(LC_ALL, commas[i]) == NULL) {
        i++;
    }
    if (localeconv()->decimal_point[0] != ',') {
        skip();
    }
    expect(json, wanted);
    expect(csv, wanted);
    setlocale(LC_ALL, "C");
}

static void headings_are_kept(void **state) {
    (void)state;
    sy_suite *suite =
        read_text("{\"name\":\"quick\",\"title\":\"Quick \xe2\x9c\x93\",\"version\":3,\"problems\":["
                  "{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1}]}");
    assert_string_equal(suite->name, "quick");
    assert_string_equal(suite->title, "Quick \xe2\x9c\x93");
    assert_int_equal(suite->version, 3);
    sy_suite_destroy(suite);
    suite = read_text("gemm:m=1");
    assert_string_equal(suite->name, "my_suite.v1");
    assert_null(suite->title);
    assert_int_equal(suite->version, 0);
    assert_string_equal(suite->sha256, "7728d50f4bd8e9d24f3121dacd35ef1de76fd19828350e5f14389fe0bbc8759d");
    sy_suite_destroy(suite);
}

static void names_come_from_labels(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"a/b/c.txt", "c"}, {"stdin", "stdin"}, {".hidden", ".hidden"},
        {"a/", "suite"}, {"", "suite"}, {"\x1b[31m.json", "__31m"}, {"UP.csv", "UP"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sy_suite *suite = NULL;
        assert_int_equal(sy_suite_read("g:m=1", 5, cases[i][0], &suite, NULL), SY_OK);
        assert_string_equal(suite->name, cases[i][1]);
        sy_suite_destroy(suite);
    }
}

/* Whatever allocation fails, nothing is lost and nothing comes out. */
static void failing_allocations_are_survived(void **state) {
    (void)state;
    static const char json[] = "{\"name\":\"x\",\"title\":\"y\",\"problems\":["
                               "{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1,\"name\":\"z\"}]}";
    static const char *const texts[] = {
        "gemm:m=[1:40+1]", "op,name,m,n,k,phase\ngemm,x,\"[1,2]\",1,1,decode\n", json};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sy_status status = SY_OUT_OF_MEMORY;
        for (uint64_t k = 1; status != SY_OK; k++) {
            sy_suite *suite = NULL;
            sy_seam_arm(SY_SEAM_ALLOC, k);
            status = sy_suite_read(texts[i], strlen(texts[i]), "t", &suite, NULL);
            sy_seam_disarm();
            assert_true(status == SY_OK ? suite != NULL : suite == NULL);
            assert_true(status == SY_OK || status == SY_OUT_OF_MEMORY);
            assert_true(k < 1000);
            sy_suite_destroy(suite);
        }
    }
    sy_suite_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_read),
        cmocka_unit_test(csv_is_read),
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(memory_problems_are_read),
        cmocka_unit_test(sweeps_extend_names),
        cmocka_unit_test(reals_do_not_depend_on_the_locale),
        cmocka_unit_test(headings_are_kept),
        cmocka_unit_test(names_come_from_labels),
        cmocka_unit_test(failing_allocations_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
