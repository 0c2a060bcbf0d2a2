/*
 * Softmax, LogSoftmax and Hardmax: along one axis since opset 13; before, over all dimensions from the axis
 * on, taken as one.
 */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/line.h"

typedef struct softmax_state {
    uint32_t axis, axis_end;
} softmax_state;

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    bool is_old = call->node->opset < 13;
    uint32_t axis = 0;
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    int64_t asked = sy_net_attr_int(call->node, "axis", is_old ? 1 : -1);
    if (status == SY_OK && !(is_old && asked == (int64_t)in->rank)) /* which is a row of 1 each */
        status = sy_net_call_axis(call, asked, in->rank, &axis, err);
    else
        axis = in->rank;
    softmax_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->axis = axis;
    state->axis_end = is_old ? in->rank : axis + 1;
    sy_net_shape_like(&call->out[0], in);
    return SY_OK;
}

enum { SOFTMAX, LOG_SOFTMAX, HARDMAX };

typedef struct softmax_job {
    sy_ops_lines lines;
    const sy_nn *nn;
    const void *in;
    void *out;
    uint32_t form, dtype; /* form: SOFTMAX ... */
    int64_t blocks;       /* of columns, in a group of lines */
} softmax_job;

static double largest(const softmax_job *job, int64_t begin, int64_t *out_place) {
    double x[SY_OPS_CHUNK], top = -INFINITY;
    *out_place = 0;
    for (int64_t i = 0; i < job->lines.count; i += SY_OPS_CHUNK) {
        int64_t few = job->lines.count - i < SY_OPS_CHUNK ? job->lines.count - i : SY_OPS_CHUNK;
        sy_ops_load_f64(job->dtype, job->in, begin + i * job->lines.inner, job->lines.inner, few, x);
        for (int64_t j = 0; j < few; j++)
            if (x[j] > top || isnan(x[j])) {
                top = x[j];
                *out_place = i + j;
            }
    }
    return top;
}

/* Any type in f64: the powers are computed twice instead of kept. is_sum: only their sum. */
static double powers(const softmax_job *job, int64_t begin, double top, double divisor, bool is_sum) {
    double x[SY_OPS_CHUNK], sum = 0, log_divisor = job->form == LOG_SOFTMAX ? log(divisor) : 0;
    for (int64_t i = 0; i < job->lines.count; i += SY_OPS_CHUNK) {
        int64_t few = job->lines.count - i < SY_OPS_CHUNK ? job->lines.count - i : SY_OPS_CHUNK;
        int64_t from = begin + i * job->lines.inner;
        sy_ops_load_f64(job->dtype, job->in, from, job->lines.inner, few, x);
        for (int64_t j = 0; j < few; j++) {
            double shifted = x[j] - top;
            bool is_log = job->form == LOG_SOFTMAX && !is_sum;
            x[j] = is_log ? shifted - log_divisor : exp(shifted) / divisor;
            sum += x[j];
        }
        if (!is_sum)
            sy_ops_store_f64(job->dtype, x, from, job->lines.inner, few, job->out);
    }
    return sum;
}

static void soften_line(const softmax_job *job, int64_t begin) {
    int64_t place;
    double top = largest(job, begin, &place);
    if (job->form != HARDMAX) {
        powers(job, begin, top, powers(job, begin, top, 1, true), false);
        return;
    }
    for (int64_t i = 0; i < job->lines.count; i++) {
        double value = i == place ? 1 : 0;
        sy_ops_store_f64(job->dtype, &value, begin + i * job->lines.inner, 1, 1, job->out);
    }
}

static void soften_lines(void *arg, int64_t begin, int64_t end) {
    const softmax_job *job = arg;
    for (int64_t i = begin; i < end; i++)
        soften_line(job, sy_ops_line_begin(&job->lines, i));
}

/* Rows of f32 that lie together. */
static void soften_rows(void *arg, int64_t begin, int64_t end) {
    const softmax_job *job = arg;
    int64_t count = job->lines.count;
    for (int64_t i = begin; i < end; i++)
        job->nn->softmax((const float *)job->in + i * count, count, job->form == LOG_SOFTMAX,
            (float *)job->out + i * count);
}

/* `lanes` lines of f32 side by side; x and y are their first elements. */
static void soften_columns(const softmax_job *job, const float *x, float *y, int64_t lanes) {
    const float none[SY_NN_PARAMS] = {0};
    float top[SY_OPS_CHUNK], sum[SY_OPS_CHUNK];
    int64_t inner = job->lines.inner;
    size_t bytes = (size_t)lanes * sizeof *x;
    memcpy(top, x, bytes);
    memset(sum, 0, bytes);
    for (int64_t i = 1; i < job->lines.count; i++)
        job->nn->pair(SY_NN_MAX, top, 1, x + i * inner, 1, lanes, top);
    for (int64_t i = 0; i < job->lines.count; i++) {
        float *row = y + i * inner;
        job->nn->pair(SY_NN_SUB, x + i * inner, 1, top, 1, lanes, row);
        job->nn->map(SY_NN_EXP, row, lanes, none);
        job->nn->pair(SY_NN_ADD, sum, 1, row, 1, lanes, sum);
    }
    for (int64_t i = 0; i < job->lines.count; i++)
        job->nn->pair(SY_NN_DIV, y + i * inner, 1, sum, 1, lanes, y + i * inner);
}

static void soften_blocks(void *arg, int64_t begin, int64_t end) {
    const softmax_job *job = arg;
    for (int64_t i = begin; i < end; i++) {
        int64_t first = i % job->blocks * SY_OPS_CHUNK, left = job->lines.inner - first;
        int64_t at = i / job->blocks * job->lines.count * job->lines.inner + first;
        soften_columns(job, (const float *)job->in + at, (float *)job->out + at,
            left < SY_OPS_CHUNK ? left : SY_OPS_CHUNK);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const softmax_state *state = call->state;
    char letter = call->node->op->name[0];
    softmax_job job = {.lines = sy_ops_lines_make(&call->in[0], state->axis, state->axis_end),
        .nn = sy_ops_kernels(call),
        .in = call->in[0].data,
        .out = call->out[0].data,
        .form = letter == 'S'   ? SOFTMAX
                : letter == 'L' ? LOG_SOFTMAX
                                : HARDMAX,
        .dtype = call->in[0].dtype};
    const sy_ops_lines *lines = &job.lines;
    bool is_f32 = job.dtype == SY_F32 && job.form != HARDMAX;
    job.blocks = (lines->inner + SY_OPS_CHUNK - 1) / SY_OPS_CHUNK;
    if (lines->count == 0)
        return SY_OK;
    if (is_f32 && lines->inner == 1)
        sy_team_for(call->team, lines->outer, lines->count * 8, soften_rows, &job);
    else if (is_f32 && job.form == SOFTMAX && lines->inner >= 8)
        sy_team_for(call->team, lines->outer * job.blocks, lines->count * SY_OPS_CHUNK, soften_blocks, &job);
    else
        sy_team_for(call->team, lines->outer * lines->inner, lines->count * 40, soften_lines, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Softmax", "", 1, 0, SY_NET_OP_IN_PLACE, 1, 1, 1, 1, infer, NULL, run},
    {"LogSoftmax", "", 1, 0, SY_NET_OP_IN_PLACE, 1, 1, 1, 1, infer, NULL, run},
    {"Hardmax", "", 1, 0, SY_NET_OP_IN_PLACE, 1, 1, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_softmax = {row, sizeof row / sizeof row[0]};
