/* The simulated world: parameters, the roofline, each noise by its own figures, the same seed the same world.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "backends/sim/model.h"

static sim_model parse(const char *text) {
    sim_model model;
    sy_error error = SY_ERROR_INIT;
    sy_status status = sim_model_parse(text, &model, &error);
    if (status != SY_OK)
        fail_msg("'%s': %s", text, error.text);
    return model;
}

static void defaults_are_as_documented(void **state) {
    (void)state;
    sim_model model;
    assert_int_equal(sim_model_parse(NULL, &model, NULL), SY_OK);
    assert_true(model.peak == 10e12 && model.bw == 500e9 && model.link == 20e9 && model.launch_ns == 5e3);
    assert_true(model.memory == UINT64_C(16) << 30 && model.cache == UINT64_C(32) << 20 && model.seed == 1);
    assert_int_equal(model.fault, SIM_FAULT_NONE);
    assert_true(model.timer == 1.0 && model.compile_ns == 0.0);
    assert_true(
        model.memory_w == 0.0 && model.throttle_w == 0.0 && model.gain == 1.0 && model.gain_u == 0.01);
    assert_true(model.power_period_ns == 20e6 && model.power_window_ns == 1e9);
    assert_true(model.energy_period_ns == 20e6 && model.energy_step == 1e-3 && model.energy_wrap == 0.0);
    assert_true(model.power_clip == 0.0 && model.sensor_fault == SIM_SENSOR_HONEST);
    sim_model empty = parse("");
    assert_true(empty.peak == model.peak && empty.fault == model.fault && empty.busy_w == model.busy_w);
}

static void every_parameter_is_read(void **state) {
    (void)state;
    sim_model m = parse("peak=100T,bw=1T,link=64G,launch=7us,memory=1G,cache=4M,seed=18446744073709551615,"
                        "jitter=0.05,ar=0.9,wander=0.02,drift=-0.001,slow=1.5,slow_share=0.25");
    assert_true(m.peak == 100e12 && m.bw == 1e12 && m.link == 64e9 && fabs(m.launch_ns - 7e3) < 1e-6);
    assert_true(m.memory == UINT64_C(1) << 30 && m.cache == UINT64_C(4) << 20 && m.seed == UINT64_MAX);
    assert_true(m.jitter == 0.05 && m.ar == 0.9 && m.wander == 0.02 && m.drift == -0.001);
    assert_true(m.slow == 1.5 && m.slow_share == 0.25);
    m = parse("dwell=20ms,throttle=1.5s,throttle_factor=0.5,idle_w=10,busy_w=20,fault=wrong,fault_flop=12345,"
              "fault_tile=64,timer=0.5,compile=5ms");
    assert_true(
        fabs(m.dwell_ns - 20e6) < 1e-3 && fabs(m.throttle_ns - 1.5e9) < 1.0 && m.throttle_factor == 0.5);
    assert_int_equal(m.fault_tile, 64);
    assert_true(fabs(m.compile_ns - 5e6) < 1e-3 && m.timer == 0.5);
    assert_true(m.idle_w == 10.0 && m.busy_w == 20.0 && m.fault == SIM_FAULT_WRONG && m.fault_flop == 12345);
    m = parse(
        "memory_w=12,throttle_w=11,power_period=100ms,power_window=2s,energy_period=50ms,energy_step=0.5,"
        "energy_wrap=1000,gain=1.05,gain_u=0.03,power_clip=15,sensor_fault=stuck,sensor_fault_at=3s");
    assert_true(
        m.memory_w == 12.0 && m.throttle_w == 11.0 && m.energy_step == 0.5 && m.energy_wrap == 1000.0);
    assert_true(fabs(m.power_period_ns - 100e6) < 1e-3 && fabs(m.power_window_ns - 2e9) < 1e-3);
    assert_true(fabs(m.energy_period_ns - 50e6) < 1e-3 && fabs(m.sensor_fault_ns - 3e9) < 1e-3);
    assert_true(m.gain == 1.05 && m.gain_u == 0.03 && m.power_clip == 15.0);
    assert_int_equal(m.sensor_fault, SIM_SENSOR_STUCK);
}

static void bad_parameters_get_one_clear_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {{"peak=0", "peak cannot be '0'; a rate"}, {"peak=-1T", "peak cannot be '-1T'"},
        {"peak=nan", "peak cannot be 'nan'"}, {"peak=inf", "peak cannot be"}, {"peak=1e30", "peak cannot be"},
        {"peak=", "peak cannot be ''"}, {"bw=fast", "bw cannot be 'fast'"}, {"link=1TB", "link cannot be"},
        {"launch=-1us", "launch cannot be '-1us'; a time"}, {"launch=5parsecs", "launch cannot be"},
        {"memory=0", "memory cannot be '0'; bytes"}, {"memory=-1", "memory cannot be"},
        {"memory=99999999999T", "memory cannot be"}, {"cache=1.5M", "cache cannot be"},
        {"seed=-1", "seed cannot be '-1'; a whole number"}, {"seed=18446744073709551616", "seed cannot be"},
        {"jitter=2", "jitter cannot be '2'; a number from 0 to 1"}, {"jitter=-0.1", "jitter cannot be"},
        {"ar=1", "ar cannot be '1'; a number from -0.99 to 0.99"}, {"wander=x", "wander cannot be"},
        {"drift=2", "drift cannot be"}, {"slow=0.5", "slow cannot be '0.5'; a number from 1"},
        {"slow_share=1.1", "slow_share cannot be"}, {"dwell=0", "dwell cannot be"},
        {"dwell=1ns", "dwell cannot be '1ns'; a time such as 5us, from 1e-05"},
        {"throttle=-1", "throttle cannot be"}, {"throttle_factor=0", "throttle_factor cannot be"},
        {"idle_w=-5", "idle_w cannot be"}, {"busy_w=1e9", "busy_w cannot be"},
        {"fault=fire", "fault cannot be 'fire'; it is one of none crash"},
        {"timer=-1", "timer cannot be '-1'; a number from 0"},
        {"compile=-1ms", "compile cannot be '-1ms'; a time"}, {"fault_flop=1.5", "fault_flop cannot be"},
        {"fault_tile=-1", "fault_tile cannot be"}, {"memory_w=-1", "memory_w cannot be '-1'; a number"},
        {"throttle_w=hot", "throttle_w cannot be"}, {"gain=-1", "gain cannot be"},
        {"power_period=0", "power_period cannot be '0'; a time such as 5us, from 0.0001 to 100 s"},
        {"power_window=-1s", "power_window cannot be"}, {"energy_period=10us", "energy_period cannot be"},
        {"energy_step=0", "energy_step cannot be '0'; a number from 1e-09"},
        {"energy_wrap=-1", "energy_wrap cannot be"}, {"gain_u=1.5", "gain_u cannot be"},
        {"energy_wrap=1,energy_step=0.6",
            "energy_wrap cannot be 1 J with an energy_step of 0.6 J; two steps"},
        {"power_clip=x", "power_clip cannot be"}, {"sensor_fault_at=-1", "sensor_fault_at cannot be"},
        {"sensor_fault=tired", "it is one of none stuck zero gone wrap"},
        {"colour=red", "no parameter 'colour'; it has peak bw link"}, {"=1", "no parameter ''"},
        {"peak", "'peak' is not of the form key=value"}, {"peak=1T,,bw=1T", "'' is not of the form"},
        {"peak=1T,bogus", "'bogus' is not of the form"}, {"PEAK=1T", "no parameter 'PEAK'"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sim_model model;
        sy_error error = SY_ERROR_INIT;
        assert_int_equal(sim_model_parse(rows[i].text, &model, &error), SY_INVALID_ARGUMENT);
        if (strstr(error.text, rows[i].says) == NULL || strncmp(error.text, "sim", 3) != 0 ||
            strchr(error.text, '\n') != NULL)
            fail_msg("'%s' says: %s", rows[i].text, error.text);
    }
}

static void an_unknown_key_names_every_key(void **state) {
    (void)state;
    static const char *const keys[] = {"peak", "bw", "link", "launch", "memory", "cache", "seed", "jitter",
        "ar", "wander", "drift", "slow", "slow_share", "dwell", "throttle", "throttle_factor", "idle_w",
        "busy_w", "fault", "fault_flop", "fault_tile", "timer", "compile", "memory_w", "throttle_w",
        "power_period", "power_window", "energy_period", "energy_step", "energy_wrap", "gain", "gain_u",
        "power_clip", "sensor_fault", "sensor_fault_at"};
    sim_model model;
    sy_error error = SY_ERROR_INIT;
    assert_int_equal(sim_model_parse("x=1", &model, &error), SY_INVALID_ARGUMENT);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strstr(error.text, keys[i]) == NULL)
            fail_msg("%s is not in: %s", keys[i], error.text);
}

static void too_long_a_text_is_refused(void **state) {
    (void)state;
    char text[400];
    sim_model model;
    memset(text, '1', sizeof text - 1);
    memcpy(text, "seed=", 5);
    text[sizeof text - 1] = '\0';
    assert_int_equal(sim_model_parse(text, &model, NULL), SY_INVALID_ARGUMENT);
    text[255] = '\0'; /* just fits, but is no number of 64 bits */
    assert_int_equal(sim_model_parse(text, &model, NULL), SY_INVALID_ARGUMENT);
    snprintf(text, sizeof text, "jitter=0.%0240d", 0); /* just fits, and is one */
    assert_int_equal(sim_model_parse(text, &model, NULL), SY_OK);
}

static double work_ns(const sim_model *model, uint32_t dtype, uint64_t flop, uint64_t byte) {
    return sim_model_load(model, dtype, flop, byte).work_ns;
}

static void the_roofline_takes_the_slower_side(void **state) {
    (void)state;
    sim_model m = parse("peak=1T,bw=1G");
    assert_true(fabs(work_ns(&m, SY_F32, 1000000000, 0) - 1e6) < 1e-3);
    assert_true(fabs(work_ns(&m, SY_F32, 0, 1000) - 1e3) < 1e-6);
    assert_true(fabs(work_ns(&m, SY_F32, 1000, 1000000) - 1e6) < 1e-3);
    assert_true(work_ns(&m, SY_F32, 0, 0) == 0.0);
    assert_true(sim_model_load(&m, SY_F32, 1000, 1000000).is_memory_bound);
    assert_false(sim_model_load(&m, SY_F32, 1000000000, 1000).is_memory_bound);
    double f32 = work_ns(&m, SY_F32, 1u << 30, 0);
    assert_true(fabs(work_ns(&m, SY_F64, 1u << 30, 0) / f32 - 2.0) < 1e-9);
    assert_true(fabs(work_ns(&m, SY_BF16, 1u << 30, 0) / f32 - 0.5) < 1e-9);
    assert_true(fabs(work_ns(&m, SY_S8, 1u << 30, 0) / f32 - 0.25) < 1e-9);
}

static void power_is_as_the_table_in_the_readme_says(void **state) {
    (void)state;
    sim_model m = parse("idle_w=20,busy_w=100,throttle_factor=0.5");
    assert_true(sim_model_load_w(&m, false, false) == 100.0 && sim_model_load_w(&m, true, false) == 100.0);
    assert_true(fabs(sim_model_load_w(&m, false, true) - 60.0) < 1e-9);
    m = parse("idle_w=20,busy_w=100,memory_w=70,throttle_factor=0.5");
    assert_true(sim_model_load_w(&m, false, false) == 100.0 && sim_model_load_w(&m, true, false) == 70.0);
    assert_true(fabs(sim_model_load_w(&m, true, true) - 45.0) < 1e-9);
    m = parse("idle_w=20,busy_w=100,memory_w=70,throttle_w=80");
    assert_true(sim_model_load_w(&m, false, true) == 80.0 && sim_model_load_w(&m, true, true) == 70.0);
}

/* Times of `count` launches of 100 us of work, one after another with a wait in between. */
static void take_times(const char *params, double *out_ns, size_t count) {
    sim_model model = parse(params);
    sim_state world;
    sim_state_init(&model, &world);
    for (size_t i = 0; i < count; i++) {
        double before = world.busy_total_ns;
        sim_enqueue(&model, &world, (sim_load){.work_ns = 95e3});
        sim_wait(&world);
        out_ns[i] = world.busy_total_ns - before;
    }
}

enum { MANY = 20000 };
static double times[MANY], others[MANY];

static double mean_of(const double *values, size_t count) {
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

static void without_noise_every_launch_takes_the_same(void **state) {
    (void)state;
    take_times("", times, MANY);
    for (size_t i = 0; i < MANY; i++)
        assert_true(fabs(times[i] - 100e3) < 1e-3);
}

static void the_same_seed_is_the_same_world(void **state) {
    (void)state;
    take_times("jitter=0.05,wander=0.02,ar=0.9,slow=1.3,seed=7", times, MANY);
    take_times("jitter=0.05,wander=0.02,ar=0.9,slow=1.3,seed=7", others, MANY);
    assert_memory_equal(times, others, sizeof times);
    take_times("jitter=0.05,wander=0.02,ar=0.9,slow=1.3,seed=8", others, MANY);
    assert_memory_not_equal(times, others, sizeof times);
}

/* Standard deviation of the logarithm and its lag-1 correlation. */
static void log_figures(const double *values, size_t count, double *out_deviation, double *out_lag1) {
    double mean = 0.0, squares = 0.0, products = 0.0;
    for (size_t i = 0; i < count; i++)
        mean += log(values[i]) / (double)count;
    for (size_t i = 0; i < count; i++) {
        double here = log(values[i]) - mean;
        squares += here * here;
        products += i > 0 ? here * (log(values[i - 1]) - mean) : 0.0;
    }
    *out_deviation = sqrt(squares / (double)count);
    *out_lag1 = products / squares;
}

static void jitter_is_independent_and_as_wide_as_asked(void **state) {
    (void)state;
    double deviation, lag1;
    take_times("jitter=0.05", times, MANY);
    log_figures(times, MANY, &deviation, &lag1);
    assert_true(fabs(deviation - 0.05) < 0.002);
    assert_true(fabs(lag1) < 0.03);
}

static void wander_is_correlated_as_asked(void **state) {
    (void)state;
    double deviation, lag1;
    take_times("wander=0.05,ar=0.8", times, MANY);
    log_figures(times, MANY, &deviation, &lag1);
    assert_true(fabs(deviation - 0.05) < 0.005);
    assert_true(fabs(lag1 - 0.8) < 0.03);
}

static void drift_changes_the_level_by_its_rate(void **state) {
    (void)state;
    take_times("drift=0.1", times, MANY); /* 2 s and more: 0 % to about 22 % */
    assert_true(times[0] < 100.1e3);
    for (size_t i = 1; i < MANY; i++)
        assert_true(times[i] >= times[i - 1]);
    assert_true(times[MANY - 1] > 120e3 && times[MANY - 1] < 125e3);
}

static void modes_take_their_share_of_the_time(void **state) {
    (void)state;
    take_times("slow=1.5,slow_share=0.3,dwell=1ms", times, MANY);
    double slow_ns = 0.0, all_ns = 0.0;
    for (size_t i = 0; i < MANY; i++) {
        bool is_slow = times[i] > 125e3;
        assert_true(fabs(times[i] - (is_slow ? 150e3 : 100e3)) < 1.0);
        slow_ns += is_slow ? times[i] : 0.0;
        all_ns += times[i];
    }
    assert_true(fabs(slow_ns / all_ns - 0.3) < 0.06);
}

static void throttling_begins_when_the_time_is_up(void **state) {
    (void)state;
    take_times("throttle=1s,throttle_factor=0.5", times, MANY);
    assert_true(fabs(times[0] - 100e3) < 1e-3);
    assert_true(fabs(times[9990] - 100e3) < 1e-3);
    assert_true(fabs(times[10010] - 200e3) < 1e-3);
    assert_true(fabs(mean_of(times + 10010, MANY - 10010) - 200e3) < 1e-3);
}

static void no_time_is_zero_or_negative(void **state) {
    (void)state;
    take_times("drift=-1", times, MANY);
    for (size_t i = 0; i < MANY; i++)
        assert_true(times[i] > 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_are_as_documented),
        cmocka_unit_test(every_parameter_is_read), cmocka_unit_test(bad_parameters_get_one_clear_line),
        cmocka_unit_test(an_unknown_key_names_every_key), cmocka_unit_test(too_long_a_text_is_refused),
        cmocka_unit_test(the_roofline_takes_the_slower_side),
        cmocka_unit_test(without_noise_every_launch_takes_the_same),
        cmocka_unit_test(the_same_seed_is_the_same_world),
        cmocka_unit_test(jitter_is_independent_and_as_wide_as_asked),
        cmocka_unit_test(wander_is_correlated_as_asked),
        cmocka_unit_test(drift_changes_the_level_by_its_rate),
        cmocka_unit_test(modes_take_their_share_of_the_time),
        cmocka_unit_test(throttling_begins_when_the_time_is_up),
        cmocka_unit_test(no_time_is_zero_or_negative),
        cmocka_unit_test(power_is_as_the_table_in_the_readme_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
