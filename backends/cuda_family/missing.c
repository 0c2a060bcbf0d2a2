/* Convolutions on a stack whose DNN library C cannot call: refused with the reason. */
#include <stdio.h>

#include "backends/cuda_family/family.h"
#include "runtime/base/error.h"

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    (void)way;
    return task->op == SY_OP_CONV && cf_libraries_of(device)->stack->no_dnn != NULL;
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    const cf_stack *stack = cf_libraries_of(device)->stack;
    (void)task;
    if (index > 0)
        return SY_UNAVAILABLE;
    snprintf(out_offer->name, sizeof out_offer->name, "%s", way->name);
    return sy_error_set(err, SY_UNSUPPORTED, "%s: %s", stack->title, stack->no_dnn);
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    sy_card_offer refused = {0};
    return offer(plan->way, plan->device, &plan->task, index, &refused, err);
}

const sy_card_way cf_way_missing = {.name = "dnn", .does = does, .offer = offer, .plan = plan};
