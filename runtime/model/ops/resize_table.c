/* Coordinates and weights of one dimension. Source: the ONNX operator Resize, its text and reference. */
#include <math.h>

#include "runtime/model/ops/resize.h"

/* `length` is that of the result before it is rounded down to whole elements. */
static double coordinate_of(const sy_net_resize_rule *rule, const sy_net_resize_axis *axis, double x) {
    double in = (double)axis->in, length = axis->scale * in, half = (x + 0.5) / axis->scale - 0.5;
    switch (rule->coordinate) {
    case SY_NET_HALF_PIXEL: return half;
    case SY_NET_PYTORCH_HALF_PIXEL: return axis->out > 1 ? half : 0;
    case SY_NET_ALIGN_CORNERS: return length > 1 ? x * (in - 1) / (length - 1) : 0;
    case SY_NET_ASYMMETRIC: return x / axis->scale;
    case SY_NET_TF_HALF_PIXEL_FOR_NN: return (x + 0.5) / axis->scale;
    case SY_NET_TF_CROP_AND_RESIZE:
        return length > 1 ? axis->begin * (in - 1) + x * (axis->end - axis->begin) * (in - 1) / (length - 1)
                          : 0.5 * (axis->begin + axis->end) * (in - 1);
    default: return in / 2 * (1 - (double)axis->out / length) + half;
    }
}

static double round_as(const sy_net_resize_rule *rule, const sy_net_resize_axis *axis, double x) {
    switch (rule->rounding) {
    case SY_NET_ROUND_PREFER_FLOOR: return ceil(x - 0.5);
    case SY_NET_ROUND_PREFER_CEIL: return floor(x + 0.5);
    case SY_NET_ROUND_CEIL: return ceil(x);
    case SY_NET_ROUND_SIMPLE: return axis->scale < 1 ? ceil(x) : floor(x);
    default: return floor(x);
    }
}

static double clamp(double value, double high) {
    return value > 0 ? value < high ? value : high : 0; /* NaN becomes 0 */
}

/* Keys' cubic kernel at distance x. */
static double cubic(double a, double x) {
    double d = fabs(x);
    if (d <= 1)
        return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

static double linear(double x) {
    double d = fabs(x);
    return d < 1 ? 1 - d : 0;
}

/* Half the taps: how far the kernel reaches; wider where an image is made smaller without aliasing. */
static int64_t reach_of(const sy_net_resize_rule *rule, const sy_net_resize_axis *axis) {
    double reach = rule->mode == SY_NET_RESIZE_LINEAR ? 1 : 2;
    return (int64_t)(rule->is_antialias && axis->scale < 1 ? ceil(reach / axis->scale) : reach);
}

static void weigh(const sy_net_resize_rule *rule, sy_net_resize_axis *axis, int64_t j, double x) {
    double base = floor(clamp(x + (double)axis->in, 3.0 * (double)axis->in)) - (double)axis->in, sum = 0;
    double narrow = rule->is_antialias && axis->scale < 1 ? axis->scale : 1;
    int64_t reach = axis->taps / 2;
    int32_t *index = axis->index + j * axis->taps;
    float *weight = axis->weight + j * axis->taps;
    for (int64_t t = 0; t < axis->taps; t++) {
        double at = base + (double)(t + 1 - reach), far = (at - x) * narrow;
        double w = rule->mode == SY_NET_RESIZE_LINEAR ? linear(far) : cubic((double)rule->cubic_a, far);
        if (rule->exclude_outside && (at < 0 || at > (double)(axis->in - 1)))
            w = 0;
        index[t] = (int32_t)clamp(at, (double)(axis->in - 1));
        weight[t] = (float)w;
        sum += w;
    }
    bool is_normal = rule->is_antialias || rule->exclude_outside;
    for (int64_t t = 0; t < axis->taps && is_normal && sum != 0; t++)
        weight[t] = (float)((double)weight[t] / sum);
}

static void plan_element(const sy_net_resize_rule *rule, sy_net_resize_axis *axis, int64_t j) {
    double x = coordinate_of(rule, axis, (double)j), last = (double)(axis->in - 1);
    bool is_outside = rule->coordinate == SY_NET_TF_CROP_AND_RESIZE && !(x >= 0 && x <= last);
    if (is_outside)
        axis->index[j * axis->taps] = -1;
    else if (rule->mode == SY_NET_RESIZE_NEAREST)
        axis->index[j] = (int32_t)clamp(round_as(rule, axis, x), last);
    else
        weigh(rule, axis, j, clamp(x + (double)axis->in, 3.0 * (double)axis->in) - (double)axis->in);
}

/* Whether every element is its own. */
static bool is_identity(const sy_net_resize_rule *rule, const sy_net_resize_axis *axis) {
    for (int64_t j = 0; j < axis->out; j++)
        for (int64_t t = 0; t < axis->taps; t++) {
            float weight = rule->mode == SY_NET_RESIZE_NEAREST ? 1 : axis->weight[j * axis->taps + t];
            int32_t index = axis->index[j * axis->taps + t];
            if (index < 0 || (index != j && weight != 0))
                return false;
        }
    return axis->in == axis->out;
}

sy_status sy_net_resize_plan(
    sy_net_call *call, const sy_net_resize_rule *rule, sy_net_resize_axis *axis, sy_error *err) {
    bool is_cut = rule->coordinate == SY_NET_TF_CROP_AND_RESIZE;
    axis->is_same = axis->in == axis->out && axis->scale == 1 && !is_cut;
    if (axis->is_same)
        return SY_OK;
    if (axis->in < 1 || axis->in > SY_NET_RESIZE_MAX || axis->out > SY_NET_RESIZE_MAX)
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "from %lld to %lld elements: must be 1 to %lld",
            (long long)axis->in, (long long)axis->out, (long long)SY_NET_RESIZE_MAX);
    axis->taps = rule->mode == SY_NET_RESIZE_NEAREST ? 1 : 2 * reach_of(rule, axis);
    size_t count = (size_t)axis->out * (size_t)axis->taps;
    axis->index = sy_net_arena_array(call->arena, count, sizeof *axis->index);
    axis->weight = rule->mode == SY_NET_RESIZE_NEAREST
                       ? NULL
                       : sy_net_arena_array(call->arena, count, sizeof *axis->weight);
    if (axis->index == NULL || (axis->weight == NULL && rule->mode != SY_NET_RESIZE_NEAREST))
        return sy_net_call_fail(call, SY_OUT_OF_MEMORY, err, "no memory for its weights");
    for (int64_t j = 0; j < axis->out; j++)
        plan_element(rule, axis, j);
    axis->is_same = is_identity(rule, axis);
    return SY_OK;
}
