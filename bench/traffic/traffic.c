/* The loop of a phase: queries become due, samples go to instances, runs come back. */
#include "bench/traffic/traffic.h"

#include <math.h>

#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

/* What an instance works on: samples of queries first .. first + queries - 1; first_samples of the first,
 * which others may have a part of too. */
typedef struct instance_state {
    bool is_busy;
    uint32_t samples, first_samples;
    uint64_t first, queries;
} instance_state;

/*
 * A phase under way. asked: queries so far; given: samples of query `asked_at` that went to instances; open:
 * queries that are not answered. Answers may come out of order, so each query counts down what is left of it.
 */
typedef struct phase {
    const sy_traffic_settings *settings;
    const sy_traffic_world *world;
    sy_traffic_log *log;
    instance_state *instance;
    uint32_t *left; /* samples of each query that are not answered; as long as log->query */
    size_t left_capacity;
    size_t give_at;      /* query whose samples go out next */
    uint32_t given;      /* of its samples */
    uint64_t waiting;    /* samples that are due and went to nobody */
    uint64_t open, busy; /* queries; instances */
    uint64_t over;       /* answers over the bound */
    uint64_t next_due_ns;
    bool has_ended; /* nothing more is asked */
    sy_random arrivals, sets;
} phase;

uint64_t sy_traffic_latency_ns(const sy_traffic_query *query) {
    return query->end_ns > query->due_ns ? query->end_ns - query->due_ns : 0;
}

void sy_traffic_log_release(sy_traffic_log *log) {
    sy_mem_free(log->query);
    *log = (sy_traffic_log){0};
}

static uint64_t since_begin_ns(const phase *p) {
    uint64_t now_ns = p->world->now_ns(p->world->ctx);
    return now_ns > p->log->begin_ns ? now_ns - p->log->begin_ns : 0;
}

/* Room for one more query; grown by halves, and begun large enough that a phase seldom grows. */
static sy_status reserve(phase *p, sy_error *err) {
    sy_traffic_log *log = p->log;
    if (log->count < log->capacity && log->count < p->left_capacity)
        return SY_OK;
    size_t capacity = log->capacity > 0 ? log->capacity + log->capacity / 2 : 4096;
    size_t query_bytes, left_bytes;
    bool is_large = __builtin_mul_overflow(capacity, sizeof *log->query, &query_bytes) ||
                    __builtin_mul_overflow(capacity, sizeof *p->left, &left_bytes);
    sy_traffic_query *query = is_large ? NULL : sy_mem_realloc(log->query, query_bytes);
    if (query != NULL)
        log->query = query;
    uint32_t *left = query == NULL ? NULL : sy_mem_realloc(p->left, left_bytes);
    if (left == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu queries", capacity);
    p->left = left;
    log->capacity = p->left_capacity = capacity;
    return SY_OK;
}

static sy_status ask(phase *p, uint64_t due_ns, sy_error *err) {
    sy_status status = reserve(p, err);
    if (status != SY_OK)
        return status;
    uint32_t samples = p->settings->query_samples;
    p->log->query[p->log->count] = (sy_traffic_query){.due_ns = due_ns, .samples = samples};
    p->left[p->log->count++] = samples;
    p->waiting += samples;
    p->open++;
    return SY_OK;
}

/* Whether what was asked for is reached; by the time a query would be due. */
static bool is_reached(phase *p, uint64_t due_ns) {
    const sy_traffic_settings *s = p->settings;
    const sy_traffic_world *world = p->world;
    bool has_queries = p->log->count >= s->min_queries && p->log->count > 0;
    bool is_late = (s->limit_ns > 0 && due_ns >= s->limit_ns) ||
                   (has_queries && world->is_late != NULL && world->is_late(world->ctx));
    bool is_full = due_ns >= s->min_duration_ns && p->log->count >= s->min_queries;
    p->log->is_cut = p->log->is_cut || (is_late && !is_full);
    return is_late || is_full;
}

static void draw_arrival(phase *p) {
    double gap_ns = -log1p(-sy_random_unit(&p->arrivals)) / p->settings->qps * 1e9;
    p->next_due_ns += gap_ns < 1e18 ? (uint64_t)gap_ns : UINT64_C(1000000000000000000);
}

static sy_status ask_server(phase *p, sy_error *err) {
    sy_status status = SY_OK;
    uint64_t now_ns = since_begin_ns(p);
    while (status == SY_OK && !p->has_ended && p->next_due_ns <= now_ns) {
        p->has_ended = is_reached(p, p->next_due_ns);
        if (p->has_ended)
            break;
        status = ask(p, p->next_due_ns, err);
        draw_arrival(p);
    }
    return status;
}

/* As many queries as may be open at once. Offline keeps every instance busy. */
static sy_status ask_closed(phase *p, sy_error *err) {
    uint64_t most = p->settings->scenario == SY_SCENARIO_MULTI_STREAM ? 1 : p->settings->instances;
    sy_status status = SY_OK;
    while (status == SY_OK && !p->has_ended && p->open < most) {
        uint64_t now_ns = since_begin_ns(p);
        p->has_ended = is_reached(p, now_ns);
        if (!p->has_ended)
            status = ask(p, now_ns, err);
    }
    return status;
}

/* When the oldest sample that waits for company has waited long enough. */
static uint64_t batch_due_ns(const phase *p) {
    return p->log->query[p->give_at].due_ns + p->settings->batch_delay_ns;
}

/* Whether samples may go out now: a full batch, or nobody is worth waiting for. */
static bool is_ready(const phase *p) {
    if (p->waiting == 0 || p->busy == p->settings->instances || p->log->has_given_up)
        return false;
    bool is_full = p->waiting >= p->settings->batch;
    bool may_wait = p->settings->scenario == SY_SCENARIO_SERVER && !p->has_ended;
    return is_full || !may_wait || since_begin_ns(p) >= batch_due_ns(p);
}

static uint32_t find_free(const phase *p) {
    uint32_t at = 0;
    while (p->instance[at].is_busy)
        at++;
    return at;
}

/* Take up to `batch` samples off the queue; they may be of several queries, or a part of one. */
static void take_samples(phase *p, instance_state *to) {
    uint32_t room = p->settings->batch;
    *to = (instance_state){.is_busy = true, .first = p->give_at};
    while (room > 0 && p->waiting > 0) {
        uint32_t rest = p->log->query[p->give_at].samples - p->given;
        uint32_t some = rest < room ? rest : room;
        room -= some;
        to->samples += some;
        if (to->queries == 0)
            to->first_samples = some;
        p->waiting -= some;
        p->given += some;
        to->queries = p->give_at - to->first + 1;
        if (p->given < p->log->query[p->give_at].samples)
            break;
        p->give_at++;
        p->given = 0;
    }
}

static sy_status give(phase *p, sy_error *err) {
    const sy_traffic_settings *s = p->settings;
    sy_status status = SY_OK;
    while (status == SY_OK && is_ready(p)) {
        uint32_t at = find_free(p);
        instance_state *instance = &p->instance[at];
        take_samples(p, instance);
        sy_traffic_work work = {.instance = at, .samples = instance->samples, .number = p->log->runs};
        work.set = s->is_repeated ? 0 : sy_random_below(&p->sets, s->sets);
        p->log->runs++;
        p->log->padding += s->batch - instance->samples;
        p->busy++;
        status = p->world->submit(p->world->ctx, &work, err);
    }
    return status;
}

/* An answer to a part of a query; true if it was the last part. */
static bool answer(phase *p, size_t at, uint32_t samples, const sy_traffic_done *done) {
    sy_traffic_query *query = &p->log->query[at];
    uint64_t begin_ns = done->begin_ns > p->log->begin_ns ? done->begin_ns - p->log->begin_ns : 0;
    uint64_t end_ns = done->end_ns > p->log->begin_ns ? done->end_ns - p->log->begin_ns : 0;
    if (query->runs == 0 || begin_ns < query->begin_ns)
        query->begin_ns = begin_ns;
    if (end_ns > query->end_ns)
        query->end_ns = end_ns;
    query->runs++;
    query->in_ns += done->in_ns;
    query->compute_ns += done->compute_ns;
    query->out_ns += done->out_ns;
    p->left[at] -= samples;
    return p->left[at] == 0;
}

static void take_done(phase *p, const sy_traffic_done *done) {
    instance_state *instance = &p->instance[done->instance];
    uint32_t rest = instance->samples;
    for (uint64_t i = 0; i < instance->queries; i++) {
        size_t at = (size_t)(instance->first + i);
        uint32_t own = i == 0 ? instance->first_samples : p->log->query[at].samples;
        uint32_t some = own < rest ? own : rest;
        rest -= some;
        p->log->samples += some;
        if (!answer(p, at, some, done))
            continue;
        const sy_traffic_query *query = &p->log->query[at];
        p->open--;
        p->over += p->settings->bound_ns > 0 && sy_traffic_latency_ns(query) > p->settings->bound_ns;
        if (query->end_ns > p->log->last_end_ns)
            p->log->last_end_ns = query->end_ns;
    }
    instance->is_busy = false;
    p->busy--;
}

static uint64_t wake_ns(const phase *p) {
    uint64_t until_ns = UINT64_MAX;
    if (p->settings->scenario != SY_SCENARIO_SERVER || p->has_ended)
        return until_ns;
    until_ns = p->next_due_ns;
    bool is_filling = p->waiting > 0 && p->busy < p->settings->instances;
    if (is_filling && batch_due_ns(p) < until_ns)
        until_ns = batch_due_ns(p);
    return p->log->begin_ns + until_ns;
}

static sy_status step(phase *p, sy_error *err) {
    const sy_traffic_settings *s = p->settings;
    sy_traffic_done done;
    bool is_done = false;
    if (p->world->is_cancelled != NULL && p->world->is_cancelled(p->world->ctx))
        return sy_error_set(err, SY_REFUSED, "interrupted");
    sy_status status = s->scenario == SY_SCENARIO_SERVER ? ask_server(p, err) : ask_closed(p, err);
    if (status == SY_OK)
        status = give(p, err);
    if (status != SY_OK || (p->has_ended && p->open == 0))
        return status;
    status = p->world->wait(p->world->ctx, wake_ns(p), &done, &is_done, err);
    if (status == SY_OK && is_done && (done.instance >= s->instances || !p->instance[done.instance].is_busy))
        return sy_error_set(err, SY_INTERNAL, "traffic: a run is done that was not begun");
    if (status == SY_OK && is_done)
        take_done(p, &done);
    if (s->give_up_over > 0 && p->over >= s->give_up_over)
        p->log->has_given_up = p->has_ended = true;
    return status;
}

/* Queries that nobody worked on any more: those that were given up. */
static void drop_unanswered(phase *p) {
    size_t kept = 0;
    for (size_t i = 0; i < p->log->count; i++)
        if (p->left[i] == 0)
            p->log->query[kept++] = p->log->query[i];
    p->log->count = kept;
}

/* Who has given up does not wait for the queue, only for what is being worked on. */
static bool is_over(const phase *p) {
    return p->has_ended && (p->open == 0 || (p->log->has_given_up && p->busy == 0));
}

sy_status sy_traffic_run(const sy_traffic_settings *settings, const sy_traffic_world *world,
    sy_traffic_log *out_log, sy_error *err) {
    *out_log = (sy_traffic_log){0};
    sy_status status = sy_traffic_check(settings, err);
    if (status != SY_OK)
        return status;
    phase p = {.settings = settings, .world = world, .log = out_log};
    p.instance = sy_mem_calloc(settings->instances, sizeof *p.instance);
    if (p.instance == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u instances", settings->instances);
    sy_random_seed(&p.arrivals, settings->seed, 1);
    sy_random_seed(&p.sets, settings->seed, 2);
    status = reserve(&p, err);
    out_log->begin_ns = world->now_ns(world->ctx);
    if (settings->scenario == SY_SCENARIO_SERVER)
        draw_arrival(&p);
    while (status == SY_OK && !is_over(&p))
        status = step(&p, err);
    drop_unanswered(&p);
    sy_mem_free(p.left);
    sy_mem_free(p.instance);
    return status;
}
