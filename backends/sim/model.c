/* The simulated world's arithmetic. */
#include "backends/sim/model.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

/* Costs of the simulated host. */
/* Of a launch, what is left where one of the same graph comes before it. */
static const double NEXT_SHARE = 0.2;

static const double CALL_NS = 200.0, WAIT_NS = 1000.0;

enum { KIND_RATE, KIND_SECONDS, KIND_NUMBER, KIND_BYTES, KIND_COUNT, KIND_CHOICE };

typedef struct parameter {
    const char *name;
    int kind;
    size_t offset;
    double least, most;
    const char *const *choices; /* ended by NULL; the value is the index */
} parameter;

static const char *const faults[] = {
    "none", "crash", "hang", "exit", "abort", "error", "wrong", "load", "remember", NULL};
static const char *const sensor_faults[] = {"none", "stuck", "zero", "gone", "wrap", NULL};

#define FIELD(f) offsetof(sim_model, f)
static const parameter parameters[] = {{"peak", KIND_RATE, FIELD(peak), 1e3, 1e18, NULL},
    {"bw", KIND_RATE, FIELD(bw), 1e3, 1e16, NULL}, {"link", KIND_RATE, FIELD(link), 1e3, 1e15, NULL},
    {"launch", KIND_SECONDS, FIELD(launch_ns), 0, 1e12, NULL},
    {"memory", KIND_BYTES, FIELD(memory), 0, 0, NULL}, {"cache", KIND_BYTES, FIELD(cache), 0, 0, NULL},
    {"seed", KIND_COUNT, FIELD(seed), 0, 0, NULL}, {"jitter", KIND_NUMBER, FIELD(jitter), 0, 1, NULL},
    {"ar", KIND_NUMBER, FIELD(ar), -0.99, 0.99, NULL}, {"wander", KIND_NUMBER, FIELD(wander), 0, 1, NULL},
    {"drift", KIND_NUMBER, FIELD(drift), -1, 1, NULL}, {"slow", KIND_NUMBER, FIELD(slow), 1, 100, NULL},
    {"slow_share", KIND_NUMBER, FIELD(slow_share), 0, 1, NULL},
    {"dwell", KIND_SECONDS, FIELD(dwell_ns), 1e4, 1e15, NULL},
    {"throttle", KIND_SECONDS, FIELD(throttle_ns), 0, 1e15, NULL},
    {"throttle_factor", KIND_NUMBER, FIELD(throttle_factor), 0.01, 1, NULL},
    {"idle_w", KIND_NUMBER, FIELD(idle_w), 0, 1e5, NULL},
    {"busy_w", KIND_NUMBER, FIELD(busy_w), 0, 1e5, NULL},
    {"memory_w", KIND_NUMBER, FIELD(memory_w), 0, 1e5, NULL},
    {"throttle_w", KIND_NUMBER, FIELD(throttle_w), 0, 1e5, NULL},
    {"fault", KIND_CHOICE, FIELD(fault), 0, 0, faults},
    {"fault_flop", KIND_COUNT, FIELD(fault_flop), 0, 0, NULL},
    {"fault_tile", KIND_COUNT, FIELD(fault_tile), 0, 0, NULL},
    {"timer", KIND_NUMBER, FIELD(timer), 0, 1e3, NULL},
    {"compile", KIND_SECONDS, FIELD(compile_ns), 0, 1e12, NULL},
    {"power_period", KIND_SECONDS, FIELD(power_period_ns), 1e5, 1e11, NULL},
    {"power_window", KIND_SECONDS, FIELD(power_window_ns), 0, 1e12, NULL},
    {"energy_period", KIND_SECONDS, FIELD(energy_period_ns), 1e5, 1e11, NULL},
    {"energy_step", KIND_NUMBER, FIELD(energy_step), 1e-9, 1e6, NULL},
    {"energy_wrap", KIND_NUMBER, FIELD(energy_wrap), 0, 1e15, NULL},
    {"gain", KIND_NUMBER, FIELD(gain), 0, 100, NULL}, {"gain_u", KIND_NUMBER, FIELD(gain_u), 0, 1, NULL},
    {"power_clip", KIND_NUMBER, FIELD(power_clip), 0, 1e5, NULL},
    {"sensor_fault", KIND_CHOICE, FIELD(sensor_fault), 0, 0, sensor_faults},
    {"sensor_fault_at", KIND_SECONDS, FIELD(sensor_fault_ns), 0, 1e15, NULL}};
enum { PARAMETERS = sizeof parameters / sizeof parameters[0] };

static bool parse_choice(const parameter *row, const char *text, uint32_t *out_index) {
    for (uint32_t i = 0; row->choices[i] != NULL; i++)
        if (strcmp(text, row->choices[i]) == 0) {
            *out_index = i;
            return true;
        }
    return false;
}

static bool in_range(const parameter *row, double value) {
    return value >= row->least && value <= row->most;
}

static bool parse_value(const parameter *row, const char *text, sim_model *model) {
    char *field = (char *)model + row->offset;
    double number = 0.0;
    uint64_t count = 0;
    bool parsed = false;
    switch (row->kind) {
    case KIND_RATE: parsed = sy_text_to_rate(text, &number) && in_range(row, number); break;
    case KIND_SECONDS:
        parsed = sy_text_to_seconds(text, &number) && in_range(row, number * 1e9);
        number *= 1e9;
        break;
    case KIND_NUMBER: parsed = sy_text_to_f64(text, &number) && in_range(row, number); break;
    case KIND_BYTES: parsed = sy_text_to_size(text, 1024, &count) && count > 0; break;
    case KIND_COUNT: parsed = sy_text_to_u64(text, &count); break;
    default: return parse_choice(row, text, (uint32_t *)(void *)field);
    }
    if (parsed && row->kind <= KIND_NUMBER)
        memcpy(field, &number, sizeof number);
    else if (parsed)
        memcpy(field, &count, sizeof count);
    return parsed;
}

static sy_status wrong_value(const parameter *row, const char *text, sy_error *err) {
    const char *key = row->name;
    char names[80] = "";
    switch (row->kind) {
    case KIND_RATE:
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "sim: %s cannot be '%s'; a rate such as 1.5T, from %g to %g", key, text, row->least, row->most);
    case KIND_SECONDS:
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "sim: %s cannot be '%s'; a time such as 5us, from %g to %g s", key, text, row->least * 1e-9,
            row->most * 1e-9);
    case KIND_NUMBER:
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: %s cannot be '%s'; a number from %g to %g", key,
            text, row->least, row->most);
    case KIND_BYTES:
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: %s cannot be '%s'; bytes such as 16G, at least 1", key, text);
    case KIND_COUNT:
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: %s cannot be '%s'; a whole number", key, text);
    default:
        for (size_t i = 0, at = 0; row->choices[i] != NULL && at < sizeof names; i++)
            at += (size_t)snprintf(names + at, sizeof names - at, " %s", row->choices[i]);
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: %s cannot be '%s'; it is one of%s", key, text, names);
    }
}

static sy_status unknown_key(const char *key, sy_error *err) {
    char names[448] = "";
    for (size_t i = 0, at = 0; i < PARAMETERS && at < sizeof names; i++)
        at += (size_t)snprintf(names + at, sizeof names - at, "%s%s", i > 0 ? " " : "", parameters[i].name);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "sim has no parameter '%s'; it has %s", key, names);
}

static sy_status parse_pair(char *pair, sim_model *model, sy_error *err) {
    char *value = strchr(pair, '=');
    if (value == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: '%s' is not of the form key=value", pair);
    *value++ = '\0';
    for (size_t i = 0; i < PARAMETERS; i++) {
        if (strcmp(parameters[i].name, pair) != 0)
            continue;
        if (parse_value(&parameters[i], value, model))
            return SY_OK;
        return wrong_value(&parameters[i], value, err);
    }
    return unknown_key(pair, err);
}

static const sim_model defaults = {.peak = 10e12,
    .bw = 500e9,
    .link = 20e9,
    .launch_ns = 5e3,
    .slow = 1.0,
    .slow_share = 0.3,
    .dwell_ns = 50e6,
    .throttle_factor = 0.7,
    .idle_w = 50.0,
    .busy_w = 300.0,
    .timer = 1.0,
    .power_period_ns = 20e6,
    .power_window_ns = 1e9,
    .energy_period_ns = 20e6,
    .energy_step = 1e-3,
    .gain = 1.0,
    .gain_u = 0.01,
    .memory = UINT64_C(16) << 30,
    .cache = UINT64_C(32) << 20,
    .seed = 1};

/* What no single value shows. */
static sy_status check_wrap(const sim_model *model, sy_error *err) {
    if (model->energy_wrap <= 0.0 || model->energy_wrap >= 2.0 * model->energy_step)
        return SY_OK;
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "sim: energy_wrap cannot be %g J with an energy_step of %g J; two steps and more, or 0",
        model->energy_wrap, model->energy_step);
}

sy_status sim_model_parse(const char *params, sim_model *out_model, sy_error *err) {
    char text[256], *rest = text;
    *out_model = defaults;
    if (params == NULL)
        return SY_OK;
    if (strlen(params) >= sizeof text)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: parameters of more than %zu bytes", sizeof text - 1);
    strcpy(text, params);
    sy_status status = SY_OK;
    while (status == SY_OK && rest != NULL && *rest != '\0') {
        char *pair = strsep(&rest, ",");
        status = parse_pair(pair, out_model, err);
    }
    return status == SY_OK ? check_wrap(out_model, err) : status;
}

void sim_state_init(const sim_model *model, sim_state *out_state) {
    double longest_ns = fmax(model->power_period_ns, model->energy_period_ns);
    memset(out_state, 0, sizeof *out_state);
    out_state->now_ns = 1.0;
    out_state->throttled_ns = INFINITY;
    sim_tape_init(&out_state->tape, model->idle_w, model->power_window_ns + 2.0 * longest_ns);
    sy_random_seed(&out_state->random, model->seed, 0);
}

/* Rate of a type over that of f32. */
static double type_factor(uint32_t dtype) {
    switch (dtype) {
    case SY_F64: return 0.5;
    case SY_F16:
    case SY_BF16: return 2.0;
    case SY_F8E4M3:
    case SY_F8E5M2:
    case SY_S8:
    case SY_U8: return 4.0;
    default: return 1.0;
    }
}

sim_load sim_model_load(const sim_model *model, uint32_t dtype, uint64_t flop, uint64_t byte) {
    double arithmetic_s = (double)flop / (model->peak * type_factor(dtype));
    double memory_s = (double)byte / model->bw;
    return (sim_load){
        .work_ns = 1e9 * fmax(arithmetic_s, memory_s), .is_memory_bound = memory_s > arithmetic_s};
}

double sim_model_load_w(const sim_model *model, bool is_memory_bound, bool is_throttled) {
    double watt = is_memory_bound && model->memory_w > 0.0 ? model->memory_w : model->busy_w;
    if (!is_throttled)
        return watt;
    if (model->throttle_w > 0.0)
        return fmin(watt, model->throttle_w);
    return model->idle_w + (watt - model->idle_w) * model->throttle_factor;
}

static bool is_throttled(const sim_model *model, const sim_state *state) {
    return model->throttle_ns > 0.0 && state->busy_total_ns > model->throttle_ns;
}

/* Fast and slow mode alternate; each dwell is drawn anew. */
static double mode_factor(const sim_model *model, sim_state *state) {
    if (model->slow <= 1.0 || model->slow_share <= 0.0)
        return 1.0;
    while (state->busy_until_ns >= state->mode_until_ns) {
        state->is_slow = sy_random_unit(&state->random) < model->slow_share;
        state->mode_until_ns += -model->dwell_ns * log(1.0 - sy_random_unit(&state->random));
    }
    return state->is_slow ? model->slow : 1.0;
}

static double noise_factor(const sim_model *model, sim_state *state) {
    double factor = 1.0 + model->drift * state->busy_until_ns * 1e-9;
    if (model->wander > 0.0) {
        double fresh = sqrt(1.0 - model->ar * model->ar) * sy_random_normal(&state->random);
        state->correlated = model->ar * state->correlated + fresh;
        factor *= exp(model->wander * state->correlated);
    }
    if (model->jitter > 0.0)
        factor *= exp(model->jitter * sy_random_normal(&state->random));
    factor *= mode_factor(model, state);
    if (is_throttled(model, state))
        factor /= model->throttle_factor;
    return fmax(factor, 0.01);
}

static void enqueue(const sim_model *model, sim_state *state, double launch_ns, sim_load load) {
    double taken_ns = (launch_ns + load.work_ns) * noise_factor(model, state);
    double begin_ns = fmax(state->busy_until_ns, state->now_ns);
    bool throttled = is_throttled(model, state);
    if (throttled)
        state->throttled_ns = fmin(state->throttled_ns, begin_ns);
    state->busy_until_ns = begin_ns + taken_ns;
    state->busy_total_ns += taken_ns;
    sim_tape_add(&state->tape, state->now_ns, begin_ns, state->busy_until_ns,
        sim_model_load_w(model, load.is_memory_bound, throttled));
}

void sim_enqueue(const sim_model *model, sim_state *state, sim_load load) {
    state->now_ns += CALL_NS;
    enqueue(model, state, model->launch_ns, load);
}

void sim_enqueue_next(const sim_model *model, sim_state *state, sim_load load) {
    enqueue(model, state, NEXT_SHARE * model->launch_ns, load);
}

void sim_wait(sim_state *state) {
    state->now_ns = fmax(state->now_ns, state->busy_until_ns) + WAIT_NS;
}
