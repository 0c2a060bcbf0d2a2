/* Objects of operators, and the two phases. */
#include "tests/unit/vendor_sim/ascend/rig.h"

/* A product of 1 x 1, and its first phase. */
typedef struct product {
    aclTensor *a, *b, *out;
    uint64_t workspace;
    aclOpExecutor *executor;
} product;

static int plan(product *p) {
    return api.aclnnMmGetWorkspaceSize(p->a, p->b, p->out, KEEP_DTYPE, &p->workspace, &p->executor);
}

static product make(void) {
    product p = {.a = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(1, 1), &(float){3}),
        .b = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(1, 1), &(float){4}),
        .out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(1, 1), &(float){0})};
    assert_int_equal(plan(&p), ACLNN_SUCCESS);
    return p;
}

static float result_of(const product *p) {
    float value = -1;
    rig_elements(&value, p->out, sizeof value);
    return value;
}

static void an_executor_runs_once(void **state) {
    (void)state;
    rig_open("");
    product p = make();
    assert_int_equal(p.workspace, 4096);
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_SUCCESS);
    assert_true(result_of(&p) == 12);
    assert_int_equal(api.sim_alive("executor"), 0);
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_ERR_INNER_NULLPTR);
    rig_expect_misuse("use_after_destroy");
    assert_int_equal(api.aclSetAclOpExecutorRepeatable(p.executor), ACLNN_ERR_INNER_NULLPTR);
    rig_expect_misuse("use_after_destroy");
    rig_close();
}

static void a_repeatable_one_runs_until_it_is_destroyed(void **state) {
    (void)state;
    rig_open("");
    product p = make();
    assert_int_equal(api.aclSetAclOpExecutorRepeatable(p.executor), ACLNN_SUCCESS);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_SUCCESS);
    assert_int_equal(api.aclDestroyAclOpExecutor(p.executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_ERR_INNER_NULLPTR);
    rig_expect_misuse("use_after_destroy");
    rig_close();
}

static void not_all_can_be_repeated(void **state) {
    (void)state;
    rig_open("unrepeatable=aclnnMatmul,aclnnMm");
    product p = make();
    assert_int_equal(api.aclSetAclOpExecutorRepeatable(p.executor), ACLNN_ERR_INNER);
    assert_int_equal(api.aclDestroyAclOpExecutor(p.executor), ACLNN_ERR_PARAM_INVALID);
    rig_expect_misuse("destroy_of_unrepeatable");
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_SUCCESS);
    rig_close();
    rig_open("unrepeatable=aclnnM;destroy_any=1");
    p = make();
    assert_int_equal(api.aclDestroyAclOpExecutor(p.executor), ACLNN_SUCCESS);
    assert_int_equal(plan(&p), ACLNN_SUCCESS);
    assert_int_equal(api.aclSetAclOpExecutorRepeatable(p.executor), ACLNN_SUCCESS);
    assert_int_equal(api.aclDestroyAclOpExecutor(p.executor), ACLNN_SUCCESS);
    rig_close();
}

static void an_executor_that_never_runs_is_a_leak(void **state) {
    (void)state;
    rig_open("");
    product p = make();
    assert_int_equal(api.sim_alive("executor"), 1);
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_SUCCESS);
    rig_close();
}

static void the_workspace_is_large_enough(void **state) {
    (void)state;
    rig_open("workspace=1000");
    product p = make();
    void *small = rig_memory(NULL, 500);
    assert_int_equal(p.workspace, 1000);
    assert_int_equal(api.aclnnMm(NULL, 1000, p.executor, rig_stream), ACLNN_ERR_PARAM_NULLPTR);
    rig_expect_misuse("workspace_too_small");
    assert_int_equal(api.aclnnMm(small, 500, p.executor, rig_stream), ACLNN_ERR_PARAM_INVALID);
    rig_expect_misuse("workspace_too_small");
    assert_int_equal(api.aclnnMm(small, 1000, p.executor, rig_stream), ACLNN_SUCCESS); /* a lie */
    rig_expect_misuse("memory_not_there");
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_ERROR_RT_AICORE_EXCEPTION);
    rig_close();
    rig_open("workspace=0");
    p = make();
    assert_int_equal(p.workspace, 0);
    assert_int_equal(api.aclnnMm(NULL, 0, p.executor, rig_stream), ACLNN_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    rig_close();
}

static void an_executor_is_of_one_operator_and_device(void **state) {
    (void)state;
    rig_open("devices=2");
    product p = make();
    assert_int_equal(rig_run(api.aclnnMatmul, p.workspace, p.executor), ACLNN_ERR_INNER);
    rig_expect_misuse("executor_of_other_operator");
    assert_int_equal(api.aclrtSetDevice(1), ACL_SUCCESS);
    assert_int_equal(api.aclnnMm(p.out, p.workspace, p.executor, NULL), ACLNN_ERR_RUNTIME_ERROR);
    rig_expect_misuse("wrong_device_on_thread");
    assert_int_equal(api.aclnnMm(p.out, p.workspace, p.executor, rig_stream), ACLNN_ERR_RUNTIME_ERROR);
    rig_expect_misuse("stream_of_other_context");
    assert_int_equal(api.aclrtResetDevice(1), ACL_SUCCESS);
    assert_int_equal(plan(&p), ACLNN_ERR_RUNTIME_ERROR);
    rig_expect_misuse("no_context_on_thread");
    assert_int_equal(api.aclnnMm(p.out, p.workspace, p.executor, NULL), ACLNN_ERR_RUNTIME_ERROR);
    rig_expect_misuse("no_context_on_thread");
    assert_int_equal(api.aclrtSetDevice(0), ACL_SUCCESS);
    assert_int_equal(api.aclrtResetDevice(0), ACL_SUCCESS);
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_SUCCESS);
    rig_close();
}

static void addresses_can_be_changed(void **state) {
    (void)state;
    rig_open("");
    product p = make();
    float five = 5, value = 0;
    void *other = rig_memory(&five, sizeof five), *out = rig_memory(NULL, sizeof value);
    assert_int_equal(api.aclSetInputTensorAddr(p.executor, 1, p.b, other), ACLNN_ERR_PARAM_INVALID);
    rig_expect_misuse("rebind_of_unrepeatable");
    assert_int_equal(api.aclSetAclOpExecutorRepeatable(p.executor), ACLNN_SUCCESS);
    assert_int_equal(api.aclSetInputTensorAddr(p.executor, 1, p.b, other), ACLNN_SUCCESS);
    assert_int_equal(api.aclSetOutputTensorAddr(p.executor, 0, p.out, out), ACLNN_SUCCESS);
    assert_int_equal(api.aclSetInputTensorAddr(p.executor, 2, p.b, other), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(api.aclSetInputTensorAddr(p.executor, 0, p.b, other), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(api.aclSetInputTensorAddr(p.executor, 0, NULL, other), ACLNN_ERR_PARAM_NULLPTR);
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_SUCCESS);
    rig_read(&value, out, sizeof value);
    assert_true(value == 15);
    assert_int_equal(api.aclDestroyAclOpExecutor(p.executor), ACLNN_SUCCESS);
    rig_close();
}

static aclTensor *raw_tensor(void *memory, const int64_t *stride) {
    return api.aclCreateTensor(
        RIG_DIMS(2, 2), 2, ACL_FLOAT, stride, 0, ACL_FORMAT_ND, RIG_DIMS(4), 1, memory);
}

static void tensors_live_as_long_as_work(void **state) {
    (void)state;
    const char *settings[] = {"lazy=1;workspace=0", "lazy=1;workspace=0;early_destroy=1"};
    for (int i = 0; i < 2; i++) {
        rig_open(settings[i]);
        product p = {.workspace = 0};
        void *memory = rig_memory(NULL, 16);
        aclTensor *a = raw_tensor(memory, NULL);
        p = (product){.a = a, .b = a, .out = a};
        assert_int_equal(plan(&p), ACLNN_SUCCESS);
        assert_int_equal(api.aclnnMm(NULL, 0, p.executor, rig_stream), ACLNN_SUCCESS);
        assert_int_equal(api.aclDestroyTensor(a), ACLNN_SUCCESS);
        if (i == 0)
            rig_expect_misuse("destroyed_in_use");
        assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
        rig_close();
    }
    rig_open("");
    product p = make();
    aclTensor *gone = raw_tensor(rig_memory(NULL, 16), NULL);
    assert_int_equal(api.aclDestroyTensor(gone), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_SUCCESS);
    p.a = gone;
    assert_int_equal(plan(&p), ACLNN_ERR_INNER_NULLPTR);
    rig_expect_misuse("use_after_destroy");
    rig_close();
}

static void tensors_are_sound(void **state) {
    (void)state;
    rig_open("");
    char *memory = rig_memory(NULL, 64);
    assert_null(raw_tensor(memory + 4, RIG_DIMS(2, 1)));
    rig_expect_misuse("unaligned_tensor");
    assert_null(raw_tensor(memory, RIG_DIMS(3, 1)));  /* beyond its storage */
    assert_null(raw_tensor(memory, RIG_DIMS(-2, 1))); /* before it */
    assert_null(api.aclCreateTensor(RIG_DIMS(1), 1, 5, NULL, 0, ACL_FORMAT_ND, RIG_DIMS(1), 1, memory));
    assert_null(api.aclCreateTensor(NULL, 1, ACL_FLOAT, NULL, 0, ACL_FORMAT_ND, RIG_DIMS(1), 1, memory));
    assert_null(api.aclCreateScalar(NULL, ACL_FLOAT));
    assert_null(api.aclCreateIntArray(NULL, 2));
    assert_int_equal(api.aclDestroyTensor(NULL), ACLNN_ERR_PARAM_NULLPTR);
    rig_close();
    rig_open("null_strides=0");
    assert_null(raw_tensor(rig_memory(NULL, 64), NULL));
    rig_close();
}

static void memory_of_tensors_is_looked_at_by_the_card(void **state) {
    (void)state;
    rig_open("workspace=0");
    product p = {.workspace = 0};
    aclTensor *a = raw_tensor(NULL, NULL);
    p = (product){.a = a, .b = a, .out = a};
    assert_int_equal(plan(&p), ACLNN_SUCCESS);
    assert_int_equal(api.aclnnMm(NULL, 0, p.executor, rig_stream), ACLNN_SUCCESS);
    rig_expect_misuse("memory_not_there");
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_ERROR_RT_AICORE_EXCEPTION);
    assert_int_equal(api.aclDestroyTensor(a), ACLNN_SUCCESS);
    rig_close();
}

static void nulls_are_named(void **state) {
    (void)state;
    rig_open("");
    product p = make();
    assert_int_equal(api.aclnnMmGetWorkspaceSize(NULL, p.b, p.out, 0, &p.workspace, &(aclOpExecutor *){NULL}),
        ACLNN_ERR_PARAM_NULLPTR);
    assert_int_equal(api.aclnnMmGetWorkspaceSize(p.a, p.b, p.out, 0, NULL, &(aclOpExecutor *){NULL}),
        ACLNN_ERR_PARAM_NULLPTR);
    assert_int_equal(
        api.aclnnMmGetWorkspaceSize(p.a, p.b, p.out, 0, &p.workspace, NULL), ACLNN_ERR_PARAM_NULLPTR);
    assert_int_equal(api.aclnnMm(NULL, 0, NULL, rig_stream), ACLNN_ERR_PARAM_NULLPTR);
    assert_int_equal(rig_run(api.aclnnMm, p.workspace, p.executor), ACLNN_SUCCESS);
    rig_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_executor_runs_once),
        cmocka_unit_test(a_repeatable_one_runs_until_it_is_destroyed),
        cmocka_unit_test(not_all_can_be_repeated), cmocka_unit_test(an_executor_that_never_runs_is_a_leak),
        cmocka_unit_test(the_workspace_is_large_enough),
        cmocka_unit_test(an_executor_is_of_one_operator_and_device),
        cmocka_unit_test(addresses_can_be_changed), cmocka_unit_test(tensors_live_as_long_as_work),
        cmocka_unit_test(tensors_are_sound), cmocka_unit_test(memory_of_tensors_is_looked_at_by_the_card),
        cmocka_unit_test(nulls_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
