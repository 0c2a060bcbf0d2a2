/* The geometric means of a gate: a suite and a type each. */
#include <math.h>

#include "bench/compare/judging.h"
#include "bench/compare/say.h"
#include "runtime/base/error.h"

static bool is_gated(const sy_mean *mean) {
    return mean->suite != NULL && mean->phase == NULL && mean->rows > 0;
}

static void judge_mean(sy_judging *state, const sy_mean *mean, sy_gated_mean *out) {
    double threshold = fmax(state->options->threshold[mean->quantity], SY_GATE_UNKNOWN_NOISE);
    double limit = sy_judging_log(mean->quantity, 0.5 * threshold);
    double low = mean->log_cost - sy_ratio_quantile(0.99, mean->freedom) * mean->error;
    *out = (sy_gated_mean){.mean = *mean, .low = exp(low), .limit = exp(limit), .is_failed = low > limit};
    if (!out->is_failed)
        return;
    sy_judging_add(state, sy_judging_kind(state, SY_FAIL_REGRESSION),
        sy_say(state->arena,
            "%s %s: geometric mean of %s costs %+.2f %% (99 %% sure of %+.2f %%), limit %+.2f %%; %zu of %zu "
            "rows",
            mean->suite[0] != '\0' ? mean->suite : "no suite", mean->dtype, sy_quantity_name(mean->quantity),
            100.0 * expm1(mean->log_cost), 100.0 * expm1(low), 100.0 * expm1(limit), mean->rows, mean->of));
}

static sy_status judge_quantity(
    sy_judging *state, const sy_mean_list *means, sy_gated_mean *out, sy_error *err) {
    if (out == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "gate: no memory for %zu means", means->count);
    for (size_t i = 0; i < means->count; i++)
        if (is_gated(&means->item[i]))
            judge_mean(state, &means->item[i], &out[state->out->means++]);
    state->out->mean = out;
    return SY_OK;
}

sy_status sy_judging_means(sy_judging *state, sy_error *err) {
    sy_mean_list means[SY_QUANTITY_ENERGY + 1] = {{0}};
    size_t room = 0;
    for (int quantity = 0; quantity <= SY_QUANTITY_ENERGY; quantity++) {
        if (isnan(state->options->threshold[quantity]))
            continue;
        sy_status status = sy_means_compute(state->comparison, quantity, state->arena, &means[quantity], err);
        if (status != SY_OK)
            return status;
        room += means[quantity].count;
    }
    sy_gated_mean *out = sy_arena_array(state->arena, room, sizeof *out);
    sy_status status = SY_OK;
    for (int quantity = 0; quantity <= SY_QUANTITY_ENERGY && status == SY_OK; quantity++)
        status = judge_quantity(state, &means[quantity], out, err);
    return status;
}
