#include "tests/unit/vendor_sim/cambricon/rig.h"

#include <dlfcn.h>
#include <stdio.h>

rig_state rig;

void *rig_symbol(void *library, const char *name) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL)
        fail_msg("no symbol %s", name);
    return symbol;
}

static void *open_one(const char *folder, const char *file) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", SIM_FOLDER, folder, file);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        fail_msg("%s", dlerror());
    return library;
}

void rig_open(const char *folder) {
    rig.cnrt = open_one(folder, "libcnrt.so");
    rig.cnnl = open_one(folder, "libcnnl.so");
    rig.cndev = open_one(folder, "libcndev.so");
}

void rig_begin(const char *settings) {
    CNRT(sim_configure)(settings);
    assert_int_equal(CNRT(cnrtSetDevice)(0), 0);
    assert_int_equal(CNRT(cnrtQueueCreate)(&rig.queue), 0);
    assert_int_equal(CNNL(cnnlCreate)(&rig.handle), 0);
    assert_int_equal(CNNL(cnnlSetQueue)(rig.handle, rig.queue), 0);
}

void rig_end(int64_t misuses) {
    assert_int_equal(CNNL(cnnlDestroy)(rig.handle), 0);
    assert_int_equal(CNRT(cnrtQueueDestroy)(rig.queue), 0);
    assert_int_equal(CNRT(sim_alive_total)(), 0);
    assert_int_equal(CNRT(sim_misuses_total)(), misuses);
}

void *rig_workspace(size_t bytes) {
    void *memory = NULL;
    if (bytes > 0)
        assert_int_equal(CNRT(cnrtMalloc)(&memory, bytes), 0);
    return memory;
}

void *rig_upload(const void *data, size_t bytes) {
    void *memory = rig_workspace(bytes);
    assert_int_equal(CNRT(cnrtMemcpy)(memory, (void *)(uintptr_t)data, bytes, cnrtMemcpyHostToDev), 0);
    return memory;
}

void rig_download(void *data, const void *memory, size_t bytes) {
    assert_int_equal(CNRT(cnrtMemcpy)(data, (void *)(uintptr_t)memory, bytes, cnrtMemcpyDevToHost), 0);
}

void rig_free(void *memory) {
    if (memory != NULL)
        assert_int_equal(CNRT(cnrtFree)(memory), 0);
}

cnnlTensorDescriptor_t rig_tensor(int32_t layout, int32_t dtype, int d0, int d1, int d2, int d3) {
    const int dims[4] = {d0, d1, d2, d3};
    int count = 0;
    while (count < 4 && dims[count] > 0)
        count++;
    cnnlTensorDescriptor_t desc;
    assert_int_equal(CNNL(cnnlCreateTensorDescriptor)(&desc), 0);
    assert_int_equal(CNNL(cnnlSetTensorDescriptor)(desc, layout, dtype, count, dims), 0);
    return desc;
}

void rig_tensor_free(cnnlTensorDescriptor_t desc) {
    assert_int_equal(CNNL(cnnlDestroyTensorDescriptor)(desc), 0);
}

void rig_sync(void) {
    assert_int_equal(CNRT(cnrtQueueSync)(rig.queue), 0);
}

void rig_fail(const char *function, int64_t nth, int code) {
    CNRT(sim_fail)(function, nth, code);
}

void rig_numbers(float *out, int count, int seed) {
    for (int i = 0; i < count; i++)
        out[i] = (float)((i * 7 + seed * 3) % 11 - 5);
}
