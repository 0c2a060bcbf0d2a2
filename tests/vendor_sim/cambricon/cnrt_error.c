/* How functions begin and end; names of codes; what stays after a kernel's trap. */
#include <stdbool.h>

#include "tests/vendor_sim/cambricon/cnrt.h"
#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

static _Thread_local cnrtRet_t last_error;

cnrtRet_t cnrt_after(int device, cnrtRet_t code) {
    bool is_trap = code == cnrtErrorKernelTrap || code == cnrtErrorKernelUserTrap;
    if (is_trap && device >= 0 && sim_number(device, "sticky", 1) != 0)
        mlu_set_trap(device, code);
    return code;
}

cnrtRet_t cnrt_enter(const char *function) {
    cnrtRet_t code = sim_enter(function);
    if (code != cnrtSuccess)
        return code;
    int device = mlu_current();
    return device < 0 ? cnrtErrorNoDevice : mlu_trap_of(device);
}

cnrtRet_t cnrt_enter_apart(const char *function) {
    return sim_enter_apart(function);
}

cnrtRet_t cnrt_leave(cnrtRet_t code) {
    if (code != cnrtSuccess)
        last_error = code;
    return sim_leave(code);
}

cnrtRet_t cnrtGetLastError(void) {
    return last_error;
}

static const struct {
    cnrtRet_t code;
    const char *name, *text;
} codes[] = {
    {cnrtSuccess, "cnrtSuccess", "no error"},
    {cnrtErrorNotReady, "cnrtErrorNotReady", "the work is not done yet"},
    {cnrtErrorInit, "cnrtErrorInit", "the runtime could not be initialised"},
    {cnrtErrorNoDevice, "cnrtErrorNoDevice", "there is no MLU device"},
    {cnrtErrorDeviceInvalid, "cnrtErrorDeviceInvalid", "no device of that number"},
    {cnrtErrorArgsInvalid, "cnrtErrorArgsInvalid", "an argument is invalid"},
    {cnrtErrorSys, "cnrtErrorSys", "a system call failed"},
    {cnrtErrorSysNoMem, "cnrtErrorSysNoMem", "the host is out of memory"},
    {cnrtErrorInvalidResourceHandle, "cnrtErrorInvalidResourceHandle", "a handle is invalid"},
    {cnrtErrorIllegalState, "cnrtErrorIllegalState", "an object is in the wrong state"},
    {cnrtErrorNotSupport, "cnrtErrorNotSupport", "not supported"},
    {cnrtErrorOpsNotPermitted, "cnrtErrorOpsNotPermitted", "not permitted"},
    {cnrtErrorQueue, "cnrtErrorQueue", "a queue is in error"},
    {cnrtErrorNoMem, "cnrtErrorNoMem", "the device is out of memory"},
    {cnrtErrorAssert, "cnrtErrorAssert", "an assertion of a kernel failed"},
    {cnrtErrorKernelTrap, "cnrtErrorKernelTrap", "a kernel trapped"},
    {cnrtErrorKernelUserTrap, "cnrtErrorKernelUserTrap", "a kernel trapped by its own will"},
    {cnrtErrorNotFound, "cnrtErrorNotFound", "not found"},
    {cnrtErrorInvalidKernel, "cnrtErrorInvalidKernel", "a kernel is invalid"},
    {cnrtErrorUnsupportedKernelVersion, "cnrtErrorUnsupportedKernelVersion", "kernel of another version"},
    {cnrtErrorNoKernel, "cnrtErrorNoKernel", "no such kernel"},
    {cnrtErrorNoModule, "cnrtErrorNoModule", "no such module"},
    {cnrtErrorSetOnActiveProcess, "cnrtErrorSetOnActiveProcess", "too late to set"},
    {cnrtErrorDevice, "cnrtErrorDevice", "the device failed"},
    {cnrtErrorNoAttribute, "cnrtErrorNoAttribute", "no such attribute"},
    {cnrtErrorMemcpyDirectionInvalid, "cnrtErrorMemcpyDirectionInvalid", "a copy's direction is wrong"},
    {cnrtErrorBusy, "cnrtErrorBusy", "the work is not done yet"},
    {cnrtErrorCndrvFuncCall, "cnrtErrorCndrvFuncCall", "a call of the driver failed"},
    {cnrtErrorCndevFuncCall, "cnrtErrorCndevFuncCall", "a call of CNDEV failed"},
    {cnrtErrorNoCnrtContext, "cnrtErrorNoCnrtContext", "no context"},
    {cnrtErrorCndrvFuncNotFound, "cnrtErrorCndrvFuncNotFound", "the driver lacks a function"},
    {cnrtErrorUnknown, "cnrtErrorUnknown", "unknown error"},
};

static size_t find(cnrtRet_t code) {
    size_t count = sizeof codes / sizeof *codes;
    for (size_t i = 0; i < count; i++)
        if (codes[i].code == code)
            return i;
    return count - 1;
}

const char *cnrtGetErrorStr(cnrtRet_t code) {
    return codes[find(code)].text;
}

const char *cnrtGetErrorName(cnrtRet_t code) {
    return codes[find(code)].name;
}
