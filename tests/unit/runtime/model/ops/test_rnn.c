/* LSTM, GRU and RNN: steps by hand, directions, lengths, layouts, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

static const char *const linear[] = {"Affine", "Affine", "Affine", "Affine", "Affine", "Affine"};

/* A layer of one input and one hidden value whose functions do nothing. */
static void open_layer(
    one_op *op, const char *name, int gates, const char *direction, one_list x, one_list w, one_list r) {
    int directions = direction[0] == 'b' ? 2 : 1;
    one_op_open(op, name, 14);
    one_op_in(op, SY_F32, NUMBERS((double)x.count, 1, 1), x);
    one_op_in(op, SY_F32, NUMBERS(directions, gates, 1), w);
    one_op_in(op, SY_F32, NUMBERS(directions, gates, 1), r);
    one_op_int(op, "hidden_size", 1);
    one_op_text(op, "direction", direction);
    one_op_texts(op, "activations", linear, (size_t)directions * (gates == 4 ? 3 : gates == 3 ? 2 : 1));
    op->n_out = gates == 4 ? 3 : 2;
}

static void a_plain_layer_remembers(void **state) {
    (void)state;
    const struct {
        const char *direction;
        one_list y, last;
    } rows[] = {
        {"forward", NUMBERS(1, 12, 123), NUMBERS(123)},
        {"reverse", NUMBERS(321, 32, 3), NUMBERS(321)},
        {"bidirectional", NUMBERS(1, 321, 12, 32, 123, 3), NUMBERS(123, 321)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one_op op;
        open_layer(&op, "RNN", 1, rows[i].direction, NUMBERS(1, 2, 3), NUMBERS(1), NUMBERS(10));
        one_op_run(&op);
        one_op_shape(&op, 0, NUMBERS(3, i == 2 ? 2 : 1, 1, 1));
        one_op_expect(&op, 0, rows[i].y, 0);
        one_op_expect(&op, 1, rows[i].last, 0);
        one_op_close(&op);
    }
}

/* Biases of both products, an initial state, and clipping before the function. */
static void biases_states_and_clipping(void **state) {
    (void)state;
    one_op op;
    open_layer(&op, "RNN", 1, "forward", NUMBERS(1, 2, 3), NUMBERS(1), NUMBERS(10));
    one_op_in(&op, SY_F32, NUMBERS(1, 2), NUMBERS(0.25, 0.5));
    one_op_skip(&op);
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 1), NUMBERS(-1));
    one_op_float(&op, "clip", 20);
    one_op_floats(&op, "activation_alpha", NUMBERS(0.5));
    one_op_floats(&op, "activation_beta", NUMBERS(1));
    one_op_run(&op);
    /* -10 + 1.75 = -8.25 gives -3.125; -31.25 + 2.75 is clipped to -20 and gives -9; -86.25 the same. */
    one_op_expect(&op, 0, NUMBERS(-3.125, -9, -9), 0);
    one_op_close(&op);
}

/* Two sequences, of two steps and of one, in either layout. */
static void sequences_end_where_their_lengths_say(void **state) {
    (void)state;
    for (int batch_first = 0; batch_first < 2; batch_first++) {
        one_op op;
        open_layer(&op, "RNN", 1, "bidirectional", NUMBERS(1), NUMBERS(1), NUMBERS(10));
        op.in[0].data = NULL;
        op.n_in = 0;
        one_op_in(&op, SY_F32, NUMBERS(2, 2, 1), batch_first ? NUMBERS(1, 2, 7, 9) : NUMBERS(1, 7, 2, 9));
        op.n_in = 3;
        one_op_skip(&op);
        one_op_in(&op, SY_S32, NUMBERS(2), NUMBERS(2, 1));
        one_op_in(&op, SY_F32, NUMBERS(2, 2, 1), NUMBERS(0));
        one_op_int(&op, "layout", batch_first);
        one_op_run(&op);
        /* [step][direction][sequence], [sequence][step][direction]. */
        one_op_expect(
            &op, 0, batch_first ? NUMBERS(1, 21, 12, 2, 7, 7, 0, 0) : NUMBERS(1, 7, 21, 7, 12, 0, 2, 0), 0);
        one_op_expect(&op, 1, batch_first ? NUMBERS(12, 21, 7, 7) : NUMBERS(12, 7, 21, 7), 0);
        ((int32_t *)op.in[4].data)[1] = 3;
        one_op_refused(&op, SY_INVALID_ARGUMENT, "sequence_lens (input 4) has 3, must be 0 to 2");
        ((int32_t *)op.in[4].data)[1] = -1;
        one_op_refused(&op, SY_INVALID_ARGUMENT, "has -1");
        one_op_close(&op);
    }
}

/* Gates z r h: h' = (1 - z) g + z h, with g = xh + (r h) Rh, or xh + r (h Rh + b). */
static void a_gru_resets_before_or_after_the_product(void **state) {
    (void)state;
    for (int after = 0; after < 2; after++) {
        one_op op;
        open_layer(&op, "GRU", 3, "forward", NUMBERS(1), NUMBERS(0.25, 2, 3), NUMBERS(0, 0, 10));
        one_op_in(&op, SY_F32, NUMBERS(1, 6), NUMBERS(0, 0, 0, 0, 0, 100));
        one_op_skip(&op);
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 1), NUMBERS(4));
        one_op_int(&op, "linear_before_reset", after);
        one_op_run(&op);
        /* before: 3 + 8 * 10 + 100 = 183; after: 3 + 2 * (40 + 100) = 283. */
        one_op_expect(&op, 0, after ? NUMBERS(0.75 * 283 + 1) : NUMBERS(0.75 * 183 + 1), 0);
        one_op_expect(&op, 1, after ? NUMBERS(0.75 * 283 + 1) : NUMBERS(0.75 * 183 + 1), 0);
        one_op_close(&op);
    }
}

static void open_lstm(one_op *op) {
    open_layer(op, "LSTM", 4, "forward", NUMBERS(1), NUMBERS(2, 3, 5, 7), NUMBERS(0));
    one_op_skip(op);
    one_op_skip(op);
    one_op_in(op, SY_F32, NUMBERS(1, 1, 1), NUMBERS(1));
    one_op_in(op, SY_F32, NUMBERS(1, 1, 1), NUMBERS(11));
}

/* Gates i o f c: c' = f c + i g, h' = o h(c'); peepholes in the order i o f. */
static void an_lstm_keeps_a_cell(void **state) {
    (void)state;
    one_op op;
    open_lstm(&op);
    one_op_run(&op);
    one_op_expect(&op, 2, NUMBERS(5 * 11 + 2 * 7), 0);
    one_op_expect(&op, 0, NUMBERS(3 * 69), 0);
    one_op_in(&op, SY_F32, NUMBERS(1, 3), NUMBERS(1, 10, 100));
    one_op_run(&op);
    one_op_expect(&op, 2, NUMBERS(1105 * 11 + 13 * 7), 0);
    one_op_expect(&op, 1, NUMBERS((3 + 10 * 12246.0) * 12246), 1e-7);
    op.n_in--;
    one_op_int(&op, "input_forget", 1);
    one_op_run(&op);
    one_op_expect(&op, 2, NUMBERS((1 - 2) * 11 + 2 * 7), 0);
    one_op_close(&op);
}

/* Each function at one value, by its standard parameters. */
static void functions_by_name(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double x, y;
    } rows[] = {
        {"relu", -0.5, 0},
        {"Relu", 0.5, 0.5},
        {"Tanh", 0.5, 0.46211715726000979},
        {"SIGMOID", 0.5, 0.62245933120185459},
        {"Affine", 0.5, 0.5},
        {"LeakyRelu", -0.5, -0.005},
        {"ThresholdedRelu", 1, 0},
        {"ThresholdedRelu", 1.5, 1.5},
        {"ScaledTanh", 0.5, 0.46211715726000979},
        {"HardSigmoid", 0.5, 0.6},
        {"HardSigmoid", -3, 0},
        {"HardSigmoid", 3, 1},
        {"Elu", -0.5, -0.39346934028736658},
        {"Softsign", -3, -0.75},
        {"Softplus", 0.5, 0.97407698418010669},
        {"Softplus", -100, 0},
        {"Softplus", 100, 100},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one_op op;
        open_layer(&op, "RNN", 1, "forward", NUMBERS(rows[i].x), NUMBERS(1), NUMBERS(0));
        op.attr[2].text = &rows[i].name;
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(rows[i].y), 1e-6);
        one_op_close(&op);
    }
}

/* Wide enough for tiles and vectors: the same as one sequence at a time with the weights' rows in another
 * order. */
static void a_wide_layer_is_the_sum_of_its_parts(void **state) {
    (void)state;
    double x[6] = {1, -1, 2, 0, 1, -2};
    one_op op;
    one_op_open(&op, "RNN", 14);
    one_op_in(&op, SY_F32, NUMBERS(2, 3, 1), (one_list){x, 6});
    one_op_in(&op, SY_F32, NUMBERS(1, 37, 1), NUMBERS(0.5));
    one_op_in(&op, SY_F32, NUMBERS(1, 37, 37), NUMBERS(0.25));
    one_op_texts(&op, "activations", linear, 1);
    one_op_run(&op);
    for (int b = 0; b < 3; b++)
        for (int i = 0; i < 37; i++) {
            const float *y = op.out[0].data;
            assert_true((double)y[b * 37 + i] == 0.5 * x[b]);
            assert_true((double)y[(3 + b) * 37 + i] == 0.5 * x[3 + b] + 37 * 0.25 * 0.5 * x[b]);
        }
    one_op_close(&op);
}

static void no_steps_give_the_initial_state(void **state) {
    (void)state;
    one_op op;
    open_lstm(&op);
    op.in[0].dim[0] = 0;
    one_op_run(&op);
    one_op_shape(&op, 0, NUMBERS(0, 1, 1, 1));
    one_op_expect(&op, 1, NUMBERS(1), 0);
    one_op_expect(&op, 2, NUMBERS(11), 0);
    one_op_close(&op);
}

static void attributes_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const char *const unknown[] = {"Gauss"};
    one_op op;
    open_layer(&op, "RNN", 1, "forward", NUMBERS(1), NUMBERS(1), NUMBERS(1));
    op.attr[2].text = unknown;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "'Gauss' in attribute activations is not known");
    op.attr[2].count = 0;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "must be a list of 1 names");
    op.n_attr = 2;
    one_op_float(&op, "clip", -1);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "clip is negative");
    op.n_attr = 0;
    one_op_int(&op, "hidden_size", 2);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "hidden_size is 2, R (input 2) has 1");
    op.n_attr = 0;
    one_op_text(&op, "direction", "sideways");
    one_op_refused(&op, SY_INVALID_ARGUMENT, "direction is 'sideways'");
    one_op_close(&op);
}

static void inputs_that_do_not_fit_are_refused(void **state) {
    (void)state;
    one_op op;
    open_lstm(&op);
    op.in[5].dim[1] = 2;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 5 is f32[1,2,1], must be f32[1,1,1]");
    op.in[1].dim[1] = 3;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 1 is f32[1,3,1], must be f32[1,4,1]");
    op.in[1].dim[1] = 4;
    op.in[1].dtype = SY_F16;
    one_op_refused(&op, SY_UNSUPPORTED, "input 1 is f16, must be f32");
    op.in[0].dtype = SY_F16;
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is f16, must be f32");
    op.in[0].dtype = SY_F32;
    op.in[0].rank = 2;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 0 is of rank 2");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_layer_remembers),
        cmocka_unit_test(biases_states_and_clipping),
        cmocka_unit_test(sequences_end_where_their_lengths_say),
        cmocka_unit_test(a_gru_resets_before_or_after_the_product),
        cmocka_unit_test(an_lstm_keeps_a_cell),
        cmocka_unit_test(functions_by_name),
        cmocka_unit_test(a_wide_layer_is_the_sum_of_its_parts),
        cmocka_unit_test(no_steps_give_the_initial_state),
        cmocka_unit_test(attributes_that_cannot_be_are_refused),
        cmocka_unit_test(inputs_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
