/* Ceilings: which arithmetic stands for which types, how much of it is done, and that results are finite. */
#include <math.h>

#include "tests/unit/backends/opencl/solve.h"
#include "tests/unit/backends/opencl/tasks.h"

static sy_status cook(const ocl_traits *traits, const sy_task *task, ocl_recipe *recipe, sy_error *err) {
    ocl_request request = {.traits = traits, .task = task, .is_final = true, .parameters = ""};
    *recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0};
    return ocl_peak.cook(&request, recipe, err);
}

static void each_type_has_an_arithmetic(void **state) {
    (void)state;
    static const struct {
        const ocl_traits *traits;
        const char *type, *implementation;
        bool is_emulated;
    } rows[] = {{&traits_of_cpu, "f32", "12 chains of float8, mad", false},
        {&traits_of_cpu, "f64", "12 chains of double4, mad", false},
        {&traits_of_cpu, "bf16", "12 chains of float8, mad", true},
        {&traits_of_cpu, "f16", "12 chains of float8, mad", true},
        {&traits_of_cpu, "s8", "12 chains of float8, mad", true},
        {&traits_of_gpu, "f32", "4 chains of float4, mad", false},
        {&traits_of_gpu, "f16:f16:f16:f16", "4 chains of half4, mad", false},
        {&traits_of_gpu, "s8", "16 chains of int, dot_4x8packed_ss", false},
        {&traits_of_gpu, "u8", "16 chains of int, dot_4x8packed_us", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char problem[64];
        sy_task task;
        static ocl_recipe recipe;
        snprintf(problem, sizeof problem, "peak:flop=1G,dtype=%s", rows[i].type);
        task_of(problem, &task);
        assert_int_equal(cook(rows[i].traits, &task, &recipe, NULL), SY_OK);
        assert_string_equal(recipe.implementation, rows[i].implementation);
        assert_int_equal((recipe.flags & SY_ALGO_EMULATED) != 0, rows[i].is_emulated);
        assert_int_equal(recipe.failed, 0);
    }
}

static void processors_do_not_use_packed_dot_products(void **state) {
    (void)state;
    sy_task task;
    static ocl_recipe recipe;
    ocl_traits traits = traits_of_cpu;
    traits.dot8 = true;
    task_of("peak:flop=1M,dtype=s8", &task);
    assert_int_equal(cook(&traits, &task, &recipe, NULL), SY_OK);
    assert_null(strstr(recipe.defines, "dot_4x8"));
}

static void vectors_are_those_of_the_processor(void **state) {
    (void)state;
    static const struct {
        uint32_t vector_f32;
        const char *implementation;
    } rows[] = {{1, "12 chains of float, mad"}, {2, "12 chains of float2, mad"},
        {4, "12 chains of float4, mad"}, {16, "12 chains of float16, mad"},
        {64, "12 chains of float16, mad"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_task task;
        static ocl_recipe recipe;
        ocl_traits traits = traits_of_cpu;
        traits.vector_f32 = rows[i].vector_f32;
        task_of("peak:flop=1M,dtype=f32", &task);
        assert_int_equal(cook(&traits, &task, &recipe, NULL), SY_OK);
        assert_string_equal(recipe.implementation, rows[i].implementation);
    }
}

static double ratio_of(const ocl_traits *traits, uint64_t flop, uint64_t *out_items) {
    sy_task task;
    static ocl_recipe recipe;
    task_of("peak:flop=1M,dtype=f32", &task);
    task.attr.peak.flop = flop;
    assert_int_equal(cook(traits, &task, &recipe, NULL), SY_OK);
    *out_items = recipe.step[0].global[0];
    return recipe.flop_ratio;
}

static void what_is_done_is_what_is_asked_or_a_little_more(void **state) {
    (void)state;
    static const uint64_t flop[] = {1, 1000, 1000000, 1000000007, UINT64_C(1) << 45, UINT64_C(1) << 62};
    uint64_t items = 0;
    for (size_t i = 0; i < sizeof flop / sizeof flop[0]; i++) {
        double round = 128.0 * 16.0 * 8.0 * 2.0, ratio = ratio_of(&traits_of_gpu, flop[i], &items);
        assert_true(ratio >= 1.0);
        assert_true(ratio <= 1.0 + (double)items / 128.0 * round / (double)flop[i]);
    }
    assert_true(ratio_of(&traits_of_cpu, 1, &items) == 12.0 * 8.0 * 8.0 * 2.0);
    assert_int_equal(items, 1);
    ratio_of(&traits_of_cpu, UINT64_C(1) << 40, &items);
    assert_int_equal(items, 8);
    ratio_of(&traits_of_gpu, UINT64_C(1) << 40, &items);
    assert_int_equal(items, 32 * 16 * 128);
}

static void what_has_no_arithmetic_is_refused(void **state) {
    (void)state;
    sy_task good, task;
    static ocl_recipe recipe;
    ocl_traits traits = traits_of_gpu;
    traits.fp64 = traits.fp16 = false;
    task_of("peak:flop=1M,dtype=f32", &good);
    task = good, task.attr.peak.dtype_in = SY_F8E4M3;
    world_refused(cook(&traits, &task, &recipe, err), SY_UNSUPPORTED, "f8e4m3 into f32");
    task_of("peak:flop=1M,dtype=f64", &task);
    world_refused(cook(&traits, &task, &recipe, err), SY_UNSUPPORTED, "no cl_khr_fp64");
    task_of("peak:flop=1M,dtype=f16:f16:f16:f16", &task);
    world_refused(cook(&traits, &task, &recipe, err), SY_UNSUPPORTED, "no cl_khr_fp16");
}

static void what_is_no_peak_is_refused(void **state) {
    (void)state;
    sy_task good, task;
    static ocl_recipe recipe;
    task_of("peak:flop=1M,dtype=f32", &good);
    task = good, task.attr.peak.flop = 0;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "0 or more than");
    task = good, task.attr.peak.flop = (UINT64_C(1) << 62) + 1;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "2^62");
    task = good, task.tensor[0].dtype = SY_F64;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "at least one f32");
    task = good, task.tensor[0].dim[0] = 0;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "at least one f32");
    task = good, task.tensor[0].stride[0] = 3;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "dense");
    task = good, task.variant = 1;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_UNAVAILABLE, "variants");
}

/* All sums of whole chains that have converged: 1 a lane, in as many sums as there are items; 0 in the
 * others. */
static void check_sums(world *w, int64_t count, double lanes, uint64_t shift) {
    float out[4096 + 2];
    sy_buffer *buffer = world_alloc(w, SY_MEMORY_DEVICE, sizeof out);
    sy_tensor tensor = {.size = sizeof tensor, .dtype = SY_F32, .rank = 1, .dim = {count}, .stride = {1}};
    const sy_peak_attr attr = {
        .size = sizeof attr, .dtype_in = SY_F32, .dtype_acc = SY_F32, .flop = 50000000};
    const sy_problem problem = {.size = sizeof problem,
        .op = SY_OP_PEAK,
        .tensor = &tensor,
        .n_out = 1,
        .attr = &attr,
        .acc_dtype = SY_F32};
    const sy_span span = world_span(buffer, shift * 4, (uint64_t)count * 4);
    int64_t full = 0;
    for (size_t i = 0; i < sizeof out / sizeof out[0]; i++)
        out[i] = NAN;
    world_put(w, world_span(buffer, 0, sizeof out), out);
    solve(w, &problem, "peak", &span);
    world_get(w, world_span(buffer, 0, sizeof out), out);
    for (int64_t i = 0; i < count; i++) {
        float sum = out[(int64_t)shift + i];
        assert_true(sum == 0.0f || fabs((double)sum - lanes) < 0.01 * lanes);
        full += sum != 0.0f;
    }
    assert_true(full > 0);
    assert_true(isnan(out[(int64_t)shift + count]));
    assert_true(shift == 0 || isnan(out[shift - 1]));
    w->api->memory->free(buffer);
}

static void sums_are_those_of_the_chains(void **state) {
    static const char *const params[] = {"family=cpu", "family=gpu"};
    (void)state;
    if (!world_exists())
        skip();
    for (size_t i = 0; i < 2; i++) {
        world w = {0};
        world_open(&w, params[i]);
        uint32_t width = w.device->traits.vector_f32 < 16 ? w.device->traits.vector_f32 : 16;
        double lanes = i == 0 ? 12.0 * width : 16.0;
        check_sums(&w, 4096, lanes, 1);
        check_sums(&w, 1, lanes, 0);
        check_sums(&w, 37, lanes, 0);
        world_close(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_has_an_arithmetic),
        cmocka_unit_test(processors_do_not_use_packed_dot_products),
        cmocka_unit_test(vectors_are_those_of_the_processor),
        cmocka_unit_test(what_is_done_is_what_is_asked_or_a_little_more),
        cmocka_unit_test(what_has_no_arithmetic_is_refused),
        cmocka_unit_test(what_is_no_peak_is_refused),
        cmocka_unit_test(sums_are_those_of_the_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
