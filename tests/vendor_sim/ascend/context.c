/* Contexts, the thread's one, and devices that are set and reset. */
#include "tests/vendor_sim/ascend/ascend.h"

#include <stddef.h>

#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/world.h"

/* The default context of a device, and how often the device was set. */
static struct {
    void *context;
    uint64_t references;
} defaults[SIM_DEVICES_MAX];

static _Thread_local void *current;

int as_context_here(as_context **out_context) {
    *out_context = sim_handle_peek(current, AS_CONTEXT);
    if (*out_context != NULL)
        return ACL_SUCCESS;
    sim_misuse("no_context_on_thread");
    return as_fail(ACL_ERROR_RT_CONTEXT_NULL, "this thread has no context");
}

void *as_context_handle(void) {
    return sim_handle_peek(current, AS_CONTEXT) != NULL ? current : NULL;
}

static void destroy(void *handle) {
    if (as_stream_count(handle) + as_event_count(handle) > 0)
        sim_misuse("objects_outlive_context");
    sim_handle_destroy(handle);
}

void as_context_forget(void) {
    for (int i = 0; i < SIM_DEVICES_MAX; i++) {
        if (sim_handle_peek(defaults[i].context, AS_CONTEXT) != NULL) {
            sim_misuse("finalized_with_device_set");
            as_stream_settle(i);
            destroy(defaults[i].context);
        }
        defaults[i].references = 0;
    }
}

static int find_device(int32_t number, int *out_device) {
    int count = as_visible_count();
    if (count == 0)
        return as_fail(ACL_ERROR_RT_NO_DEVICE, "there is no device");
    if (number < 0 || number >= count)
        return as_fail(ACL_ERROR_RT_INVALID_DEVICEID, "device %d of %d", number, count);
    *out_device = as_visible(number);
    return ACL_SUCCESS;
}

static void *make(int device, int32_t number) {
    as_context *context = NULL;
    void *handle = sim_handle_make(AS_CONTEXT, sizeof *context, (void **)&context);
    context->device = device;
    context->number = number;
    return handle;
}

aclError aclrtSetDevice(int32_t number) {
    int device = 0, code = as_enter(__func__);
    if (code == ACL_SUCCESS)
        code = find_device(number, &device);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    if (sim_handle_peek(defaults[device].context, AS_CONTEXT) == NULL)
        defaults[device].context = make(device, number);
    defaults[device].references++;
    current = defaults[device].context;
    return sim_leave(ACL_SUCCESS);
}

/* To ask is no mistake. */
aclError aclrtGetDevice(int32_t *device) {
    const as_context *context = NULL;
    int code = sim_enter_apart(__func__);
    if (code == ACL_SUCCESS && (context = sim_handle_peek(current, AS_CONTEXT)) == NULL)
        code = as_fail(ACL_ERROR_RT_CONTEXT_NULL, "this thread has no context");
    if (code == ACL_SUCCESS && device == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "device is NULL");
    if (code == ACL_SUCCESS)
        *device = context->number;
    return sim_leave(code);
}

aclError aclrtResetDevice(int32_t number) {
    int device = 0, code = sim_enter_apart(__func__);
    if (code == ACL_SUCCESS)
        code = find_device(number, &device);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    if (defaults[device].references == 0) {
        sim_misuse("reset_of_unset_device");
        return sim_leave(as_fail(ACL_ERROR_RT_CONTEXT_NULL, "device %d is not set", number));
    }
    if (--defaults[device].references == 0) {
        as_stream_settle(device);
        destroy(defaults[device].context);
    }
    return sim_leave(ACL_SUCCESS);
}

aclError aclrtCreateContext(aclrtContext *out_context, int32_t number) {
    int device = 0, code = as_enter(__func__);
    if (code == ACL_SUCCESS && out_context == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "context is NULL");
    if (code == ACL_SUCCESS)
        code = find_device(number, &device);
    if (code == ACL_SUCCESS)
        current = *out_context = make(device, number);
    return sim_leave(code);
}

static int find(aclrtContext handle) {
    bool is_one = handle != NULL && sim_handle_get(handle, AS_CONTEXT) != NULL;
    return is_one ? ACL_SUCCESS : as_fail(ACL_ERROR_RT_CONTEXT_NULL, "not a context");
}

aclError aclrtSetCurrentContext(aclrtContext handle) {
    int code = as_enter(__func__);
    if (code == ACL_SUCCESS)
        code = find(handle);
    if (code == ACL_SUCCESS)
        current = handle;
    return sim_leave(code);
}

aclError aclrtGetCurrentContext(aclrtContext *out_context) {
    as_context *context = NULL;
    int code = as_enter_apart(__func__, &context);
    if (code == ACL_SUCCESS && out_context == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "context is NULL");
    if (code == ACL_SUCCESS)
        *out_context = current;
    return sim_leave(code);
}

aclError aclrtDestroyContext(aclrtContext handle) {
    int code = sim_enter_apart(__func__);
    if (code == ACL_SUCCESS)
        code = find(handle);
    for (int i = 0; code == ACL_SUCCESS && i < SIM_DEVICES_MAX; i++)
        if (handle == defaults[i].context)
            code = as_fail(ACL_ERROR_RT_PARAM_INVALID, "a device's own context is reset, not destroyed");
    if (code == ACL_SUCCESS) {
        as_stream_settle(((as_context *)sim_handle_peek(handle, AS_CONTEXT))->device);
        destroy(handle);
    }
    return sim_leave(code);
}
