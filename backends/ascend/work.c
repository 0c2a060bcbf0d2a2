/* Work asked and tried: what it wants of workspace, and whether the operator takes it. */
#include "backends/ascend/work.h"

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

ascend_call *ascend_work_call(ascend_work *work, ascend_op op) {
    work->has_call = true;
    work->call = (ascend_call){.op = op};
    return &work->call;
}

/* "Unavailable" would say that there is no such candidate. */
static sy_status fail(sy_device *device, const ascend_work *work, int code, sy_error *err) {
    sy_status status =
        sy_card_code_error(device, code, err, ascend_libraries_of(device)->op[work->call.op].name);
    return status == SY_UNAVAILABLE ? SY_UNSUPPORTED : status;
}

bool ascend_work_is_single_use(const sy_device *device, const ascend_work *work) {
    const ascend_base_api *api = &ascend_libraries_of(device)->base;
    return api->SetAclOpExecutorRepeatable == NULL || api->DestroyAclOpExecutor == NULL ||
           ascend_device_of(device)->is_single_use[work->call.op];
}

static int begin_timed(sy_device *device, ascend_work *work, ascend_launch *launch, uint64_t *out_ns) {
    uint64_t begin = sy_clock_raw_ns();
    int code = ascend_launch_begin(ascend_libraries_of(device), &work->call, launch);
    uint64_t end = sy_clock_raw_ns();
    *out_ns = end > begin && begin > 0 ? end - begin : 0;
    work->workspace_bytes = code == 0 ? launch->bytes : 0;
    return code;
}

/* An executor that turns out to be for one launch is lost here, once an operator. */
static int begin_and_end(sy_device *device, ascend_work *work, ascend_launch *launch, uint64_t *out_ns) {
    int code = begin_timed(device, work, launch, out_ns);
    if (code != 0)
        return code;
    if (launch->is_repeatable)
        (void)ascend_libraries_of(device)->base.DestroyAclOpExecutor(launch->executor);
    else
        ascend_device_of(device)->is_single_use[work->call.op] = true;
    launch->executor = NULL;
    return 0;
}

/* The first use of an operator with tensors of a kind loads or compiles kernels: how much longer it took than
 * the second.
 */
sy_status ascend_work_ask(sy_device *device, ascend_work *work, sy_error *err) {
    char *address[ASCEND_SLOTS], *constants = ascend_device_of(device)->constants;
    ascend_launch launch = {0};
    uint64_t first = 0, second = 0;
    if (!work->has_call)
        return SY_OK;
    for (uint32_t i = 0; i < ASCEND_SLOTS; i++)
        address[i] = constants + (uint64_t)(i + 1) * ASCEND_CONSTANT_STEP;
    address[ASCEND_SLOT_CONSTANTS] = constants;
    int code = ascend_launch_make(ascend_libraries_of(device), &work->call, address, &launch);
    if (code == 0)
        code = begin_and_end(device, work, &launch, &first);
    if (code == 0 && launch.is_repeatable)
        code = begin_and_end(device, work, &launch, &second);
    work->first_ns = first > 2 * second ? first - second : 0;
    sy_status status = code == 0 ? SY_OK : fail(device, work, code, err);
    ascend_launch_free(ascend_libraries_of(device), &launch);
    return status;
}

/* Room for what the views of each slot cover, one behind the other. False: more than any memory. */
static bool lay_out(const ascend_call *call, uint64_t *at, uint64_t *out_bytes) {
    *out_bytes = 0;
    for (uint32_t v = 0; v < call->views; v++) {
        const ascend_view *view = &call->view[v];
        uint64_t end = 0;
        if (view->slot == ASCEND_SLOT_NONE || view->slot == ASCEND_SLOT_CONSTANTS)
            continue;
        at[view->slot] = *out_bytes;
        if (!sy_add_u64(view->offset, ascend_view_bytes(view), &end) ||
            !sy_add_u64(*out_bytes, end, out_bytes) ||
            !sy_round_up_u64(*out_bytes, REGION_ALIGNMENT, out_bytes))
            return false;
    }
    return true;
}

/* Both phases with a workspace of its own, and a wait for it. */
static int launch_once(sy_device *device, ascend_work *work, char *const *address) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    void *workspace = NULL, *stream = NULL;
    ascend_launch launch = {0};
    int code = libraries->runtime.rtCreateStream(&stream);
    if (code == 0)
        code = ascend_launch_make(libraries, &work->call, address, &launch);
    if (code == 0)
        code = begin_timed(device, work, &launch, &work->first_ns);
    if (code == 0 && launch.bytes > 0)
        code = libraries->runtime.rtMalloc(&workspace, launch.bytes, ACL_MALLOC_HUGE_FIRST);
    if (code == 0)
        code = ascend_launch_run(libraries, &work->call, &launch, workspace, stream);
    if (code == 0)
        code = libraries->runtime.rtSynchronizeStream(stream);
    ascend_launch_free(libraries, &launch);
    if (workspace != NULL)
        (void)libraries->runtime.rtFree(workspace);
    if (stream != NULL)
        (void)libraries->runtime.rtDestroyStream(stream);
    return code;
}

sy_status ascend_work_try(sy_device *device, ascend_work *work, sy_error *err) {
    const ascend_runtime_api *api = &ascend_libraries_of(device)->runtime;
    uint64_t at[ASCEND_SLOTS] = {0}, bytes = 0;
    char *memory = NULL, *address[ASCEND_SLOTS];
    if (!work->has_call)
        return SY_OK;
    if (!lay_out(&work->call, at, &bytes))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "operands of more than 2^64 bytes");
    int code = api->rtMalloc((void **)&memory, bytes, ACL_MALLOC_HUGE_FIRST);
    if (code != 0)
        return sy_card_code_error(device, code, err,
            "this CANN's executors are for one launch: planning needs memory for the operands once more");
    for (uint32_t i = 0; i < ASCEND_SLOTS; i++)
        address[i] = memory + at[i];
    address[ASCEND_SLOT_CONSTANTS] = ascend_device_of(device)->constants;
    code = launch_once(device, work, address);
    (void)api->rtFree(memory);
    return code == 0 ? SY_OK : fail(device, work, code, err);
}
