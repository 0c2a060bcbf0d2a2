/* Rounding error of gemm and conv2d: constants from types and math, then sigma and limits of an element. */
#include "runtime/op/error_model.h"

#include <float.h>
#include <math.h>

#include "runtime/base/convert.h"
#include "runtime/base/error.h"

/* Unit roundoff of f64: of the reference's own sums, and of posts on f64 work. */
#define U_F64 (0x1p-53)
#define U_F32 (0x1p-24)

/* Products a truncating unit adds in one go, the least that is known (the first tensor cores). */
#define TRUNCATION_GROUP 4.0

/* Relative rounding of one f32 input under each math. bf16x3: two parts of 8 bits and the dropped product of
 * the two low parts. any: the coarsest that may be meant. */
static const double input_roundoff[SY_MATH_COUNT] = {
    [SY_MATH_STRICT] = 0.0,
    [SY_MATH_TF32] = 0x1p-11,
    [SY_MATH_HF32] = 0x1p-12,
    [SY_MATH_BF16X3] = 0x1p-17,
    [SY_MATH_ANY] = 0x1p-11,
    [SY_MATH_UNKNOWN] = 0x1p-11,
};

/* Distance of the smallest output values. f64, f32 and bf16: twice the smallest normal number, because
 * flushing subnormals to zero is a property of a device, not an error. */
static const double output_quantum[SY_DTYPE_COUNT] = {
    [SY_F64] = 0x1p-1021,
    [SY_F32] = 0x1p-125,
    [SY_F16] = 0x1p-24,
    [SY_BF16] = 0x1p-125,
    [SY_F8E4M3] = 0x1p-9,
    [SY_F8E5M2] = 0x1p-16,
};

/* What an epilogue does to errors. `gain`: largest derivative (SiLU 1.0998 at x = 2.4, GELU 1.1290 at
 * sqrt 2). `roundings` of the values it handles: 1 an addition; functions are given 4 for their own
 * approximation. */
static const struct {
    double gain, roundings;
} epilogues[] = {
    [SY_EPILOGUE_NONE] = {1.0, 0.0},
    [SY_EPILOGUE_BIAS] = {1.0, 1.0},
    [SY_EPILOGUE_BIAS_RELU] = {1.0, 1.0},
    [SY_EPILOGUE_BIAS_GELU_ERF] = {1.13, 5.0},
    [SY_EPILOGUE_BIAS_GELU_TANH] = {1.13, 5.0},
    [SY_EPILOGUE_BIAS_SILU] = {1.10, 5.0},
    [SY_EPILOGUE_RESIDUAL_RELU] = {1.0, 1.0},
    [SY_EPILOGUE_DEQUANT] = {1.0, 3.0}, /* s32 to f32, and two products */
};

static double square(double x) {
    return x * x;
}

static bool may_truncate(const sy_spec *spec, uint32_t math) {
    if (math == SY_MATH_UNKNOWN)
        return spec->dtype_acc != SY_S32;
    bool is_narrow = spec->dtype_a != SY_F32 && spec->dtype_a != SY_F64;
    return spec->dtype_acc == SY_F32 && (is_narrow || math != SY_MATH_STRICT);
}

static double sum_length(const sy_spec *spec) {
    const sy_spec_conv *conv = &spec->u.conv;
    if (spec->op == SY_SPEC_GEMM)
        return (double)spec->u.gemm.k;
    return (double)(conv->c / conv->groups) * (double)conv->r * (double)conv->s;
}

sy_status sy_error_model_init(
    const sy_spec *spec, uint32_t math, double widening, sy_error_model *out_model, sy_error *err) {
    *out_model = (sy_error_model){0};
    sy_status status = sy_spec_validate(spec, err);
    if (status != SY_OK)
        return sy_error_prefix(err, SY_INVALID_ARGUMENT, "error model");
    if (spec->op != SY_SPEC_GEMM && spec->op != SY_SPEC_CONV2D)
        return sy_error_set(
            err, SY_UNSUPPORTED, "error model: %s has no sums to round", sy_spec_op_name(spec->op));
    if (math >= SY_MATH_COUNT)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "error model: %u is no math's number", math);
    if (!(widening >= 1.0) || !isfinite(widening))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "error model: widening must be at least 1 and finite");
    bool is_gemm = spec->op == SY_SPEC_GEMM;
    *out_model = (sy_error_model){
        .u_input = spec->dtype_a == SY_F32 ? input_roundoff[math] : 0.0,
        .u_sum = sy_dtype_unit_roundoff(spec->dtype_acc),
        .u_post = spec->dtype_acc == SY_F64 ? U_F64
                  : spec->dtype_c == SY_S32 ? 0.0
                                            : U_F32,
        .u_output = sy_dtype_unit_roundoff(spec->dtype_c),
        .quantum = output_quantum[spec->dtype_c],
        .length = sum_length(spec),
        .widening = widening,
        .alpha = is_gemm ? spec->u.gemm.alpha : 1.0,
        .beta = is_gemm ? spec->u.gemm.beta : 0.0,
        .truncates = may_truncate(spec, math),
        .dtype_c = spec->dtype_c,
        .dtype_acc = spec->dtype_acc,
    };
    return SY_OK;
}

void sy_error_point_epilogue(
    const sy_spec *spec, double sum, double first, double second, sy_error_point *point) {
    double roundings = epilogues[spec->epilogue].roundings;
    point->gain = epilogues[spec->epilogue].gain;
    point->post_magnitude = roundings * (fabs(sum) + fabs(first));
    if (spec->epilogue == SY_EPILOGUE_DEQUANT) {
        point->gain = fabs(first * second);
        point->post_magnitude = roundings * fabs(sum * first * second);
    }
}

/* Variance of the sum of products, times alpha. */
static double sum_variance(const sy_error_model *model, const sy_error_point *point) {
    double scale = fabs(model->alpha) * point->a_norm * point->b_norm;
    double length = fmax(model->length, 1.0);
    double u = model->widening * model->u_sum * (model->truncates ? 2.0 : 1.0);
    double variance = square(u * scale) + square(U_F64 * scale);
    variance += square(model->u_input * scale) * (2.0 / 3.0) / length;
    if (model->truncates) {
        variance += square(model->u_sum * scale) * length / (3.0 * TRUNCATION_GROUP);
        variance += square(2.0 * model->u_input * model->alpha * point->product);
    }
    return variance;
}

/* Roundings of alpha, beta and their sum; `magnitude` is what those act on. */
static bool has_scalars(const sy_error_model *model) {
    return model->u_sum > 0.0 && (model->alpha != 1.0 || model->beta != 0.0);
}

static double scalar_variance(const sy_error_model *model, const sy_error_point *point) {
    if (!has_scalars(model))
        return 0.0;
    double product = model->alpha * point->product, added = model->beta * point->accumulate;
    return square(model->u_sum) *
           (square(2.0 * product) + square(2.0 * added) + square(fabs(product) + fabs(added))) / 3.0;
}

double sy_error_sigma(const sy_error_model *model, const sy_error_point *point) {
    if (model->dtype_c == SY_S32)
        return 0.0;
    double variance = 0.0;
    if (model->dtype_acc != SY_S32)
        variance = square(point->gain) * (sum_variance(model, point) + scalar_variance(model, point));
    variance += square(model->u_post * point->post_magnitude);
    variance += square(model->u_output * point->result) / 3.0;
    variance += point->count * square(model->quantum) / 12.0;
    return sqrt(variance);
}

/* gamma_n = n u / (1 - n u), INFINITY where it has no meaning. */
static double gamma_bound(double n, double u) {
    return n * u < 1.0 ? n * u / (1.0 - n * u) : INFINITY;
}

double sy_error_limit(const sy_error_model *model, const sy_error_point *point) {
    if (model->dtype_c == SY_S32)
        return 0.0;
    double absolute = point->absolute >= 0.0 ? point->absolute : point->a_norm * point->b_norm;
    double product = fabs(model->alpha * point->product), added = fabs(model->beta * point->accumulate);
    double error = 0.0;
    if (model->dtype_acc != SY_S32) {
        double u = model->u_sum * (model->truncates ? 2.0 : 1.0);
        double input = model->u_input * (model->truncates ? 2.0 : 1.0);
        double relative = model->widening * gamma_bound(2.0 * model->length, u) +
                          gamma_bound(2.0 * model->length, U_F64) + input * (2.0 + input);
        error = absolute > 0.0 ? fabs(model->alpha) * absolute * relative : 0.0;
        if (has_scalars(model))
            error += u * 3.0 * (product + added);
        error *= point->gain;
    }
    error += model->u_post * point->post_magnitude;
    return error + model->u_output * (fabs(point->result) + error) + model->quantum / 2.0;
}

double sy_error_bound(const sy_error_model *model, const sy_error_point *point) {
    return fmin(SY_ERROR_SIGMAS * sy_error_sigma(model, point), sy_error_limit(model, point));
}

uint32_t sy_error_overflow(const sy_error_model *model, const sy_error_point *point) {
    double sum = model->alpha * point->product + model->beta * point->accumulate;
    double absolute = point->absolute >= 0.0 ? point->absolute : point->a_norm * point->b_norm;
    if (sy_convert_overflows(model->dtype_acc, point->product) ||
        sy_convert_overflows(model->dtype_acc, sum) || sy_convert_overflows(model->dtype_c, point->result))
        return SY_OVERFLOW_CERTAIN;
    if (model->dtype_acc == SY_S32)
        return SY_OVERFLOW_NONE;
    double reach = fabs(point->result) + sy_error_bound(model, point);
    if (sy_convert_overflows(model->dtype_acc, absolute) || sy_convert_overflows(model->dtype_c, reach))
        return SY_OVERFLOW_POSSIBLE;
    return SY_OVERFLOW_NONE;
}
