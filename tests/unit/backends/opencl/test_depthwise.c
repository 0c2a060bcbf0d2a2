/* Depthwise convolutions: which kernel takes which, how work is cut, weights in panels, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/depthwise_shape.h"
#include "backends/opencl/panels.h"
#include "tests/unit/backends/opencl/tasks.h"

#define IMAGE "n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,groups=64"

static sy_status cook(const ocl_traits *traits, const sy_task *task, bool is_final, const char *parameters,
    ocl_recipe *recipe, sy_error *err) {
    ocl_request request = {.traits = traits, .task = task, .is_final = is_final, .parameters = parameters};
    *recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0, .name = "depthwise"};
    ocl_wish_layouts(task, recipe->layout);
    return ocl_depthwise.cook(&request, recipe, err);
}

static void expect(
    const ocl_traits *traits, const char *problem, const char *kernel, const char *definition) {
    sy_task task;
    static ocl_recipe recipe;
    task_of(problem, &task);
    assert_int_equal(cook(traits, &task, false, "", &recipe, NULL), SY_OK);
    assert_int_equal(recipe.failed, 0);
    assert_int_equal(recipe.steps, 1);
    assert_string_equal(recipe.step[0].kernel, kernel);
    assert_true((recipe.flags & SY_ALGO_DETERMINISTIC) != 0);
    if (strstr(recipe.defines, definition) == NULL)
        fail_msg("%s: no \"%s\" in\n%s", problem, definition, recipe.defines);
}

static void layouts_have_their_kernels(void **state) {
    (void)state;
    expect(&traits_of_cpu, "conv2d:" IMAGE, "depthwise_channels", "#define X_VECTOR 1\n");
    expect(&traits_of_cpu, "conv2d:" IMAGE ",layout=nhwc", "depthwise_channels", "#define VW 8\n");
    expect(&traits_of_cpu, "conv2d:" IMAGE ",layout=nchw", "depthwise_planes", "#define X_VECTOR 1\n");
    expect(&traits_of_gpu, "conv2d:" IMAGE ",layout=nhwc", "depthwise_channels", "#define VW 4\n");
    expect(
        &traits_of_gpu, "conv2d:" IMAGE ",layout=nchw", "depthwise_points", "#define ROWS_ARE_CHANNELS 1\n");
}

static void types_are_multiplied_in_what_is_exact_enough(void **state) {
    (void)state;
    expect(&traits_of_cpu, "conv2d:" IMAGE ",dtype=f64", "depthwise_channels", "#define VALUE double\n");
    expect(&traits_of_cpu, "conv2d:" IMAGE ",dtype=f64", "depthwise_channels", "#define VW 4\n");
    expect(&traits_of_cpu, "conv2d:" IMAGE ",dtype=bf16", "depthwise_channels", "#define VALUE float\n");
    expect(&traits_of_cpu, "conv2d:" IMAGE ",dtype=s8", "depthwise_channels", "#define VALUE float\n");
    expect(&traits_of_cpu, "conv2d:n=1,c=4,h=60,w=60,k=4,r=23,s=23,groups=4,dtype=s8", "depthwise_channels",
        "#define VALUE int\n");
    expect(&traits_of_cpu, "conv2d:n=1,c=4,h=60,w=60,k=4,r=23,s=22,groups=4,dtype=s8", "depthwise_channels",
        "#define VALUE float\n");
}

static void long_windows_are_not_written_out(void **state) {
    (void)state;
    const char *wide = "conv2d:n=1,c=64,h=56,w=56,k=64,r=13,s=13,pad=6,groups=64";
    expect(&traits_of_cpu, "conv2d:" IMAGE, "depthwise_channels", "#define UNROLL_TAPS 1\n");
    expect(&traits_of_cpu, wide, "depthwise_channels", "#define UNROLL_TAPS 0\n");
    expect(&traits_of_cpu, wide, "depthwise_channels", "#define PB 1\n");
}

static void channels_that_are_no_whole_vectors_have_a_tail(void **state) {
    (void)state;
    expect(&traits_of_cpu, "conv2d:" IMAGE, "depthwise_channels", "#define HAS_TAIL 0\n");
    expect(&traits_of_cpu, "conv2d:n=1,c=19,h=9,w=9,k=19,r=3,s=3,groups=19", "depthwise_channels",
        "#define HAS_TAIL 1\n");
    expect(&traits_of_cpu, "conv2d:n=1,c=8,h=9,w=9,k=24,r=3,s=3,groups=8,layout=nhwc", "depthwise_channels",
        "#define MULTIPLIER 3\n");
    expect(&traits_of_cpu, "conv2d:n=1,c=8,h=9,w=9,k=24,r=3,s=3,groups=8,layout=nhwc", "depthwise_channels",
        "#define X_VECTOR 0\n");
}

/* What was wished for is what the plan takes; what was not offered is refused. */
static void wished_panels_are_taken(void **state) {
    (void)state;
    const ocl_traits *traits[] = {&traits_of_cpu, &traits_of_gpu};
    const uint32_t width[] = {8, 64};
    for (int i = 0; i < 2; i++) {
        sy_task task;
        static ocl_recipe wished, final;
        ocl_panels panels;
        sy_error err = SY_ERROR_INIT;
        task_of("conv2d:" IMAGE ",layout=nhwc", &task);
        assert_int_equal(cook(traits[i], &task, false, "", &wished, NULL), SY_OK);
        assert_true(ocl_panels_read(wished.layout[1], &panels));
        assert_int_equal(panels.width, width[i]);
        assert_int_equal(panels.groups, 1);
        task.tensor[1].layout = wished.layout[1];
        assert_int_equal(cook(traits[i], &task, true, "", &final, NULL), SY_OK);
        assert_string_equal(final.defines, wished.defines);
        task.tensor[1].layout = ocl_panels_layout(16, 0, 1);
        assert_int_equal(cook(traits[i], &task, true, "", &final, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, "not offered"));
    }
}

static void weights_that_change_are_read_as_they_lie(void **state) {
    (void)state;
    const char *dynamic = "conv2d:" IMAGE ",layout=nhwc,weights=dynamic";
    expect(&traits_of_cpu, dynamic, "depthwise_channels", "#define W_FORM 2\n");
    expect(&traits_of_gpu, dynamic, "depthwise_channels", "#define W_FORM 0\n");
    /* No item packs more than it has room for: 16384 / 9 taps. */
    expect(&traits_of_cpu,
        "conv2d:n=1,c=4096,h=112,w=112,k=4096,r=3,s=3,groups=4096,layout=nhwc,weights=dynamic",
        "depthwise_channels", "#define CHUNK 1816\n");
    expect(&traits_of_cpu, "conv2d:n=1,c=8,h=200,w=200,k=8,r=150,s=150,groups=8,layout=nhwc,weights=dynamic",
        "depthwise_channels", "#define W_FORM 0\n");
}

static void variants_are_strips_that_are_possible(void **state) {
    (void)state;
    static const struct {
        const char *problem;
        uint32_t variants;
    } rows[] = {{"conv2d:" IMAGE, 6}, {"conv2d:" IMAGE ",layout=nchw", 0},
        {"conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,dilation=2,groups=64", 4},
        {"conv2d:n=1,c=64,h=3,w=56,k=64,r=3,s=3,groups=64", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_task task;
        static ocl_recipe recipe;
        char names[8][64];
        task_of(rows[i].problem, &task);
        for (task.variant = 1; task.variant <= rows[i].variants; task.variant++) {
            assert_int_equal(cook(&traits_of_cpu, &task, false, "", &recipe, NULL), SY_OK);
            assert_memory_equal(recipe.name, "depthwise/p", 11);
            snprintf(names[task.variant], sizeof names[0], "%s", recipe.name);
            for (uint32_t j = 1; j < task.variant; j++)
                assert_string_not_equal(names[j], recipe.name);
        }
        assert_int_equal(cook(&traits_of_cpu, &task, false, "", &recipe, NULL), SY_UNAVAILABLE);
    }
}

static void parameters_choose_a_strip(void **state) {
    (void)state;
    sy_task task;
    static ocl_recipe recipe;
    task_of("conv2d:" IMAGE, &task);
    assert_int_equal(cook(&traits_of_cpu, &task, false, "p1q8", &recipe, NULL), SY_OK);
    assert_string_equal(recipe.implementation, "depthwise:channels:p1q8");
    assert_string_equal(recipe.name, "depthwise");
    assert_int_equal(cook(&traits_of_cpu, &task, false, "m6n2", &recipe, NULL), SY_OK);
    assert_string_equal(recipe.implementation, "depthwise:channels:p2q4");
}

static int64_t parts(int64_t whole, int64_t part) {
    return (whole + part - 1) / part;
}

/* Every pixel of every channel belongs to one work-item; bands fit where they are copied to. */
static void cuts_cover_the_output(void **state) {
    (void)state;
    static const char *const problems[] = {"conv2d:" IMAGE, "conv2d:" IMAGE ",layout=nchw",
        "conv2d:n=3,c=19,h=7,w=7,k=19,r=3,s=3,pad=1,groups=19,layout=nchw",
        "conv2d:n=1,c=1,h=1,w=1,k=1,r=1,s=1,groups=1,layout=nchw",
        "conv2d:n=1,c=960,h=7,w=7,k=960,r=5,s=5,pad=2,stride=2,groups=960,layout=nhwc",
        "conv2d:n=1,c=4,h=9000,w=3000,k=4,r=3,s=3,stride=2,groups=4,layout=nchw",
        "conv2d:n=1,c=8,h=30,w=30,k=8,r=3,s=3,dilation=9,groups=8,layout=nchw"};
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        sy_task task;
        static ocl_recipe recipe;
        ocl_depthwise_shape s;
        ocl_contraction c;
        task_of(problems[i], &task);
        assert_int_equal(cook(&traits_of_cpu, &task, false, "", &recipe, NULL), SY_OK);
        assert_int_equal(ocl_contraction_read(&traits_of_cpu, &task, &c, NULL), SY_OK);
        int64_t channels = sy_task_output(&task, 0)->dim[1];
        *(c.rows_are_channels ? &c.rows : &c.cols) = channels;
        assert_true(ocl_depthwise_shape_of(&traits_of_cpu, &c, 0, &s));
        assert_in_range(s.row_chunk, 1, c.image.p + 1);
        assert_int_equal(recipe.step[0].global[0], c.image.n * parts(c.image.p, s.row_chunk) *
                                                       parts(c.image.q, s.column_chunk) *
                                                       parts(channels, s.channel_chunk));
        if (s.form != OCL_DEPTHWISE_PLANES)
            continue;
        assert_true(
            c.image.stride_h * c.image.stride_w * s.lines * s.pitch + OCL_DEPTHWISE_RUN * s.vw <= s.buffer);
        assert_true(s.band * s.pitch + OCL_DEPTHWISE_RUN * s.vw <= s.sums);
        assert_in_range(s.buffer, 1, 2 * OCL_DEPTHWISE_BUFFER_MAX);
    }
}

static void rows_that_fit_no_buffer_go_pixel_by_pixel(void **state) {
    (void)state;
    expect(&traits_of_cpu, "conv2d:n=1,c=2,h=9,w=70000,k=2,r=3,s=3,groups=2,layout=nchw", "depthwise_points",
        "#define ROWS_ARE_CHANNELS 1\n");
}

static void refused(const ocl_traits *traits, const sy_task *task, sy_status status, const char *words) {
    static ocl_recipe recipe;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(cook(traits, task, false, "", &recipe, &err), status);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void what_is_not_depthwise_is_refused(void **state) {
    (void)state;
    sy_task task;
    ocl_traits traits = traits_of_cpu;
    traits.fp64 = false;
    task_of("conv2d:n=1,c=8,h=9,w=9,k=8,r=3,s=3", &task);
    refused(&traits, &task, SY_UNSUPPORTED, "one input channel a group; this has 8");
    task_of("conv2d:n=1,c=8,h=9,w=9,k=8,r=3,s=3,groups=4", &task);
    refused(&traits, &task, SY_UNSUPPORTED, "this has 2");
    task_of("conv2d:" IMAGE ",dtype=f8e4m3", &task);
    refused(&traits, &task, SY_UNSUPPORTED, "f8e4m3 is not done");
    task_of("conv2d:" IMAGE ",dtype=f64", &task);
    refused(&traits, &task, SY_UNSUPPORTED, "no double precision");
    task_of("conv2d:n=1,c=1,h=600000000,w=1,k=1,r=1,s=1", &task);
    refused(&traits, &task, SY_UNSUPPORTED, "2^29");
    task_of("conv2d:" IMAGE, &task);
    task.attr.conv.transposed = 1;
    refused(&traits, &task, SY_UNSUPPORTED, "transposed");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_have_their_kernels),
        cmocka_unit_test(types_are_multiplied_in_what_is_exact_enough),
        cmocka_unit_test(long_windows_are_not_written_out),
        cmocka_unit_test(channels_that_are_no_whole_vectors_have_a_tail),
        cmocka_unit_test(wished_panels_are_taken),
        cmocka_unit_test(weights_that_change_are_read_as_they_lie),
        cmocka_unit_test(variants_are_strips_that_are_possible),
        cmocka_unit_test(parameters_choose_a_strip),
        cmocka_unit_test(cuts_cover_the_output),
        cmocka_unit_test(rows_that_fit_no_buffer_go_pixel_by_pixel),
        cmocka_unit_test(what_is_not_depthwise_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
