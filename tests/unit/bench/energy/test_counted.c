/* From the kernel's files to joules: what a counter counts between the edges of a window comes out of
 * powercap, sampler and integral, to the last microjoule. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/integrate.h"
#include "bench/energy/sampler.h"
#include "bench/energy/sources.h"
#include "tests/unit/bench/energy/tree.h"

#define ZONE "/sys/class/powercap/intel-rapl:0/"

static const uint64_t MS = 1000000;
static const int64_t RANGE_UJ = 262143328850;

/* Counts begin_uj and what `counted` says of a time. */
typedef struct world {
    uint64_t now_ns;
    int64_t begin_uj;
    int64_t (*counted)(uint64_t now_ns);
} world;

static uint64_t now_of(void *ctx) {
    return ((world *)ctx)->now_ns;
}

static void write_count(const world *w) {
    tree_put(ZONE "energy_uj", "%lld\n", (long long)((w->begin_uj + w->counted(w->now_ns)) % RANGE_UJ));
}

/* 12 s of load, of which from 2 to 10 s are the window. */
static sy_energy_result weigh(int64_t begin_uj, int64_t (*counted)(uint64_t)) {
    world w = {.now_ns = 1, .begin_uj = begin_uj, .counted = counted};
    const sy_clock clock = {.ctx = &w, .now_ns = now_of};
    tree_put(ZONE "name", "package-0\n");
    tree_put(ZONE "max_energy_range_uj", "%lld\n", (long long)RANGE_UJ);
    write_count(&w);
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    const sy_energy_found *found = tree_row(&list, "powercap:package-0");
    sy_energy_channel channel = {.found = found,
        .meter = tree_open(&sy_energy_powercap, "powercap:package-0"),
        .interval_ns = sy_energy_interval_ns(&found->facts)};
    const sy_energy_sampling sampling = {.channel = &channel, .count = 1, .clock = &clock, .is_inline = true};
    const sy_energy_window window = {
        .begin_ns = 2000 * MS, .end_ns = 10000 * MS, .load_begin_ns = 1, .load_end_ns = 12000 * MS};
    sy_energy_sampler *sampler = NULL;
    sy_energy_result result;
    assert_int_equal(sy_energy_sampler_start(&sampling, &sampler, NULL), SY_OK);
    for (w.now_ns = MS; w.now_ns <= window.load_end_ns; w.now_ns += MS) {
        bool is_edge = w.now_ns == window.begin_ns || w.now_ns == window.end_ns;
        if (is_edge || w.now_ns >= sy_energy_sampler_due_ns(sampler))
            write_count(&w);
        if (is_edge)
            sy_energy_sampler_edge(sampler, w.now_ns);
        sy_energy_sampler_poll(sampler, w.now_ns);
    }
    sy_energy_sampler_stop(sampler, NULL);
    assert_in_range(channel.trace.count, 90, 130); /* ten a second and no more */
    sy_energy_integrate(&found->facts, &channel.trace, &window, 0.05, &result);
    channel.meter->close(channel.meter);
    sy_energy_trace_release(&channel.trace);
    sy_energy_list_release(&list);
    return result;
}

static int64_t by_hand(uint64_t now_ns) {
    return (int64_t)(now_ns / (500 * MS)) * 123457;
}

static int64_t watts_uneven(uint64_t now_ns) {
    return (int64_t)(now_ns / MS) * 123457;
}

static int64_t watts_50(uint64_t now_ns) {
    return (int64_t)(now_ns / MS) * 50000;
}

static int64_t never(uint64_t now_ns) {
    (void)now_ns;
    return 0;
}

/* Sixteen steps fall into the window; when each of them came is known to a reading. */
static void steps_by_hand_are_all_of_it(void **state) {
    (void)state;
    static const int64_t begins_uj[] = {1000, 0, RANGE_UJ - 1000000, RANGE_UJ - 1}; /* the last two wrap */
    for (size_t i = 0; i < sizeof begins_uj / sizeof begins_uj[0]; i++) {
        sy_energy_result result = weigh(begins_uj[i], by_hand);
        assert_int_equal(result.reasons, 0);
        assert_true(fabs(result.joule - 16 * 0.123457) <= 3 * result.u_random_j);
        assert_true(result.u_random_j < 0.123457);
    }
}

static void a_steady_count_is_told_to_the_microjoule(void **state) {
    (void)state;
    static const int64_t begins_uj[] = {1000, RANGE_UJ - 250000000}; /* wraps in the middle of the window */
    for (size_t i = 0; i < 2; i++) {
        sy_energy_result result = weigh(begins_uj[i], watts_50);
        assert_int_equal(result.reasons, 0);
        assert_int_equal(llround(result.joule * 1e6), 400000000);
        assert_true(fabs(result.watt - 50) < 1e-9);
        assert_true(result.u_random_j < 0.05 * 400 && result.u_random_j > 0);
        assert_true(isnan(result.u_systematic_j)); /* nobody declares the gain */
        result = weigh(begins_uj[i], watts_uneven);
        assert_int_equal(llround(result.joule * 1e6), 8000 * 123457);
    }
}

static void a_count_that_stands_is_stuck(void **state) {
    (void)state;
    assert_true((weigh(1000, never).reasons & SY_ENERGY_STUCK) != 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(steps_by_hand_are_all_of_it, tree_make, tree_remove),
        cmocka_unit_test_setup_teardown(a_steady_count_is_told_to_the_microjoule, tree_make, tree_remove),
        cmocka_unit_test_setup_teardown(a_count_that_stands_is_stuck, tree_make, tree_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
