/* How far an honest result may be from the true one: the error model of runtime/op, and exact cases. */
#ifndef STEELYARD_CHECK_NOISE_H
#define STEELYARD_CHECK_NOISE_H

#include "bench/check/product.h"
#include "runtime/op/error_model.h"

/**
 * model        of the types and the delivered math
 * is_whole     sums and what follows are whole numbers held exactly by every correct kernel
 * whole_limit  up to this size the output type holds them exactly, too
 * is_smooth    values vary enough for the roundings of elements to be unrelated: not with small whole
 *              numbers, where all of one value may round the same wrong way
 * gain_drift   relative error that an honest unit may have in all elements alike (truncation)
 */
typedef struct check_noise {
    sy_error_model model;
    bool is_whole, is_smooth;
    double whole_limit, gain_drift;
} check_noise;

/** Errors: those of sy_error_model_init(). */
sy_status check_noise_make(const check_product *product, check_noise *out_noise, sy_error *err);

/** Bound on one element's error; half a unit where the result must be exact. */
double check_noise_bound(const check_noise *noise, const sy_error_point *point);

/** Bound on the error of a signed sum whose elements are `point` in 2-norms; `largest` of those written. */
double check_noise_sum_bound(const check_noise *noise, const sy_error_point *point, double largest);

#endif
