/* Specs translated into the problems that backends get: order, dims, strides, roles, posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "steelyard/spec.h"

static void make(const char *text, sy_problem_storage *out_storage) {
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    if (sy_spec_parse(text, NULL, &spec, &err) != SY_OK || sy_spec_problem(&spec, out_storage, &err) != SY_OK)
        fail_msg("%s: %s", text, err.text);
    assert_ptr_equal(out_storage->problem.tensor, out_storage->tensor);
    assert_ptr_equal(out_storage->problem.post, out_storage->post);
    assert_ptr_equal(out_storage->problem.attr, &out_storage->attr);
    assert_int_equal(out_storage->problem.size, sizeof(sy_problem));
    assert_int_equal(*(const uint32_t *)out_storage->problem.attr > 8, 1);
}

/* Role, dtype, dims and strides of one tensor; `rank` entries of each. */
static void expect_tensor(const sy_problem_storage *storage, uint32_t index, uint32_t role, uint32_t dtype,
    uint32_t rank, const int64_t *dim, const int64_t *stride) {
    const sy_tensor *tensor = &storage->tensor[index];
    assert_int_equal(tensor->size, sizeof *tensor);
    assert_int_equal(storage->role[index], role);
    assert_int_equal(tensor->dtype, dtype);
    assert_int_equal(tensor->rank, rank);
    assert_memory_equal(tensor->dim, dim, rank * sizeof *dim);
    if (stride != NULL)
        assert_memory_equal(tensor->stride, stride, rank * sizeof *stride);
}

static void gemm_has_its_operands_in_order(void **state) {
    sy_problem_storage storage;
    static const int64_t a[] = {7, 2, 5}, b[] = {7, 5, 3}, d[] = {7, 2, 3};
    (void)state;
    make("gemm:m=2,n=3,k=5,batch=7,dtype=bf16,math=tf32", &storage);
    assert_int_equal(storage.problem.op, SY_OP_GEMM);
    assert_int_equal(storage.problem.n_in, 3);
    assert_int_equal(storage.problem.n_out, 1);
    assert_int_equal(storage.problem.n_post, 0);
    assert_int_equal(storage.problem.acc_dtype, SY_F32);
    assert_int_equal(storage.problem.math, SY_MATH_TF32);
    assert_int_equal(storage.problem.must_understand, 0);
    expect_tensor(&storage, 0, SY_ROLE_ACTIVATION, SY_BF16, 3, a, (const int64_t[]){10, 5, 1});
    expect_tensor(&storage, 1, SY_ROLE_WEIGHT, SY_BF16, 3, b, (const int64_t[]){15, 3, 1});
    assert_int_equal(storage.tensor[1].flags, SY_TENSOR_CONST);
    assert_int_equal(storage.tensor[2].flags, SY_TENSOR_ABSENT);
    assert_int_equal(storage.role[2], 0);
    expect_tensor(&storage, 3, SY_ROLE_OUTPUT, SY_BF16, 3, d, (const int64_t[]){6, 3, 1});
    assert_true(storage.attr.gemm.alpha == 1.0 && storage.attr.gemm.beta == 0.0);
}

static void transposes_are_strides(void **state) {
    sy_problem_storage storage;
    static const int64_t a[] = {2, 2, 5}, b[] = {2, 5, 3}, d[] = {2, 2, 3};
    (void)state;
    make("gemm:m=2,n=3,k=5,batch=2,ta=1,tb=1,alpha=2,beta=-1,weights=dynamic", &storage);
    expect_tensor(&storage, 0, SY_ROLE_ACTIVATION, SY_F32, 3, a, (const int64_t[]){10, 1, 2});
    expect_tensor(&storage, 1, SY_ROLE_WEIGHT, SY_F32, 3, b, (const int64_t[]){15, 1, 5});
    assert_int_equal(storage.tensor[1].flags, 0);
    expect_tensor(&storage, 2, SY_ROLE_ACCUMULATE, SY_F32, 3, d, (const int64_t[]){6, 3, 1});
    assert_int_equal(storage.attr.gemm.trans_a, 1);
    assert_int_equal(storage.attr.gemm.trans_b, 1);
    assert_true(storage.attr.gemm.alpha == 2.0 && storage.attr.gemm.beta == -1.0);
    make("gemm:m=3,n=2,k=0,ta=1,tb=1", &storage);
    expect_tensor(&storage, 0, SY_ROLE_ACTIVATION, SY_F32, 3, (const int64_t[]){1, 3, 0}, NULL);
    assert_true(storage.tensor[0].stride[2] == 3 && storage.tensor[1].stride[2] == 1);
}

/* Posts of each epilogue with the roles of their operands. */
static const struct {
    const char *epilogue, *dtype;
    uint32_t posts, kind[2], role[2];
} epilogues[] = {
    {"none", "f32", 0, {0}, {0}},
    {"bias", "f64", 1, {SY_POST_BIAS}, {SY_ROLE_BIAS}},
    {"bias_relu", "f16", 2, {SY_POST_BIAS, SY_POST_RELU}, {SY_ROLE_BIAS}},
    {"bias_gelu_erf", "bf16", 2, {SY_POST_BIAS, SY_POST_GELU_ERF}, {SY_ROLE_BIAS}},
    {"bias_gelu_tanh", "f8e4m3", 2, {SY_POST_BIAS, SY_POST_GELU_TANH}, {SY_ROLE_BIAS}},
    {"bias_silu", "f32", 2, {SY_POST_BIAS, SY_POST_SILU}, {SY_ROLE_BIAS}},
    {"residual_relu", "f16", 2, {SY_POST_ADD, SY_POST_RELU}, {SY_ROLE_RESIDUAL}},
    {"dequant", "s8:s8:f16", 2, {SY_POST_SCALE_ROW, SY_POST_SCALE_COL},
        {SY_ROLE_SCALE_ROW, SY_ROLE_SCALE_COL}},
};

static void check_epilogue(size_t row, const char *op_text, uint32_t own_inputs) {
    char text[256];
    sy_problem_storage storage;
    snprintf(
        text, sizeof text, "%s,epilogue=%s,dtype=%s", op_text, epilogues[row].epilogue, epilogues[row].dtype);
    make(text, &storage);
    uint32_t operands = own_inputs;
    assert_int_equal(storage.problem.n_post, epilogues[row].posts);
    for (uint32_t i = 0; i < epilogues[row].posts; i++) {
        assert_int_equal(storage.post[i].kind, epilogues[row].kind[i]);
        if (epilogues[row].role[i] == 0) {
            assert_int_equal(storage.post[i].operand, SY_NO_OPERAND);
            continue;
        }
        assert_int_equal(storage.post[i].operand, operands);
        assert_int_equal(storage.role[operands], epilogues[row].role[i]);
        bool is_residual = epilogues[row].role[i] == SY_ROLE_RESIDUAL;
        uint32_t vector = storage.problem.acc_dtype == SY_F64 ? SY_F64 : SY_F32;
        assert_int_equal(storage.tensor[operands].dtype, is_residual ? SY_F16 : vector);
        operands++;
    }
    assert_int_equal(storage.problem.n_in, operands);
    assert_int_equal(storage.role[operands], SY_ROLE_OUTPUT);
}

static void epilogues_are_posts_with_operands(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof epilogues / sizeof epilogues[0]; i++) {
        check_epilogue(i, "gemm:m=2,n=3,k=5", 3);
        check_epilogue(i, "conv2d:n=2,c=3,h=4,w=5,k=6,r=1,s=1,layout=nhwc", 2);
    }
}

static void vectors_have_the_length_of_their_axis(void **state) {
    sy_problem_storage storage;
    (void)state;
    make("gemm:m=2,n=3,k=5,dtype=s8:s8:f32,epilogue=dequant", &storage);
    expect_tensor(&storage, 3, SY_ROLE_SCALE_ROW, SY_F32, 1, (const int64_t[]){2}, (const int64_t[]){1});
    expect_tensor(&storage, 4, SY_ROLE_SCALE_COL, SY_F32, 1, (const int64_t[]){3}, (const int64_t[]){1});
    make("conv2d:n=2,c=3,h=4,w=5,k=6,r=1,s=1,dtype=u8:s8:f32,epilogue=dequant", &storage);
    expect_tensor(&storage, 2, SY_ROLE_SCALE_ROW, SY_F32, 1, (const int64_t[]){2}, (const int64_t[]){1});
    expect_tensor(&storage, 3, SY_ROLE_SCALE_COL, SY_F32, 1, (const int64_t[]){6}, (const int64_t[]){1});
}

static void images_lie_as_asked(void **state) {
    sy_problem_storage storage;
    static const int64_t x[] = {2, 4, 5, 6}, w[] = {8, 2, 3, 3}, y[] = {2, 8, 3, 6};
    const char *text = "conv2d:n=2,c=4,h=5,w=6,k=8,r=3,s=3,stride=2x1,pad=1,groups=2,dilation=1,"
                       "epilogue=residual_relu,layout=";
    char line[256];
    (void)state;
    snprintf(line, sizeof line, "%snhwc", text);
    make(line, &storage);
    expect_tensor(&storage, 0, SY_ROLE_ACTIVATION, SY_F32, 4, x, (const int64_t[]){120, 1, 24, 4});
    expect_tensor(&storage, 1, SY_ROLE_WEIGHT, SY_F32, 4, w, (const int64_t[]){18, 9, 3, 1});
    expect_tensor(&storage, 2, SY_ROLE_RESIDUAL, SY_F32, 4, y, (const int64_t[]){144, 1, 48, 8});
    expect_tensor(&storage, 3, SY_ROLE_OUTPUT, SY_F32, 4, y, (const int64_t[]){144, 1, 48, 8});
    snprintf(line, sizeof line, "%snchw", text);
    make(line, &storage);
    expect_tensor(&storage, 3, SY_ROLE_OUTPUT, SY_F32, 4, y, (const int64_t[]){144, 18, 6, 1});
    snprintf(line, sizeof line, "%sany", text);
    make(line, &storage);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(storage.tensor[i].layout, i == 1 ? SY_LAYOUT_STRIDED : SY_LAYOUT_ANY);
    const sy_conv_attr *attr = &storage.attr.conv;
    assert_int_equal(attr->spatial, 2);
    assert_int_equal(attr->groups, 2);
    assert_int_equal(attr->transposed, 0);
    assert_true(attr->stride[0] == 2 && attr->stride[1] == 1 && attr->pad_lo[0] == 1 && attr->pad_hi[1] == 1);
}

static void pads_keep_their_sides(void **state) {
    sy_problem_storage storage;
    (void)state;
    make("conv2d:n=1,c=1,h=5,w=5,k=1,r=1,s=1,pad=1x2x3x4,dilation=2x3", &storage);
    const sy_conv_attr *attr = &storage.attr.conv;
    assert_true(attr->pad_lo[0] == 1 && attr->pad_lo[1] == 2 && attr->pad_hi[0] == 3 && attr->pad_hi[1] == 4);
    assert_true(attr->dilation[0] == 2 && attr->dilation[1] == 3);
    expect_tensor(&storage, 2, SY_ROLE_OUTPUT, SY_F32, 4, (const int64_t[]){1, 1, 9, 11}, NULL);
}

static void streams_and_peaks_have_their_tensors(void **state) {
    static const struct {
        const char *text;
        uint32_t n_in, operands;
        int64_t output;
    } rows[] = {{"stream:bytes=64K,kind=read", 1, 1, 4096}, {"stream:bytes=64K,kind=triad", 2, 3, 16384},
        {"stream:bytes=64K,kind=fill", 0, 1, 16384}};
    sy_problem_storage storage;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        make(rows[i].text, &storage);
        assert_int_equal(storage.problem.op, SY_OP_STREAM);
        assert_int_equal(storage.problem.n_in, rows[i].n_in);
        assert_int_equal(storage.problem.n_out, 1);
        assert_int_equal(storage.tensor[rows[i].n_in].dim[0], rows[i].output);
        assert_int_equal(storage.attr.stream.operand_count, rows[i].operands);
        assert_int_equal(storage.attr.stream.bytes, 65536);
        for (uint32_t t = 0; t < rows[i].n_in; t++)
            assert_int_equal(storage.tensor[t].dim[0], 16384);
    }
    make("peak:flop=1M,dtype=s8", &storage);
    assert_int_equal(storage.problem.op, SY_OP_PEAK);
    assert_int_equal(storage.problem.n_in, 0);
    assert_int_equal(storage.tensor[0].dtype, SY_S32);
    assert_int_equal(storage.attr.peak.dtype_in, SY_S8);
    assert_int_equal(storage.attr.peak.dtype_acc, SY_S32);
    assert_int_equal(storage.attr.peak.flop, 1000000);
}

static void a_copy_is_no_plan(void **state) {
    sy_spec spec;
    sy_problem_storage storage;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_spec_parse("copy:bytes=1,kind=h2d", NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "not by a plan"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gemm_has_its_operands_in_order),
        cmocka_unit_test(transposes_are_strides),
        cmocka_unit_test(epilogues_are_posts_with_operands),
        cmocka_unit_test(vectors_have_the_length_of_their_axis),
        cmocka_unit_test(images_lie_as_asked),
        cmocka_unit_test(pads_keep_their_sides),
        cmocka_unit_test(streams_and_peaks_have_their_tensors),
        cmocka_unit_test(a_copy_is_no_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
