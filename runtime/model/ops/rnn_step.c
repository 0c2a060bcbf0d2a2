/* Single steps of recurrent layers. Gates lie in the order of ONNX: LSTM i o f c, GRU z r h. */
#include <string.h>

#include "kernels/nn/nn_dot.h"
#include "runtime/model/ops/rnn.h"

typedef struct times_job {
    nn_dot_fn dot;
    const float *matrix, *x;
    float *out;
    int64_t depth;
} times_job;

static void run_times(void *arg, int64_t begin, int64_t end) {
    const times_job *job = arg;
    job->dot(job->matrix + begin * job->depth, end - begin, job->depth, job->x, job->out + begin);
}

void sy_net_rnn_times(
    const sy_team *team, const float *matrix, int64_t rows, int64_t depth, const float *x, float *out) {
    times_job job = {nn_dot_find(team != NULL ? team->isa : 0), matrix, x, out, depth};
    sy_team_for(team, rows, depth, run_times, &job);
}

static void add(float *to, const float *from, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        to[i] += from[i];
}

static void add_product(float *to, const float *a, const float *b, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        to[i] += a[i] * b[i];
}

/* Clipped, then through a function. */
static void apply(const sy_net_rnn_cell *cell, int function, float *x, int64_t count) {
    const sy_net_rnn_function *f = &cell->function[function];
    float clip = cell->state->clip;
    for (int64_t i = 0; clip > 0.0f && i < count; i++)
        x[i] = x[i] < -clip ? -clip : x[i] > clip ? clip : x[i];
    sy_net_rnn_apply(cell->nn, f, x, count);
}

/* Gates first .. first + count - 1 of X W^T + x R^T and both biases. */
static void sum_gates(
    const sy_net_rnn_cell *cell, const float *xw, const float *x, int64_t first, int64_t count) {
    int64_t hidden = cell->state->hidden, all = cell->state->gates * hidden;
    float *gate = cell->gate + first * hidden;
    sy_net_rnn_times(cell->call->team, cell->r + first * hidden * hidden, count * hidden, hidden, x, gate);
    add(gate, xw + first * hidden, count * hidden);
    if (cell->bias == NULL)
        return;
    add(gate, cell->bias + first * hidden, count * hidden);
    add(gate, cell->bias + all + first * hidden, count * hidden);
}

void sy_net_rnn_step_plain(const sy_net_rnn_cell *cell, const float *xw) {
    int64_t hidden = cell->state->hidden;
    sum_gates(cell, xw, cell->h, 0, 1);
    apply(cell, 0, cell->gate, hidden);
    memcpy(cell->h, cell->gate, (size_t)hidden * sizeof(float));
}

/* The candidate of a GRU where the reset gate meets the product: g(xw + r (h R^T + bias of R) + bias of W).
 */
static void reset_after(const sy_net_rnn_cell *cell, const float *xw) {
    int64_t hidden = cell->state->hidden, all = 3 * hidden;
    float *r = cell->gate + hidden, *candidate = cell->gate + 2 * hidden;
    sy_net_rnn_times(cell->call->team, cell->r + 2 * hidden * hidden, hidden, hidden, cell->h, cell->line);
    if (cell->bias != NULL)
        add(cell->line, cell->bias + all + 2 * hidden, hidden);
    memcpy(candidate, xw + 2 * hidden, (size_t)hidden * sizeof(float));
    if (cell->bias != NULL)
        add(candidate, cell->bias + 2 * hidden, hidden);
    add_product(candidate, r, cell->line, hidden);
}

void sy_net_rnn_step_gru(const sy_net_rnn_cell *cell, const float *xw) {
    int64_t hidden = cell->state->hidden;
    float *z = cell->gate, *r = z + hidden, *candidate = r + hidden;
    sum_gates(cell, xw, cell->h, 0, 2);
    apply(cell, 0, z, 2 * hidden);
    if (cell->state->linear_before_reset) {
        reset_after(cell, xw);
    } else {
        for (int64_t i = 0; i < hidden; i++)
            cell->line[i] = r[i] * cell->h[i];
        sum_gates(cell, xw, cell->line, 2, 1);
    }
    apply(cell, 1, candidate, hidden);
    for (int64_t i = 0; i < hidden; i++)
        cell->h[i] = (1.0f - z[i]) * candidate[i] + z[i] * cell->h[i];
}

void sy_net_rnn_step_lstm(const sy_net_rnn_cell *cell, const float *xw) {
    int64_t hidden = cell->state->hidden;
    float *in = cell->gate, *out = in + hidden, *forget = out + hidden, *candidate = forget + hidden;
    sum_gates(cell, xw, cell->h, 0, 4);
    if (cell->peephole != NULL) {
        add_product(in, cell->peephole, cell->c, hidden);
        add_product(forget, cell->peephole + 2 * hidden, cell->c, hidden);
    }
    apply(cell, 0, in, hidden);
    apply(cell, 0, forget, hidden);
    apply(cell, 1, candidate, hidden);
    for (int64_t i = 0; cell->state->input_forget && i < hidden; i++)
        forget[i] = 1.0f - in[i];
    for (int64_t i = 0; i < hidden; i++)
        cell->line[i] = cell->c[i] = forget[i] * cell->c[i] + in[i] * candidate[i];
    if (cell->peephole != NULL)
        add_product(out, cell->peephole + hidden, cell->c, hidden);
    apply(cell, 0, out, hidden);
    apply(cell, 2, cell->line, hidden);
    for (int64_t i = 0; i < hidden; i++)
        cell->h[i] = out[i] * cell->line[i];
}
