#include <stdlib.h>

#include "tests/vendor_sim/common/lock.h"
#include "tests/vendor_sim/common/queue.h"
#include "tests/vendor_sim/common/world.h"

sim_event *sim_event_make(void) {
    sim_event *event = calloc(1, sizeof *event);
    if (event == NULL)
        sim_die("the host has no memory for an event");
    return event;
}

void sim_event_drop(sim_event *event) {
    if (--event->holds == 0 && event->is_destroyed)
        free(event);
}

void sim_event_destroy(sim_event *event) {
    event->is_destroyed = true;
    event->holds++;
    sim_event_drop(event);
}

static void append(sim_stream *stream, uint32_t kind, sim_event *event) {
    sim_item *item = sim_stream_append(stream, kind);
    item->event = event;
    item->generation = event->generation;
    event->holds++;
}

void sim_event_record(sim_event *event, sim_stream *stream) {
    event->generation++;
    event->stream = stream;
    event->device = sim_stream_device(stream);
    event->number = stream->next_number;
    append(stream, SIM_ITEM_RECORD, event);
}

void sim_event_wait(sim_stream *stream, sim_event *event) {
    if (event->done < event->generation)
        append(stream, SIM_ITEM_WAIT, event);
}

void sim_event_happens(sim_event *event, uint64_t generation, double stamp) {
    if (event->done < generation) {
        event->done = generation;
        event->stamp = stamp;
    }
}

void sim_event_start(sim_event *event) {
    if (event->done < event->generation)
        sim_stream_start(event->stream, event->number + 1);
}

bool sim_event_is_recorded(const sim_event *event) {
    return event->generation > 0;
}

bool sim_event_is_done(sim_event *event) {
    sim_event_start(event);
    return event->done >= event->generation;
}

void sim_event_sync(sim_event *event) {
    event->holds++;
    uint64_t generation = event->generation;
    sim_event_start(event);
    while (event->done < generation)
        sim_wait();
    sim_event_drop(event);
}

double sim_event_stamp(const sim_event *event) {
    return event->stamp;
}

int sim_event_device(const sim_event *event) {
    return event->device;
}
