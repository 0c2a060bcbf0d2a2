/* Shapes and attributes of recurrent layers. */
#include <string.h>

#include "runtime/model/ops/check.h"
#include "runtime/model/ops/quant.h"
#include "runtime/model/ops/rnn.h"

static sy_status read_direction(const sy_net_call *call, sy_net_rnn_state *state, sy_error *err) {
    const char *text = sy_net_attr_text(call->node, "direction", "forward");
    state->directions = strcmp(text, "bidirectional") == 0 ? 2 : 1;
    state->is_reverse = strcmp(text, "reverse") == 0;
    if (state->directions == 1 && !state->is_reverse && strcmp(text, "forward") != 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "attribute direction is '%s', must be forward, reverse or bidirectional", text);
    return SY_OK;
}

static sy_status read_attributes(const sy_net_call *call, sy_net_rnn_state *state, sy_error *err) {
    static const char *const lstm[] = {"Sigmoid", "Tanh", "Tanh"}, *const gru[] = {"Sigmoid", "Tanh"},
                             *const plain[] = {"Tanh"};
    sy_status status = read_direction(call, state, err);
    if (status != SY_OK)
        return status;
    state->batch_first = sy_net_attr_int(call->node, "layout", 0) != 0;
    state->input_forget = sy_net_attr_int(call->node, "input_forget", 0) != 0;
    state->linear_before_reset = sy_net_attr_int(call->node, "linear_before_reset", 0) != 0;
    state->clip = sy_net_attr_float(call->node, "clip", 0.0f);
    if (state->clip < 0.0f)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "attribute clip is negative");
    if (state->gates == SY_NET_RNN_LSTM)
        return sy_net_rnn_functions(call, lstm, 3, state, err);
    if (state->gates == SY_NET_RNN_GRU)
        return sy_net_rnn_functions(call, gru, 2, state, err);
    return sy_net_rnn_functions(call, plain, 1, state, err);
}

/* Extents from X and R; all other inputs must agree. */
static sy_status read_extents(const sy_net_call *call, sy_net_rnn_state *state, sy_error *err) {
    const sy_net_tensor *x = &call->in[0], *r = &call->in[2];
    sy_status status = sy_net_check_rank(call, 0, 3, 3, err);
    if (status == SY_OK)
        status = sy_net_check_rank(call, 2, 3, 3, err);
    if (status != SY_OK)
        return status;
    state->steps = x->dim[state->batch_first ? 1 : 0];
    state->batch = x->dim[state->batch_first ? 0 : 1];
    state->inputs = x->dim[2];
    state->hidden = r->dim[2];
    int64_t given = sy_net_attr_int(call->node, "hidden_size", state->hidden);
    if (given != state->hidden || state->hidden < 1)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "attribute hidden_size is %lld, R (input 2) has %lld", (long long)given,
            (long long)state->hidden);
    return SY_OK;
}

static sy_status check_inputs(const sy_net_call *call, const sy_net_rnn_state *state, sy_error *err) {
    int64_t d = state->directions, rows = state->gates * state->hidden, h = state->hidden;
    int64_t first = state->batch_first ? state->batch : d, second = state->batch_first ? d : state->batch;
    const struct {
        uint32_t index, rank;
        int64_t dim[3];
    } wanted[] = {{1, 3, {d, rows, state->inputs}}, {2, 3, {d, rows, h}}, {3, 2, {d, 2 * rows}},
        {4, 1, {state->batch}}, {5, 3, {first, second, h}}, {6, 3, {first, second, h}}, {7, 2, {d, 3 * h}}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        sy_status status = sy_net_check_shape(call, wanted[i].index, wanted[i].rank, wanted[i].dim, err);
        if (status != SY_OK)
            return status;
        if (!sy_net_call_has(call, wanted[i].index))
            continue;
        uint32_t dtype = wanted[i].index == 4 ? SY_S32 : SY_F32, is = call->in[wanted[i].index].dtype;
        if (is != dtype)
            return sy_net_call_fail(call, SY_UNSUPPORTED, err, "input %u is %s, must be %s", wanted[i].index,
                sy_net_dtype_name(is), sy_net_dtype_name(dtype));
    }
    return SY_OK;
}

static void set_outputs(sy_net_call *call, const sy_net_rnn_state *state) {
    int64_t d = state->directions, t = state->steps, b = state->batch, h = state->hidden;
    const int64_t y[2][4] = {{t, d, b, h}, {b, t, d, h}}, last[2][3] = {{d, b, h}, {b, d, h}};
    for (uint32_t i = 0; i < call->n_out; i++) {
        sy_net_tensor *out = &call->out[i];
        if (call->node->out[i] == SY_NET_NONE)
            continue;
        out->dtype = SY_F32;
        out->rank = i == 0 ? 4 : 3;
        memcpy(out->dim, i == 0 ? y[state->batch_first] : last[state->batch_first],
            out->rank * sizeof out->dim[0]);
    }
}

sy_status sy_net_rnn_infer(sy_net_call *call, int gates, sy_error *err) {
    if (call->in[0].dtype != SY_F32)
        return sy_net_call_fail(
            call, SY_UNSUPPORTED, err, "input 0 is %s, must be f32", sy_net_dtype_name(call->in[0].dtype));
    sy_net_rnn_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    state->gates = gates;
    sy_status status = read_attributes(call, state, err);
    if (status == SY_OK)
        status = read_extents(call, state, err);
    if (status == SY_OK)
        status = check_inputs(call, state, err);
    int64_t bytes = 0; /* of scratch */
    if (status == SY_OK &&
        (__builtin_mul_overflow(state->steps * state->batch, state->gates * state->hidden, &bytes) ||
            bytes > SY_NET_TENSOR_BYTES_MAX / (int64_t)sizeof(float)))
        status = sy_net_call_fail(call, SY_OVERFLOW, err, "the layer is too large");
    if (status == SY_OK)
        set_outputs(call, state);
    return status;
}

size_t sy_net_rnn_scratch(const sy_net_call *call) {
    const sy_net_rnn_state *state = call->state;
    size_t row = (size_t)state->gates * (size_t)state->hidden, hidden = (size_t)state->hidden;
    size_t floats = (size_t)(state->steps * state->batch) * row + row + hidden;
    return sy_net_scratch_part((floats + 2 * (size_t)state->batch * hidden) * sizeof(float));
}
