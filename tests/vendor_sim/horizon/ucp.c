/* Memory and tasks as libhbucp.so exports them. */
#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/horizon/bpu.h"

const char *hbUCPGetErrorDesc(int32_t code) {
    return code == HZ_RUN_FAILED ? "Task run failed" : "";
}

int32_t hbUCPMalloc(hbSysMem *memory, uint64_t bytes, int32_t device) {
    int code = sim_enter(__func__);
    (void)device;
    return sim_leave(code == 0 ? bpu_memory_make(memory, bytes, false) : code);
}

int32_t hbUCPMallocCached(hbSysMem *memory, uint64_t bytes, int32_t device) {
    int code = sim_enter(__func__);
    (void)device;
    return sim_leave(code == 0 ? bpu_memory_make(memory, bytes, true) : code);
}

int32_t hbUCPMemFlush(const hbSysMem *memory, int32_t flag) {
    int code = sim_enter(__func__);
    return sim_leave(code == 0 ? bpu_memory_flush(memory, flag) : code);
}

int32_t hbUCPFree(hbSysMem *memory) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == 0 ? bpu_memory_free(memory) : code);
}

int32_t hbUCPSubmitTask(void *task, hbUCPSchedParam *param) {
    int code = sim_enter(__func__);
    const uint64_t cores = (UINT64_C(1) << sim_number(SIM_NO_DEVICE, "cores", 2)) - 1;
    bool is_good = param != NULL && param->deviceId == 0 && param->backend != 0 &&
                   (param->backend & ~(cores | HB_UCP_BPU_CORE_ANY)) == 0;
    if (code == 0)
        code = is_good ? bpu_task_submit(task) : HZ_INVALID_ARGUMENT;
    return sim_leave(code);
}

/* A limit does not end the wait: it is told afterwards that it took longer. */
int32_t hbUCPWaitTaskDone(void *task, int32_t limit_ms) {
    int code = sim_enter(__func__);
    const double begin = sim_clock_host_ns();
    if (code == 0)
        code = bpu_task_wait(task, 0);
    if (code == 0 && limit_ms > 0 && sim_clock_host_ns() - begin > limit_ms * 1e6)
        code = HZ_TIMEOUT;
    return sim_leave(code);
}

int32_t hbUCPReleaseTask(void *task) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == 0 ? bpu_task_release(task) : code);
}
