#include "runtime/model/ops/pair.h"

#include <string.h>

typedef struct pair_job {
    const sy_ops_pair *pair;
    const sy_nn *nn;
    const void *a, *b;
    void *out;
    uint32_t dtype;
} pair_job;

static void combine(const pair_job *job, int64_t count, sy_ops_chunk *a, const sy_ops_chunk *b) {
    const sy_ops_pair *pair = job->pair;
    uint32_t form = sy_ops_form(job->dtype);
    if (form == SY_OPS_F32 && pair->kernel != SY_OPS_NO_KERNEL)
        job->nn->pair(pair->kernel, a->f32, 1, b->f32, 1, count, a->f32);
    else if (form == SY_OPS_F32)
        for (int64_t i = 0; i < count; i++)
            a->f32[i] = (float)pair->real((double)a->f32[i], (double)b->f32[i]);
    else if (form == SY_OPS_F64)
        for (int64_t i = 0; i < count; i++)
            a->f64[i] = pair->real(a->f64[i], b->f64[i]);
    else
        for (int64_t i = 0; i < count; i++)
            a->u64[i] = pair->integer(a->u64[i], b->u64[i], form == SY_OPS_U64);
}

static bool is_kernel_step(int64_t step, int64_t count) {
    return step == 0 || step == 1 || count == 1;
}

static void pair_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const pair_job *job = arg;
    bool is_row =
        (count == 1 || step[0] == 1) && is_kernel_step(step[1], count) && is_kernel_step(step[2], count);
    if (job->dtype == SY_F32 && job->pair->kernel != SY_OPS_NO_KERNEL && is_row) {
        job->nn->pair(job->pair->kernel, (const float *)job->a + offset[1], step[1],
            (const float *)job->b + offset[2], step[2], count, (float *)job->out + offset[0]);
        return;
    }
    sy_ops_chunk a, b;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load(job->dtype, job->a, offset[1] + i * step[1], step[1], few, &a);
        sy_ops_load(job->dtype, job->b, offset[2] + i * step[2], step[2], few, &b);
        combine(job, few, &a, &b);
        sy_ops_store(job->dtype, &a, offset[0] + i * step[0], step[0], few, job->out);
    }
}

/* Short rows of f32 that go on evenly, each with the same row beside: that row is repeated, and several rows
 * are one call. */
typedef struct short_job {
    const pair_job *pair;
    int64_t row;
    bool is_a; /* what repeats is a, else b */
} short_job;

enum { WIDE = 1024, MOST_ROW = 128 };

static void pair_short_rows(void *arg, int64_t begin, int64_t end) {
    const short_job *job = arg;
    const pair_job *pair = job->pair;
    const float *a = pair->a, *b = pair->b;
    int64_t group = WIDE / job->row;
    float wide[WIDE];
    for (int64_t i = 0; i < group && i < end - begin; i++)
        memcpy(wide + i * job->row, job->is_a ? a : b, (size_t)job->row * sizeof *wide);
    for (int64_t r = begin; r < end; r += group) {
        int64_t count = (end - r < group ? end - r : group) * job->row, at = r * job->row;
        pair->nn->pair(pair->pair->kernel, job->is_a ? wide : a + at, 1, job->is_a ? b + at : wide, 1, count,
            (float *)pair->out + at);
    }
}

/* Whether tensor `full` of a walk of two dimensions lies like the output, and `row` is a row of it. */
static bool is_short(const sy_ops_walk *walk, uint32_t full, uint32_t row) {
    const int64_t *stride = walk->stride[row];
    return walk->rank == 2 && walk->dim[0] <= MOST_ROW && walk->stride[0][0] == 1 &&
           walk->stride[0][1] == walk->dim[0] && walk->stride[full][0] == 1 &&
           walk->stride[full][1] == walk->dim[0] && stride[0] == 1 && stride[1] == 0;
}

void sy_ops_pair_run(const sy_net_call *call, const sy_ops_pair *pair, const sy_net_tensor *out,
    const sy_net_tensor *a, const sy_net_tensor *b) {
    const sy_net_tensor *tensor[] = {out, a, b};
    sy_ops_walk walk;
    pair_job job = {.pair = pair,
        .nn = sy_ops_kernels(call),
        .a = a->data,
        .b = b->data,
        .out = out->data,
        .dtype = out->dtype};
    sy_ops_walk_make(&walk, tensor, 3);
    bool is_a = is_short(&walk, 2, 1), is_kernel = out->dtype == SY_F32 && pair->kernel != SY_OPS_NO_KERNEL;
    if (is_kernel && (is_a || is_short(&walk, 1, 2)) && walk.dim[0] > 0) {
        short_job rows = {&job, walk.dim[0], is_a};
        sy_team_for(call->team, walk.dim[1], walk.dim[0] * 2, pair_short_rows, &rows);
        return;
    }
    sy_ops_walk_run(&walk, call->team, pair->kernel != SY_OPS_NO_KERNEL ? 2 : 20, pair_piece, &job);
}
