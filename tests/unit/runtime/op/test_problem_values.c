/* Later capabilities written as values of sy_problem: what the contract must be able to say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "steelyard/spec.h"

/* What every problem must satisfy, whatever its op. */
static void expect_expressible(const sy_problem *problem) {
    uint32_t count = problem->n_in + problem->n_out;
    assert_int_equal(problem->size, sizeof *problem);
    assert_true(problem->op != 0 && problem->n_out >= 1 && count <= SY_MAX_TENSORS);
    assert_true(problem->n_post <= SY_MAX_POSTS);
    for (uint32_t i = 0; i < count; i++) {
        const sy_tensor *tensor = &problem->tensor[i];
        uint64_t elements = 0, bytes = 0;
        assert_int_equal(tensor->size, sizeof *tensor);
        assert_int_equal(sy_tensor_extent(tensor, &elements, &bytes, NULL), SY_OK);
        bool is_absent = (tensor->flags & SY_TENSOR_ABSENT) != 0;
        assert_true(is_absent ? i < problem->n_in : elements > 0);
        for (uint32_t axis = 0; axis < tensor->rank && tensor->layout == SY_LAYOUT_STRIDED; axis++)
            assert_true(tensor->stride[axis] > 0 || i < problem->n_in); /* only inputs broadcast */
    }
    for (uint32_t i = 0; i < problem->n_post; i++) {
        uint32_t operand = problem->post[i].operand;
        assert_true(operand == SY_NO_OPERAND || operand < problem->n_in);
        if (operand != SY_NO_OPERAND)
            assert_int_equal(problem->tensor[operand].flags & SY_TENSOR_ABSENT, 0);
    }
    if (problem->attr != NULL)
        assert_true(*(const uint32_t *)problem->attr >= sizeof(uint32_t) * 2);
}

static sy_tensor tensor_of(uint32_t dtype, uint32_t rank, const int64_t *dim, uint32_t image_layout) {
    sy_tensor tensor = {.size = sizeof tensor, .dtype = dtype, .rank = rank};
    memcpy(tensor.dim, dim, rank * sizeof *dim);
    sy_tensor_set_strides(&tensor, image_layout);
    return tensor;
}

static sy_tensor absent(void) {
    return (sy_tensor){.size = sizeof(sy_tensor), .flags = SY_TENSOR_ABSENT};
}

static void max_pooling(void **state) {
    const sy_tensor tensor[] = {tensor_of(SY_F16, 4, (const int64_t[]){1, 64, 112, 112}, SY_IMAGE_NHWC),
        tensor_of(SY_F16, 4, (const int64_t[]){1, 64, 56, 56}, SY_IMAGE_NHWC)};
    const sy_pool_attr attr = {.size = sizeof attr,
        .kind = 1,
        .spatial = 2,
        .window = {3, 3},
        .stride = {2, 2},
        .dilation = {1, 1},
        .pad_lo = {1, 1}};
    (void)state;
    expect_expressible(&(sy_problem){.size = sizeof(sy_problem),
        .op = SY_OP_POOL,
        .tensor = tensor,
        .n_in = 1,
        .n_out = 1,
        .attr = &attr,
        .acc_dtype = SY_F32});
}

static void log_softmax_in_place(void **state) {
    sy_tensor tensor[] = {tensor_of(SY_BF16, 4, (const int64_t[]){8, 16, 128, 129}, SY_IMAGE_NCHW),
        tensor_of(SY_BF16, 4, (const int64_t[]){8, 16, 128, 129}, SY_IMAGE_NCHW)};
    const sy_axis_attr attr = {.size = sizeof attr, .axis = 3, .log = 1};
    (void)state;
    tensor[0].flags = SY_TENSOR_MAY_ALIAS;
    expect_expressible(&(sy_problem){.size = sizeof(sy_problem),
        .op = SY_OP_SOFTMAX,
        .tensor = tensor,
        .n_in = 1,
        .n_out = 1,
        .attr = &attr,
        .acc_dtype = SY_F32});
    assert_true(attr.axis < tensor[0].rank);
}

/* Weights from row-major into a layout of the plugin's own. */
static void reorder_into_a_private_layout(void **state) {
    sy_tensor tensor[] = {tensor_of(SY_F32, 4, (const int64_t[]){64, 32, 3, 3}, SY_IMAGE_NCHW),
        tensor_of(SY_F32, 4, (const int64_t[]){64, 32, 3, 3}, SY_IMAGE_NCHW)};
    (void)state;
    tensor[0].flags = SY_TENSOR_CONST;
    tensor[1].layout = SY_LAYOUT_PRIVATE | 17;
    memset(tensor[1].stride, 0, sizeof tensor[1].stride);
    expect_expressible(&(sy_problem){
        .size = sizeof(sy_problem), .op = SY_OP_REORDER, .tensor = tensor, .n_in = 1, .n_out = 1});
    assert_true((tensor[1].layout & SY_LAYOUT_PRIVATE) != 0 && (tensor[1].layout & ~SY_LAYOUT_PRIVATE) == 17);
}

/* u8 x s8 to u8: bias in s32 with the input's zero point folded in, a scale for each output channel, then
 * rounding to the output's zero point; both known now. */
static void quantised_convolution(void **state) {
    static const int32_t bias[4] = {100, -200, 300, 0};
    static const float scales[4] = {0.01f, 0.02f, 0.03f, 0.04f};
    sy_tensor tensor[] = {tensor_of(SY_U8, 4, (const int64_t[]){1, 8, 14, 14}, SY_IMAGE_NHWC),
        tensor_of(SY_S8, 4, (const int64_t[]){4, 8, 1, 1}, SY_IMAGE_NCHW),
        tensor_of(SY_S32, 1, (const int64_t[]){4}, SY_IMAGE_ANY),
        tensor_of(SY_F32, 1, (const int64_t[]){4}, SY_IMAGE_ANY),
        tensor_of(SY_U8, 4, (const int64_t[]){1, 4, 14, 14}, SY_IMAGE_NHWC)};
    const sy_conv_attr attr = {
        .size = sizeof attr, .groups = 1, .spatial = 2, .stride = {1, 1}, .dilation = {1, 1}};
    const sy_post posts[] = {{.kind = SY_POST_BIAS, .operand = 2}, {.kind = SY_POST_SCALE_COL, .operand = 3},
        {.kind = SY_POST_REQUANT, .operand = SY_NO_OPERAND, .a = 1.0f, .b = 128.0f}};
    (void)state;
    tensor[1].flags = tensor[2].flags = tensor[3].flags = SY_TENSOR_CONST;
    tensor[2].host_value = bias;
    tensor[3].host_value = scales;
    expect_expressible(&(sy_problem){.size = sizeof(sy_problem),
        .op = SY_OP_CONV,
        .tensor = tensor,
        .n_in = 4,
        .n_out = 1,
        .attr = &attr,
        .post = posts,
        .n_post = 3,
        .acc_dtype = SY_S32});
    assert_true(((const float *)tensor[3].host_value)[2] == scales[2]);
}

/* Both directions, without initial states: 6 inputs of which 2 are absent, 3 outputs. */
static void bidirectional_lstm(void **state) {
    enum { STEPS = 50, IMAGES = 2, INPUTS = 24, HIDDEN = 32 };
    const sy_tensor tensor[] = {tensor_of(SY_F32, 3, (const int64_t[]){STEPS, IMAGES, INPUTS}, 0),
        tensor_of(SY_F32, 3, (const int64_t[]){2, 4 * HIDDEN, INPUTS}, 0),
        tensor_of(SY_F32, 3, (const int64_t[]){2, 4 * HIDDEN, HIDDEN}, 0),
        tensor_of(SY_F32, 2, (const int64_t[]){2, 8 * HIDDEN}, 0), absent(), absent(),
        tensor_of(SY_F32, 4, (const int64_t[]){STEPS, 2, IMAGES, HIDDEN}, 0),
        tensor_of(SY_F32, 3, (const int64_t[]){2, IMAGES, HIDDEN}, 0),
        tensor_of(SY_F32, 3, (const int64_t[]){2, IMAGES, HIDDEN}, 0)};
    const sy_rnn_attr attr = {.size = sizeof attr, .direction = 2, .hidden = HIDDEN};
    (void)state;
    expect_expressible(&(sy_problem){.size = sizeof(sy_problem),
        .op = SY_OP_LSTM,
        .tensor = tensor,
        .n_in = 6,
        .n_out = 3,
        .attr = &attr,
        .acc_dtype = SY_F32,
        .flags = SY_PROBLEM_DETERMINISTIC});
}

/* A volume convolution, transposed, with a clip and a broadcast residual: rank 5, stride 0 on an input. */
static void transposed_volume_convolution(void **state) {
    sy_tensor tensor[] = {tensor_of(SY_F32, 5, (const int64_t[]){1, 8, 4, 5, 6}, 0),
        tensor_of(SY_F32, 5, (const int64_t[]){8, 4, 3, 3, 3}, 0),
        tensor_of(SY_F32, 5, (const int64_t[]){1, 4, 9, 11, 13}, 0),
        tensor_of(SY_F32, 5, (const int64_t[]){1, 4, 9, 11, 13}, 0)};
    const sy_conv_attr attr = {.size = sizeof attr,
        .groups = 1,
        .spatial = 3,
        .transposed = 1,
        .stride = {2, 2, 2},
        .dilation = {1, 1, 1}};
    const sy_post posts[] = {{.kind = SY_POST_ADD, .operand = 2},
        {.kind = SY_POST_CLIP, .operand = SY_NO_OPERAND, .a = 0.0f, .b = 6.0f}};
    (void)state;
    memset(tensor[2].stride, 0, sizeof tensor[2].stride);
    expect_expressible(&(sy_problem){.size = sizeof(sy_problem),
        .op = SY_OP_CONV,
        .tensor = tensor,
        .n_in = 3,
        .n_out = 1,
        .attr = &attr,
        .post = posts,
        .n_post = 2,
        .acc_dtype = SY_F32});
}

/* Everything the written form can say is a legal problem too. */
static void written_problems_are_expressible(void **state) {
    static const char *const texts[] = {"gemm:m=3,n=4,k=5,ta=1,beta=1,epilogue=residual_relu",
        "gemm:m=3,n=4,k=5,dtype=s8:s8:bf16,epilogue=dequant",
        "conv2d:n=2,c=8,h=5,w=5,k=8,r=3,s=3,groups=8,layout=nhwc,epilogue=bias_silu,dtype=bf16",
        "stream:bytes=4K,kind=triad", "peak:flop=1G,dtype=f16"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sy_spec spec;
        sy_problem_storage storage;
        assert_int_equal(sy_spec_parse(texts[i], NULL, &spec, NULL), SY_OK);
        assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
        expect_expressible(&storage.problem);
    }
}

/* Numbers and offsets that travel between binaries. */
static void layout_of_the_structs_is_fixed(void **state) {
    (void)state;
    assert_int_equal(sizeof(sy_tensor), 24 + 2 * 8 * SY_MAX_RANK + sizeof(void *));
    assert_int_equal(offsetof(sy_problem, must_understand), 8);
    assert_int_equal(offsetof(sy_problem, attr), 32);
    assert_int_equal(sizeof(sy_problem), 64);
    assert_int_equal(sizeof(sy_post), 16);
    assert_int_equal(sizeof(sy_gemm_attr), 32);
    assert_int_equal(sizeof(sy_conv_attr), 16 + 4 * 24);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(max_pooling),
        cmocka_unit_test(log_softmax_in_place),
        cmocka_unit_test(reorder_into_a_private_layout),
        cmocka_unit_test(quantised_convolution),
        cmocka_unit_test(bidirectional_lstm),
        cmocka_unit_test(transposed_volume_convolution),
        cmocka_unit_test(written_problems_are_expressible),
        cmocka_unit_test(layout_of_the_structs_is_fixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
