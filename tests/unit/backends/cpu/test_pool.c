/* The thread pool: every part once, barriers between steps, sleep and wake, several callers. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/cpu/pool.h"
#include "backends/cpu/share.h"
#include "runtime/base/seam.h"
#include "tests/support/slow.h"

#define MAX_PARTS 64

typedef struct tally {
    _Atomic int64_t total;
    int64_t count[MAX_PARTS];
    pthread_t thread[MAX_PARTS];
    _Atomic int32_t running;
    int64_t step_seen[MAX_PARTS];
    _Atomic int32_t is_torn;
    int parts;
} tally;

static void count_part(void *arg, int64_t step, int part) {
    tally *t = arg;
    (void)step;
    t->count[part]++;
    t->thread[part] = pthread_self();
    atomic_fetch_add(&t->total, 1);
}

/* In step s every part of step s - 1 must be over: plain variables, so that TSan watches the barrier too. */
static void check_barrier(void *arg, int64_t step, int part) {
    tally *t = arg;
    for (int i = 0; i < t->parts; i++)
        if (step % 2 == 0 && step > 0 && t->step_seen[i] != step - 1)
            atomic_store(&t->is_torn, 1);
    if (step % 2 == 1)
        t->step_seen[part] = step;
}

static sy_cpu_pool *make(uint32_t threads, bool is_bound) {
    static const uint32_t processor[16] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    sy_cpu_pool *pool = NULL;
    assert_int_equal(sy_cpu_pool_create(processor, threads, is_bound, &pool, NULL), SY_OK);
    assert_int_equal(sy_cpu_pool_threads(pool), (int)threads);
    return pool;
}

static void every_part_runs_once(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 7; threads += 2) {
        sy_cpu_pool *pool = make(threads, false);
        for (int parts = 1; parts <= MAX_PARTS; parts = parts * 3 + 1) {
            tally t = {.parts = parts};
            sy_cpu_pool_run(pool, count_part, &t, 1, parts);
            assert_int_equal(t.total, parts);
            for (int i = 0; i < parts; i++)
                assert_int_equal(t.count[i], 1);
        }
        tally t = {.parts = MAX_PARTS};
        sy_cpu_pool_run(pool, count_part, &t, 3, MAX_PARTS);
        assert_int_equal(t.total, 3 * MAX_PARTS);
        sy_cpu_pool_destroy(pool);
    }
}

static void a_part_stays_with_its_thread(void **state) {
    (void)state;
    sy_cpu_pool *pool = make(3, false);
    tally first = {0}, again = {0};
    sy_cpu_pool_run(pool, count_part, &first, 1, 9);
    sy_cpu_pool_run(pool, count_part, &again, 1, 9);
    for (int i = 0; i < 9; i++) {
        assert_true(pthread_equal(first.thread[i], again.thread[i]));
        assert_true(pthread_equal(first.thread[i], first.thread[i % 3]));
    }
    assert_true(pthread_equal(first.thread[0], pthread_self()));
    assert_false(pthread_equal(first.thread[0], first.thread[1]));
    sy_cpu_pool_destroy(pool);
}

static void steps_are_kept_apart(void **state) {
    (void)state;
    for (uint32_t threads = 2; threads <= 5; threads++) {
        sy_cpu_pool *pool = make(threads, false);
        tally t = {.parts = 7};
        sy_cpu_pool_run(pool, check_barrier, &t, 301, 7);
        assert_int_equal(t.is_torn, 0);
        sy_cpu_pool_destroy(pool);
    }
}

static void wakes_after_sleep(void **state) {
    (void)state;
    sy_cpu_pool *pool = make(3, false);
    for (int i = 0; i < 20; i++) {
        tally t = {0};
        usleep(i % 2 == 0 ? 2000 : 0);
        sy_cpu_pool_run(pool, count_part, &t, 2, 1 + i % 5);
        assert_int_equal(t.total, 2 * (1 + i % 5));
    }
    sy_cpu_pool_destroy(pool);
}

static void many_short_jobs(void **state) {
    (void)state;
    sy_cpu_pool *pool = make(4, false);
    tally t = {0};
    for (int i = 0; i < 3000; i++)
        sy_cpu_pool_run(pool, count_part, &t, 1, 1 + i % 4);
    assert_int_equal(t.total, 3000 / 4 * (1 + 2 + 3 + 4));
    sy_cpu_pool_destroy(pool);
}

/* Of all threads of this process. */
static long sleeps_so_far(void) {
    struct rusage use;
    assert_int_equal(getrusage(RUSAGE_SELF, &use), 0);
    return use.ru_nvcsw;
}

/* Jobs that come just as the other thread falls asleep: the pause before one is longer after one that found
 * it awake, and shorter after one that had to wake it. A job that is missed is waited for without end. An
 * emulator may order less than the processor does. */
static void no_job_is_missed_by_who_falls_asleep(void **state) {
    (void)state;
    sy_cpu_pool *pool = make(2, false);
    tally t = {0};
    int jobs = 3000 * slow_step(SLOW_EMULATOR, 10);
    long sleeps = sleeps_so_far(), pause = 1000;
    for (int i = 0; i < jobs; i++) {
        for (volatile long j = 0; j < pause; j++)
            continue;
        sy_cpu_pool_run(pool, count_part, &t, 1, 2);
        long now = sleeps_so_far();
        pause += now != sleeps ? -(pause / 128) : pause / 128 + 1;
        sleeps = now;
    }
    assert_int_equal(t.total, 2 * jobs);
    sy_cpu_pool_destroy(pool);
}

typedef struct caller {
    sy_cpu_pool *pool;
    tally tally;
} caller;

static void *call_often(void *arg) {
    caller *c = arg;
    for (int i = 0; i < 200; i++)
        sy_cpu_pool_run(c->pool, count_part, &c->tally, 2, 3);
    sy_cpu_pool_leave(c->pool);
    return NULL;
}

static void callers_take_turns(void **state) {
    (void)state;
    static caller callers[4];
    pthread_t thread[4];
    sy_cpu_pool *pool = make(3, true);
    for (int i = 0; i < 4; i++) {
        callers[i] = (caller){.pool = pool};
        assert_int_equal(pthread_create(&thread[i], NULL, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(callers[i].tally.total, 1200);
    }
    sy_cpu_pool_destroy(pool);
}

static void nothing_to_do(void **state) {
    (void)state;
    sy_cpu_pool *pool = make(2, false);
    tally t = {0};
    sy_cpu_pool_run(pool, count_part, &t, 0, 2);
    sy_cpu_pool_run(pool, count_part, &t, 2, 0);
    sy_cpu_pool_run(pool, count_part, &t, -1, -1);
    assert_int_equal(t.total, 0);
    sy_cpu_pool_destroy(pool);
    sy_cpu_pool_destroy(NULL);
}

static void caller_is_bound_and_released(void **state) {
    (void)state;
    cpu_set_t before, during, after;
    pthread_getaffinity_np(pthread_self(), sizeof before, &before);
    uint32_t first = 0;
    while (!CPU_ISSET(first, &before))
        first++;
    const uint32_t processor[2] = {first, first};
    sy_cpu_pool *pool = NULL;
    tally t = {0};
    assert_int_equal(sy_cpu_pool_create(processor, 2, true, &pool, NULL), SY_OK);
    sy_cpu_pool_run(pool, count_part, &t, 1, 2);
    pthread_getaffinity_np(pthread_self(), sizeof during, &during);
    assert_int_equal(CPU_COUNT(&during), 1);
    assert_true(CPU_ISSET(first, &during));
    sy_cpu_pool_leave(pool);
    pthread_getaffinity_np(pthread_self(), sizeof after, &after);
    assert_true(CPU_EQUAL(&before, &after));
    sy_cpu_pool_run(pool, count_part, &t, 1, 2);
    sy_cpu_pool_destroy(pool);
    pthread_getaffinity_np(pthread_self(), sizeof after, &after);
    assert_true(CPU_EQUAL(&before, &after));
}

/* A pool made by a thread that another pool has bound must not keep its callers there. */
static void a_bound_creator_does_not_narrow_others(void **state) {
    (void)state;
    cpu_set_t before, after;
    uint32_t processor[2] = {0, 0}, found = 0;
    pthread_getaffinity_np(pthread_self(), sizeof before, &before);
    for (uint32_t i = 0; i < CPU_SETSIZE && found < 2; i++)
        if (CPU_ISSET(i, &before))
            processor[found++] = i;
    if (found < 2)
        skip();
    sy_cpu_pool *one = NULL, *two = NULL;
    tally t = {0};
    assert_int_equal(sy_cpu_pool_create(processor, 2, true, &one, NULL), SY_OK);
    sy_cpu_pool_run(one, count_part, &t, 1, 2);
    assert_int_equal(sy_cpu_pool_create(processor, 2, true, &two, NULL), SY_OK);
    sy_cpu_pool_run(two, count_part, &t, 1, 2);
    sy_cpu_pool_leave(two);
    pthread_getaffinity_np(pthread_self(), sizeof after, &after);
    assert_int_equal(CPU_COUNT(&after), 2);
    sy_cpu_pool_destroy(two);
    sy_cpu_pool_destroy(one);
    pthread_setaffinity_np(pthread_self(), sizeof before, &before);
}

static void refuses_bad_counts(void **state) {
    (void)state;
    const uint32_t processor[1] = {0};
    sy_cpu_pool *pool = (sy_cpu_pool *)&pool;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_cpu_pool_create(processor, 0, false, &pool, &err), SY_INVALID_ARGUMENT);
    assert_null(pool);
    assert_int_equal(sy_cpu_pool_create(processor, 1u << 20, false, &pool, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "threads"));
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_cpu_pool_create(processor, 1, false, &pool, &err), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_null(pool);
}

static void shares_cover_without_overlap(void **state) {
    (void)state;
    static const uint64_t totals[] = {0, 1, 4095, 4096, 4097, 40960, 123457};
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++)
        for (int parts = 1; parts <= 11; parts++) {
            uint64_t next = 0;
            for (int part = 0; part < parts; part++) {
                sy_cpu_share share = sy_cpu_share_of(totals[i], 4096, part, parts);
                assert_int_equal(share.begin, next);
                assert_true(share.end >= share.begin);
                next = share.end;
            }
            assert_int_equal(next, totals[i]);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_runs_once),
        cmocka_unit_test(a_part_stays_with_its_thread),
        cmocka_unit_test(steps_are_kept_apart),
        cmocka_unit_test(wakes_after_sleep),
        cmocka_unit_test(many_short_jobs),
        cmocka_unit_test(no_job_is_missed_by_who_falls_asleep),
        cmocka_unit_test(callers_take_turns),
        cmocka_unit_test(nothing_to_do),
        cmocka_unit_test(caller_is_bound_and_released),
        cmocka_unit_test(a_bound_creator_does_not_narrow_others),
        cmocka_unit_test(refuses_bad_counts),
        cmocka_unit_test(shares_cover_without_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
