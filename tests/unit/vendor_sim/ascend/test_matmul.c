/* Products of floats: layouts, types, what cubeMathType does. */
#include "tests/unit/vendor_sim/ascend/rig.h"

/* [1 2 3; 4 5 6] times [1 2; 3 4; 5 6]. */
static const float a_rows[6] = {1, 2, 3, 4, 5, 6}, b_rows[6] = {1, 2, 3, 4, 5, 6};
static const float a_columns[6] = {1, 4, 2, 5, 3, 6}, b_columns[6] = {1, 3, 5, 2, 4, 6};
static const float wanted[4] = {22, 28, 49, 64};

static int matmul(const aclTensor *a, const aclTensor *b, aclTensor *out, int8_t cube_math) {
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    int code = api.aclnnMatmulGetWorkspaceSize(a, b, out, cube_math, &workspace, &executor);
    return code == ACLNN_SUCCESS ? rig_run(api.aclnnMatmul, workspace, executor) : code;
}

static int mm(const aclTensor *a, const aclTensor *b, aclTensor *out) {
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    int code = api.aclnnMmGetWorkspaceSize(a, b, out, KEEP_DTYPE, &workspace, &executor);
    return code == ACLNN_SUCCESS ? rig_run(api.aclnnMm, workspace, executor) : code;
}

static void expect(const aclTensor *out, const float *values, size_t count) {
    float seen[16];
    rig_elements(seen, out, count * sizeof *seen);
    for (size_t i = 0; i < count; i++)
        assert_true(seen[i] == values[i]);
}

static void rows_and_transposed_views(void **state) {
    (void)state;
    rig_open("padded=0;padded_out=0");
    aclTensor *a = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 3), a_rows);
    aclTensor *b = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(3, 2), b_rows);
    aclTensor *a_stored = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(3, 2), a_columns);
    aclTensor *b_stored = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 3), b_columns);
    aclTensor *a_view = rig_view(a_stored, 2, RIG_DIMS(2, 3), RIG_DIMS(1, 2), 0, ACL_FORMAT_ND);
    aclTensor *b_view = rig_view(b_stored, 2, RIG_DIMS(3, 2), RIG_DIMS(1, 3), 0, ACL_FORMAT_ND);
    aclTensor *as[] = {a, a_view}, *bs[] = {b, b_view};
    for (int i = 0; i < 4; i++) {
        aclTensor *out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), NULL);
        assert_int_equal(matmul(as[i / 2], bs[i % 2], out, KEEP_DTYPE), ACLNN_SUCCESS);
        expect(out, wanted, 4);
        assert_int_equal(mm(as[i / 2], bs[i % 2], out), ACLNN_SUCCESS);
    }
    rig_close();
}

static void padded_views(void **state) {
    (void)state;
    const float padded[8] = {1, 2, 3, -9, 4, 5, 6, -9};
    float seen[6];
    const char *settings[] = {"", "padded=0", "padded_out=0"};
    for (int i = 0; i < 3; i++) {
        rig_open(settings[i]);
        aclTensor *all = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 4), padded);
        aclTensor *a = rig_view(all, 2, RIG_DIMS(2, 3), RIG_DIMS(4, 1), 0, ACL_FORMAT_ND);
        aclTensor *b = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(3, 2), b_rows);
        aclTensor *room = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 3), a_rows);
        aclTensor *out = rig_view(room, 2, RIG_DIMS(2, 2), RIG_DIMS(3, 1), 0, ACL_FORMAT_ND);
        assert_int_equal(matmul(a, b, out, 0), i == 0 ? ACLNN_SUCCESS : ACLNN_ERR_PARAM_INVALID);
        rig_elements(seen, room, sizeof seen);
        assert_true(seen[2] == 3 && seen[5] == 6); /* nothing is written between rows */
        assert_true((seen[3] == 49) == (i == 0));
        rig_close();
    }
}

static void vectors_and_batches(void **state) {
    (void)state;
    rig_open("");
    aclTensor *a = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 3), a_rows);
    aclTensor *ones = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(3), (float[]){1, 1, 1});
    aclTensor *sums = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), NULL);
    assert_int_equal(matmul(a, ones, sums, KEEP_DTYPE), ACLNN_SUCCESS);
    expect(sums, (float[]){6, 15}, 2);
    aclTensor *b = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(3, 2), b_rows);
    assert_int_equal(matmul(ones, b, sums, KEEP_DTYPE), ACLNN_SUCCESS);
    expect(sums, (float[]){9, 12}, 2);
    aclTensor *dot = rig_tensor(ACL_FLOAT, 0, NULL, NULL);
    assert_int_equal(matmul(ones, ones, dot, KEEP_DTYPE), ACLNN_SUCCESS);
    expect(dot, (float[]){3}, 1);
    aclTensor *two = rig_tensor(ACL_FLOAT, 3, RIG_DIMS(2, 1, 2), (float[]){1, 2, 3, 4});
    aclTensor *one = rig_tensor(ACL_FLOAT, 3, RIG_DIMS(1, 2, 1), (float[]){1, 10});
    aclTensor *out = rig_tensor(ACL_FLOAT, 3, RIG_DIMS(2, 1, 1), NULL);
    assert_int_equal(matmul(two, one, out, KEEP_DTYPE), ACLNN_SUCCESS);
    expect(out, (float[]){21, 43}, 2);
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    assert_int_equal(
        api.aclnnBatchMatMulGetWorkspaceSize(two, one, out, 0, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnBatchMatMul, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){21, 43}, 2);
    assert_int_equal(
        api.aclnnBatchMatMulGetWorkspaceSize(a, b, out, 0, &workspace, &executor), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(mm(two, one, out), ACLNN_ERR_PARAM_INVALID);
    rig_close();
}

static void shapes_and_formats_are_checked(void **state) {
    (void)state;
    rig_open("");
    aclTensor *a = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 3), a_rows);
    aclTensor *b = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(3, 2), b_rows);
    aclTensor *out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), NULL);
    aclTensor *halves = rig_tensor(ACL_FLOAT16, 2, RIG_DIMS(2, 2), NULL);
    aclTensor *bytes = rig_tensor(ACL_INT8, 2, RIG_DIMS(2, 2), NULL);
    aclTensor *image = rig_view(a, 2, RIG_DIMS(2, 3), RIG_DIMS(3, 1), 0, ACL_FORMAT_NCHW);
    assert_int_equal(matmul(a, a, out, KEEP_DTYPE), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(matmul(b, a, out, KEEP_DTYPE), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(matmul(image, b, out, KEEP_DTYPE), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(matmul(a, b, halves, KEEP_DTYPE), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(matmul(bytes, bytes, bytes, KEEP_DTYPE), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(matmul(a, b, out, 5), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(matmul(a, b, out, -1), ACLNN_ERR_PARAM_INVALID);
    rig_close();
}

/* What becomes of 1 + 2^-13 times 1: kept, or 1 by HF32 (11 bits) and by f16 (10 bits). */
static float one_of(int8_t cube_math) {
    float x = 1 + 0x1p-13f, y = 1, seen = -1;
    aclTensor *a = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(1, 1), &x);
    aclTensor *b = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(1, 1), &y);
    aclTensor *out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(1, 1), &seen);
    if (matmul(a, b, out, cube_math) != ACLNN_SUCCESS)
        return 0;
    rig_elements(&seen, out, sizeof seen);
    return seen;
}

static void the_cube_does_what_it_is_allowed(void **state) {
    (void)state;
    const struct {
        const char *settings;
        float by_kind[5]; /* 0: refused */
    } cases[] = {{"", {1 + 0x1p-13f, 1, 1, 1, 0}}, {"cann=9", {1 + 0x1p-13f, 1, 1, 1, 1 + 0x1p-13f}},
        {"soc=Ascend310P3", {0, 1, 1, 0, 0}}, {"soc=Ascend910A", {0, 1, 1, 0, 0}},
        {"soc=Ascend310B1", {0, 0, 0, 0, 0}}, {"soc=Ascend910_9392", {1 + 0x1p-13f, 1, 1, 1, 0}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_open(cases[i].settings);
        for (int8_t kind = 0; kind < 5; kind++)
            assert_true(one_of(kind) == cases[i].by_kind[kind]);
        rig_close();
    }
}

/* f32 of 2^20 is too much for f16: HF32 has the exponents of f32. */
static void half_precision_has_an_end(void **state) {
    (void)state;
    float x = 0x1p20f, y = 1, seen = 0;
    rig_open("");
    aclTensor *a = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(1, 1), &x);
    aclTensor *b = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(1, 1), &y);
    assert_int_equal(matmul(a, b, b, USE_HF32), ACLNN_SUCCESS);
    rig_elements(&seen, b, sizeof seen);
    assert_true(seen == x);
    rig_close();
}

/* bf16: 0x3f80 is 1, 0x4000 is 2. */
static int bf16_product(int8_t cube_math, int out_type) {
    uint16_t x = 0x4000;
    aclTensor *a = rig_tensor(ACL_BF16, 2, RIG_DIMS(1, 1), &x);
    aclTensor *out = rig_tensor(out_type, 2, RIG_DIMS(1, 1), NULL);
    int code = matmul(a, a, out, cube_math);
    float wide = 0;
    if (code == ACLNN_SUCCESS && out_type == ACL_BF16) {
        rig_elements(&x, out, sizeof x);
        assert_int_equal(x, 0x4080);
    } else if (code == ACLNN_SUCCESS) {
        rig_elements(&wide, out, sizeof wide);
        assert_true(wide == 4);
    }
    return code;
}

static void bf16_is_not_everywhere(void **state) {
    (void)state;
    rig_open("");
    assert_int_equal(bf16_product(KEEP_DTYPE, ACL_BF16), ACLNN_SUCCESS);
    assert_int_equal(bf16_product(ALLOW_FP32_DOWN_PRECISION, ACL_BF16), ACLNN_SUCCESS);
    assert_int_equal(bf16_product(USE_FP16, ACL_BF16), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(bf16_product(USE_HF32, ACL_BF16), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(bf16_product(KEEP_DTYPE, ACL_FLOAT), ACLNN_ERR_PARAM_INVALID);
    rig_close();
    rig_open("wide_out=1;hf32_of_half=1");
    assert_int_equal(bf16_product(KEEP_DTYPE, ACL_FLOAT), ACLNN_SUCCESS);
    assert_int_equal(bf16_product(USE_HF32, ACL_BF16), ACLNN_SUCCESS);
    rig_close();
    rig_open("soc=Ascend310P3");
    assert_int_equal(bf16_product(KEEP_DTYPE, ACL_BF16), ACLNN_ERR_PARAM_INVALID);
    rig_close();
}

static void products_are_added_to(void **state) {
    (void)state;
    rig_open("");
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    float two = 2, three = 3;
    aclTensor *a = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 3), a_rows);
    aclTensor *b = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(3, 2), b_rows);
    aclTensor *stored = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(3, 2), a_columns);
    aclTensor *bias = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), (float[]){1, 10});
    aclTensor *out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), NULL);
    aclScalar *beta = api.aclCreateScalar(&two, ACL_FLOAT), *alpha = api.aclCreateScalar(&three, ACL_FLOAT);
    assert_int_equal(api.aclnnAddmmGetWorkspaceSize(bias, a, b, beta, alpha, out, 0, &workspace, &executor),
        ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnAddmm, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){68, 104, 149, 212}, 4);
    assert_int_equal(api.aclnnAddmmGetWorkspaceSize(bias, a, b, NULL, alpha, out, 0, &workspace, &executor),
        ACLNN_ERR_PARAM_NULLPTR);
    assert_int_equal(api.aclnnAddmmGetWorkspaceSize(a, a, b, beta, alpha, out, 0, &workspace, &executor),
        ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(
        api.aclnnGemmGetWorkspaceSize(stored, b, out, 1, -1, 1, 0, out, 0, &workspace, &executor),
        ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnGemm, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){-46, -76, -100, -148}, 4);
    assert_int_equal(api.aclnnGemmGetWorkspaceSize(a, b, out, 1, 0, 2, 0, out, 0, &workspace, &executor),
        ACLNN_ERR_PARAM_INVALID);
    api.aclDestroyScalar(alpha);
    api.aclDestroyScalar(beta);
    rig_close();
}

/* A weight of 3 x 2 becomes 16 x 8 (f32: 8 columns to a block), and counts as what it was. */
static void weights_in_blocks(void **state) {
    (void)state;
    const char *settings[] = {"", "nz_size=bytes", "nz_in_matmul=0"};
    for (int i = 0; i < 3; i++) {
        rig_open(settings[i]);
        uint64_t count = 0, workspace = 0;
        aclOpExecutor *executor = NULL;
        float seen[128];
        aclIntArray *shape = rig_ints(2, RIG_DIMS(3, 2));
        assert_int_equal(api.aclnnCalculateMatmulWeightSizeV2(shape, ACL_FLOAT, &count), ACLNN_SUCCESS);
        assert_int_equal(count, i == 1 ? 512 : 128);
        aclTensor *room = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(128), NULL);
        assert_int_equal(api.aclrtMemcpy(rig_memory_of(room), 512, b_rows, 24, 1), ACL_SUCCESS);
        aclTensor *weight = rig_view(room, 2, RIG_DIMS(3, 2), RIG_DIMS(2, 1), 0, ACL_FORMAT_ND);
        assert_int_equal(
            api.aclnnTransMatmulWeightGetWorkspaceSize(weight, &workspace, &executor), ACLNN_SUCCESS);
        assert_int_equal(rig_run(api.aclnnTransMatmulWeight, workspace, executor), ACLNN_SUCCESS);
        rig_elements(seen, room, sizeof seen);
        assert_true(seen[0] == 1 && seen[1] == 2 && seen[2] == 0 && seen[8] == 3 && seen[16] == 5);
        aclTensor *a = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 3), a_rows);
        aclTensor *out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), NULL);
        aclTensor *nz = api.aclCreateTensor(RIG_DIMS(3, 2), 2, ACL_FLOAT, NULL, 0, ACL_FORMAT_FRACTAL_NZ,
            RIG_DIMS(1, 1, 16, 8), 4, rig_memory_of(room));
        assert_int_equal(matmul(a, nz, out, KEEP_DTYPE), i == 2 ? ACLNN_ERR_PARAM_INVALID : ACLNN_SUCCESS);
        if (i != 2)
            expect(out, wanted, 4);
        assert_int_equal(api.aclDestroyTensor(nz), ACLNN_SUCCESS);
        rig_close();
    }
}

/* Blocks need room. */
static void weights_have_room_for_blocks(void **state) {
    (void)state;
    rig_open("");
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    aclTensor *tight = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(3, 2), b_rows);
    assert_int_equal(api.aclnnTransMatmulWeightGetWorkspaceSize(tight, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnTransMatmulWeight, workspace, executor), ACL_ERROR_RT_AICORE_EXCEPTION);
    rig_expect_misuse("memory_not_there");
    rig_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_and_transposed_views),
        cmocka_unit_test(padded_views), cmocka_unit_test(vectors_and_batches),
        cmocka_unit_test(shapes_and_formats_are_checked), cmocka_unit_test(the_cube_does_what_it_is_allowed),
        cmocka_unit_test(half_precision_has_an_end), cmocka_unit_test(bf16_is_not_everywhere),
        cmocka_unit_test(products_are_added_to), cmocka_unit_test(weights_in_blocks),
        cmocka_unit_test(weights_have_room_for_blocks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
