/* Maxima of s8, u8 and bf16 with channels last: a line of channels a tap. */
#include <math.h>
#include <string.h>

#include "kernels/convert/convert.h"
#include "runtime/model/ops/pool.h"

/* Channels that are held at once. */
enum { BLOCK = 128 };

/* A function that takes one more line of `count` channels into `best`; and from there into the output. */
typedef struct narrow_kind {
    void (*clear)(void *best);
    void (*take)(void *best, const void *line, int64_t count);
    void (*give)(const void *best, void *line, int64_t count);
} narrow_kind;

typedef struct narrow_job {
    const sy_net_window *window;
    const narrow_kind *kind;
    const char *x;
    char *y;
    int64_t size;
    sy_net_image in, out;
} narrow_job;

/* As large as the largest kind. */
typedef union narrow_best {
    float f32[BLOCK];
    int8_t s8[BLOCK];
    uint8_t u8[BLOCK];
} narrow_best;

static void clear_s8(void *best) {
    memset(best, INT8_MIN, BLOCK);
}

static void take_s8(void *best, const void *line, int64_t count) {
    int8_t *to = best;
    const int8_t *from = line;
    for (int64_t i = 0; i < count; i++)
        to[i] = from[i] > to[i] ? from[i] : to[i];
}

static void clear_u8(void *best) {
    memset(best, 0, BLOCK);
}

static void take_u8(void *best, const void *line, int64_t count) {
    uint8_t *to = best;
    const uint8_t *from = line;
    for (int64_t i = 0; i < count; i++)
        to[i] = from[i] > to[i] ? from[i] : to[i];
}

static void give_bytes(const void *best, void *line, int64_t count) {
    memcpy(line, best, (size_t)count);
}

static void clear_bf16(void *best) {
    for (int i = 0; i < BLOCK; i++)
        ((float *)best)[i] = -INFINITY;
}

/* The first NaN stays: nothing compares as greater. */
static void take_bf16(void *best, const void *line, int64_t count) {
    float *to = best;
    const uint16_t *from = line;
    for (int64_t i = 0; i < count; i++) {
        float value = sy_bf16_to_f32(from[i]);
        to[i] = !(value <= to[i]) && to[i] == to[i] ? value : to[i];
    }
}

static void give_bf16(const void *best, void *line, int64_t count) {
    sy_bf16_array_from_f32(best, (size_t)count, line);
}

static const narrow_kind kind_s8 = {clear_s8, take_s8, give_bytes};
static const narrow_kind kind_u8 = {clear_u8, take_u8, give_bytes};
static const narrow_kind kind_bf16 = {clear_bf16, take_bf16, give_bf16};

/* Taps of the window at an output pixel: first, end, and where tap 0 would lie. */
typedef struct narrow_taps {
    int64_t first[SY_NET_SPATIAL], end[SY_NET_SPATIAL], begin[SY_NET_SPATIAL];
} narrow_taps;

/* Channels from `c` on of one output pixel. */
static void run_block(
    const narrow_job *job, const narrow_taps *taps, int64_t n, int64_t c, int64_t count, char *to) {
    const int64_t *dilation = job->window->dilation, *step = job->in.step;
    narrow_best best;
    job->kind->clear(&best);
    for (int64_t z = taps->first[0]; z < taps->end[0]; z++)
        for (int64_t y = taps->first[1]; y < taps->end[1]; y++)
            for (int64_t x = taps->first[2]; x < taps->end[2]; x++) {
                int64_t at = n * job->in.n_step + c + (taps->begin[0] + z * dilation[0]) * step[0] +
                             (taps->begin[1] + y * dilation[1]) * step[1] +
                             (taps->begin[2] + x * dilation[2]) * step[2];
                job->kind->take(&best, job->x + at * job->size, count);
            }
    job->kind->give(&best, to + c * job->size, count);
}

static void hit(const narrow_job *job, uint32_t axis, int64_t at, narrow_taps *taps) {
    taps->end[axis] = sy_net_window_taps(job->window, axis, at, &taps->first[axis]);
    taps->begin[axis] = at * job->window->stride[axis] - job->window->lo[axis];
}

/* Row `index` of the rows of all images and depths. */
static void run_rows(void *arg, int64_t begin, int64_t end) {
    const narrow_job *job = arg;
    for (int64_t index = begin; index < end; index++) {
        int64_t y = index % job->out.dim[1], rest = index / job->out.dim[1];
        int64_t z = rest % job->out.dim[0], n = rest / job->out.dim[0];
        narrow_taps taps;
        hit(job, 0, z, &taps);
        hit(job, 1, y, &taps);
        for (int64_t x = 0; x < job->out.dim[2]; x++) {
            int64_t to =
                n * job->out.n_step + z * job->out.step[0] + y * job->out.step[1] + x * job->out.step[2];
            hit(job, 2, x, &taps);
            for (int64_t c = 0; c < job->out.c; c += BLOCK)
                run_block(job, &taps, n, c, job->out.c - c < BLOCK ? job->out.c - c : BLOCK,
                    job->y + to * job->size);
        }
    }
}

bool sy_net_pool_narrow(const sy_net_call *call, const sy_net_pool_state *state) {
    const sy_net_tensor *x = &call->in[0];
    narrow_job job = {.window = &state->window, .x = x->data, .y = call->out[0].data};
    if (!x->is_last || state->kind != SY_NET_POOL_MAX)
        return false;
    if (x->dtype != SY_S8 && x->dtype != SY_U8 && x->dtype != SY_BF16)
        return false;
    job.kind = x->dtype == SY_S8 ? &kind_s8 : x->dtype == SY_U8 ? &kind_u8 : &kind_bf16;
    job.size = (int64_t)sy_net_dtype_size(x->dtype);
    job.in = sy_net_image_of(x);
    job.out = sy_net_image_of(&call->out[0]);
    sy_team_for(call->team, job.out.n * job.out.dim[0] * job.out.dim[1], job.out.dim[2] * job.out.c * 4,
        run_rows, &job);
    return true;
}
