/* The stated uncertainty against the truth, family by family, over seeded cases; loads in step and out of
 * step. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/bench/energy/world.h"

enum { CASES = 1000, BEAT_CASES = 120 };
#define ZERO_NS UINT64_C(1000000000000)

/* What is asked of each family: enough inside 95 %, and stated no more than so many times too wide, in RMS.
 */
static const double LEAST_INSIDE = 0.93, MOST_WIDE = 3;

enum { LEVEL, RAMP, SLOW_SQUARE, FAST_SQUARE, CURVES };
static const char *const curve_names[CURVES] = {"constant", "ramp", "slow square", "fast square"};
enum { COUNTER, SELDOM, COARSE, INSTANT, AVERAGE, SENSORS };
static const char *const sensor_names[SENSORS] = {
    "counter", "counter read seldom", "coarse counter", "instant", "average"};

typedef struct setting {
    world_load load;
    world_sensor sensor;
    double length_s, poll_s, gain_sigma;
} setting;

typedef struct score {
    size_t cases, inside, alias, other;
    double error2, stated2;
} score;

static world_load draw_load(random_state *random, int curve, double update_s) {
    world_load load = {.idle_w = 60, .low_w = random_uniform(random, 150, 400)};
    load.load_from_s = -random_uniform(random, 1.2, 2.5);
    if (curve == RAMP)
        load.slope_w = load.low_w * random_uniform(random, -0.03, 0.05);
    if (curve < SLOW_SQUARE)
        return load;
    bool is_slow = curve == SLOW_SQUARE;
    load.swing_w = load.low_w * random_uniform(random, 0.1, 0.8);
    load.duty = random_uniform(random, 0.2, 0.8);
    load.period_s = update_s * (is_slow ? random_uniform(random, 6, 30) : random_uniform(random, 0.11, 0.93));
    load.phase_s = random_uniform(random, 0, load.period_s);
    return load;
}

static world_sensor draw_sensor(random_state *random, int kind, double update_s) {
    world_sensor sensor = {.real_update_s = update_s,
        .first_update_s = random_uniform(random, 0, update_s),
        .gain = 1,
        .seed = random->state,
        .facts = {.kind = SY_ENERGY_COUNTER,
            .resolution = random_uniform(random, 0.0001, 0.5),
            .update_period_ns = (uint64_t)llround(1e9 * update_s)}};
    if (kind == COARSE)
        sensor.facts.resolution = random_uniform(random, 2, 20);
    if (kind < INSTANT)
        return sensor;
    sensor.facts.kind = kind == INSTANT ? SY_ENERGY_POWER_INSTANT : SY_ENERGY_POWER_AVERAGE;
    sensor.facts.resolution = random_uniform(random, 0, 1) < 0.5 ? 1 : 0.1;
    sensor.noise_w = random_uniform(random, 0, 4);
    if (kind == AVERAGE)
        sensor.facts.window_ns = (uint64_t)llround(1e9 * update_s * random_uniform(random, 0.25, 8));
    return sensor;
}

/* A sampler polls at half the update period, or seldom where reading disturbs. */
static setting draw(random_state *random, int curve, int kind) {
    bool is_seldom = kind == SELDOM || kind == COARSE;
    double update_s = is_seldom ? 0.001 : random_uniform(random, 0.02, 0.12);
    setting one = {.poll_s = is_seldom ? 0.1 : 0.45 * update_s};
    one.load = draw_load(random, curve, is_seldom ? one.poll_s : update_s);
    one.length_s = random_uniform(random, 5, 10);
    one.load.load_to_s = one.length_s + random_uniform(random, 0.8, 1.5);
    one.sensor = draw_sensor(random, kind, update_s);
    return one;
}

static sy_energy_result measure_as(const setting *one, bool is_known, random_state *random) {
    sy_energy_trace trace = {0};
    double before_s = one->load.load_from_s - 0.5, after_s = one->load.load_to_s + 0.5;
    sample(&one->sensor, &one->load, before_s, after_s, one->poll_s, 0.2, ZERO_NS, random, &trace);
    sy_energy_window window = window_of(&one->load, one->length_s, ZERO_NS);
    window.load_period_ns = is_known ? window.load_period_ns : 0;
    sy_energy_result result;
    sy_energy_integrate(&one->sensor.facts, &trace, &window, 0, &result);
    sy_energy_trace_release(&trace);
    return result;
}

static sy_energy_result measure(const setting *one, random_state *random) {
    return measure_as(one, true, random);
}

static void judge(const setting *one, random_state *random, score *into) {
    sy_energy_result result = measure(one, random);
    double truth_j = load_energy_j(&one->load, one->length_s) - load_energy_j(&one->load, 0);
    double off = (result.joule - truth_j) / truth_j,
           systematic_j = one->gain_sigma > 0 ? result.u_systematic_j : 0;
    double stated = hypot(result.u_random_j, systematic_j) / truth_j;
    into->cases++;
    into->alias += (result.reasons & SY_ENERGY_ALIAS) != 0;
    into->other += (result.reasons & ~(uint32_t)SY_ENERGY_ALIAS) != 0;
    if (result.reasons & SY_ENERGY_ALIAS)
        return;
    into->inside += fabs(off) <= 1.96 * stated;
    into->error2 += off * off;
    into->stated2 += stated * stated;
}

static void check(const char *sensor, const char *curve, const score *all, size_t most_alias) {
    double valid = (double)(all->cases - all->alias), wide = sqrt(all->stated2 / all->error2);
    print_message("%-20s %-12s inside %.3f, stated %.2f of %.1e, alias %zu, other %zu\n", sensor, curve,
        (double)all->inside / valid, wide, sqrt(all->error2 / valid), all->alias, all->other);
    assert_true((double)all->inside >= LEAST_INSIDE * valid);
    assert_true(wide <= MOST_WIDE);
    assert_true(all->alias <= most_alias);
    assert_int_equal(0, all->other);
}

/* A fast square wave of any period is now and then near enough to being in step that it has to be said. */
static void truth_is_inside(void **state) {
    (void)state;
    for (int kind = 0; kind < SENSORS; kind++)
        for (int curve = 0; curve < CURVES; curve++) {
            score all = {0};
            random_state random = {.state = (uint64_t)(1000 * kind + curve)};
            for (int i = 0; i < CASES; i++) {
                setting one = draw(&random, curve, kind);
                judge(&one, &random, &all);
            }
            bool is_power = kind >= INSTANT;
            size_t most_alias = is_power && curve >= SLOW_SQUARE ? CASES / 15 : 0;
            check(sensor_names[kind], curve_names[curve], &all, most_alias);
        }
}

static void truth_is_inside_with_a_gain(void **state) {
    (void)state;
    for (int kind = 0; kind < SENSORS; kind++) {
        score all = {0};
        random_state random = {.state = (uint64_t)(77 + kind)};
        for (int i = 0; i < CASES; i++) {
            setting one = draw(&random, i % 2 == 0 ? LEVEL : RAMP, kind);
            one.gain_sigma = random_uniform(&random, 0.002, 0.05);
            one.sensor.facts.gain = one.gain_sigma;
            one.sensor.gain = 1 + one.gain_sigma * random_normal(&random);
            judge(&one, &random, &all);
        }
        check(sensor_names[kind], "gain", &all, 0);
    }
}

/* `turns` of the load in an update, for an instant sensor or one that averages over window_share of an
 * update. */
static size_t count_alias(
    uint64_t seed, const double *turns, size_t count, double window_share, double swing) {
    random_state random = {.state = seed};
    size_t alias = 0;
    for (int i = 0; i < CASES; i++) {
        setting one = draw(&random, FAST_SQUARE, window_share > 0 ? AVERAGE : INSTANT);
        double update_s = one.sensor.real_update_s;
        double whole = floor(random_uniform(&random, 0, 8));
        one.load.period_s = update_s / (turns[i % (int)count] + whole);
        one.load.swing_w *= swing;
        one.sensor.facts.window_ns = (uint64_t)llround(1e9 * window_share * update_s);
        sy_energy_result result = measure(&one, &random);
        alias += (result.reasons & SY_ENERGY_ALIAS) != 0;
    }
    return alias;
}

static void in_step_is_alias(void **state) {
    (void)state;
    static const double in_step[] = {1, 1.0 / 2, 1.0 / 3, 2.0 / 3, 1.0005};
    size_t found = count_alias(1, in_step, 5, 0, 1);
    print_message("in step: alias in %zu of %d\n", found, CASES);
    assert_int_equal(CASES, found);
    static const double once[] = {1};
    found = count_alias(2, once, 1, 0.05, 1);
    print_message("in step, mean over 1/20 of an update: alias in %zu of %d\n", found, CASES);
    assert_true(found > CASES * 9 / 10);
}

static void out_of_step_is_none(void **state) {
    (void)state;
    static const double out_of_step[] = {
        0.6180339887, 0.7320508076, 0.4142135624, 1.4142135624, 0.2360679775};
    size_t found = count_alias(3, out_of_step, 5, 0, 1) + count_alias(4, out_of_step, 5, 0.25, 1);
    print_message("out of step: alias in %zu of %d\n", found, 2 * CASES);
    assert_int_equal(0, found);
    /* Constant, of a load whose period is known and not in step. */
    assert_int_equal(0, count_alias(5, out_of_step, 5, 0, 0));
    /* A mean over all of the time misses nothing. */
    static const double once[] = {1};
    assert_int_equal(0, count_alias(6, once, 1, 1, 1));
}

/* So many beats of the load against the sensor in the window: those that are said to be alias, and those of
 * the others whose truth is inside. */
static void count_beats(double beats, bool is_known, size_t *out_alias, size_t *out_inside) {
    random_state random = {.state = (uint64_t)(100 * beats)};
    *out_alias = *out_inside = 0;
    for (int i = 0; i < BEAT_CASES; i++) {
        setting one = draw(&random, FAST_SQUARE, INSTANT);
        double updates = one.length_s / one.sensor.real_update_s,
               whole = floor(random_uniform(&random, 1, 5));
        one.load.period_s = one.sensor.real_update_s / (whole + beats / updates);
        sy_energy_result result = measure_as(&one, is_known, &random);
        double truth_j = load_energy_j(&one.load, one.length_s) - load_energy_j(&one.load, 0);
        if (result.reasons & SY_ENERGY_ALIAS)
            ++*out_alias;
        else
            *out_inside += fabs(result.joule - truth_j) <= 1.96 * result.u_random_j;
    }
}

static void slow_beats_are_alias_or_in_the_uncertainty(void **state) {
    (void)state;
    for (int known = 0; known < 2; known++)
        for (double beats = known ? 0.5 : 2; beats <= 8; beats += beats < 4 ? 0.5 : 1) {
            size_t alias, inside, cases = BEAT_CASES;
            count_beats(beats, known, &alias, &inside);
            print_message("%.1f beats, period %s: alias %zu, else inside %zu of %zu\n", beats,
                known ? "known" : "unknown", alias, inside, cases - alias);
            assert_true((double)(alias + inside) >= LEAST_INSIDE * (double)cases);
            assert_true(beats > 2 || alias > cases * 8 / 10);
            assert_true(beats < 5 || alias < cases / 30);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truth_is_inside),
        cmocka_unit_test(truth_is_inside_with_a_gain),
        cmocka_unit_test(in_step_is_alias),
        cmocka_unit_test(out_of_step_is_none),
        cmocka_unit_test(slow_beats_are_alias_or_in_the_uncertainty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
