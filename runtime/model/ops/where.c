/* Where: elements of one input or the other. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

#define ANY (SY_OPS_NUMBERS | SY_OPS_BOOL | SY_OPS_F8)

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    sy_status status = sy_ops_need(call, 0, SY_OPS_BOOL, err);
    if (status == SY_OK)
        status = sy_ops_need(call, 1, ANY, err);
    if (status == SY_OK)
        status = sy_ops_need(call, 2, ANY, err);
    if (status == SY_OK)
        status = sy_ops_need_same(call, 1, 2, err);
    if (status == SY_OK)
        status = sy_net_call_broadcast(call, &call->in[1], &call->in[2], out, err);
    if (status == SY_OK)
        status = sy_net_call_broadcast(call, out, &call->in[0], out, err);
    out->dtype = call->in[1].dtype;
    return status;
}

typedef struct where_job {
    size_t size;
    const uint8_t *test;
    const void *yes, *no;
    void *out;
} where_job;

/* The usual case, elements of four bytes that lie together or are one. */
static void choose_words(const uint8_t *test, const uint32_t *yes, int64_t yes_step, const uint32_t *no,
    int64_t no_step, int64_t count, uint32_t *out) {
    for (int64_t i = 0; i < count; i++) {
        uint32_t a = yes[i * yes_step], b = no[i * no_step];
        out[i] = test[i] != 0 ? a : b;
    }
}

static void choose_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const where_job *job = arg;
    if (job->size == 4 && step[0] == 1 && step[1] == 1) {
        choose_words(job->test + offset[1], (const uint32_t *)job->yes + offset[2], step[2],
            (const uint32_t *)job->no + offset[3], step[3], count, (uint32_t *)job->out + offset[0]);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        bool is_yes = job->test[offset[1] + i * step[1]] != 0;
        const void *from = is_yes ? job->yes : job->no;
        int64_t at = is_yes ? offset[2] + i * step[2] : offset[3] + i * step[3];
        int64_t to = offset[0] + i * step[0];
        void *target = (char *)job->out + to * (int64_t)job->size;
        const void *source = (const char *)from + at * (int64_t)job->size;
        switch (job->size) { /* constants, so that no call is made */
        case 1: memcpy(target, source, 1); break;
        case 2: memcpy(target, source, 2); break;
        case 4: memcpy(target, source, 4); break;
        default: memcpy(target, source, 8); break;
        }
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    where_job job = {.size = sy_net_dtype_size(call->out[0].dtype),
        .test = call->in[0].data,
        .yes = call->in[1].data,
        .no = call->in[2].data,
        .out = call->out[0].data};
    sy_ops_walk walk;
    sy_ops_walk_call(&walk, call, 3);
    sy_ops_walk_run(&walk, call->team, 4, choose_piece, &job);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_IN_PLACE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Where", "", 9, 0, FLAGS, 3, 3, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_where = {row, sizeof row / sizeof row[0]};
