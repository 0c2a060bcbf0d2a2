/* Recurrent layers: what LSTM, GRU and RNN share. f32. */
#ifndef RUNTIME_MODEL_OPS_RNN_H
#define RUNTIME_MODEL_OPS_RNN_H

#include "kernels/nn/nn.h"
#include "runtime/model/ops/op.h"

/** Functions at gates: SY_NN_* of kernels/nn/nn.h, or one of these, with parameters. */
enum { SY_NET_RNN_THRESHOLDED = 1000, SY_NET_RNN_SCALED_TANH };
typedef struct sy_net_rnn_function {
    uint32_t kind;
    float a, b;
} sy_net_rnn_function;

/** A function of `count` values in place. */
void sy_net_rnn_apply(const sy_nn *nn, const sy_net_rnn_function *function, float *x, int64_t count);

/** Which layer, with the number of its gates. */
enum { SY_NET_RNN_PLAIN = 1, SY_NET_RNN_GRU = 3, SY_NET_RNN_LSTM = 4 };

/** Functions of one direction at most, directions. */
enum { SY_NET_RNN_FUNCTIONS = 3, SY_NET_RNN_DIRECTIONS = 2 };

/**
 * What infer() makes. steps, batch, inputs: extents of X; hidden: of H.
 * is_reverse: a single direction goes backwards; batch_first: attribute layout. clip: 0 is none.
 */
typedef struct sy_net_rnn_state {
    int gates;
    int64_t steps, batch, inputs, hidden, directions;
    bool is_reverse, batch_first, input_forget, linear_before_reset;
    float clip;
    sy_net_rnn_function function[SY_NET_RNN_DIRECTIONS][SY_NET_RNN_FUNCTIONS];
} sy_net_rnn_state;

/** The functions named by attribute activations with activation_alpha and _beta, `count` a direction; without
 * it, `standard`. SY_INVALID_ARGUMENT: a count or a name. */
sy_status sy_net_rnn_functions(const sy_net_call *call, const char *const *standard, uint32_t count,
    sy_net_rnn_state *state, sy_error *err);

/** State and shapes of a layer of `gates` gates. Errors as infer(). */
sy_status sy_net_rnn_infer(sy_net_call *call, int gates, sy_error *err);

/** Scratch of a run. */
size_t sy_net_rnn_scratch(const sy_net_call *call);

/** Sequence `b` in one direction while it runs. */
typedef struct sy_net_rnn_cell {
    const sy_net_call *call;
    const sy_net_rnn_state *state;
    const sy_net_rnn_function *function;
    const sy_nn *nn;
    const float *w, *r, *bias, *peephole; /* of the direction; bias, peephole: NULL if there is none */
    float *xw;                            /* X W^T, rows as X has them */
    float *gate, *line;                   /* gates x hidden, and hidden, values to work with */
    float *h, *c;                         /* of the sequence, updated */
} sy_net_rnn_cell;

/** One step of each layer: `xw` is the row of X W^T. */
void sy_net_rnn_step_plain(const sy_net_rnn_cell *cell, const float *xw);
void sy_net_rnn_step_gru(const sy_net_rnn_cell *cell, const float *xw);
void sy_net_rnn_step_lstm(const sy_net_rnn_cell *cell, const float *xw);

/** out[j] = sum over i of row j of `matrix` (rows x depth, packed) times x[i], split over the team. */
void sy_net_rnn_times(
    const sy_team *team, const float *matrix, int64_t rows, int64_t depth, const float *x, float *out);

#endif
