/* Reference convolution against seven plain loops over a padded copy, for awkward shapes and both layouts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernels/reference/conv.h"

/* n c h w k r s, strides, dilations, top left bottom right, groups. */
typedef struct shape {
    int64_t n, c, h, w, k, r, s, stride[2], dilation[2], pad[4], groups;
} shape;

static const shape shapes[] = {
    {1, 1, 1, 1, 1, 1, 1, {1, 1}, {1, 1}, {0, 0, 0, 0}, 1},
    {2, 3, 7, 5, 4, 3, 3, {1, 1}, {1, 1}, {1, 1, 1, 1}, 1},
    {1, 4, 9, 11, 6, 3, 2, {2, 3}, {1, 2}, {0, 2, 1, 0}, 2},
    {1, 5, 6, 6, 5, 5, 5, {1, 1}, {1, 1}, {2, 2, 2, 2}, 5},
    {1, 6, 8, 8, 12, 1, 1, {2, 2}, {1, 1}, {0, 0, 0, 0}, 6},
    {1, 2, 3, 3, 2, 3, 3, {1, 1}, {3, 3}, {4, 4, 4, 4}, 1},
    {1, 1, 2, 2, 1, 2, 2, {5, 5}, {1, 1}, {7, 7, 7, 7}, 1}, /* most outputs see padding alone */
    {3, 2, 1, 17, 3, 1, 7, {1, 2}, {1, 1}, {0, 3, 0, 2}, 1},
};

static double value_at(int64_t i) {
    return (double)((i * 7919 + 13) % 17 - 8);
}

static double *make(int64_t count) {
    double *values = malloc((size_t)count * sizeof *values);
    assert_non_null(values);
    for (int64_t i = 0; i < count; i++)
        values[i] = value_at(i);
    return values;
}

static void set_strides(const int64_t dim[4], int is_channels_last, int64_t out_stride[4]) {
    static const int orders[2][4] = {{3, 2, 1, 0}, {1, 3, 2, 0}}; /* innermost first */
    int64_t stride = 1;
    for (int i = 0; i < 4; i++) {
        int axis = orders[is_channels_last][i];
        out_stride[axis] = stride;
        stride *= dim[axis];
    }
}

static int64_t offset(const int64_t at[4], const int64_t stride[4]) {
    return at[0] * stride[0] + at[1] * stride[1] + at[2] * stride[2] + at[3] * stride[3];
}

/* X or 0 outside. */
static double pixel(const sy_reference_conv *conv, int64_t n, int64_t c, int64_t h, int64_t w) {
    if (h < 0 || h >= conv->h || w < 0 || w >= conv->w)
        return 0.0;
    const int64_t at[4] = {n, c, h, w};
    return conv->x[offset(at, conv->x_stride)];
}

static double expected_at(const sy_reference_conv *conv, const int64_t at[4]) {
    double sum = 0.0;
    int64_t depth = conv->c / conv->groups, group = at[1] * conv->groups / conv->k;
    for (int64_t s = 0; s < conv->s; s++)
        for (int64_t r = 0; r < conv->r; r++)
            for (int64_t c = 0; c < depth; c++) {
                const int64_t tap[4] = {at[1], c, r, s};
                sum += pixel(conv, at[0], group * depth + c,
                           at[2] * conv->stride[0] + r * conv->dilation[0] - conv->pad[0],
                           at[3] * conv->stride[1] + s * conv->dilation[1] - conv->pad[1]) *
                       conv->filter[offset(tap, conv->w_stride)];
            }
    return sum;
}

static sy_reference_conv make_conv(const shape *from, int is_channels_last) {
    sy_reference_conv conv = {.n = from->n,
        .c = from->c,
        .h = from->h,
        .w = from->w,
        .k = from->k,
        .r = from->r,
        .s = from->s,
        .groups = from->groups};
    for (size_t i = 0; i < 2; i++) {
        conv.stride[i] = from->stride[i];
        conv.dilation[i] = from->dilation[i];
        conv.pad[i] = from->pad[i];
    }
    conv.p =
        (from->h + from->pad[0] + from->pad[2] - from->dilation[0] * (from->r - 1) - 1) / from->stride[0] + 1;
    conv.q =
        (from->w + from->pad[1] + from->pad[3] - from->dilation[1] * (from->s - 1) - 1) / from->stride[1] + 1;
    const int64_t x[4] = {conv.n, conv.c, conv.h, conv.w};
    const int64_t w[4] = {conv.k, conv.c / conv.groups, conv.r, conv.s};
    const int64_t y[4] = {conv.n, conv.k, conv.p, conv.q};
    set_strides(x, is_channels_last, conv.x_stride);
    set_strides(w, 0, conv.w_stride);
    set_strides(y, is_channels_last, conv.y_stride);
    return conv;
}

static void check_elements(const sy_reference_conv *conv, const double *y) {
    int64_t at[4];
    for (at[0] = 0; at[0] < conv->n; at[0]++)
        for (at[1] = 0; at[1] < conv->k; at[1]++)
            for (at[2] = 0; at[2] < conv->p; at[2]++)
                for (at[3] = 0; at[3] < conv->q; at[3]++) {
                    double expected = expected_at(conv, at);
                    sy_reference_point point;
                    sy_reference_conv_point(conv, at, &point);
                    assert_true(y[offset(at, conv->y_stride)] == expected);
                    assert_true(point.sum == expected);
                    assert_true(fabs(expected) <= point.a_norm * point.b_norm * (1.0 + 1e-12));
                    assert_true(fabs(expected) <= point.absolute);
                }
}

static void conv_matches_plain_loops(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (int is_channels_last = 0; is_channels_last < 2; is_channels_last++) {
            sy_reference_conv conv = make_conv(&shapes[i], is_channels_last);
            double *x = make(conv.n * conv.c * conv.h * conv.w);
            double *filter = make(conv.k * conv.c / conv.groups * conv.r * conv.s);
            double *y = make(conv.n * conv.k * conv.p * conv.q);
            conv.x = x;
            conv.filter = filter;
            conv.y = y;
            sy_reference_conv_run(&conv);
            check_elements(&conv, y);
            free(x);
            free(filter);
            free(y);
        }
}

static void one_channel_leaves_the_others(void **state) {
    sy_reference_conv conv = make_conv(&shapes[1], 1);
    int64_t outputs = conv.n * conv.k * conv.p * conv.q;
    double *x = make(conv.n * conv.c * conv.h * conv.w), *filter = make(conv.k * conv.c * conv.r * conv.s);
    double *whole = make(outputs), *part = make(outputs);
    (void)state;
    conv.x = x;
    conv.filter = filter;
    conv.y = whole;
    sy_reference_conv_run(&conv);
    conv.y = part;
    sy_reference_conv_channel(&conv, 1, 2);
    for (int64_t i = 0; i < outputs; i++) {
        int is_channel = i >= outputs / conv.n && i % conv.k == 2; /* channels last: k is innermost */
        assert_true(part[i] == (is_channel ? whole[i] : value_at(i)));
    }
    free(x);
    free(filter);
    free(whole);
    free(part);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv_matches_plain_loops),
        cmocka_unit_test(one_channel_leaves_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
