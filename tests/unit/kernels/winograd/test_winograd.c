/* sy_winograd against plain loops in f64: tails, pads, layouts, groups, posts, guards, parts, refusals. */
#include "tests/support/slow.h"
#include "tests/unit/kernels/winograd/fixture.h"

static const double U = 0x1p-24; /* unit roundoff of f32 */

/* Posts that a small error passes through unbroken. */
static uint32_t draw_smooth_posts(uint64_t *state, sy_kernel_post *post) {
    static const uint32_t kinds[] = {SY_KERNEL_POST_BIAS, SY_KERNEL_POST_ADD, SY_KERNEL_POST_RELU,
        SY_KERNEL_POST_CLIP, SY_KERNEL_POST_SCALE_ROW, SY_KERNEL_POST_SCALE_COL};
    const uint32_t count = (uint32_t)pick(state, 0, 3);
    for (uint32_t i = 0; i < count; i++)
        post[i] = (sy_kernel_post){.kind = kinds[pick(state, 0, 5)],
            .dtype = pick(state, 0, 1) ? SY_ELEMENT_F32 : SY_ELEMENT_BF16,
            .a = -2,
            .b = 3};
    return count;
}

/* Largest error a correct output can have: 8 standard deviations by the documented factor, and the roundings
 * of posts and output. */
static double tolerance(const fixture *f, const expectation *e) {
    const double factor = sy_winograd_bound_factor(f->plan.tile, f->desc.c / f->desc.groups, f->desc.pad);
    const double output = f->desc.dtype_y == SY_ELEMENT_BF16 ? 0x1p-8 : U;
    return 8 * factor * U * e->x_norm * e->w_norm * fmax(e->gain, 1) +
           4 * U * (fabs(e->sum) + 9) * fmax(e->gain, 1) + output * fabs(e->value);
}

static void check(const fixture *f) {
    const sy_conv_desc *d = &f->desc;
    reference from = fixture_reference(f);
    unsigned char *want = malloc(f->y.bytes + 1);
    assert_non_null(want);
    memset(want, GUARD, f->y.bytes);
    for (int64_t n = 0; n < d->n; n++)
        for (int64_t k = 0; k < d->k; k++)
            for (int64_t p = 0; p < f->plan.conv.p; p++)
                for (int64_t q = 0; q < f->plan.conv.q; q++) {
                    const expectation e = fixture_expect(f, &from, n, k, p, q);
                    const int64_t place = fixture_place(f, n, k, p, q);
                    const double got = get_element(d->dtype_y, f->y.data, place);
                    if (!(fabs(got - e.value) <= tolerance(f, &e)))
                        fail_msg("isa %s tile %d parts %d n %lld c %lld h %lld w %lld k %lld groups %lld pad "
                                 "%lld%lld%lld%lld posts %u at %lld,%lld,%lld,%lld: %g, not %g within %g",
                            sy_isa_name(d->isa), f->plan.tile, f->plan.conv.parts, (long long)d->n,
                            (long long)d->c, (long long)d->h, (long long)d->w, (long long)d->k,
                            (long long)d->groups, (long long)d->pad[0], (long long)d->pad[1],
                            (long long)d->pad[2], (long long)d->pad[3], d->n_post, (long long)n, (long long)k,
                            (long long)p, (long long)q, got, e.value, tolerance(f, &e));
                    set_element(d->dtype_y, want, place, got);
                }
    assert_memory_equal(want, f->y.data, f->y.bytes); /* nothing between the elements was written */
    reference_free(&from);
    free(want);
}

static void draw_desc(uint64_t *state, uint32_t isa, sy_conv_desc *desc) {
    static const int64_t channels[] = {8, 9, 15, 16, 17, 31, 33, 40},
                         outputs[] = {1, 2, 7, 8, 9, 16, 17, 33, 40};
    const int64_t groups = pick(state, 0, 4) ? 1 : pick(state, 2, 3);
    *desc = plain_desc(isa, pick(state, 1, 3), groups * channels[pick(state, 0, groups > 1 ? 2 : 7)],
        pick(state, 1, 14), pick(state, 1, pick(state, 0, 4) ? 14 : 80),
        groups * outputs[pick(state, 0, groups > 1 ? 4 : 8)], 0);
    desc->groups = groups;
    desc->flags = (uint32_t)pick(state, 0, 1);
    desc->dtype_y = pick(state, 0, 4) ? SY_ELEMENT_F32 : SY_ELEMENT_BF16;
    for (int i = 0; i < 4; i++)
        desc->pad[i] = pick(state, 0, 2);
    desc->n_post = draw_smooth_posts(state, desc->post);
}

static void outputs_lie_within_the_bound(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++) {
        uint64_t state = 77 + (uint64_t)s;
        for (int round = 0; round < 250 / slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 5); round++) {
            fixture f = {0};
            draw_desc(&state, isas[s], &f.desc);
            const int x_layout = (int)pick(&state, 0, LAYOUTS - 1), w_layout = (int)pick(&state, 0, 1);
            const int y_layout = pick(&state, 0, 2) ? x_layout : (int)pick(&state, 0, LAYOUTS - 1);
            fixture_draw(&f, &state, x_layout, w_layout, y_layout);
            fixture_run(&f, round % 2 ? 4 : 2, (int)pick(&state, 1, 3));
            check(&f);
            fixture_free(&f);
        }
    }
}

/* Several blocks in each direction, depth beyond one product: {n c h w k}. */
static const int64_t layers[][5] = {
    {1, 300, 14, 14, 70}, {2, 24, 30, 31, 150}, {1, 17, 9, 150, 40}, {5, 40, 7, 7, 33}};

/* Each layer once and each form once, where all of both would take minutes. */
static size_t slow_layer_step(void) {
    return (size_t)slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 5);
}

static void layers_lie_within_the_bound(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < 4 * sizeof layers / sizeof layers[0]; i += slow_layer_step()) {
            const int64_t *v = layers[i / 4];
            uint64_t state = i + 3;
            fixture f = {.desc = plain_desc(isas[s], v[0], v[1], v[2], v[3], v[4], 1)};
            f.desc.flags = SY_CONV_W_CONST;
            fixture_draw(&f, &state, (int)(i & 1), 0, (int)(i & 1));
            fixture_run(&f, i & 2 ? 4 : 2, 2);
            check(&f);
            fixture_free(&f);
        }
}

static void bits_do_not_depend_on_parts(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < 4 * sizeof layers / sizeof layers[0]; i += slow_layer_step()) {
            const int64_t *v = layers[i / 4];
            uint64_t state = i + 3;
            fixture f = {.desc = plain_desc(isas[s], v[0], v[1], v[2], v[3], v[4], 1)};
            fixture_draw(&f, &state, (int)(i & 1), 0, (int)(i & 1));
            fixture_run(&f, i & 2 ? 4 : 2, 1);
            unsigned char *alone = malloc(f.y.bytes);
            assert_non_null(alone);
            memcpy(alone, f.y.data, f.y.bytes);
            for (int parts = 2; parts <= 7; parts++) {
                memset(f.y.data, GUARD, f.y.bytes);
                fixture_run(&f, i & 2 ? 4 : 2, parts);
                assert_true(f.plan.conv.parts > 1);
                assert_memory_equal(alone, f.y.data, f.y.bytes);
            }
            free(alone);
            fixture_free(&f);
        }
}

/* A NaN reaches outputs whose own window has it, and none beyond the tiles that read it. */
static void nan_stays_within_its_tiles(void **unused) {
    (void)unused;
    for (int tile = 2; tile <= 4; tile += 2) {
        uint64_t state = 5;
        fixture f = {.desc = plain_desc(SY_ISA_GENERIC, 1, 9, 16, 16, 6, 1)};
        fixture_draw(&f, &state, NHWC, 0, NCHW);
        const int row = 2 * tile, col = 2 * tile; /* read by tiles 1 and 2 of each direction */
        set_element(
            SY_ELEMENT_F32, f.x.data, row * f.desc.x_stride[2] + col * f.desc.x_stride[3], (double)NAN);
        fixture_run(&f, tile, 1);
        for (int p = 0; p < 16; p++)
            for (int q = 0; q < 16; q++) {
                const double got = get_element(SY_ELEMENT_F32, f.y.data, fixture_place(&f, 0, 3, p, q));
                if (p >= row - 1 && p <= row + 1 && q >= col - 1 && q <= col + 1)
                    assert_int_equal(isnan(got) != 0, 1);
                else if (p / tile < 1 || p / tile > 2 || q / tile < 1 || q / tile > 2)
                    assert_int_equal(isnan(got) != 0, 0);
            }
        fixture_free(&f);
    }
}

/* No outputs: nothing is touched. */
static void empty_outputs_take_no_steps(void **unused) {
    (void)unused;
    for (int empty = 0; empty < 3; empty++) {
        uint64_t state = 9;
        fixture f = {.desc = plain_desc(SY_ISA_GENERIC, 2, 8, 4, 5, 6, 0)};
        int64_t *const extents[] = {&f.desc.n, &f.desc.k, &f.desc.h};
        *extents[empty] = 0;
        fixture_draw(&f, &state, NCHW, 0, NCHW);
        fixture_run(&f, 4, 2);
        assert_int_equal(f.plan.conv.steps, 0);
        assert_int_equal(f.plan.conv.workspace_bytes, 0);
        assert_true(sy_winograd_flop_ratio(&f.plan) == 1);
        fixture_free(&f);
    }
}

static void expect_refusal(const sy_conv_desc *desc, int tile, int parts, const char *words) {
    sy_winograd_plan plan;
    memset(&plan, 0xff, sizeof plan);
    const char *why = sy_winograd_plan_init(desc, tile, parts, &plan);
    assert_non_null(why);
    if (strstr(why, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", why, words);
    const sy_winograd_plan nothing = {0};
    assert_memory_equal(&plan, &nothing, sizeof plan);
}

static void what_is_refused_has_a_reason(void **unused) {
    (void)unused;
    const sy_conv_desc good = plain_desc(SY_ISA_GENERIC, 1, 8, 9, 9, 8, 1);
    sy_conv_desc d = good;
    expect_refusal(&good, 3, 1, "2 x 2 or 4 x 4");
    expect_refusal(&good, 4, 0, "no threads");
    d.dtype_x = d.dtype_w = d.dtype_y = SY_ELEMENT_BF16;
    expect_refusal(&d, 4, 1, "f32 images");
    d = good, d.r = 5;
    expect_refusal(&d, 4, 1, "3 x 3");
    d = good, d.s = 1;
    expect_refusal(&d, 4, 1, "3 x 3");
    d = good, d.stride[0] = 2;
    expect_refusal(&d, 4, 1, "stride");
    d = good, d.stride[1] = 2;
    expect_refusal(&d, 2, 1, "stride");
    d = good, d.dilation[0] = 2;
    expect_refusal(&d, 4, 1, "dilation");
    d = good, d.dilation[1] = 2;
    expect_refusal(&d, 4, 1, "dilation");
    d = good, d.pad[3] = 3;
    expect_refusal(&d, 4, 1, "pads");
    d = good, d.c = 7;
    expect_refusal(&d, 4, 1, "8 channels");
    d = good, d.groups = 2;
    expect_refusal(&d, 4, 1, "8 channels a group");
    d = good, d.isa = 99;
    expect_refusal(&d, 4, 1, "instruction set");
    d = good, d.h = -1;
    expect_refusal(&d, 4, 1, "negative");
    d = good, d.c = INT32_MAX / 9, d.k = INT32_MAX, d.flags = SY_CONV_W_CONST;
    expect_refusal(&d, 4, 1, "address space");
}

static void ratio_counts_products_and_transforms(void **unused) {
    (void)unused;
    const sy_conv_desc many = plain_desc(SY_ISA_GENERIC, 1, 512, 16, 16, 512, 1);
    const sy_conv_desc odd = plain_desc(SY_ISA_GENERIC, 1, 512, 5, 5, 512, 1);
    sy_winograd_plan plan;
    assert_null(sy_winograd_plan_init(&many, 4, 1, &plan));
    assert_true(sy_winograd_flop_ratio(&plan) > 0.25 && sy_winograd_flop_ratio(&plan) < 0.26);
    assert_null(sy_winograd_plan_init(&many, 2, 1, &plan));
    assert_true(sy_winograd_flop_ratio(&plan) > 16.0 / 36 && sy_winograd_flop_ratio(&plan) < 0.45);
    assert_null(sy_winograd_plan_init(&odd, 4, 1, &plan)); /* 4 tiles of 16 for 25 outputs */
    assert_true(sy_winograd_flop_ratio(&plan) > 0.25 * 64 / 25);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_lie_within_the_bound),
        cmocka_unit_test(layers_lie_within_the_bound),
        cmocka_unit_test(bits_do_not_depend_on_parts),
        cmocka_unit_test(nan_stays_within_its_tiles),
        cmocka_unit_test(empty_outputs_take_no_steps),
        cmocka_unit_test(what_is_refused_has_a_reason),
        cmocka_unit_test(ratio_counts_products_and_transforms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
