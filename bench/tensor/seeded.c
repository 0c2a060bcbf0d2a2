/* Drawing values and rounding them to any type. */
#include "bench/tensor/seeded.h"

#include <math.h>
#include <string.h>

#include "bench/tensor/element.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"

enum { PIECE = 1024 };
static const double TOKENS = 999.0;

static bool is_whole(uint32_t dtype) {
    return !sy_element_is_float(dtype);
}

/* What is filled by default, or as asked; false: there is nothing between, or the type ends before. */
static bool choose_range(const sy_seeded *how, uint32_t dtype, double *out_low, double *out_high) {
    double lowest = -INFINITY, highest = INFINITY;
    if (is_whole(dtype))
        sy_element_range(dtype, &lowest, &highest);
    *out_low = how->has_range ? how->low : 0.0;
    *out_high = how->has_range ? how->high : fmin(TOKENS, highest);
    return *out_low <= *out_high && *out_low >= lowest && *out_high <= highest;
}

static double draw_real(const sy_seeded *how, sy_random *random) {
    switch (how->data) {
    case SY_DATA_NORMAL: return sy_random_normal(random);
    case SY_DATA_INTEGER: return (double)sy_random_below(random, 17) - 8.0;
    case SY_DATA_ZEROS: return 0.0;
    default: return 2.0 * sy_random_unit(random) - 1.0;
    }
}

sy_status sy_seeded_fill(const sy_seeded *how, sy_host_tensor *tensor, sy_error *err) {
    double piece[PIECE], low = 0.0, high = 0.0;
    bool has_range = how->has_range || is_whole(tensor->dtype);
    sy_random random;
    if (has_range && !choose_range(how, tensor->dtype, &low, &high))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no values of type %s from %g to %g",
            sy_net_dtype_name(tensor->dtype), low, high);
    if (how->data == SY_DATA_ZEROS && has_range && !how->has_range)
        high = 0.0;
    sy_random_seed(&random, how->seed, how->stream);
    for (uint64_t at = 0; at < tensor->count; at += PIECE) {
        uint64_t some = tensor->count - at < PIECE ? tensor->count - at : PIECE;
        for (uint64_t i = 0; i < some; i++) {
            if (!has_range)
                piece[i] = draw_real(how, &random);
            else if (is_whole(tensor->dtype))
                piece[i] = floor(low + sy_random_unit(&random) * (high - low + 1.0));
            else
                piece[i] = low + sy_random_unit(&random) * (high - low);
        }
        sy_element_from_f64(
            tensor->dtype, piece, some, (char *)tensor->data + at * sy_net_dtype_size(tensor->dtype));
    }
    return SY_OK;
}
