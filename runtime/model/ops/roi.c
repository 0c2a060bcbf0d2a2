/* RoiAlign and MaxRoiPool: parts of images, each brought to one size. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/index.h"
#include "runtime/model/ops/list.h"

/* Samples along one side of a bin: more make no sense, and a part of a hostile size would take hours. */
#define SAMPLES_MAX 1024

typedef struct roi {
    int64_t height, width, samples;
    double scale, shift; /* of coordinates: x * scale - shift */
    bool is_max, is_half;
} roi;

/* One part: its beginning and the size of a bin, and samples of a bin. */
typedef struct part {
    double y, x, bin_y, bin_x;
    int64_t samples_y, samples_x;
} part;

static sy_status check_inputs(const sy_net_call *call, int64_t columns, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *rois = &call->in[1];
    sy_status status = sy_net_call_rank(call, 0, 4, 4, err);
    if (status == SY_OK)
        status = sy_net_call_rank(call, 1, 2, 2, err);
    if (status != SY_OK)
        return status;
    if (!sy_net_is_known(in) || !sy_net_is_known(rois) || rois->dim[1] != columns ||
        rois->dtype != in->dtype || in->dtype >= SY_DTYPE_COUNT || !sy_dtype_is_float(in->dtype) ||
        in->dim[2] < 1 || in->dim[3] < 1)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "it needs an image and a list of parts, %lld numbers each, both of one floating-point type",
            (long long)columns);
    return SY_OK;
}

static sy_status set_extents(sy_net_call *call, const roi *state, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    if (state->height < 1 || state->width < 1)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "the result has %lld x %lld elements",
            (long long)state->height, (long long)state->width);
    *out = (sy_net_tensor){.dtype = call->in[0].dtype,
        .rank = 4,
        .dim = {call->in[1].dim[0], call->in[0].dim[1], state->height, state->width}};
    return SY_OK;
}

static sy_status infer_align(sy_net_call *call, sy_error *err) {
    const sy_net_node *node = call->node;
    const char *mode = sy_net_attr_text(node, "mode", "avg");
    const char *coordinate = sy_net_attr_text(
        node, "coordinate_transformation_mode", node->opset < 16 ? "output_half_pixel" : "half_pixel");
    sy_status status = check_inputs(call, 4, err);
    if (status == SY_OK)
        status = sy_net_index_type(call, 2, err);
    if (status == SY_OK && (call->in[2].rank != 1 || call->in[2].dim[0] != call->in[1].dim[0]))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 2 must have an index for each part");
    roi *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    *state = (roi){.height = sy_net_attr_int(node, "output_height", 1),
        .width = sy_net_attr_int(node, "output_width", 1),
        .samples = sy_net_attr_int(node, "sampling_ratio", 0),
        .scale = (double)sy_net_attr_float(node, "spatial_scale", 1),
        .is_max = strcmp(mode, "max") == 0,
        .is_half = strcmp(coordinate, "half_pixel") == 0};
    state->shift = state->is_half ? 0.5 : 0;
    if ((!state->is_max && strcmp(mode, "avg") != 0) || state->samples < 0 || state->samples > SAMPLES_MAX ||
        (!state->is_half && strcmp(coordinate, "output_half_pixel") != 0))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "mode '%.40s', sampling_ratio %lld or coordinate_transformation_mode '%.40s' is not known", mode,
            (long long)state->samples, coordinate);
    return set_extents(call, state, err);
}

/* Samples of a bin along one side: as said, or one for each element it covers. */
static int64_t count_samples(const roi *state, double bin) {
    double count = state->samples > 0 ? (double)state->samples : ceil(bin);
    return count >= 0 && count <= SAMPLES_MAX ? (int64_t)count : -1;
}

static sy_status find_part(const sy_net_call *call, int64_t index, part *out, sy_error *err) {
    const roi *state = call->state;
    double corner[4];
    for (int64_t i = 0; i < 4; i++)
        corner[i] = sy_net_get(&call->in[1], index * 4 + i) * state->scale - state->shift;
    double width = corner[2] - corner[0], height = corner[3] - corner[1];
    if (!state->is_half) {
        width = fmax(width, 1);
        height = fmax(height, 1);
    }
    *out = (part){.y = corner[1],
        .x = corner[0],
        .bin_y = height / (double)state->height,
        .bin_x = width / (double)state->width};
    out->samples_y = count_samples(state, out->bin_y);
    out->samples_x = count_samples(state, out->bin_x);
    if (out->samples_y >= 0 && out->samples_x >= 0)
        return SY_OK;
    return sy_net_call_fail(
        call, SY_INVALID_ARGUMENT, err, "part %lld is %g x %g elements", (long long)index, width, height);
}

/* One coordinate between elements; false: outside of the image. */
static bool split(double at, int64_t dim, int64_t *low, int64_t *high, double *share) {
    if (!(at >= -1 && at <= (double)dim))
        return false;
    double inside = fmin(fmax(at, 0), (double)(dim - 1));
    *low = (int64_t)inside;
    *high = *low + 1 < dim ? *low + 1 : *low;
    *share = inside - (double)*low;
    return true;
}

/* The image at a point: a weighted sum of four elements, or (max) the largest of the weighted ones. */
static double value_at(const sy_net_tensor *in, int64_t plane, double y, double x, bool is_max) {
    int64_t top = 0, bottom = 0, left = 0, right = 0, width = in->dim[3];
    double v = 0, u = 0;
    if (!split(y, in->dim[2], &top, &bottom, &v) || !split(x, width, &left, &right, &u))
        return 0;
    double a = (1 - v) * (1 - u) * sy_net_get(in, plane + top * width + left);
    double b = (1 - v) * u * sy_net_get(in, plane + top * width + right);
    double c = v * (1 - u) * sy_net_get(in, plane + bottom * width + left);
    double d = v * u * sy_net_get(in, plane + bottom * width + right);
    return is_max ? fmax(fmax(a, b), fmax(c, d)) : a + b + c + d;
}

static double pool_bin(
    const roi *state, const sy_net_tensor *in, int64_t plane, const part *bins, int64_t i, int64_t j) {
    double all = 0;
    for (int64_t y = 0; y < bins->samples_y; y++)
        for (int64_t x = 0; x < bins->samples_x; x++) {
            double at_y = bins->y + ((double)i + ((double)y + 0.5) / (double)bins->samples_y) * bins->bin_y;
            double at_x = bins->x + ((double)j + ((double)x + 0.5) / (double)bins->samples_x) * bins->bin_x;
            double value = value_at(in, plane, at_y, at_x, state->is_max);
            all = state->is_max ? (x + y == 0 ? value : fmax(all, value)) : all + value;
        }
    int64_t count = bins->samples_y * bins->samples_x;
    return state->is_max || count == 0 ? all : all / (double)count;
}

static sy_status run_align(const sy_net_call *call, sy_error *err) {
    const roi *state = call->state;
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor out = call->out[0];
    int64_t channels = in->dim[1], at = 0;
    sy_status status = sy_net_index_check(call, 2, &in->dim[0], 1, err);
    for (int64_t n = 0; n < out.dim[0] && status == SY_OK; n++) {
        part bins;
        int64_t image = sy_net_index_in(&call->in[2], n, in->dim[0]);
        status = find_part(call, n, &bins, err);
        for (int64_t c = 0; c < channels && status == SY_OK; c++)
            for (int64_t i = 0; i < state->height * state->width; i++) {
                int64_t plane = (image * channels + c) * in->dim[2] * in->dim[3];
                sy_net_set(&out, at++, pool_bin(state, in, plane, &bins, i / state->width, i % state->width));
            }
    }
    return status;
}

static sy_status infer_pool(sy_net_call *call, sy_error *err) {
    size_t count = 0;
    const int64_t *shape = sy_net_attr_ints(call->node, "pooled_shape", &count);
    sy_status status = check_inputs(call, 5, err);
    if (status == SY_OK && count != 2)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "pooled_shape must have two numbers");
    roi *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    *state = (roi){.height = shape[0],
        .width = shape[1],
        .scale = (double)sy_net_attr_float(call->node, "spatial_scale", 1)};
    return set_extents(call, state, err);
}

static int64_t inside(double value, int64_t high) {
    return value > 0 ? value < (double)high ? (int64_t)value : high : 0;
}

/* The largest element of bin (i, j); 0 of an empty one. box: first column and row, columns and rows. */
static double max_of_bin(
    const roi *state, const sy_net_tensor *in, int64_t plane, const double box[4], int64_t i, int64_t j) {
    double step_y = box[3] / (double)state->height, step_x = box[2] / (double)state->width, best = 0;
    int64_t top = inside(floor((double)i * step_y) + box[1], in->dim[2]);
    int64_t bottom = inside(ceil((double)(i + 1) * step_y) + box[1], in->dim[2]);
    int64_t left = inside(floor((double)j * step_x) + box[0], in->dim[3]);
    int64_t right = inside(ceil((double)(j + 1) * step_x) + box[0], in->dim[3]);
    for (int64_t y = top; y < bottom; y++)
        for (int64_t x = left; x < right; x++) {
            double value = sy_net_get(in, plane + y * in->dim[3] + x);
            best = (y == top && x == left) || value > best ? value : best;
        }
    return best;
}

static sy_status run_pool(const sy_net_call *call, sy_error *err) {
    const roi *state = call->state;
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor out = call->out[0];
    int64_t channels = in->dim[1], at = 0;
    for (int64_t n = 0; n < out.dim[0]; n++) {
        double image = sy_net_get(&call->in[1], n * 5), box[4];
        if (!(image >= 0 && image < (double)in->dim[0]))
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "part %lld is of image %g of %lld",
                (long long)n, image, (long long)in->dim[0]);
        for (int64_t i = 0; i < 4; i++)
            box[i] = round(sy_net_get(&call->in[1], n * 5 + 1 + i) * state->scale);
        box[2] = fmax(box[2] - box[0] + 1, 1);
        box[3] = fmax(box[3] - box[1] + 1, 1);
        for (int64_t c = 0; c < channels; c++)
            for (int64_t i = 0; i < state->height * state->width; i++) {
                int64_t plane = ((int64_t)image * channels + c) * in->dim[2] * in->dim[3];
                sy_net_set(&out, at++, max_of_bin(state, in, plane, box, i / state->width, i % state->width));
            }
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"RoiAlign", "", 10, 0, 0, 3, 3, 1, 1, infer_align, NULL, run_align},
    {"MaxRoiPool", "", 1, 0, 0, 2, 2, 1, 1, infer_pool, NULL, run_pool},
};
const sy_net_family sy_net_family_roi = {row, sizeof row / sizeof row[0]};
