/* Events and timers, as in sy_queue_api. */
#ifndef RUNTIME_CARD_EVENT_H
#define RUNTIME_CARD_EVENT_H

#include "runtime/card/card.h"

sy_status sy_card_event_create(sy_device *device, sy_event **out_event, sy_error *err);
sy_status sy_card_event_record(sy_event *event, sy_queue *queue, sy_error *err);
sy_status sy_card_event_wait(sy_queue *queue, sy_event *event, sy_error *err);
sy_status sy_card_event_query(sy_event *event, uint32_t *out_done, sy_error *err);
void sy_card_event_destroy(sy_event *event);
sy_status sy_card_timer_create(sy_queue *queue, sy_timer **out_timer, sy_error *err);
sy_status sy_card_timer_start(sy_timer *timer, sy_error *err);
sy_status sy_card_timer_stop(sy_timer *timer, sy_error *err);
sy_status sy_card_timer_read(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err);
void sy_card_timer_destroy(sy_timer *timer);

#endif
