/* Energy over simulated time: exact where it is asked for, of bounded size, cheap for millions of launches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "backends/sim/tape.h"
#include "runtime/base/random.h"

static sim_tape tape;

static void assert_close(double value, double wanted, double tolerance) {
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%.9g, should be %.9g", value, wanted);
}

static void an_idle_card_draws_idle_power(void **state) {
    (void)state;
    sim_tape_init(&tape, 50.0, 1e9);
    assert_close(sim_tape_watt(&tape, 0.0), 50.0, 0.0);
    assert_close(sim_tape_watt(&tape, 3e9), 50.0, 0.0);
    assert_close(sim_tape_joule(&tape, 0.0), 0.0, 0.0);
    assert_close(sim_tape_joule(&tape, 3e9), 150.0, 1e-9);
    assert_close(sim_tape_joule(&tape, -1e9), -50.0, 1e-9); /* it was idle before, too */
}

static void work_is_drawn_when_it_runs_and_not_before(void **state) {
    (void)state;
    sim_tape_init(&tape, 10.0, 1e9);
    sim_tape_add(&tape, 0.0, 1e9, 3e9, 100.0);
    sim_tape_add(&tape, 0.0, 3e9, 4e9, 200.0);
    sim_tape_add(&tape, 0.0, 6e9, 7e9, 100.0);
    static const struct {
        double at_ns, watt, joule;
    } rows[] = {{0.5e9, 10, 5}, {1e9, 100, 10}, {2e9, 100, 110}, {3e9, 200, 210}, {3.5e9, 200, 310},
        {4e9, 10, 410}, {5e9, 10, 420}, {6e9, 100, 430}, {6.5e9, 100, 480}, {7e9, 10, 530}, {9e9, 10, 550}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_close(sim_tape_watt(&tape, rows[i].at_ns), rows[i].watt, 1e-6);
        assert_close(sim_tape_joule(&tape, rows[i].at_ns), rows[i].joule, 1e-6);
    }
}

static void launches_without_a_gap_are_one_piece(void **state) {
    (void)state;
    enum { LAUNCHES = 3000000 };
    sim_tape_init(&tape, 50.0, 1e9);
    for (int i = 0; i < LAUNCHES; i++) /* 60 s ahead of the host */
        sim_tape_add(&tape, 0.0, 20e3 * i, 20e3 * (i + 1), 300.0);
    assert_int_equal(tape.count, 2);
    assert_close(sim_tape_joule(&tape, 60e9), 18000.0, 1e-3);
    assert_close(sim_tape_joule(&tape, 30e9), 9000.0, 1e-3);
    assert_close(sim_tape_watt(&tape, 45e9), 300.0, 1e-6);
}

/* Launches of 20 us with a gap of 5 us, the host beside them or far behind. */
static void check_pulses(double now_factor) {
    enum { LAUNCHES = 2000000 };
    sim_tape_init(&tape, 0.0, 1.04e9);
    for (int i = 0; i < LAUNCHES; i++)
        sim_tape_add(&tape, now_factor * 25e3 * i, 25e3 * i, 25e3 * i + 20e3, 100.0);
    assert_true(tape.count <= SIM_TAPE_POINTS);
    const double end_ns = 25e3 * LAUNCHES;
    assert_close(sim_tape_joule(&tape, end_ns), 80.0 * end_ns * 1e-9, 1e-3);
    for (int i = 0; i <= 100; i++) { /* a grain of so much power at most is not where it was drawn */
        double at_ns = end_ns - 1e9 * i / 100.0;
        assert_close(sim_tape_joule(&tape, at_ns), 80.0 * at_ns * 1e-9, 100.0 * 2.0 * tape.grain_ns * 1e-9);
    }
}

static void pulses_shorter_than_a_grain_are_averaged(void **state) {
    (void)state;
    check_pulses(1.0);
    assert_true(tape.grain_ns < 100e3);
}

static void work_far_ahead_thins_the_tape_and_keeps_its_energy(void **state) {
    (void)state;
    check_pulses(0.0);
    assert_true(tape.grain_ns > 100e3);
}

/* Random pieces, long and short, against their sum. */
static void random_loads_add_up(void **state) {
    (void)state;
    sy_random random;
    sy_random_seed(&random, 5, 0);
    for (int load = 0; load < 20; load++) {
        double at_ns = 0.0, joule = 0.0, longest_ns = pow(10.0, 4.0 + 0.2 * load);
        sim_tape_init(&tape, 20.0, 1e9);
        for (int i = 0; i < 50000; i++) {
            double gap_ns = sy_random_below(&random, 2) == 0 ? 0.0 : longest_ns * sy_random_unit(&random);
            double taken_ns = longest_ns * sy_random_unit(&random) * sy_random_unit(&random);
            double watt = 50.0 * (1.0 + (double)sy_random_below(&random, 4));
            joule += (20.0 * gap_ns + watt * taken_ns) * 1e-9;
            at_ns += gap_ns + taken_ns;
            sim_tape_add(&tape, at_ns - taken_ns, at_ns - taken_ns, at_ns, watt);
            if (i % 100 == 0)
                assert_close(sim_tape_joule(&tape, at_ns), joule, 1e-6 + 1e-12 * joule);
        }
        assert_true(tape.count <= SIM_TAPE_POINTS);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_idle_card_draws_idle_power),
        cmocka_unit_test(work_is_drawn_when_it_runs_and_not_before),
        cmocka_unit_test(launches_without_a_gap_are_one_piece),
        cmocka_unit_test(pulses_shorter_than_a_grain_are_averaged),
        cmocka_unit_test(work_far_ahead_thins_the_tape_and_keeps_its_energy),
        cmocka_unit_test(random_loads_add_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
