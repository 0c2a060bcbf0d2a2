/* Chains asked and tried: what they want of workspace, and whether the operators take them. */
#include "backends/ascend/chain.h"

#include <stdio.h>

#include "backends/ascend/numbers.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { REGION_ALIGNMENT = 512 };

sy_status ascend_want_strided(sy_task *task, uint32_t *layout, sy_error *err) {
    (void)err;
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (layout[i] == SY_LAYOUT_ANY)
            layout[i] = SY_LAYOUT_STRIDED;
    sy_task_settle(task);
    return SY_OK;
}

sy_status ascend_has(const sy_device *device, ascend_op op, sy_error *err) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    if (libraries->ops_status != SY_OK)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s", sy_error_text(&libraries->ops_reason, libraries->ops_status));
    return libraries->op[op].phase_one != NULL
               ? SY_OK
               : sy_error_set(err, SY_UNSUPPORTED, "this CANN has no %s", libraries->op[op].name);
}

ascend_call *ascend_chain_add(ascend_chain *chain, ascend_op op) {
    ascend_call *call = &chain->call[chain->count++];
    *call = (ascend_call){.op = op};
    return call;
}

static sy_status fail(sy_device *device, const ascend_call *call, int code, sy_error *err) {
    return sy_card_code_error(device, code, err, ascend_libraries_of(device)->op[call->op].name);
}

bool ascend_chain_is_single_use(const sy_device *device, const ascend_chain *chain) {
    const ascend_base_api *api = &ascend_libraries_of(device)->base;
    bool is_single = api->SetAclOpExecutorRepeatable == NULL || api->DestroyAclOpExecutor == NULL;
    for (uint32_t i = 0; i < chain->count; i++)
        is_single = is_single || ascend_device_of(device)->is_single_use[chain->call[i].op];
    return is_single;
}

static void note_bytes(ascend_chain *chain, uint64_t bytes) {
    chain->call_bytes = bytes > chain->call_bytes ? bytes : chain->call_bytes;
}

/* An executor that turns out to be for one launch is lost here, once an operator. */
static int begin_and_end(
    sy_device *device, ascend_chain *chain, uint32_t index, ascend_launch *launch, uint64_t *out_ns) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    uint64_t begin = sy_clock_raw_ns();
    int code = ascend_launch_begin(libraries, &chain->call[index], launch);
    uint64_t end = sy_clock_raw_ns();
    *out_ns = end > begin && begin > 0 ? end - begin : 0;
    if (code != 0)
        return code;
    note_bytes(chain, launch->bytes);
    if (launch->is_repeatable)
        (void)libraries->base.DestroyAclOpExecutor(launch->executor);
    else
        ascend_device_of(device)->is_single_use[chain->call[index].op] = true;
    launch->executor = NULL;
    return 0;
}

/* The first use of an operator with tensors of a kind loads or compiles kernels: how much longer it took than
 * the second. */
static sy_status ask_one(
    sy_device *device, ascend_chain *chain, uint32_t index, char *const *address, sy_error *err) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    const ascend_call *call = &chain->call[index];
    ascend_launch launch = {0};
    uint64_t first = 0, second = 0;
    int code = ascend_launch_make(libraries, call, address, &launch);
    if (code == 0)
        code = begin_and_end(device, chain, index, &launch, &first);
    if (code == 0 && launch.is_repeatable)
        code = begin_and_end(device, chain, index, &launch, &second);
    if (first > 2 * second)
        chain->first_ns += first - second;
    sy_status status = code == 0 ? SY_OK : fail(device, call, code, err);
    ascend_launch_free(libraries, &launch);
    return status;
}

sy_status ascend_chain_ask(sy_device *device, ascend_chain *chain, sy_error *err) {
    char *address[ASCEND_SLOTS];
    sy_status status = SY_OK;
    chain->call_bytes = chain->first_ns = 0;
    for (uint32_t i = 0; i < ASCEND_SLOTS; i++)
        address[i] = (char *)ascend_device_of(device)->constants + (uint64_t)(i + 1) * ASCEND_CONSTANT_STEP;
    address[ASCEND_SLOT_CONSTANTS] = ascend_device_of(device)->constants;
    for (uint32_t i = 0; status == SY_OK && i < chain->count; i++)
        status = ask_one(device, chain, i, address, err);
    return status;
}

/* Room for what the slots' views cover, one behind the other. False: more than any memory. */
static bool lay_out(const ascend_chain *chain, uint64_t *at, uint64_t *out_bytes) {
    uint64_t need[ASCEND_SLOTS] = {[ASCEND_SLOT_SCRATCH] = chain->scratch_bytes};
    for (uint32_t i = 0; i < chain->count; i++)
        for (uint32_t v = 0; v < chain->call[i].views; v++) {
            const ascend_view *view = &chain->call[i].view[v];
            uint64_t end = 0;
            if (view->slot == ASCEND_SLOT_NONE)
                continue;
            if (!sy_add_u64(view->offset, ascend_view_bytes(view), &end))
                return false;
            need[view->slot] = end > need[view->slot] ? end : need[view->slot];
        }
    *out_bytes = 0;
    for (uint32_t i = 0; i < ASCEND_SLOTS; i++) {
        at[i] = *out_bytes;
        if (!sy_add_u64(*out_bytes, need[i], out_bytes) ||
            !sy_round_up_u64(*out_bytes, REGION_ALIGNMENT, out_bytes))
            return false;
    }
    return true;
}

/* Both phases with a workspace of its own, and a wait for it. */
static int launch_once(
    sy_device *device, const ascend_call *call, ascend_launch *launch, void *stream, uint64_t *out_ns) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    void *workspace = NULL;
    uint64_t begin = sy_clock_raw_ns();
    int code = ascend_launch_begin(libraries, call, launch);
    uint64_t end = sy_clock_raw_ns();
    *out_ns += end > begin && begin > 0 ? end - begin : 0;
    if (code == 0 && launch->bytes > 0)
        code = libraries->runtime.rtMalloc(&workspace, launch->bytes, ACL_MALLOC_HUGE_FIRST);
    if (code == 0)
        code = ascend_launch_run(libraries, call, launch, workspace, stream);
    if (code == 0)
        code = libraries->runtime.rtSynchronizeStream(stream);
    if (workspace != NULL)
        (void)libraries->runtime.rtFree(workspace);
    return code;
}

static sy_status try_on(
    sy_device *device, ascend_chain *chain, char *const *address, void *stream, sy_error *err) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < chain->count; i++) {
        ascend_launch launch = {0};
        int code = ascend_launch_make(libraries, &chain->call[i], address, &launch);
        if (code == 0)
            code = launch_once(device, &chain->call[i], &launch, stream, &chain->first_ns);
        note_bytes(chain, launch.bytes);
        status = code == 0 ? SY_OK : fail(device, &chain->call[i], code, err);
        ascend_launch_free(libraries, &launch);
    }
    return status;
}

sy_status ascend_chain_try(sy_device *device, ascend_chain *chain, sy_error *err) {
    const ascend_runtime_api *api = &ascend_libraries_of(device)->runtime;
    uint64_t at[ASCEND_SLOTS], bytes = 0;
    char *memory = NULL, *address[ASCEND_SLOTS];
    void *stream = NULL;
    chain->call_bytes = chain->first_ns = 0;
    if (chain->count == 0)
        return SY_OK;
    if (!lay_out(chain, at, &bytes))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "operands of more than 2^64 bytes");
    int code = api->rtMalloc((void **)&memory, bytes, ACL_MALLOC_HUGE_FIRST);
    if (code != 0)
        return sy_card_code_error(device, code, err,
            "this CANN's executors are for one launch: planning needs memory for the operands once more");
    for (uint32_t i = 0; i < ASCEND_SLOTS; i++)
        address[i] = memory + at[i];
    address[ASCEND_SLOT_CONSTANTS] = ascend_device_of(device)->constants;
    code = api->rtCreateStream(&stream);
    sy_status status = code == 0 ? try_on(device, chain, address, stream, err)
                                 : sy_card_code_error(device, code, err, "making a stream");
    if (stream != NULL)
        (void)api->rtDestroyStream(stream);
    (void)api->rtFree(memory);
    return status;
}
