/* LSTM, GRU and RNN: sequences in one or two directions. */
#include "runtime/model/ops/rnn.h"

#include <string.h>

#include "kernels/nn/nn_dot.h"
#include "runtime/model/ops/families.h"

static sy_status infer_plain(sy_net_call *call, sy_error *err) {
    return sy_net_rnn_infer(call, SY_NET_RNN_PLAIN, err);
}

static sy_status infer_gru(sy_net_call *call, sy_error *err) {
    return sy_net_rnn_infer(call, SY_NET_RNN_GRU, err);
}

static sy_status infer_lstm(sy_net_call *call, sy_error *err) {
    return sy_net_rnn_infer(call, SY_NET_RNN_LSTM, err);
}

/* Rows of weights that stay in the cache while all rows of X meet them. */
enum { BLOCK = 64 };

typedef struct inputs_job {
    const sy_net_rnn_cell *cell;
    nn_dot_fn dot;
    int64_t rows; /* of X */
} inputs_job;

/* Item `index`: a block of W's rows, a row of X. */
static void run_inputs(void *arg, int64_t begin, int64_t end) {
    const inputs_job *job = arg;
    const sy_net_rnn_state *state = job->cell->state;
    int64_t all = state->gates * state->hidden, depth = state->inputs;
    for (int64_t index = begin; index < end; index++) {
        int64_t first = index / job->rows * BLOCK, row = index % job->rows;
        const float *x = (const float *)job->cell->call->in[0].data + row * depth;
        job->dot(job->cell->w + first * depth, all - first < BLOCK ? all - first : BLOCK, depth, x,
            job->cell->xw + row * all + first);
    }
}

/* X W^T of all steps and sequences. */
static void multiply_inputs(const sy_net_rnn_cell *cell) {
    const sy_net_rnn_state *state = cell->state;
    const sy_team *team = cell->call->team;
    inputs_job job = {cell, nn_dot_find(team != NULL ? team->isa : 0), state->steps * state->batch};
    int64_t blocks = (state->gates * state->hidden + BLOCK - 1) / BLOCK;
    sy_team_for(team, blocks * job.rows, BLOCK * state->inputs, run_inputs, &job);
}

static float *out_data(const sy_net_call *call, uint32_t index) {
    return index < call->n_out ? call->out[index].data : NULL;
}

/* Where the state of a sequence lies in initial_h, Y_h and their like. */
static int64_t state_at(const sy_net_rnn_state *state, int64_t direction, int64_t b) {
    int64_t row = state->batch_first ? b * state->directions + direction : direction * state->batch + b;
    return row * state->hidden;
}

static int64_t y_at(const sy_net_rnn_state *state, int64_t t, int64_t direction, int64_t b) {
    int64_t row = state->batch_first ? (b * state->steps + t) * state->directions + direction
                                     : (t * state->directions + direction) * state->batch + b;
    return row * state->hidden;
}

/* A state from an input, or zeros. */
static void begin_state(const sy_net_rnn_cell *cell, uint32_t index, int64_t at, float *to) {
    size_t bytes = (size_t)cell->state->hidden * sizeof(float);
    if (sy_net_call_has(cell->call, index))
        memcpy(to, (const float *)cell->call->in[index].data + at, bytes);
    else
        memset(to, 0, bytes);
}

static void put(float *out, int64_t at, const float *from, int64_t count) {
    if (out == NULL)
        return;
    if (from != NULL)
        memcpy(out + at, from, (size_t)count * sizeof(float));
    else
        memset(out + at, 0, (size_t)count * sizeof(float));
}

/* One sequence in one direction. */
static void run_sequence(sy_net_rnn_cell *cell, int64_t direction, int64_t b, int64_t length) {
    const sy_net_rnn_state *state = cell->state;
    const sy_net_call *call = cell->call;
    bool is_reverse = state->is_reverse || direction == 1;
    int64_t hidden = state->hidden, at = state_at(state, direction, b);
    begin_state(cell, 5, at, cell->h);
    if (state->gates == SY_NET_RNN_LSTM)
        begin_state(cell, 6, at, cell->c);
    for (int64_t s = 0; s < length; s++) {
        int64_t t = is_reverse ? length - 1 - s : s;
        int64_t row = state->batch_first ? b * state->steps + t : t * state->batch + b;
        const float *xw = cell->xw + row * state->gates * hidden;
        if (state->gates == SY_NET_RNN_LSTM)
            sy_net_rnn_step_lstm(cell, xw);
        else if (state->gates == SY_NET_RNN_GRU)
            sy_net_rnn_step_gru(cell, xw);
        else
            sy_net_rnn_step_plain(cell, xw);
        put(out_data(call, 0), y_at(state, t, direction, b), cell->h, hidden);
    }
    for (int64_t t = length; t < state->steps; t++)
        put(out_data(call, 0), y_at(state, t, direction, b), NULL, hidden);
    put(out_data(call, 1), at, cell->h, hidden);
    if (state->gates == SY_NET_RNN_LSTM)
        put(out_data(call, 2), at, cell->c, hidden);
}

static sy_status check_lengths(const sy_net_call *call, const sy_net_rnn_state *state, sy_error *err) {
    for (int64_t b = 0; sy_net_call_has(call, 4) && b < state->batch; b++) {
        int64_t length = ((const int32_t *)call->in[4].data)[b];
        if (length < 0 || length > state->steps)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "sequence_lens (input 4) has %lld, must be 0 to %lld", (long long)length,
                (long long)state->steps);
    }
    return SY_OK;
}

/* Input `index` of one direction, `count` elements each; NULL if it is absent. */
static const float *part_of(const sy_net_call *call, uint32_t index, int64_t direction, int64_t count) {
    return sy_net_call_has(call, index) ? (const float *)call->in[index].data + direction * count : NULL;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const sy_net_rnn_state *state = call->state;
    int64_t hidden = state->hidden, rows = state->gates * hidden;
    sy_net_rnn_cell cell = {.call = call, .state = state, .xw = call->scratch};
    cell.nn = sy_nn_find(call->team != NULL ? call->team->isa : 0);
    cell.gate = cell.xw + state->steps * state->batch * rows;
    cell.line = cell.gate + rows;
    cell.h = cell.line + hidden;
    cell.c = cell.h + hidden;
    sy_status status = check_lengths(call, state, err);
    for (int64_t d = 0; d < state->directions && status == SY_OK; d++) {
        cell.function = state->function[d];
        cell.w = part_of(call, 1, d, rows * state->inputs);
        cell.r = part_of(call, 2, d, rows * hidden);
        cell.bias = part_of(call, 3, d, 2 * rows);
        cell.peephole = state->gates == SY_NET_RNN_LSTM ? part_of(call, 7, d, 3 * hidden) : NULL;
        multiply_inputs(&cell);
        for (int64_t b = 0; b < state->batch; b++)
            run_sequence(&cell, d, b,
                sy_net_call_has(call, 4) ? ((const int32_t *)call->in[4].data)[b] : state->steps);
    }
    return status;
}

static const sy_net_op row[] = {
    {"RNN", "", 7, 0, 0, 3, 6, 0, 2, infer_plain, sy_net_rnn_scratch, run},
    {"GRU", "", 7, 0, 0, 3, 6, 0, 2, infer_gru, sy_net_rnn_scratch, run},
    {"LSTM", "", 7, 0, 0, 3, 8, 0, 3, infer_lstm, sy_net_rnn_scratch, run},
};
const sy_net_family sy_net_family_rnn = {row, sizeof row / sizeof row[0]};
