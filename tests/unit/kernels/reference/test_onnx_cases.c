/* The reference loops against ONNX's node cases for Gemm, Conv and ConvInteger. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernels/reference/conv.h"
#include "kernels/reference/gemm.h"
#include "tests/support/onnx_case.h"

static void load(const char *name, const char *op, onnx_case *out_case) {
    char folder[256];
    snprintf(folder, sizeof folder, "%s/%s", ONNX_NODE_FOLDER, name);
    if (!onnx_case_load(folder, out_case))
        fail_msg("cannot read %s", folder);
    assert_string_equal(out_case->op, op);
}

static double find_f(const onnx_case *loaded, const char *name, double otherwise) {
    const onnx_attribute *attribute = onnx_case_find(loaded, name);
    return attribute != NULL ? attribute->f : otherwise;
}

static int64_t find_i(const onnx_case *loaded, const char *name, int64_t otherwise) {
    const onnx_attribute *attribute = onnx_case_find(loaded, name);
    return attribute != NULL ? attribute->i : otherwise;
}

static int64_t find_int(const onnx_case *loaded, const char *name, size_t index, int64_t otherwise) {
    const onnx_attribute *attribute = onnx_case_find(loaded, name);
    return attribute != NULL && index < attribute->int_count ? attribute->ints[index] : otherwise;
}

/* The file's result was summed in f32: at most (k + 2) roundings of 2^-24 of the products' magnitudes. */
static void assert_close(double expected, double value, double magnitude, int64_t k) {
    double bound = (double)(k + 2) * 0x1p-24 * (magnitude + fabs(value));
    if (!(fabs(expected - value) <= bound))
        fail_msg("expected %.9g, got %.9g, bound %.3g", expected, value, bound);
}

/* A matrix of the file as op(X): strides swapped when it lies transposed. */
static void set_strides(const onnx_tensor *tensor, int64_t transposed, int64_t out_stride[2]) {
    out_stride[transposed != 0 ? 1 : 0] = tensor->dim[1];
    out_stride[transposed != 0 ? 0 : 1] = 1;
}

/* C is broadcast to m x n from the right. */
static void set_c(const onnx_tensor *c, sy_reference_gemm *gemm) {
    int64_t columns = c->rank > 0 ? c->dim[c->rank - 1] : 1;
    int64_t rows = c->rank > 1 ? c->dim[c->rank - 2] : 1;
    gemm->c = c->values;
    gemm->c_stride[0] = rows > 1 ? columns : 0;
    gemm->c_stride[1] = columns > 1 ? 1 : 0;
}

static void check_gemm(const char *name) {
    onnx_case loaded;
    load(name, "Gemm", &loaded);
    int64_t ta = find_i(&loaded, "transA", 0), tb = find_i(&loaded, "transB", 0);
    const onnx_tensor *a = &loaded.input[0], *b = &loaded.input[1];
    sy_reference_gemm gemm = {.m = a->dim[ta != 0 ? 1 : 0],
        .k = a->dim[ta != 0 ? 0 : 1],
        .n = b->dim[tb != 0 ? 0 : 1],
        .a = a->values,
        .b = b->values,
        .alpha = find_f(&loaded, "alpha", 1.0),
        .beta = loaded.input_count > 2 ? find_f(&loaded, "beta", 1.0) : 0.0};
    set_strides(a, ta, gemm.a_stride);
    set_strides(b, tb, gemm.b_stride);
    if (loaded.input_count > 2)
        set_c(&loaded.input[2], &gemm);
    double *d = calloc(loaded.output.count, sizeof *d);
    gemm.d = d;
    gemm.d_stride[0] = gemm.n;
    gemm.d_stride[1] = 1;
    assert_int_equal(loaded.output.count, gemm.m * gemm.n);
    sy_reference_gemm_run(&gemm);
    for (int64_t i = 0; i < gemm.m; i++)
        for (int64_t j = 0; j < gemm.n; j++) {
            sy_reference_point point;
            sy_reference_gemm_point(&gemm, i, j, &point);
            assert_close(loaded.output.values[i * gemm.n + j], d[i * gemm.n + j], point.absolute, gemm.k);
        }
    free(d);
    onnx_case_free(&loaded);
}

static void packed_strides(const int64_t dim[4], int64_t out_stride[4]) {
    out_stride[3] = 1;
    for (int i = 2; i >= 0; i--)
        out_stride[i] = out_stride[i + 1] * dim[i + 1];
}

/* Pads: written out, or (auto_pad) so that outputs are ceil(input / stride), the odd one at the given side.
 */
static void set_pads(const onnx_case *loaded, sy_reference_conv *conv) {
    const onnx_attribute *automatic = onnx_case_find(loaded, "auto_pad");
    const int64_t extent[2] = {conv->h, conv->w}, taps[2] = {conv->r, conv->s}, out[2] = {conv->p, conv->q};
    for (size_t i = 0; i < 2; i++) {
        conv->pad[i] = find_int(loaded, "pads", i, 0);
        if (automatic == NULL || strncmp(automatic->text, "SAME", 4) != 0)
            continue;
        int64_t total = (out[i] - 1) * conv->stride[i] + conv->dilation[i] * (taps[i] - 1) + 1 - extent[i];
        bool is_lower = strcmp(automatic->text, "SAME_LOWER") == 0;
        conv->pad[i] = total > 0 ? (total + (is_lower ? 1 : 0)) / 2 : 0;
    }
}

static sy_reference_conv make_conv(const onnx_case *loaded) {
    const int64_t *x = loaded->input[0].dim, *w = loaded->input[1].dim, *y = loaded->output.dim;
    sy_reference_conv conv = {.n = x[0],
        .c = x[1],
        .h = x[2],
        .w = x[3],
        .k = w[0],
        .r = w[2],
        .s = w[3],
        .p = y[2],
        .q = y[3],
        .groups = find_i(loaded, "group", 1),
        .x = loaded->input[0].values,
        .filter = loaded->input[1].values};
    for (size_t i = 0; i < 2; i++) {
        conv.stride[i] = find_int(loaded, "strides", i, 1);
        conv.dilation[i] = find_int(loaded, "dilations", i, 1);
    }
    set_pads(loaded, &conv);
    packed_strides(x, conv.x_stride);
    packed_strides(w, conv.w_stride);
    packed_strides(y, conv.y_stride);
    return conv;
}

static void check_conv(const char *name, const char *op) {
    onnx_case loaded;
    load(name, op, &loaded);
    bool is_integer = strcmp(op, "ConvInteger") == 0;
    sy_reference_conv conv = make_conv(&loaded);
    double zero_point = is_integer && loaded.input_count > 2 ? loaded.input[2].values[0] : 0.0;
    for (size_t i = 0; i < loaded.input[0].count; i++)
        loaded.input[0].values[i] -= zero_point;
    double *y = calloc(loaded.output.count, sizeof *y);
    conv.y = y;
    assert_int_equal(loaded.output.count, conv.n * conv.k * conv.p * conv.q);
    sy_reference_conv_run(&conv);
    for (size_t i = 0; i < loaded.output.count; i++) {
        int64_t rest = (int64_t)i, plane = conv.p * conv.q;
        const int64_t at[4] = {
            rest / (conv.k * plane), rest / plane % conv.k, rest / conv.q % conv.p, rest % conv.q};
        sy_reference_point point;
        sy_reference_conv_point(&conv, at, &point);
        assert_true(fabs(point.sum - y[i]) <= 1e-12 * point.absolute);
        if (is_integer)
            assert_true(y[i] == loaded.output.values[i]);
        else
            assert_close(loaded.output.values[i], y[i], point.absolute, conv.c * conv.r * conv.s);
    }
    free(y);
    onnx_case_free(&loaded);
}

static void gemm_matches_onnx(void **state) {
    static const char *const names[] = {"test_gemm_all_attributes", "test_gemm_alpha", "test_gemm_beta",
        "test_gemm_default_matrix_bias", "test_gemm_default_no_bias", "test_gemm_default_scalar_bias",
        "test_gemm_default_single_elem_vector_bias", "test_gemm_default_vector_bias",
        "test_gemm_default_zero_bias", "test_gemm_transposeA", "test_gemm_transposeB"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        check_gemm(names[i]);
}

static void conv_matches_onnx(void **state) {
    static const char *const names[] = {"test_basic_conv_with_padding", "test_basic_conv_without_padding",
        "test_conv_with_autopad_same", "test_conv_with_strides_and_asymmetric_padding",
        "test_conv_with_strides_no_padding", "test_conv_with_strides_padding"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        check_conv(names[i], "Conv");
}

static void integer_conv_matches_onnx(void **state) {
    static const char *const names[] = {
        "test_basic_convinteger", "test_convinteger_with_padding", "test_convinteger_without_padding"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        check_conv(names[i], "ConvInteger");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gemm_matches_onnx),
        cmocka_unit_test(conv_matches_onnx),
        cmocka_unit_test(integer_conv_matches_onnx),
    };
    if (access(ONNX_NODE_FOLDER, R_OK) != 0) {
        printf("SKIPPED: no %s; install libonnx-testdata\n", ONNX_NODE_FOLDER);
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
