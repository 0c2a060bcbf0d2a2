/* Device memory and pinned host memory. */
#include "tests/vendor_sim/ascend/ascend.h"

#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

/* Pages of 1 GiB came with CANN 9. */
static int check_policy(int policy) {
    int policies = as_cann() >= 9 ? ACL_MEM_MALLOC_POLICIES : ACL_MEM_MALLOC_POLICIES - 2;
    bool is_one = policy >= 0 && policy < policies;
    return is_one ? ACL_SUCCESS : as_fail(ACL_ERROR_RT_PARAM_INVALID, "policy %d", policy);
}

static int allocate(const as_context *here, void **out_memory, size_t bytes, int policy) {
    if (out_memory == NULL)
        return as_fail(ACL_ERROR_INVALID_PARAM, "devPtr is NULL");
    if (bytes == 0)
        return as_fail(ACL_ERROR_INVALID_PARAM, "0 bytes");
    int code = check_policy(policy);
    if (code != ACL_SUCCESS)
        return code;
    *out_memory = sim_memory_alloc(here->device, bytes);
    int refused = (int)sim_number(here->device, "oom", ACL_ERROR_RT_MEMORY_ALLOCATION);
    return *out_memory != NULL ? ACL_SUCCESS : as_fail(refused, "%zu bytes are not there", bytes);
}

aclError aclrtMalloc(void **memory, size_t bytes, int policy) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? allocate(here, memory, bytes, policy) : code);
}

aclError aclrtMallocHost(void **memory, size_t bytes) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS && (memory == NULL || bytes == 0))
        code = as_fail(ACL_ERROR_INVALID_PARAM, "hostPtr is NULL, or 0 bytes");
    if (code == ACL_SUCCESS && (*memory = sim_memory_alloc_pinned(bytes)) == NULL)
        code = as_fail(ACL_ERROR_BAD_ALLOC, "the host has no %zu bytes", bytes);
    return sim_leave(code);
}

/* Nothing waits: what is freed while work uses it was freed too early. */
static int release(void *memory, bool is_pinned) {
    sim_allocation found;
    if (memory == NULL)
        return as_fail(ACL_ERROR_INVALID_PARAM, "the memory is NULL");
    if (!sim_memory_find(memory, 1, &found) || found.address != memory || (found.device < 0) != is_pinned) {
        sim_misuse("free_of_nothing");
        return as_fail(ACL_ERROR_RT_PARAM_INVALID, "not what was allocated");
    }
    if (as_use_of_memory(found.address, found.bytes)) {
        sim_misuse("freed_in_use");
        for (int i = 0; i < sim_devices(); i++)
            if (is_pinned || i == found.device)
                as_stream_settle(i);
    }
    sim_memory_free(memory, is_pinned);
    return ACL_SUCCESS;
}

aclError aclrtFree(void *memory) {
    as_context *here = NULL;
    int code = as_enter_apart(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? release(memory, false) : code);
}

aclError aclrtFreeHost(void *memory) {
    as_context *here = NULL;
    int code = as_enter_apart(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? release(memory, true) : code);
}

static bool is_of_ddr(int attribute) {
    return attribute == ACL_DDR_MEM || attribute == ACL_DDR_MEM_HUGE || attribute == ACL_DDR_MEM_NORMAL;
}

/* Cards have memory of one sort. Asked for the other, old libraries say that there is none. */
aclError aclrtGetMemInfo(int attribute, size_t *free_bytes, size_t *total_bytes) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS && (free_bytes == NULL || total_bytes == NULL))
        code = as_fail(ACL_ERROR_INVALID_PARAM, "free or total is NULL");
    if (code == ACL_SUCCESS && (attribute < ACL_DDR_MEM || attribute > ACL_HBM_MEM_NORMAL))
        code = as_fail(ACL_ERROR_RT_PARAM_INVALID, "attribute %d", attribute);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    int family = as_soc_family(here->device);
    bool has_ddr = family == AS_310P || family == AS_310B;
    bool falls_back = !is_of_ddr(attribute) && as_is_on("hbm_fallback", as_cann() >= 9);
    bool is_there = is_of_ddr(attribute) == has_ddr || falls_back;
    *free_bytes = is_there ? sim_memory_free_bytes(here->device) : 0;
    *total_bytes = is_there ? sim_memory_total_bytes(here->device) : 0;
    return sim_leave(ACL_SUCCESS);
}
