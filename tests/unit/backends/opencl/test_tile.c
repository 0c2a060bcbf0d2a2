/* The tile family as the pure function that it is: parameters, names, variants, weights, refusals, launches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/panels.h"
#include "backends/opencl/sources.h"
#include "backends/opencl/tiling.h"
#include "tests/unit/backends/opencl/tasks.h"

static ocl_recipe recipe, other; /* large; tests run one after another */

static sy_status cook(
    const ocl_traits *traits, const sy_task *task, bool is_final, const char *parameters, sy_error *err) {
    ocl_request request = {.traits = traits, .task = task, .is_final = is_final, .parameters = parameters};
    recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0, .name = "tile"};
    ocl_wish_layouts(task, recipe.layout);
    return ocl_tile.cook(&request, &recipe, err);
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

/* Every kind of problem that parameters differ for. */
static const char *const problems[] = {"gemm:m=1,n=4096,k=4096", "gemm:m=3,n=1,k=1",
    "gemm:m=512,n=512,k=512,dtype=s8", "gemm:m=31,n=33,k=65,dtype=f64", "gemm:m=7,n=13,k=0,dtype=bf16",
    "gemm:m=1024,n=1024,k=1024,ta=1,tb=1,weights=dynamic", "gemm:m=64,n=64,k=65536,tb=1,dtype=f16",
    "conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,layout=nhwc",
    "conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,layout=nchw", "conv2d:n=2,c=64,h=7,w=7,k=512,r=1,s=1",
    "conv2d:n=1,c=3,h=224,w=224,k=32,r=3,s=3,stride=2,pad=1",
    "conv2d:n=1,c=8,h=9,w=9,k=8,r=3,s=3,groups=4,layout=nchw,weights=dynamic"};
enum { PROBLEMS = sizeof problems / sizeof problems[0] };

static ocl_traits small_card(uint64_t max_work_group, uint64_t local_bytes) {
    ocl_traits traits = traits_of_gpu;
    traits.max_work_group = max_work_group;
    traits.local_bytes = local_bytes;
    traits.has_local = local_bytes > 0;
    return traits;
}

/* What is offered is possible, written as it is read, each once. */
static void the_best_are_possible_and_all_different(void **state) {
    (void)state;
    const ocl_traits devices[] = {
        traits_of_gpu, traits_of_cpu, small_card(1, 0), small_card(64, 4096), small_card(1024, 0)};
    for (size_t i = 0; i < PROBLEMS * (sizeof devices / sizeof devices[0]); i++) {
        const ocl_traits *traits = &devices[i / PROBLEMS];
        sy_task task;
        ocl_contraction c;
        ocl_tiling tile[OCL_TILINGS_MAX], again;
        ocl_tiling_cut cut;
        char text[OCL_TILINGS_MAX][OCL_PARAMETERS_MAX];
        task_of(problems[i % PROBLEMS], &task);
        assert_int_equal(ocl_contraction_read(traits, &task, &c, NULL), SY_OK);
        uint32_t count = ocl_tiling_rank(traits, &c, tile);
        assert_in_range(count, 1, OCL_TILINGS_MAX);
        for (uint32_t j = 0; j < count; j++) {
            assert_true(ocl_tiling_cut_of(traits, &c, &tile[j], &cut));
            assert_true(cut.items <= traits->max_work_group && cut.local_bytes <= traits->local_bytes);
            ocl_tiling_print(&tile[j], text[j]);
            assert_true(ocl_tiling_parse(text[j], &again));
            assert_memory_equal(&again, &tile[j], sizeof again);
            for (uint32_t k = 0; k < j; k++)
                assert_string_not_equal(text[j], text[k]);
        }
    }
}

static void variants_follow_the_default_and_end(void **state) {
    (void)state;
    for (size_t i = 0; i < PROBLEMS; i++) {
        sy_task task;
        sy_error err = SY_ERROR_INIT;
        sy_status status = SY_OK;
        char first[64];
        task_of(problems[i], &task);
        assert_int_equal(cook(&traits_of_gpu, &task, false, "", &err), SY_OK);
        assert_string_equal(recipe.name, "tile");
        assert_true((recipe.flags & SY_ALGO_DETERMINISTIC) != 0);
        assert_int_equal(recipe.failed, 0);
        for (uint32_t j = 0; j < recipe.sources; j++)
            assert_non_null(ocl_source_find(recipe.source[j]));
        snprintf(first, sizeof first, "tile/%.47s", recipe.implementation + strlen("tile:"));
        while (status == SY_OK && task.variant <= OCL_TILINGS_MAX) {
            task.variant++;
            status = cook(&traits_of_gpu, &task, false, "", &err);
            if (status == SY_OK && task.variant == 1)
                assert_string_equal(recipe.name, first);
            if (status == SY_OK)
                assert_memory_equal(recipe.name, "tile/m", 6);
        }
        assert_int_equal(status, SY_UNAVAILABLE);
    }
}

/* What was wished for is what the plan takes, for the default and for every variant. */
static void wished_panels_are_taken(void **state) {
    (void)state;
    uint32_t wishes = 0;
    for (size_t i = 0; i < PROBLEMS; i++)
        for (uint32_t variant = 0; variant <= OCL_TILINGS_MAX; variant++) {
            sy_task task;
            task_of(problems[i], &task);
            task.variant = variant;
            if (cook(&traits_of_gpu, &task, false, "", NULL) != SY_OK)
                break;
            other = recipe;
            wishes += sy_layout_is_private(other.layout[1]);
            sy_task_settle(&task);
            task.tensor[1].layout = other.layout[1];
            assert_int_equal(cook(&traits_of_gpu, &task, true, "", NULL), SY_OK);
            assert_string_equal(recipe.name, other.name);
            assert_string_equal(recipe.implementation, other.implementation);
            assert_string_equal(recipe.defines, other.defines);
        }
    assert_true(wishes > 0);
}

/* The same variant is the same parameters where the host left constant weights as they were. */
static void weights_may_stay_as_they_lie(void **state) {
    (void)state;
    for (size_t i = 0; i < PROBLEMS; i++)
        for (uint32_t variant = 0; variant <= 2; variant++) {
            sy_task task;
            task_of(problems[i], &task);
            task.variant = variant;
            if (cook(&traits_of_gpu, &task, false, "", NULL) == SY_UNAVAILABLE)
                break;
            other = recipe;
            sy_task_settle(&task);
            assert_int_equal(cook(&traits_of_gpu, &task, true, "", NULL), SY_OK);
            assert_string_equal(recipe.implementation, other.implementation);
            assert_int_equal(sy_layout_is_private(recipe.layout[1]), 0);
        }
}

static void weights_are_turned_where_that_helps(void **state) {
    static const struct {
        const char *problem;
        bool is_wished;
    } cases[] = {{"gemm:m=64,n=64,k=64", false}, {"gemm:m=64,n=64,k=64,tb=1", true},
        {"gemm:m=64,n=64,k=64,tb=1,weights=dynamic", false}, {"conv2d:n=1,c=8,h=8,w=8,k=16,r=1,s=1", true},
        {"conv2d:n=1,c=8,h=8,w=8,k=16,r=3,s=3,layout=nchw", true},
        {"conv2d:n=1,c=8,h=8,w=8,k=16,r=3,s=3,weights=dynamic", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cook_text(&traits_of_gpu, cases[i].problem, "");
        assert_int_equal(sy_layout_is_private(recipe.layout[1]), cases[i].is_wished);
    }
    ocl_panels panels;
    cook_text(&traits_of_gpu, "conv2d:n=1,c=8,h=8,w=8,k=16,r=3,s=3,layout=nhwc", "m32n16k8r4x4v4l3b2u4s1");
    assert_true(ocl_panels_read(recipe.layout[1], &panels)); /* columns are channels */
    assert_int_equal(panels.width, 16);
    assert_int_equal(panels.order, OCL_CHANNELS_INSIDE);
    cook_text(&traits_of_gpu, "conv2d:n=1,c=8,h=8,w=8,k=16,r=3,s=3,layout=nchw", "m32n16k8r4x4v4l3b2u4s1");
    assert_true(ocl_panels_read(recipe.layout[1], &panels)); /* rows are */
    assert_int_equal(panels.width, 32);
    assert_int_equal(panels.order, OCL_CHANNELS_OUTSIDE);
}

static void panels_of_another_width_are_refused(void **state) {
    (void)state;
    sy_task task;
    sy_error err = SY_ERROR_INIT;
    task_of("gemm:m=64,n=64,k=64", &task);
    task.tensor[1].layout = ocl_panels_layout(17, OCL_CHANNELS_OUTSIDE, 0);
    assert_int_equal(cook(&traits_of_gpu, &task, true, "", &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "panels of 17"));
}

static void the_database_chooses_and_nonsense_is_ignored(void **state) {
    static const char *const nonsense[] = {"m64", "m64n64k16r4x4v4l3b2u4", "m64n64k16r4x4v4l3b2u4s1x",
        "m064n64k16r4x4v4l3b2u4s1", "m+64n64k16r4x4v4l3b2u4s1", "m 64n64k16r4x4v4l3b2u4s1",
        "m0n64k16r4x4v4l3b2u4s1", "m64n64k16r0x4v4l3b2u4s1", "m64n64k16r3x4v4l3b2u4s1",
        "m64n64k16r4x4v3l3b2u4s1", "m64n64k16r4x4v8l3b2u4s1", "m64n64k16r4x4v4l4b2u4s1",
        "m64n64k16r4x4v4l3b3u4s1", "m64n64k16r4x4v4l3b0u4s1", "m64n64k16r4x4v4l0b2u4s1",
        "m64n64k16r4x4v4l3b2u0s1", "m64n64k16r4x4v4l3b2u4s0", "m64n64k16r4x4v4l3b2u4s65",
        "m256n256k64r8x8v4l3b2u4s1", /* too much local memory */
        "m512n512k8r8x8v4l3b1u4s1",  /* too many work-items */
        "m64n64k16r64x64v4l3b2u4s1" /* too many registers */};
    (void)state;
    cook_text(&traits_of_gpu, "gemm:m=640,n=640,k=640", "");
    other = recipe;
    cook_text(&traits_of_gpu, "gemm:m=640,n=640,k=640", "m64n32k16r4x4v4l3b2u4s2");
    assert_string_equal(recipe.implementation, "tile:m64n32k16r4x4v4l3b2u4s2");
    assert_string_equal(recipe.name, "tile");
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        cook_text(&traits_of_gpu, "gemm:m=640,n=640,k=640", nonsense[i]);
        assert_string_equal(recipe.implementation, other.implementation);
    }
}

static void what_the_device_lacks_is_not_used(void **state) {
    sy_task task;
    sy_error err = SY_ERROR_INIT;
    ocl_traits traits = small_card(256, 0);
    (void)state;
    cook_text(&traits, "gemm:m=640,n=640,k=640", "m64n64k16r4x4v4l3b2u4s1");
    assert_true(defines("#define L_LOCAL 0\n") && defines("#define R_LOCAL 0\n"));
    traits = small_card(1, 32 << 10);
    cook_text(&traits, "gemm:m=640,n=640,k=640", "");
    assert_true(defines("#define ITEMS 1\n"));
    traits = traits_of_gpu;
    traits.fp64 = false;
    task_of("gemm:m=64,n=64,k=64,dtype=f64", &task);
    assert_int_equal(cook(&traits, &task, false, "", &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "double precision"));
    traits.max_items[0] = 16;
    cook_text(&traits, "gemm:m=640,n=640,k=640", "m64n64k16r4x4v4l3b2u4s1");
    assert_false(defines("#define ITEMS 256\n"));
}

static void bytes_are_packed_where_the_device_multiplies_them_so(void **state) {
    static const char *const parameters = "m64n64k16r4x4v4l3b2u4s1";
    ocl_traits traits = traits_of_gpu;
    (void)state;
    cook_text(&traits, "gemm:m=64,n=64,k=64,dtype=s8", parameters);
    assert_true(defines("#define CELL uint\n") && defines("#define DOT dot_4x8packed_ss_int\n"));
    cook_text(&traits, "gemm:m=64,n=64,k=64,dtype=u8:s8:s32", parameters);
    assert_true(defines("#define DOT dot_4x8packed_us_int\n"));
    cook_text(&traits, "gemm:m=64,n=64,k=64,dtype=s8", "m64n64k6r4x4v4l3b2u4s1"); /* no whole cells */
    assert_false(defines("#define TILE_K 6\n"));
    traits.little_endian = false;
    cook_text(&traits, "gemm:m=64,n=64,k=64,dtype=s8", parameters);
    assert_true(defines("#define CELL int\n") && defines("#define PACKED 0\n"));
    traits = traits_of_gpu;
    traits.dot8 = false;
    cook_text(&traits, "gemm:m=64,n=64,k=64,dtype=s8", parameters);
    assert_true(defines("#define CELL int\n") && defines("#define IS_INT 1\n"));
    cook_text(&traits_of_gpu, "gemm:m=64,n=64,k=64,dtype=f16", parameters);
    assert_true(defines("#define CELL float\n") && defines("#define SUM float\n"));
}

/* All of D is covered by the least number of tiles, for each member and part; nothing is launched for
 * nothing. */
static void launches_cover_the_result(void **state) {
    (void)state;
    cook_text(&traits_of_gpu, "gemm:m=33,n=65,k=4,batch=3", "m32n32k16r4x4v4l3b2u4s1");
    assert_int_equal(recipe.steps, 1);
    assert_int_equal(recipe.step[0].local[0], 64);
    assert_int_equal(recipe.step[0].global[0], 2 * 3 * 3 * 64);
    assert_int_equal(recipe.workspace_bytes, 0);
    cook_text(&traits_of_gpu, "gemm:m=33,n=65,k=400,batch=3", "m32n32k16r4x4v4l3b2u4s5");
    assert_int_equal(recipe.steps, 2);
    assert_int_equal(recipe.step[0].global[0], 2 * 3 * 3 * 5 * 64);
    assert_int_equal(recipe.workspace_bytes, 4 * 33 * 65 * 3 * 5);
    assert_in_range(recipe.step[1].global[0], 33 * 65 * 3, 33 * 65 * 3 + 63);
    sy_task task;
    task_of("gemm:m=33,n=65,k=4", &task);
    sy_task_settle(&task);
    task.tensor[0].dim[1] = task.tensor[task.n_in].dim[1] = 0;
    assert_int_equal(cook(&traits_of_gpu, &task, true, "", NULL), SY_OK);
    assert_int_equal(recipe.step[0].global[0], 0);
}

static void parts_need_a_buffer_that_holds_them(void **state) {
    ocl_traits traits = traits_of_gpu;
    (void)state;
    traits.max_alloc_bytes = 640 * 640 * 4 * 3;
    cook_text(&traits, "gemm:m=640,n=640,k=6400", "m64n64k16r4x4v4l3b2u4s3");
    assert_true(defines("#define SPLIT 3\n"));
    cook_text(&traits, "gemm:m=640,n=640,k=6400", "m64n64k16r4x4v4l3b2u4s4");
    assert_false(defines("#define SPLIT 4\n"));
}

static void offsets_are_as_wide_as_they_must_be(void **state) {
    (void)state;
    cook_text(&traits_of_gpu, "gemm:m=64,n=29000,k=70000", "");
    assert_true(defines("#define L_INDEX int\n") && defines("#define R_INDEX int\n"));
    cook_text(&traits_of_gpu, "gemm:m=64,n=40000,k=70000", "");
    assert_true(defines("#define L_INDEX int\n") && defines("#define R_INDEX long\n"));
    cook_text(&traits_of_gpu, "conv2d:n=64,c=64,h=800,w=800,k=64,r=3,s=3,layout=nhwc", "");
    assert_true(defines("#define L_INDEX long\n")); /* over all images */
}

/* Vectors follow memory, and only where they begin at multiples of their width. */
static void vectors_follow_memory(void **state) {
    static const char *const parameters = "m64n64k16r4x4v4l3b2u4s1";
    (void)state;
    cook_text(&traits_of_gpu, "gemm:m=64,n=64,k=64,weights=dynamic", parameters);
    assert_true(defines("#define L_ALONG 1\n") && defines("#define L_VECTOR 4\n"));
    assert_true(defines("#define R_ALONG 0\n") && defines("#define R_VECTOR 4\n"));
    assert_true(defines("#define L_PITCH 68\n") && defines("#define R_PITCH 64\n"));
    cook_text(&traits_of_gpu, "gemm:m=64,n=63,k=66,ta=1,tb=1,weights=dynamic", parameters);
    assert_true(defines("#define L_ALONG 0\n") && defines("#define L_VECTOR 4\n"));
    assert_true(defines("#define R_ALONG 1\n") && defines("#define R_VECTOR 1\n"));
    cook_text(&traits_of_gpu, "conv2d:n=1,c=6,h=8,w=8,k=16,r=3,s=3,layout=nhwc", parameters);
    assert_true(
        defines("#define L_ALONG 1\n") && defines("#define L_VECTOR 1\n")); /* 4 would leave the tap */
    cook_text(&traits_of_gpu, "conv2d:n=1,c=8,h=8,w=8,k=16,r=3,s=3,layout=nhwc", parameters);
    assert_true(defines("#define L_VECTOR 4\n"));
    cook_text(&traits_of_gpu, "conv2d:n=1,c=8,h=8,w=8,k=16,r=3,s=3,layout=nchw", parameters);
    assert_true(defines("#define R_ALONG 0\n") && defines("#define R_VECTOR 1\n")); /* rows of pixels end */
}

static void results_by_columns_are_mirrored(void **state) {
    sy_task task;
    (void)state;
    task_of("gemm:m=48,n=20,k=33,weights=dynamic", &task);
    sy_task_settle(&task);
    task.tensor[task.n_in].stride[1] = 1;
    task.tensor[task.n_in].stride[2] = 48;
    assert_int_equal(cook(&traits_of_gpu, &task, true, "", NULL), SY_OK);
    assert_true(defines("#define FINISH_VECTOR\n"));
    assert_true(defines("#define R_ALONG 1\n") && defines("#define L_ALONG 0\n")); /* A, and B */
}

/* Where the model is surely right: large tiles for large products, parts where there are few tiles. */
static void the_model_tells_large_from_small(void **state) {
    ocl_contraction c;
    ocl_tiling tile[OCL_TILINGS_MAX];
    sy_task task;
    (void)state;
    task_of("gemm:m=4096,n=4096,k=4096", &task);
    assert_int_equal(ocl_contraction_read(&traits_of_gpu, &task, &c, NULL), SY_OK);
    assert_true(ocl_tiling_rank(&traits_of_gpu, &c, tile) > 8);
    assert_true(tile[0].m >= 64 && tile[0].n >= 64 && tile[0].mi * tile[0].ni >= 32 && tile[0].local == 3);
    assert_int_equal(tile[0].split, 1);
    task_of("gemm:m=64,n=64,k=65536", &task);
    assert_int_equal(ocl_contraction_read(&traits_of_gpu, &task, &c, NULL), SY_OK);
    assert_true(ocl_tiling_rank(&traits_of_gpu, &c, tile) > 8);
    assert_true(tile[0].split > 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_are_possible_and_all_different),
        cmocka_unit_test(variants_follow_the_default_and_end),
        cmocka_unit_test(wished_panels_are_taken),
        cmocka_unit_test(weights_may_stay_as_they_lie),
        cmocka_unit_test(weights_are_turned_where_that_helps),
        cmocka_unit_test(panels_of_another_width_are_refused),
        cmocka_unit_test(the_database_chooses_and_nonsense_is_ignored),
        cmocka_unit_test(what_the_device_lacks_is_not_used),
        cmocka_unit_test(bytes_are_packed_where_the_device_multiplies_them_so),
        cmocka_unit_test(launches_cover_the_result),
        cmocka_unit_test(parts_need_a_buffer_that_holds_them),
        cmocka_unit_test(offsets_are_as_wide_as_they_must_be),
        cmocka_unit_test(vectors_follow_memory),
        cmocka_unit_test(results_by_columns_are_mirrored),
        cmocka_unit_test(the_model_tells_large_from_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
