/* Recording launches and replaying them, inside this folder. */
#ifndef RUNTIME_CARD_CAPTURE_H
#define RUNTIME_CARD_CAPTURE_H

#include "runtime/card/card.h"

/** Why nothing can be recorded on the device; NULL: it can. */
const char *sy_card_capture_lacks(const sy_device *device);

/** End a recording that nobody ended, before its queue goes; fine if there is none. */
void sy_card_capture_drop(sy_queue *queue);

/**
 * As in sy_work_api. A failure of a launch between begin and end is told by the end and is none of the
 * queue's any more, which is usable afterwards.
 *
 * Errors  begin: SY_UNSUPPORTED: the stack cannot; SY_INVALID_ARGUMENT: it records already; what a launch
 *         failed with that no sync has told yet, and it stays to be told; the vendor's. end:
 *         SY_INVALID_ARGUMENT: nothing is being recorded; what a launch failed with; the vendor's.
 */
sy_status sy_card_capture_begin(sy_queue *queue, sy_error *err);
sy_status sy_card_capture_end(sy_queue *queue, sy_graph **out_graph, sy_error *err);
sy_status sy_card_graph_run(sy_graph *graph);
void sy_card_graph_destroy(sy_graph *graph);

#endif
