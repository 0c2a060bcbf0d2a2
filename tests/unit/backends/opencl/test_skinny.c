/* The skinny family as the pure function that it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/skinny_shape.h"
#include "backends/opencl/sources.h"
#include "tests/unit/backends/opencl/tasks.h"

static ocl_recipe recipe, other; /* large; tests run one after another */

static sy_status cook(
    const ocl_traits *traits, const sy_task *task, bool is_final, const char *parameters, sy_error *err) {
    ocl_request request = {.traits = traits, .task = task, .is_final = is_final, .parameters = parameters};
    recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0, .name = "skinny"};
    ocl_wish_layouts(task, recipe.layout);
    return ocl_skinny.cook(&request, &recipe, err);
}

static void cook_text(const ocl_traits *traits, const char *problem, const char *parameters) {
    sy_task task;
    sy_error err = SY_ERROR_INIT;
    task_of(problem, &task);
    if (cook(traits, &task, false, parameters, &err) != SY_OK)
        fail_msg("%s: %s", problem, err.text);
}

static bool defines(const char *text) {
    return strstr(recipe.defines, text) != NULL;
}

static void refuses(const char *problem, const char *words) {
    sy_task task;
    sy_error err = SY_ERROR_INIT;
    task_of(problem, &task);
    assert_int_equal(cook(&traits_of_gpu, &task, false, "", &err), SY_UNSUPPORTED);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static const char *const problems[] = {"gemm:m=1,n=4096,k=4096", "gemm:m=8,n=4096,k=4096,tb=1",
    "gemm:m=4096,n=1,k=4096", "gemm:m=3,n=1,k=1", "gemm:m=2,n=100,k=64,dtype=f64,weights=dynamic",
    "gemm:m=5,n=40,k=0,dtype=bf16", "gemm:m=1,n=151936,k=4096,dtype=f16",
    "gemm:m=4,n=21,k=64,dtype=s8,batch=3", "conv2d:n=1,c=64,h=2,w=2,k=512,r=1,s=1",
    "conv2d:n=1,c=64,h=2,w=2,k=512,r=3,s=3,pad=1,layout=nhwc"};
enum { PROBLEMS = sizeof problems / sizeof problems[0] };

static void variants_are_all_different_and_end(void **state) {
    ocl_traits tiny = traits_of_gpu;
    tiny.max_work_group = 1;
    tiny.local_bytes = 0;
    const ocl_traits *devices[] = {&traits_of_gpu, &traits_of_cpu, &tiny};
    (void)state;
    for (size_t i = 0; i < PROBLEMS * (sizeof devices / sizeof devices[0]); i++) {
        const ocl_traits *traits = devices[i / PROBLEMS];
        char name[OCL_SKINNY_SHAPES_MAX + 2][64];
        sy_error err = SY_ERROR_INIT;
        sy_task task;
        sy_status status = SY_OK;
        task_of(problems[i % PROBLEMS], &task);
        for (; status == SY_OK && task.variant <= OCL_SKINNY_SHAPES_MAX + 1; task.variant++) {
            status = cook(traits, &task, false, "", &err);
            if (status != SY_OK)
                break;
            assert_int_equal(recipe.failed, 0);
            assert_true((recipe.flags & SY_ALGO_DETERMINISTIC) != 0);
            assert_true(recipe.step[0].local[0] <= traits->max_work_group);
            assert_memory_equal(
                recipe.name, task.variant > 0 ? "skinny/x" : "skinny", task.variant > 0 ? 8 : 7);
            snprintf(name[task.variant], sizeof name[0], "%s", recipe.name);
            for (uint32_t j = 0; j < task.variant; j++)
                assert_string_not_equal(name[task.variant], name[j]);
        }
        assert_int_equal(status, SY_UNAVAILABLE);
        assert_true(task.variant > 1);
    }
}

static void the_plan_is_what_was_offered(void **state) {
    (void)state;
    for (size_t i = 0; i < PROBLEMS; i++) {
        sy_task task;
        task_of(problems[i], &task);
        assert_int_equal(cook(&traits_of_gpu, &task, false, "", NULL), SY_OK);
        for (uint32_t j = 0; j < recipe.sources; j++)
            assert_non_null(ocl_source_find(recipe.source[j]));
        other = recipe;
        sy_task_settle(&task);
        assert_int_equal(cook(&traits_of_gpu, &task, true, "", NULL), SY_OK);
        assert_string_equal(recipe.defines, other.defines);
        assert_int_equal(sy_layout_is_private(other.layout[1]), 0);
    }
}

static void only_few_rows_or_columns_are_taken(void **state) {
    (void)state;
    refuses("gemm:m=9,n=9,k=64", "these are 9 x 9");
    refuses("gemm:m=64,n=640,k=64", "at most 8");
    refuses("conv2d:n=1,c=8,h=16,w=16,k=3,r=3,s=3,layout=nchw", "9 taps");
    refuses("gemm:m=1,n=8,k=8,dtype=f8e4m3", "f8e4m3");
    cook_text(&traits_of_gpu, "gemm:m=8,n=9,k=64", "");
    assert_true(defines("#define ROWS 8\n"));
    cook_text(&traits_of_gpu, "gemm:m=9,n=7,k=64", "");
    assert_true(defines("#define ROWS 7\n"));
    cook_text(&traits_of_gpu, "gemm:m=2,n=1,k=64", ""); /* the more are columns */
    assert_true(defines("#define ROWS 1\n"));
}

/* Neighbours in memory go to neighbours among work-items: columns, or k's. */
static void the_form_follows_memory(void **state) {
    (void)state;
    cook_text(&traits_of_gpu, "gemm:m=4,n=512,k=512,weights=dynamic", "x16y8v4j2s1");
    assert_true(
        defines("#define R_ALONG 0\n") && defines("#define LANES 4\n") && defines("#define TILE_N 128\n"));
    assert_true(defines("#define TILE_K 32\n") && defines("#define ITEM_N 8\n"));
    assert_int_equal(recipe.step[0].global[0], 4 * 128);
    cook_text(&traits_of_gpu, "gemm:m=4,n=512,k=512,tb=1,weights=dynamic", "x4y32v4j2s1");
    assert_true(
        defines("#define R_ALONG 1\n") && defines("#define LANES 1\n") && defines("#define TILE_N 8\n"));
    assert_true(defines("#define TILE_K 128\n") && defines("#define ITEM_N 2\n"));
    assert_int_equal(recipe.step[0].global[0], 64 * 128);
}

static void the_database_chooses_and_nonsense_is_ignored(void **state) {
    static const char *const nonsense[] = {"x32", "x32y8v4j1s1z", "x032y8v4j1s1", "x0y8v4j1s1", "x32y3v4j1s1",
        "x32y8v3j1s1", "x32y8v4j0s1", "x32y8v4j1s0", "x32y8v4j1s65", "x1024y8v4j1s1", "x32y8v8j16s1"};
    (void)state;
    cook_text(&traits_of_gpu, "gemm:m=4,n=4096,k=4096", "");
    other = recipe;
    cook_text(&traits_of_gpu, "gemm:m=4,n=4096,k=4096", "x8y8v2j1s3");
    assert_string_equal(recipe.implementation, "skinny:x8y8v2j1s3");
    assert_string_equal(recipe.name, "skinny");
    assert_int_equal(recipe.steps, 2);
    assert_int_equal(recipe.workspace_bytes, 3 * 4 * 4096 * 4);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        cook_text(&traits_of_gpu, "gemm:m=4,n=4096,k=4096", nonsense[i]);
        assert_string_equal(recipe.implementation, other.implementation);
    }
}

/* Sums go through local memory in shares that fit; without it k is not shared within a group. */
static void sums_are_added_in_what_local_memory_there_is(void **state) {
    ocl_traits traits = traits_of_gpu;
    (void)state;
    cook_text(&traits, "gemm:m=6,n=512,k=512", "x16y16v4j1s1"); /* 4 KiB a row */
    assert_true(defines("#define AT_ONCE 2\n"));
    cook_text(&traits, "gemm:m=7,n=512,k=512", "x16y16v4j1s1");
    assert_true(defines("#define AT_ONCE 1\n"));
    traits.local_bytes = 0;
    cook_text(&traits, "gemm:m=6,n=512,k=512", "x16y16v4j1s1");
    assert_true(defines("#define ITEMS_K 1\n"));
}

static void nothing_is_launched_for_nothing(void **state) {
    sy_task task;
    (void)state;
    for (uint32_t i = 1; i <= 2; i++) {
        task_of("gemm:m=3,n=65,k=4", &task);
        sy_task_settle(&task);
        task.tensor[i - 1].dim[i] = task.tensor[task.n_in].dim[i] = 0;
        assert_int_equal(cook(&traits_of_gpu, &task, true, "", NULL), SY_OK);
        assert_int_equal(recipe.step[0].global[0], 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variants_are_all_different_and_end),
        cmocka_unit_test(the_plan_is_what_was_offered),
        cmocka_unit_test(only_few_rows_or_columns_are_taken),
        cmocka_unit_test(the_form_follows_memory),
        cmocka_unit_test(the_database_chooses_and_nonsense_is_ignored),
        cmocka_unit_test(sums_are_added_in_what_local_memory_there_is),
        cmocka_unit_test(nothing_is_launched_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
