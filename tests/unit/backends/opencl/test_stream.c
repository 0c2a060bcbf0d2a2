/* Memory rates: what is launched where, what is refused, and what devices make of odd sizes and places. */
#include "tests/unit/backends/opencl/solve.h"
#include "tests/unit/backends/opencl/tasks.h"

static sy_status cook(const ocl_traits *traits, const sy_task *task, ocl_recipe *recipe, sy_error *err) {
    ocl_request request = {.traits = traits, .task = task, .is_final = true, .parameters = ""};
    *recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0};
    return ocl_stream.cook(&request, recipe, err);
}

static void each_kind_has_its_kernel(void **state) {
    (void)state;
    static const struct {
        const char *problem, *kernel;
        uint32_t arguments;
    } rows[] = {{"stream:bytes=1M,kind=read", "stream_read", 4},
        {"stream:bytes=1M,kind=triad", "stream_triad", 5}, {"stream:bytes=1M,kind=fill", "stream_fill", 3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_task task;
        static ocl_recipe recipe;
        task_of(rows[i].problem, &task);
        assert_int_equal(cook(&traits_of_cpu, &task, &recipe, NULL), SY_OK);
        assert_int_equal(recipe.failed, 0);
        assert_int_equal(recipe.steps, 1);
        assert_string_equal(recipe.step[0].kernel, rows[i].kernel);
        assert_int_equal(recipe.step[0].args, rows[i].arguments);
        assert_true((recipe.flags & SY_ALGO_DETERMINISTIC) != 0);
    }
}

static uint64_t groups_of(const ocl_traits *traits, const char *problem, int64_t sums) {
    sy_task task;
    static ocl_recipe recipe;
    task_of(problem, &task);
    if (sums > 0)
        task.tensor[task.n_in].dim[0] = sums;
    assert_int_equal(cook(traits, &task, &recipe, NULL), SY_OK);
    assert_int_equal(recipe.step[0].global[0] % recipe.step[0].local[0], 0);
    return recipe.step[0].global[0] / recipe.step[0].local[0];
}

static void groups_fill_the_device_and_no_more(void **state) {
    (void)state;
    assert_int_equal(groups_of(&traits_of_cpu, "stream:bytes=1G,kind=triad", 0), 8);
    assert_int_equal(groups_of(&traits_of_gpu, "stream:bytes=1G,kind=triad", 0), 256);
    assert_int_equal(groups_of(&traits_of_cpu, "stream:bytes=4K,kind=fill", 0), 2);
    assert_int_equal(groups_of(&traits_of_cpu, "stream:bytes=4,kind=fill", 0), 1);
    assert_int_equal(groups_of(&traits_of_gpu, "stream:bytes=4,kind=read", 0), 1);
}

static void there_are_no_more_groups_than_sums(void **state) {
    (void)state;
    assert_int_equal(groups_of(&traits_of_gpu, "stream:bytes=1G,kind=read", 3), 3);
    assert_int_equal(groups_of(&traits_of_gpu, "stream:bytes=1G,kind=read", 1000), 256);
    assert_int_equal(groups_of(&traits_of_cpu, "stream:bytes=1G,kind=read", 1), 1);
}

static void a_card_without_local_memory_takes_stretches(void **state) {
    (void)state;
    sy_task task;
    static ocl_recipe recipe;
    ocl_traits traits = traits_of_gpu;
    traits.local_bytes = 0;
    task_of("stream:bytes=1M,kind=read", &task);
    assert_int_equal(cook(&traits, &task, &recipe, NULL), SY_OK);
    assert_non_null(strstr(recipe.defines, "#define GRID 0\n"));
    assert_int_equal(recipe.step[0].local[0], 1);
    assert_int_equal(cook(&traits_of_gpu, &task, &recipe, NULL), SY_OK);
    assert_non_null(strstr(recipe.defines, "#define GRID 1\n"));
}

static void groups_are_no_larger_than_the_device_allows(void **state) {
    (void)state;
    sy_task task;
    static ocl_recipe recipe;
    ocl_traits traits = traits_of_gpu;
    traits.max_work_group = 100;
    task_of("stream:bytes=1M,kind=read", &task);
    assert_int_equal(cook(&traits, &task, &recipe, NULL), SY_OK);
    assert_int_equal(recipe.step[0].local[0], 64);
}

static void what_is_no_stream_is_refused(void **state) {
    (void)state;
    sy_task good, task;
    static ocl_recipe recipe;
    task_of("stream:bytes=1M,kind=triad", &good);
    task = good, task.attr.stream.kind = 9;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_UNSUPPORTED, "kind 9");
    task = good, task.attr.stream.kind = SY_STREAM_READ;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "1 dense f32 inputs");
    task = good, task.tensor[1].dtype = SY_F64;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "2 dense f32 inputs");
    task = good, task.tensor[2].stride[0] = 2;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "dense");
    task = good, task.tensor[0].dim[0]--;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_INVALID_ARGUMENT, "bytes / 4");
    task = good, task.variant = 1;
    world_refused(cook(&traits_of_cpu, &task, &recipe, err), SY_UNAVAILABLE, "variants");
}

static const int64_t lengths[] = {0, 1, 3, 7, 1023, 1025, 4099, 70001};
enum { LENGTHS = sizeof lengths / sizeof lengths[0], LONGEST = 70001, SUMS = 5, BEHIND = 8 };

static float value_of(int64_t i) {
    return (float)(i % 17 - 8);
}

static sy_tensor vector_of(int64_t elements) {
    return (sy_tensor){
        .size = sizeof(sy_tensor), .dtype = SY_F32, .rank = 1, .dim = {elements}, .stride = {1}};
}

/* Two inputs of values and an output of -1, each `shift` elements into its buffer. */
typedef struct streams {
    world *w;
    sy_buffer *buffer[3];
    uint64_t shift;
} streams;

static void run_stream(streams *s, uint32_t kind, int64_t elements, float *out, int64_t outputs) {
    static float host[LONGEST + BEHIND];
    uint32_t inputs = kind == SY_STREAM_TRIAD ? 2 : kind == SY_STREAM_READ ? 1 : 0;
    sy_tensor tensor[3];
    sy_span span[3];
    const sy_stream_attr attr = {
        .size = sizeof attr, .kind = kind, .operand_count = inputs, .bytes = (uint64_t)elements * 4};
    const sy_problem problem = {.size = sizeof problem,
        .op = SY_OP_STREAM,
        .tensor = tensor,
        .n_in = inputs,
        .n_out = 1,
        .attr = &attr,
        .acc_dtype = SY_F32};
    for (int64_t i = 0; i < LONGEST + BEHIND; i++)
        host[i] = value_of(i);
    for (uint32_t i = 0; i < inputs; i++) {
        tensor[i] = vector_of(elements);
        span[i] = world_span(s->buffer[i], s->shift * 4, (uint64_t)elements * 4);
        world_put(s->w, world_span(s->buffer[i], s->shift * 4, LONGEST * 4), host);
    }
    for (int64_t i = 0; i < LONGEST + BEHIND; i++)
        host[i] = -1.0f;
    tensor[inputs] = vector_of(outputs);
    span[inputs] = world_span(s->buffer[2], s->shift * 4, (uint64_t)outputs * 4);
    world_put(s->w, world_span(s->buffer[2], 0, sizeof host), host);
    solve(s->w, &problem, "stream", span);
    world_get(s->w, world_span(s->buffer[2], s->shift * 4, (uint64_t)(outputs + 1) * 4), out);
    assert_float_equal(out[outputs], -1.0f, 0.0); /* what lies behind is left alone */
}

static void check_stream(streams *s, int64_t elements) {
    static float out[LONGEST + 1];
    float total = 0.0f, sums = 0.0f;
    run_stream(s, SY_STREAM_READ, elements, out, SUMS);
    for (int64_t i = 0; i < elements; i++)
        total += value_of(i);
    for (int i = 0; i < SUMS; i++)
        sums += out[i];
    assert_float_equal(sums, total, 0.0); /* whole numbers: exact in any order */
    run_stream(s, SY_STREAM_TRIAD, elements, out, elements);
    for (int64_t i = 0; i < elements; i++)
        assert_float_equal(out[i], 4.0f * value_of(i), 0.0);
    run_stream(s, SY_STREAM_FILL, elements, out, elements);
    for (int64_t i = 0; i < elements; i++)
        assert_float_equal(out[i], 1.5f, 0.0);
}

static void any_length_from_any_element(void **state) {
    static const char *const params[] = {"family=cpu", "family=gpu", "family=gpu,local=0"};
    (void)state;
    if (!world_exists())
        skip();
    for (size_t i = 0; i < sizeof params / sizeof params[0]; i++) {
        world w = {0};
        world_open(&w, params[i]);
        streams s = {.w = &w};
        for (int j = 0; j < 3; j++)
            s.buffer[j] = world_alloc(&w, SY_MEMORY_DEVICE, (LONGEST + BEHIND) * 4);
        for (size_t j = 0; j < LENGTHS; j++) {
            s.shift = j % 4;
            check_stream(&s, lengths[j]);
            s.shift = 0;
            check_stream(&s, lengths[j]);
        }
        for (int j = 0; j < 3; j++)
            w.api->memory->free(s.buffer[j]);
        world_close(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_kernel),
        cmocka_unit_test(groups_fill_the_device_and_no_more),
        cmocka_unit_test(there_are_no_more_groups_than_sums),
        cmocka_unit_test(a_card_without_local_memory_takes_stretches),
        cmocka_unit_test(groups_are_no_larger_than_the_device_allows),
        cmocka_unit_test(what_is_no_stream_is_refused),
        cmocka_unit_test(any_length_from_any_element),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
