/* Seeded models of how batch times vary. */
#include "tests/support/noise.h"

#include "bench/stats/order.h"
#include <math.h>
#include <stdlib.h>

static double draw_mode(noise_round *round) {
    return sy_random_unit(&round->random) < round->model->mode_share ? round->model->mode_gap : 0.0;
}

void noise_start(noise_round *round, const noise_model *model, uint64_t run, uint64_t number) {
    *round = (noise_round){.model = model, .step_at = INFINITY};
    sy_random_seed(&round->random, sy_random_mix(run + 1), number);
    round->state = sy_random_normal(&round->random);
    round->offset = model->offset * sy_random_normal(&round->random);
    round->mode = draw_mode(round);
    double chance = sy_random_unit(&round->random), place = sy_random_unit(&round->random);
    if (chance < model->step_chance)
        round->step_at = place * (double)model->horizon;
}

double noise_level(const noise_round *round, size_t index) {
    const noise_model *model = round->model;
    double level = 1.0 + round->offset, at = (double)index;
    if (model->drift != 0.0)
        level += model->drift * fmin(1.0, at / (double)model->horizon);
    return at >= round->step_at ? level * (1.0 + model->step) : level;
}

static double draw_jitter(noise_round *round) {
    const noise_model *model = round->model;
    double fresh = sy_random_normal(&round->random);
    round->state = model->phi * round->state + sqrt(1.0 - model->phi * model->phi) * fresh;
    double value = exp(model->sigma * round->state);
    double chance = sy_random_unit(&round->random), size = 1.0 - sy_random_unit(&round->random);
    if (chance < model->tail_share)
        value += model->tail_scale / sqrt(size);
    return value;
}

double noise_next(noise_round *round) {
    const noise_model *model = round->model;
    if (model->mode_gap != 0.0 && sy_random_unit(&round->random) * model->mode_dwell < 1.0)
        round->mode = draw_mode(round);
    double level = noise_level(round, round->index++);
    return level * (1.0 + round->mode) * draw_jitter(round);
}

bool noise_in_second_mode(const noise_round *round) {
    return round->mode != 0.0;
}

static double draw_median(const noise_model *model, double mode_share) {
    enum { DRAWS = 200001 };
    noise_model law = *model;
    law.phi = law.drift = law.offset = law.step_chance = 0.0;
    law.mode_share = mode_share;
    law.mode_dwell = 1.0;
    double *values = malloc(DRAWS * sizeof *values);
    if (values == NULL)
        return NAN;
    noise_round round;
    noise_start(&round, &law, UINT64_C(0x6d656469616e), 0);
    for (size_t i = 0; i < DRAWS; i++)
        values[i] = noise_next(&round);
    sy_sort_f64(values, DRAWS);
    double median = values[DRAWS / 2];
    free(values);
    return median;
}

double noise_law_median(const noise_model *model, double mode_share) {
    if (model->tail_share > 0.0)
        return draw_median(model, mode_share);
    double low = -1.0, high = 1.0, second = log1p(model->mode_gap), unit = model->sigma * sqrt(2.0);
    for (int step = 0; step < 60; step++) { /* on the logarithm */
        double middle = 0.5 * (low + high);
        double above = (1.0 - mode_share) * erfc(middle / unit) + mode_share * erfc((middle - second) / unit);
        if (above > 1.0)
            low = middle;
        else
            high = middle;
    }
    return exp(low);
}
