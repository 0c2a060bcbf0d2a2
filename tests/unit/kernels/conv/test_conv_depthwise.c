/* The depthwise ways of sy_conv where their tiles, bands and groups of planes end: short and long rows, wide
 * strides, padding beyond the window, edges on all sides, epilogues and images larger than what is fetched
 * ahead. */
#include "kernels/conv/conv_problem.h"
#include "tests/support/slow.h"
#include "tests/unit/kernels/conv/fixture.h"

/* n, c, h, w, window along h and w, stride along h and w, padding above, left, below, right. */
typedef struct shape {
    int64_t n, c, h, w, r, s, stride[2], pad[4];
} shape;

static const shape shapes[] = {
    {1, 17, 7, 7, 3, 3, {1, 1}, {1, 1, 1, 1}},
    {2, 9, 14, 14, 3, 3, {2, 2}, {1, 1, 1, 1}},
    {1, 70, 7, 7, 5, 5, {1, 1}, {2, 2, 2, 2}},
    {1, 13, 15, 9, 5, 5, {2, 2}, {2, 2, 1, 1}},
    {1, 5, 40, 130, 3, 3, {1, 1}, {1, 1, 1, 1}},
    {1, 3, 121, 113, 3, 3, {2, 2}, {0, 0, 1, 1}},
    {1, 33, 3, 2, 3, 2, {1, 1}, {1, 1, 1, 1}},
    {3, 21, 3, 3, 3, 3, {1, 1}, {3, 3, 3, 3}},
    {1, 12, 20, 23, 3, 3, {3, 3}, {1, 1, 1, 1}},
    {1, 12, 20, 29, 3, 5, {1, 2}, {0, 4, 2, 0}},
    {1, 10, 9, 40, 2, 3, {4, 7}, {0, 2, 0, 5}},
    {1, 24, 1, 200, 1, 31, {1, 1}, {0, 15, 0, 15}},
    {2, 1030, 2, 5, 3, 3, {1, 1}, {1, 1, 1, 1}},
    {1, 1, 1, 1, 3, 3, {1, 1}, {1, 1, 1, 1}},
    {1, 8, 5, 4, 3, 3, {1, 1}, {5, 5, 0, 0}},
    {1, 16, 160, 160, 3, 3, {1, 1}, {1, 1, 1, 1}},
};

static void check_shape(const shape *one, uint32_t isa, const types *kind, int layout, bool has_posts) {
    uint64_t state = (uint64_t)(one - shapes) + 9;
    fixture f = {.desc = {.dtype_x = kind->x,
                     .dtype_w = kind->w,
                     .dtype_y = kind->y,
                     .isa = isa,
                     .flags = SY_CONV_W_CONST,
                     .n = one->n,
                     .c = one->c,
                     .h = one->h,
                     .w = one->w,
                     .k = one->c,
                     .r = one->r,
                     .s = one->s,
                     .groups = one->c,
                     .stride = {one->stride[0], one->stride[1]},
                     .dilation = {1, 1},
                     .pad = {one->pad[0], one->pad[1], one->pad[2], one->pad[3]}}};
    if (has_posts)
        f.desc.n_post = draw_posts(&state, f.desc.dtype_y, f.desc.post);
    draw_operands(&f, &state, layout, 0, layout, false);
    run(&f, has_posts ? 1 : 3);
    check_exact(&f);
    free_fixture(&f);
}

static void depthwise_is_exact_at_the_ends_of_its_blocks(void **unused) {
    (void)unused;
    static const types kinds[] = {{SY_ELEMENT_F32, SY_ELEMENT_F32, SY_ELEMENT_F32},
        {SY_ELEMENT_U8, SY_ELEMENT_S8, SY_ELEMENT_S32}, {SY_ELEMENT_BF16, SY_ELEMENT_BF16, SY_ELEMENT_F32}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas), step = slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 5);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
            for (int variant = (int)i % step; variant < 12; variant += step) {
                const types *kind = &kinds[variant % 3];
                check_shape(&shapes[i], isas[s], kind, variant / 3 % 2 ? NHWC : NCHW, variant / 6);
            }
}

/* X and Y in layouts of which only one is by planes. */
static void depthwise_turns_layouts(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (int i = 0; i < LAYOUTS * LAYOUTS; i++) {
            uint64_t state = (uint64_t)i + 5;
            fixture f = {
                .desc = {.dtype_x = SY_ELEMENT_F32, .dtype_w = SY_ELEMENT_F32, .dtype_y = SY_ELEMENT_F32}};
            sy_conv_desc *desc = &f.desc;
            desc->isa = isas[s];
            desc->n = 2;
            desc->c = desc->k = desc->groups = 19;
            desc->h = desc->w = 11;
            desc->r = desc->s = 3;
            for (int j = 0; j < 2; j++)
                desc->stride[j] = desc->dilation[j] = desc->pad[j] = desc->pad[j + 2] = 1;
            draw_operands(&f, &state, i / LAYOUTS, 0, i % LAYOUTS, false);
            run(&f, 2);
            check_exact(&f);
            free_fixture(&f);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(depthwise_is_exact_at_the_ends_of_its_blocks),
        cmocka_unit_test(depthwise_turns_layouts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
