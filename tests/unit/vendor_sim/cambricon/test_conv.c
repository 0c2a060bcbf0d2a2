/* CNNL 2.x: convolutions. */
#include "tests/unit/vendor_sim/cambricon/rig.h"

#include <string.h>

/* A convolution of f32 in NHWC, and what its call returned. tf32 -1: not set. */
typedef struct conv {
    int n, h, w, c, k, r, s, groups, pad[4], stride[2], dilation[2], tf32, algo, layout;
    int is_bias, is_y_wrong, dtype;
    cnnlStatus_t asked, done;
} conv;

static const conv plain = {.n = 1,
    .h = 5,
    .w = 4,
    .c = 4,
    .k = 4,
    .r = 3,
    .s = 3,
    .groups = 1,
    .pad = {1, 1, 1, 1},
    .stride = {1, 1},
    .dilation = {1, 1},
    .algo = 1,
    .layout = CNNL_LAYOUT_NHWC,
    .dtype = CNNL_DTYPE_FLOAT};

static int extent(int size, int before, int behind, int window, int stride, int dilation) {
    return (size + before + behind - dilation * (window - 1) - 1) / stride + 1;
}

static int rows(const conv *one) {
    return extent(one->h, one->pad[0], one->pad[1], one->r, one->stride[0], one->dilation[0]);
}

static int columns(const conv *one) {
    return extent(one->w, one->pad[2], one->pad[3], one->s, one->stride[1], one->dilation[1]);
}

static cnnlConvolutionDescriptor_t describe(const conv *one) {
    cnnlConvolutionDescriptor_t desc;
    assert_int_equal(CNNL(cnnlCreateConvolutionDescriptor)(&desc), 0);
    assert_int_equal(CNNL(cnnlSetConvolutionDescriptor)(
                         desc, 4, one->pad, one->stride, one->dilation, one->groups, CNNL_DTYPE_FLOAT),
        0);
    if (one->tf32 >= 0)
        assert_int_equal(CNNL(cnnlSetConvolutionDescriptorAllowTF32)(desc, one->tf32), 0);
    return desc;
}

static void convolve(conv *one, const float *x, const float *w, const float *bias, float *y) {
    int p = rows(one), q = columns(one) + one->is_y_wrong, bytes = (int)sizeof(float);
    int x_count = one->n * one->h * one->w * one->c, y_count = one->n * p * q * one->k;
    int w_count = one->k * one->r * one->s * one->c / one->groups;
    size_t workspace_bytes = 0;
    cnnlConvolutionDescriptor_t desc = describe(one);
    cnnlTensorDescriptor_t x_desc = rig_tensor(one->layout, one->dtype, one->n, one->h, one->w, one->c);
    cnnlTensorDescriptor_t w_desc =
        rig_tensor(one->layout, one->dtype, one->k, one->r, one->s, one->c / one->groups);
    cnnlTensorDescriptor_t y_desc = rig_tensor(one->layout, one->dtype, one->n, p, q, one->k);
    cnnlTensorDescriptor_t bias_desc = rig_tensor(CNNL_LAYOUT_ARRAY, one->dtype, one->k, 0, 0, 0);
    void *x_memory = rig_upload(x, (size_t)(x_count * bytes)),
         *w_memory = rig_upload(w, (size_t)(w_count * bytes));
    void *bias_memory = rig_upload(bias, (size_t)(one->k * bytes)),
         *y_memory = rig_workspace((size_t)(y_count * bytes));
    one->asked = CNNL(cnnlGetConvolutionForwardWorkspaceSize)(rig.handle, x_desc, w_desc, y_desc,
        one->is_bias ? bias_desc : NULL, desc, one->algo, &workspace_bytes);
    void *workspace = rig_workspace(workspace_bytes);
    one->done = CNNL(cnnlConvolutionForward)(rig.handle, desc, one->algo, NULL, x_desc, x_memory, w_desc,
        w_memory, one->is_bias ? bias_desc : NULL, one->is_bias ? bias_memory : NULL, workspace,
        workspace_bytes, NULL, y_desc, y_memory);
    rig_sync();
    rig_download(y, y_memory, (size_t)(y_count * bytes));
    void *memory[] = {x_memory, w_memory, bias_memory, y_memory, workspace};
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        rig_free(memory[i]);
    cnnlTensorDescriptor_t tensor[] = {x_desc, w_desc, y_desc, bias_desc};
    for (size_t i = 0; i < sizeof tensor / sizeof *tensor; i++)
        rig_tensor_free(tensor[i]);
    assert_int_equal(CNNL(cnnlDestroyConvolutionDescriptor)(desc), 0);
}

/* One element, with plain loops. */
static float expect(const conv *one, const float *x, const float *w, const float *bias, int at) {
    int k = at % one->k, q = at / one->k % columns(one), p = at / one->k / columns(one) % rows(one);
    int n = at / one->k / columns(one) / rows(one), deep = one->c / one->groups;
    int first = k / (one->k / one->groups) * deep;
    float sum = one->is_bias ? bias[k] : 0;
    for (int r = 0; r < one->r; r++)
        for (int s = 0; s < one->s; s++)
            for (int c = 0; c < deep; c++) {
                int h = p * one->stride[0] - one->pad[0] + r * one->dilation[0];
                int v = q * one->stride[1] - one->pad[2] + s * one->dilation[1];
                if (h >= 0 && h < one->h && v >= 0 && v < one->w)
                    sum += x[((n * one->h + h) * one->w + v) * one->c + first + c] *
                           w[((k * one->r + r) * one->s + s) * deep + c];
            }
    return sum;
}

static float x[512], w[512], bias[64], y[512];

static void check(conv one) {
    convolve(&one, x, w, bias, y);
    assert_int_equal(one.asked, 0);
    assert_int_equal(one.done, 0);
    for (int i = 0; i < one.n * rows(&one) * columns(&one) * one.k; i++)
        assert_true(y[i] == expect(&one, x, w, bias, i));
}

static int begin(void **state) {
    (void)state;
    rig_numbers(x, 512, 1);
    rig_numbers(w, 512, 2);
    rig_numbers(bias, 64, 3);
    return 0;
}

static void test_nhwc(void **state) {
    (void)state;
    rig_begin("");
    check(plain);
    conv one = plain;
    one.n = 2;
    one.is_bias = 1;
    check(one);
    one.groups = 2;
    check(one);
    one.groups = 4;
    check(one);
    one.stride[0] = 2;
    one.dilation[1] = 2;
    one.pad[0] = 0; /* top 0, bottom 1, left 2, right 1 */
    one.pad[2] = 2;
    check(one);
    rig_end(0);
}

static void test_hwcn_filters_of_one_channel(void **state) {
    (void)state;
    rig_begin("workspace=0");
    cnnlTensorDescriptor_t x_desc = rig_tensor(CNNL_LAYOUT_NHWC, CNNL_DTYPE_FLOAT, 1, 2, 1, 2);
    cnnlTensorDescriptor_t w_desc = rig_tensor(CNNL_LAYOUT_HWCN, CNNL_DTYPE_FLOAT, 2, 1, 1, 2);
    cnnlTensorDescriptor_t y_desc = rig_tensor(CNNL_LAYOUT_NHWC, CNNL_DTYPE_FLOAT, 1, 1, 1, 2);
    conv one = plain;
    one.groups = 2;
    memset(one.pad, 0, sizeof one.pad);
    cnnlConvolutionDescriptor_t desc = describe(&one);
    const float input[4] = {1, 2, 3, 4}, filter[4] = {10, 20, 30, 40};
    float output[2];
    void *x_memory = rig_upload(input, sizeof input), *w_memory = rig_upload(filter, sizeof filter);
    void *y_memory = rig_workspace(sizeof output);
    assert_int_equal(CNNL(cnnlConvolutionForward)(rig.handle, desc, 1, NULL, x_desc, x_memory, w_desc,
                         w_memory, NULL, NULL, NULL, 0, NULL, y_desc, y_memory),
        0);
    rig_sync();
    rig_download(output, y_memory, sizeof output);
    assert_true(output[0] == 1 * 10 + 3 * 30);
    assert_true(output[1] == 2 * 20 + 4 * 40);
    rig_free(x_memory);
    rig_free(w_memory);
    rig_free(y_memory);
    rig_tensor_free(x_desc);
    rig_tensor_free(w_desc);
    rig_tensor_free(y_desc);
    assert_int_equal(CNNL(cnnlDestroyConvolutionDescriptor)(desc), 0);
    rig_end(0);
}

static cnnlStatus_t refuse(conv one) {
    convolve(&one, x, w, bias, y);
    assert_int_equal(one.asked, one.done);
    return one.done;
}

static void test_what_is_wrong_is_refused(void **state) {
    (void)state;
    conv nchw = plain, wrong_y = plain, wrong_number = plain, groups = plain;
    nchw.layout = CNNL_LAYOUT_NCHW;
    wrong_y.is_y_wrong = 1;
    wrong_number.algo = 0;
    groups.groups = 3;
    rig_begin("");
    assert_int_equal(refuse(nchw), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(refuse(wrong_y), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(refuse(wrong_number), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(refuse(groups), CNNL_STATUS_BAD_PARAM);
    rig_end(0);
    rig_begin("nchw=7;wrong_number=7");
    assert_int_equal(refuse(nchw), CNNL_STATUS_NOT_SUPPORTED);
    assert_int_equal(refuse(wrong_number), CNNL_STATUS_NOT_SUPPORTED);
    rig_end(0);
    rig_begin("conv_algo=0");
    assert_int_equal(refuse(wrong_number), 0);
    assert_int_equal(refuse(plain), CNNL_STATUS_BAD_PARAM);
    rig_end(0);
}

static void test_workspace_is_wanted(void **state) {
    (void)state;
    rig_begin("");
    conv one = plain;
    convolve(&one, x, w, bias, y);
    cnnlConvolutionDescriptor_t desc = describe(&one);
    cnnlTensorDescriptor_t t = rig_tensor(CNNL_LAYOUT_NHWC, CNNL_DTYPE_FLOAT, 1, 3, 3, 1);
    void *memory = rig_workspace(36);
    assert_int_equal(CNNL(cnnlConvolutionForward)(rig.handle, desc, 1, NULL, t, memory, t, memory, NULL, NULL,
                         NULL, 0, NULL, t, memory),
        CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(sim_misuses)("workspace_too_small"), 1);
    rig_free(memory);
    rig_tensor_free(t);
    assert_int_equal(CNNL(cnnlDestroyConvolutionDescriptor)(desc), 0);
    assert_int_equal(CNNL(cnnlDestroyConvolutionDescriptor)(desc), CNNL_STATUS_BAD_PARAM);
    rig_end(2);
}

/* 1 + 2^-12 is 1 in TF32. */
static float one_point(int tf32) {
    conv one = plain;
    one.h = one.w = one.c = one.k = one.r = one.s = 1;
    memset(one.pad, 0, sizeof one.pad);
    one.tf32 = tf32;
    const float in = 1 + 1.0f / 4096, filter = 1;
    float out = 0;
    convolve(&one, &in, &filter, bias, &out);
    assert_int_equal(one.done, 0);
    return out;
}

static void test_tf32(void **state) {
    (void)state;
    rig_begin("");
    assert_true(one_point(0) > 1);
    assert_true(one_point(1) == 1);
    assert_true(one_point(-1) == 1);
    conv half = plain;
    half.dtype = CNNL_DTYPE_HALF;
    half.tf32 = 1;
    assert_int_equal(refuse(half), CNNL_STATUS_BAD_PARAM);
    half.tf32 = 0;
    assert_int_equal(refuse(half), 0);
    rig_end(0);
    rig_begin("tf32_default=0;tf32_strict=0");
    assert_true(one_point(-1) > 1);
    half.tf32 = 1;
    assert_int_equal(refuse(half), 0);
    rig_end(0);
    rig_begin("model=mlu370");
    assert_true(one_point(1) > 1);
    rig_end(0);
}

static void test_types(void **state) {
    (void)state;
    conv bf16 = plain, s8 = plain;
    bf16.dtype = CNNL_DTYPE_BFLOAT16;
    s8.dtype = CNNL_DTYPE_INT8;
    rig_begin("");
    assert_int_equal(refuse(bf16), 0);
    assert_int_equal(refuse(s8), CNNL_STATUS_NOT_SUPPORTED);
    rig_end(0);
    rig_begin("bf16_conv=0");
    assert_int_equal(refuse(bf16), CNNL_STATUS_NOT_SUPPORTED);
    rig_end(0);
}

int main(void) {
    rig_open("cambricon");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nhwc),
        cmocka_unit_test(test_hwcn_filters_of_one_channel), cmocka_unit_test(test_what_is_wrong_is_refused),
        cmocka_unit_test(test_workspace_is_wanted), cmocka_unit_test(test_tf32),
        cmocka_unit_test(test_types)};
    return cmocka_run_group_tests(tests, begin, NULL);
}
