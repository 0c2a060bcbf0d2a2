/* The runtime: memory, copies, events, graphs, what fails and what is remembered. */
#include "tests/unit/vendor_sim/cuda_family/rig.h"

static rig open_nvidia(const char *settings) {
    return rig_open("nvidia", "libcudart.so.13", "cuda", settings);
}

static void test_devices(void **state) {
    (void)state;
    rig one = open_nvidia("devices=2;name=Card;pci@1=0000:a1:00.0");
    int (*count)(int *), (*pci)(char *, int, int), (*attribute)(int *, int, int), (*properties)(void *, int);
    rig_find(one.runtime, "cuda", "GetDeviceCount", &count);
    rig_find(one.runtime, "cuda", "DeviceGetPCIBusId", &pci);
    rig_find(one.runtime, "cuda", "DeviceGetAttribute", &attribute);
    rig_find(one.runtime, "cuda", "GetDeviceProperties", &properties);
    int value = -1;
    char text[1100];
    assert_int_equal(count(&value), 0);
    assert_int_equal(value, 2);
    assert_int_equal(pci(text, sizeof text, 1), 0);
    assert_string_equal(text, "0000:A1:00.0");
    assert_int_equal(pci(text, 12, 0), 1); /* no room for the end */
    assert_int_equal(attribute(&value, 16, 0), 0);
    assert_int_equal(value, 132);
    assert_int_equal(attribute(&value, 63, 0), 1); /* a number of another stack */
    memset(text, 7, sizeof text);
    assert_int_equal(properties(text, 0), 0);
    assert_string_equal(text, "Card");
    assert_int_equal(text[1007], 0x5A);
    assert_int_equal(text[1008], 7);
    assert_int_equal(properties(text, 2), 101);
    assert_int_equal(one.set_device(2), 101);
    assert_int_equal(one.last_error(), 101);
    assert_int_equal(one.last_error(), 0);
    one.configure("devices=0");
    assert_int_equal(count(&value), 100);
    rig_close(&one, 0);
}

static void test_memory_and_copies(void **state) {
    (void)state;
    rig one = open_nvidia("memory=1M");
    void *device, *other, *pinned;
    assert_int_equal(one.malloc(&device, 1000), 0);
    assert_int_equal(one.malloc(&other, 1 << 20), 2);
    assert_int_equal(one.malloc(&other, 1000), 0);
    assert_int_equal(one.malloc_host(&pinned, 1000), 0);
    memset(pinned, 3, 1000);
    assert_int_equal(one.memcpy(device, pinned, 1000, TO_DEVICE), 0);
    assert_int_equal(one.memcpy(other, device, 1000, ON_DEVICE), 0);
    assert_int_equal(one.memset_async(other, 4, 10, NULL), 0);
    memset(pinned, 0, 1000);
    assert_int_equal(one.memcpy(pinned, other, 1000, TO_HOST), 0);
    assert_int_equal(((char *)pinned)[9], 4);
    assert_int_equal(((char *)pinned)[10], 3);
    assert_int_equal(one.memcpy(pinned, device, 1000, TO_DEVICE), 1);
    assert_int_equal(one.memcpy(device, other, 1001, ON_DEVICE), 1);
    assert_int_equal(one.memcpy(device, pinned, 1, 7), 21);
    assert_int_equal(one.free(pinned), 1);
    assert_int_equal(one.free_host(pinned), 0);
    assert_int_equal(one.free(other), 0);
    assert_int_equal(one.free(device), 0);
    assert_int_equal(one.free(NULL), 0);
    rig_close(&one, 3);
}

static void test_events(void **state) {
    (void)state;
    rig one = open_nvidia("lazy=1;gbps=1");
    void *stream, *start, *stop, *untimed, *device;
    float ms = -1;
    assert_int_equal(one.stream_create(&stream), 0);
    assert_int_equal(one.event_create(&start, 0), 0);
    assert_int_equal(one.event_create(&stop, 0), 0);
    assert_int_equal(one.event_create(&untimed, 2), 0);
    assert_int_equal(one.malloc(&device, 1000000), 0);
    assert_int_equal(one.elapsed(&ms, start, stop), 400);
    assert_int_equal(one.event_record(start, stream), 0);
    assert_int_equal(one.memset_async(device, 0, 1000000, stream), 0);
    assert_int_equal(one.event_record(stop, stream), 0);
    assert_int_equal(one.event_record(untimed, stream), 0);
    assert_int_equal(one.elapsed(&ms, start, untimed), 400);
    assert_int_equal(one.event_sync(stop), 0);
    assert_int_equal(one.elapsed(&ms, start, stop), 0);
    assert_true(ms > 0.999f && ms < 1.001f);
    assert_int_equal(one.event_destroy(start), 0);
    assert_int_equal(one.event_record(start, stream), 400);
    assert_int_equal(one.event_destroy(stop), 0);
    assert_int_equal(one.event_destroy(untimed), 0);
    assert_int_equal(one.stream_destroy(stream), 0);
    assert_int_equal(one.stream_sync(stream), 400);
    assert_int_equal(one.free(device), 0);
    assert_int_equal(one.misuses("event_not_recorded"), 1);
    assert_int_equal(one.misuses("use_after_destroy"), 2);
    rig_close(&one, 3);
}

static void test_not_ready(void **state) {
    (void)state;
    rig one = open_nvidia("");
    void *event, *device;
    one.hold(1);
    assert_int_equal(one.event_create(&event, 0), 0);
    assert_int_equal(one.malloc(&device, 8), 0);
    assert_int_equal(one.memset_async(device, 0, 8, NULL), 0);
    assert_int_equal(one.event_record(event, NULL), 0);
    assert_int_equal(one.event_query(event), 600);
    assert_int_equal(one.last_error(), 0);
    one.hold(0);
    assert_int_equal(one.event_sync(event), 0);
    assert_int_equal(one.event_query(event), 0);
    assert_int_equal(one.event_destroy(event), 0);
    assert_int_equal(one.free(device), 0);
    rig_close(&one, 0);
}

static void test_faults(void **state) {
    (void)state;
    rig one = open_nvidia("fail=cudaMalloc:2:2;async=cudaMemsetAsync:1:4");
    void *device, *second = NULL;
    assert_int_equal(one.malloc(&device, 8), 0);
    assert_int_equal(one.malloc(&second, 8), 2);
    assert_int_equal(one.memset_async(device, 0, 8, NULL), 0);
    assert_int_equal(one.stream_sync(NULL), 4);
    assert_int_equal(one.stream_sync(NULL), 0);
    one.fail_async("cudaMemsetAsync", 1, 719); /* such an error stays */
    assert_int_equal(one.memset_async(device, 0, 8, NULL), 0);
    assert_int_equal(one.stream_sync(NULL), 719);
    assert_int_equal(one.malloc(&second, 8), 719);
    assert_int_equal(one.free(device), 0);
    rig_close(&one, 0);
}

static void test_lost(void **state) {
    (void)state;
    rig one = open_nvidia("lost=2:46");
    void *device, *stream;
    assert_int_equal(one.malloc(&device, 8), 0);
    assert_int_equal(one.stream_create(&stream), 0);
    assert_int_equal(one.stream_sync(stream), 46);
    assert_int_equal(one.memset_async(device, 0, 8, stream), 46);
    assert_int_equal(one.stream_destroy(stream), 0);
    assert_int_equal(one.free(device), 0);
    rig_close(&one, 0);
}

static void test_graph(void **state) {
    (void)state;
    rig one = open_nvidia("");
    int (*begin)(void *, int), (*end)(void *, void **), (*instantiate)(void **, void *, unsigned long long);
    int (*launch)(void *, void *), (*destroy)(void *), (*destroy_exec)(void *);
    rig_find(one.runtime, "cuda", "StreamBeginCapture", &begin);
    rig_find(one.runtime, "cuda", "StreamEndCapture", &end);
    rig_find(one.runtime, "cuda", "GraphInstantiate", &instantiate);
    rig_find(one.runtime, "cuda", "GraphLaunch", &launch);
    rig_find(one.runtime, "cuda", "GraphDestroy", &destroy);
    rig_find(one.runtime, "cuda", "GraphExecDestroy", &destroy_exec);
    void *stream, *device, *graph, *exec;
    char byte = 1;
    assert_int_equal(one.stream_create(&stream), 0);
    device = rig_upload(&one, &byte, 1);
    assert_int_equal(begin(stream, 0), 0);
    assert_int_equal(one.memset_async(device, 9, 1, stream), 0);
    assert_int_equal(end(stream, &graph), 0);
    assert_int_equal(instantiate(&exec, graph, 0), 0);
    assert_int_equal(destroy(graph), 0);
    assert_int_equal(one.memcpy(&byte, device, 1, TO_HOST), 0);
    assert_int_equal(byte, 1);
    assert_int_equal(launch(exec, stream), 0);
    assert_int_equal(one.stream_sync(stream), 0);
    assert_int_equal(one.memcpy(&byte, device, 1, TO_HOST), 0);
    assert_int_equal(byte, 9);
    assert_int_equal(destroy_exec(exec), 0);
    assert_int_equal(begin(stream, 0), 0);
    assert_int_equal(one.stream_sync(stream), 900);
    assert_int_equal(end(stream, &graph), 901);
    assert_int_equal(one.stream_destroy(stream), 0);
    assert_int_equal(one.free(device), 0);
    rig_close(&one, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_devices),
        cmocka_unit_test(test_memory_and_copies), cmocka_unit_test(test_events),
        cmocka_unit_test(test_not_ready), cmocka_unit_test(test_faults), cmocka_unit_test(test_lost),
        cmocka_unit_test(test_graph)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
