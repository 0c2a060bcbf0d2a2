/* The direct ways of sy_conv: windows, strides, padding, tails, types and layouts, each against plain loops;
 * what is not in the image or in the workspace must not matter. */
#include "kernels/conv/conv_problem.h"
#include "tests/support/slow.h"
#include "tests/unit/kernels/conv/fixture.h"

/* Extents around the tiles of every instruction set. */
static int64_t pick_extent(uint64_t *state) {
    static const int64_t extents[] = {1, 2, 3, 5, 6, 7, 8, 13, 14, 28, 41};
    return extents[pick(state, 0, 10)];
}

static void draw_window(uint64_t *state, sy_conv_desc *desc) {
    static const int64_t windows[] = {1, 2, 3, 3, 5, 7};
    desc->h = pick(state, 0, 5) ? pick_extent(state) : 1;
    desc->w = pick_extent(state);
    desc->r = desc->h == 1 ? 1 : windows[pick(state, 0, 5)];
    desc->s = windows[pick(state, 0, 5)];
    for (int i = 0; i < 2; i++) {
        desc->stride[i] = pick(state, 1, 2);
        desc->dilation[i] = pick(state, 0, 3) ? 1 : 2;
        for (int j = 0; j < 2; j++)
            desc->pad[i + 2 * j] = pick(state, 0, 2) ? ((i ? desc->s : desc->r) - 1) / 2 : pick(state, 0, 3);
    }
}

static void draw_channels(uint64_t *state, bool is_depthwise, sy_conv_desc *desc) {
    static const int64_t channels[] = {1, 3, 4, 7, 8, 9, 15, 16, 17, 24, 33, 64};
    if (is_depthwise) {
        desc->groups = desc->c = desc->k = channels[pick(state, 1, 11)];
        return;
    }
    desc->groups = pick(state, 0, 4) ? 1 : 2;
    desc->c = desc->groups * channels[pick(state, 0, 11)];
    desc->k = desc->groups * channels[pick(state, 0, 11)];
}

static void check_drawn(uint64_t *state, uint32_t isa, const types *one, bool is_depthwise) {
    fixture f = {.desc = {.dtype_x = one->x, .dtype_w = one->w, .dtype_y = one->y, .isa = isa}};
    draw_channels(state, is_depthwise, &f.desc);
    draw_window(state, &f.desc);
    f.desc.n = pick(state, 1, 2);
    f.desc.flags = (uint32_t)pick(state, 0, 1);
    f.desc.n_post = pick(state, 0, 1) ? draw_posts(state, f.desc.dtype_y, f.desc.post) : 0;
    const int x_layout = (int)pick(state, NCHW, NHWC_GAPS), y_layout = (int)pick(state, NCHW, NHWC_GAPS);
    draw_operands(
        &f, state, x_layout, (int)pick(state, 0, 1), pick(state, 0, 1) ? x_layout : y_layout, false);
    run(&f, (int)pick(state, 1, 4));
    check_exact(&f);
    free_fixture(&f);
}

static void conv_direct_is_exact_on_integers(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < ALL_TYPES; t++) {
            uint64_t state = 77 * (uint64_t)s + t + 5;
            for (int round = 0; round < (t == 0 ? 160 : 50) / slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 4);
                 round++)
                check_drawn(&state, isas[s], &all_types[t], round % 2 == 0);
        }
}

/* First layers: few channels, rows longer than the tiles, every stride and padding on each side of the image.
 */
static void conv_direct_is_exact_on_first_layers(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (int round = 0; round < 60 / slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 3); round++) {
            uint64_t state = (uint64_t)(1000 * s + round);
            const types *one = &all_types[round % 3 ? 0 : pick(&state, 0, ALL_TYPES - 1)];
            fixture f = {.desc = {.dtype_x = one->x, .dtype_w = one->w, .dtype_y = one->y, .isa = isas[s]}};
            sy_conv_desc *desc = &f.desc;
            desc->n = pick(&state, 1, 2);
            desc->groups = pick(&state, 1, 4) / 4 + 1;
            desc->c = desc->groups * pick(&state, 1, 5);
            desc->k = desc->groups * pick(&state, 1, 37);
            desc->h = pick(&state, 1, 12);
            desc->w = pick(&state, 1, 130);
            desc->r = pick(&state, 1, 5);
            desc->s = pick(&state, 1, 7);
            desc->flags = (uint32_t)pick(&state, 0, 1);
            for (int i = 0; i < 2; i++) {
                desc->stride[i] = pick(&state, 1, 5);
                desc->dilation[i] = pick(&state, 1, 4) / 3 + 1;
                desc->pad[i] = pick(&state, 0, 9);
                desc->pad[i + 2] = pick(&state, 0, 9);
            }
            desc->n_post = round % 2 ? draw_posts(&state, one->y, desc->post) : 0;
            const int layout = (int)pick(&state, 0, LAYOUTS - 1);
            draw_operands(
                &f, &state, round % 4 ? layout : (int)pick(&state, 0, LAYOUTS - 1), 0, layout, false);
            run(&f, (int)pick(&state, 1, 5));
            check_exact(&f);
            free_fixture(&f);
        }
}

/* Of four forms of each size: each size and each form at least once. */
static size_t slow_form_step(void) {
    return (size_t)slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 3);
}

/* A layer in f32 with "same" padding. */
static sy_conv_desc layer(uint32_t isa, int64_t c, int64_t k, int64_t size, int64_t window, int64_t groups) {
    return (sy_conv_desc){.dtype_x = SY_ELEMENT_F32,
        .dtype_w = SY_ELEMENT_F32,
        .dtype_y = SY_ELEMENT_F32,
        .isa = isa,
        .flags = SY_CONV_W_CONST,
        .n = 1,
        .c = c,
        .h = size,
        .w = size,
        .k = k,
        .r = window,
        .s = window,
        .groups = groups,
        .stride = {1, 1},
        .dilation = {1, 1},
        .pad = {window / 2, window / 2, window / 2, window / 2}};
}

/* More depth than a block, more panels than sums are kept for or than stay in L2, bands of several rows; with
 * and without what follows the sums. */
static void conv_direct_is_exact_beyond_its_blocks(void **unused) {
    (void)unused;
    static const int64_t sizes[][4] = {{700, 20, 5, 3}, {90, 300, 9, 3}, {3, 20, 100, 7}, {700, 40, 20, 1},
        {40, 20, 37, 3}, {512, 700, 4, 1}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < 4 * sizeof(sizes) / sizeof(sizes[0]); i += slow_form_step()) {
            const int64_t *v = sizes[i / 4];
            uint64_t state = i + 1;
            fixture f = {.desc = layer(isas[s], v[0], v[1], v[2], v[3], 1)};
            if (i % 4 >= 2) {
                f.desc.n_post = 1;
                f.desc.post[0] = (sy_kernel_post){.kind = SY_KERNEL_POST_BIAS, .dtype = SY_ELEMENT_F32};
            }
            draw_operands(&f, &state, i % 2 ? NHWC : NCHW, 0, i % 2 ? NHWC : NCHW, false);
            run(&f, 3);
            check_exact(&f);
            free_fixture(&f);
        }
}

/* Pixels that are one line in several bands, of images that are read as they lie or turned. */
static void conv_direct_is_exact_on_lines(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (int x_layout = NCHW; x_layout <= NHWC; x_layout++) {
            uint64_t state = (uint64_t)x_layout + 1;
            fixture f = {.desc = layer(isas[s], 20, 20, 41, 1, 1)};
            draw_operands(&f, &state, x_layout, 0, NHWC, false);
            run(&f, 3);
            check_exact(&f);
            assert_true(f.plan.path == SY_CONV_PATH_DIRECT && f.plan.bands > 1);
            free_fixture(&f);
        }
}

/* One to four output channels over many pixels, read as they lie by pixels or by channels. */
static void conv_of_few_channels_is_exact(void **unused) {
    (void)unused;
    static const int64_t depths[] = {1, 7, 8, 19, 64, 130};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < 4 * LAYOUTS * sizeof(depths) / sizeof(depths[0]); i++) {
            uint64_t state = i + 3;
            const int layout = (int)(i / 4 % LAYOUTS);
            fixture f = {.desc = layer(isas[s], depths[i / 4 / LAYOUTS], 1 + (int64_t)i % 4, 9, 1, 1)};
            f.desc.n = pick(&state, 1, 2);
            f.desc.flags = (uint32_t)pick(&state, 0, 1);
            f.desc.n_post = pick(&state, 0, 1) ? draw_posts(&state, f.desc.dtype_y, f.desc.post) : 0;
            draw_operands(&f, &state, layout, (int)pick(&state, NCHW, NHWC), layout, false);
            run(&f, 3);
            check_exact(&f);
            free_fixture(&f);
        }
}

static void check_path(sy_conv_desc desc, int layout, uint32_t path) {
    sy_conv_plan plan;
    const int64_t x[4] = {desc.n, desc.c, desc.h, desc.w},
                  w[4] = {desc.k, desc.c / desc.groups, desc.r, desc.s};
    int64_t y[4];
    y_dims(&desc, y);
    set_strides(layout, x, desc.x_stride);
    set_strides(NCHW, w, desc.w_stride);
    set_strides(layout, y, desc.y_stride);
    assert_null(sy_conv_plan_init(&desc, 1, &plan));
    assert_int_equal(plan.path, path);
}

static void conv_chooses_its_way_by_layout_and_window(void **unused) {
    (void)unused;
    const uint32_t isa = SY_ISA_GENERIC;
    check_path(layer(isa, 64, 64, 14, 3, 1), NHWC, SY_CONV_PATH_DIRECT);
    check_path(layer(isa, 64, 64, 14, 3, 1), NCHW, SY_CONV_PATH_DIRECT_PLANES);
    check_path(layer(isa, 64, 64, 14, 1, 1), NHWC, SY_CONV_PATH_DIRECT);
    check_path(layer(isa, 64, 64, 2, 1, 1), NHWC, SY_CONV_PATH_MATRIX);
    check_path(layer(isa, 64, 64, 16, 1, 1), NCHW, SY_CONV_PATH_COLS);
    check_path(layer(isa, 64, 3, 16, 1, 1), NHWC, SY_CONV_PATH_FEW);
    check_path(layer(isa, 64, 3, 16, 1, 1), NCHW, SY_CONV_PATH_FEW);
    check_path(layer(isa, 64, 3, 2, 1, 1), NHWC, SY_CONV_PATH_MATRIX);
    check_path(layer(isa, 64, 64, 3, 1, 1), NCHW, SY_CONV_PATH_DIRECT_PLANES);
    check_path(layer(isa, 64, 64, 14, 3, 64), NHWC, SY_CONV_PATH_DEPTHWISE);
    check_path(layer(isa, 64, 64, 14, 3, 64), NCHW, SY_CONV_PATH_PLANES);
    sy_conv_desc desc = layer(isa, 64, 64, 14, 3, 1);
    desc.dtype_x = desc.dtype_w = desc.dtype_y = SY_ELEMENT_F64;
    check_path(desc, NHWC, SY_CONV_PATH_ROWS);
    check_path(desc, NCHW, SY_CONV_PATH_COLS);
}

/* Whether output (p, q) of a 3 x 3 layer reads pixel (4, 5). */
static bool reads_pixel(int64_t p, int64_t q) {
    return p >= 3 && p <= 5 && q >= 4 && q <= 6;
}

static void check_poisoned(uint32_t isa, uint32_t dtype, int layout, int64_t groups, double value) {
    uint64_t state = 4;
    fixture f = {.desc = layer(isa, 24, 24, 9, 3, groups)};
    f.desc.dtype_x = f.desc.dtype_w = f.desc.dtype_y = dtype;
    draw_operands(&f, &state, layout, 0, layout, false);
    /* Weights without zeros, so that an infinity stays one or becomes NaN, and never disappears. */
    for (size_t i = 0; i < f.w.bytes / sy_element_bytes(dtype); i++)
        set_element(dtype, f.w.data, (int64_t)i, 1);
    const int64_t *x = f.desc.x_stride, *y = f.desc.y_stride;
    set_element(dtype, f.x.data, 7 * x[1] + 4 * x[2] + 5 * x[3], value);
    run(&f, 2);
    for (int64_t k = 0; k < 24; k++)
        for (int64_t p = 0; p < 9; p++)
            for (int64_t q = 0; q < 9; q++) {
                const double got = get_element(dtype, f.y.data, k * y[1] + p * y[2] + q * y[3]);
                const bool is_poisoned = reads_pixel(p, q) && (groups == 1 || k == 7);
                assert_int_equal(
                    is_poisoned ? !isfinite(got) && isnan(got) == isnan(value) : isfinite(got), 1);
            }
    free_fixture(&f);
}

static void conv_passes_on_nan_and_infinity(void **unused) {
    (void)unused;
    static const uint32_t floats[] = {SY_ELEMENT_F32, SY_ELEMENT_F64, SY_ELEMENT_BF16, SY_ELEMENT_F16};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (int i = 0; i < 4 * 2 * 2; i++) {
            const int layout = i / 2 % 2 ? NHWC : NCHW;
            const int64_t groups = i % 2 ? 24 : 1;
            check_poisoned(isas[s], floats[i / 4], layout, groups, (double)NAN);
            check_poisoned(isas[s], floats[i / 4], layout, groups, (double)INFINITY);
        }
}

/* Run with a workspace full of `fill` and return Y. */
static unsigned char *run_over(fixture *f, int parts, int fill) {
    assert_null(sy_conv_plan_init(&f->desc, parts, &f->plan));
    f->packed = guarded_bytes(f->plan.weights_bytes, 8);
    f->workspace = guarded_bytes(f->plan.workspace_bytes, 8);
    memset(f->workspace.data, fill, f->plan.workspace_bytes);
    sy_conv_weights_pack(&f->plan, f->w.data, 0, 1, f->packed.data);
    const sy_conv_args args = {
        .x = f->x.data, .w = f->packed.data, .y = f->y.data, .workspace = f->workspace.data};
    sy_conv_run(&f->plan, &args);
    guarded_destroy(&f->packed);
    guarded_destroy(&f->workspace);
    unsigned char *copy = malloc(f->y.bytes);
    assert_non_null(copy);
    memcpy(copy, f->y.data, f->y.bytes);
    return copy;
}

/* The same bits for any number of parts, whatever the workspace held: 0xff bytes are NaN in every float type.
 */
static void conv_direct_does_not_depend_on_parts_or_workspace(void **unused) {
    (void)unused;
    static const int64_t sizes[][5] = {{40, 40, 13, 3, 1}, {3, 30, 30, 7, 1}, {60, 40, 37, 3, 1},
        {400, 24, 7, 3, 1}, {70, 50, 7, 1, 1}, {40, 40, 13, 5, 40}, {600, 600, 6, 3, 600}};
    static const types kinds[] = {
        {SY_ELEMENT_F32, SY_ELEMENT_F32, SY_ELEMENT_F32}, {SY_ELEMENT_BF16, SY_ELEMENT_BF16, SY_ELEMENT_F32}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < 4 * sizeof(sizes) / sizeof(sizes[0]); i += slow_form_step()) {
            const int64_t *v = sizes[i / 4];
            const int layout = i % 2 ? NHWC : NCHW;
            uint64_t state = i + 21;
            fixture f = {.desc = layer(isas[s], v[0], v[1], v[2], v[3], v[4])};
            f.desc.dtype_x = kinds[i / 2 % 2].x;
            f.desc.dtype_w = kinds[i / 2 % 2].w;
            draw_operands(&f, &state, layout, 0, layout, true);
            unsigned char *alone = run_over(&f, 1, 0);
            for (int parts = 2; parts <= 7; parts += 5) {
                unsigned char *shared = run_over(&f, parts, 0xff);
                assert_memory_equal(alone, shared, f.y.bytes);
                free(shared);
            }
            free(alone);
            free_fixture(&f);
        }
}

/* One row of pixels, every second one taken: speech from planes to channels side by side, and the other ways.
 */
static void conv_skips_pixels_of_a_single_row(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (int i = 0; i < LAYOUTS * LAYOUTS; i++) {
            uint64_t state = (uint64_t)i + 3;
            fixture f = {.desc = layer(isas[s], 8, 8, 1, 1, 1)};
            f.desc.w = 9;
            f.desc.stride[1] = 2;
            draw_operands(&f, &state, i / LAYOUTS, 0, i % LAYOUTS, false);
            run(&f, 1);
            check_exact(&f);
            free_fixture(&f);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(conv_direct_is_exact_on_integers),
        cmocka_unit_test(conv_direct_is_exact_on_first_layers),
        cmocka_unit_test(conv_direct_is_exact_on_lines), cmocka_unit_test(conv_skips_pixels_of_a_single_row),
        cmocka_unit_test(conv_direct_is_exact_beyond_its_blocks),
        cmocka_unit_test(conv_of_few_channels_is_exact),
        cmocka_unit_test(conv_chooses_its_way_by_layout_and_window),
        cmocka_unit_test(conv_passes_on_nan_and_infinity),
        cmocka_unit_test(conv_direct_does_not_depend_on_parts_or_workspace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
