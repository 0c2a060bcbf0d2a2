#include "tests/vendor_sim/cuda_family/rt.h"

#include <pthread.h>
#include <stdio.h>

/* Of this thread, and of this world. */
static int64_t *last_error(void) {
    char name[SIM_NAME_MAX];
    snprintf(name, sizeof name, "last_error %lx", (unsigned long)pthread_self());
    return sim_slot(name);
}

/* What a BLAS call left behind, on stacks where one does: told once. */
static int take_left_behind(void) {
    int64_t *left = sim_slot("left_behind");
    int code = (int)*left;
    *left = 0;
    return code;
}

static int continue_with(int code) {
    int sticky = (int)*sim_slot("sticky");
    if (code == 0)
        code = sticky;
    return code == 0 ? take_left_behind() : code;
}

int rt_enter(const char *function) {
    int code = continue_with(sim_enter(function));
    return code == 0 && sim_devices() == 0 ? RT_NO_DEVICE : code;
}

int rt_enter_apart(const char *function) {
    return sim_enter_apart(function);
}

int rt_leave(int code) {
    if (code != RT_OK && code != RT_NOT_READY)
        *last_error() = code;
    if (code >= 700 && code < 800)
        *sim_slot("sticky") = code;
    return sim_leave(code);
}

/* -1: the simulation itself had no memory. */
int rt_code_of_work(int code) {
    return code == -1 ? RT_OUT_OF_MEMORY : code;
}

int rt_refuse_capture(void) {
    if (*sim_slot("capturing") == 0)
        return RT_OK;
    sim_misuse("call_while_capturing");
    *sim_slot("capture_spoilt") = 1;
    return RT_CAPTURE_UNSUPPORTED;
}

SIM_API int RT(GetLastError)(void) {
    sim_enter_apart(__func__);
    take_left_behind();
    int code = (int)*last_error();
    *last_error() = 0;
    return sim_leave(code);
}

SIM_API int RT(PeekAtLastError)(void) {
    sim_enter_apart(__func__);
    return sim_leave((int)*last_error());
}

SIM_API const char *RT(GetErrorString)(int code) {
    switch (code) {
    case RT_OK: return "no error";
    case RT_INVALID_VALUE: return "invalid argument";
    case RT_OUT_OF_MEMORY: return "out of memory";
    case RT_INVALID_DIRECTION: return "invalid copy direction for memcpy";
    case 35: return "driver version is insufficient for runtime version";
    case RT_NO_DEVICE: return "no device is detected";
    case RT_INVALID_DEVICE: return "invalid device ordinal";
    case RT_INVALID_HANDLE: return "invalid resource handle";
    case RT_NOT_READY: return "device not ready";
    case RT_CAPTURE_UNSUPPORTED: return "operation not permitted when stream is capturing";
    default: return code >= 700 && code < 800 ? "simulated failure of a launch" : "unrecognized error code";
    }
}

static int version(int *out, const char *key, int code) {
    if (code == 0 && out == NULL)
        code = RT_INVALID_VALUE;
    if (code == 0)
        *out = (int)family_number(key);
    return rt_leave(code);
}

SIM_API int RT(RuntimeGetVersion)(int *out_version) {
    return version(out_version, "runtime", sim_enter(__func__));
}

SIM_API int RT(DriverGetVersion)(int *out_version) {
    return version(out_version, "driver", sim_enter(__func__));
}
