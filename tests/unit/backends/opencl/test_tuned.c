/* The database of tuned devices: features, which file fits, which entry is nearest, nonsense. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/feature.h"
#include "backends/opencl/sources.h"
#include "backends/opencl/tuned.h"
#include "steelyard/spec.h"
#include "tests/unit/backends/opencl/tasks.h"

static double distance(const char *a, const char *b) {
    ocl_feature x, y;
    sy_task task;
    char text[SY_SPEC_TEXT_MAX];
    sy_spec spec;
    task_of(a, &task);
    assert_true(ocl_feature_of_task(&task, &x));
    assert_int_equal(sy_spec_parse(b, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_print(&spec, text, sizeof text, NULL), SY_OK);
    assert_true(ocl_feature_of_text(text, &y));
    return ocl_feature_distance(&x, &y);
}

/* A task and its own text are the same: whatever of the two the database was asked by. */
static void tasks_and_texts_agree(void **state) {
    (void)state;
    static const char *const problems[] = {"gemm:m=5,n=7,k=3",
        "gemm:m=512,n=1,k=0,batch=3,ta=1,tb=1,weights=dynamic",
        "gemm:m=8,n=9,k=10,dtype=s8:s8:bf16:s32,epilogue=dequant", "gemm:m=8,n=9,k=10,dtype=f16",
        "conv2d:n=2,c=6,h=8,w=9,k=4,r=3,s=3,pad=1x0x2x1,stride=2x1,groups=2,layout=nchw",
        "conv2d:n=1,c=16,h=20,w=20,k=16,r=5,s=3,dilation=2,groups=16,layout=nhwc,dtype=bf16",
        "conv2d:n=1,c=3,h=224,w=224,k=64,r=7,s=7,stride=2,pad=3"};
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        assert_true(distance(problems[i], problems[i]) == 0.0);
}

static void sizes_may_be_near_kinds_must_agree(void **state) {
    (void)state;
    assert_true(distance("gemm:m=64,n=64,k=64", "gemm:m=128,n=64,k=16") == 3.0);
    assert_true(distance("gemm:m=64,n=64,k=64", "gemm:m=64,n=64,k=64,batch=4") == 2.0);
    assert_true(isinf(distance("gemm:m=64,n=64,k=64", "gemm:m=64,n=64,k=64,ta=1")));
    assert_true(isinf(distance("gemm:m=64,n=64,k=64", "gemm:m=64,n=64,k=64,weights=dynamic")));
    assert_true(isinf(distance("gemm:m=64,n=64,k=64", "gemm:m=64,n=64,k=64,dtype=f16")));
    const char *conv = "conv2d:n=1,c=8,h=16,w=16,k=8,r=3,s=3,pad=1";
    assert_true(distance(conv, "conv2d:n=2,c=8,h=16,w=16,k=16,r=3,s=3,pad=1") == 2.0);
    assert_true(isinf(distance(conv, "conv2d:n=1,c=8,h=16,w=16,k=8,r=1,s=1")));
    assert_true(isinf(distance(conv, "conv2d:n=1,c=8,h=16,w=16,k=8,r=3,s=3,pad=1,layout=nchw")));
    assert_true(isinf(distance(conv, "conv2d:n=1,c=8,h=16,w=16,k=8,r=3,s=3,pad=1,groups=8")));
    assert_true(isinf(distance(conv, "gemm:m=64,n=64,k=64")));
}

static void texts_that_are_no_problem_have_no_feature(void **state) {
    (void)state;
    static const char *const nonsense[] = {"", "gemm", "gemm:", "gemm:m=1,n=1,k=1,batch=1,ta=0,tb=0",
        "gemm:m=1,n=1,k=1,batch=1,ta=0,tb=0,dtype=f32:f32",
        "gemm:m=-1,n=1,k=1,batch=1,ta=0,tb=0,dtype=f32:f32:f32:f32",
        "gemm:m=,n=1,k=1,batch=1,ta=0,tb=0,dtype=f32:f32:f32:f32",
        "gemm:m=99999999999999999999,n=1,k=1,batch=1,ta=0,tb=0,dtype=f32:f32:f32:f32",
        "stream:bytes=1,kind=read,dtype=f32:f32:f32:f32",
        "conv2d:n=1,c=8,h=2,w=2,k=8,r=3,s=3,stride=1x1,pad=0x0x0x0,dilation=1x1,groups=1,layout=any,dtype="
        "f32:f32:f32:f32",
        "conv2d:n=1,c=8,h=9,w=9,k=8,r=3,s=3,stride=0x1,pad=0x0x0x0,dilation=1x1,groups=1,layout=any,dtype="
        "f32:f32:f32:f32",
        "conv2d:n=1,c=8,h=9,w=9,k=8,r=3,s=3,stride=1x1,pad=0x0,dilation=1x1,groups=0,layout=any,dtype=f32:"
        "f32:f32:f32"};
    ocl_feature feature;
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++)
        assert_false(ocl_feature_of_text(nonsense[i], &feature));
}

#define PROBLEM(m)                                                                                           \
    "gemm:m=" m                                                                                              \
    ",n=64,k=64,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,dtype=f32:f32:f32:f32,weights=const"
#define ENTRY(m, algorithm) "{\"problem\":\"" PROBLEM(m) "\",\"algorithm\":\"" algorithm "\",\"gain\":1.1}"
#define FILE_FOR(name, vendor, isa, entries)                                                                 \
    "{\"schema\":\"steelyard.tuned/1\",\"device\":{\"backend\":\"opencl\",\"name\":\"" name                  \
    "\",\"vendor\":\"" vendor "\",\"isa\":\"" isa "\"},\"entries\":[" entries "]}"

static sy_status take(ocl_tuned *tuned, const char *text) {
    return ocl_tuned_read(tuned, &traits_of_cpu, "a file", text, strlen(text), NULL);
}

static void assert_advice(
    const ocl_tuned *tuned, const char *problem, const char *family, const char *parameters) {
    sy_task task;
    ocl_advice advice = {.family = ""};
    task_of(problem, &task);
    assert_int_equal(ocl_tuned_find(tuned, &task, &advice), family[0] != '\0');
    assert_string_equal(advice.family, family);
    assert_string_equal(advice.parameters, parameters);
}

static void the_nearest_entry_of_the_best_file_wins(void **state) {
    (void)state;
    ocl_tuned *tuned = ocl_tuned_create();
    assert_advice(tuned, "gemm:m=64,n=64,k=64", "", "");
    assert_int_equal(take(tuned, FILE_FOR("", "", "cpu", ENTRY("64", "tile/kind"))), SY_OK);
    assert_advice(tuned, "gemm:m=64,n=64,k=64", "tile", "kind");
    assert_int_equal(
        take(tuned, FILE_FOR("another", "somebody", "OpenCL 3.0 cpu", ENTRY("32", "core/vendor"))), SY_OK);
    assert_advice(tuned, "gemm:m=64,n=64,k=64", "core", "vendor");
    assert_int_equal(take(tuned, FILE_FOR("a processor", "somebody", "OpenCL 3.0 cpu",
                                     ENTRY("16", "core/far") "," ENTRY("128", "core"))),
        SY_OK);
    assert_advice(tuned, "gemm:m=64,n=64,k=64", "core", "");
    assert_advice(tuned, "gemm:m=17,n=64,k=64", "core", "far");
    assert_advice(tuned, "gemm:m=4096,n=64,k=64", "", "");
    assert_advice(tuned, "gemm:m=64,n=64,k=64,dtype=f64", "", "");
    assert_advice(tuned, "peak:flop=1M", "", "");
    ocl_tuned_close(tuned);
}

static void files_for_others_are_left_out(void **state) {
    (void)state;
    ocl_tuned *tuned = ocl_tuned_create();
    assert_int_equal(
        take(tuned, FILE_FOR("a processor", "somebody", "OpenCL 3.0 gpu", ENTRY("64", "core/x"))), SY_OK);
    assert_int_equal(take(tuned, "{\"schema\":\"steelyard.tuned/"
                                 "1\",\"device\":{\"backend\":\"cuda\",\"isa\":\"cpu\"},\"entries\":[" ENTRY(
                                     "64", "core/x") "]}"),
        SY_OK);
    assert_advice(tuned, "gemm:m=64,n=64,k=64", "", "");
    ocl_tuned_close(tuned);
}

static void nonsense_is_refused_and_leaves_nothing(void **state) {
    (void)state;
    ocl_tuned *tuned = ocl_tuned_create();
    assert_int_equal(take(tuned, ""), SY_INVALID_ARGUMENT);
    assert_int_equal(take(tuned, "[]"), SY_INVALID_ARGUMENT);
    assert_int_equal(take(tuned, "{\"schema\":\"steelyard.tuned/2\"}"), SY_INVALID_ARGUMENT);
    assert_int_equal(take(tuned, "{\"schema\":1,\"schema\":2}"), SY_INVALID_ARGUMENT);
    assert_int_equal(take(tuned, "{\"schema\":\"steelyard.tuned/1\"}"), SY_OK);
    assert_int_equal(
        take(tuned,
            FILE_FOR("", "", "cpu",
                "1,{},{\"problem\":7},{\"problem\":\"gemm:\",\"algorithm\":\"core\"}," ENTRY("64",
                    "") "," ENTRY("64", "/x") "," ENTRY("64", "a_family_of_a_very_long_name") "," ENTRY("64",
                    "core/parameters_that_are_longer_than_any_of_ours_could_ever_be"))),
        SY_OK);
    assert_advice(tuned, "gemm:m=64,n=64,k=64", "", "");
    ocl_tuned_close(tuned);
}

/* What the program brings along is readable, whatever device it is for. */
static void own_files_are_sound(void **state) {
    (void)state;
    for (const ocl_source_text *file = ocl_tuned_texts; file->name != NULL; file++) {
        ocl_tuned *tuned = ocl_tuned_create();
        sy_error err = SY_ERROR_INIT;
        if (ocl_tuned_read(tuned, &traits_of_cpu, file->name, file->text, file->length, &err) != SY_OK)
            fail_msg("%s", err.text);
        ocl_tuned_close(tuned);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_and_texts_agree),
        cmocka_unit_test(sizes_may_be_near_kinds_must_agree),
        cmocka_unit_test(texts_that_are_no_problem_have_no_feature),
        cmocka_unit_test(the_nearest_entry_of_the_best_file_wins),
        cmocka_unit_test(files_for_others_are_left_out),
        cmocka_unit_test(nonsense_is_refused_and_leaves_nothing),
        cmocka_unit_test(own_files_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
