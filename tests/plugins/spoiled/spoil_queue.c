/* Wrong queues, events and timers. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/plugins/spoiled/spoiled.h"

static sy_status event_crash(sy_device *device, sy_event **out_event, sy_error *err) {
    (void)device, (void)out_event, (void)err;
    fprintf(stderr, "spoiled: here it comes\n");
    raise(SIGSEGV);
    return SY_INTERNAL;
}
static void crash(spoiled_tables *tables) {
    tables->queue.event_create = event_crash;
}

static sy_status timer_hang(sy_queue *queue, sy_timer **out_timer, sy_error *err) {
    (void)queue, (void)out_timer, (void)err;
    pause();
    return SY_TIMEOUT;
}
static void hang(spoiled_tables *tables) {
    tables->queue.timer_create = timer_hang;
}

static sy_status query_never(sy_event *event, uint32_t *out_done, sy_error *err) {
    sy_status status = sim_queue.event_query(event, out_done, err);
    *out_done = 0;
    return status;
}
static void event_never(spoiled_tables *tables) {
    tables->queue.event_query = query_never;
}

static sy_status read_long(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err) {
    sy_status status = sim_queue.timer_read(timer, out_ns, out_resolution_ns, err);
    *out_ns *= 10.0;
    return status;
}
static void timer_long(spoiled_tables *tables) {
    tables->queue.timer_read = read_long;
}

static sy_status read_negative(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err) {
    sy_status status = sim_queue.timer_read(timer, out_ns, out_resolution_ns, err);
    *out_ns = -*out_ns;
    return status;
}
static void timer_negative(spoiled_tables *tables) {
    tables->queue.timer_read = read_negative;
}

static sy_status read_constant(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err) {
    sy_status status = sim_queue.timer_read(timer, out_ns, out_resolution_ns, err);
    *out_ns = 1000.0;
    return status;
}
static void timer_constant(spoiled_tables *tables) {
    tables->queue.timer_read = read_constant;
}

static sy_status create_one(sy_device *device, sy_queue **out_queue, sy_error *err) {
    static int queues;
    (void)err;
    *out_queue = NULL;
    return queues++ > 0 ? SY_UNSUPPORTED : sim_queue.create(device, out_queue, err);
}
static void one_queue(spoiled_tables *tables) {
    tables->queue.create = create_one;
}

const spoiler spoil_queue[] = {{"crash", crash}, {"hang", hang}, {"event_never", event_never},
    {"timer_long", timer_long}, {"timer_negative", timer_negative}, {"timer_constant", timer_constant},
    {"one_queue", one_queue}, {NULL, NULL}};
