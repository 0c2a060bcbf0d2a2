/* Convolution in the shape of cuDNN: layouts, types, algorithms, tf32, fusion. */
#include "tests/unit/vendor_sim/cuda_family/rig.h"

typedef struct perf {
    int algorithm, status;
    float ms;
    size_t workspace;
    int determinism, math, reserved[3];
} perf;

typedef struct dnn {
    rig rig;
    void *library, *handle, *x, *w, *y, *conv;
    int (*set_tensor)(void *, int, int, int, int, int, int),
        (*set_filter)(void *, int, int, int, int, int, int);
    int (*set_conv)(void *, int, int, int, int, int, int, int, int), (*set_math)(void *, int);
    int (*get)(void *, void *, void *, void *, void *, int, int *, perf *);
    int (*forward)(void *, const void *, void *, const void *, void *, const void *, void *, int, void *,
        size_t, const void *, void *, void *);
} dnn;

static void *make(const dnn *one, const char *name) {
    int (*create)(void **);
    void *made;
    rig_find(one->library, "cudnnCreate", name, &create);
    assert_int_equal(create(&made), 0);
    return made;
}

static void drop(const dnn *one, const char *name, void *handle) {
    int (*destroy)(void *);
    rig_find(one->library, "cudnnDestroy", name, &destroy);
    assert_int_equal(destroy(handle), 0);
}

static dnn open_dnn(const char *settings) {
    dnn one = {.rig = rig_open("nvidia", "libcudart.so.13", "cuda", settings)};
    one.library = rig_library("nvidia", "libcudnn.so.9");
    rig_find(one.library, "cudnn", "SetTensor4dDescriptor", &one.set_tensor);
    rig_find(one.library, "cudnn", "SetFilter4dDescriptor", &one.set_filter);
    rig_find(one.library, "cudnn", "SetConvolution2dDescriptor", &one.set_conv);
    rig_find(one.library, "cudnn", "SetConvolutionMathType", &one.set_math);
    rig_find(one.library, "cudnn", "GetConvolutionForwardAlgorithm_v7", &one.get);
    rig_find(one.library, "cudnn", "ConvolutionForward", &one.forward);
    one.handle = make(&one, "");
    one.x = make(&one, "TensorDescriptor");
    one.y = make(&one, "TensorDescriptor");
    one.w = make(&one, "FilterDescriptor");
    one.conv = make(&one, "ConvolutionDescriptor");
    return one;
}

static void close_dnn(const dnn *one, int64_t misuses) {
    drop(one, "TensorDescriptor", one->x);
    drop(one, "TensorDescriptor", one->y);
    drop(one, "FilterDescriptor", one->w);
    drop(one, "ConvolutionDescriptor", one->conv);
    drop(one, "", one->handle);
    rig_close(&one->rig, misuses);
}

/* 1 x 2 x 2 x 2 with one 2 x 1 x 1 filter. */
static void describe(const dnn *one, int format, int type, int y_type, int compute) {
    assert_int_equal(one->set_tensor(one->x, format, type, 1, 2, 2, 2), 0);
    assert_int_equal(one->set_filter(one->w, type, format, 1, 2, 1, 1), 0);
    assert_int_equal(one->set_tensor(one->y, format, y_type, 1, 1, 2, 2), 0);
    assert_int_equal(one->set_conv(one->conv, 0, 0, 1, 1, 1, 1, 1, compute), 0);
}

static int run(const dnn *one, const float *in, int algorithm, float *out) {
    const float alpha = 1, beta = 0;
    char *device = rig_upload(&one->rig, in, 10 * sizeof *in), *y;
    void *made, *workspace;
    assert_int_equal(one->rig.malloc(&made, 16), 0);
    assert_int_equal(one->rig.malloc(&workspace, 1 << 16), 0);
    y = made;
    int code = one->forward(one->handle, &alpha, one->x, device, one->w, device + 32, one->conv, algorithm,
        workspace, 1 << 16, &beta, one->y, y);
    assert_int_equal(one->rig.memcpy(out, y, 16, TO_HOST), 0);
    assert_int_equal(one->rig.free(device), 0);
    assert_int_equal(one->rig.free(y), 0);
    assert_int_equal(one->rig.free(workspace), 0);
    return code;
}

static void test_layouts(void **state) {
    (void)state;
    dnn one = open_dnn("");
    const float in[10] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 1};
    float out[4];
    describe(&one, 0, 0, 0, 0);
    assert_int_equal(run(&one, in, 0, out), 0);
    assert_memory_equal(out, ((float[4]){15, 26, 37, 48}), sizeof out);
    describe(&one, 1, 0, 0, 0);
    assert_int_equal(run(&one, in, 1, out), 0);
    assert_memory_equal(out, ((float[4]){12, 34, 56, 78}), sizeof out);
    assert_int_equal(run(&one, in, 6, out), 3000);
    assert_int_equal(run(&one, in, 8, out), 2000);
    assert_int_equal(one.set_tensor(one.x, 2, 0, 1, 2, 2, 2), 2000);
    assert_int_equal(one.set_tensor(one.x, 0, 151, 1, 2, 2, 2), 2000);
    assert_int_equal(one.set_tensor(one.y, 1, 0, 1, 1, 2, 3), 0);
    assert_int_equal(run(&one, in, 1, out), 2000);
    close_dnn(&one, 0);
}

/* 1 + 2^-12 has more digits than tf32. */
static void test_math(void **state) {
    (void)state;
    dnn one = open_dnn("");
    const float in[10] = {1 + 0x1p-12f, 1, 1, 1, 0, 0, 0, 0, 1, 1};
    float out[4];
    describe(&one, 0, 0, 0, 0);
    assert_int_equal(run(&one, in, 0, out), 0);
    assert_true(out[0] == 1);
    assert_int_equal(one.set_math(one.conv, 3), 0);
    assert_int_equal(run(&one, in, 0, out), 0);
    assert_true(out[0] == 1 + 0x1p-12f);
    assert_int_equal(one.set_math(one.conv, 4), 2000);
    close_dnn(&one, 0);
}

static void test_algorithms(void **state) {
    (void)state;
    dnn one = open_dnn("");
    perf found[8];
    int got = -1;
    describe(&one, 0, 0, 0, 0);
    assert_int_equal(one.get(one.handle, one.x, one.w, one.conv, one.y, 8, &got, found), 0);
    assert_int_equal(got, 8);
    assert_int_equal(found[0].algorithm, 1);
    assert_int_equal(found[0].status, 0);
    assert_true(found[0].workspace > 0);
    assert_int_equal(found[7].status, 3000);
    describe(&one, 1, 3, 0, 4); /* integers whose channels are no four */
    assert_int_equal(one.get(one.handle, one.x, one.w, one.conv, one.y, 8, &got, found), 3000);
    describe(&one, 0, 9, 9, 9); /* bf16 that counts in bf16 */
    assert_int_equal(one.get(one.handle, one.x, one.w, one.conv, one.y, 8, &got, found), 3000);
    const float alpha = 1, beta = 0;
    describe(&one, 0, 0, 0, 0);
    assert_int_equal(one.forward(one.handle, &alpha, one.x, found, one.w, found, one.conv, 1, NULL, 0, &beta,
                         one.y, found),
        2000);
    assert_int_equal(one.rig.misuses("workspace_too_small"), 1);
    assert_int_equal(one.forward(one.handle, &alpha, one.x, found, one.w, found, one.conv, 0, NULL, 0, &beta,
                         one.y, found),
        2000);
    assert_int_equal(one.rig.misuses("operand_not_on_device"), 1);
    close_dnn(&one, 2);
}

static void test_fused(void **state) {
    (void)state;
    dnn one = open_dnn("");
    int (*fused)(void *, const void *, void *, const void *, void *, const void *, void *, int, void *,
        size_t, const void *, void *, const void *, void *, const void *, void *, void *, void *);
    int (*set_activation)(void *, int, int, double);
    rig_find(one.library, "cudnn", "ConvolutionBiasActivationForward", &fused);
    rig_find(one.library, "cudnn", "SetActivationDescriptor", &set_activation);
    void *bias = make(&one, "TensorDescriptor"), *activation = make(&one, "ActivationDescriptor");
    describe(&one, 0, 0, 0, 0);
    assert_int_equal(one.set_tensor(bias, 0, 0, 1, 1, 1, 1), 0);
    assert_int_equal(set_activation(activation, 1, 0, 0), 0);
    const float in[16] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 1, -30}, alpha = 1, beta = 0;
    float out[4];
    char *device = rig_upload(&one.rig, in, sizeof in);
    void *y = device + 48;
    assert_int_equal(fused(one.handle, &alpha, one.x, device, one.w, device + 32, one.conv, 0, NULL, 0, &beta,
                         one.y, y, bias, device + 40, activation, one.y, y),
        0);
    assert_int_equal(one.rig.memcpy(out, y, sizeof out, TO_HOST), 0);
    assert_memory_equal(out, ((float[4]){0, 0, 7, 18}), sizeof out);
    assert_int_equal(set_activation(activation, 5, 0, 0), 0);
    assert_int_equal(fused(one.handle, &alpha, one.x, device, one.w, device + 32, one.conv, 0, NULL, 0, &beta,
                         one.y, y, bias, device + 40, activation, one.y, y),
        3000); /* no activation only with algorithm 1 */
    assert_int_equal(one.rig.free(device), 0);
    drop(&one, "TensorDescriptor", bias);
    drop(&one, "ActivationDescriptor", activation);
    close_dnn(&one, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_layouts), cmocka_unit_test(test_math),
        cmocka_unit_test(test_algorithms), cmocka_unit_test(test_fused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
