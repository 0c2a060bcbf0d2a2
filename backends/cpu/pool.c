/* The thread pool. Jobs are published through one word, so that a thread without a part never reads the rest.
 */
#include "backends/cpu/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "backends/cpu/topology.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* 40 to 140 cycles each on x86: 30 to 100 microseconds, longer than the host needs between two launches. */
#define SPIN_PAUSES 2000

/* A job word is a serial number above the number of threads that take part. */
#define ACTIVE_BITS 16
#define ACTIVE_MASK ((UINT64_C(1) << ACTIVE_BITS) - 1)

typedef struct worker {
    sy_cpu_pool *pool;
    pthread_t thread;
    uint32_t index;
} worker;

struct sy_cpu_pool {
    _Alignas(64) _Atomic uint64_t job;     /* (serial << ACTIVE_BITS) | active threads */
    _Alignas(64) _Atomic uint64_t arrived; /* threads that finished a step, summed over the steps of a job */
    _Alignas(64) sy_cpu_pool_fn *fn;
    void *arg;
    int64_t steps;
    int parts;
    _Atomic uint32_t sleeping;
    _Atomic bool is_ending;
    pthread_mutex_t turn;  /* held during a run */
    pthread_mutex_t sleep; /* with `wake` */
    pthread_cond_t wake;
    cpu_set_t home; /* the creator's processors and the pool's */
    bool is_bound, has_caller;
    pthread_t caller; /* the thread that is bound to processor[0] */
    uint32_t threads, started;
    uint32_t processor[SY_CPU_MAX_THREADS];
    worker worker[SY_CPU_MAX_THREADS];
};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void bind_self(uint32_t processor) {
    cpu_set_t one;
    if (processor >= CPU_SETSIZE)
        return;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
}

/* Wait until `target` threads have finished their steps. Others work meanwhile, so there is no sleep; the
 * yield is for a machine with fewer processors than threads. */
static void wait_arrived(sy_cpu_pool *pool, uint64_t target) {
    for (int spins = 0; atomic_load_explicit(&pool->arrived, memory_order_acquire) < target; spins++) {
        if (spins < SPIN_PAUSES)
            pause_briefly();
        else
            sched_yield();
    }
}

static void do_parts(sy_cpu_pool *pool, uint32_t index, uint32_t active, bool waits_at_end) {
    int64_t steps = pool->steps;
    int parts = pool->parts;
    sy_cpu_pool_fn *fn = pool->fn;
    void *arg = pool->arg;
    for (int64_t step = 0; step < steps; step++) {
        for (int part = (int)index; part < parts; part += (int)active)
            fn(arg, step, part);
        atomic_fetch_add_explicit(&pool->arrived, 1, memory_order_acq_rel);
        if (step + 1 < steps || waits_at_end)
            wait_arrived(pool, (uint64_t)(step + 1) * active);
    }
}

/* The next job word after `seen`: spin, then sleep. Both flags are sequentially consistent: either the
 * sleeper sees the new word, or the publisher sees the sleeper. Both are written by read-modify-write: an
 * emulator (qemu 7.2, Arm on x86) lets a load pass a mere store before it, whatever their order is to be. */
static uint64_t await_job(sy_cpu_pool *pool, uint64_t seen) {
    uint64_t job = seen;
    for (int spins = 0; spins < SPIN_PAUSES; spins++) {
        job = atomic_load_explicit(&pool->job, memory_order_acquire);
        if (job != seen)
            return job;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->sleep);
    atomic_fetch_add(&pool->sleeping, 1);
    while ((job = atomic_load(&pool->job)) == seen)
        pthread_cond_wait(&pool->wake, &pool->sleep);
    atomic_fetch_sub(&pool->sleeping, 1);
    pthread_mutex_unlock(&pool->sleep);
    return job;
}

static void *serve(void *arg) {
    worker *self = arg;
    sy_cpu_pool *pool = self->pool;
    if (pool->is_bound)
        bind_self(pool->processor[self->index]);
    for (uint64_t seen = 0;;) {
        seen = await_job(pool, seen);
        uint32_t active = (uint32_t)(seen & ACTIVE_MASK);
        if (self->index >= active)
            continue;
        if (atomic_load_explicit(&pool->is_ending, memory_order_relaxed))
            return NULL;
        do_parts(pool, self->index, active, false);
    }
}

static void publish(sy_cpu_pool *pool, uint32_t active) {
    uint64_t serial = atomic_load_explicit(&pool->job, memory_order_relaxed) >> ACTIVE_BITS;
    atomic_exchange(&pool->job, (serial + 1) << ACTIVE_BITS | active);
    if (atomic_load(&pool->sleeping) == 0)
        return;
    pthread_mutex_lock(&pool->sleep);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->sleep);
}

static void adopt_caller(sy_cpu_pool *pool) {
    pthread_t self = pthread_self();
    if (!pool->is_bound || (pool->has_caller && pthread_equal(pool->caller, self)))
        return;
    bind_self(pool->processor[0]);
    pool->caller = self;
    pool->has_caller = true;
}

void sy_cpu_pool_run(sy_cpu_pool *pool, sy_cpu_pool_fn *fn, void *arg, int64_t steps, int parts) {
    if (steps <= 0 || parts <= 0)
        return;
    uint32_t active = (uint32_t)parts < pool->threads ? (uint32_t)parts : pool->threads;
    pthread_mutex_lock(&pool->turn);
    adopt_caller(pool);
    if (active == 1) {
        for (int64_t step = 0; step < steps; step++)
            for (int part = 0; part < parts; part++)
                fn(arg, step, part);
    } else {
        pool->fn = fn;
        pool->arg = arg;
        pool->steps = steps;
        pool->parts = parts;
        atomic_store_explicit(&pool->arrived, 0, memory_order_relaxed);
        publish(pool, active);
        do_parts(pool, 0, active, true);
    }
    pthread_mutex_unlock(&pool->turn);
}

void sy_cpu_pool_leave(sy_cpu_pool *pool) {
    cpu_set_t now;
    pthread_mutex_lock(&pool->turn);
    if (pool->has_caller && pthread_equal(pool->caller, pthread_self()))
        pool->has_caller = false;
    uint32_t first = pool->processor[0];
    if (pool->is_bound && first < CPU_SETSIZE &&
        pthread_getaffinity_np(pthread_self(), sizeof now, &now) == 0 && CPU_COUNT(&now) == 1 &&
        CPU_ISSET(first, &now))
        pthread_setaffinity_np(pthread_self(), sizeof pool->home, &pool->home);
    pthread_mutex_unlock(&pool->turn);
}

static sy_status start_threads(sy_cpu_pool *pool, sy_error *err) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int failure = 0;
    for (uint32_t i = 1; i < pool->threads && failure == 0; i++) {
        pool->worker[i] = (worker){.pool = pool, .index = i};
        failure = pthread_create(&pool->worker[i].thread, NULL, serve, &pool->worker[i]);
        if (failure == 0)
            pool->started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure == 0)
        return SY_OK;
    return sy_error_set(err, SY_UNAVAILABLE, "cpu: cannot start thread %u of %u: %s", pool->started + 2,
        pool->threads, strerror(failure));
}

/* Where a released caller may go. The creator may itself be bound, by another pool. */
static void find_home(sy_cpu_pool *pool) {
    if (pthread_getaffinity_np(pthread_self(), sizeof pool->home, &pool->home) != 0)
        pool->is_bound = false;
    for (uint32_t i = 0; pool->is_bound && i < pool->threads; i++)
        if (pool->processor[i] < CPU_SETSIZE)
            CPU_SET(pool->processor[i], &pool->home);
}

sy_status sy_cpu_pool_create(
    const uint32_t *processor, uint32_t threads, bool is_bound, sy_cpu_pool **out_pool, sy_error *err) {
    *out_pool = NULL;
    if (threads == 0 || threads > SY_CPU_MAX_THREADS)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "cpu: %u threads, must be 1 to %u", threads, SY_CPU_MAX_THREADS);
    sy_cpu_pool *pool = sy_mem_align(64, sizeof *pool);
    if (pool == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for a pool of %u threads", threads);
    memset(pool, 0, sizeof *pool);
    pool->threads = threads;
    pool->is_bound = is_bound;
    memcpy(pool->processor, processor, threads * sizeof processor[0]);
    pthread_mutex_init(&pool->turn, NULL);
    pthread_mutex_init(&pool->sleep, NULL);
    pthread_cond_init(&pool->wake, NULL);
    find_home(pool);
    sy_status status = start_threads(pool, err);
    if (status != SY_OK) {
        sy_cpu_pool_destroy(pool);
        return status;
    }
    *out_pool = pool;
    return SY_OK;
}

void sy_cpu_pool_destroy(sy_cpu_pool *pool) {
    if (pool == NULL)
        return;
    sy_cpu_pool_leave(pool);
    atomic_store(&pool->is_ending, true);
    publish(pool, SY_CPU_MAX_THREADS);
    for (uint32_t i = 1; i <= pool->started; i++)
        pthread_join(pool->worker[i].thread, NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->sleep);
    pthread_mutex_destroy(&pool->turn);
    sy_mem_free(pool);
}

int sy_cpu_pool_threads(const sy_cpu_pool *pool) {
    return (int)pool->threads;
}
