/* Layouts: how copies are cut, what is refused, and random tensors on a device against plain loops. */
#include "backends/opencl/contraction.h"
#include "backends/opencl/panels.h"
#include "runtime/base/random.h"
#include "tests/support/slow.h"
#include "tests/unit/backends/opencl/solve.h"
#include "tests/unit/backends/opencl/tasks.h"

static sy_tensor tensor_of(uint32_t rank, const int64_t *dim, const int64_t *stride) {
    sy_tensor tensor = {.size = sizeof tensor, .dtype = SY_F32, .rank = rank};
    memcpy(tensor.dim, dim, rank * sizeof *dim);
    memcpy(tensor.stride, stride, rank * sizeof *stride);
    return tensor;
}

static sy_status cook(
    const ocl_traits *traits, sy_tensor from, sy_tensor to, ocl_recipe *recipe, sy_error *err) {
    const sy_task task = {
        .op = SY_OP_REORDER, .n_in = 1, .n_out = 1, .acc_dtype = SY_F32, .tensor = {from, to}};
    ocl_request request = {.traits = traits, .task = &task, .is_final = true, .parameters = ""};
    *recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0};
    return ocl_reorder.cook(&request, recipe, err);
}

static const int64_t image[] = {2, 64, 56, 56}, planes[] = {64 * 56 * 56, 56 * 56, 56, 1},
                     channels[] = {64 * 56 * 56, 1, 64 * 56, 64};

static void cards_turn_squares_in_local_memory(void **state) {
    (void)state;
    static ocl_recipe recipe;
    sy_tensor from = tensor_of(4, image, planes), to = tensor_of(4, image, channels);
    assert_int_equal(cook(&traits_of_gpu, from, to, &recipe, NULL), SY_OK);
    assert_string_equal(recipe.step[0].kernel, "reorder_transpose");
    assert_int_equal(recipe.step[0].local[0] * recipe.step[0].local[1], 256);
    /* Rows and columns of a plane are one dimension of 3136: 98 x 2 squares an image. */
    assert_int_equal(recipe.step[0].global[0], UINT64_C(2) * 98 * 2 * 32);
    assert_int_equal(recipe.step[0].args, 2 + 12);
    assert_int_equal(cook(&traits_of_cpu, from, to, &recipe, NULL), SY_OK);
    assert_string_equal(recipe.step[0].kernel, "reorder_copy");
    assert_int_equal(recipe.step[0].global[0], UINT64_C(2) * 98);
}

static void nothing_is_turned_where_neighbours_stay_neighbours(void **state) {
    (void)state;
    static ocl_recipe recipe;
    const int64_t apart[] = {64 * 60 * 56, 60 * 56, 60, 1};
    sy_tensor from = tensor_of(4, image, planes), to = tensor_of(4, image, apart);
    assert_int_equal(cook(&traits_of_gpu, from, to, &recipe, NULL), SY_OK);
    assert_string_equal(recipe.step[0].kernel, "reorder_copy");
    assert_non_null(strstr(recipe.defines, "#define FROM_COLUMN_IS_1 1\n"));
    assert_int_equal(cook(&traits_of_cpu, from, to, &recipe, NULL), SY_OK);
    assert_non_null(strstr(recipe.defines, "#define TILE 1024\n"));
}

static void a_card_without_local_memory_copies(void **state) {
    (void)state;
    static ocl_recipe recipe;
    ocl_traits traits = traits_of_gpu;
    traits.local_bytes = 1024;
    assert_int_equal(
        cook(&traits, tensor_of(4, image, planes), tensor_of(4, image, channels), &recipe, NULL), SY_OK);
    assert_string_equal(recipe.step[0].kernel, "reorder_copy");
}

static void large_tensors_are_counted_in_64_bits(void **state) {
    (void)state;
    static ocl_recipe recipe;
    const int64_t dim[] = {INT64_C(1) << 32}, stride[] = {1}, apart[] = {2};
    sy_tensor from = tensor_of(1, dim, stride), to = tensor_of(1, dim, apart);
    assert_int_equal(cook(&traits_of_gpu, from, to, &recipe, NULL), SY_OK);
    assert_non_null(strstr(recipe.defines, "#define INDEX ulong\n"));
    from.dim[0] = to.dim[0] = 1 << 20;
    assert_int_equal(cook(&traits_of_gpu, from, to, &recipe, NULL), SY_OK);
    assert_non_null(strstr(recipe.defines, "#define INDEX uint\n"));
}

static void nothing_to_copy_is_no_launch(void **state) {
    (void)state;
    static ocl_recipe recipe;
    const int64_t dim[] = {3, 0}, stride[] = {1, 3};
    sy_tensor none = tensor_of(2, dim, stride), panels = none;
    assert_int_equal(cook(&traits_of_cpu, none, none, &recipe, NULL), SY_OK);
    assert_int_equal(recipe.step[0].global[0], 0);
    panels.rank = none.rank = 3;
    panels.dim[2] = none.dim[2] = 5;
    panels.layout = ocl_panels_layout(16, 0, 0);
    assert_int_equal(cook(&traits_of_gpu, none, panels, &recipe, NULL), SY_OK);
    assert_int_equal(recipe.step[0].global[0], 0);
}

static void what_is_no_reorder_is_refused(void **state) {
    (void)state;
    static ocl_recipe recipe;
    const sy_tensor good = tensor_of(4, image, planes);
    sy_tensor bad = good;
    bad.dtype = SY_F64;
    world_refused(cook(&traits_of_cpu, good, bad, &recipe, err), SY_INVALID_ARGUMENT, "same extents");
    bad = good, bad.dim[2]++;
    world_refused(cook(&traits_of_cpu, good, bad, &recipe, err), SY_INVALID_ARGUMENT, "same extents");
    bad = good, bad.rank = 3;
    world_refused(cook(&traits_of_cpu, bad, good, &recipe, err), SY_INVALID_ARGUMENT, "same extents");
    bad = good, bad.flags = SY_TENSOR_ABSENT;
    world_refused(cook(&traits_of_cpu, bad, good, &recipe, err), SY_INVALID_ARGUMENT, "same extents");
    bad = good, bad.layout = ocl_panels_layout(16, 0, 1);
    world_refused(cook(&traits_of_cpu, bad, good, &recipe, err), SY_UNSUPPORTED, "keep the original");
    bad = good, bad.layout = SY_LAYOUT_PRIVATE | 3;
    world_refused(cook(&traits_of_cpu, good, bad, &recipe, err), SY_UNSUPPORTED, "no layout of this backend");
    bad = good, bad.layout = ocl_panels_layout(16, 0, 0);
    world_refused(cook(&traits_of_cpu, good, bad, &recipe, err), SY_INVALID_ARGUMENT, "B[batch, k, n]");
}

static void five_dimensions_that_cannot_be_joined_are_refused(void **state) {
    (void)state;
    static ocl_recipe recipe;
    const int64_t dim[] = {2, 3, 4, 5, 6}, rows[] = {360, 120, 30, 6, 1}, turned[] = {1, 2, 6, 24, 120};
    world_refused(cook(&traits_of_cpu, tensor_of(5, dim, rows), tensor_of(5, dim, turned), &recipe, err),
        SY_UNSUPPORTED, "5 dimensions");
    assert_int_equal(
        cook(&traits_of_cpu, tensor_of(5, dim, rows), tensor_of(5, dim, rows), &recipe, NULL), SY_OK);
}

/* One random reorder. want: what the target must hold, bytes that no element has as they were. */
typedef struct sample {
    sy_tensor from, to;
    bool is_panels;
    ocl_panels panels;
    ocl_panels_extent extent;
    uint64_t from_bytes, to_bytes, from_shift, to_shift;
    unsigned char *source, *target, *want;
} sample;

enum { UNTOUCHED = 0xee, BEHIND = 64 };

/* Strides of a random order of dimensions, with gaps. */
static void scatter(sy_random *random, sy_tensor *tensor) {
    uint32_t order[SY_MAX_RANK];
    int64_t step = 1 + (int64_t)(sy_random_below(random, 4) == 0);
    for (uint32_t i = 0; i < tensor->rank; i++)
        order[i] = i;
    for (uint32_t i = tensor->rank; i-- > 0;) {
        uint32_t j = (uint32_t)sy_random_below(random, i + 1), swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
        tensor->stride[order[i]] = step;
        step = step * tensor->dim[order[i]] + (int64_t)sy_random_below(random, 3);
    }
}

static void draw_panels(sy_random *random, sample *s) {
    uint32_t groups =
        s->from.rank == 3 && sy_random_below(random, 2) == 0 ? 0 : 1 + (uint32_t)sy_random_below(random, 4);
    while (groups > 1 && s->from.dim[0] % groups != 0)
        groups--;
    s->panels = (ocl_panels){.width = 1 + (uint32_t)sy_random_below(random, 20),
        .order = (uint32_t)sy_random_below(random, 2),
        .groups = groups};
    s->to.layout = ocl_panels_layout(s->panels.width, s->panels.order, groups);
    memset(s->to.stride, 0, sizeof s->to.stride);
    assert_int_equal(ocl_panels_extent_of(&s->panels, &s->to, &s->extent, NULL), SY_OK);
    assert_int_equal(ocl_panels_bytes(&s->to, &s->to_bytes, NULL), SY_OK);
}

static void draw(sy_random *random, bool is_panels, sample *s) {
    static const uint32_t types[] = {SY_F64, SY_F32, SY_BF16, SY_S8};
    uint32_t rank =
        is_panels ? 3 + (uint32_t)sy_random_below(random, 2) : 1 + (uint32_t)sy_random_below(random, 4);
    *s = (sample){.is_panels = is_panels};
    s->from = (sy_tensor){.size = sizeof s->from, .dtype = types[sy_random_below(random, 4)], .rank = rank};
    for (uint32_t i = 0; i < rank; i++)
        s->from.dim[i] = 1 + (int64_t)sy_random_below(random, rank < 3 ? 90 : 19);
    s->to = s->from;
    scatter(random, &s->from);
    if (sy_random_below(random, 6) == 0)
        s->from.stride[sy_random_below(random, rank)] = 0;
    scatter(random, &s->to);
    s->from_bytes = sy_task_tensor_bytes(&s->from);
    s->to_bytes = sy_task_tensor_bytes(&s->to);
    if (is_panels)
        draw_panels(random, s);
    s->from_shift = sy_random_below(random, 5) * sy_dtype_size(s->from.dtype);
    s->to_shift = sy_random_below(random, 5) * sy_dtype_size(s->from.dtype);
}

/* Where the element at these indexes lies in panels. */
static uint64_t panel_place(const sample *s, const int64_t *at) {
    const ocl_panels_extent *e = &s->extent;
    bool is_matrix = s->panels.groups == 0;
    uint64_t line = (uint64_t)at[is_matrix ? 2 : 0], member = is_matrix ? (uint64_t)at[0] : line / e->lines;
    uint64_t c = (uint64_t)at[1], h = s->from.rank == 4 ? (uint64_t)at[2] : 0;
    uint64_t w = is_matrix ? 0 : (uint64_t)at[s->from.rank - 1];
    uint64_t depth = s->panels.order == OCL_CHANNELS_INSIDE ? (h * e->width_taps + w) * e->channels + c
                                                            : (c * e->height + h) * e->width_taps + w;
    line %= e->lines;
    return ((member * e->panels + line / s->panels.width) * e->depth + depth) * s->panels.width +
           line % s->panels.width;
}

static void expect(sample *s) {
    uint64_t elements = sy_task_tensor_elements(&s->from), size = sy_dtype_size(s->from.dtype);
    memset(s->want, UNTOUCHED, s->to_bytes + s->to_shift + BEHIND);
    if (s->is_panels)
        memset(s->want + s->to_shift, 0, s->to_bytes);
    for (uint64_t i = 0; i < elements; i++) {
        int64_t at[SY_MAX_RANK] = {0}, from = 0, to = 0;
        uint64_t rest = i;
        for (uint32_t d = s->from.rank; d-- > 0; rest /= (uint64_t)s->from.dim[d]) {
            at[d] = (int64_t)(rest % (uint64_t)s->from.dim[d]);
            from += at[d] * s->from.stride[d];
            to += at[d] * s->to.stride[d];
        }
        uint64_t place = s->is_panels ? panel_place(s, at) : (uint64_t)to;
        memcpy(s->want + s->to_shift + place * size, s->source + s->from_shift + (uint64_t)from * size, size);
    }
}

static void run_sample(world *w, sy_random *random, sample *s) {
    uint64_t from_all = s->from_bytes + s->from_shift, to_all = s->to_bytes + s->to_shift + BEHIND;
    s->source = test_malloc(from_all), s->target = test_malloc(to_all), s->want = test_malloc(to_all);
    for (uint64_t i = 0; i < from_all; i++)
        s->source[i] = (unsigned char)sy_random_below(random, 256);
    memset(s->target, UNTOUCHED, to_all);
    expect(s);
    sy_buffer *from = world_alloc(w, SY_MEMORY_DEVICE, from_all),
              *to = world_alloc(w, SY_MEMORY_DEVICE, to_all);
    const sy_tensor tensors[] = {s->from, s->to};
    const sy_span spans[] = {
        world_span(from, s->from_shift, s->from_bytes), world_span(to, s->to_shift, s->to_bytes)};
    const sy_problem problem = {.size = sizeof problem,
        .op = SY_OP_REORDER,
        .tensor = tensors,
        .n_in = 1,
        .n_out = 1,
        .acc_dtype = s->from.dtype};
    world_put(w, world_span(from, 0, from_all), s->source);
    world_put(w, world_span(to, 0, to_all), s->target);
    solve(w, &problem, "reorder", spans);
    world_get(w, world_span(to, 0, to_all), s->target);
    assert_memory_equal(s->target, s->want, to_all);
    w->api->memory->free(from);
    w->api->memory->free(to);
    test_free(s->source), test_free(s->target), test_free(s->want);
}

static void random_tensors_arrive(void **state) {
    static const char *const params[] = {"family=cpu", "family=gpu"};
    (void)state;
    if (!world_exists())
        skip();
    for (size_t i = 0; i < 2; i++) {
        world w = {0};
        sy_random random;
        sy_random_seed(&random, 11, i);
        world_open(&w, params[i]);
        for (int round = 0; round < 15 / slow_step(SLOW_ADDRESS, 5); round++) {
            sample s;
            draw(&random, round % 3 == 2, &s);
            run_sample(&w, &random, &s);
        }
        world_close(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_turn_squares_in_local_memory),
        cmocka_unit_test(nothing_is_turned_where_neighbours_stay_neighbours),
        cmocka_unit_test(a_card_without_local_memory_copies),
        cmocka_unit_test(large_tensors_are_counted_in_64_bits),
        cmocka_unit_test(nothing_to_copy_is_no_launch),
        cmocka_unit_test(what_is_no_reorder_is_refused),
        cmocka_unit_test(five_dimensions_that_cannot_be_joined_are_refused),
        cmocka_unit_test(random_tensors_arrive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
