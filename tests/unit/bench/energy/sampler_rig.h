/* Meters that are read by a sampler, inline on a virtual clock or by threads. */
#ifndef STEELYARD_TESTS_ENERGY_SAMPLER_RIG_H
#define STEELYARD_TESTS_ENERGY_SAMPLER_RIG_H

#include "bench/energy/sampler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { METERS = 3 };
static const uint64_t MS = 1000000, HOUR_NS = UINT64_C(3600000000000);

/* A meter: number fail_at of its readings, and all after it if keeps_failing, end with `status`. It takes
 * take_ns of the virtual clock. While `is_held` it waits. */
typedef struct test_meter {
    sy_energy_meter meter;
    uint64_t *now_ns;
    uint64_t take_ns;
    unsigned fail_at;
    bool keeps_failing;
    sy_status status;
    atomic_uint reads;
    atomic_bool is_held, is_waiting;
} test_meter;

typedef struct rig {
    uint64_t now_ns;
    sy_clock clock;
    test_meter meter[METERS];
    sy_energy_found found[METERS];
    sy_energy_channel channel[METERS];
    sy_energy_sampling sampling;
    sy_energy_sampler *sampler;
    atomic_uint entered, left;
    sy_status entry;
} rig;

static inline uint64_t virtual_now(void *ctx) {
    return *(uint64_t *)ctx;
}

static inline void pause_a_moment(void) {
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static inline sy_status read_meter(sy_energy_meter *meter, double *out_value, sy_error *err) {
    test_meter *m = (test_meter *)meter;
    unsigned number = atomic_fetch_add(&m->reads, 1) + 1;
    while (atomic_load(&m->is_held)) {
        atomic_store(&m->is_waiting, true);
        pause_a_moment();
    }
    if (m->now_ns != NULL)
        *m->now_ns += m->take_ns;
    *out_value = (double)number;
    bool fails = m->fail_at > 0 && (number == m->fail_at || (m->keeps_failing && number > m->fail_at));
    return fails ? sy_error_set(err, m->status, "reading %u failed", number) : SY_OK;
}

static inline void begin(rig *r, size_t count) {
    memset(r, 0, sizeof *r);
    r->now_ns = 5000;
    r->clock = (sy_clock){.ctx = &r->now_ns, .now_ns = virtual_now};
    for (size_t i = 0; i < count; i++) {
        r->meter[i].meter.read = read_meter;
        r->meter[i].now_ns = &r->now_ns;
        r->found[i].facts = (sy_energy_facts){
            .name = "device:power", .kind = SY_ENERGY_POWER_INSTANT, .update_period_ns = 20 * MS};
        r->channel[i] = (sy_energy_channel){.found = &r->found[i], .meter = &r->meter[i].meter};
    }
    r->sampling = (sy_energy_sampling){
        .channel = r->channel, .count = count, .clock = &r->clock, .is_inline = true, .seed = 7};
}

static inline void start(rig *r) {
    for (size_t i = 0; i < r->sampling.count; i++)
        r->channel[i].interval_ns = r->channel[i].interval_ns > 0
                                        ? r->channel[i].interval_ns
                                        : sy_energy_interval_ns(&r->channel[i].found->facts);
    assert_int_equal(sy_energy_sampler_start(&r->sampling, &r->sampler, NULL), SY_OK);
}

static inline void end(rig *r) {
    sy_energy_sampler_stop(r->sampler, NULL);
    for (size_t i = 0; i < r->sampling.count; i++)
        sy_energy_trace_release(&r->channel[i].trace);
}

static inline uint64_t gap_ns(const sy_energy_trace *trace, size_t i) {
    return trace->reading[i].begin_ns - trace->reading[i - 1].end_ns;
}

#endif
