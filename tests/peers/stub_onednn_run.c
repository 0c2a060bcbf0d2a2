/* The loops of the stub of oneDNN. */
#include <string.h>

#include "tests/peers/stub_onednn.h"

/* Exported, and declared nowhere. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* A run: its arguments by number, and the output's place in hand. */
typedef struct job {
    const sy_onednn_pd *pd;
    const sy_onednn_arg *arg;
    int count;
    int64_t at[RANK_MAX];
} job;

static const sy_onednn_memory *find(const job *j, int index) {
    for (int i = 0; i < j->count; i++)
        if (j->arg[i].index == index)
            return j->arg[i].memory;
    return NULL;
}

/* The element of `memory` at `at`; a dimension of 1 repeats. */
static float *element(const sy_onednn_memory *memory, const int64_t *at) {
    int64_t place = 0;
    for (int i = 0; i < memory->md.rank; i++)
        place += memory->md.dim[i] > 1 ? at[i] * memory->md.stride[i] : 0;
    return (float *)(void *)memory->data + place;
}

static float multiply(const job *j) {
    const sy_onednn_memory *src = find(j, SY_ONEDNN_ARG_SRC), *weights = find(j, SY_ONEDNN_ARG_WEIGHTS);
    int rank = src->md.rank;
    int64_t a[RANK_MAX], b[RANK_MAX];
    float sum = 0.0f;
    memcpy(a, j->at, sizeof a);
    memcpy(b, j->at, sizeof b);
    for (int64_t k = 0; k < src->md.dim[rank - 1]; k++) {
        a[rank - 1] = k;
        b[rank - 2] = k;
        sum += *element(src, a) * *element(weights, b);
    }
    return sum;
}

static float convolve(const job *j) {
    const sy_onednn_memory *src = find(j, SY_ONEDNN_ARG_SRC), *weights = find(j, SY_ONEDNN_ARG_WEIGHTS);
    const sy_onednn_window *window = &j->pd->window;
    const int64_t *dim = weights->md.dim;
    float sum = 0.0f;
    for (int64_t i = 0; i < dim[1] * dim[2] * dim[3]; i++) {
        int64_t c = i / (dim[2] * dim[3]), r = i / dim[3] % dim[2], s = i % dim[3];
        int64_t y = j->at[2] * window->stride[0] + r * (window->dilation[0] + 1) - window->pad_lo[0];
        int64_t x = j->at[3] * window->stride[1] + s * (window->dilation[1] + 1) - window->pad_lo[1];
        if (y >= 0 && y < src->md.dim[2] && x >= 0 && x < src->md.dim[3])
            sum += *element(src, (int64_t[]){j->at[0], c, y, x}) *
                   *element(weights, (int64_t[]){j->at[1], c, r, s});
    }
    return sum;
}

static float follow(const job *j, float value, float before) {
    const struct sy_onednn_posts *posts = &j->pd->posts;
    for (int i = 0; i < posts->count; i++) {
        if (posts->kind[i] == SUM) {
            value += posts->alpha[i] * before;
        } else if (posts->kind[i] == ELTWISE) {
            value = posts->algorithm[i] == LINEAR ? posts->alpha[i] * value + posts->beta[i]
                    : value > 0.0f                ? value
                                                  : 0.0f;
        } else {
            float other = *element(find(j, POST_BASE * (i + 1) | SY_ONEDNN_ARG_SRC_1), j->at);
            value = posts->algorithm[i] == SY_ONEDNN_BINARY_ADD ? value + other : value * other;
        }
    }
    return value;
}

static float compute(const job *j, float before) {
    const sy_onednn_memory *bias = find(j, SY_ONEDNN_ARG_BIAS);
    if (j->pd->kind == REORDER)
        return *element(find(j, SY_ONEDNN_ARG_SRC), j->at);
    float value = j->pd->kind == MATMUL ? multiply(j) : convolve(j);
    if (bias != NULL)
        value += *element(bias, j->pd->kind == MATMUL ? j->at : &j->at[1]);
    return follow(j, value, before);
}

int dnnl_primitive_execute(
    const sy_onednn_primitive *primitive, sy_onednn_stream *stream, int count, const sy_onednn_arg *args) {
    job j = {.pd = &primitive->pd, .arg = args, .count = count};
    (void)stream;
    if (stub_fails_execute)
        return 5;
    const sy_onednn_memory *dst = find(&j, SY_ONEDNN_ARG_DST);
    int rank = dst->md.rank;
    for (;;) {
        float *to = element(dst, j.at);
        *to = compute(&j, *to);
        int i = rank - 1;
        while (i >= 0 && ++j.at[i] == dst->md.dim[i])
            j.at[i--] = 0;
        if (i < 0)
            return SY_ONEDNN_OK;
    }
}
