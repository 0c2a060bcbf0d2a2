/* Executors, and phase two of operators. */
#include "tests/vendor_sim/ascend/op.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

/* A plan on its way through a stream. */
typedef struct as_job {
    as_plan plan;
    char *view[AS_TENSORS_MAX];
    as_use *use;
} as_job;

/* A card that computes nonsense. */
static void spoil(const as_tensor *tensor, char *view) {
    int64_t index[AS_RANK_MAX] = {0};
    if (as_tensor_elements(tensor) == 0)
        return;
    do
        as_element_set(tensor->type, view + as_tensor_at(tensor, tensor->rank, index),
            as_type_is_float(tensor->type) ? (double)NAN : 1e300);
    while (as_next(tensor->rank, tensor->dim, index));
}

static int run(void *args) {
    const as_job *job = args;
    int code = job->plan.skips ? 0 : job->plan.run(&job->plan, job->view);
    for (uint32_t i = 0; i < job->plan.count && job->plan.spoils; i++)
        if (job->plan.is_out[i] && job->view[i] != NULL &&
            job->plan.tensor[i].format != ACL_FORMAT_FRACTAL_NZ)
            spoil(&job->plan.tensor[i], job->view[i]);
    return code;
}

static void over(void *args) {
    as_use_end(((as_job *)args)->use);
}

/* A card that touches memory which is not there ends with this. */
static int run_astray(void *args) {
    (void)args;
    return ACL_ERROR_RT_AICORE_EXCEPTION;
}

static bool is_there(int device, const void *address, uint64_t bytes) {
    return bytes == 0 || sim_memory_view(device, address, bytes) != NULL;
}

/* Where the tensors' elements are; false: somewhere that is no memory of the device. */
static bool find_tensors(as_job *job) {
    bool is_ok = true;
    for (uint32_t i = 0; i < job->plan.count; i++) {
        const as_tensor *tensor = &job->plan.tensor[i];
        if (job->plan.handle[i] == NULL)
            continue;
        const char *first =
            (const char *)tensor->memory + tensor->offset * (int64_t)as_type_bytes(tensor->type);
        uint64_t bytes = as_tensor_bytes(tensor);
        as_use_add(job->use, first, bytes, job->plan.handle[i]);
        is_ok = is_ok && is_there(job->plan.device, first, bytes);
        job->view[i] = bytes > 0 ? sim_memory_view(job->plan.device, first, bytes) : NULL;
    }
    return is_ok;
}

static void enqueue(sim_stream *queue, const as_plan *plan, const void *workspace, uint64_t bytes) {
    as_job job = {.plan = *plan, .use = as_use_begin()};
    if (job.use == NULL)
        sim_die("the host has no memory");
    as_use_add(job.use, workspace, bytes, NULL);
    bool is_ok = find_tensors(&job) && is_there(plan->device, workspace, bytes);
    if (!is_ok)
        sim_misuse("memory_not_there");
    sim_stream_enqueue(queue, &(sim_work){.run = is_ok ? run : run_astray,
                                  .done = over,
                                  .args = &job,
                                  .bytes = sizeof job,
                                  .flop = plan->flop,
                                  .moved = plan->moved});
}

static int find(aclOpExecutor *handle, as_executor **out_executor) {
    if (handle == NULL)
        return as_fail(ACLNN_ERR_PARAM_NULLPTR, "executor is NULL");
    *out_executor = sim_handle_get(handle, AS_EXECUTOR);
    return *out_executor != NULL ? ACLNN_SUCCESS : as_fail(ACLNN_ERR_INNER_NULLPTR, "the executor is gone");
}

static int check_tensors(const as_executor *executor) {
    for (uint32_t i = 0; i < executor->plan.count; i++)
        if (executor->plan.handle[i] != NULL && sim_handle_get(executor->plan.handle[i], AS_TENSOR) == NULL)
            return as_fail(ACLNN_ERR_INNER_NULLPTR, "tensor %u is gone", i);
    return ACLNN_SUCCESS;
}

static int check(const char *op, const as_context *here, const as_executor *executor, const void *workspace,
    uint64_t bytes) {
    if (strcmp(executor->plan.op, op) != 0) {
        sim_misuse("executor_of_other_operator");
        return as_fail(ACLNN_ERR_INNER, "an executor of %s", executor->plan.op);
    }
    if (executor->plan.device != here->device) {
        sim_misuse("wrong_device_on_thread");
        return as_fail(ACLNN_ERR_RUNTIME_ERROR, "an executor of device %d", executor->plan.device);
    }
    if (executor->workspace > 0 && (workspace == NULL || bytes < executor->workspace)) {
        sim_misuse("workspace_too_small");
        return as_fail(workspace == NULL ? ACLNN_ERR_PARAM_NULLPTR : ACLNN_ERR_PARAM_INVALID,
            "a workspace of %llu bytes, not %llu", (unsigned long long)bytes,
            (unsigned long long)executor->workspace);
    }
    return check_tensors(executor);
}

int as_launch(const char *op, void *workspace, uint64_t bytes, aclOpExecutor *handle, aclrtStream stream) {
    as_context *here = NULL;
    sim_stream *queue = NULL;
    as_executor *executor = NULL;
    int code = as_enter_here(op, &here);
    if (code == ACL_ERROR_RT_CONTEXT_NULL)
        return sim_leave(ACLNN_ERR_RUNTIME_ERROR);
    if (code == ACLNN_SUCCESS && (code = as_stream_find(stream, &queue)) != ACLNN_SUCCESS)
        code = ACLNN_ERR_RUNTIME_ERROR;
    if (code == ACLNN_SUCCESS)
        code = find(handle, &executor);
    if (code == ACLNN_SUCCESS)
        code = check(op, here, executor, workspace, bytes);
    if (code != ACLNN_SUCCESS)
        return sim_leave(code);
    as_first_time(&executor->plan, "run");
    enqueue(queue, &executor->plan, workspace, executor->workspace);
    if (!executor->is_repeatable)
        sim_handle_destroy(handle);
    return sim_leave(ACLNN_SUCCESS);
}

/* Whether a list of operators, "all" or "aclnnMatmul,aclnnAdd", has one. */
static bool is_listed(const char *list, const char *op) {
    size_t length = strlen(op);
    for (const char *at = strstr(list, op); at != NULL; at = strstr(at + 1, op))
        if (at[length] == ',' || at[length] == '\0')
            return true;
    return strcmp(list, "all") == 0;
}

aclnnStatus aclSetAclOpExecutorRepeatable(aclOpExecutor *handle) {
    as_executor *executor = NULL;
    int code = as_enter(__func__);
    if (code == ACLNN_SUCCESS)
        code = find(handle, &executor);
    if (code == ACLNN_SUCCESS && is_listed(sim_text(SIM_NO_DEVICE, "unrepeatable", ""), executor->plan.op))
        code = as_fail(ACLNN_ERR_INNER, "%s cannot be repeated", executor->plan.op);
    if (code == ACLNN_SUCCESS)
        executor->is_repeatable = true;
    return sim_leave(code);
}

/* An executor that is to run once belongs to that run. */
aclnnStatus aclDestroyAclOpExecutor(aclOpExecutor *handle) {
    as_executor *executor = NULL;
    int code = sim_enter_apart(__func__);
    if (code == ACLNN_SUCCESS)
        code = find(handle, &executor);
    if (code == ACLNN_SUCCESS && !executor->is_repeatable && !as_is_on("destroy_any", false)) {
        sim_misuse("destroy_of_unrepeatable");
        code = as_fail(ACLNN_ERR_PARAM_INVALID, "the executor is not repeatable");
    }
    if (code == ACLNN_SUCCESS)
        sim_handle_destroy(handle);
    return sim_leave(code);
}

/* The nth input, or output, gets another address, and the tensor with it. They count as plans have them: the
 * function's order but for aclnnAddmm, whose `self` comes last. */
static int rebind(as_executor *executor, size_t index, aclTensor *handle, void *memory, bool is_out) {
    as_tensor *tensor = handle != NULL ? sim_handle_get(handle, AS_TENSOR) : NULL;
    if (tensor == NULL || memory == NULL)
        return as_fail(ACLNN_ERR_PARAM_NULLPTR, "the tensor or its address is NULL");
    if (!executor->is_repeatable) {
        sim_misuse("rebind_of_unrepeatable");
        return as_refuse("the executor is not repeatable");
    }
    for (uint32_t i = 0; i < executor->plan.count; i++) {
        if (executor->plan.is_out[i] != is_out || index-- > 0)
            continue;
        if (executor->plan.handle[i] != handle)
            return as_refuse("tensor %u of the executor is another", i);
        tensor->memory = executor->plan.tensor[i].memory = memory;
        return ACLNN_SUCCESS;
    }
    return as_refuse("the executor has no such tensor");
}

static int enter_rebind(const char *function, aclOpExecutor *handle, as_executor **out_executor) {
    int code = as_enter(function);
    return code == ACLNN_SUCCESS ? find(handle, out_executor) : code;
}

aclnnStatus aclSetInputTensorAddr(aclOpExecutor *handle, size_t index, aclTensor *tensor, void *memory) {
    as_executor *executor = NULL;
    int code = enter_rebind(__func__, handle, &executor);
    return sim_leave(code == ACLNN_SUCCESS ? rebind(executor, index, tensor, memory, false) : code);
}

aclnnStatus aclSetOutputTensorAddr(aclOpExecutor *handle, size_t index, aclTensor *tensor, void *memory) {
    as_executor *executor = NULL;
    int code = enter_rebind(__func__, handle, &executor);
    return sim_leave(code == ACLNN_SUCCESS ? rebind(executor, index, tensor, memory, true) : code);
}

aclnnStatus AclSetInputTensorAddr(aclOpExecutor *handle, size_t index, aclTensor *tensor, void *memory) {
    return aclSetInputTensorAddr(handle, index, tensor, memory);
}

aclnnStatus AclSetOutputTensorAddr(aclOpExecutor *handle, size_t index, aclTensor *tensor, void *memory) {
    return aclSetOutputTensorAddr(handle, index, tensor, memory);
}

/* aclInit() has done it all. */
aclnnStatus aclnnInit(const char *config) {
    (void)config;
    return sim_leave(sim_enter(__func__));
}

aclnnStatus aclnnFinalize(void) {
    return sim_leave(sim_enter_apart(__func__));
}
