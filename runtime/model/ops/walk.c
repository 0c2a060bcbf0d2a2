#include "runtime/model/ops/walk.h"

#include <string.h>

/* Dimension number `place` from the innermost one in memory. */
static uint32_t dim_at(const sy_net_tensor *tensor, uint32_t place) {
    if (!tensor->is_last || tensor->rank < 3)
        return tensor->rank - 1 - place;
    return place == 0 ? 1 : place == tensor->rank - 1 ? 0 : tensor->rank - place;
}

void sy_ops_strides(const sy_net_tensor *tensor, int64_t stride[SY_NET_MAX_RANK]) {
    bool is_last = tensor->is_last && tensor->rank >= 3;
    int64_t next = 1;
    for (uint32_t place = 0; place < tensor->rank; place++) {
        uint32_t d = dim_at(tensor, place);
        stride[d] = next;
        next = is_last && place == 0 ? tensor->pitch : next * tensor->dim[d];
    }
}

/* One more dimension around the others; it joins the one before if every tensor goes on evenly. */
static void add_dim(sy_ops_walk *walk, int64_t dim, const int64_t stride[SY_OPS_WALKERS]) {
    if (dim == 1)
        return;
    bool joins = walk->rank > 0;
    uint32_t inner = walk->rank - 1;
    for (uint32_t t = 0; t < walk->count && joins; t++)
        joins = stride[t] == walk->stride[t][inner] * walk->dim[inner];
    if (joins) {
        walk->dim[inner] *= dim;
        return;
    }
    walk->dim[walk->rank] = dim;
    for (uint32_t t = 0; t < walk->count; t++)
        walk->stride[t][walk->rank] = stride[t];
    walk->rank++;
}

void sy_ops_walk_make(sy_ops_walk *walk, const sy_net_tensor *const *tensor, uint32_t count) {
    const sy_net_tensor *lead = tensor[0];
    int64_t stride[SY_OPS_WALKERS][SY_NET_MAX_RANK];
    *walk = (sy_ops_walk){.count = count};
    for (uint32_t t = 0; t < count; t++)
        sy_ops_strides(tensor[t], stride[t]);
    for (uint32_t place = 0; place < lead->rank; place++) {
        uint32_t d = dim_at(lead, place), from_end = lead->rank - 1 - d;
        int64_t step[SY_OPS_WALKERS] = {0};
        for (uint32_t t = 0; t < count; t++) {
            const sy_net_tensor *one = tensor[t];
            uint32_t own = one->rank - 1 - from_end; /* wraps where it has no such dimension */
            if (from_end < one->rank && one->dim[own] != 1)
                step[t] = stride[t][own];
        }
        add_dim(walk, lead->dim[d], step);
    }
    if (walk->rank == 0) {
        walk->rank = 1;
        walk->dim[0] = 1;
    }
}

typedef struct walk_job {
    const sy_ops_walk *walk;
    sy_ops_piece_fn *fn;
    const void *arg;
    int64_t pieces; /* of a row */
} walk_job;

/* Where piece number `item` begins; at: its index in every dimension but the innermost. */
static void seek(const walk_job *job, int64_t item, int64_t at[SY_NET_MAX_RANK], int64_t *offset) {
    const sy_ops_walk *walk = job->walk;
    int64_t row = item / job->pieces, first = item % job->pieces * SY_OPS_PIECE;
    for (uint32_t t = 0; t < SY_OPS_WALKERS; t++)
        offset[t] = t < walk->count ? first * walk->stride[t][0] : 0;
    for (uint32_t d = 1; d < walk->rank; d++) {
        at[d] = row % walk->dim[d];
        row /= walk->dim[d];
        for (uint32_t t = 0; t < walk->count; t++)
            offset[t] += at[d] * walk->stride[t][d];
    }
}

/* The begin of the next row, from that of this one. */
static void next_row(const sy_ops_walk *walk, int64_t at[SY_NET_MAX_RANK], int64_t *offset) {
    for (uint32_t d = 1; d < walk->rank; d++) {
        bool wraps = ++at[d] == walk->dim[d];
        int64_t by = wraps ? 1 - walk->dim[d] : 1;
        for (uint32_t t = 0; t < walk->count; t++)
            offset[t] += by * walk->stride[t][d];
        if (!wraps)
            return;
        at[d] = 0;
    }
}

static void run_share(void *arg, int64_t begin, int64_t end) {
    const walk_job *job = arg;
    const sy_ops_walk *walk = job->walk;
    int64_t at[SY_NET_MAX_RANK] = {0}, offset[SY_OPS_WALKERS], step[SY_OPS_WALKERS] = {0};
    for (uint32_t t = 0; t < walk->count; t++)
        step[t] = walk->stride[t][0];
    seek(job, begin, at, offset);
    for (int64_t item = begin; item < end; item++) {
        int64_t left = walk->dim[0] - item % job->pieces * SY_OPS_PIECE;
        job->fn(job->arg, offset, step, left < SY_OPS_PIECE ? left : SY_OPS_PIECE);
        if (job->pieces == 1)
            next_row(walk, at, offset);
        else if (item + 1 < end)
            seek(job, item + 1, at, offset);
    }
}

void sy_ops_walk_run(
    const sy_ops_walk *walk, const sy_team *team, int64_t cost, sy_ops_piece_fn *fn, const void *arg) {
    int64_t rows = 1, piece = walk->dim[0] < SY_OPS_PIECE ? walk->dim[0] : SY_OPS_PIECE;
    for (uint32_t d = 0; d < walk->rank; d++)
        rows *= d == 0 && walk->dim[0] > 0 ? 1 : walk->dim[d];
    walk_job job = {.walk = walk, .fn = fn, .arg = arg};
    job.pieces = (walk->dim[0] + SY_OPS_PIECE - 1) / SY_OPS_PIECE;
    if (rows > 0 && piece > 0)
        sy_team_for(team, rows * job.pieces, piece * cost, run_share, &job);
}
