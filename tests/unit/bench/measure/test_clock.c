/* Clocks: what reading one costs, and refusal of clocks that fail or go back. */
#include "bench/measure/clock.h"
#include "runtime/base/seam.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/near.h"

/* A clock that advances by step_ns every `every` readings; the n-th reading fails or goes back. */
typedef struct script {
    uint64_t now_ns, step_ns, every, reads, dead_at, back_at;
} script;

static uint64_t read_script(void *ctx) {
    script *clock = ctx;
    clock->reads++;
    if (clock->reads == clock->dead_at)
        return 0;
    if (clock->reads % clock->every == 0)
        clock->now_ns += clock->step_ns;
    return clock->reads == clock->back_at ? clock->now_ns - 10 : clock->now_ns;
}

static void overhead_is_the_median_delta(void **state) {
    (void)state;
    script fine = {.now_ns = 100, .step_ns = 25, .every = 1};
    const sy_clock clock = {.ctx = &fine, .now_ns = read_script};
    sy_clock_quality quality;
    assert_int_equal(SY_OK, sy_clock_measure(&clock, &quality, NULL));
    assert_near(25.0, quality.overhead_ns, 0.0);
    assert_int_equal(25, quality.resolution_ns);
    assert_int_equal(SY_CLOCK_READS + 1, fine.reads);
}

static void coarse_clocks_show_their_mean_cost(void **state) {
    (void)state;
    script coarse = {.now_ns = 100, .step_ns = 1000, .every = 50};
    const sy_clock clock = {.ctx = &coarse, .now_ns = read_script};
    sy_clock_quality quality;
    assert_int_equal(SY_OK, sy_clock_measure(&clock, &quality, NULL));
    assert_near(20.0, quality.overhead_ns, 0.5);
    assert_int_equal(1000, quality.resolution_ns);
    script stopped = {.now_ns = 100, .every = 1};
    const sy_clock still = {.ctx = &stopped, .now_ns = read_script};
    assert_int_equal(SY_OK, sy_clock_measure(&still, &quality, NULL));
    assert_near(0.0, quality.overhead_ns, 0.0);
    assert_int_equal(0, quality.resolution_ns);
}

static void bad_clocks_are_refused(void **state) {
    (void)state;
    static const uint64_t places[] = {1, 2, 500, SY_CLOCK_READS + 1};
    for (size_t i = 0; i < 4; i++) {
        script dead = {.now_ns = 100, .step_ns = 1, .every = 1, .dead_at = places[i]};
        sy_clock clock = {.ctx = &dead, .now_ns = read_script};
        sy_clock_quality quality;
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(SY_INTERNAL, sy_clock_measure(&clock, &quality, &err));
        assert_string_equal("the clock could not be read", err.text);
        assert_int_equal(0, quality.resolution_ns);
        if (i == 0)
            continue; /* the first reading cannot go back */
        script back = {.now_ns = 100, .step_ns = 1, .every = 1, .back_at = places[i]};
        clock.ctx = &back;
        assert_int_equal(SY_INTERNAL, sy_clock_measure(&clock, &quality, &err));
        assert_non_null(strstr(err.text, "went back by 9 ns"));
    }
}

static void elapsed_is_a_difference(void **state) {
    (void)state;
    script fine = {.now_ns = 100, .step_ns = 5, .every = 1};
    const sy_clock clock = {.ctx = &fine, .now_ns = read_script};
    uint64_t start_ns, elapsed_ns = 7;
    assert_int_equal(SY_OK, sy_clock_read(&clock, &start_ns, NULL));
    assert_int_equal(SY_OK, sy_clock_elapsed(&clock, start_ns, &elapsed_ns, NULL));
    assert_int_equal(5, elapsed_ns);
    assert_int_equal(SY_INTERNAL, sy_clock_elapsed(&clock, start_ns + 1000, &elapsed_ns, NULL));
    assert_int_equal(0, elapsed_ns);
}

static void the_host_clock_runs_and_goes_through_the_seam(void **state) {
    (void)state;
    const sy_clock clock = sy_clock_host();
    uint64_t first, elapsed;
    assert_int_equal(SY_OK, sy_clock_read(&clock, &first, NULL));
    assert_int_equal(SY_OK, sy_clock_elapsed(&clock, first, &elapsed, NULL));
    sy_seam_arm(SY_SEAM_CLOCK, 1);
    assert_int_equal(SY_INTERNAL, sy_clock_read(&clock, &first, NULL));
    assert_int_equal(1, sy_seam_disarm());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overhead_is_the_median_delta),
        cmocka_unit_test(coarse_clocks_show_their_mean_cost),
        cmocka_unit_test(bad_clocks_are_refused),
        cmocka_unit_test(elapsed_is_a_difference),
        cmocka_unit_test(the_host_clock_runs_and_goes_through_the_seam),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
