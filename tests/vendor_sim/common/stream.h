/*
 * Streams: in order, each with a thread, so that what was enqueued is done later. Events order streams and
 * are stamped by the device's clock (clock.h).
 *
 * Settings: delay_us: each piece of work waits that long before it begins. lazy=1: work begins only when
 * somebody waits for it. async=FUNCTION:NTH:CODE: what that call enqueues does nothing and fails with the
 * code.
 */
#ifndef TESTS_VENDOR_SIM_COMMON_STREAM_H
#define TESTS_VENDOR_SIM_COMMON_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct sim_stream sim_stream;
typedef struct sim_event sim_event;

/**
 * A piece of work. run() is called on the stream's thread, without the lock, with a copy of `bytes` bytes of
 * `args`; what it returns is the work's code, 0 if it succeeds. flop, moved (bytes) and ns are what it costs
 * on the device's clock. run may be NULL. done(), if there is one, is called with the lock held when the work
 * is over, whatever became of it: to free what args own, to count down users.
 */
typedef struct sim_work {
    int (*run)(void *args);
    void (*done)(void *args);
    const void *args;
    size_t bytes;
    double flop, moved, ns;
} sim_work;

/** A stream of a device. Not an object of the user: sims keep it in one of theirs (handle.h). */
sim_stream *sim_stream_make(int device);
/** Wait for what is enqueued and end it. */
void sim_stream_destroy(sim_stream *stream);
/** The stream of a device that is always there (the handle NULL of many stacks). */
sim_stream *sim_stream_default(int device);
int sim_stream_device(const sim_stream *stream);

/** Append work; what the function in progress is told to have fail later, fails. */
void sim_stream_enqueue(sim_stream *stream, const sim_work *work);
/** Wait until everything enqueued so far is done: the first failure's code since the last time, which is then
 * forgotten. */
int sim_stream_sync(sim_stream *stream);
/** At most `timeout_ms`; *out_done says whether it is done. */
int sim_stream_sync_within(sim_stream *stream, int64_t timeout_ms, bool *out_done);
/** Whether everything enqueued is done (starts lazy work). */
bool sim_stream_is_done(sim_stream *stream);
/** The failure that the next sync will tell. */
int sim_stream_error(const sim_stream *stream);
/** All streams of a device; the first failure's code, which is then forgotten. */
int sim_device_sync(int device);

/** An event, never recorded yet; not an object of the user, either. */
sim_event *sim_event_make(void);
/** It may still be enqueued: the last one who needs it frees it. */
void sim_event_destroy(sim_event *event);
void sim_event_record(sim_event *event, sim_stream *stream);
/** The stream waits for the event as last recorded; nothing to wait for if it never was. */
void sim_event_wait(sim_stream *stream, sim_event *event);
bool sim_event_is_recorded(const sim_event *event);
/** Done as last recorded, or never recorded (starts lazy work). */
bool sim_event_is_done(sim_event *event);
/** The host waits for it. */
void sim_event_sync(sim_event *event);
/** The device's clock when it happened, ns; it must be done. */
double sim_event_stamp(const sim_event *event);
/** Device of the stream it was last recorded on. */
int sim_event_device(const sim_event *event);

/** For tests, like those of world.h: as long as it is held, no work begins. A new world holds nothing. */
void sim_hold(bool is_held);

#pragma GCC visibility pop

/** The world ends: the default streams go. */
void sim_stream_forget(void);

#endif
