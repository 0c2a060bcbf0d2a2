/* What all ways with recipes have in common: offers, plans, bindings, runs. */
#include "backends/ascend/work.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static const ascend_recipe *const recipes[ASCEND_RECIPES] = {[ASCEND_RECIPE_MM] = &ascend_recipe_mm,
    [ASCEND_RECIPE_BATCH_MATMUL] = &ascend_recipe_batch_matmul,
    [ASCEND_RECIPE_MATMUL] = &ascend_recipe_matmul,
    [ASCEND_RECIPE_ADDMM] = &ascend_recipe_addmm,
    [ASCEND_RECIPE_QUANT_V4] = &ascend_recipe_quant_v4,
    [ASCEND_RECIPE_QUANT_V3] = &ascend_recipe_quant_v3,
    [ASCEND_RECIPE_QUANT_V5] = &ascend_recipe_quant_v5,
    [ASCEND_RECIPE_CONV] = &ascend_recipe_conv,
    [ASCEND_RECIPE_TRIAD] = &ascend_recipe_triad,
    [ASCEND_RECIPE_COPY] = &ascend_recipe_copy};

/** A binding's objects, and its executor. */
typedef struct bound {
    ascend_launch launch;
    void *workspace;
    bool has_run;
} bound;

static const ascend_recipe *recipe_of(const sy_card_way *way) {
    return recipes[way->setting & ASCEND_WAY_INDEX];
}

bool ascend_way_does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    bool is_hf32 = (way->setting & ASCEND_WAY_HF32) != 0;
    if (is_hf32 && (!ascend_has_f32(ascend_device_of(device)->family) || task->tensor[0].dtype != SY_F32 ||
                       !sy_math_allows(task->math, SY_MATH_HF32)))
        return false;
    return recipe_of(way)->does(device, task);
}

static sy_status cook(const sy_card_way *way, sy_device *device, const sy_task *task, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    *work = (ascend_work){0};
    return recipe_of(way)->cook(device, task, way->setting, offer, work, err);
}

/* Whether the operators take it, and with how much workspace. */
static sy_status settle(sy_device *device, ascend_work *work, sy_error *err) {
    return ascend_work_is_single_use(device, work) ? ascend_work_try(device, work, err)
                                                   : ascend_work_ask(device, work, err);
}

sy_status ascend_way_offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    ascend_work work = {0};
    sy_task wanted = *task;
    if (index > 0)
        return SY_UNAVAILABLE;
    sy_status status = recipe_of(way)->want(&wanted, out_offer->layout, err);
    if (status == SY_OK)
        status = cook(way, device, &wanted, out_offer, &work, err);
    if (status != SY_OK)
        return status;
    /* Where it is certain nobody is asked: the first time would be spent here, where it is not seen. */
    bool is_single = ascend_work_is_single_use(device, &work);
    if (work.is_uncertain)
        status = settle(device, &work, err);
    out_offer->flags |= is_single ? SY_ALGO_REBINDS_EACH_RUN : 0u;
    out_offer->workspace_bytes = work.workspace_bytes;
    return status;
}

sy_status ascend_way_plan(sy_plan *plan, uint32_t index, sy_error *err) {
    sy_card_offer offer = {0};
    if (index > 0)
        return SY_UNAVAILABLE;
    ascend_work *work = sy_mem_calloc(1, sizeof *work);
    plan->own = work;
    if (work == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    sy_status status = cook(plan->way, plan->device, &plan->task, &offer, work, err);
    if (status == SY_OK)
        status = settle(plan->device, work, err);
    plan->compile_ns = work->first_ns;
    plan->workspace_bytes = work->workspace_bytes;
    return status;
}

void ascend_way_plan_free(sy_plan *plan) {
    sy_mem_free(plan->own);
}

/* Whether the library allows what is added to be the result is not known. */
static sy_status check_apart(const sy_plan *plan, void *const *address, sy_error *err) {
    uint32_t out = plan->task.n_in;
    for (uint32_t i = 0; i < out; i++)
        if (address[i] != NULL && address[i] == address[out])
            return sy_error_set(err, SY_INVALID_ARGUMENT, "operand %u must not be the output", i);
    return SY_OK;
}

/* An executor with these addresses, unless it is for one launch: then each run makes its own. */
static int prepare(sy_device *device, const ascend_work *work, void *const *address, ascend_launch *launch) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    char *slot[ASCEND_SLOTS] = {NULL};
    if (!work->has_call)
        return 0;
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        slot[i] = address[i];
    slot[ASCEND_SLOT_CONSTANTS] = ascend_device_of(device)->constants;
    int code = ascend_launch_make(libraries, &work->call, slot, launch);
    if (code == 0 && !ascend_work_is_single_use(device, work))
        code = ascend_launch_begin(libraries, &work->call, launch);
    return code == 0 && launch->bytes > work->workspace_bytes ? ASCEND_OWN_WORKSPACE : code;
}

sy_status ascend_way_bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    sy_device *device = binding->plan->device;
    sy_status status = check_apart(binding->plan, address, err);
    if (status != SY_OK)
        return status;
    bound *made = sy_mem_calloc(1, sizeof *made);
    binding->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    made->workspace = workspace;
    int code = prepare(device, binding->plan->own, address, &made->launch);
    return code == 0 ? SY_OK : sy_card_code_error(device, code, err, "an executor for these operands");
}

/* Objects of work in flight are not to be destroyed. */
void ascend_way_bind_free(sy_binding *binding) {
    const sy_device *device = binding->plan->device;
    const ascend_libraries *libraries = ascend_libraries_of(device);
    bound *made = binding->own;
    if (made->has_run && !device->is_lost) {
        int code = libraries->runtime.rtSynchronizeStream(binding->queue->stream);
        if (code != 0)
            sy_card_queue_fail(binding->queue, code, binding->plan->way->name);
    }
    ascend_launch_free(libraries, &made->launch);
    sy_mem_free(made);
}

int ascend_way_run(sy_binding *binding) {
    const ascend_work *work = binding->plan->own;
    const ascend_libraries *libraries = ascend_libraries_of(binding->plan->device);
    bound *made = binding->own;
    int code = 0;
    if (!work->has_call)
        return 0;
    made->has_run = true;
    if (made->launch.executor == NULL)
        code = ascend_launch_begin(libraries, &work->call, &made->launch);
    if (code == 0 && made->launch.bytes > work->workspace_bytes)
        code = ASCEND_OWN_WORKSPACE;
    return code == 0 ? ascend_launch_run(
                           libraries, &work->call, &made->launch, made->workspace, binding->queue->stream)
                     : code;
}
