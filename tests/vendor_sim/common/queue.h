/* What streams and events know of each other. */
#ifndef TESTS_VENDOR_SIM_COMMON_QUEUE_H
#define TESTS_VENDOR_SIM_COMMON_QUEUE_H

#include <pthread.h>

#include "tests/vendor_sim/common/stream.h"

enum { SIM_ITEM_WORK = 0, SIM_ITEM_RECORD = 1, SIM_ITEM_WAIT = 2 };

typedef struct sim_item {
    struct sim_item *next;
    uint32_t kind;
    uint64_t number;
    sim_work work;
    void *args;
    int fate;         /* code to end with */
    sim_event *event; /* held */
    uint64_t generation;
} sim_item;

/** Items with a number below `done` are over; below `wanted` somebody waits for them. */
struct sim_stream {
    sim_stream *next;
    pthread_t thread;
    int device, error;
    sim_item *first, **last;
    uint64_t next_number, done, wanted;
    bool is_lazy, is_stopping;
};

/** generation: how often it was recorded; done: the last one that happened. */
struct sim_event {
    int holds;
    bool is_destroyed;
    uint64_t generation, done;
    double stamp;
    int device;
    sim_stream *stream; /* of the last record: there is one as long as that has not happened */
    uint64_t number;
};

sim_item *sim_stream_append(sim_stream *stream, uint32_t kind);
void sim_stream_start(sim_stream *stream, uint64_t until);

/** Somebody waits for it: start lazy work. */
void sim_event_start(sim_event *event);
void sim_event_happens(sim_event *event, uint64_t generation, double stamp);
void sim_event_drop(sim_event *event);

#endif
