/*
 * What plans and bindings of a way are made of: one call of an operator. What kind of work it does is a
 * recipe's. Executors have addresses baked in: a binding has its own. Where they cannot be made repeatable
 * (CANN 7, some operators) each run goes through both phases, and planning launches once on memory of its
 * own, which is how such an executor ends.
 */
#ifndef BACKENDS_ASCEND_WORK_H
#define BACKENDS_ASCEND_WORK_H

#include "backends/ascend/call.h"
#include "backends/ascend/inside.h"

/** A call, or none for a problem with nothing to do. */
typedef struct ascend_work {
    bool has_call;
    ascend_call call;
    uint64_t workspace_bytes; /* once it was asked or tried */
    uint64_t first_ns;        /* that phase one took for the first time and not again */
    bool is_uncertain;        /* versions differ in whether they take it: to be asked before it is offered */
} ascend_work;

/** What a way makes of tasks: way->setting is its index, and ASCEND_WAY_HF32. */
typedef struct ascend_recipe {
    /** Whether the way has to do with the task: as sy_card_way.does. */
    bool (*does)(const sy_device *device, const sy_task *task);
    /** Layouts that are wanted: fill `layout` and settle `task`. SY_UNSUPPORTED. */
    sy_status (*want)(sy_task *task, uint32_t *layout, sy_error *err);
    /** The call for a task with resolved layouts, and what is to be said of them: name, math, flags,
     * bound_factor. SY_UNSUPPORTED, SY_INVALID_ARGUMENT; the name is filled in any case. */
    sy_status (*cook)(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
        ascend_work *work, sy_error *err);
} ascend_recipe;

/** Whether f32 is rounded to hf32; only offered where it is asked for. */
enum { ASCEND_WAY_HF32 = 0x100, ASCEND_WAY_INDEX = 0xff };

/** All recipes, by index. */
typedef enum ascend_recipe_index {
    ASCEND_RECIPE_MM,
    ASCEND_RECIPE_BATCH_MATMUL,
    ASCEND_RECIPE_MATMUL,
    ASCEND_RECIPE_ADDMM,
    ASCEND_RECIPE_QUANT_V4,
    ASCEND_RECIPE_QUANT_V3,
    ASCEND_RECIPE_QUANT_V5,
    ASCEND_RECIPE_CONV,
    ASCEND_RECIPE_TRIAD,
    ASCEND_RECIPE_COPY,
    ASCEND_RECIPES
} ascend_recipe_index;

extern const ascend_recipe ascend_recipe_mm, ascend_recipe_batch_matmul, ascend_recipe_matmul,
    ascend_recipe_addmm, ascend_recipe_quant_v4, ascend_recipe_quant_v3, ascend_recipe_quant_v5,
    ascend_recipe_conv, ascend_recipe_triad, ascend_recipe_copy;

/** Open layouts become strided: ascend_recipe.want of most. */
sy_status ascend_want_strided(sy_task *task, uint32_t *layout, sy_error *err);

/** SY_UNSUPPORTED with the reason if the libraries do not have an operator. */
sy_status ascend_has(const sy_device *device, ascend_op op, sy_error *err);

/** Make it a call of an operator; arguments and their counts are to be filled. */
ascend_call *ascend_work_call(ascend_work *work, ascend_op op);

/** Whether its executors are good for one launch only, as far as is known. */
bool ascend_work_is_single_use(const sy_device *device, const ascend_work *work);

/**
 * Ask phase one, with addresses of which nothing is read: fills workspace_bytes and first_ns. For
 * executors that are good for more than one launch: others would be lost. Errors: those of codes; the text
 * names the operator.
 */
sy_status ascend_work_ask(sy_device *device, ascend_work *work, sy_error *err);

/** The same for the others, by a launch on memory that is taken for it. SY_OUT_OF_MEMORY as well. */
sy_status ascend_work_try(sy_device *device, ascend_work *work, sy_error *err);

/* The functions of every way but "host". */
bool ascend_way_does(const sy_card_way *way, const sy_device *device, const sy_task *task);
sy_status ascend_way_offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err);
sy_status ascend_way_plan(sy_plan *plan, uint32_t index, sy_error *err);
void ascend_way_plan_free(sy_plan *plan);
sy_status ascend_way_bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err);
void ascend_way_bind_free(sy_binding *binding);
int ascend_way_run(sy_binding *binding);

#endif
