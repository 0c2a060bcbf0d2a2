/* Equal, Less, Greater and their kin. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

enum { EQUAL, LESS, LESS_OR_EQUAL };

/* Greater is Less with its inputs exchanged. */
typedef struct compare_kind {
    const char *name;
    uint32_t relation, types;
    bool is_swapped;
} compare_kind;

static const compare_kind kinds[] = {
    {"Equal", EQUAL, SY_OPS_NUMBERS | SY_OPS_BOOL, false},
    {"Less", LESS, SY_OPS_NUMBERS, false},
    {"LessOrEqual", LESS_OR_EQUAL, SY_OPS_NUMBERS, false},
    {"Greater", LESS, SY_OPS_NUMBERS, true},
    {"GreaterOrEqual", LESS_OR_EQUAL, SY_OPS_NUMBERS, true},
};

static const compare_kind *kind_of(const sy_net_call *call) {
    uint32_t i = 0;
    while (strcmp(kinds[i].name, call->node->op->name) != 0)
        i++;
    return &kinds[i];
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const compare_kind *kind = kind_of(call);
    sy_status status = sy_ops_need(call, 0, kind->types, err);
    if (status == SY_OK)
        status = sy_ops_need(call, 1, kind->types, err);
    if (status == SY_OK)
        status = sy_ops_need_same(call, 0, 1, err);
    if (status == SY_OK)
        status = sy_net_call_broadcast(call, &call->in[0], &call->in[1], &call->out[0], err);
    call->out[0].dtype = SY_BOOL;
    return status;
}

typedef struct compare_job {
    uint32_t relation, dtype;
    const void *a, *b;
    uint8_t *out;
} compare_job;

static bool holds(uint32_t relation, bool is_less, bool is_equal) {
    return (is_equal && relation != LESS) || (is_less && relation != EQUAL);
}

static void test_chunk(const compare_job *job, int64_t count, const sy_ops_chunk *a, const sy_ops_chunk *b,
    int64_t step, uint8_t *out) {
    uint32_t relation = job->relation;
    switch (sy_ops_form(job->dtype)) {
    case SY_OPS_F32:
        for (int64_t i = 0; i < count; i++)
            out[i * step] = holds(relation, a->f32[i] < b->f32[i], a->f32[i] == b->f32[i]);
        break;
    case SY_OPS_F64:
        for (int64_t i = 0; i < count; i++)
            out[i * step] = holds(relation, a->f64[i] < b->f64[i], a->f64[i] == b->f64[i]);
        break;
    case SY_OPS_S64:
        for (int64_t i = 0; i < count; i++)
            out[i * step] = holds(relation, a->s64[i] < b->s64[i], a->s64[i] == b->s64[i]);
        break;
    default:
        for (int64_t i = 0; i < count; i++)
            out[i * step] = holds(relation, a->u64[i] < b->u64[i], a->u64[i] == b->u64[i]);
    }
}

static void compare_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const compare_job *job = arg;
    sy_ops_chunk a, b;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load(job->dtype, job->a, offset[1] + i * step[1], step[1], few, &a);
        sy_ops_load(job->dtype, job->b, offset[2] + i * step[2], step[2], few, &b);
        test_chunk(job, few, &a, &b, step[0], job->out + offset[0] + i * step[0]);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const compare_kind *kind = kind_of(call);
    const sy_net_tensor *a = &call->in[kind->is_swapped ? 1 : 0], *b = &call->in[kind->is_swapped ? 0 : 1];
    const sy_net_tensor *tensor[] = {&call->out[0], a, b};
    compare_job job = {kind->relation, a->dtype, a->data, b->data, call->out[0].data};
    sy_ops_walk walk;
    sy_ops_walk_make(&walk, tensor, 3);
    sy_ops_walk_run(&walk, call->team, 6, compare_piece, &job);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Equal", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"Less", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"LessOrEqual", "", 12, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"Greater", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"GreaterOrEqual", "", 12, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_compare = {row, sizeof row / sizeof row[0]};
