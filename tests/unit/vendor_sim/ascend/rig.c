#include "tests/unit/vendor_sim/ascend/rig.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define THINGS_MAX 64

rig_api api;
aclrtStream rig_stream;

/* What rig_close() has to let go. */
static struct {
    void *memory[THINGS_MAX];
    aclTensor *tensor[THINGS_MAX];
    void *memory_of[THINGS_MAX];
    int type[THINGS_MAX];
    aclIntArray *ints[THINGS_MAX];
    uint32_t memories, tensors, arrays;
    int64_t misuses;
} made;

void *rig_library(const char *file) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", SIM_FOLDER, file);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        fail_msg("%s", dlerror());
    return library;
}

void *rig_symbol(void *library, const char *name) {
    return dlsym(library, name);
}

static void *needed(void *library, const char *name) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL)
        fail_msg("no %s", name);
    return symbol;
}

static void load(void) {
    void *library = rig_library("ascend/libopapi.so"); /* and what it needs */
#define LOAD(name) api.name = (__typeof__(name) *)needed(library, #name);
#define LOAD_OPERATOR(name) LOAD(name##GetWorkspaceSize)
    RIG_FUNCTIONS(LOAD)
    RIG_OPERATORS(LOAD_OPERATOR)
#undef LOAD
#undef LOAD_OPERATOR
}

void rig_open(const char *settings) {
    if (api.aclInit == NULL)
        load();
    api.sim_configure(settings);
    memset(&made, 0, sizeof made);
    assert_int_equal(api.aclInit(NULL), ACL_SUCCESS);
    assert_int_equal(api.aclrtSetDevice(0), ACL_SUCCESS);
    assert_int_equal(api.aclrtCreateStream(&rig_stream), ACL_SUCCESS);
}

void rig_close(void) {
    api.sim_disarm();
    for (uint32_t i = 0; i < made.tensors; i++)
        assert_int_equal(api.aclDestroyTensor(made.tensor[i]), ACLNN_SUCCESS);
    for (uint32_t i = 0; i < made.arrays; i++)
        assert_int_equal(api.aclDestroyIntArray(made.ints[i]), ACLNN_SUCCESS);
    for (uint32_t i = 0; i < made.memories; i++)
        assert_int_equal(api.aclrtFree(made.memory[i]), ACL_SUCCESS);
    assert_int_equal(api.aclrtDestroyStream(rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtResetDevice(0), ACL_SUCCESS);
    assert_int_equal(api.aclFinalize(), ACL_SUCCESS);
    assert_int_equal(api.sim_alive_total(), 0);
    assert_int_equal(api.sim_misuses_total(), made.misuses);
}

void rig_expect_misuse(const char *name) {
    assert_true(api.sim_misuses(name) > 0);
    assert_int_equal(api.sim_misuses_total(), made.misuses + 1);
    made.misuses++;
}

void *rig_memory(const void *bytes, size_t count) {
    void *memory = NULL;
    assert_true(made.memories < THINGS_MAX);
    assert_int_equal(api.aclrtMalloc(&memory, count, ACL_MEM_MALLOC_HUGE_FIRST), ACL_SUCCESS);
    made.memory[made.memories++] = memory;
    if (bytes != NULL)
        assert_int_equal(
            api.aclrtMemcpy(memory, count, bytes, count, ACL_MEMCPY_HOST_TO_DEVICE), ACL_SUCCESS);
    return memory;
}

void rig_read(void *to, const void *memory, size_t count) {
    assert_int_equal(api.aclrtMemcpy(to, count, memory, count, ACL_MEMCPY_DEVICE_TO_HOST), ACL_SUCCESS);
}

static aclTensor *keep(aclTensor *tensor, int type, void *memory) {
    assert_non_null(tensor);
    assert_true(made.tensors < THINGS_MAX);
    made.memory_of[made.tensors] = memory;
    made.type[made.tensors] = type;
    made.tensor[made.tensors++] = tensor;
    return tensor;
}

static size_t bytes_of(int type) {
    switch (type) {
    case ACL_FLOAT16:
    case ACL_BF16: return 2;
    case ACL_INT8:
    case ACL_UINT8: return 1;
    case ACL_INT64:
    case ACL_UINT64: return 8;
    default: return 4;
    }
}

aclTensor *rig_tensor(int type, uint32_t rank, const int64_t *dim, const void *elements) {
    int64_t stride[8], count = 1;
    for (uint32_t i = rank; i-- > 0; count *= dim[i])
        stride[i] = count;
    void *memory = rig_memory(elements, (size_t)count * bytes_of(type));
    return keep(
        api.aclCreateTensor(dim, rank, type, stride, 0, ACL_FORMAT_ND, dim, rank, memory), type, memory);
}

static uint32_t find(const aclTensor *tensor) {
    uint32_t i = 0;
    while (i < made.tensors && made.tensor[i] != tensor)
        i++;
    assert_true(i < made.tensors);
    return i;
}

void *rig_memory_of(const aclTensor *tensor) {
    return made.memory_of[find(tensor)];
}

aclTensor *rig_view(
    aclTensor *tensor, uint32_t rank, const int64_t *dim, const int64_t *stride, int64_t offset, int format) {
    uint32_t i = find(tensor);
    int64_t storage = offset + 1;
    for (uint32_t j = 0; j < rank; j++)
        storage += (dim[j] - 1) * stride[j];
    return keep(
        api.aclCreateTensor(dim, rank, made.type[i], stride, offset, format, &storage, 1, made.memory_of[i]),
        made.type[i], made.memory_of[i]);
}

void rig_elements(void *to, const aclTensor *tensor, size_t bytes) {
    rig_read(to, rig_memory_of(tensor), bytes);
}

aclIntArray *rig_ints(uint64_t count, const int64_t *values) {
    assert_true(made.arrays < THINGS_MAX);
    aclIntArray *array = api.aclCreateIntArray(values, count);
    assert_non_null(array);
    made.ints[made.arrays++] = array;
    return array;
}

int rig_run(__typeof__(aclnnMatmul) *phase_two, uint64_t workspace_bytes, aclOpExecutor *executor) {
    void *workspace = workspace_bytes > 0 ? rig_memory(NULL, workspace_bytes) : NULL;
    int code = phase_two(workspace, workspace_bytes, executor, rig_stream);
    return code == ACLNN_SUCCESS ? api.aclrtSynchronizeStream(rig_stream) : code;
}
