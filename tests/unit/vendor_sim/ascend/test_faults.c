/* What can be made to go wrong. */
#include "tests/unit/vendor_sim/ascend/rig.h"

#include <stdlib.h>
#include <time.h>

typedef struct add {
    aclTensor *x;
    aclScalar *alpha;
    uint64_t workspace;
    aclOpExecutor *executor;
} add;

static add make(void) {
    return (add){.x = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), (float[]){1, 2}),
        .alpha = api.aclCreateScalar(&(float){1}, ACL_FLOAT)};
}

static int plan(add *a) {
    return api.aclnnAddGetWorkspaceSize(a->x, a->x, a->alpha, a->x, &a->workspace, &a->executor);
}

static int run(add *a) {
    int code = plan(a);
    return code == ACLNN_SUCCESS ? rig_run(api.aclnnAdd, a->workspace, a->executor) : code;
}

static void close_with(add *a) {
    assert_int_equal(api.aclDestroyScalar(a->alpha), ACLNN_SUCCESS);
    rig_close();
}

static void calls_fail_on_demand(void **state) {
    (void)state;
    void *memory = NULL;
    rig_open("fail=aclrtMalloc:3:207001");
    add a = make(); /* the first one */
    assert_int_equal(api.aclrtMalloc(&memory, 64, 0), ACL_SUCCESS);
    assert_int_equal(api.aclrtFree(memory), ACL_SUCCESS);
    assert_int_equal(api.aclrtMalloc(&memory, 64, 0), ACL_ERROR_RT_MEMORY_ALLOCATION);
    api.sim_fail("aclnnAddGetWorkspaceSize", 1, ACLNN_ERR_INNER_FIND_KERNEL_ERROR);
    assert_int_equal(plan(&a), ACLNN_ERR_INNER_FIND_KERNEL_ERROR);
    assert_int_equal(run(&a), ACLNN_SUCCESS);
    close_with(&a);
}

static void operators_fail_when_it_is_waited_for(void **state) {
    (void)state;
    rig_open("async=aclnnAdd:1:507015");
    add a = make();
    assert_int_equal(run(&a), ACL_ERROR_RT_AICORE_EXCEPTION);
    assert_int_equal(plan(&a), ACL_ERROR_RT_AICORE_EXCEPTION); /* the context is done for */
    close_with(&a);
}

static void a_device_gets_lost(void **state) {
    (void)state;
    int32_t device = -1;
    rig_open("lost=6:507899");
    aclrtStream unused = NULL;
    int code = ACL_SUCCESS;
    for (int i = 0; i < 6 && code == ACL_SUCCESS; i++)
        code = api.aclrtSynchronizeStream(rig_stream);
    assert_int_equal(code, ACL_ERROR_RT_DRV_INTERNAL);
    assert_int_equal(api.aclrtCreateStream(&unused), ACL_ERROR_RT_DRV_INTERNAL);
    assert_int_equal(api.aclrtGetDevice(&device), ACL_SUCCESS);
    rig_close();
}

static void packages_may_be_missing(void **state) {
    (void)state;
    const struct {
        const char *settings;
        int code;
    } cases[] = {{"opp=missing", ACLNN_ERR_INNER_OPP_PATH_NOT_FOUND},
        {"opp=env", ACLNN_ERR_INNER_OPP_PATH_NOT_FOUND},
        {"kernels=missing", ACLNN_ERR_INNER_FIND_KERNEL_ERROR},
        {"kernels=package", ACLNN_ERR_INNER_OPP_KERNEL_PKG_NOT_FOUND}};
    unsetenv("ASCEND_OPP_PATH");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_open(cases[i].settings);
        add a = make();
        assert_int_equal(run(&a), cases[i].code);
        close_with(&a);
    }
    setenv("ASCEND_OPP_PATH", "/opp", 1);
    rig_open("opp=env");
    add a = make();
    assert_int_equal(run(&a), ACLNN_SUCCESS);
    close_with(&a);
    unsetenv("ASCEND_OPP_PATH");
}

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

/* At least that long: sleeping may only be longer. */
static void the_first_use_takes_longer(void **state) {
    (void)state;
    rig_open("jit_us=30000");
    add a = make();
    double began = now_ms();
    assert_int_equal(plan(&a), ACLNN_SUCCESS);
    assert_true(now_ms() - began >= 30);
    assert_int_equal(rig_run(api.aclnnAdd, a.workspace, a.executor), ACLNN_SUCCESS);
    close_with(&a);
    rig_open("jit_us=30000;jit_at=run"); /* another world, where it is new again */
    a = make();
    assert_int_equal(plan(&a), ACLNN_SUCCESS);
    began = now_ms();
    assert_int_equal(rig_run(api.aclnnAdd, a.workspace, a.executor), ACLNN_SUCCESS);
    assert_true(now_ms() - began >= 30);
    close_with(&a);
}

static void results_can_be_spoilt_or_left_out(void **state) {
    (void)state;
    float seen[2];
    rig_open("nan=1");
    add a = make();
    assert_int_equal(run(&a), ACLNN_SUCCESS);
    rig_elements(seen, a.x, sizeof seen);
    assert_true(seen[0] != seen[0] && seen[1] != seen[1]);
    close_with(&a);
    rig_open("skip=1");
    a = make();
    assert_int_equal(run(&a), ACLNN_SUCCESS);
    rig_elements(seen, a.x, sizeof seen);
    assert_true(seen[0] == 1 && seen[1] == 2);
    close_with(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls_fail_on_demand),
        cmocka_unit_test(operators_fail_when_it_is_waited_for), cmocka_unit_test(a_device_gets_lost),
        cmocka_unit_test(packages_may_be_missing), cmocka_unit_test(the_first_use_takes_longer),
        cmocka_unit_test(results_can_be_spoilt_or_left_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
