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

static const double CALL_NS = 200.0, WAIT_NS = 1000.0, FULL_CLOCK_HZ = 1.5e9;

enum { KIND_RATE, KIND_SECONDS, KIND_NUMBER, KIND_BYTES, KIND_COUNT, KIND_FAULT };

typedef struct parameter {
    const char *name;
    int kind;
    size_t offset;
    double least, most;
} parameter;

#define FIELD(f) offsetof(sim_model, f)
static const parameter parameters[] = {{"peak", KIND_RATE, FIELD(peak), 1e3, 1e18},
    {"bw", KIND_RATE, FIELD(bw), 1e3, 1e16}, {"link", KIND_RATE, FIELD(link), 1e3, 1e15},
    {"launch", KIND_SECONDS, FIELD(launch_ns), 0, 1e12}, {"memory", KIND_BYTES, FIELD(memory), 0, 0},
    {"cache", KIND_BYTES, FIELD(cache), 0, 0}, {"seed", KIND_COUNT, FIELD(seed), 0, 0},
    {"jitter", KIND_NUMBER, FIELD(jitter), 0, 1}, {"ar", KIND_NUMBER, FIELD(ar), -0.99, 0.99},
    {"wander", KIND_NUMBER, FIELD(wander), 0, 1}, {"drift", KIND_NUMBER, FIELD(drift), -1, 1},
    {"slow", KIND_NUMBER, FIELD(slow), 1, 100}, {"slow_share", KIND_NUMBER, FIELD(slow_share), 0, 1},
    {"dwell", KIND_SECONDS, FIELD(dwell_ns), 1e4, 1e15},
    {"throttle", KIND_SECONDS, FIELD(throttle_ns), 0, 1e15},
    {"throttle_factor", KIND_NUMBER, FIELD(throttle_factor), 0.01, 1},
    {"idle_w", KIND_NUMBER, FIELD(idle_w), 0, 1e5}, {"busy_w", KIND_NUMBER, FIELD(busy_w), 0, 1e5},
    {"fault", KIND_FAULT, FIELD(fault), 0, 0}, {"fault_flop", KIND_COUNT, FIELD(fault_flop), 0, 0},
    {"fault_tile", KIND_COUNT, FIELD(fault_tile), 0, 0}, {"timer", KIND_NUMBER, FIELD(timer), 0, 1e3},
    {"compile", KIND_SECONDS, FIELD(compile_ns), 0, 1e12}};
enum { PARAMETERS = sizeof parameters / sizeof parameters[0] };

static bool parse_fault(const char *text, uint32_t *out_fault) {
    static const char *const names[] = {"none", "crash", "hang", "exit", "abort", "error", "wrong"};
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(text, names[i]) == 0) {
            *out_fault = i;
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
    default: return parse_fault(text, (uint32_t *)(void *)field);
    }
    if (parsed && row->kind <= KIND_NUMBER)
        memcpy(field, &number, sizeof number);
    else if (parsed)
        memcpy(field, &count, sizeof count);
    return parsed;
}

static sy_status wrong_value(const parameter *row, const char *text, sy_error *err) {
    const char *key = row->name;
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
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "sim: %s cannot be '%s'; it is one of none crash hang exit abort error wrong", key, text);
    }
}

static sy_status unknown_key(const char *key, sy_error *err) {
    char names[320] = "";
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

sy_status sim_model_parse(const char *params, sim_model *out_model, sy_error *err) {
    char text[256], *rest = text;
    *out_model = (sim_model){.peak = 10e12,
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
        .memory = UINT64_C(16) << 30,
        .cache = UINT64_C(32) << 20,
        .seed = 1};
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
    return status;
}

void sim_state_init(const sim_model *model, sim_state *out_state) {
    *out_state = (sim_state){.now_ns = 1.0};
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

double sim_model_work_ns(const sim_model *model, uint32_t dtype, uint64_t flop, uint64_t byte) {
    double arithmetic_s = (double)flop / (model->peak * type_factor(dtype));
    return 1e9 * fmax(arithmetic_s, (double)byte / model->bw);
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
    if (model->throttle_ns > 0.0 && state->busy_total_ns > model->throttle_ns)
        factor /= model->throttle_factor;
    return fmax(factor, 0.01);
}

static void enqueue(const sim_model *model, sim_state *state, double work_ns) {
    double taken_ns = work_ns * noise_factor(model, state);
    state->busy_until_ns = fmax(state->busy_until_ns, state->now_ns) + taken_ns;
    state->busy_total_ns += taken_ns;
}

void sim_enqueue(const sim_model *model, sim_state *state, double work_ns) {
    state->now_ns += CALL_NS;
    enqueue(model, state, model->launch_ns + work_ns);
}

void sim_enqueue_next(const sim_model *model, sim_state *state, double work_ns) {
    enqueue(model, state, NEXT_SHARE * model->launch_ns + work_ns);
}

void sim_wait(sim_state *state) {
    state->now_ns = fmax(state->now_ns, state->busy_until_ns) + WAIT_NS;
}

double sim_power_w(const sim_model *model, const sim_state *state) {
    return state->busy_until_ns > state->now_ns ? model->busy_w : model->idle_w;
}

double sim_energy_j(const sim_model *model, const sim_state *state) {
    double elapsed_s = fmax(state->now_ns, state->busy_until_ns) * 1e-9;
    return model->idle_w * elapsed_s + (model->busy_w - model->idle_w) * state->busy_total_ns * 1e-9;
}

double sim_temperature_c(const sim_model *model, const sim_state *state) {
    (void)model;
    return 85.0 - 45.0 * exp(-state->busy_total_ns * 1e-9 / 30.0);
}

double sim_clock_hz(const sim_model *model, const sim_state *state) {
    bool throttled = model->throttle_ns > 0.0 && state->busy_total_ns > model->throttle_ns;
    return throttled ? FULL_CLOCK_HZ * model->throttle_factor : FULL_CLOCK_HZ;
}
