/* Device memory, pinned memory, copies. */
#include "tests/unit/vendor_sim/ascend/rig.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How a child ends that reads, or writes, a byte: a signal, or what a sanitizer makes of it. */
static bool survives(char *address, bool writes) {
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* cmocka catches it */
        close(STDERR_FILENO);
        volatile char *at = address;
        char seen = *at;
        if (writes)
            *at = seen;
        _exit(42);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 42;
}

static void the_host_cannot_touch_it(void **state) {
    (void)state;
    rig_open("");
    void *pinned = NULL;
    assert_false(survives(rig_memory(NULL, 64), false));
    assert_false(survives(rig_memory(NULL, 64), true));
    assert_int_equal(api.aclrtMallocHost(&pinned, 64), ACL_SUCCESS);
    assert_true(survives(pinned, true));
    assert_int_equal(api.aclrtFreeHost(pinned), ACL_SUCCESS);
    rig_close();
}

static void requests_are_checked(void **state) {
    (void)state;
    void *memory = NULL;
    rig_open("memory=1M");
    assert_int_equal(api.aclrtMalloc(NULL, 64, 0), ACL_ERROR_INVALID_PARAM);
    assert_int_equal(api.aclrtMalloc(&memory, 0, 0), ACL_ERROR_INVALID_PARAM);
    assert_int_equal(api.aclrtMalloc(&memory, 64, 6), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtMalloc(&memory, 64, -1), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtMalloc(&memory, 2 << 20, 0), ACL_ERROR_RT_MEMORY_ALLOCATION);
    assert_int_equal(api.aclrtMallocHost(&memory, 0), ACL_ERROR_INVALID_PARAM);
    for (int policy = 0; policy < 6; policy++) {
        assert_int_equal(api.aclrtMalloc(&memory, 1, policy), ACL_SUCCESS);
        assert_int_equal((uintptr_t)memory % 64, 0);
        assert_int_equal(api.aclrtFree(memory), ACL_SUCCESS);
    }
    rig_close();
    rig_open("memory=1M;oom=207018");
    assert_int_equal(api.aclrtMalloc(&memory, 2 << 20, 0), ACL_ERROR_RT_DEVICE_OOM);
    rig_close();
}

static void what_is_freed_was_allocated(void **state) {
    (void)state;
    rig_open("");
    char here = 0, *memory = rig_memory(NULL, 64);
    void *pinned = NULL;
    assert_int_equal(api.aclrtFree(NULL), ACL_ERROR_INVALID_PARAM);
    assert_int_equal(api.aclrtFree(&here), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("free_of_nothing");
    assert_int_equal(api.aclrtFree(memory + 32), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("free_of_nothing");
    assert_int_equal(api.aclrtFreeHost(memory), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("free_of_nothing");
    assert_int_equal(api.aclrtMallocHost(&pinned, 64), ACL_SUCCESS);
    assert_int_equal(api.aclrtFree(pinned), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("free_of_nothing");
    assert_int_equal(api.aclrtFreeHost(pinned), ACL_SUCCESS);
    rig_close();
}

static void copies_go_everywhere(void **state) {
    (void)state;
    rig_open("");
    char from[64], to[64] = {0};
    memset(from, 5, sizeof from);
    char *one = rig_memory(from, 64), *other = rig_memory(NULL, 64);
    assert_int_equal(api.aclrtMemcpy(other, 64, one, 64, ACL_MEMCPY_DEVICE_TO_DEVICE), ACL_SUCCESS);
    assert_int_equal(api.aclrtMemset(other + 32, 32, 9, 32), ACL_SUCCESS);
    assert_int_equal(api.aclrtMemcpy(to, 64, other, 64, ACL_MEMCPY_DEFAULT), ACL_SUCCESS);
    assert_int_equal(to[31], 5);
    assert_int_equal(to[32], 9);
    assert_int_equal(api.aclrtMemcpy(to, 64, from, 64, ACL_MEMCPY_HOST_TO_HOST), ACL_SUCCESS);
    assert_int_equal(to[63], 5);
    rig_close();
    rig_open("cann=7");
    assert_int_equal(api.aclrtMemcpy(to, 64, from, 64, ACL_MEMCPY_DEFAULT), ACL_ERROR_RT_PARAM_INVALID);
    rig_close();
}

static void copies_are_checked(void **state) {
    (void)state;
    rig_open("");
    char host[128];
    char *memory = rig_memory(NULL, 64);
    assert_int_equal(api.aclrtMemcpy(NULL, 64, host, 64, 1), ACL_ERROR_INVALID_PARAM);
    assert_int_equal(api.aclrtMemcpy(memory, 32, host, 64, 1), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtMemcpy(memory, 64, host, 0, 1), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtMemcpy(memory, 64, host, 64, 8), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtMemset(memory, 32, 0, 64), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtMemset(NULL, 32, 0, 32), ACL_ERROR_INVALID_PARAM);
    assert_int_equal(api.aclrtMemcpy(memory, 64, host, 64, 2), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("kind_of_copy");
    assert_int_equal(api.aclrtMemset(host, 64, 0, 64), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("kind_of_copy");
    assert_int_equal(api.aclrtMemcpy(memory, 128, host, 128, 1), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("copy_beyond_memory");
    rig_close();
}

static void memory_is_of_one_device(void **state) {
    (void)state;
    rig_open("devices=2");
    char host[64];
    void *memory = rig_memory(NULL, 64);
    assert_int_equal(api.aclrtSetDevice(1), ACL_SUCCESS);
    assert_int_equal(api.aclrtMemcpy(host, 64, memory, 64, 2), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("memory_of_other_device");
    assert_int_equal(api.aclrtResetDevice(1), ACL_SUCCESS);
    assert_int_equal(api.aclrtSetDevice(0), ACL_SUCCESS);
    assert_int_equal(api.aclrtResetDevice(0), ACL_SUCCESS);
    rig_close();
}

static void only_pinned_memory_is_copied_later(void **state) {
    (void)state;
    rig_open("lazy=1");
    int status = -1;
    char pageable[64];
    void *pinned = NULL;
    char *memory = rig_memory(NULL, 64);
    assert_int_equal(api.aclrtMallocHost(&pinned, 64), ACL_SUCCESS);
    memset(pinned, 3, 64);
    assert_int_equal(api.aclrtMemcpyAsync(memory, 64, pinned, 64, 1, rig_stream), ACL_SUCCESS);
    memset(pinned, 4, 64); /* the copy has not begun */
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtMemcpyAsync(pageable, 64, memory, 64, 2, rig_stream), ACL_SUCCESS);
    assert_int_equal(pageable[0], 4); /* it is over */
    assert_int_equal(api.aclrtStreamQuery(rig_stream, &status), ACL_SUCCESS);
    assert_int_equal(status, ACL_STREAM_STATUS_COMPLETE);
    assert_int_equal(api.aclrtFreeHost(pinned), ACL_SUCCESS);
    rig_close();
}

static void copies_in_a_device_are_aligned(void **state) {
    (void)state;
    rig_open("");
    char *memory = rig_memory(NULL, 256);
    assert_int_equal(
        api.aclrtMemcpyAsync(memory + 32, 64, memory + 128, 64, 3, rig_stream), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtMemcpyAsync(memory, 64, memory + 128, 64, 3, rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    rig_close();
    rig_open("copy_align=0");
    memory = rig_memory(NULL, 256);
    assert_int_equal(api.aclrtMemcpyAsync(memory + 32, 64, memory + 128, 64, 3, rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    rig_close();
}

static void memory_in_use_is_not_freed(void **state) {
    (void)state;
    rig_open("lazy=1");
    void *memory = NULL;
    assert_int_equal(api.aclrtMalloc(&memory, 64, 0), ACL_SUCCESS);
    assert_int_equal(api.aclrtMemsetAsync(memory, 64, 1, 64, rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtFree(memory), ACL_SUCCESS);
    rig_expect_misuse("freed_in_use");
    rig_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_host_cannot_touch_it),
        cmocka_unit_test(requests_are_checked), cmocka_unit_test(what_is_freed_was_allocated),
        cmocka_unit_test(copies_go_everywhere), cmocka_unit_test(copies_are_checked),
        cmocka_unit_test(memory_is_of_one_device), cmocka_unit_test(only_pinned_memory_is_copied_later),
        cmocka_unit_test(copies_in_a_device_are_aligned), cmocka_unit_test(memory_in_use_is_not_freed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
