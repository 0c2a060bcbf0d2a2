/* When a device was at work: at any moment that is asked for, however many turns there were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "tests/vendor_sim/common/load.h"

static sim_load load;

static void test_turns(void **state) {
    (void)state;
    sim_load_begin(&load);
    assert_true(sim_load_busy_ns(&load, 50) == 0 && sim_load_share(&load, 50) == 0);
    sim_load_turn(&load, 100, true);
    sim_load_turn(&load, 150, false);
    sim_load_turn(&load, 150, true); /* at once */
    sim_load_turn(&load, 300, false);
    sim_load_turn(&load, 400, true);
    static const struct {
        double at_ns, busy_ns, share;
    } rows[] = {{-5, 0, 0}, {0, 0, 0}, {99, 0, 0}, {100, 0, 1}, {125, 25, 1}, {150, 50, 1}, {299, 199, 1},
        {300, 200, 0}, {399, 200, 0}, {400, 200, 1}, {1000, 800, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(sim_load_busy_ns(&load, rows[i].at_ns) == rows[i].busy_ns);
        assert_true(sim_load_share(&load, rows[i].at_ns) == rows[i].share);
    }
}

/* Of many more turns than are kept, what is recent stays exact, and what is old nearly so. */
static void test_many_turns(void **state) {
    (void)state;
    enum { PULSES = 100000 };
    sim_load_begin(&load);
    for (int i = 0; i < PULSES; i++) {
        sim_load_turn(&load, 10.0 * i, true);
        sim_load_turn(&load, 10.0 * i + 4, false);
    }
    assert_true(load.turns <= SIM_TURNS_MAX);
    assert_true(sim_load_busy_ns(&load, 10.0 * PULSES) == 4.0 * PULSES);
    for (int i = PULSES - 500; i < PULSES; i++) {
        assert_true(sim_load_busy_ns(&load, 10.0 * i + 2) == 4.0 * i + 2);
        assert_true(sim_load_share(&load, 10.0 * i + 2) == 1 && sim_load_share(&load, 10.0 * i + 5) == 0);
    }
    assert_true(fabs(sim_load_busy_ns(&load, 5.0 * PULSES) - 2.0 * PULSES) < 0.001 * PULSES);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_turns), cmocka_unit_test(test_many_turns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
