/* The core family as the pure function that it is: shapes, names, variants, weights, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/core_shape.h"
#include "backends/opencl/panels.h"
#include "tests/unit/backends/opencl/tasks.h"

static sy_status cook(const ocl_traits *traits, const sy_task *task, bool is_final, const char *parameters,
    ocl_recipe *recipe, sy_error *err) {
    ocl_request request = {.traits = traits, .task = task, .is_final = is_final, .parameters = parameters};
    *recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0, .name = "core"};
    ocl_wish_layouts(task, recipe->layout);
    return ocl_core.cook(&request, recipe, err);
}

/* Every kind of problem that the shapes differ for. */
static const char *const problems[] = {"gemm:m=1,n=4096,k=4096", "gemm:m=2,n=100,k=64,weights=dynamic",
    "gemm:m=3,n=1,k=1", "gemm:m=512,n=512,k=512,dtype=s8", "gemm:m=31,n=33,k=65,dtype=f64",
    "gemm:m=7,n=13,k=0,dtype=bf16", "gemm:m=1024,n=1024,k=1024,ta=1,tb=1,weights=dynamic",
    "conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,layout=nhwc",
    "conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,layout=nchw", "conv2d:n=2,c=64,h=7,w=7,k=512,r=1,s=1",
    "conv2d:n=1,c=3,h=224,w=224,k=32,r=3,s=3,stride=2,pad=1",
    "conv2d:n=1,c=8,h=9,w=9,k=8,r=3,s=3,groups=4,layout=nchw"};
enum { PROBLEMS = sizeof problems / sizeof problems[0] };

static void shapes_are_possible_and_all_different(void **state) {
    (void)state;
    for (size_t i = 0; i < PROBLEMS; i++) {
        sy_task task;
        ocl_contraction c;
        ocl_core_shape shape[OCL_CORE_SHAPES_MAX], again;
        char text[OCL_CORE_SHAPES_MAX][OCL_PARAMETERS_MAX];
        task_of(problems[i], &task);
        assert_int_equal(ocl_contraction_read(&traits_of_cpu, &task, &c, NULL), SY_OK);
        uint32_t count = ocl_core_shapes(&traits_of_cpu, &c, shape);
        assert_in_range(count, 1, OCL_CORE_SHAPES_MAX);
        for (uint32_t j = 0; j < count; j++) {
            assert_int_equal(shape[j].mc % shape[j].mr, 0);
            assert_int_equal(shape[j].nc % (shape[j].nrv * shape[j].vw), 0);
            ocl_core_shape_print(&shape[j], text[j]);
            for (uint32_t k = 0; k < j; k++)
                assert_string_not_equal(text[j], text[k]);
            assert_true(ocl_core_shape_parse(text[j], &traits_of_cpu, &c, &again));
            assert_memory_equal(&again, &shape[j], sizeof again);
        }
    }
}

static void variants_follow_the_default_and_end(void **state) {
    (void)state;
    for (size_t i = 0; i < PROBLEMS; i++) {
        sy_task task;
        ocl_recipe recipe;
        sy_error err = SY_ERROR_INIT;
        sy_status status = SY_OK;
        task_of(problems[i], &task);
        assert_int_equal(cook(&traits_of_cpu, &task, false, "", &recipe, &err), SY_OK);
        assert_string_equal(recipe.name, "core");
        assert_true((recipe.flags & SY_ALGO_DETERMINISTIC) != 0);
        assert_int_equal(recipe.failed, 0);
        while (status == SY_OK && task.variant <= OCL_CORE_SHAPES_MAX) {
            task.variant++;
            status = cook(&traits_of_cpu, &task, false, "", &recipe, &err);
            if (status == SY_OK)
                assert_memory_equal(recipe.name, "core/m", 6);
        }
        assert_int_equal(status, SY_UNAVAILABLE);
    }
}

/* What was wished for is what the plan takes, for the default and for every variant. */
static void wished_panels_are_taken(void **state) {
    (void)state;
    for (size_t i = 0; i < PROBLEMS; i++)
        for (uint32_t variant = 0; variant <= OCL_CORE_SHAPES_MAX; variant++) {
            sy_task task;
            ocl_recipe wished, final;
            task_of(problems[i], &task);
            task.variant = variant;
            if (cook(&traits_of_cpu, &task, false, "", &wished, NULL) != SY_OK)
                break;
            sy_task_settle(&task);
            task.tensor[1].layout = wished.layout[1];
            assert_int_equal(cook(&traits_of_cpu, &task, true, "", &final, NULL), SY_OK);
            assert_string_equal(final.name, wished.name);
            assert_string_equal(final.implementation, wished.implementation);
            assert_string_equal(final.defines, wished.defines);
        }
}

static void panels_of_another_width_are_refused(void **state) {
    (void)state;
    sy_task task;
    ocl_recipe recipe;
    sy_error err = SY_ERROR_INIT;
    task_of("gemm:m=64,n=64,k=64", &task);
    task.tensor[1].layout = ocl_panels_layout(17, OCL_CHANNELS_OUTSIDE, 0);
    assert_int_equal(cook(&traits_of_cpu, &task, true, "", &recipe, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "panels of 17"));
}

static void the_database_chooses_and_nonsense_is_ignored(void **state) {
    (void)state;
    static const char *const nonsense[] = {"m6", "m6n2d256r97c256", "m0n2d256r96c256", "m6n2d256r96c255",
        "m6n2d4096r96c256", "m6n2d256r96c256x", "m6n2d256r9600c9600", "m6n2d0r96c256"};
    sy_task task;
    ocl_recipe plain, recipe;
    task_of("gemm:m=640,n=640,k=640", &task);
    assert_int_equal(cook(&traits_of_cpu, &task, false, "", &plain, NULL), SY_OK);
    assert_int_equal(cook(&traits_of_cpu, &task, false, "m4n2d128r16c32", &recipe, NULL), SY_OK);
    assert_string_equal(recipe.implementation, "core:m4n2d128r16c32");
    assert_string_equal(recipe.name, "core");
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        assert_int_equal(cook(&traits_of_cpu, &task, false, nonsense[i], &recipe, NULL), SY_OK);
        assert_string_equal(recipe.implementation, plain.implementation);
    }
}

static void sums_of_bytes_stay_exact(void **state) {
    (void)state;
    sy_task task;
    ocl_recipe recipe;
    task_of("gemm:m=64,n=64,k=5000,dtype=u8:s8:s32", &task);
    assert_int_equal(cook(&traits_of_cpu, &task, false, "m4n2d512r16c32", &recipe, NULL), SY_OK);
    assert_null(strstr(recipe.implementation, "d512"));
    assert_non_null(strstr(recipe.defines, "#define SUM int\n"));
}

static void cards_are_left_to_others(void **state) {
    (void)state;
    sy_task task;
    ocl_recipe recipe;
    sy_error err = SY_ERROR_INIT;
    task_of("gemm:m=64,n=64,k=64", &task);
    assert_int_equal(cook(&traits_of_gpu, &task, false, "", &recipe, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "processors"));
}

/* All of D is covered, by the least number of tiles; nothing is launched for nothing. */
static void launches_cover_the_result(void **state) {
    (void)state;
    sy_task task;
    ocl_recipe recipe;
    task_of("gemm:m=33,n=65,k=4,batch=3", &task);
    assert_int_equal(cook(&traits_of_cpu, &task, false, "m4n2d256r16c32", &recipe, NULL), SY_OK);
    assert_int_equal(recipe.steps, 1);
    assert_int_equal(recipe.step[0].global[0], 3);
    assert_int_equal(recipe.step[0].global[1], 3);
    assert_int_equal(recipe.step[0].global[2], 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_possible_and_all_different),
        cmocka_unit_test(variants_follow_the_default_and_end),
        cmocka_unit_test(wished_panels_are_taken),
        cmocka_unit_test(panels_of_another_width_are_refused),
        cmocka_unit_test(the_database_chooses_and_nonsense_is_ignored),
        cmocka_unit_test(sums_of_bytes_stay_exact),
        cmocka_unit_test(cards_are_left_to_others),
        cmocka_unit_test(launches_cover_the_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
