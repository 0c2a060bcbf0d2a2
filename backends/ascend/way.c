/* What all ways with recipes have in common: offers, plans, bindings, runs. */
#include <stdio.h>
#include <string.h>

#include "backends/ascend/chain.h"
#include "runtime/base/checked.h"
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

/** A binding's launches, one a call. */
typedef struct bound {
    char *address[ASCEND_SLOTS];
    void *workspace;
    bool has_run;
    ascend_launch launch[ASCEND_CALLS];
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
    ascend_chain *chain, sy_error *err) {
    *chain = (ascend_chain){0};
    return recipe_of(way)->cook(device, task, way->setting, offer, chain, err);
}

/* Whether the operators take it, and with how much workspace. */
static sy_status settle(sy_device *device, ascend_chain *chain, sy_error *err) {
    return ascend_chain_is_single_use(device, chain) ? ascend_chain_try(device, chain, err)
                                                     : ascend_chain_ask(device, chain, err);
}

sy_status ascend_way_offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    ascend_chain chain = {0};
    sy_task wanted = *task;
    if (index > 0)
        return SY_UNAVAILABLE;
    sy_status status = recipe_of(way)->want(&wanted, out_offer->layout, err);
    if (status == SY_OK)
        status = cook(way, device, &wanted, out_offer, &chain, err);
    if (status != SY_OK)
        return status;
    /* Where it is certain nobody is asked: the first time would be spent here, where it is not seen. */
    bool is_single = ascend_chain_is_single_use(device, &chain);
    if (chain.is_uncertain)
        status = settle(device, &chain, err);
    out_offer->flags |= is_single ? SY_ALGO_REBINDS_EACH_RUN : 0u;
    out_offer->workspace_bytes = chain.scratch_bytes + chain.call_bytes;
    return status;
}

sy_status ascend_way_plan(sy_plan *plan, uint32_t index, sy_error *err) {
    sy_card_offer offer = {0};
    if (index > 0)
        return SY_UNAVAILABLE;
    ascend_chain *chain = sy_mem_calloc(1, sizeof *chain);
    plan->own = chain;
    if (chain == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    sy_status status = cook(plan->way, plan->device, &plan->task, &offer, chain, err);
    if (status == SY_OK)
        status = settle(plan->device, chain, err);
    plan->compile_ns = chain->first_ns;
    if (status == SY_OK && !sy_add_u64(chain->scratch_bytes, chain->call_bytes, &plan->workspace_bytes))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "a workspace of more than 2^64 bytes");
    return status;
}

void ascend_way_plan_free(sy_plan *plan) {
    sy_mem_free(plan->own);
}

/* Executors with these addresses, unless they are for one launch: those are made by each run. */
static int prepare(sy_device *device, const ascend_chain *chain, bound *made) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    bool is_single = ascend_chain_is_single_use(device, chain);
    for (uint32_t i = 0; i < chain->count; i++) {
        const ascend_call *call = &chain->call[i];
        int code = ascend_launch_make(libraries, call, made->address, &made->launch[i]);
        if (code == 0 && !is_single)
            code = ascend_launch_begin(libraries, call, &made->launch[i]);
        if (code == 0 && made->launch[i].bytes > chain->call_bytes)
            code = ASCEND_OWN_WORKSPACE;
        if (code != 0)
            return code;
    }
    return 0;
}

sy_status ascend_way_bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    const ascend_chain *chain = binding->plan->own;
    sy_device *device = binding->plan->device;
    bound *made = sy_mem_calloc(1, sizeof *made);
    binding->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        made->address[i] = address[i];
    made->address[ASCEND_SLOT_SCRATCH] = workspace;
    made->address[ASCEND_SLOT_CONSTANTS] = ascend_device_of(device)->constants;
    made->workspace = workspace != NULL ? (char *)workspace + chain->scratch_bytes : NULL;
    int code = prepare(device, chain, made);
    return code == 0 ? SY_OK : sy_card_code_error(device, code, err, "an executor for these operands");
}

/* Objects of work in flight are not to be destroyed. */
void ascend_way_bind_free(sy_binding *binding) {
    const sy_device *device = binding->plan->device;
    const ascend_libraries *libraries = ascend_libraries_of(device);
    bound *made = binding->own;
    int code = made->has_run && !device->is_lost
                   ? libraries->runtime.rtSynchronizeStream(binding->queue->stream)
                   : 0;
    if (code != 0)
        sy_card_queue_fail(binding->queue, code, binding->plan->way->name);
    for (uint32_t i = 0; i < ASCEND_CALLS; i++)
        ascend_launch_free(libraries, &made->launch[i]);
    sy_mem_free(made);
}

int ascend_way_run(sy_binding *binding) {
    const ascend_chain *chain = binding->plan->own;
    const ascend_libraries *libraries = ascend_libraries_of(binding->plan->device);
    bound *made = binding->own;
    made->has_run = true;
    for (uint32_t i = 0; i < chain->count; i++) {
        ascend_launch *launch = &made->launch[i];
        int code = 0;
        if (launch->executor == NULL)
            code = ascend_launch_begin(libraries, &chain->call[i], launch);
        if (code == 0 && launch->bytes > chain->call_bytes)
            code = ASCEND_OWN_WORKSPACE;
        if (code == 0)
            code = ascend_launch_run(
                libraries, &chain->call[i], launch, made->workspace, binding->queue->stream);
        if (code != 0)
            return code;
    }
    return 0;
}
