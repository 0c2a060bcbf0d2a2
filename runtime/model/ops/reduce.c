/* ReduceSum, ReduceMean and their kin. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/reduce_kind.h"
#include "runtime/model/ops/reduce_plan.h"

/* axes: bits of reduced dimensions. */
typedef struct reduce_state {
    uint32_t kind, axes;
    bool is_copy;
} reduce_state;

/* In the order of the numbers of reduce_kind.h. */
static const char *const kinds[] = {"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd",
    "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"};

/* The list of axes, from the input that it became (ReduceSum: opset 13, others: 18) or the attribute. */
static sy_status list_axes(
    const sy_net_call *call, bool is_input, int64_t axis[SY_NET_MAX_RANK], size_t *out_count, sy_error *err) {
    *out_count = 0;
    if (is_input)
        return sy_net_call_has(call, 1) ? sy_net_call_ints(call, 1, axis, SY_NET_MAX_RANK, out_count, err)
                                        : SY_OK;
    size_t count = 0;
    const int64_t *listed = sy_net_attr_ints(call->node, "axes", &count);
    if (listed == NULL)
        return SY_OK;
    if (count > SY_NET_MAX_RANK)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "attribute axes has %zu entries, at most %u",
            count, SY_NET_MAX_RANK);
    memcpy(axis, listed, count * sizeof *axis);
    *out_count = count;
    return SY_OK;
}

/* Axes as bits: listed ones, or all. */
static sy_status find_axes(const sy_net_call *call, bool is_input, reduce_state *state, sy_error *err) {
    int64_t axis[SY_NET_MAX_RANK];
    size_t count;
    uint32_t rank = call->in[0].rank, one;
    sy_status status = list_axes(call, is_input, axis, &count, err);
    for (size_t i = 0; i < count && status == SY_OK; i++) {
        status = sy_net_call_axis(call, axis[i], rank, &one, err);
        if (status == SY_OK)
            state->axes |= UINT32_C(1) << one;
    }
    state->is_copy = count == 0 && is_input && sy_net_attr_int(call->node, "noop_with_empty_axes", 0) != 0;
    if (count == 0 && !state->is_copy)
        state->axes = (UINT32_C(1) << rank) - 1;
    return status;
}

static void set_shape(sy_net_call *call, uint32_t axes) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    bool keeps = sy_net_attr_int(call->node, "keepdims", 1) != 0;
    out->dtype = in->dtype;
    out->rank = 0;
    for (uint32_t d = 0; d < in->rank; d++) {
        bool is_reduced = (axes >> d & 1) != 0;
        if (!is_reduced || keeps)
            out->dim[out->rank++] = is_reduced ? 1 : in->dim[d];
    }
}

static sy_status infer_form(sy_net_call *call, bool is_input, sy_error *err) {
    uint32_t kind = 0;
    while (strcmp(kinds[kind], call->node->op->name) != 0)
        kind++;
    bool is_order = kind == SY_OPS_REDUCE_MAX || kind == SY_OPS_REDUCE_MIN;
    sy_status status = sy_ops_need(call, 0, SY_OPS_NUMBERS | (is_order ? SY_OPS_BOOL : 0), err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    reduce_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->kind = kind;
    status = find_axes(call, is_input, state, err);
    if (status == SY_OK)
        set_shape(call, state->axes);
    return status;
}

static sy_status infer_attribute(sy_net_call *call, sy_error *err) {
    return infer_form(call, false, err);
}

static sy_status infer_input(sy_net_call *call, sy_error *err) {
    return infer_form(call, true, err);
}

typedef struct reduce_job {
    sy_ops_reduce_plan plan;
    const sy_nn *nn;
    const void *in;
    void *out;
    uint32_t kind, dtype;
} reduce_job;

/* The kernel that does rows of f32; false if there is none. */
static bool row_kernel(uint32_t kind, uint32_t *out_kernel) {
    switch (kind) {
    case SY_OPS_REDUCE_SUM:
    case SY_OPS_REDUCE_MEAN:
    case SY_OPS_REDUCE_LOG_SUM: *out_kernel = SY_NN_SUM; return true;
    case SY_OPS_REDUCE_MAX: *out_kernel = SY_NN_ROW_MAX; return true;
    case SY_OPS_REDUCE_MIN: *out_kernel = SY_NN_ROW_MIN; return true;
    case SY_OPS_REDUCE_L1: *out_kernel = SY_NN_SUM_ABS; return true;
    case SY_OPS_REDUCE_L2:
    case SY_OPS_REDUCE_SUM_SQUARE: *out_kernel = SY_NN_SUM_SQUARE; return true;
    default: return false;
    }
}

/* A row of f32 into lane 0. */
static void take_row(const reduce_job *job, int64_t at, int64_t count, sy_ops_reduce_sums *sums) {
    uint32_t kernel = 0;
    row_kernel(job->kind, &kernel);
    double row = job->nn->reduce(kernel, (const float *)job->in + at, count, 0.0f);
    bool is_order = kernel == SY_NN_ROW_MAX || kernel == SY_NN_ROW_MIN;
    sy_ops_reduce_take(is_order ? job->kind : SY_OPS_REDUCE_SUM, &row, 1, 0, sums);
}

/* Rows of f32 into as many lanes: sums in f32 of so few rows that nothing is lost, which are then added. */
static void take_lanes(const reduce_job *job, int64_t at, int64_t lanes, sy_ops_reduce_sums *sums) {
    enum { FEW = 32 };
    float part[SY_OPS_CHUNK];
    double wide[SY_OPS_CHUNK];
    uint32_t join = job->kind == SY_OPS_REDUCE_MAX   ? SY_NN_MAX
                    : job->kind == SY_OPS_REDUCE_MIN ? SY_NN_MIN
                                                     : SY_NN_ADD;
    for (int64_t r = 0; r < job->plan.count; r++) {
        const float *x = (const float *)job->in + at + sy_ops_dims_offset(&job->plan.reduced, 0, r);
        if (r % FEW == 0)
            memcpy(part, x, (size_t)lanes * sizeof *part);
        else
            job->nn->pair(join, part, 1, x, 1, lanes, part);
        if (r % FEW != FEW - 1 && r + 1 < job->plan.count)
            continue;
        for (int64_t i = 0; i < lanes; i++)
            wide[i] = (double)part[i];
        sy_ops_reduce_take(job->kind, wide, lanes, 1, sums);
    }
}

/* Whether take_lanes() does it. */
static bool has_lanes(const reduce_job *job) {
    bool is_plain = job->kind == SY_OPS_REDUCE_SUM || job->kind == SY_OPS_REDUCE_MEAN ||
                    job->kind == SY_OPS_REDUCE_MAX || job->kind == SY_OPS_REDUCE_MIN;
    return is_plain && job->dtype == SY_F32 && job->plan.lanes > 1 && job->plan.kept.in[0] == 1;
}

/* All that goes into one result, or into `lanes` that are next to each other. */
static void take_real(const reduce_job *job, int64_t at, int64_t lanes, sy_ops_reduce_sums *sums) {
    const sy_ops_dims *reduced = &job->plan.reduced;
    double x[SY_OPS_CHUNK];
    uint32_t kernel;
    bool is_row = job->plan.lanes == 1 && reduced->rank > 0;
    int64_t row = is_row ? reduced->dim[0] : lanes, step = is_row      ? reduced->in[0]
                                                           : lanes > 1 ? job->plan.kept.in[0]
                                                                       : 1;
    int64_t rows = is_row && row > 0 ? job->plan.count / row : job->plan.count;
    for (int64_t r = 0; r < rows && row > 0; r++) {
        int64_t from = at + sy_ops_dims_offset(reduced, is_row ? 1 : 0, r);
        if (is_row && step == 1 && job->dtype == SY_F32 && row_kernel(job->kind, &kernel)) {
            take_row(job, from, row, sums);
            continue;
        }
        for (int64_t i = 0; i < row; i += SY_OPS_CHUNK) {
            int64_t few = row - i < SY_OPS_CHUNK ? row - i : SY_OPS_CHUNK;
            sy_ops_load_f64(job->dtype, job->in, from + i * step, step, few, x);
            sy_ops_reduce_take(job->kind, x, few, is_row ? 0 : 1, sums);
        }
    }
}

static void take_integers(const reduce_job *job, int64_t at, int64_t lanes, int64_t *sum) {
    const sy_ops_reduce_plan *plan = &job->plan;
    sy_ops_chunk x;
    int64_t step = lanes > 1 ? plan->kept.in[0] : 1;
    for (int64_t r = 0; r < plan->count; r++) {
        sy_ops_load(job->dtype, job->in, at + sy_ops_dims_offset(&plan->reduced, 0, r), step, lanes, &x);
        sy_ops_reduce_take_integer(job->kind, job->dtype, x.s64, lanes, 1, sum);
    }
}

static bool is_exact(const reduce_job *job) {
    bool is_integer = sy_ops_form(job->dtype) == SY_OPS_S64 || sy_ops_form(job->dtype) == SY_OPS_U64;
    return is_integer && job->kind != SY_OPS_REDUCE_L2 && job->kind != SY_OPS_REDUCE_LOG_SUM &&
           job->kind != SY_OPS_REDUCE_LOG_SUM_EXP;
}

/* A mean of integers is without its fraction; of none, 0. */
static void end_integers(const reduce_job *job, int64_t lanes, int64_t *sum) {
    if (job->kind != SY_OPS_REDUCE_MEAN)
        return;
    for (int64_t i = 0; i < lanes; i++)
        if (job->plan.count == 0)
            sum[i] = 0;
        else if (sy_ops_form(job->dtype) == SY_OPS_U64)
            sum[i] = (int64_t)((uint64_t)sum[i] / (uint64_t)job->plan.count);
        else
            sum[i] /= job->plan.count;
}

static void reduce_items(void *arg, int64_t begin, int64_t end) {
    const reduce_job *job = arg;
    bool is_whole = sy_ops_form(job->dtype) == SY_OPS_S64 || sy_ops_form(job->dtype) == SY_OPS_U64;
    for (int64_t item = begin; item < end; item++) {
        union {
            sy_ops_reduce_sums real;
            sy_ops_chunk integer;
        } sums;
        int64_t in, out, lanes;
        sy_ops_reduce_seek(&job->plan, item, &in, &out, &lanes);
        int64_t step = job->plan.lanes > 1 ? job->plan.kept.out[0] : 1;
        if (is_exact(job)) {
            sy_ops_reduce_start_integer(job->kind, job->dtype, lanes, sums.integer.s64);
            take_integers(job, in, lanes, sums.integer.s64);
            end_integers(job, lanes, sums.integer.s64);
            sy_ops_store(job->dtype, &sums.integer, out, step, lanes, job->out);
            continue;
        }
        sy_ops_reduce_start(job->kind, lanes, &sums.real);
        if (has_lanes(job))
            take_lanes(job, in, lanes, &sums.real);
        else
            take_real(job, in, lanes, &sums.real);
        sy_ops_reduce_end(job->kind, lanes, job->plan.count, &sums.real);
        for (int64_t i = 0; i < lanes && is_whole; i++)
            sums.real.value[i] = trunc(sums.real.value[i]);
        sy_ops_store_f64(job->dtype, sums.real.value, out, step, lanes, job->out);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const reduce_state *state = call->state;
    reduce_job job = {.nn = sy_ops_kernels(call),
        .in = call->in[0].data,
        .out = call->out[0].data,
        .kind = state->is_copy ? SY_OPS_REDUCE_SUM : state->kind,
        .dtype = call->in[0].dtype};
    sy_ops_reduce_plan_make(&job.plan, &call->in[0], &call->out[0], state->axes);
    sy_team_for(call->team, job.plan.items, job.plan.lanes * job.plan.count, reduce_items, &job);
    return SY_OK;
}

#define FLAGS SY_NET_OP_CHANNELS_LAST
static const sy_net_op row[] = {
    {"ReduceSum", "", 1, 12, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceSum", "", 13, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceMean", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceMean", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceMax", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceMax", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceMin", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceMin", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceProd", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceProd", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceL1", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceL1", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceL2", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceL2", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceLogSum", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceLogSum", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceLogSumExp", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceLogSumExp", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
    {"ReduceSumSquare", "", 1, 17, FLAGS, 1, 1, 1, 1, infer_attribute, NULL, run},
    {"ReduceSumSquare", "", 18, 0, FLAGS, 1, 2, 1, 1, infer_input, NULL, run},
};
const sy_net_family sy_net_family_reduce = {row, sizeof row / sizeof row[0]};
