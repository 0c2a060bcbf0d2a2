#include "tests/vendor_sim/common/stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/common/fault.h"
#include "tests/vendor_sim/common/lock.h"
#include "tests/vendor_sim/common/queue.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

/* All streams, the default ones too. */
static sim_stream *streams;
static sim_stream *default_stream[SIM_DEVICES_MAX];
static bool is_held;

static bool can_begin(const sim_stream *stream) {
    const sim_item *item = stream->first;
    if (item == NULL || is_held || (stream->is_lazy && item->number >= stream->wanted))
        return false;
    if (item->kind != SIM_ITEM_WAIT || item->event->done >= item->generation)
        return true;
    sim_event_start(item->event);
    return false;
}

static void sleep_unlocked(double ns) {
    if (ns < 1)
        return;
    struct timespec time = {.tv_sec = (time_t)(ns / 1e9)};
    time.tv_nsec = (long)(ns - (double)time.tv_sec * 1e9);
    sim_unlock();
    nanosleep(&time, NULL);
    sim_lock();
}

static int run_work(const sim_stream *stream, sim_item *item) {
    const sim_work *work = &item->work;
    if (sim_fault_lost() != 0)
        return sim_fault_lost();
    if (item->fate != 0)
        return item->fate;
    int code = 0;
    double began = sim_clock_host_ns();
    if (work->run != NULL) {
        sim_unlock();
        code = work->run(item->args);
        sim_lock();
    }
    double cost = sim_clock_advance(stream->device, work->flop, work->moved, work->ns);
    sleep_unlocked(cost * sim_real(stream->device, "pace", 0) - (sim_clock_host_ns() - began));
    return code;
}

static void finish(sim_stream *stream, int code) {
    sim_item *item = stream->first;
    if (item->kind == SIM_ITEM_RECORD)
        sim_event_happens(item->event, item->generation, sim_clock_ns(stream->device));
    if (item->event != NULL)
        sim_event_drop(item->event);
    if (item->work.done != NULL)
        item->work.done(item->args);
    if (stream->error == 0)
        stream->error = code;
    stream->first = item->next;
    if (stream->first == NULL)
        stream->last = &stream->first;
    stream->done = item->number + 1;
    free(item->args);
    free(item);
    sim_changed();
}

static void *serve(void *argument) {
    sim_stream *stream = argument;
    sim_lock();
    for (;;) {
        while (!can_begin(stream) && !(stream->is_stopping && stream->first == NULL))
            sim_wait();
        sim_item *item = stream->first;
        if (item == NULL)
            break;
        int code = 0;
        if (item->kind == SIM_ITEM_WORK) {
            sim_clock_busy(stream->device, 1);
            sleep_unlocked((double)sim_number(stream->device, "delay_us", 0) * 1e3);
            code = run_work(stream, item);
            sim_clock_busy(stream->device, 0);
        }
        finish(stream, code);
    }
    sim_unlock();
    return NULL;
}

sim_stream *sim_stream_make(int device) {
    sim_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        sim_die("the host has no memory for a stream");
    stream->device = device;
    stream->last = &stream->first;
    stream->is_lazy = sim_number(device, "lazy", 0) != 0;
    stream->next = streams;
    streams = stream;
    if (pthread_create(&stream->thread, NULL, serve, stream) != 0)
        sim_die("no thread for a stream");
    return stream;
}

void sim_stream_destroy(sim_stream *stream) {
    stream->is_stopping = true;
    stream->wanted = UINT64_MAX;
    sim_changed();
    sim_unlock();
    pthread_join(stream->thread, NULL);
    sim_lock();
    sim_stream **link = &streams;
    while (*link != stream)
        link = &(*link)->next;
    *link = stream->next;
    free(stream);
}

sim_stream *sim_stream_default(int device) {
    if (default_stream[device] == NULL)
        default_stream[device] = sim_stream_make(device);
    return default_stream[device];
}

void sim_hold(bool wants_hold) {
    sim_lock();
    is_held = wants_hold;
    sim_changed();
    sim_unlock();
}

void sim_stream_forget(void) {
    is_held = false;
    for (int i = 0; i < SIM_DEVICES_MAX; i++) {
        if (default_stream[i] != NULL)
            sim_stream_destroy(default_stream[i]);
        default_stream[i] = NULL;
    }
}

int sim_stream_device(const sim_stream *stream) {
    return stream->device;
}

sim_item *sim_stream_append(sim_stream *stream, uint32_t kind) {
    sim_item *item = calloc(1, sizeof *item);
    if (item == NULL)
        sim_die("the host has no memory for work");
    item->kind = kind;
    item->number = stream->next_number++;
    *stream->last = item;
    stream->last = &item->next;
    sim_changed();
    return item;
}

void sim_stream_enqueue(sim_stream *stream, const sim_work *work) {
    sim_item *item = sim_stream_append(stream, SIM_ITEM_WORK);
    item->work = *work;
    item->fate = sim_fate();
    if (work->bytes == 0)
        return;
    item->args = malloc(work->bytes);
    if (item->args == NULL)
        sim_die("the host has no memory for work");
    memcpy(item->args, work->args, work->bytes);
}

void sim_stream_start(sim_stream *stream, uint64_t until) {
    if (stream->wanted < until) {
        stream->wanted = until;
        sim_changed();
    }
}

int sim_stream_sync_within(sim_stream *stream, int64_t timeout_ms, bool *out_done) {
    uint64_t until = stream->next_number;
    int64_t limit = timeout_ms < 0 ? -1 : sim_host_ns() + timeout_ms * 1000000;
    sim_stream_start(stream, until);
    bool in_time = true;
    while (stream->done < until && in_time) {
        if (limit < 0)
            sim_wait();
        else
            in_time = sim_wait_until(limit);
    }
    *out_done = stream->done >= until;
    if (!*out_done)
        return 0;
    int code = stream->error;
    stream->error = 0;
    return code;
}

int sim_stream_sync(sim_stream *stream) {
    bool is_done;
    return sim_stream_sync_within(stream, -1, &is_done);
}

bool sim_stream_is_done(sim_stream *stream) {
    sim_stream_start(stream, stream->next_number);
    return stream->done >= stream->next_number;
}

int sim_stream_error(const sim_stream *stream) {
    return stream->error;
}

/* Streams may come and go while one is waited for: look again from the beginning. */
int sim_device_sync(int device) {
    int first = 0;
    bool is_idle = false;
    while (!is_idle) {
        is_idle = true;
        for (sim_stream *stream = streams; stream != NULL && is_idle; stream = stream->next) {
            if (stream->device != device || (stream->done >= stream->next_number && stream->error == 0))
                continue;
            sim_stream_start(stream, stream->next_number);
            if (stream->done < stream->next_number) {
                sim_wait();
            } else {
                first = first == 0 ? stream->error : first;
                stream->error = 0;
            }
            is_idle = false;
        }
    }
    return first;
}
