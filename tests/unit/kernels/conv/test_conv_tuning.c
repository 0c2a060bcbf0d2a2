/* What a tuner may ask of a convolution: every choice that is taken gives the right result by the plan that
 * was asked for, the same bits for any number of threads, and choices that do not fit are refused. */
#include "tests/support/slow.h"
#include "tests/unit/kernels/conv/fixture.h"

enum { PATHS = SY_CONV_PATH_FEW, WALKS = SY_CONV_WALK_LANES };

/* Extents around the tiles of every instruction set; depths beyond one block of a tile. */
static void draw_problem(uint64_t *state, sy_conv_desc *desc) {
    static const int64_t channels[] = {1, 3, 8, 17, 33}, windows[] = {1, 1, 3, 5};
    const bool is_depthwise = pick(state, 0, 5) == 0, is_point = pick(state, 0, 3) == 0;
    desc->n = pick(state, 1, 2);
    desc->groups = is_depthwise ? pick(state, 2, 19) : pick(state, 1, 5) / 5 + 1;
    desc->c = desc->groups * (is_depthwise ? 1 : pick(state, 0, 5) ? channels[pick(state, 0, 4)] : 331);
    desc->k = desc->groups * (is_depthwise ? 1 : channels[pick(state, 0, 4)]);
    desc->h = pick(state, 1, 12);
    desc->w = pick(state, 1, 30);
    desc->r = is_point ? 1 : windows[pick(state, 0, 3)];
    desc->s = is_point ? 1 : windows[pick(state, 0, 3)];
    for (int i = 0; i < 2; i++) {
        desc->stride[i] = is_point ? 1 : pick(state, 1, 2);
        desc->dilation[i] = is_point ? 1 : pick(state, 1, 4) / 4 + 1;
        for (int j = 0; j < 2; j++)
            desc->pad[i + 2 * j] = is_point ? 0 : pick(state, 0, (i ? desc->s : desc->r) / 2);
    }
}

static sy_conv_tuning draw_tuning(uint64_t *state, uint32_t path) {
    sy_conv_tuning tuning = {.path = path};
    if (pick(state, 0, 2) == 0)
        tuning.walk = (uint32_t)pick(state, 1, WALKS);
    if (pick(state, 0, 2) == 0)
        tuning.block_units = pick(state, 1, 40);
    if (pick(state, 0, 2) == 0)
        tuning.panels = pick(state, 1, 2);
    if (pick(state, 0, 2) == 0)
        tuning.band_pixels = pick(state, 1, 60);
    if (pick(state, 0, 3) == 0)
        tuning.parts = (int32_t)pick(state, 1, 3);
    return tuning;
}

/* A plan follows what it was asked for. */
static void expect_followed(const sy_conv_plan *plan, const sy_conv_tuning *asked) {
    if (plan->steps == 0)
        return;
    if (asked->path != 0)
        assert_int_equal(plan->path, asked->path);
    if (asked->walk != 0)
        assert_int_equal(plan->walk, asked->walk);
    if (asked->parts != 0)
        assert_int_equal(plan->parts, asked->parts);
    if (asked->block_units != 0)
        assert_int_equal(plan->block_units, asked->block_units);
    if (asked->panels != 0)
        assert_int_equal(plan->block_panels, asked->panels);
    if (asked->band_pixels != 0 && plan->walk == SY_CONV_WALK_LANES)
        assert_true(plan->band_p == 1 || plan->band_p * plan->band_q <= asked->band_pixels);
    else if (asked->band_pixels != 0)
        assert_in_range(plan->band_p * plan->band_q, 1, asked->band_pixels);
}

/* How often each way and each walk was taken. */
typedef struct tally {
    int path[PATHS + 1], walk[WALKS + 1], refused;
} tally;

static void check_drawn(uint64_t *state, uint32_t isa, const types *one, uint32_t path, tally *taken) {
    fixture f = {.desc = {.dtype_x = one->x, .dtype_w = one->w, .dtype_y = one->y, .isa = isa}};
    sy_conv_plan plan;
    draw_problem(state, &f.desc);
    f.desc.flags = (uint32_t)pick(state, 0, 1);
    f.desc.n_post = pick(state, 0, 1) ? draw_posts(state, f.desc.dtype_y, f.desc.post) : 0;
    const int layout = (int)pick(state, NCHW, LAYOUTS - 1);
    const int y_layout = pick(state, 0, 3) ? layout : (int)pick(state, NCHW, LAYOUTS - 1);
    draw_operands(&f, state, layout, (int)pick(state, 0, 1), y_layout, false);
    f.desc.tuning = draw_tuning(state, path);
    if (!sy_conv_plan_init(&f.desc, 4, &plan)) {
        run(&f, 4);
        check_exact(&f);
        expect_followed(&f.plan, &f.desc.tuning);
        taken->path[f.plan.path]++;
        taken->walk[f.plan.walk]++;
    } else {
        taken->refused++;
        assert_int_equal(plan.parts, 0);
    }
    free_fixture(&f);
}

static void every_choice_is_right(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    tally taken = {0};
    /* Some ways are rarely drawn: the first instruction set has all rounds wherever this runs. */
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < ALL_TYPES; t++)
            for (int round = 0; round < (t == 0 ? 600 : 120) / (s > 0 ? slow_step(SLOW_EMULATOR, 3) : 1);
                 round++) {
                uint64_t state = (uint64_t)(100000 * s + round) + 1000 * t;
                check_drawn(&state, isas[s], &all_types[t], (uint32_t)(round % (PATHS + 1)), &taken);
            }
    for (int path = 1; path <= PATHS; path++)
        assert_true(taken.path[path] > 0);
    for (int walk = 1; walk < WALKS; walk++)
        assert_true(taken.walk[walk] > 0);
    assert_true(taken.refused > 0);
}

/* A layer of `size` x `size` pixels with "same" padding. */
static sy_conv_desc layer(uint32_t isa, uint32_t dtype, int64_t c, int64_t k, int64_t size, int64_t window) {
    return (sy_conv_desc){.dtype_x = dtype,
        .dtype_w = dtype,
        .dtype_y = SY_ELEMENT_F32,
        .isa = isa,
        .n = 2,
        .c = c,
        .h = size,
        .w = size,
        .k = k,
        .r = window,
        .s = window,
        .groups = 1,
        .stride = {1, 1},
        .dilation = {1, 1},
        .pad = {window / 2, window / 2, window / 2, window / 2}};
}

static void expect_same_bits(fixture *f) {
    unsigned char *first = malloc(f->y.bytes);
    assert_non_null(first);
    int most = 0;
    for (int parts = 1; parts <= 5; parts += 2 * slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 2)) {
        memset(f->y.data, GUARD, f->y.bytes);
        run(f, parts);
        most = f->plan.parts > most ? f->plan.parts : most;
        if (parts == 1)
            memcpy(first, f->y.data, f->y.bytes);
        assert_memory_equal(first, f->y.data, f->y.bytes);
    }
    assert_true(most > 1);
    free(first);
}

/* Sums that are rounded: by the tuning alone, not by who computes them. */
static void bits_do_not_depend_on_threads(void **unused) {
    (void)unused;
    static const sy_conv_tuning tunings[] = {{.path = SY_CONV_PATH_ROWS}, {.path = SY_CONV_PATH_COLS},
        {.path = SY_CONV_PATH_ROWS, .block_units = 50, .panels = 2},
        {.path = SY_CONV_PATH_COLS, .block_units = 31, .panels = 1},
        {.path = SY_CONV_PATH_DIRECT, .block_units = 29, .band_pixels = 17, .panels = 1},
        {.path = SY_CONV_PATH_DIRECT_PLANES, .block_units = 64, .band_pixels = 40},
        {.path = SY_CONV_PATH_DIRECT, .walk = SY_CONV_WALK_TILES, .band_pixels = 100},
        {.path = SY_CONV_PATH_DIRECT, .walk = SY_CONV_WALK_STRIPS, .block_units = 70, .band_pixels = 39}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    int accepted = 0;
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < 2 * sizeof tunings / sizeof tunings[0]; i++) {
            uint64_t state = i + 9;
            sy_conv_plan plan;
            fixture f = {.desc = layer(isas[s], SY_ELEMENT_F32, 37, 50, 13, 3)};
            draw_operands(&f, &state, i % 2 ? NHWC : NCHW, 0, i % 2 ? NHWC : NCHW, true);
            f.desc.tuning = tunings[i / 2];
            if (!sy_conv_plan_init(&f.desc, 1, &plan)) {
                expect_same_bits(&f);
                accepted++;
            }
            free_fixture(&f);
        }
    assert_true(accepted >= 8 * n_isas);
}

/* Weights that were packed for a way serve all its blocks. */
static void packed_weights_go_with_the_way_alone(void **unused) {
    (void)unused;
    static const uint32_t paths[] = {SY_CONV_PATH_ROWS, SY_CONV_PATH_COLS, SY_CONV_PATH_DIRECT,
        SY_CONV_PATH_DIRECT_PLANES, SY_CONV_PATH_MATRIX};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
            uint64_t state = i;
            sy_conv_plan plain, tuned;
            fixture f = {
                .desc = layer(isas[s], SY_ELEMENT_F32, 41, 35, 9, paths[i] == SY_CONV_PATH_MATRIX ? 1 : 3)};
            f.desc.flags = SY_CONV_W_CONST;
            draw_operands(&f, &state, NHWC, 0, NHWC, false);
            f.desc.tuning.path = paths[i];
            assert_null(sy_conv_plan_init(&f.desc, 1, &plain));
            f.desc.tuning.block_units = 23;
            f.desc.tuning.panels = 1;
            assert_null(sy_conv_plan_init(&f.desc, 3, &tuned));
            assert_int_equal(plain.weights_bytes, tuned.weights_bytes);
            guarded packed = guarded_bytes(plain.weights_bytes, 8);
            guarded workspace = guarded_bytes(tuned.workspace_bytes, 8);
            sy_conv_weights_pack(&plain, f.w.data, 0, 1, packed.data);
            sy_conv_args args = {.x = f.x.data, .w = packed.data, .y = f.y.data, .workspace = workspace.data};
            sy_conv_run(&tuned, &args);
            f.plan = tuned;
            check_exact(&f);
            guarded_destroy(&packed);
            guarded_destroy(&workspace);
            free_fixture(&f);
        }
}

/* Strides of a layout; no operands. */
static sy_conv_desc lay(sy_conv_desc desc, int layout) {
    const int64_t x[4] = {desc.n, desc.c, desc.h, desc.w};
    const int64_t w[4] = {desc.k, desc.c / desc.groups, desc.r, desc.s};
    int64_t y[4];
    y_dims(&desc, y);
    set_strides(layout, x, desc.x_stride);
    set_strides(NCHW, w, desc.w_stride);
    set_strides(layout, y, desc.y_stride);
    return desc;
}

static void refuse(sy_conv_desc desc, sy_conv_tuning tuning, const char *words) {
    sy_conv_plan plan;
    desc.tuning = tuning;
    const char *why = sy_conv_plan_init(&desc, 4, &plan);
    if (!why)
        fail_msg("\"%s\" is not said of path %u", words, tuning.path);
    if (!strstr(why, words))
        fail_msg("\"%s\" does not say \"%s\"", why, words);
    assert_int_equal(plan.steps, 0);
}

static void ways_that_do_not_fit_are_refused(void **unused) {
    (void)unused;
    static const char words[] = "does not fit the operands";
    const sy_conv_desc nhwc = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 40, 40, 10, 3), NHWC);
    const sy_conv_desc gaps = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 40, 40, 10, 3), NCHW_GAPS);
    sy_conv_desc f64 = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F64, 8, 8, 10, 3), NCHW), depthwise = f64;
    f64.dtype_y = depthwise.dtype_y = SY_ELEMENT_F64;
    depthwise.groups = 8;
    refuse(nhwc, (sy_conv_tuning){.path = 99}, words);
    refuse(nhwc, (sy_conv_tuning){.path = SY_CONV_PATH_MATRIX}, words);
    refuse(nhwc, (sy_conv_tuning){.path = SY_CONV_PATH_FEW}, words);
    refuse(nhwc, (sy_conv_tuning){.path = SY_CONV_PATH_DEPTHWISE}, words);
    refuse(nhwc, (sy_conv_tuning){.path = SY_CONV_PATH_PLANES}, words);
    refuse(gaps, (sy_conv_tuning){.path = SY_CONV_PATH_COLS}, words);
    refuse(gaps, (sy_conv_tuning){.path = SY_CONV_PATH_DIRECT_PLANES}, words);
    refuse(f64, (sy_conv_tuning){.path = SY_CONV_PATH_DIRECT}, words);
    refuse(f64, (sy_conv_tuning){.path = SY_CONV_PATH_DIRECT_PLANES}, words);
    refuse(depthwise, (sy_conv_tuning){.path = SY_CONV_PATH_PLANES}, words);
}

static void numbers_that_do_not_fit_are_refused(void **unused) {
    (void)unused;
    const uint32_t direct = SY_CONV_PATH_DIRECT, rows = SY_CONV_PATH_ROWS;
    const sy_conv_desc nhwc = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 600, 40, 10, 3), NHWC);
    const sy_conv_desc small = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 2, 2, 3, 3), NHWC);
    refuse(nhwc, (sy_conv_tuning){.parts = -1}, "negative");
    refuse(nhwc, (sy_conv_tuning){.block_units = -1}, "negative");
    refuse(nhwc, (sy_conv_tuning){.panels = -1}, "negative");
    refuse(nhwc, (sy_conv_tuning){.band_pixels = -1}, "negative");
    refuse(nhwc, (sy_conv_tuning){.parts = 5}, "more shares");
    refuse(small, (sy_conv_tuning){.path = direct, .parts = 3}, "more shares");
    refuse(nhwc, (sy_conv_tuning){.path = direct, .block_units = 1025}, "deeper");
    refuse(small, (sy_conv_tuning){.path = direct, .block_units = 19}, "deeper");
    refuse(nhwc, (sy_conv_tuning){.path = rows, .block_units = 5401}, "deeper");
    refuse(nhwc, (sy_conv_tuning){.path = direct, .panels = 41}, "more panels");
    refuse(nhwc, (sy_conv_tuning){.path = rows, .panels = 201}, "more panels");
    refuse(nhwc, (sy_conv_tuning){.path = direct, .band_pixels = 101}, "more pixels");
}

/* What a way knows nothing of. */
static void blocks_that_a_way_has_not_are_refused(void **unused) {
    (void)unused;
    const sy_conv_desc nhwc = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 40, 40, 10, 3), NHWC);
    const sy_conv_desc point = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 40, 40, 10, 1), NHWC);
    const sy_conv_desc few = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 40, 2, 10, 1), NHWC);
    sy_conv_desc depthwise = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 40, 40, 10, 3), NHWC);
    depthwise.groups = 40;
    const sy_conv_desc *of_products[] = {&nhwc, &point};
    static const uint32_t products[] = {SY_CONV_PATH_ROWS, SY_CONV_PATH_MATRIX};
    for (int i = 0; i < 2; i++) {
        refuse(*of_products[i], (sy_conv_tuning){.path = products[i], .walk = SY_CONV_WALK_TILES}, "walk");
        refuse(*of_products[i], (sy_conv_tuning){.path = products[i], .band_pixels = 8}, "bands");
    }
    const sy_conv_desc *chains[] = {&few, &depthwise};
    for (int i = 0; i < 2; i++) {
        refuse(*chains[i], (sy_conv_tuning){.block_units = 4}, "no such blocks");
        refuse(*chains[i], (sy_conv_tuning){.panels = 1}, "no such blocks");
        refuse(*chains[i], (sy_conv_tuning){.walk = SY_CONV_WALK_TILES}, "walk");
        refuse(*chains[i], (sy_conv_tuning){.band_pixels = 8}, "bands");
    }
    refuse(nhwc, (sy_conv_tuning){.path = SY_CONV_PATH_DIRECT, .walk = SY_CONV_WALK_LANES}, "walk");
    refuse(nhwc, (sy_conv_tuning){.path = SY_CONV_PATH_DIRECT, .walk = 4}, "walk");
    refuse(point, (sy_conv_tuning){.path = SY_CONV_PATH_DIRECT, .walk = SY_CONV_WALK_STRIPS}, "walk");
    refuse(nhwc, (sy_conv_tuning){.walk = SY_CONV_WALK_STRIPS, .block_units = 39}, "walk");
}

/* Lanes are one chain over all of the depth, and sums of all panels are stored at once. */
static void lanes_have_bands_alone(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++) {
        sy_conv_desc desc = lay(layer(isas[s], SY_ELEMENT_F32, 3, 20, 40, 3), NCHW);
        sy_conv_plan plan;
        assert_null(sy_conv_plan_init(&desc, 4, &plan));
        if (plan.walk != SY_CONV_WALK_LANES)
            continue;
        refuse(desc, (sy_conv_tuning){.block_units = 9}, "no such blocks");
        refuse(desc, (sy_conv_tuning){.panels = 1}, "no such blocks");
        fixture f = {.desc = desc};
        uint64_t state = 1;
        draw_operands(&f, &state, NCHW, 0, NCHW, false);
        f.desc.tuning = (sy_conv_tuning){.walk = SY_CONV_WALK_LANES, .band_pixels = 80};
        run(&f, 4);
        check_exact(&f);
        assert_int_equal(f.plan.band_p, 2);
        f.desc.tuning = (sy_conv_tuning){.walk = SY_CONV_WALK_TILES, .block_units = 9, .panels = 1};
        run(&f, 4);
        check_exact(&f);
        assert_int_equal(f.plan.walk, SY_CONV_WALK_TILES);
        free_fixture(&f);
    }
}

static void nothing_to_compute_asks_for_nothing(void **unused) {
    (void)unused;
    sy_conv_desc desc = lay(layer(SY_ISA_GENERIC, SY_ELEMENT_F32, 3, 20, 40, 3), NCHW);
    sy_conv_plan plan;
    desc.n = 0;
    desc.tuning = (sy_conv_tuning){.path = SY_CONV_PATH_COLS, .block_units = 7, .panels = 3, .parts = 2};
    assert_null(sy_conv_plan_init(&desc, 4, &plan));
    assert_int_equal(plan.steps, 0);
    refuse(desc, (sy_conv_tuning){.path = SY_CONV_PATH_MATRIX}, "does not fit the operands");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_choice_is_right),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(packed_weights_go_with_the_way_alone),
        cmocka_unit_test(ways_that_do_not_fit_are_refused),
        cmocka_unit_test(numbers_that_do_not_fit_are_refused),
        cmocka_unit_test(blocks_that_a_way_has_not_are_refused), cmocka_unit_test(lanes_have_bands_alone),
        cmocka_unit_test(nothing_to_compute_asks_for_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
