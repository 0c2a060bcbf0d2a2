/* Comparing single values, and what they tell about faults that many values share. */
#include "bench/check/tally.h"

#include "kernels/reference/post.h"
#include "runtime/base/convert.h"

#include <math.h>

/* A fault of this many bounds is found whatever the honest error beside it. */
#define CLEAR 1.5
#define GAIN_FAULT 0.01

void check_tally_init(check_tally *out_tally) {
    *out_tally = (check_tally){.worst_ratio = -1.0, .is_finite = true, .last_true = NAN};
}

/* One element as it should be. */
typedef struct expected {
    double before, value, dropped, bound;
    sy_error_point point;
} expected;

/* The operand of post `index` at looked-at column `i`. */
static double operand_of(const check_row *row, uint32_t kind, int64_t i, const double *residual) {
    switch (kind) {
    case SY_POST_BIAS: return row->bias[i];
    case SY_POST_SCALE_COL: return row->scale[i];
    case SY_POST_SCALE_ROW: return row->row_scale;
    case SY_POST_ADD: return residual[i];
    default: return 0.0;
    }
}

static double apply_posts(const check_row *row, int64_t i, const double *residual, double value) {
    const sy_problem *problem = &row->product->storage.problem;
    for (uint32_t p = 0; p < problem->n_post; p++) {
        const sy_post *post = &problem->post[p];
        const sy_reference_post step = {.kind = post->kind, .a = (double)post->a, .b = (double)post->b};
        value = sy_reference_post_value(&step, value, operand_of(row, post->kind, i, residual));
    }
    return value;
}

static void expect(
    const check_row *row, int64_t i, const double *accumulate, const double *residual, expected *out) {
    const check_product *product = row->product;
    const sy_problem *problem = &product->storage.problem;
    double added = product->beta != 0.0 ? product->beta * accumulate[i] : 0.0;
    double first = problem->n_post > 0 ? operand_of(row, problem->post[0].kind, i, residual) : 0.0;
    double second = problem->n_post > 1 ? operand_of(row, problem->post[1].kind, i, residual) : 0.0;
    out->before = product->alpha * row->sum[i] + added;
    out->value = apply_posts(row, i, residual, out->before);
    out->dropped = apply_posts(row, i, residual, out->before - product->alpha * row->tail[i]);
    out->point = SY_ERROR_POINT_INIT;
    out->point.a_norm = row->norm_row;
    out->point.b_norm = sqrt(row->norm_col2[i]);
    out->point.product = row->sum[i];
    out->point.accumulate = product->beta != 0.0 ? accumulate[i] : 0.0;
    out->point.result = out->value;
    sy_error_point_epilogue(product->request->spec, out->before, first, second, &out->point);
    out->bound = check_noise_bound(row->noise, &out->point);
}

static void add_match(check_match *match, double error, double effect, double bound) {
    double deviation = bound / SY_ERROR_SIGMAS;
    match->error_effect += error * effect;
    match->effect2 += effect * effect;
    match->variance += effect * effect * deviation * deviation;
    if (bound > 0.0)
        match->largest = fmax(match->largest, fabs(effect) / bound);
}

void check_tally_note(
    check_tally *tally, const check_place *place, double value, double should, double bound) {
    double error = fabs(value - should);
    double ratio = bound > 0.0 ? error / bound : error > 0.0 ? INFINITY : 0.0;
    if (!isfinite(value)) {
        tally->is_finite = false;
        error = ratio = INFINITY;
    }
    if (ratio <= tally->worst_ratio)
        return;
    tally->worst_ratio = ratio;
    tally->worst_error = error;
    tally->worst_bound = bound;
    tally->worst_value = value;
    tally->worst_true = should;
    tally->worst = *place;
}

static void note_single(
    check_tally *tally, const check_row *row, const check_place *place, const expected *want, double value) {
    uint32_t overflow = sy_error_overflow(&row->noise->model, &want->point);
    if (overflow == SY_OVERFLOW_CERTAIN || (overflow == SY_OVERFLOW_POSSIBLE && !isfinite(value))) {
        tally->is_overflow = true;
        tally->overflow = *place;
        return;
    }
    tally->singles++;
    check_tally_note(tally, place, value, want->value, want->bound);
    tally->bound_total += want->bound;
    tally->single_bound = fmax(tally->single_bound, want->bound);
    tally->square_sum += want->value * want->value;
    if (!isnan(tally->last_true)) {
        tally->pairs++;
        tally->missed += fabs(want->value - tally->last_true) <= CLEAR * want->bound;
    }
    tally->last_true = want->value;
    if (!isfinite(value))
        return;
    double error = value - sy_convert_round(row->product->request->spec->dtype_c, want->value);
    add_match(&tally->zero, error, -want->value, want->bound);
    add_match(&tally->tail, error, want->dropped - want->value, want->bound);
    add_match(&tally->gain, error, GAIN_FAULT * want->value, want->bound);
}

void check_tally_single(check_tally *tally, const check_row *row) {
    const check_product *product = row->product;
    const check_columns *columns = row->columns;
    double *value = row->scratch, *accumulate = value + columns->count;
    double *residual = accumulate + columns->count;
    check_product_output(product, row->block, row->row, &columns->single, value);
    if (product->beta != 0.0)
        check_product_like_output(
            product, product->accumulate, row->block, row->row, &columns->single, accumulate);
    if (product->residual != SY_NO_OPERAND)
        check_product_like_output(
            product, product->residual, row->block, row->row, &columns->single, residual);
    for (int64_t i = 0; i < columns->count; i++) {
        expected want;
        check_place place = {
            .block = row->block, .row = row->row, .col = check_index_at(&columns->single, i)};
        expect(row, i, accumulate, residual, &want);
        note_single(tally, row, &place, &want, value[i]);
    }
}

double check_match_estimate(const check_match *match, double *out_deviation) {
    *out_deviation = INFINITY;
    if (!(match->effect2 > 0.0))
        return 0.0;
    *out_deviation = sqrt(match->variance) / match->effect2;
    return match->error_effect / match->effect2;
}
