/* sy_conv against plain loops in f64: layouts, types, groups, pads, strides, dilation, epilogues, bit for
 * bit. */
#include "tests/support/slow.h"
#include "tests/unit/kernels/conv/fixture.h"

static void draw_desc(uint64_t *state, uint32_t isa, sy_conv_desc *desc) {
    static const int64_t channels[] = {1, 2, 3, 5, 8, 16, 17, 31, 33, 40}, windows[] = {1, 1, 2, 3, 3, 5};
    const bool is_depthwise = pick(state, 0, 2) == 0, is_point = pick(state, 0, 4) == 0;
    desc->isa = isa;
    desc->flags = (uint32_t)pick(state, 0, 1);
    desc->n = pick(state, 1, 2);
    desc->groups = is_depthwise ? channels[pick(state, 2, 9)] : pick(state, 0, 3) ? 1 : pick(state, 2, 3);
    desc->c = desc->groups * (is_depthwise ? 1 : channels[pick(state, 0, desc->groups > 1 ? 4 : 9)]);
    desc->k = desc->groups * (is_depthwise ? 1 : channels[pick(state, 0, desc->groups > 1 ? 4 : 9)]);
    desc->h = pick(state, 0, 4) ? pick(state, 1, 12) : 1;
    desc->w = pick(state, 1, pick(state, 0, 3) ? 12 : 60);
    desc->r = desc->h == 1 || is_point ? 1 : windows[pick(state, 0, 5)];
    desc->s = is_point ? 1 : windows[pick(state, 0, 5)];
    for (int i = 0; i < 2; i++) {
        desc->stride[i] = is_point ? 1 : pick(state, 1, pick(state, 0, 1) ? 3 : 1);
        desc->dilation[i] = pick(state, 1, pick(state, 0, 1) ? 2 : 1);
    }
    for (int i = 0; i < 4; i++)
        desc->pad[i] = is_point ? 0 : pick(state, 0, 3);
    desc->n_post = draw_posts(state, desc->dtype_y, desc->post);
}

static void conv_is_exact_on_integers(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < ALL_TYPES; t++) {
            uint64_t state = 1000 * (uint64_t)s + t + 1;
            for (int round = 0; round < (t == 0 ? 300 : 60) / slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 4);
                 round++) {
                fixture f = {
                    .desc = {
                        .dtype_x = all_types[t].x, .dtype_w = all_types[t].w, .dtype_y = all_types[t].y}};
                draw_desc(&state, isas[s], &f.desc);
                const int x_layout = (int)pick(&state, 0, LAYOUTS - 1), w_layout = (int)pick(&state, 0, 1);
                const int y_layout = pick(&state, 0, 2) ? x_layout : (int)pick(&state, 0, LAYOUTS - 1);
                draw_operands(&f, &state, x_layout, w_layout, y_layout, false);
                run(&f, (int)pick(&state, 1, 3));
                check_exact(&f);
                free_fixture(&f);
            }
        }
}

/* Layers of usual size, several blocks in each direction: {n c h w k r s groups stride pad}. */
static const int64_t layers[][10] = {{1, 64, 14, 14, 70, 3, 3, 1, 1, 1}, {1, 3, 40, 300, 20, 7, 7, 1, 2, 3},
    {2, 600, 5, 5, 40, 1, 1, 1, 1, 0}, {2, 48, 30, 30, 48, 3, 3, 48, 1, 1},
    {1, 48, 30, 31, 48, 5, 5, 48, 2, 2}, {4, 16, 9, 9, 32, 3, 3, 4, 1, 1},
    {1, 20, 9, 300, 20, 1, 13, 20, 1, 6}, {1, 6, 20, 20, 6, 13, 13, 6, 1, 6}};

static void draw_layer(fixture *f, size_t i, uint32_t isa, int layout, uint64_t *state, bool is_real) {
    const int64_t *v = layers[i];
    f->desc = (sy_conv_desc){.dtype_x = SY_ELEMENT_F32,
        .dtype_w = SY_ELEMENT_F32,
        .dtype_y = SY_ELEMENT_F32,
        .isa = isa,
        .n = v[0],
        .c = v[1],
        .h = v[2],
        .w = v[3],
        .k = v[4],
        .r = v[5],
        .s = v[6],
        .groups = v[7],
        .stride = {v[8], v[8]},
        .dilation = {1, 1},
        .pad = {v[9], v[9], v[9], v[9]}};
    if (f->desc.r == 1)
        f->desc.pad[0] = f->desc.pad[2] = 0;
    draw_operands(f, state, layout, 0, layout, is_real);
}

static void conv_is_exact_beyond_all_blocks(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < 2 * sizeof(layers) / sizeof(layers[0]); i++) {
            uint64_t state = i + 3;
            fixture f = {0};
            draw_layer(&f, i / 2, isas[s], (int)(i % 2), &state, false);
            run(&f, 2);
            check_exact(&f);
            free_fixture(&f);
        }
}

static void conv_does_not_depend_on_parts(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < 2 * sizeof(layers) / sizeof(layers[0]); i++) {
            uint64_t state = i + 3;
            fixture f = {0};
            draw_layer(&f, i / 2, isas[s], (int)(i % 2), &state, true);
            run(&f, 1);
            unsigned char *alone = malloc(f.y.bytes);
            assert_non_null(alone);
            memcpy(alone, f.y.data, f.y.bytes);
            for (int parts = 2; parts <= 5; parts += slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 3)) {
                memset(f.y.data, GUARD, f.y.bytes);
                run(&f, parts);
                assert_true(f.plan.parts > 1);
                assert_memory_equal(alone, f.y.data, f.y.bytes);
            }
            free(alone);
            free_fixture(&f);
        }
}

/* No terms: Y is what the posts make of zero. No outputs: nothing is touched. */
static void conv_handles_empty_extents(void **unused) {
    (void)unused;
    for (int layout = 0; layout < 2; layout++)
        for (int empty = 0; empty < 6; empty++) {
            uint64_t state = 9;
            fixture f = {.desc = {.dtype_x = SY_ELEMENT_F32,
                             .dtype_w = SY_ELEMENT_F32,
                             .dtype_y = SY_ELEMENT_F32,
                             .n = 2,
                             .c = 3,
                             .h = 4,
                             .w = 5,
                             .k = 6,
                             .r = 3,
                             .s = 3,
                             .groups = 1,
                             .stride = {1, 1},
                             .dilation = {1, 1},
                             .pad = {1, 1, 1, 1},
                             .n_post = 1,
                             .post = {{.kind = SY_KERNEL_POST_BIAS, .dtype = SY_ELEMENT_F32}}}};
            int64_t *const extents[] = {&f.desc.c, &f.desc.r, &f.desc.n, &f.desc.k, &f.desc.h, &f.desc.s};
            *extents[empty] = 0;
            if (extents[empty] == &f.desc.h)
                f.desc.pad[0] = f.desc.pad[2] = 0;
            draw_operands(&f, &state, layout, 0, layout, false);
            run(&f, 2);
            check_exact(&f);
            assert_int_equal(f.plan.steps == 0, f.y.bytes == 0);
            free_fixture(&f);
        }
}

static sy_conv_desc good(void) {
    return (sy_conv_desc){.dtype_x = SY_ELEMENT_F32,
        .dtype_w = SY_ELEMENT_F32,
        .dtype_y = SY_ELEMENT_F32,
        .n = 1,
        .c = 4,
        .h = 4,
        .w = 4,
        .k = 4,
        .r = 1,
        .s = 1,
        .groups = 1,
        .stride = {1, 1},
        .dilation = {1, 1},
        .x_stride = {64, 16, 4, 1},
        .w_stride = {4, 1, 1, 1},
        .y_stride = {64, 16, 4, 1}};
}

static void refuse(const sy_conv_desc *desc, int parts, const char *words) {
    sy_conv_plan plan;
    memset(&plan, 1, sizeof(plan));
    const char *why = sy_conv_plan_init(desc, parts, &plan);
    assert_non_null(why);
    assert_non_null(strstr(why, words));
    assert_int_equal(plan.steps, 0);
}

static void conv_plan_says_why_not(void **unused) {
    (void)unused;
    sy_conv_plan plan;
    sy_conv_desc desc = good();
    assert_null(sy_conv_plan_init(&desc, 1, &plan));
    refuse(&desc, 0, "threads");
    desc.groups = 3;
    refuse(&desc, 1, "groups");
    desc = good(), desc.h = -1;
    refuse(&desc, 1, "extent");
    desc = good(), desc.stride[1] = 0;
    refuse(&desc, 1, "stride");
    desc = good(), desc.y_stride[3] = -1;
    refuse(&desc, 1, "negative stride");
    desc = good(), desc.isa = 77;
    refuse(&desc, 1, "instruction set");
    desc = good(), desc.dtype_w = SY_ELEMENT_S8;
    refuse(&desc, 1, "element types");
    desc = good(), desc.dtype_y = SY_ELEMENT_F64;
    refuse(&desc, 1, "result");
    desc = good(), desc.n_post = 1, desc.post[0].kind = 99;
    refuse(&desc, 1, "post");
    desc = good(), desc.c = INT32_MAX, desc.r = desc.s = 1000;
    refuse(&desc, 1, "terms");
    desc = good(), desc.n = desc.h = desc.w = INT32_MAX;
    refuse(&desc, 1, "pixels");
    desc = good(), desc.k = desc.c = INT32_MAX;
    assert_true(sy_conv_plan_init(&desc, 1, &plan) == NULL || plan.steps == 0);
}

static void conv_extent_follows_its_formula(void **unused) {
    (void)unused;
    assert_int_equal(sy_conv_extent(224, 7, 2, 1, 6), 112);
    assert_int_equal(sy_conv_extent(5, 3, 1, 2, 0), 1);
    assert_int_equal(sy_conv_extent(4, 3, 1, 2, 0), 0);
    assert_int_equal(sy_conv_extent(0, 1, 1, 1, 0), 0);
    assert_int_equal(sy_conv_extent(INT32_MAX, INT32_MAX, 1, 1, 0), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(conv_is_exact_on_integers),
        cmocka_unit_test(conv_is_exact_beyond_all_blocks), cmocka_unit_test(conv_does_not_depend_on_parts),
        cmocka_unit_test(conv_handles_empty_extents), cmocka_unit_test(conv_plan_says_why_not),
        cmocka_unit_test(conv_extent_follows_its_formula)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
