/* Do stated 95 % intervals cover, through the real sampler with its optional stopping, under the noise that
 * machines make? Prints a table; `unstable` rows do not count, and must be rare under mild noise. */
#include "bench/measure/sampler.h"
#include "bench/stats/order.h"
#include "bench/stats/row.h"
#include "tests/support/noise.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST_BATCHES = 640, MOST_ROUNDS = 3, SHORT_RUNS = 200, LONG_RUNS = 1000 };

/* A device that takes as long as the noise says. */
typedef struct noisy_device {
    noise_round round;
    double base_ns;
    uint64_t now_ns;
    bool second_mode[4 * MOST_BATCHES];
} noisy_device;

static uint64_t read_now(void *ctx) {
    return ((noisy_device *)ctx)->now_ns;
}

static sy_status launch(void *ctx, uint64_t index, sy_error *err) {
    noisy_device *device = ctx;
    (void)err;
    device->now_ns += (uint64_t)(device->base_ns * noise_next(&device->round));
    if (index < sizeof device->second_mode / sizeof *device->second_mode)
        device->second_mode[index] = noise_in_second_mode(&device->round);
    return SY_OK;
}

static sy_status sync_nothing(void *ctx, sy_error *err) {
    (void)ctx;
    (void)err;
    return SY_OK;
}

/*
 * What must hold of a model. is_mild: unstable rows are rare (under 10 %). Coverage of the other rows is 93
 * to 97 %, unless fewer than 10 % of them are left; except where a device has few states that last longer
 * than a visit: then three visits cannot show how often each occurs (least), or the interval is wide (most).
 */
typedef struct coverage_case {
    noise_model model;
    bool is_mild;
    double least, most; /* 0: 0.93, 0.97 */
} coverage_case;

static const coverage_case cases[] = {
    {.model = {.name = "iid 0.3 %", .sigma = 0.003}, .is_mild = true},
    {.model = {.name = "iid 1 %", .sigma = 0.01}, .is_mild = true},
    {.model = {.name = "iid 3 %", .sigma = 0.03}, .is_mild = true},
    {.model = {.name = "iid 10 %", .sigma = 0.1}, .is_mild = true},
    {.model = {.name = "ar1 0.3", .sigma = 0.01, .phi = 0.3}, .is_mild = true},
    {.model = {.name = "ar1 0.6", .sigma = 0.02, .phi = 0.6}, .is_mild = true},
    {.model = {.name = "ar1 0.9", .sigma = 0.005, .phi = 0.9}, .is_mild = true},
    {.model = {.name = "ar1 0.9 wide", .sigma = 0.02, .phi = 0.9}},
    {.model = {.name = "drift 0.5 %", .sigma = 0.01, .drift = 0.005, .horizon = 320}, .is_mild = true},
    {.model = {.name = "drift 3 %", .sigma = 0.01, .drift = 0.03, .horizon = 160}},
    {.model = {.name = "drift 10 %", .sigma = 0.003, .drift = 0.1, .horizon = 160}},
    {.model = {.name = "round offset 1 %", .sigma = 0.005, .offset = 0.01}, .is_mild = true},
    {.model = {.name = "round offset 0.1 %", .sigma = 0.01, .offset = 0.001}, .is_mild = true},
    {.model = {.name = "modes 50:50 fast",
         .sigma = 0.005,
         .mode_gap = 0.05,
         .mode_share = 0.5,
         .mode_dwell = 1}},
    {.model = {.name = "modes 85:15 fast",
         .sigma = 0.005,
         .mode_gap = 0.05,
         .mode_share = 0.15,
         .mode_dwell = 1},
        .is_mild = true},
    {.model = {.name = "modes 65:35 slow",
         .sigma = 0.005,
         .mode_gap = 0.05,
         .mode_share = 0.35,
         .mode_dwell = 20},
        .least = 0.6},
    {.model = {.name = "modes close", .sigma = 0.01, .mode_gap = 0.02, .mode_share = 0.4, .mode_dwell = 1},
        .is_mild = true},
    {.model = {.name = "heavy tail", .sigma = 0.01, .tail_share = 0.05, .tail_scale = 0.2}, .is_mild = true},
    {.model = {.name = "throttle half", .sigma = 0.01, .step = 0.08, .step_chance = 0.5, .horizon = 160},
        .most = 1.0},
    {.model = {.name = "throttle rare", .sigma = 0.01, .step = 0.08, .step_chance = 0.1, .horizon = 160}},
};
enum { CASES = sizeof cases / sizeof *cases };

static double host_ns[MOST_BATCHES], scratch[3 * MOST_BATCHES];

/* Median of the law of the batches that were timed, given the state that the device was in. */
static double window_median(const noisy_device *device, double law_median, size_t first, size_t count) {
    double levels[MOST_BATCHES], in_second = 0.0;
    for (size_t i = 0; i < count; i++) {
        levels[i] = noise_level(&device->round, first + i);
        in_second += device->second_mode[first + i];
    }
    sy_sort_f64(levels, count);
    const noise_model *model = device->round.model;
    if (model->mode_dwell > 1.0)
        law_median = noise_law_median(model, in_second / (double)count);
    return sy_quantile(levels, count, 0.5) * law_median;
}

/* One row. Returns the time that its interval is to be judged by, in ns. */
static double run_row(const noise_model *model, double law_median, uint64_t run, size_t rounds,
    double base_ns, sy_row_stats *out_row) {
    sy_visit_stats visits[MOST_ROUNDS];
    double truth = 0.0;
    sy_sampler_config config = sy_sampler_defaults();
    config.batch_ns = 1;
    config.clock_overhead_ns = 0.0;
    config.is_alone = rounds == 1;
    config.max_batches = MOST_BATCHES;
    config.limit_ns = 0;
    for (size_t i = 0; i < rounds; i++) {
        static noisy_device device;
        device = (noisy_device){.base_ns = base_ns, .now_ns = 1};
        noise_start(&device.round, model, run, i);
        const sy_work work = {.ctx = &device, .launch = launch, .sync = sync_nothing};
        const sy_clock clock = {.ctx = &device, .now_ns = read_now};
        const sy_sample_buffer buffer = {.capacity = MOST_BATCHES, .host_ns = host_ns, .scratch = scratch};
        sy_visit visit;
        assert_int_equal(SY_OK, sy_sampler_run(&work, &clock, &config, &buffer, &visit, NULL));
        assert_int_equal(1, visit.launches);
        visits[i] = visit.host;
        size_t first = (size_t)visit.launches_total - visit.batches;
        /* Offsets are what rounds are there for; all else is a state that the row is judged by. */
        bool is_offset = rounds > 1 && model->offset > 0.0;
        truth += is_offset ? law_median : window_median(&device, law_median, first, visit.batches);
    }
    sy_row_summarise(visits, rounds, out_row);
    return truth / (double)rounds * base_ns;
}

typedef struct coverage {
    double covered, unstable, half_width;
    double batches;
} coverage;

static int count_runs(void) {
    const char *is_long = getenv("STEELYARD_LONG");
    return is_long != NULL && is_long[0] == '1' ? LONG_RUNS : SHORT_RUNS;
}

static coverage find_coverage(const noise_model *model, size_t rounds, double base_ns) {
    static sy_row_stats rows[LONG_RUNS];
    static double truths[LONG_RUNS], widths[LONG_RUNS];
    int runs = count_runs(), stable = 0, covered = 0;
    double law_median = noise_law_median(model, model->mode_share), mean = 0.0, batches = 0.0;
    for (int run = 0; run < runs; run++) {
        truths[run] = run_row(model, law_median, (uint64_t)run, rounds, base_ns, &rows[run]);
        mean += rows[run].median_ns / runs;
        batches += (double)rows[run].batches / runs;
    }
    for (int run = 0; run < runs; run++) {
        const sy_row_stats *row = &rows[run];
        /* Rounds that fall into modes: the mean over rounds is what is stated, and only sampling tells it. */
        double truth = rounds > 1 && model->mode_gap > 0.0 ? mean : truths[run];
        if (!row->is_stable)
            continue;
        widths[stable++] = sy_row_precision(row);
        covered += row->low_ns <= truth && truth <= row->high_ns;
    }
    sy_sort_f64(widths, (size_t)stable);
    return (coverage){.covered = stable > 0 ? (double)covered / stable : NAN,
        .unstable = 1.0 - (double)stable / runs,
        .half_width = sy_quantile(widths, (size_t)stable, 0.5),
        .batches = batches / (double)rounds};
}

/* Does what was found hold? Limits are widened by what chance does to this number of runs: one standard error
 * of a share of 0.95 for the long form, three for the short one, whose seeds are a smaller sample. */
static bool holds(const coverage_case *tried, coverage found) {
    int runs = count_runs();
    double slack = sqrt(0.95 * 0.05 / runs) * (runs == LONG_RUNS ? 1.0 : 3.0);
    double least = tried->least > 0.0 ? tried->least : 0.93, most = tried->most > 0.0 ? tried->most : 0.97;
    if (tried->is_mild && found.unstable >= 0.1)
        return false;
    return found.unstable > 0.9 || (found.covered >= least - slack && found.covered <= most + slack);
}

static void check_form(size_t rounds, double base_ns) {
    int failed = 0;
    printf(
        "%zu round(s), %.0f ms a batch%17s unstable half-width batches\n", rounds, base_ns * 1e-6, "covered");
    for (size_t i = 0; i < CASES; i++) {
        coverage found = find_coverage(&cases[i].model, rounds, base_ns);
        bool is_right = holds(&cases[i], found);
        printf("  %-28s %8.3f %8.3f %8.3f %% %7.0f%s\n", cases[i].model.name, found.covered, found.unstable,
            100.0 * found.half_width, found.batches, is_right ? "" : "  <- not as it must be");
        failed += !is_right;
    }
    assert_int_equal(0, failed);
}

static void one_round_covers(void **state) {
    (void)state;
    check_form(1, 1e6);
}

static void three_rounds_cover(void **state) {
    (void)state;
    check_form(3, 1e6);
}

/* Ten batches a round. */
static void three_rounds_of_slow_work_cover(void **state) {
    (void)state;
    check_form(3, 1e8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_round_covers),
        cmocka_unit_test(three_rounds_cover),
        cmocka_unit_test(three_rounds_of_slow_work_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
