/* Two chunks under way at any time, so that the device never waits for the host. */
#include "bench/measure/window.h"

#include "bench/measure/batch.h"
#include "runtime/base/error.h"

enum { LOAD, WINDOW, TAIL, DONE };

static const uint64_t most_launches = UINT64_C(1) << 24;

/* Launches enqueued together. */
typedef struct chunk {
    uint64_t first, launches;
} chunk;

typedef struct run {
    const sy_work *work;
    const sy_clock *clock;
    const sy_window_config *config;
    sy_window *window;
    sy_batcher batcher;
    uint64_t launches; /* that a chunk should have */
    uint64_t last_ns;  /* when the chunk before was done */
    uint64_t chunks, begin_index;
    int phase;
    chunk under_way[2];
} run;

/* Whole cycles where a chunk has room for one, else up to the end of the cycle that is going on. */
static uint64_t next_launches(const run *r) {
    uint64_t cycle = r->config->cycle, wanted = r->launches;
    uint64_t left = cycle - r->batcher.next % cycle;
    if (wanted > left)
        wanted = left + (wanted - left) / cycle * cycle;
    return wanted;
}

static sy_status enqueue(run *r, uint32_t which, sy_error *err) {
    const sy_work *work = r->work;
    chunk *next = &r->under_way[which];
    *next = (chunk){.first = r->batcher.next, .launches = next_launches(r)};
    sy_status status = SY_OK;
    if (work->resume != NULL)
        status = work->resume(work->ctx, next->first, next->launches, err);
    for (uint64_t i = 0; status == SY_OK && i < next->launches; i++)
        status = work->launch(work->ctx, r->batcher.next++, err);
    if (status == SY_OK && work->mark != NULL)
        status = work->mark(work->ctx, which, err);
    return status;
}

static void take_mark(run *r, uint64_t now_ns, uint64_t done) {
    sy_window *window = r->window;
    if (r->chunks++ % window->mark_stride != 0)
        return;
    if (window->mark_count == window->mark_capacity) {
        window->mark_count /= 2;
        for (size_t i = 0; i < window->mark_count; i++)
            window->mark[i] = window->mark[2 * i];
        window->mark_stride *= 2;
    }
    window->mark[window->mark_count++] = (sy_window_mark){.at_ns = now_ns, .launches = done};
}

static void pass_edge(run *r, uint64_t now_ns) {
    if (r->config->edge != NULL)
        r->config->edge(r->config->ctx, now_ns);
}

/* What the end of a chunk means for where we are. */
static void advance(run *r, uint64_t now_ns, uint64_t done) {
    sy_window *window = r->window;
    bool is_whole = done % r->config->cycle == 0;
    if (r->phase == LOAD && is_whole && now_ns - window->load_begin_ns >= r->config->load_ns) {
        window->begin_ns = now_ns;
        r->begin_index = done;
        r->phase = WINDOW;
        pass_edge(r, now_ns);
    } else if (r->phase == WINDOW && is_whole && now_ns - window->begin_ns >= r->config->window_ns) {
        window->end_ns = now_ns;
        window->launches = done - r->begin_index;
        window->chunk_ns = now_ns - r->last_ns;
        r->phase = TAIL;
        pass_edge(r, now_ns);
    }
    if (r->phase == TAIL && now_ns - window->end_ns >= r->config->tail_ns)
        r->phase = DONE;
}

/* Chunks twice as long as wanted, or half as long, are mended by halves and doubles. The one that is done was
 * perhaps cut at a cycle's end, or is from before the last change. */
static void adjust(run *r, uint64_t took_ns, uint64_t launches) {
    uint64_t unit = r->config->unit;
    double chunk_ns = (double)took_ns * (double)r->launches / (double)launches;
    double wanted_ns = (double)r->config->chunk_ns;
    if (chunk_ns < wanted_ns / 2 && r->launches < most_launches)
        r->launches *= 2;
    else if (chunk_ns > 2 * wanted_ns && r->launches / 2 / unit > 0)
        r->launches = r->launches / 2 / unit * unit;
}

static sy_status finish_chunk(run *r, uint32_t which, sy_error *err) {
    const sy_work *work = r->work;
    const chunk *done = &r->under_way[which];
    uint64_t now_ns = 0;
    sy_status status = work->reach != NULL ? work->reach(work->ctx, which, err) : work->sync(work->ctx, err);
    if (status == SY_OK)
        status = sy_clock_read(r->clock, &now_ns, err);
    if (status == SY_OK && now_ns < r->last_ns)
        status = sy_error_set(err, SY_INTERNAL, "the clock went back");
    if (status != SY_OK)
        return status;
    take_mark(r, now_ns, done->first + done->launches);
    if (r->phase != DONE)
        advance(r, now_ns, done->first + done->launches);
    adjust(r, now_ns - r->last_ns, done->launches);
    r->window->first = done->first;
    r->window->last_launches = done->launches;
    r->window->load_end_ns = r->last_ns = now_ns;
    if (r->config->poll != NULL)
        r->config->poll(r->config->ctx, now_ns);
    return SY_OK;
}

/* With marks the next chunk is enqueued before the one in hand is waited for. */
static sy_status keep_loaded(run *r, sy_error *err) {
    bool has_marks = r->work->mark != NULL;
    uint32_t which = 0;
    sy_status status = has_marks ? enqueue(r, which, err) : SY_OK;
    while (status == SY_OK && r->phase != DONE && !sy_batcher_is_cancelled(&r->batcher)) {
        uint32_t next = has_marks ? 1 - which : which;
        status = enqueue(r, next, err);
        if (status == SY_OK)
            status = finish_chunk(r, which, err);
        which = next;
    }
    return status == SY_OK && has_marks ? finish_chunk(r, which, err) : status;
}

sy_status sy_window_run(const sy_work *work, const sy_clock *clock, const sy_window_config *config,
    sy_window *out_window, sy_error *err) {
    run r = {.work = work,
        .clock = clock,
        .config = config,
        .window = out_window,
        .batcher = {.work = work, .clock = clock},
        .launches = config->unit};
    sy_status status = sy_batcher_check(work, clock, err);
    bool is_sound = config->unit > 0 && config->cycle > 0 && out_window->mark_capacity >= 2 &&
                    out_window->mark_capacity % 2 == 0 && (work->mark == NULL) == (work->reach == NULL);
    if (status == SY_OK && !is_sound)
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "a unit or cycle of 0, no room for marks, or half of them");
    *out_window =
        (sy_window){.mark = out_window->mark, .mark_capacity = out_window->mark_capacity, .mark_stride = 1};
    if (status == SY_OK)
        status = sy_batch_prepare(&r.batcher, config->unit, err);
    if (status == SY_OK)
        status = sy_clock_read(clock, &out_window->load_begin_ns, err);
    r.last_ns = out_window->load_begin_ns;
    if (status == SY_OK)
        status = keep_loaded(&r, err);
    if (status == SY_OK)
        status = work->sync(work->ctx, err);
    if (status == SY_OK && r.phase != DONE)
        status = sy_error_set(err, SY_REFUSED, "cancelled");
    if (status == SY_OK && out_window->end_ns == out_window->begin_ns)
        status = sy_error_set(err, SY_WRONG_RESULT, "the window has no time");
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, "energy window");
}
