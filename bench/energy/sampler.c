/* A thread a meter, or none. */
#include "bench/energy/sampler.h"

#include <pthread.h>
#include <time.h>

#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

/* A meter and its thread. `edges`: how many this meter has seen. */
typedef struct worker {
    sy_energy_sampler *sampler;
    sy_energy_channel *channel;
    pthread_t thread;
    bool has_thread, is_over;
    uint64_t due_ns, last_ns, edges, cost_ns;
    sy_random random;
} worker;

struct sy_energy_sampler {
    sy_energy_sampling sampling;
    worker *worker;
    pthread_mutex_t lock; /* of the two below */
    pthread_cond_t changed;
    uint64_t edges;
    bool is_stopping;
};

uint64_t sy_energy_interval_ns(const sy_energy_facts *facts) {
    static const uint64_t UNKNOWN_NS = 25000000, OTHER_NS = 100000000, MOST_NS = 1000000000;
    uint64_t wanted = facts->update_period_ns > 0 ? facts->update_period_ns / 2 : UNKNOWN_NS;
    if (!sy_energy_is_energy(facts->kind))
        wanted = OTHER_NS;
    if (wanted > MOST_NS)
        wanted = MOST_NS;
    if (wanted < facts->least_poll_ns)
        wanted = facts->least_poll_ns;
    return wanted > 0 ? wanted : 1;
}

static uint64_t now_of(const sy_energy_sampler *sampler) {
    return sampler->sampling.clock->now_ns(sampler->sampling.clock->ctx);
}

/* The next reading: three to five quarters of the interval later. */
static void plan_next(worker *w, uint64_t now_ns) {
    double share = 0.75 + 0.5 * sy_random_unit(&w->random);
    uint64_t wait_ns = (uint64_t)((double)w->channel->interval_ns * share);
    if (wait_ns < w->channel->found->facts.least_poll_ns)
        wait_ns = w->channel->found->facts.least_poll_ns;
    w->due_ns = now_ns + (wait_ns > 0 ? wait_ns : 1);
}

static void take_reading(worker *w) {
    sy_energy_channel *channel = w->channel;
    sy_error err = SY_ERROR_INIT;
    sy_energy_reading reading = {.begin_ns = now_of(w->sampler)};
    sy_status status = channel->meter->read(channel->meter, &reading.value, &err);
    reading.end_ns = now_of(w->sampler);
    w->last_ns = reading.end_ns;
    channel->trace.cost_ns += reading.end_ns - reading.begin_ns;
    if (status == SY_OK)
        status = sy_energy_trace_append(&channel->trace, reading, &err);
    if (status != SY_OK)
        sy_energy_trace_fail(&channel->trace, status, sy_error_text(&err, status));
    w->is_over = status == SY_UNAVAILABLE || status == SY_OUT_OF_MEMORY;
    plan_next(w, reading.end_ns);
}

/* Since when another reading is allowed. */
static uint64_t allowed_ns(const worker *w) {
    return w->last_ns == 0 ? 0 : w->last_ns + w->channel->found->facts.least_poll_ns;
}

static bool may_read(const worker *w, uint64_t now_ns) {
    return now_ns >= allowed_ns(w);
}

static void wait_until(sy_energy_sampler *sampler, uint64_t wait_ns) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    uint64_t at_ns = (uint64_t)until.tv_nsec + wait_ns;
    until.tv_sec += (time_t)(at_ns / 1000000000u);
    until.tv_nsec = (long)(at_ns % 1000000000u);
    pthread_cond_timedwait(&sampler->changed, &sampler->lock, &until);
}

/* Sleeps until a reading is due or an edge has passed; false: the end. The lock is held. */
static bool wait_for_turn(worker *w) {
    sy_energy_sampler *sampler = w->sampler;
    while (!sampler->is_stopping) {
        uint64_t now_ns = now_of(sampler);
        bool has_edge = w->edges != sampler->edges && may_read(w, now_ns);
        if (has_edge || now_ns >= w->due_ns) {
            w->edges = sampler->edges;
            return true;
        }
        uint64_t wait_ns = w->due_ns - now_ns;
        if (w->edges != sampler->edges && allowed_ns(w) - now_ns < wait_ns)
            wait_ns = allowed_ns(w) - now_ns; /* an edge that came too soon after the last reading */
        wait_until(sampler, wait_ns);
    }
    return false;
}

static uint64_t thread_time_ns(void) {
    struct timespec spent;
    return clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent) == 0
               ? (uint64_t)spent.tv_sec * 1000000000u + (uint64_t)spent.tv_nsec
               : 0;
}

static void read_until_stopped(worker *w) {
    sy_energy_sampler *sampler = w->sampler;
    take_reading(w);
    pthread_mutex_lock(&sampler->lock);
    while (!w->is_over && wait_for_turn(w)) {
        pthread_mutex_unlock(&sampler->lock);
        take_reading(w);
        pthread_mutex_lock(&sampler->lock);
    }
    pthread_mutex_unlock(&sampler->lock);
    if (!w->is_over && may_read(w, now_of(sampler)))
        take_reading(w);
}

static void *run_thread(void *ctx) {
    worker *w = ctx;
    const sy_energy_sampling *sampling = &w->sampler->sampling;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sampling->enter != NULL ? sampling->enter(sampling->ctx, &err) : SY_OK;
    if (status == SY_OK)
        read_until_stopped(w);
    else
        sy_energy_trace_fail(&w->channel->trace, status, sy_error_text(&err, status));
    if (status == SY_OK && sampling->leave != NULL)
        sampling->leave(sampling->ctx);
    w->cost_ns = thread_time_ns();
    return NULL;
}

static sy_status start_worker(sy_energy_sampler *sampler, size_t index, sy_error *err) {
    worker *w = &sampler->worker[index];
    *w = (worker){.sampler = sampler, .channel = &sampler->sampling.channel[index]};
    w->is_over = w->channel->meter == NULL || w->channel->meter->read == NULL;
    sy_random_seed(&w->random, sampler->sampling.seed, index);
    if (w->is_over)
        return SY_OK;
    if (sampler->sampling.is_inline) {
        take_reading(w);
        return SY_OK;
    }
    int result = pthread_create(&w->thread, NULL, run_thread, w);
    if (result != 0) {
        w->is_over = true; /* nobody reads it in the thread's place */
        return sy_error_set(err, SY_INTERNAL, "no thread to read %s", w->channel->found->facts.name);
    }
    w->has_thread = true;
    return SY_OK;
}

static void open_lock(sy_energy_sampler *sampler) {
    pthread_condattr_t attributes;
    pthread_mutex_init(&sampler->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&sampler->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

sy_status sy_energy_sampler_start(
    const sy_energy_sampling *sampling, sy_energy_sampler **out_sampler, sy_error *err) {
    sy_energy_sampler *sampler = sy_mem_calloc(1, sizeof *sampler);
    *out_sampler = NULL;
    if (sampler == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to read meters");
    sampler->sampling = *sampling;
    sampler->worker = sy_mem_calloc(sampling->count > 0 ? sampling->count : 1, sizeof *sampler->worker);
    open_lock(sampler);
    sy_status status = SY_OK;
    if (sampler->worker == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to read meters");
    for (size_t i = 0; status == SY_OK && i < sampling->count; i++)
        status = start_worker(sampler, i, err);
    if (status != SY_OK) {
        sy_energy_sampler_stop(sampler, NULL);
        return status;
    }
    *out_sampler = sampler;
    return SY_OK;
}

void sy_energy_sampler_poll(sy_energy_sampler *sampler, uint64_t now_ns) {
    for (size_t i = 0; sampler->sampling.is_inline && i < sampler->sampling.count; i++)
        if (!sampler->worker[i].is_over && now_ns >= sampler->worker[i].due_ns)
            take_reading(&sampler->worker[i]);
}

static void pass_edge_inline(worker *w, uint64_t now_ns) {
    if (may_read(w, now_ns))
        take_reading(w);
    else if (allowed_ns(w) < w->due_ns)
        w->due_ns = allowed_ns(w);
}

void sy_energy_sampler_edge(sy_energy_sampler *sampler, uint64_t now_ns) {
    for (size_t i = 0; sampler->sampling.is_inline && i < sampler->sampling.count; i++)
        if (!sampler->worker[i].is_over)
            pass_edge_inline(&sampler->worker[i], now_ns);
    pthread_mutex_lock(&sampler->lock);
    sampler->edges++;
    pthread_cond_broadcast(&sampler->changed);
    pthread_mutex_unlock(&sampler->lock);
}

uint64_t sy_energy_sampler_due_ns(const sy_energy_sampler *sampler) {
    uint64_t due_ns = UINT64_MAX;
    for (size_t i = 0; sampler->sampling.is_inline && i < sampler->sampling.count; i++)
        if (!sampler->worker[i].is_over && sampler->worker[i].due_ns < due_ns)
            due_ns = sampler->worker[i].due_ns;
    return due_ns;
}

void sy_energy_sampler_stop(sy_energy_sampler *sampler, uint64_t *out_cost_ns) {
    uint64_t cost_ns = 0;
    if (out_cost_ns != NULL)
        *out_cost_ns = 0;
    if (sampler == NULL)
        return;
    pthread_mutex_lock(&sampler->lock);
    sampler->is_stopping = true;
    pthread_cond_broadcast(&sampler->changed);
    pthread_mutex_unlock(&sampler->lock);
    for (size_t i = 0; sampler->worker != NULL && i < sampler->sampling.count; i++) {
        worker *w = &sampler->worker[i];
        if (w->has_thread)
            pthread_join(w->thread, NULL);
        else if (w->channel != NULL && !w->is_over && may_read(w, now_of(sampler)))
            take_reading(w);
        cost_ns += w->cost_ns;
    }
    if (out_cost_ns != NULL)
        *out_cost_ns = cost_ns;
    pthread_cond_destroy(&sampler->changed);
    pthread_mutex_destroy(&sampler->lock);
    sy_mem_free(sampler->worker);
    sy_mem_free(sampler);
}
