/* A libcnrt.so of Neuware before 6: names that no longer exist, and none of those that replaced them. */
#include <stddef.h>

#include "tests/vendor_sim/common/world.h"

#pragma GCC visibility push(default)
int cnrtInit(unsigned int flags);
int cnrtDestroy(void);
int cnrtGetDeviceCount(unsigned int *count);
int cnrtGetDeviceHandle(int *device, int index);
int cnrtSetCurrentDevice(int device);
int cnrtCreateQueue(void **queue);
int cnrtSyncQueue(void *queue);
int cnrtDestroyQueue(void *queue);
#pragma GCC visibility pop

enum { INVALID = 100006 };

int cnrtInit(unsigned int flags) {
    (void)flags;
    return sim_leave(sim_enter(__func__));
}

int cnrtDestroy(void) {
    return sim_leave(sim_enter(__func__));
}

int cnrtGetDeviceCount(unsigned int *count) {
    int code = sim_enter(__func__);
    if (code == 0 && count == NULL)
        code = INVALID;
    if (code == 0)
        *count = 1;
    return sim_leave(code);
}

int cnrtGetDeviceHandle(int *device, int index) {
    int code = sim_enter(__func__);
    if (code == 0 && (device == NULL || index != 0))
        code = INVALID;
    if (code == 0)
        *device = index;
    return sim_leave(code);
}

int cnrtSetCurrentDevice(int device) {
    int code = sim_enter(__func__);
    return sim_leave(code == 0 && device != 0 ? INVALID : code);
}

int cnrtCreateQueue(void **queue) {
    int code = sim_enter(__func__);
    if (code == 0 && queue == NULL)
        code = INVALID;
    if (code == 0)
        *queue = NULL;
    return sim_leave(code);
}

int cnrtSyncQueue(void *queue) {
    (void)queue;
    return sim_leave(sim_enter(__func__));
}

int cnrtDestroyQueue(void *queue) {
    (void)queue;
    return sim_leave(sim_enter(__func__));
}
