/* Operands of a plan held against its tensors, before anything is tied to them. */
#ifndef RUNTIME_CARD_OPERANDS_H
#define RUNTIME_CARD_OPERANDS_H

#include "runtime/card/card.h"

/**
 * SY_INVALID_ARGUMENT: a wrong count, a queue or buffer of another device, memory that is not the device's, a
 * span that is too short, not aligned to its elements, or overlaps the output without being allowed to.
 */
sy_status sy_card_operands_check(const sy_plan *plan, const sy_queue *queue, const sy_span *operands,
    uint32_t count, sy_span workspace, sy_error *err);

#endif
