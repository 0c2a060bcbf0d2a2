/* Jobs under a load without a pause: the functions that the window calls, and its marks out of events. */
#include <math.h>
#include <time.h>

#include "bench/measure/window.h"
#include "bench/worker/job.h"
#include "runtime/base/error.h"

/* How often an event is asked for: seldom enough to leave the processor alone, often enough for an edge. */
static const uint64_t ASK_NS = 50000;

/* Whose turn it is: launch `done` of the share `at`. */
typedef struct turns {
    const sy_job_share *share;
    size_t count, at;
    uint64_t done;
    const sy_job_device *on;
    sy_event *event[2];
    uint64_t recorded; /* launches of the graphs under way; 0: none */
} turns;

static bool is_in_place(const sy_job *job) {
    return job->plan != NULL && (job->algorithm.flags & SY_ALGO_IN_PLACE_C) != 0;
}

/* All output slots, so that one that is never written shows. */
static sy_status poison(sy_job *job, sy_error *err) {
    uint64_t launches = job->ring.outputs > 0 ? job->ring.outputs : 1;
    sy_status status = sy_job_prepare_batch(job, 0, launches, err);
    job->batch_launches = 0;
    return status;
}

static sy_status prepare_all(void *ctx, uint64_t first_index, uint64_t launches, sy_error *err) {
    turns *t = ctx;
    sy_status status = SY_OK;
    (void)first_index;
    (void)launches;
    for (size_t i = 0; status == SY_OK && i < t->count; i++)
        status = poison(t->share[i].job, err);
    return status;
}

/* Another length replaces graphs, of which one may be under way. */
static sy_status resume(void *ctx, uint64_t first_index, uint64_t launches, sy_error *err) {
    turns *t = ctx;
    sy_job *job = t->share[0].job;
    sy_status status = SY_OK;
    if (job->recorded == NULL)
        return SY_OK;
    if (t->recorded != launches && t->recorded > 0)
        status = t->on->api->queue->sync(t->on->queue, UINT64_MAX, err);
    t->recorded = launches;
    job->batch_first = first_index;
    job->batch_launches = launches;
    return status == SY_OK ? sy_job_graph_take(job, first_index, launches, err) : status;
}

/* Where launches are recorded there is one job, and its batch is as resume() has put it. */
static sy_status launch_next(void *ctx, uint64_t index, sy_error *err) {
    turns *t = ctx;
    const sy_job_share *share = &t->share[t->at];
    if (share->job->recorded != NULL)
        return sy_job_launch(share->job, index, err);
    sy_status status = sy_job_launch(share->job, share->job->batch_launches, err);
    share->job->batch_launches++;
    if (++t->done < share->launches)
        return status;
    t->done = 0;
    t->at = (t->at + 1) % t->count;
    return status;
}

static sy_status wait_for_all(void *ctx, sy_error *err) {
    turns *t = ctx;
    return t->on->api->queue->sync(t->on->queue, UINT64_MAX, err);
}

static sy_status record_mark(void *ctx, uint32_t which, sy_error *err) {
    turns *t = ctx;
    return t->on->api->queue->event_record(t->event[which], t->on->queue, err);
}

/* The queue goes on behind the mark, so it is asked for and not waited for. */
static sy_status reach_mark(void *ctx, uint32_t which, sy_error *err) {
    turns *t = ctx;
    const struct timespec pause = {.tv_nsec = (long)ASK_NS};
    for (;;) {
        uint32_t is_done = 0;
        sy_status status = t->on->api->queue->event_query(t->event[which], &is_done, err);
        if (status != SY_OK || is_done != 0)
            return status;
        if (t->on->is_simulated_clock)
            t->on->api->device->clock_advance(t->on->device, ASK_NS);
        else
            nanosleep(&pause, NULL);
    }
}

static sy_status create_marks(turns *t, sy_work *work, sy_error *err) {
    const sy_queue_api *queue = t->on->api->queue;
    bool can_wait = !t->on->is_simulated_clock || t->on->api->device->clock_advance != NULL;
    if (queue->event_create == NULL || !can_wait)
        return SY_OK;
    work->mark = record_mark;
    work->reach = reach_mark;
    sy_status status = queue->event_create(t->on->device, &t->event[0], err);
    return status == SY_OK ? queue->event_create(t->on->device, &t->event[1], err) : status;
}

static void destroy_marks(turns *t) {
    for (size_t i = 0; i < 2; i++)
        if (t->event[i] != NULL)
            t->on->api->queue->event_destroy(t->event[i]);
}

/* Results that were added to again and again are not those of one launch: a last batch of its own is what is
 * checked. */
static sy_status finish_in_place(sy_job *job, sy_error *err) {
    sy_status status = sy_job_prepare_batch(job, job->batch_first + job->batch_launches, 1, err);
    if (status == SY_OK)
        status = sy_job_launch(job, job->batch_first, err);
    return status == SY_OK ? job->on->api->queue->sync(job->on->queue, UINT64_MAX, err) : status;
}

static sy_status refuse(const sy_job_share *share, size_t count, sy_error *err) {
    for (size_t i = 0; i < count; i++) {
        const sy_job *job = share[i].job;
        if (count > 1 && job->recorded != NULL)
            return sy_error_set(
                err, SY_UNSUPPORTED, "launches of several problems are not recorded as one graph");
        if (share[i].launches == 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "a problem with no launches");
        if (is_in_place(job) && fabs(job->spec.u.gemm.beta) > 1.0)
            return sy_error_set(err, SY_UNSUPPORTED,
                "C is its own input and grows without bound at beta = %g: no load without a pause",
                job->spec.u.gemm.beta);
    }
    return SY_OK;
}

sy_status sy_job_window(const sy_job_share *share, size_t count, const sy_window_config *config,
    sy_window *out_window, sy_error *err) {
    turns t = {.share = share, .count = count, .on = share[0].job->on};
    sy_work work = {
        .ctx = &t, .prepare = prepare_all, .launch = launch_next, .sync = wait_for_all, .resume = resume};
    sy_window_config wanted = *config;
    sy_status status = refuse(share, count, err);
    if (status != SY_OK)
        return status;
    wanted.unit = share[0].job->unit;
    wanted.cycle = share[0].launches;
    for (size_t i = 1; i < count; i++)
        wanted.cycle += share[i].launches;
    if (count == 1)
        wanted.cycle = 1;
    status = create_marks(&t, &work, err);
    if (status == SY_OK)
        status = sy_window_run(&work, &t.on->clock, &wanted, out_window, err);
    for (size_t i = 0; status == SY_OK && i < count; i++)
        if (is_in_place(share[i].job))
            status = finish_in_place(share[i].job, err);
    destroy_marks(&t);
    return status;
}
