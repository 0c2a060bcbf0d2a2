#include "runtime/model/ops/layer_row.h"

#include <math.h>

/* Elements first .. first + count - 1 of a row, residual included, in f64. */
static void load(const sy_ops_layer *layer, int64_t index, int64_t first, int64_t count, double *x) {
    int64_t at = index * layer->count + first;
    double more[SY_OPS_CHUNK];
    sy_ops_load_f64(layer->dtype, layer->in, at, 1, count, x);
    if (layer->skip != NULL) {
        sy_ops_load_f64(layer->dtype, layer->skip, at, 1, count, more);
        for (int64_t i = 0; i < count; i++)
            x[i] += more[i];
    }
    if (layer->added != NULL) {
        sy_ops_load_f64(layer->dtype, layer->added, first, 1, count, more);
        for (int64_t i = 0; i < count; i++)
            x[i] += more[i];
    }
}

/* The sum of the row, or of the squares of its distances from `mean`. */
static double total(const sy_ops_layer *layer, int64_t index, double mean, bool is_square) {
    double x[SY_OPS_CHUNK], sum = 0;
    for (int64_t i = 0; i < layer->count; i += SY_OPS_CHUNK) {
        int64_t few = layer->count - i < SY_OPS_CHUNK ? layer->count - i : SY_OPS_CHUNK;
        load(layer, index, i, few, x);
        for (int64_t j = 0; j < few; j++)
            sum += is_square ? (x[j] - mean) * (x[j] - mean) : x[j];
    }
    return sum;
}

static void keep_moments(const sy_ops_layer *layer, int64_t index, const double moment[2]) {
    if (layer->mean != NULL && layer->mean->data != NULL)
        sy_net_set(layer->mean, index, layer->is_rms ? moment[1] : moment[0]);
    if (layer->inverse != NULL && layer->inverse->data != NULL)
        sy_net_set(layer->inverse, index, moment[1]);
}

/* Any type, with or without a residual, in f64. */
static void norm_any(const sy_ops_layer *layer, int64_t index) {
    double x[SY_OPS_CHUNK], scale[SY_OPS_CHUNK], bias[SY_OPS_CHUNK] = {0}, moment[2] = {0};
    double count = (double)layer->count;
    if (!layer->is_rms)
        moment[0] = total(layer, index, 0, false) / count;
    moment[1] = 1 / sqrt(total(layer, index, moment[0], true) / count + layer->epsilon);
    for (int64_t i = 0; i < layer->count; i += SY_OPS_CHUNK) {
        int64_t few = layer->count - i < SY_OPS_CHUNK ? layer->count - i : SY_OPS_CHUNK;
        int64_t at = index * layer->count + i;
        load(layer, index, i, few, x);
        if (layer->sum != NULL)
            sy_ops_store_f64(layer->dtype, x, at, 1, few, layer->sum);
        sy_ops_load_f64(layer->dtype, layer->scale, i, 1, few, scale);
        if (layer->bias != NULL)
            sy_ops_load_f64(layer->dtype, layer->bias, i, 1, few, bias);
        for (int64_t j = 0; j < few; j++)
            x[j] = (x[j] - moment[0]) * moment[1] * scale[j] + bias[j];
        sy_ops_store_f64(layer->dtype, x, at, 1, few, layer->out);
    }
    keep_moments(layer, index, moment);
}

/* f32. A residual goes into the output first: its rows are then normalised in place. */
static void norm_f32(const sy_ops_layer *layer, int64_t index) {
    const sy_nn *nn = layer->nn;
    const float *x = (const float *)layer->in + index * layer->count;
    float *y = (float *)layer->out + index * layer->count;
    double count = (double)layer->count, moment[2] = {0};
    if (layer->skip != NULL) {
        float *sum = layer->sum != NULL ? (float *)layer->sum + index * layer->count : y;
        nn->pair(SY_NN_ADD, x, 1, (const float *)layer->skip + index * layer->count, 1, layer->count, sum);
        if (layer->added != NULL)
            nn->pair(SY_NN_ADD, sum, 1, layer->added, 1, layer->count, sum);
        x = sum;
    }
    if (!layer->is_rms)
        moment[0] = nn->reduce(SY_NN_SUM, x, layer->count, 0.0f) / count;
    double square = nn->reduce(SY_NN_SUM_SQUARE, x, layer->count, (float)moment[0]);
    moment[1] = 1 / sqrt(square / count + layer->epsilon);
    nn->norm(
        x, layer->count, (const float[2]){(float)moment[0], (float)moment[1]}, layer->scale, layer->bias, y);
    keep_moments(layer, index, moment);
}

void sy_ops_layer_row(const sy_ops_layer *layer, int64_t index) {
    if (layer->dtype == SY_F32)
        norm_f32(layer, index);
    else
        norm_any(layer, index);
}
