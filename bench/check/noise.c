/* The error model put to use, with the cases where nothing may be rounded at all. */
#include "bench/check/noise.h"

#include <math.h>

/* Largest drift that is forgiven: well under the 1 % that must be seen. */
#define DRIFT_MOST 0.006

static bool is_small_whole(double value) {
    return value == floor(value) && fabs(value) <= 8.0;
}

/* Integer data keeps sums exact, if no algorithm transforms the inputs and no function follows. */
static bool is_whole(const check_product *product) {
    const sy_check_request *request = product->request;
    const sy_problem *problem = &product->storage.problem;
    if (problem->acc_dtype == SY_S32)
        return request->spec->dtype_c == SY_S32;
    if (sy_data_block_kind(request->block) != SY_DATA_INTEGER || request->math >= SY_MATH_ANY ||
        request->algorithm_bound_factor > 1.0)
        return false;
    for (uint32_t i = 0; i < problem->n_post; i++)
        if (problem->post[i].kind != SY_POST_BIAS && problem->post[i].kind != SY_POST_ADD &&
            problem->post[i].kind != SY_POST_RELU)
            return false;
    return is_small_whole(product->alpha) && is_small_whole(product->beta);
}

/*
 * Truncation goes one way: each of k / 4 additions loses up to one last place of the sums, each input and the
 * output up to one of theirs. 8-bit outputs are always rounded to nearest.
 */
static double gain_drift(const sy_error_model *model) {
    double sums = model->length * model->u_sum * (model->truncates ? 1.0 : 0.25);
    double output = sy_dtype_digits(model->dtype_c) >= 8 ? model->u_output : 0.0;
    return fmin(DRIFT_MOST, model->widening * sums + 4.0 * model->u_input + output + model->u_post);
}

sy_status check_noise_make(const check_product *product, check_noise *out_noise, sy_error *err) {
    const sy_check_request *request = product->request;
    *out_noise = (check_noise){0};
    sy_status status = sy_error_model_init(
        request->spec, request->math, request->algorithm_bound_factor, &out_noise->model, err);
    if (status != SY_OK)
        return status;
    int digits = sy_dtype_digits(request->spec->dtype_c);
    uint32_t data = sy_data_block_kind(request->block);
    out_noise->is_smooth = data == SY_DATA_UNIFORM || data == SY_DATA_NORMAL;
    out_noise->is_whole = is_whole(product);
    out_noise->whole_limit = digits > 0 ? ldexp(1.0, digits) : INFINITY;
    out_noise->gain_drift = gain_drift(&out_noise->model);
    return SY_OK;
}

double check_noise_bound(const check_noise *noise, const sy_error_point *point) {
    if (noise->is_whole && fabs(point->result) <= noise->whole_limit)
        return 0.5;
    return sy_error_bound(&noise->model, point);
}

double check_noise_sum_bound(const check_noise *noise, const sy_error_point *point, double largest) {
    if (noise->is_whole && largest < noise->whole_limit) /* at the limit may stand what was rounded to it */
        return 0.5;
    return SY_ERROR_SIGMAS * sy_error_sigma(&noise->model, point);
}
