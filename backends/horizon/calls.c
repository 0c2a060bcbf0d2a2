/* Memory and runs, evened out over both generations. */
#include "backends/horizon/horizon.h"

enum { NS_PER_MS = 1000000, DNN_TIMEOUT = -6000008, EARLY_TIMEOUT = 8 };

int32_t horizon_memory_make(const horizon_library *library, uint64_t bytes, horizon_memory *out_memory) {
    horizon_memory memory = {0};
    *out_memory = memory;
    if (!library->is_ucp && bytes > UINT32_MAX)
        return HORIZON_NO_MEMORY;
    int32_t code = library->is_ucp ? library->ucp.MallocCached(&memory, bytes, 0)
                                   : library->dnn.AllocCachedMem(&memory, (uint32_t)bytes);
    if (code != 0)
        return code;
    if (memory.address == NULL)
        return HORIZON_NO_MEMORY;
    memory.bytes = bytes;
    *out_memory = memory;
    return 0;
}

void horizon_memory_end(const horizon_library *library, horizon_memory *memory) {
    if (memory->address != NULL)
        (void)(library->is_ucp ? library->ucp.Free(memory) : library->dnn.FreeMem(memory));
    *memory = (horizon_memory){0};
}

int32_t horizon_memory_flush(const horizon_library *library, horizon_memory *memory, int32_t flag) {
    return library->is_ucp ? library->ucp.MemFlush(memory, flag) : library->dnn.FlushMem(memory, flag);
}

static int32_t begin_dnn(const horizon_library *library, void *model, const void *inputs, void *outputs,
    uint32_t core, void **out_task) {
    horizon_dnn_control control = {.bpu_core = core == HORIZON_ANY_CORE ? 0 : (int32_t)(1u << core)};
    return library->dnn.Infer(out_task, &outputs, inputs, model, &control);
}

static int32_t begin_ucp(const horizon_library *library, void *model, const void *inputs, void *outputs,
    uint32_t core, void **out_task) {
    horizon_ucp_control control = {
        .backend = core == HORIZON_ANY_CORE ? HORIZON_UCP_BPU_ANY : UINT64_C(1) << core};
    int32_t code = library->ucp.InferV2(out_task, outputs, inputs, model);
    if (code != 0 || *out_task == NULL)
        return code;
    code = library->ucp.SubmitTask(*out_task, &control);
    if (code != 0)
        horizon_task_end(library, *out_task);
    return code;
}

int32_t horizon_task_begin(const horizon_library *library, void *model, const void *inputs, void *outputs,
    uint32_t core, void **out_task) {
    void *task = NULL; /* a task that is there already would be added to */
    *out_task = NULL;
    int32_t code = library->is_ucp ? begin_ucp(library, model, inputs, outputs, core, &task)
                                   : begin_dnn(library, model, inputs, outputs, core, &task);
    if (code != 0)
        return code;
    *out_task = task;
    return task != NULL ? 0 : HORIZON_NO_OBJECT;
}

/* At least 1: no limit is 0. */
static int32_t limit_ms(uint64_t timeout_ns) {
    uint64_t ms = timeout_ns / NS_PER_MS + 1;
    return ms < INT32_MAX ? (int32_t)ms : INT32_MAX;
}

int32_t horizon_task_wait(const horizon_library *library, void *task, uint64_t timeout_ns, bool *out_done) {
    *out_done = true;
    /* A limit would not end UCP's wait, only make a failure of it. */
    if (library->is_ucp)
        return library->ucp.WaitTaskDone(task, 0);
    int32_t code = library->dnn.WaitTaskDone(task, timeout_ns == UINT64_MAX ? 0 : limit_ms(timeout_ns));
    *out_done = timeout_ns == UINT64_MAX || (code != DNN_TIMEOUT && code != EARLY_TIMEOUT);
    return *out_done ? code : 0;
}

void horizon_task_end(const horizon_library *library, void *task) {
    (void)(library->is_ucp ? library->ucp.ReleaseTask(task) : library->dnn.ReleaseTask(task));
}
