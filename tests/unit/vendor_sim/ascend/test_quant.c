/* Products of s8: which types go together, scales, packed scales. */
#include "tests/unit/vendor_sim/ascend/rig.h"

#include <string.h>

/* [1 2; 3 -4] times [5 6; 7 8]: [19 22; -13 -14]. */
static const int8_t x1_rows[4] = {1, 2, 3, -4}, x2_rows[4] = {5, 6, 7, 8}, x2_columns[4] = {5, 7, 6, 8};

typedef struct call {
    aclTensor *x1, *x2, *scale, *row_scale, *bias, *out;
    bool transposes;
} call;

static int v4(const call *c) {
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    int code = api.aclnnQuantMatmulV4GetWorkspaceSize(c->x1, c->x2, c->scale, NULL, c->row_scale, c->bias,
        false, c->transposes, c->out, &workspace, &executor);
    return code == ACLNN_SUCCESS ? rig_run(api.aclnnQuantMatmulV4, workspace, executor) : code;
}

static int v3(const call *c) {
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    int code = api.aclnnQuantMatmulV3GetWorkspaceSize(
        c->x1, c->x2, c->scale, NULL, c->bias, false, c->transposes, c->out, &workspace, &executor);
    return code == ACLNN_SUCCESS ? rig_run(api.aclnnQuantMatmulV3, workspace, executor) : code;
}

static call make(int scale_type, const void *scale, int out_type) {
    return (call){.x1 = rig_tensor(ACL_INT8, 2, RIG_DIMS(2, 2), x1_rows),
        .x2 = rig_tensor(ACL_INT8, 2, RIG_DIMS(2, 2), x2_rows),
        .scale = rig_tensor(scale_type, 1, RIG_DIMS(1), scale),
        .out = rig_tensor(out_type, 2, RIG_DIMS(2, 2), NULL)};
}

static void expect_s32(const aclTensor *out, const int32_t *values) {
    int32_t seen[4];
    rig_elements(seen, out, sizeof seen);
    assert_memory_equal(seen, values, sizeof seen);
}

static void sums_as_they_are(void **state) {
    (void)state;
    rig_open("");
    call c = make(ACL_FLOAT, &(float){2}, ACL_INT32);
    assert_int_equal(v4(&c), ACLNN_SUCCESS);
    expect_s32(c.out, (int32_t[]){19, 22, -13, -14});
    c.x2 = rig_tensor(ACL_INT8, 2, RIG_DIMS(2, 2), x2_columns);
    c.transposes = true;
    c.bias = rig_tensor(ACL_INT32, 1, RIG_DIMS(2), (int32_t[]){100, 0});
    assert_int_equal(v3(&c), ACLNN_SUCCESS);
    expect_s32(c.out, (int32_t[]){119, 22, 87, -14});
    rig_close();
}

static void the_scale_of_sums_may_count(void **state) {
    (void)state;
    rig_open("s32_scale=applied");
    call c = make(ACL_FLOAT, &(float){2}, ACL_INT32);
    assert_int_equal(v4(&c), ACLNN_SUCCESS);
    expect_s32(c.out, (int32_t[]){38, 44, -26, -28});
    rig_close();
}

static void scaled_to_floats(void **state) {
    (void)state;
    uint16_t seen[4];
    rig_open("");
    call c = make(ACL_FLOAT, &(float){0.5f}, ACL_BF16);
    assert_int_equal(v4(&c), ACLNN_SUCCESS);
    rig_elements(seen, c.out, sizeof seen);
    assert_int_equal(seen[0], 0x4118); /* 9.5 */
    assert_int_equal(seen[3], 0xc0e0); /* -7 */
    c.out = rig_tensor(ACL_FLOAT16, 2, RIG_DIMS(2, 2), NULL);
    assert_int_equal(v4(&c), ACLNN_ERR_PARAM_INVALID);
    c.row_scale = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), (float[]){1, 2});
    assert_int_equal(v4(&c), ACLNN_SUCCESS);
    rig_elements(seen, c.out, sizeof seen);
    assert_int_equal(seen[0], 0x48c0); /* 9.5 */
    assert_int_equal(seen[3], 0xcb00); /* -14 */
    rig_close();
}

/* Scales packed by the library, to f16 and to s8, which saturates. */
static void packed_scales(void **state) {
    (void)state;
    const char *settings[] = {"", "soc=Ascend310P3"};
    for (int i = 0; i < 2; i++) {
        rig_open(settings[i]);
        uint64_t workspace = 0, packed = 0;
        aclOpExecutor *executor = NULL;
        aclTensor *scale = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(1), &(float){8});
        call c = make(ACL_UINT64, NULL, ACL_FLOAT16);
        assert_int_equal(
            api.aclnnTransQuantParamV2GetWorkspaceSize(scale, NULL, c.scale, &workspace, &executor),
            ACLNN_SUCCESS);
        assert_int_equal(rig_run(api.aclnnTransQuantParamV2, workspace, executor), ACLNN_SUCCESS);
        rig_elements(&packed, c.scale, sizeof packed);
        assert_int_equal((uint32_t)packed, 0x41000000);
        assert_int_equal(v4(&c), ACLNN_SUCCESS);
        uint16_t halves[4];
        rig_elements(halves, c.out, sizeof halves);
        assert_int_equal(halves[0], 0x58c0); /* 152 */
        c.out = rig_tensor(ACL_INT8, 2, RIG_DIMS(2, 2), NULL);
        assert_int_equal(v4(&c), ACLNN_SUCCESS);
        int8_t bytes[4];
        rig_elements(bytes, c.out, sizeof bytes);
        assert_int_equal(bytes[0], 127);
        assert_int_equal(bytes[2], -104);
        rig_close();
    }
}

static void cards_differ(void **state) {
    (void)state;
    const char *socs[] = {"soc=Ascend310P3", "soc=Ascend910A", "soc=Ascend310B1"};
    for (int i = 0; i < 3; i++) {
        rig_open(socs[i]);
        call c = make(ACL_FLOAT, &(float){1}, ACL_INT32);
        assert_int_equal(v4(&c), ACLNN_ERR_PARAM_INVALID);
        rig_close();
    }
    rig_open("soc=Ascend910A;quant_910a=1");
    call c = make(ACL_UINT64, &(uint64_t){0x3f800000}, ACL_FLOAT16);
    assert_int_equal(v4(&c), ACLNN_SUCCESS);
    rig_close();
}

static void arguments_are_checked(void **state) {
    (void)state;
    rig_open("");
    call c = make(ACL_FLOAT, &(float){1}, ACL_INT32), wrong = c;
    wrong.scale = NULL;
    assert_int_equal(v4(&wrong), ACLNN_ERR_PARAM_NULLPTR);
    wrong.scale = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(3), NULL);
    assert_int_equal(v4(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.bias = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), NULL);
    assert_int_equal(v4(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.x1 = rig_tensor(ACL_FLOAT16, 2, RIG_DIMS(2, 2), NULL);
    assert_int_equal(v3(&wrong), ACLNN_ERR_PARAM_INVALID);
    wrong = c;
    wrong.x2 = rig_tensor(ACL_INT8, 2, RIG_DIMS(2, 65536), NULL);
    wrong.out = rig_tensor(ACL_INT32, 2, RIG_DIMS(2, 65536), NULL);
    assert_int_equal(v4(&wrong), ACLNN_ERR_PARAM_INVALID);
    rig_close();
}

static void the_oldest_has_one_scale(void **state) {
    (void)state;
    rig_open("");
    uint64_t workspace = 0;
    aclOpExecutor *executor = NULL;
    uint16_t halves[4];
    call c = make(ACL_FLOAT, NULL, ACL_FLOAT16);
    assert_int_equal(
        api.aclnnQuantMatmulGetWorkspaceSize(c.x1, c.x2, NULL, 0.5f, c.out, &workspace, &executor),
        ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnQuantMatmul, workspace, executor), ACLNN_SUCCESS);
    rig_elements(halves, c.out, sizeof halves);
    assert_int_equal(halves[0], 0x48c0);
    rig_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_as_they_are),
        cmocka_unit_test(the_scale_of_sums_may_count), cmocka_unit_test(scaled_to_floats),
        cmocka_unit_test(packed_scales), cmocka_unit_test(cards_differ),
        cmocka_unit_test(arguments_are_checked), cmocka_unit_test(the_oldest_has_one_scale)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
