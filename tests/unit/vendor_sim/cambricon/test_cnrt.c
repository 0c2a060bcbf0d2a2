/* CNRT: devices, memory, copies, queues, notifiers, and what goes wrong with them. */
#include "tests/unit/vendor_sim/cambricon/rig.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_devices(void **state) {
    (void)state;
    rig_begin("devices=2;memory=64M;model@1=mlu370;pci@1=0001:3b:00.0");
    unsigned int count = 0;
    int value = -1, device = -1;
    char text[16];
    assert_int_equal(CNRT(cnrtGetDeviceCount)(&count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, cnrtAttrTf32, 0), 0);
    assert_int_equal(value, 1);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, cnrtAttrTf32, 1), 0);
    assert_int_equal(value, 0);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, cnrtAttrMemoryMb, 1), 0);
    assert_int_equal(value, 64);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, cnrtAttrPciBus, 1), 0);
    assert_int_equal(value, 0x3b);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, cnrtAttrPciDomain, 1), 0);
    assert_int_equal(value, 1);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, 0x999, 1), cnrtErrorNoAttribute);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, cnrtAttrTf32, 2), cnrtErrorDeviceInvalid);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(NULL, cnrtAttrTf32, 0), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtGetLastError)(), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtDeviceGetPCIBusId)(text, sizeof text, 1), 0);
    assert_string_equal(text, "0001:3b:00.0");
    assert_int_equal(CNRT(cnrtDeviceGetPCIBusId)(text, 12, 1), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtDeviceGetByPCIBusId)(&device, text), 0);
    assert_int_equal(device, 1);
    assert_int_equal(CNRT(cnrtDeviceGetByPCIBusId)(&device, "0009:3b:00.0"), cnrtErrorDeviceInvalid);
    assert_int_equal(CNRT(cnrtSetDevice)(2), cnrtErrorDeviceInvalid);
    rig_end(0);
}

static void test_properties_write_584_bytes(void **state) {
    (void)state;
    rig_begin("name=MLU590-H8");
    unsigned char buffer[1024];
    memset(buffer, 0x77, sizeof buffer);
    assert_int_equal(CNRT(cnrtGetDeviceProperties)(buffer, 0), 0);
    assert_string_equal((char *)buffer, "MLU590-H8");
    assert_int_equal(buffer[583], 0);
    assert_int_equal(buffer[584], 0x77);
    rig_end(0);
}

static void test_no_device_in_either_way(void **state) {
    (void)state;
    unsigned int count = 9;
    int device;
    void *memory;
    CNRT(sim_configure)("devices=0");
    assert_int_equal(CNRT(cnrtGetDeviceCount)(&count), 0);
    assert_int_equal(count, 0);
    CNRT(sim_configure)("devices=0;no_devices=error");
    assert_int_equal(CNRT(cnrtGetDeviceCount)(&count), cnrtErrorNoDevice);
    assert_int_equal(CNRT(cnrtSetDevice)(0), cnrtErrorNoDevice);
    assert_int_equal(CNRT(cnrtGetDevice)(&device), cnrtErrorNoDevice);
    assert_int_equal(CNRT(cnrtMalloc)(&memory, 1), cnrtErrorNoDevice);
}

static void test_attributes_that_an_old_library_lacks(void **state) {
    (void)state;
    int value;
    rig_begin("old_attributes=1");
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, cnrtAttrBf16, 0), cnrtErrorNoAttribute);
    assert_int_equal(CNRT(cnrtDeviceGetAttribute)(&value, cnrtAttrInt8, 0), 0);
    rig_end(0);
}

static void test_visible_devices_renumber(void **state) {
    (void)state;
    setenv("MLU_VISIBLE_DEVICES", "2,0", 1);
    rig_begin("devices=3");
    unsigned int count = 0;
    char text[16];
    assert_int_equal(CNRT(cnrtGetDeviceCount)(&count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(CNRT(cnrtDeviceGetPCIBusId)(text, sizeof text, 0), 0);
    assert_string_equal(text, "0000:12:00.0");
    int device = -1;
    assert_int_equal(CNRT(cnrtSetDevice)(1), 0);
    assert_int_equal(CNRT(cnrtGetDevice)(&device), 0);
    assert_int_equal(device, 1);
    assert_int_equal(CNRT(cnrtSetDevice)(0), 0);
    rig_end(0);
    unsetenv("MLU_VISIBLE_DEVICES");
}

static void *ask_device(void *out) {
    CNRT(cnrtGetDevice)(out);
    return NULL;
}

static void test_device_is_of_the_thread(void **state) {
    (void)state;
    rig_begin("devices=2");
    int other = -1, own = -1;
    pthread_t thread;
    assert_int_equal(CNRT(cnrtSetDevice)(1), 0);
    assert_int_equal(pthread_create(&thread, NULL, ask_device, &other), 0);
    pthread_join(thread, NULL);
    ask_device(&own);
    assert_int_equal(other, 0);
    assert_int_equal(own, 1);
    cnnlTensorDescriptor_t desc;
    cnrtQueue_t queue;
    assert_int_equal(CNNL(cnnlCreateTensorDescriptor)(&desc), 0);
    assert_int_equal(CNNL(cnnlGetQueue)(rig.handle, &queue), 0); /* of device 0, on a thread of device 1 */
    assert_int_equal(CNRT(sim_misuses)("wrong_device_on_thread"), 1);
    rig_tensor_free(desc);
    rig_end(1);
}

static void test_memory_cannot_be_read_by_the_host(void **state) {
    (void)state;
    rig_begin("memory=1M");
    int ends[2];
    size_t free_bytes, total_bytes;
    void *memory = rig_upload("abcd", 4), *more;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], memory, 1), -1);
    assert_int_equal(errno, EFAULT);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(CNRT(cnrtMemGetInfo)(&free_bytes, &total_bytes), 0);
    assert_int_equal(total_bytes, 1 << 20);
    assert_int_equal(free_bytes, (1 << 20) - 4);
    assert_int_equal(CNRT(cnrtMalloc)(&more, 1 << 20), cnrtErrorNoMem);
    assert_int_equal(CNRT(cnrtMalloc)(&more, 0), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtMalloc)(NULL, 4), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtFree)((char *)memory + 1), cnrtErrorArgsInvalid);
    rig_free(memory);
    assert_int_equal(CNRT(cnrtFree)(memory), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(sim_misuses)("free_of_nothing"), 2);
    rig_end(2);
}

static void test_copies_and_their_directions(void **state) {
    (void)state;
    rig_begin("");
    char text[8] = "steelya", back[8] = "";
    void *one = rig_upload(text, 8), *two = rig_workspace(8);
    assert_int_equal(CNRT(cnrtMemcpy)(two, one, 8, cnrtMemcpyDevToDev), 0);
    assert_int_equal(CNRT(cnrtMemset)(one, 'z', 8), 0);
    rig_download(back, two, 8);
    assert_string_equal(back, text);
    rig_download(back, one, 8);
    assert_int_equal(back[7], 'z');
    assert_int_equal(CNRT(cnrtMemcpy)(back, two, 8, cnrtMemcpyNoDirection), 0);
    assert_string_equal(back, text);
    /* The numbers of another vendor: 1 and 2 the other way round. */
    assert_int_equal(CNRT(cnrtMemcpy)(back, two, 8, cnrtMemcpyDevToDev), cnrtErrorMemcpyDirectionInvalid);
    assert_int_equal(CNRT(cnrtMemcpy)(one, two, 8, cnrtMemcpyDevToHost), cnrtErrorMemcpyDirectionInvalid);
    assert_int_equal(CNRT(cnrtMemcpy)(back, two, 9, cnrtMemcpyDevToHost), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtMemcpy)(NULL, two, 8, cnrtMemcpyDevToHost), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtMemset)(back, 0, 8), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(sim_misuses)("wrong_direction"), 2);
    assert_int_equal(CNRT(sim_misuses)("copy_beyond_allocation"), 1);
    rig_free(one);
    rig_free(two);
    rig_end(3);
}

static void test_work_is_done_later(void **state) {
    (void)state;
    rig_begin("lazy=1");
    void *memory = rig_upload("before", 7), *pinned;
    assert_int_equal(CNRT(cnrtHostMalloc)(&pinned, 7), 0);
    memset(pinned, 0, 7);
    assert_int_equal(CNRT(cnrtMemcpyAsync_V2)(pinned, memory, 7, rig.queue, cnrtMemcpyDevToHost), 0);
    assert_string_equal(pinned, "");
    rig_sync();
    assert_string_equal(pinned, "before");
    assert_int_equal(CNRT(cnrtMemsetAsync)(memory, 'x', 6, rig.queue), 0);
    char back[7]; /* pageable: the call lasts as long as the copy */
    assert_int_equal(CNRT(cnrtMemcpyAsync_V3)(back, memory, 7, rig.queue, cnrtMemcpyDevToHost), 0);
    assert_string_equal(back, "xxxxxx");
    assert_int_equal(CNRT(cnrtMemcpyAsync)(back, memory, 7, (cnrtQueue_t)back, cnrtMemcpyDevToHost),
        cnrtErrorInvalidResourceHandle);
    assert_int_equal(CNRT(cnrtFreeHost)(pinned), 0);
    rig_free(memory);
    rig_end(1);
}

static void test_pageable_memory_may_be_copied_later(void **state) {
    (void)state;
    rig_begin("lazy=1;pageable_async=1");
    char back[5] = "";
    void *memory = rig_upload("late", 5);
    assert_int_equal(CNRT(cnrtMemcpyAsync_V2)(back, memory, 5, rig.queue, cnrtMemcpyDevToHost), 0);
    assert_string_equal(back, "");
    rig_sync();
    assert_string_equal(back, "late");
    assert_int_equal(CNRT(cnrtMemcpyAsync_V2)(back, memory, 5, rig.queue, cnrtMemcpyDevToHost), 0);
    cnrtQueue_t forgotten;
    assert_int_equal(CNRT(cnrtQueueCreate)(&forgotten), 0);
    assert_int_equal(CNRT(cnrtMemsetAsync)(memory, 0, 5, forgotten), 0);
    assert_int_equal(CNRT(cnrtQueueDestroy)(forgotten), 0); /* lazy work: surely not begun */
    assert_int_equal(CNRT(sim_misuses)("queue_destroyed_busy"), 1);
    rig_sync();
    rig_free(memory);
    rig_end(1);
}

static void wait_for_mutex(void *mutex) {
    pthread_mutex_lock(mutex);
    pthread_mutex_unlock(mutex);
}

static void test_busy_has_two_codes(void **state) {
    (void)state;
    static const char *const settings[] = {"", "not_ready=1"};
    static const cnrtRet_t codes[] = {cnrtErrorBusy, cnrtErrorNotReady};
    for (int i = 0; i < 2; i++) {
        rig_begin(settings[i]);
        pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
        cnrtNotifier_t behind;
        pthread_mutex_lock(&gate);
        assert_int_equal(CNRT(cnrtNotifierCreate)(&behind), 0);
        assert_int_equal(CNRT(cnrtInvokeHostFunc)(rig.queue, wait_for_mutex, &gate), 0);
        assert_int_equal(CNRT(cnrtPlaceNotifier)(behind, rig.queue), 0);
        assert_int_equal(CNRT(cnrtQueueQuery)(rig.queue), codes[i]);
        assert_int_equal(CNRT(cnrtQueryNotifier)(behind), codes[i]);
        pthread_mutex_unlock(&gate);
        assert_int_equal(CNRT(cnrtWaitNotifier)(behind), 0);
        rig_sync();
        assert_int_equal(CNRT(cnrtQueueQuery)(rig.queue), 0);
        assert_int_equal(CNRT(cnrtQueryNotifier)(behind), 0);
        assert_int_equal(CNRT(cnrtNotifierDestroy)(behind), 0);
        rig_end(0);
    }
}

static void test_notifiers_tell_milliseconds_and_microseconds(void **state) {
    (void)state;
    rig_begin("launch_ns=2000000;gbps=1000000");
    cnrtNotifier_t start, end, mute;
    void *memory = rig_workspace(4);
    float time = 0;
    assert_int_equal(CNRT(cnrtNotifierCreate)(&start), 0);
    assert_int_equal(CNRT(cnrtNotifierCreate)(&end), 0);
    assert_int_equal(CNRT(cnrtNotifierCreateWithFlags)(&mute, CNRT_NOTIFIER_DISABLE_TIMING), 0);
    assert_int_equal(CNRT(cnrtNotifierCreateWithFlags)(&mute, 0x1), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtPlaceNotifier)(start, rig.queue), 0);
    rig_sync();
    assert_int_equal(CNRT(cnrtNotifierElapsedTime)(start, end, &time), cnrtErrorCndrvFuncCall);
    assert_int_equal(CNRT(cnrtMemsetAsync)(memory, 0, 4, rig.queue), 0);
    assert_int_equal(CNRT(cnrtPlaceNotifier)(end, rig.queue), 0);
    assert_int_equal(CNRT(cnrtPlaceNotifier)(mute, rig.queue), 0);
    rig_sync();
    assert_int_equal(CNRT(cnrtNotifierElapsedTime)(start, end, &time), 0);
    assert_true(time > 1.99f && time < 2.01f);
    assert_int_equal(CNRT(cnrtNotifierDuration)(start, end, &time), 0);
    assert_true(time > 1999 && time < 2001);
    assert_int_equal(CNRT(cnrtNotifierElapsedTime)(start, mute, &time), cnrtErrorCndrvFuncCall);
    assert_int_equal(CNRT(cnrtNotifierDestroy)(start), 0);
    assert_int_equal(CNRT(cnrtNotifierDuration)(start, end, &time), cnrtErrorInvalidResourceHandle);
    assert_int_equal(CNRT(cnrtNotifierDestroy)(end), 0);
    assert_int_equal(CNRT(cnrtNotifierDestroy)(mute), 0);
    rig_free(memory);
    assert_int_equal(CNRT(sim_misuses)("notifier_not_placed"), 1);
    rig_end(2);
}

static void test_queues_wait_for_each_other(void **state) {
    (void)state;
    rig_begin("lazy=1");
    cnrtQueue_t other;
    cnrtNotifier_t filled;
    char back[5] = "";
    void *memory = rig_upload("abcd", 5);
    assert_int_equal(CNRT(cnrtQueueCreateWithPriority)(&other, 0, 1), 0);
    assert_int_equal(CNRT(cnrtNotifierCreate)(&filled), 0);
    assert_int_equal(CNRT(cnrtMemsetAsync)(memory, 'y', 4, other), 0);
    assert_int_equal(CNRT(cnrtPlaceNotifier)(filled, other), 0);
    assert_int_equal(CNRT(cnrtQueueWaitNotifier)(filled, rig.queue, 1), cnrtErrorArgsInvalid);
    assert_int_equal(CNRT(cnrtQueueWaitNotifier)(filled, rig.queue, 0), 0);
    assert_int_equal(CNRT(cnrtMemcpyAsync_V2)(back, memory, 5, rig.queue, cnrtMemcpyDevToHost), 0);
    assert_string_equal(back, "yyyy");
    assert_int_equal(CNRT(cnrtQueueDestroy)(other), 0);
    assert_int_equal(CNRT(cnrtQueueSync)(other), cnrtErrorInvalidResourceHandle);
    assert_int_equal(CNRT(sim_misuses)("use_after_destroy"), 1);
    assert_int_equal(CNRT(cnrtNotifierDestroy)(filled), 0);
    rig_free(memory);
    rig_end(1);
}

static void test_a_trap_stays(void **state) {
    (void)state;
    rig_begin("async=cnrtMemsetAsync:1:100132");
    void *memory = rig_workspace(4), *more;
    assert_int_equal(CNRT(cnrtMemsetAsync)(memory, 0, 4, rig.queue), 0);
    assert_int_equal(CNRT(cnrtQueueSync)(rig.queue), cnrtErrorKernelTrap);
    assert_int_equal(CNRT(cnrtMalloc)(&more, 4), cnrtErrorKernelTrap);
    assert_int_equal(CNRT(cnrtQueueSync)(rig.queue), cnrtErrorKernelTrap);
    assert_int_equal(CNNL(cnnlSetQueue)(rig.handle, NULL), CNNL_STATUS_EXECUTION_FAILED);
    assert_string_equal(CNRT(cnrtGetErrorName)(cnrtErrorKernelTrap), "cnrtErrorKernelTrap");
    rig_free(memory); /* letting go goes on */
    assert_int_equal(CNRT(cnrtDeviceReset)(), 0);
    rig_sync();
    rig_end(0);
    rig_begin("async=cnrtMemsetAsync:1:100132;sticky=0");
    memory = rig_workspace(4);
    assert_int_equal(CNRT(cnrtMemsetAsync)(memory, 0, 4, rig.queue), 0);
    assert_int_equal(CNRT(cnrtSyncDevice)(), cnrtErrorKernelTrap);
    rig_sync();
    rig_free(memory);
    rig_end(0);
}

static void test_faults_on_demand(void **state) {
    (void)state;
    rig_begin("");
    void *memory;
    rig_fail("cnrtMalloc", 2, cnrtErrorNoMem);
    assert_int_equal(CNRT(cnrtMalloc)(&memory, 4), 0);
    rig_free(memory);
    assert_int_equal(CNRT(cnrtMalloc)(&memory, 4), cnrtErrorNoMem);
    assert_int_equal(CNRT(cnrtGetLastError)(), cnrtErrorNoMem);
    assert_string_equal(CNRT(cnrtGetErrorName)(424242), "cnrtErrorUnknown");
    rig_end(0);
}

int main(void) {
    rig_open("cambricon");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_devices),
        cmocka_unit_test(test_properties_write_584_bytes), cmocka_unit_test(test_no_device_in_either_way),
        cmocka_unit_test(test_attributes_that_an_old_library_lacks),
        cmocka_unit_test(test_visible_devices_renumber), cmocka_unit_test(test_device_is_of_the_thread),
        cmocka_unit_test(test_memory_cannot_be_read_by_the_host),
        cmocka_unit_test(test_copies_and_their_directions), cmocka_unit_test(test_work_is_done_later),
        cmocka_unit_test(test_pageable_memory_may_be_copied_later), cmocka_unit_test(test_busy_has_two_codes),
        cmocka_unit_test(test_notifiers_tell_milliseconds_and_microseconds),
        cmocka_unit_test(test_queues_wait_for_each_other), cmocka_unit_test(test_a_trap_stays),
        cmocka_unit_test(test_faults_on_demand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
