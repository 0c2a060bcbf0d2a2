/* All candidates of the ways for one task: ordinary ones first, then variants. */
#ifndef RUNTIME_CARD_LIST_H
#define RUNTIME_CARD_LIST_H

#include "runtime/card/card.h"

/** A candidate: whose, which of its own, and what it answered. */
typedef struct sy_card_candidate {
    uint32_t way, index;
    sy_status status;
    sy_error error; /* of a refusal */
    sy_card_offer offer;
} sy_card_candidate;

/** The list that was made last is kept: hosts ask for candidates one by one. */
typedef struct sy_card_list sy_card_list;

/** NULL: no memory. */
sy_card_list *sy_card_list_create(void);
void sy_card_list_destroy(sy_card_list *list);

/**
 * Candidate `at` for a task. Called with device->lock held; the answer is borrowed until the next call.
 * NULL: past the end.
 */
const sy_card_candidate *sy_card_list_at(sy_device *device, const sy_task *task, uint32_t at);

#endif
