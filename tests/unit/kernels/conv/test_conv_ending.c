/* Convolutions whose sums end in registers: bias, a residual, bounds; lines of pixels, tiles of lists, strips
 * of first layers and depthwise blocks, where channels do not fill vectors, sums go over several stretches of
 * depth, or pixels are few. */
#include "kernels/conv/conv_problem.h"
#include "tests/support/slow.h"
#include "tests/unit/kernels/conv/fixture.h"

/* n, c, h, w, k, square window, groups, stride, padding on all sides. */
static const int64_t shapes[][9] = {
    {1, 136, 9, 7, 136, 1, 4, 1, 0},      /* 34 channels a group: a panel and two */
    {2, 20, 5, 9, 12, 1, 1, 1, 0},        /* images that are one line */
    {1, 30, 11, 11, 24, 1, 1, 1, 0},      /* three quarters of a panel */
    {1, 33, 6, 6, 40, 1, 1, 2, 0},        /* every other pixel */
    {1, 700, 4, 5, 41, 1, 1, 1, 0},       /* several stretches of depth */
    {1, 24, 1, 1, 10, 1, 1, 1, 0},        /* one pixel */
    {1, 24, 1, 3, 10, 1, 1, 1, 0},        /* fewer than a strip wants */
    {1, 3, 21, 90, 24, 3, 1, 2, 1},       /* a first layer: strips */
    {1, 3, 9, 100, 7, 3, 1, 1, 1},        /* the same, few channels out */
    {1, 20, 8, 9, 50, 3, 1, 1, 1},        /* tiles of lists */
    {1, 150, 6, 5, 18, 3, 1, 1, 1},       /* the same over several stretches */
    {1, 37, 9, 13, 37, 3, 37, 1, 1},      /* depthwise */
    {1, 18, 9, 12, 18, 5, 18, 2, 2},      /* the same, five columns */
    {1, 19, 7, 9, 19, 2, 19, 1, 1},       /* the same, any window */
    {1, 5, 6, 7, 5, 3, 5, 1, 1},          /* the same, fewer channels than a vector */
    {1, 1030, 3, 4, 1030, 3, 1030, 1, 1}, /* the same, channels in two blocks */
};

static uint32_t draw_usual(int kind, sy_kernel_post post[]) {
    uint32_t count = 0;
    if (kind & 1)
        post[count++] = (sy_kernel_post){.kind = SY_KERNEL_POST_BIAS, .dtype = SY_ELEMENT_F32};
    if (kind & 2)
        post[count++] = (sy_kernel_post){.kind = SY_KERNEL_POST_ADD, .dtype = SY_ELEMENT_F32};
    if (kind & 4)
        post[count++] = kind & 1 ? (sy_kernel_post){.kind = SY_KERNEL_POST_CLIP, .a = -2, .b = 6}
                                 : (sy_kernel_post){.kind = SY_KERNEL_POST_RELU};
    return count;
}

static void check_shape(const int64_t *v, uint32_t isa, int kind, int x_layout) {
    uint64_t state = (uint64_t)(v[1] * 8 + kind + 1);
    fixture f = {.desc = {.dtype_x = SY_ELEMENT_F32,
                     .dtype_w = SY_ELEMENT_F32,
                     .dtype_y = SY_ELEMENT_F32,
                     .isa = isa,
                     .flags = SY_CONV_W_CONST,
                     .n = v[0],
                     .c = v[1],
                     .h = v[2],
                     .w = v[3],
                     .k = v[4],
                     .r = v[5],
                     .s = v[5],
                     .groups = v[6],
                     .stride = {v[7], v[7]},
                     .dilation = {1, 1},
                     .pad = {v[8], v[8], v[8], v[8]}}};
    f.desc.n_post = draw_usual(kind, f.desc.post);
    draw_operands(&f, &state, x_layout, 0, NHWC, false);
    run(&f, 1 + kind % 3);
    check_exact(&f);
    free_fixture(&f);
}

static void usual_epilogues_are_exact(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas), step = slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 3);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
            for (int kind = (int)i % step; kind < 8; kind += step)
                check_shape(shapes[i], isas[s], kind, kind == 5 ? NCHW : NHWC);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(usual_epilogues_are_exact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
