/* Convolutions. */
#include "tests/unit/vendor_sim/ascend/rig.h"

#include <string.h>

/* An image of 3 x 3 and a kernel of 2 x 2, unless a test says otherwise. */
static const float image[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, kernel[4] = {1, 2, 3, 4};

typedef struct call {
    aclTensor *input, *weight, *bias, *output;
    int64_t stride[2], pad[4], dilation[2], groups;
    uint64_t pads;
    bool transposed;
    int8_t cube_math;
} call;

static int conv(const call *c) {
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    aclIntArray *stride = rig_ints(2, c->stride), *pad = rig_ints(c->pads, c->pad);
    aclIntArray *dilation = rig_ints(2, c->dilation), *none = rig_ints(2, RIG_DIMS(0, 0));
    int code = api.aclnnConvolutionGetWorkspaceSize(c->input, c->weight, c->bias, stride, pad, dilation,
        c->transposed, none, c->groups, c->output, c->cube_math, &workspace, &executor);
    return code == ACLNN_SUCCESS ? rig_run(api.aclnnConvolution, workspace, executor) : code;
}

/* As NCHW. */
static aclTensor *image_of(int type, const int64_t *dim, const void *elements) {
    aclTensor *plain = rig_tensor(type, 4, dim, elements);
    int64_t stride[4] = {dim[1] * dim[2] * dim[3], dim[2] * dim[3], dim[3], 1};
    return rig_view(plain, 4, dim, stride, 0, ACL_FORMAT_NCHW);
}

static call make(int64_t p, int64_t q) {
    return (call){.input = image_of(ACL_FLOAT, RIG_DIMS(1, 1, 3, 3), image),
        .weight = image_of(ACL_FLOAT, RIG_DIMS(1, 1, 2, 2), kernel),
        .output = image_of(ACL_FLOAT, RIG_DIMS(1, 1, p, q), NULL),
        .stride = {1, 1},
        .dilation = {1, 1},
        .groups = 1,
        .pads = 2};
}

static void expect(const aclTensor *out, const float *values, size_t count) {
    float seen[32];
    rig_elements(seen, out, count * sizeof *seen);
    for (size_t i = 0; i < count; i++)
        assert_true(seen[i] == values[i]);
}

static void plain_padded_strided_dilated(void **state) {
    (void)state;
    rig_open("");
    call c = make(2, 2);
    assert_int_equal(conv(&c), ACLNN_SUCCESS);
    expect(c.output, (float[]){37, 47, 67, 77}, 4);
    c = make(2, 2); /* top and left padded, every second */
    c.stride[0] = c.stride[1] = 2;
    c.pad[0] = c.pad[1] = 1;
    assert_int_equal(conv(&c), ACLNN_SUCCESS);
    expect(c.output, (float[]){4, 3 * 2 + 4 * 3, 2 * 4 + 4 * 7, 77}, 4);
    c = make(1, 1);
    c.dilation[0] = c.dilation[1] = 2;
    assert_int_equal(conv(&c), ACLNN_SUCCESS);
    expect(c.output, (float[]){1 + 2 * 3 + 3 * 7 + 4 * 9}, 1);
    rig_close();
}

/* Two groups of a channel, kernels of 1 x 1, with bias. */
static void groups_and_bias(void **state) {
    (void)state;
    rig_open("");
    call c = make(1, 2);
    c.input = image_of(ACL_FLOAT, RIG_DIMS(1, 2, 1, 2), (float[]){1, 2, 3, 4});
    c.weight = image_of(ACL_FLOAT, RIG_DIMS(2, 1, 1, 1), (float[]){10, 100});
    c.bias = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), (float[]){1, 2});
    c.output = image_of(ACL_FLOAT, RIG_DIMS(1, 2, 1, 2), NULL);
    c.groups = 2;
    assert_int_equal(conv(&c), ACLNN_SUCCESS);
    expect(c.output, (float[]){11, 21, 302, 402}, 4);
    c.groups = 1;
    assert_int_equal(conv(&c), ACLNN_ERR_PARAM_INVALID);
    c.groups = 0;
    assert_int_equal(conv(&c), ACLNN_ERR_PARAM_INVALID);
    rig_close();
}

static void four_paddings_are_newer(void **state) {
    (void)state;
    const struct {
        const char *settings;
        int64_t p, q;
        int code;
    } cases[] = {{"", 4, 2, ACLNN_ERR_PARAM_INVALID}, {"pad4=1", 4, 2, ACLNN_SUCCESS},
        {"cann=9", 4, 2, ACLNN_SUCCESS}, {"pad4=1;pad4_order=lrtb", 2, 4, ACLNN_SUCCESS}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_open(cases[i].settings);
        call c = make(cases[i].p, cases[i].q);
        c.pads = 4;
        c.pad[0] = 2; /* above, or on the left */
        assert_int_equal(conv(&c), cases[i].code);
        float seen[8];
        rig_elements(seen, c.output, sizeof seen);
        if (cases[i].code == ACLNN_SUCCESS)
            assert_true(seen[0] == 0 && seen[7] == 77);
        c.pads = 3;
        assert_int_equal(conv(&c), ACLNN_ERR_PARAM_INVALID);
        rig_close();
    }
}

static int with(call c, int8_t cube_math) {
    c.cube_math = cube_math;
    return conv(&c);
}

static void cards_and_cubes_differ(void **state) {
    (void)state;
    const struct {
        const char *settings;
        int code[5];
    } cases[] = {{"", {0, 0, 0, 0, ACLNN_ERR_PARAM_INVALID}},
        {"soc=Ascend310P3",
            {ACLNN_ERR_PARAM_INVALID, 0, 0, ACLNN_ERR_PARAM_INVALID, ACLNN_ERR_PARAM_INVALID}},
        {"soc=Ascend310B1",
            {ACLNN_ERR_PARAM_INVALID, 0, 0, ACLNN_ERR_PARAM_INVALID, ACLNN_ERR_PARAM_INVALID}},
        {"soc=Ascend910A", {ACLNN_ERR_PARAM_INVALID, ACLNN_ERR_PARAM_INVALID, ACLNN_ERR_PARAM_INVALID,
                               ACLNN_ERR_PARAM_INVALID, ACLNN_ERR_PARAM_INVALID}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_open(cases[i].settings);
        call c = make(2, 2);
        for (int8_t kind = 0; kind < 5; kind++)
            assert_int_equal(with(c, kind), cases[i].code[kind]);
        rig_close();
    }
}

static void hf32_shortens(void **state) {
    (void)state;
    float fine = 1 + 0x1p-13f;
    rig_open("");
    call c = make(1, 1);
    c.input = image_of(ACL_FLOAT, RIG_DIMS(1, 1, 1, 1), &fine);
    c.weight = image_of(ACL_FLOAT, RIG_DIMS(1, 1, 1, 1), (float[]){1});
    assert_int_equal(with(c, KEEP_DTYPE), ACLNN_SUCCESS);
    expect(c.output, &fine, 1);
    assert_int_equal(with(c, ALLOW_FP32_DOWN_PRECISION), ACLNN_SUCCESS);
    expect(c.output, (float[]){1}, 1);
    rig_close();
}

static void arguments_are_checked(void **state) {
    (void)state;
    rig_open("");
    call c = make(2, 2), wrong = c;
    wrong.transposed = true;
    assert_int_equal(conv(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.stride[1] = 0;
    assert_int_equal(conv(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.pad[0] = 256;
    assert_int_equal(conv(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.output = image_of(ACL_FLOAT, RIG_DIMS(1, 1, 3, 2), NULL);
    assert_int_equal(conv(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.input = rig_view(c.input, 4, RIG_DIMS(1, 1, 3, 3), RIG_DIMS(9, 1, 3, 1), 0, ACL_FORMAT_NHWC);
    assert_int_equal(conv(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.bias = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), NULL);
    assert_int_equal(conv(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.weight = image_of(ACL_FLOAT16, RIG_DIMS(1, 1, 2, 2), NULL);
    assert_int_equal(conv(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.input = NULL;
    assert_int_equal(conv(&wrong), ACLNN_ERR_PARAM_NULLPTR);
    rig_close();
}

static void arrays_must_be_there(void **state) {
    (void)state;
    rig_open("");
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    call c = make(2, 2);
    aclIntArray *ones = rig_ints(2, RIG_DIMS(1, 1)), *zeros = rig_ints(2, RIG_DIMS(0, 0));
    assert_int_equal(api.aclnnConvolutionGetWorkspaceSize(c.input, c.weight, NULL, ones, zeros, ones, false,
                         NULL, 1, c.output, 0, &workspace, &executor),
        ACLNN_ERR_PARAM_NULLPTR);
    assert_int_equal(api.aclnnConvolutionGetWorkspaceSize(c.input, c.weight, NULL, ones, zeros, ones, false,
                         zeros, 1, c.output, 0, &workspace, &executor),
        ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnConvolution, workspace, executor), ACLNN_SUCCESS);
    rig_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_padded_strided_dilated),
        cmocka_unit_test(groups_and_bias), cmocka_unit_test(four_paddings_are_newer),
        cmocka_unit_test(cards_and_cubes_differ), cmocka_unit_test(hf32_shortens),
        cmocka_unit_test(arguments_are_checked), cmocka_unit_test(arrays_must_be_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
