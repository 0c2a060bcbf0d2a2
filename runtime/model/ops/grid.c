/* GridSample: an image sampled at the points of a grid. Source: the ONNX operator's text and reference. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* Spatial dimensions at most, and taps of one. */
#define SPACE_MAX 3u
#define TAPS_MAX 4

/* Coordinates beyond it are as good as there: nothing an image has. */
#define FAR 1e9

typedef enum grid_padding {
    GRID_ZEROS,
    GRID_BORDER,
    GRID_REFLECTION,
} grid_padding;

typedef struct grid {
    int64_t taps; /* 1 nearest, 2 linear, 4 cubic */
    grid_padding padding;
    bool is_aligned;
} grid;

typedef struct grid_run {
    const grid *state;
    const sy_net_tensor *in, *points;
    sy_net_tensor out;
    uint32_t space;
    int64_t pixels, in_pixels; /* of one channel */
} grid_run;

/* The elements that make up one point: offsets within a channel (-1: a zero) and weights. */
typedef struct sample {
    int64_t count, offset[TAPS_MAX * TAPS_MAX * TAPS_MAX];
    double weight[TAPS_MAX * TAPS_MAX * TAPS_MAX];
} sample;

static sy_status find_modes(const sy_net_call *call, grid *state, sy_error *err) {
    static const char *const mode[] = {"nearest", "linear", "cubic", "bilinear", "bicubic"};
    static const int64_t taps[] = {1, 2, 4, 2, 4};
    static const char *const padding[] = {"zeros", "border", "reflection"};
    const char *wanted = sy_net_attr_text(call->node, "mode", "linear");
    const char *around = sy_net_attr_text(call->node, "padding_mode", "zeros");
    int found = -1;
    for (size_t i = 0; i < sizeof mode / sizeof mode[0]; i++)
        if (strcmp(mode[i], wanted) == 0)
            state->taps = taps[i];
    for (size_t i = 0; i < sizeof padding / sizeof padding[0]; i++)
        if (strcmp(padding[i], around) == 0)
            found = (int)i;
    if (state->taps == 0 || found < 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "mode is '%.40s' and padding_mode '%.40s', which are not both known", wanted, around);
    state->padding = (grid_padding)found;
    state->is_aligned = sy_net_attr_int(call->node, "align_corners", 0) != 0;
    return SY_OK;
}

static bool is_float(uint32_t dtype) {
    return dtype < SY_DTYPE_COUNT && sy_dtype_is_float(dtype);
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *points = &call->in[1];
    sy_status status = sy_net_call_rank(call, 0, 3, SPACE_MAX + 2, err);
    if (status == SY_OK)
        status = sy_net_call_rank(call, 1, in->rank, in->rank, err);
    if (status != SY_OK)
        return status;
    if (!sy_net_is_known(in) || !sy_net_is_known(points) || sy_net_dtype_size(in->dtype) == 0 ||
        !is_float(points->dtype) || points->dim[0] != in->dim[0] || points->dim[in->rank - 1] != in->rank - 2)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "the grid must be floating-point, for %lld images, of %u coordinates a point",
            (long long)in->dim[0], in->rank - 2);
    grid *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    sy_net_shape_like(&call->out[0], in);
    for (uint32_t i = 2; i < in->rank; i++) {
        call->out[0].dim[i] = points->dim[i - 1];
        if (in->dim[i] < 1)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "the image is empty");
    }
    return find_modes(call, state, err);
}

/* Folded back at the borders low and high until it is between them. */
static double reflect(double x, double low, double high) {
    double range = high - low;
    if (range <= 0)
        return low;
    double way = fmod(fabs(x - low), 2 * range);
    return low + (way <= range ? way : 2 * range - way);
}

static int64_t clamp(int64_t value, int64_t high) {
    return value < 0 ? 0 : value > high ? high : value;
}

/* Which element stands at `at`, -1: none. */
static int64_t element_at(const grid *state, int64_t at, int64_t dim) {
    if (at >= 0 && at < dim)
        return at;
    if (state->padding == GRID_ZEROS)
        return -1;
    if (state->padding == GRID_BORDER)
        return clamp(at, dim - 1);
    double border = state->is_aligned ? 0 : -0.5;
    return clamp((int64_t)reflect((double)at, border, (double)dim - 1 - border), dim - 1);
}

/* Coordinate -1 .. 1 to elements, brought inside where the padding says so. */
static double locate(const grid *state, double at, int64_t dim) {
    double length = (double)dim, border = state->is_aligned ? 0 : -0.5;
    double x = state->is_aligned ? (at + 1) / 2 * (length - 1) : ((at + 1) * length - 1) / 2;
    x = x > -FAR ? x < FAR ? x : FAR : -FAR;
    if (state->taps == 1)
        x = nearbyint(x);
    if (x >= border && x <= length - 1 - border)
        return x;
    if (state->padding == GRID_BORDER)
        return x < 0 ? 0 : length - 1;
    return state->padding == GRID_REFLECTION ? reflect(x, border, length - 1 - border) : x;
}

static double cubic(double x) {
    double d = fabs(x), a = -0.75;
    if (d <= 1)
        return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

/* Taps of one dimension. */
static void weigh(
    const grid *state, double x, int64_t dim, int64_t index[TAPS_MAX], double weight[TAPS_MAX]) {
    int64_t base = (int64_t)floor(x) - (state->taps == 4 ? 1 : 0);
    for (int64_t t = 0; t < state->taps; t++) {
        double far = x - (double)(base + t);
        index[t] = element_at(state, base + t, dim);
        weight[t] = state->taps == 1 ? 1 : state->taps == 2 ? 1 - fabs(far) : cubic(far);
    }
}

static void find_sample(const grid_run *this, int64_t image, int64_t pixel, sample *out) {
    int64_t first = (image * this->pixels + pixel) * this->space;
    out->count = 1;
    out->offset[0] = 0;
    out->weight[0] = 1;
    for (uint32_t i = 0; i < this->space; i++) {
        int64_t index[TAPS_MAX], dim = this->in->dim[2 + i], taps = this->state->taps;
        double weight[TAPS_MAX];
        /* Coordinates are innermost first. */
        double at = sy_net_get(this->points, first + this->space - 1 - i);
        weigh(this->state, locate(this->state, at, dim), dim, index, weight);
        for (int64_t k = out->count; k-- > 0;)
            for (int64_t t = taps; t-- > 0;) {
                bool is_zero = out->offset[k] < 0 || index[t] < 0;
                int64_t offset = is_zero ? -1 : out->offset[k] * dim + index[t];
                double product = out->weight[k] * weight[t];
                /* From the back: entry k itself is replaced last, by t = 0 when k = 0. */
                out->offset[k * taps + t] = offset;
                out->weight[k * taps + t] = product;
            }
        out->count *= taps;
    }
}

static void sample_pixels(void *arg, int64_t begin, int64_t end) {
    grid_run *this = arg;
    sample point;
    sy_net_tensor out = this->out;
    for (int64_t item = begin; item < end; item++) {
        int64_t image = item / this->pixels, pixel = item % this->pixels, channels = this->in->dim[1];
        find_sample(this, image, pixel, &point);
        for (int64_t c = image * channels; c < (image + 1) * channels; c++) {
            double sum = 0;
            for (int64_t k = 0; k < point.count; k++)
                if (point.offset[k] >= 0)
                    sum += point.weight[k] * sy_net_get(this->in, c * this->in_pixels + point.offset[k]);
            sy_net_set(&out, c * this->pixels + pixel, sum);
        }
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    grid_run this = {.state = call->state,
        .in = &call->in[0],
        .points = &call->in[1],
        .out = call->out[0],
        .space = call->in[0].rank - 2,
        .pixels = 1,
        .in_pixels = 1};
    (void)err;
    for (uint32_t i = 2; i < this.in->rank; i++) {
        this.pixels *= this.out.dim[i];
        this.in_pixels *= this.in->dim[i];
    }
    int64_t taps = this.state->taps;
    sy_team_for(
        call->team, this.in->dim[0] * this.pixels, (this.in->dim[1] + 8) * taps * taps, sample_pixels, &this);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"GridSample", "", 16, 0, 0, 2, 2, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_grid = {row, sizeof row / sizeof row[0]};
