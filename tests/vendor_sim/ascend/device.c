/* What devices say of themselves, and options. */
#include "tests/vendor_sim/ascend/ascend.h"

#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

aclError aclrtGetDeviceCount(uint32_t *count) {
    int code = as_enter(__func__);
    if (code == ACL_SUCCESS && count == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "count is NULL");
    if (code == ACL_SUCCESS)
        *count = (uint32_t)as_visible_count();
    return sim_leave(code);
}

aclError aclrtGetRunMode(int *mode) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS && mode == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "mode is NULL");
    if (code == ACL_SUCCESS)
        *mode = as_is_word("run_mode", "host", "host") ? ACL_HOST : ACL_DEVICE;
    return sim_leave(code);
}

/* Of the thread's device, or of the first one where the library does not mind that there is none. */
const char *aclrtGetSocName(void) {
    as_context *here = NULL;
    bool needs_device = as_is_on("soc_needs_device", true);
    int code = needs_device ? as_enter_here(__func__, &here) : as_enter(__func__);
    bool is_told = code == ACL_SUCCESS && as_visible_count() > 0;
    const char *name = is_told ? as_soc_name(here != NULL ? here->device : as_visible(0)) : NULL;
    sim_leave(code);
    return name;
}

/* The device that the runtime calls `number`. */
static int enter_on_device(const char *function, int64_t number, const void *out, int *out_device) {
    int code = as_enter(function);
    if (code == ACL_SUCCESS && out == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "a NULL where an answer goes");
    if (code == ACL_SUCCESS && (number < 0 || number >= as_visible_count()))
        code = as_fail(
            ACL_ERROR_RT_INVALID_DEVICEID, "device %lld of %d", (long long)number, as_visible_count());
    if (code == ACL_SUCCESS)
        *out_device = as_visible((int)number);
    return code;
}

aclError aclrtGetDeviceUtilizationRate(int32_t number, aclrtUtilizationInfo *info) {
    int device = 0, code = enter_on_device(__func__, number, info, &device);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    if (info->extend != NULL)
        return sim_leave(as_fail(ACL_ERROR_INVALID_PARAM, "extend is not NULL"));
    bool is_busy = sim_power_now(device) > sim_real(device, "idle_watts", 60);
    *info = (aclrtUtilizationInfo){.cube = is_busy ? 90 : 0, .vector = is_busy ? 10 : 0, .memory = -1};
    return sim_leave(ACL_SUCCESS);
}

/* Cores and caches as the settings have them, or as cards of that sort do. */
static int64_t cores_of(int device) {
    return sim_number(device, "cores", as_soc_family(device) == AS_310P ? 8 : 20);
}

static int64_t vectors_of(int device) {
    return sim_number(device, "vectors", as_soc_family(device) == AS_310P ? 7 : 40);
}

static int64_t l2_of(int device) {
    return sim_number(
        device, "l2", as_soc_family(device) == AS_310P ? INT64_C(16) << 20 : INT64_C(192) << 20);
}

aclError aclGetDeviceCapability(uint32_t number, int info, int64_t *value) {
    int device = 0, code = enter_on_device(__func__, number, value, &device);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    switch (info) {
    case ACL_DEVICE_INFO_AI_CORE_NUM: *value = cores_of(device); break;
    case ACL_DEVICE_INFO_VECTOR_CORE_NUM: *value = vectors_of(device); break;
    case ACL_DEVICE_INFO_L2_SIZE: *value = l2_of(device); break;
    default: code = as_fail(ACL_ERROR_INVALID_PARAM, "info %d", info);
    }
    return sim_leave(code);
}

aclError aclrtGetDeviceInfo(uint32_t number, int attribute, int64_t *value) {
    int device = 0, code = enter_on_device(__func__, number, value, &device);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    switch (attribute) {
    case ACL_DEV_ATTR_AICORE_CORE_NUM:
    case ACL_DEV_ATTR_CUBE_CORE_NUM: *value = cores_of(device); break;
    case ACL_DEV_ATTR_VECTOR_CORE_NUM: *value = vectors_of(device); break;
    case ACL_DEV_ATTR_TOTAL_GLOBAL_MEM_SIZE: *value = (int64_t)sim_memory_total_bytes(device); break;
    case ACL_DEV_ATTR_L2_CACHE_SIZE: *value = l2_of(device); break;
    case ACL_DEV_ATTR_PHY_CHIP_ID: *value = as_nth("physical", device, device); break;
    default: code = as_fail(ACL_ERROR_RT_PARAM_INVALID, "attribute %d", attribute);
    }
    return sim_leave(code);
}

aclError aclGetCannAttribute(int attribute, int32_t *value) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS && value == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "value is NULL");
    if (code == ACL_SUCCESS && (attribute < ACL_CANN_ATTR_INF_NAN || attribute > ACL_CANN_ATTR_JIT_COMPILE))
        code = as_fail(ACL_ERROR_INVALID_PARAM, "attribute %d", attribute);
    if (code == ACL_SUCCESS)
        *value = attribute == ACL_CANN_ATTR_JIT_COMPILE || as_soc_has_bf16(here->device);
    return sim_leave(code);
}

static int check_option(int option, int64_t value) {
    int64_t largest = option == ACL_OPT_DETERMINISTIC && as_cann() >= 9 ? 2 : 1;
    if (option < ACL_OPT_DETERMINISTIC || option > ACL_OPT_STRONG_CONSISTENCY || value < 0 || value > largest)
        return as_fail(ACL_ERROR_INVALID_PARAM, "option %d of value %lld", option, (long long)value);
    return ACL_SUCCESS;
}

aclError aclrtSetSysParamOpt(int option, int64_t value) {
    int code = as_enter(__func__);
    return sim_leave(code == ACL_SUCCESS ? check_option(option, value) : code);
}

aclError aclrtCtxSetSysParamOpt(int option, int64_t value) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? check_option(option, value) : code);
}
