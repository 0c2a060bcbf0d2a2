/* Miss probabilities of the faults every check is asked about. */
#include "bench/check/power.h"

#include <math.h>

#define CLEAR 1.5       /* a fault of this many bounds is found whatever the honest error beside it */
#define MISS_MOST 1e-4  /* a fault that passes more seldom counts as seen */
#define MATCH_LIMIT 0.5 /* of a fault's estimate: nearer to the fault than to none */
#define RECTIFIED 0.3   /* at least this share of unlike values look alike after a rectifier */
#define GAIN_FAULT 0.01

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Root mean square of the true values. */
static double usual_size(const check_tally *tally) {
    return tally->singles > 0 ? sqrt(tally->square_sum / (double)tally->singles) : 0.0;
}

/* Probability that one stale value cannot be told from the right one. */
static double single_miss(const check_product *product, const check_tally *tally) {
    double size = usual_size(tally);
    if (!(size > 0.0))
        return 1.0;
    double miss = fmin(1.0, CLEAR * tally->bound_total / (double)tally->singles / size / sqrt(M_PI));
    if (tally->pairs > 0)
        miss = fmax(miss, (double)tally->missed / (double)tally->pairs);
    return product->is_linear ? miss : fmax(miss, RECTIFIED);
}

/* Probability that a stale tile, wherever it is, changes nothing beyond the bounds. */
static double tile_miss(const check_product *product, const check_plan *plan, const check_tally *tally) {
    int64_t rows = smaller(CHECK_TILE, product->rows), cols = smaller(CHECK_TILE, product->cols);
    if (plan->block_step > 1 || tally->singles == 0)
        return 1.0;
    if (plan->kind != CHECK_PLAN_SUMS)
        return pow(
            single_miss(product, tally), (double)(rows / plan->row_step) * (double)(cols / plan->col_step));
    double signal = sqrt(2.0 * (double)smaller(cols, plan->width)) * usual_size(tally);
    double miss = signal > 0.0 ? erf(CLEAR * tally->sum_bound / signal / sqrt(2.0)) : 1.0;
    return pow(miss, (double)(plan->vectors * (rows / plan->row_step)));
}

static bool match_sees(const check_noise *noise, const check_match *match, double drift) {
    double deviation;
    check_match_estimate(match, &deviation);
    return match->largest >= CLEAR || (noise->is_smooth && 2.0 * SY_ERROR_SIGMAS * deviation + drift < 1.0);
}

uint32_t check_power_sees(const check_product *product, const check_noise *noise, const check_plan *plan,
    const check_tally *tally) {
    uint32_t sees = 0;
    if (match_sees(noise, &tally->zero, 0.0))
        sees |= SY_CHECK_SEES_ZEROS;
    if (tile_miss(product, plan, tally) < MISS_MOST)
        sees |= SY_CHECK_SEES_TILE;
    if (product->depth == 0 || match_sees(noise, &tally->tail, 0.0))
        sees |= SY_CHECK_SEES_TAIL;
    if (match_sees(noise, &tally->gain, noise->gain_drift / GAIN_FAULT))
        sees |= SY_CHECK_SEES_GAIN;
    return sees;
}

double check_power_smallest(
    const check_noise *noise, const check_plan *plan, const check_tally *tally, double *out_one_in) {
    *out_one_in = (double)plan->row_step * (double)plan->col_step * (double)plan->block_step;
    double bound = plan->kind == CHECK_PLAN_SUMS ? tally->sum_bound : tally->single_bound;
    return noise->is_whole && bound <= 0.5 ? 1.0 : bound;
}

uint32_t check_power_found(const check_noise *noise, const check_tally *tally, double *out_estimate) {
    double deviation, estimate = check_match_estimate(&tally->tail, &deviation);
    *out_estimate = estimate;
    if (!noise->is_smooth)
        return 0;
    if (estimate > fmax(MATCH_LIMIT, SY_ERROR_SIGMAS * deviation))
        return SY_CHECK_SEES_TAIL;
    estimate = check_match_estimate(&tally->gain, &deviation);
    *out_estimate = 1.0 + GAIN_FAULT * estimate;
    if (fabs(estimate) > SY_ERROR_SIGMAS * deviation + noise->gain_drift / GAIN_FAULT)
        return SY_CHECK_SEES_GAIN;
    return 0;
}
