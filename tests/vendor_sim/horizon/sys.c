/* The first generation's memory and tasks, as libdnn.so exports them. */
#include "tests/vendor_sim/horizon/bpu.h"

int32_t hbSysAllocMem(hbSysMem *memory, uint32_t bytes) {
    int code = sim_enter(__func__);
    return sim_leave(code == 0 ? bpu_memory_make(memory, bytes, false) : code);
}

int32_t hbSysAllocCachedMem(hbSysMem *memory, uint32_t bytes) {
    int code = sim_enter(__func__);
    return sim_leave(code == 0 ? bpu_memory_make(memory, bytes, true) : code);
}

int32_t hbSysFlushMem(hbSysMem *memory, int32_t flag) {
    int code = sim_enter(__func__);
    return sim_leave(code == 0 ? bpu_memory_flush(memory, flag) : code);
}

int32_t hbSysFreeMem(hbSysMem *memory) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == 0 ? bpu_memory_free(memory) : code);
}

int32_t hbDNNWaitTaskDone(void *task, int32_t limit_ms) {
    int code = sim_enter(__func__);
    return sim_leave(code == 0 ? bpu_task_wait(task, limit_ms) : code);
}

int32_t hbDNNReleaseTask(void *task) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == 0 ? bpu_task_release(task) : code);
}
