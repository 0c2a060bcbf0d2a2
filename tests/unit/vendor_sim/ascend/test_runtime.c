/* Initialisation, devices, contexts and threads. */
#include "tests/unit/vendor_sim/ascend/rig.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void it_is_initialised_once(void **state) {
    (void)state;
    rig_open("");
    assert_int_equal(api.aclInit(NULL), ACL_ERROR_REPEAT_INITIALIZE);
    assert_int_equal(api.aclInit("/no/such/file"), ACL_ERROR_INVALID_PARAM);
    rig_close();
    uint32_t count = 0;
    assert_int_equal(api.aclFinalize(), ACL_ERROR_REPEAT_FINALIZE);
    assert_int_equal(api.aclrtGetDeviceCount(&count), ACL_ERROR_UNINITIALIZE);
    assert_int_equal(api.sim_misuses("use_after_finalize"), 1);
    assert_int_equal(api.aclInit(NULL), ACL_SUCCESS);
    assert_int_equal(api.aclFinalize(), ACL_SUCCESS);
    api.sim_configure("reinit=0");
    assert_int_equal(api.aclInit(NULL), ACL_SUCCESS);
    assert_int_equal(api.aclFinalize(), ACL_SUCCESS);
    assert_int_equal(api.aclInit(NULL), ACL_ERROR_REPEAT_INITIALIZE);
    api.sim_configure("");
    assert_int_equal(api.aclrtSetDevice(0), ACL_ERROR_UNINITIALIZE);
    assert_int_equal(api.sim_misuses("use_before_init"), 1);
    api.sim_configure("needs_init=0");
    assert_int_equal(api.aclrtGetDeviceCount(&count), ACL_SUCCESS);
}

static void devices_are_counted(void **state) {
    (void)state;
    uint32_t count = 9;
    int32_t device = -1;
    rig_open("devices=3");
    assert_int_equal(api.aclrtGetDeviceCount(&count), ACL_SUCCESS);
    assert_int_equal(count, 3);
    assert_int_equal(api.aclrtGetDeviceCount(NULL), ACL_ERROR_INVALID_PARAM);
    assert_int_equal(api.aclrtSetDevice(3), ACL_ERROR_RT_INVALID_DEVICEID);
    assert_int_equal(api.aclrtSetDevice(-1), ACL_ERROR_RT_INVALID_DEVICEID);
    assert_int_equal(api.aclrtGetDevice(&device), ACL_SUCCESS);
    assert_int_equal(device, 0);
    assert_int_equal(api.aclrtResetDevice(2), ACL_ERROR_RT_CONTEXT_NULL);
    rig_expect_misuse("reset_of_unset_device");
    rig_close();
    api.sim_configure("devices=0");
    assert_int_equal(api.aclInit(NULL), ACL_SUCCESS);
    assert_int_equal(api.aclrtGetDeviceCount(&count), ACL_SUCCESS);
    assert_int_equal(count, 0);
    assert_int_equal(api.aclrtSetDevice(0), ACL_ERROR_RT_NO_DEVICE);
    assert_null(api.aclrtGetSocName());
}

static void devices_can_be_hidden(void **state) {
    (void)state;
    uint32_t count = 9;
    int32_t device = -1;
    setenv("ASCEND_RT_VISIBLE_DEVICES", "2,0,7,1", 1);
    rig_open("devices=3;soc@2=Ascend310P3");
    assert_int_equal(api.aclrtGetDeviceCount(&count), ACL_SUCCESS);
    assert_int_equal(count, 2); /* there is no device 7, and what follows does not count */
    assert_string_equal(api.aclrtGetSocName(), "Ascend310P3");
    assert_int_equal(api.aclrtGetDevice(&device), ACL_SUCCESS);
    assert_int_equal(device, 0);
    rig_close();
    unsetenv("ASCEND_RT_VISIBLE_DEVICES");
}

static void *use_without_device(void *unused) {
    (void)unused;
    void *memory = NULL;
    int code = api.aclrtMalloc(&memory, 64, ACL_MEM_MALLOC_HUGE_FIRST);
    return (void *)(intptr_t)code;
}

static void *use_with_device(void *memory) {
    int code = api.aclrtSetDevice(0);
    if (code == ACL_SUCCESS)
        code = api.aclrtMemset(memory, 64, 7, 64);
    if (code == ACL_SUCCESS)
        code = api.aclrtSynchronizeStream(rig_stream); /* the context is that of all threads */
    api.aclrtResetDevice(0);
    return (void *)(intptr_t)code;
}

static int in_thread(void *(*run)(void *), void *argument) {
    pthread_t thread;
    void *code = NULL;
    assert_int_equal(pthread_create(&thread, NULL, run, argument), 0);
    assert_int_equal(pthread_join(thread, &code), 0);
    return (int)(intptr_t)code;
}

static void each_thread_sets_its_device(void **state) {
    (void)state;
    rig_open("");
    void *memory = rig_memory(NULL, 64);
    assert_int_equal(in_thread(use_without_device, NULL), ACL_ERROR_RT_CONTEXT_NULL);
    rig_expect_misuse("no_context_on_thread");
    assert_int_equal(in_thread(use_with_device, memory), ACL_SUCCESS);
    rig_close();
}

static void contexts_own_streams(void **state) {
    (void)state;
    rig_open("");
    aclrtContext usual = NULL, other = NULL;
    assert_int_equal(api.aclrtGetCurrentContext(&usual), ACL_SUCCESS);
    assert_int_equal(api.aclrtCreateContext(&other, 0), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_ERROR_RT_STREAM_CONTEXT);
    rig_expect_misuse("stream_of_other_context");
    assert_int_equal(api.aclrtDestroyContext(usual), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtDestroyContext(other), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_ERROR_RT_CONTEXT_NULL);
    rig_expect_misuse("no_context_on_thread");
    assert_int_equal(api.aclrtSetCurrentContext(other), ACL_ERROR_RT_CONTEXT_NULL);
    rig_expect_misuse("use_after_destroy");
    assert_int_equal(api.aclrtSetCurrentContext(usual), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    rig_close();
}

static void a_device_is_reset_as_often_as_it_is_set(void **state) {
    (void)state;
    rig_open("");
    assert_int_equal(api.aclrtSetDevice(0), ACL_SUCCESS);
    assert_int_equal(api.aclrtResetDevice(0), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeDevice(), ACL_SUCCESS);
    rig_close();
    api.sim_configure("");
    assert_int_equal(api.aclInit(NULL), ACL_SUCCESS);
    assert_int_equal(api.aclrtSetDevice(0), ACL_SUCCESS);
    assert_int_equal(api.aclFinalize(), ACL_SUCCESS);
    assert_int_equal(api.sim_misuses("finalized_with_device_set"), 1);
    assert_int_equal(api.sim_alive_total(), 0);
}

static void messages_are_fetched_once(void **state) {
    (void)state;
    rig_open("");
    assert_int_equal(api.aclrtMalloc(NULL, 64, 0), ACL_ERROR_INVALID_PARAM);
    const char *message = api.aclGetRecentErrMsg();
    assert_non_null(message);
    assert_non_null(strstr(message, "aclrtMalloc: devPtr is NULL"));
    assert_null(api.aclGetRecentErrMsg());
    rig_close();
    rig_open("messages=none");
    assert_int_equal(api.aclrtMalloc(NULL, 64, 0), ACL_ERROR_INVALID_PARAM);
    assert_null(api.aclGetRecentErrMsg());
    rig_close();
    rig_open("messages=process");
    assert_int_equal(in_thread(use_without_device, NULL), ACL_ERROR_RT_CONTEXT_NULL);
    rig_expect_misuse("no_context_on_thread");
    assert_non_null(api.aclGetRecentErrMsg());
    rig_close();
}

static void cards_say_what_they_are(void **state) {
    (void)state;
    int mode = -1;
    int64_t value = 0;
    int32_t has = -1, version[3];
    rig_open("");
    assert_string_equal(api.aclrtGetSocName(), "Ascend910B3");
    assert_int_equal(api.aclrtGetRunMode(&mode), ACL_SUCCESS);
    assert_int_equal(mode, ACL_HOST);
    assert_int_equal(api.aclGetDeviceCapability(0, ACL_DEVICE_INFO_AI_CORE_NUM, &value), ACL_SUCCESS);
    assert_int_equal(value, 20);
    assert_int_equal(api.aclGetDeviceCapability(0, 9, &value), ACL_ERROR_INVALID_PARAM);
    assert_int_equal(api.aclGetDeviceCapability(1, 0, &value), ACL_ERROR_RT_INVALID_DEVICEID);
    assert_int_equal(api.aclGetCannAttribute(ACL_CANN_ATTR_BF16, &has), ACL_SUCCESS);
    assert_int_equal(has, 1);
    assert_int_equal(api.aclrtGetVersion(&version[0], &version[1], &version[2]), ACL_SUCCESS);
    assert_int_equal(version[0], 1);
    assert_int_equal(api.aclrtSetSysParamOpt(ACL_OPT_DETERMINISTIC, 1), ACL_SUCCESS);
    assert_int_equal(api.aclrtSetSysParamOpt(ACL_OPT_DETERMINISTIC, 2), ACL_ERROR_INVALID_PARAM);
    aclrtUtilizationInfo busy = {.extend = NULL};
    assert_int_equal(api.aclrtGetDeviceUtilizationRate(0, &busy), ACL_SUCCESS);
    assert_int_equal(busy.memory, -1);
    rig_close();
    rig_open("soc=Ascend310P3;cores=8");
    assert_int_equal(api.aclGetCannAttribute(ACL_CANN_ATTR_BF16, &has), ACL_SUCCESS);
    assert_int_equal(has, 0);
    rig_close();
}

static void the_name_may_need_a_device(void **state) {
    (void)state;
    rig_open("");
    rig_close();
    api.sim_configure("");
    assert_int_equal(api.aclInit(NULL), ACL_SUCCESS);
    assert_null(api.aclrtGetSocName());
    api.sim_configure("soc_needs_device=0");
    assert_int_equal(api.aclInit(NULL), ACL_SUCCESS);
    assert_string_equal(api.aclrtGetSocName(), "Ascend910B3");
}

static void expect_total(int attribute, size_t wanted) {
    size_t free_bytes = 1, total = 1;
    assert_int_equal(api.aclrtGetMemInfo(attribute, &free_bytes, &total), ACL_SUCCESS);
    assert_int_equal(total, wanted);
    assert_true(free_bytes <= total);
}

static void memory_is_of_one_sort(void **state) {
    (void)state;
    size_t all = (size_t)1 << 30;
    rig_open("");
    expect_total(ACL_HBM_MEM, all);
    expect_total(ACL_DDR_MEM, 0);
    assert_int_equal(api.aclrtGetMemInfo(17, &all, &all), ACL_ERROR_RT_PARAM_INVALID);
    rig_close();
    rig_open("soc=Ascend310P3");
    expect_total(ACL_HBM_MEM, 0);
    expect_total(ACL_DDR_MEM, all);
    rig_close();
    rig_open("soc=Ascend310P3;hbm_fallback=1");
    expect_total(ACL_HBM_MEM, all);
    rig_close();
}

static void a_forked_child_gets_nowhere(void **state) {
    (void)state;
    int status = 0;
    rig_open("");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(api.aclrtSynchronizeDevice() == ACL_ERROR_RT_DRV_INTERNAL ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    rig_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_initialised_once),
        cmocka_unit_test(devices_are_counted), cmocka_unit_test(devices_can_be_hidden),
        cmocka_unit_test(each_thread_sets_its_device), cmocka_unit_test(contexts_own_streams),
        cmocka_unit_test(a_device_is_reset_as_often_as_it_is_set),
        cmocka_unit_test(messages_are_fetched_once), cmocka_unit_test(cards_say_what_they_are),
        cmocka_unit_test(the_name_may_need_a_device), cmocka_unit_test(memory_is_of_one_sort),
        cmocka_unit_test(a_forked_child_gets_nowhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
