/* FLOP and bytes of nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/model/ops/cost.h"
#include "tests/support/one_op.h"

/* The graph around one operator that has run: its inputs, then its outputs. */
static sy_net_graph graph_of(one_op *op, sy_net_value *value) {
    for (uint32_t i = 0; i < op->n_in; i++)
        value[i].tensor = op->in[i];
    for (uint32_t i = 0; i < op->n_out; i++) {
        value[op->n_in + i].tensor = op->out[i];
        op->index_out[i] = op->n_in + i;
    }
    return (sy_net_graph){.value = value, .n_value = op->n_in + op->n_out, .node = &op->node, .n_node = 1};
}

typedef struct cost_row {
    const char *name;
    uint32_t dtype;
    double x[4], w[4];
    size_t x_rank, w_rank;
    int64_t group;
    double flop;
    uint64_t bytes;
} cost_row;

static const cost_row costs[] = {
    {"Conv", SY_F32, {2, 4, 5, 5}, {6, 2, 3, 3}, 4, 4, 2, 2.0 * 2 * 6 * 3 * 3 * 2 * 3 * 3,
        4 * (200 + 108 + 108)},
    {"ConvInteger", SY_U8, {1, 4, 5}, {6, 4, 3}, 3, 3, 1, 2.0 * 6 * 3 * 4 * 3, 20 + 72 + 4 * 18},
    {"ConvTranspose", SY_F32, {2, 4, 5}, {4, 3, 2}, 3, 3, 1, 2.0 * 2 * 5 * 4 * 3 * 2, 4 * (40 + 24 + 36)},
    {"Gemm", SY_F32, {5, 7}, {7, 3}, 2, 2, 0, 2.0 * 5 * 7 * 3, 4 * (35 + 21 + 15)},
    {"MatMul", SY_F32, {4, 5, 7}, {7, 3}, 3, 2, 0, 2.0 * 4 * 5 * 7 * 3, 4 * (140 + 21 + 60)},
    {"Identity", SY_F32, {5, 7}, {1}, 2, 0, 0, 0, 4 * 35 * 2},
};

static void work_is_the_direct_count(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        const cost_row *row = &costs[i];
        sy_net_value value[8] = {0};
        one_op op;
        one_op_open(&op, row->name, 13);
        one_op_in(&op, row->dtype, (one_list){row->x, row->x_rank}, NO_NUMBERS);
        if (row->w_rank > 0)
            one_op_in(&op, row->dtype, (one_list){row->w, row->w_rank}, NO_NUMBERS);
        if (row->group > 0)
            one_op_int(&op, "group", row->group);
        one_op_run(&op);
        sy_net_graph graph = graph_of(&op, value);
        assert_true(sy_net_node_flop(&graph, &op.node) == row->flop);
        assert_int_equal(sy_net_node_bytes(&graph, &op.node), row->bytes);
        one_op_close(&op);
    }
}

static void a_recurrent_layer_is_its_products(void **state) {
    (void)state;
    sy_net_value value[8] = {0};
    one_op op;
    one_op_open(&op, "LSTM", 14);
    one_op_in(&op, SY_F32, NUMBERS(5, 2, 3), NO_NUMBERS);
    one_op_in(&op, SY_F32, NUMBERS(2, 16, 3), NO_NUMBERS);
    one_op_in(&op, SY_F32, NUMBERS(2, 16, 4), NO_NUMBERS);
    one_op_text(&op, "direction", "bidirectional");
    one_op_run(&op);
    sy_net_graph graph = graph_of(&op, value);
    assert_true(sy_net_node_flop(&graph, &op.node) == 2.0 * 5 * 2 * 2 * 16 * (3 + 4));
    one_op_close(&op);
}

/* Extents that are not known, inputs that are left out or outside: nothing is counted. */
static void what_is_not_known_counts_as_nothing(void **state) {
    (void)state;
    sy_net_value value[8] = {0};
    one_op op;
    one_op_open(&op, "MatMul", 13);
    one_op_in(&op, SY_F32, NUMBERS(2, 2), NO_NUMBERS);
    one_op_in(&op, SY_F32, NUMBERS(2, 2), NO_NUMBERS);
    one_op_run(&op);
    sy_net_graph graph = graph_of(&op, value);
    op.index_in[1] = 0; /* the same value twice is read once */
    assert_int_equal(sy_net_node_bytes(&graph, &op.node), 32);
    value[0].tensor.dim[0] = SY_NET_UNKNOWN;
    assert_true(sy_net_node_flop(&graph, &op.node) == 0);
    assert_int_equal(sy_net_node_bytes(&graph, &op.node), 16);
    op.index_in[0] = SY_NET_NONE;
    assert_true(sy_net_node_flop(&graph, &op.node) == 0);
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_the_direct_count),
        cmocka_unit_test(a_recurrent_layer_is_its_products),
        cmocka_unit_test(what_is_not_known_counts_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
