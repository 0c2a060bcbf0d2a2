/* IsNaN and IsInf. */
#include <math.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

/* What makes the output true. */
typedef struct special_state {
    bool is_nan, is_above, is_below;
} special_state;

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS | SY_OPS_F8, err);
    special_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->is_nan = call->node->op->name[2] == 'N';
    state->is_above = !state->is_nan && sy_net_attr_int(call->node, "detect_positive", 1) != 0;
    state->is_below = !state->is_nan && sy_net_attr_int(call->node, "detect_negative", 1) != 0;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    call->out[0].dtype = SY_BOOL;
    return SY_OK;
}

typedef struct special_job {
    const special_state *state;
    const void *in;
    uint8_t *out;
    uint32_t dtype;
} special_job;

static void test_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const special_job *job = arg;
    double value[SY_OPS_CHUNK];
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load_f64(job->dtype, job->in, offset[1] + i * step[1], step[1], few, value);
        for (int64_t j = 0; j < few; j++) {
            double x = value[j];
            bool is_inf = isinf(x) && (x > 0 ? job->state->is_above : job->state->is_below);
            job->out[offset[0] + (i + j) * step[0]] = is_inf || (job->state->is_nan && isnan(x));
        }
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    sy_ops_walk walk;
    special_job job = {call->state, call->in[0].data, call->out[0].data, call->in[0].dtype};
    sy_ops_walk_call(&walk, call, 1);
    sy_ops_walk_run(&walk, call->team, 4, test_piece, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"IsNaN", "", 9, 0, SY_NET_OP_ELEMENTWISE | SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer, NULL, run},
    {"IsInf", "", 10, 0, SY_NET_OP_ELEMENTWISE | SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_special = {row, sizeof row / sizeof row[0]};
