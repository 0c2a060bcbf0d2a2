/* The order of nodes after rewriting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/order.h"
#include "tests/support/net.h"

static sy_status order(test_net *net, sy_error *err) {
    sy_net_arena scratch = {0};
    sy_status status = sy_net_order(&net->graph, &scratch, err);
    sy_net_arena_release(&scratch);
    return status;
}

static void swap_nodes(test_net *net, uint32_t a, uint32_t b) {
    sy_net_node node = net->graph.node[a];
    net->graph.node[a] = net->graph.node[b];
    net->graph.node[b] = node;
}

static void what_is_made_late_comes_first(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2)), a = net_node(&net, "Relu", LIST(x)),
             b = net_node(&net, "Exp", LIST(x));
    net_output(&net, net_node(&net, "Add", LIST(a, b)));
    swap_nodes(&net, 0, 2);
    assert_int_equal(order(&net, NULL), SY_OK);
    net_assert_ordered(&net);
    assert_int_equal(net_count(&net, NULL), 3);
    net_close(&net);
}

static void order_that_is_right_stays(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2)), a = net_node(&net, "Relu", LIST(x));
    net_output(&net, net_node(&net, "Exp", LIST(x)));
    net_output(&net, net_node(&net, "Neg", LIST(a)));
    net.graph.node[1].op = NULL;
    net.graph.n_output = 1;
    assert_int_equal(order(&net, NULL), SY_OK);
    assert_int_equal(net_count(&net, NULL), 2);
    assert_string_equal(net.graph.node[0].op->name, "Relu");
    assert_string_equal(net.graph.node[1].op->name, "Neg");
    net_close(&net);
}

static void long_chains_need_no_stack(void **state) {
    (void)state;
    enum { LENGTH = 100000 };
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1));
    for (int i = 0; i < LENGTH; i++)
        x = net_node(&net, "Neg", LIST(x));
    for (uint32_t i = 0; i < LENGTH / 2; i++)
        swap_nodes(&net, i, LENGTH - 1 - i);
    assert_int_equal(order(&net, NULL), SY_OK);
    net_assert_ordered(&net);
    net_close(&net);
}

static void a_cycle_is_told(void **state) {
    (void)state;
    test_net net;
    sy_error err = SY_ERROR_INIT;
    net_open(&net);
    uint32_t a = net_node(&net, "Relu", LIST(net_input(&net, LIST(2)))), b = net_node(&net, "Exp", LIST(a));
    net.graph.node[0].in[0] = b;
    assert_int_equal(order(&net, &err), SY_INTERNAL);
    assert_int_not_equal(err.text[0], 0);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_late_comes_first),
        cmocka_unit_test(order_that_is_right_stays),
        cmocka_unit_test(long_chains_need_no_stack),
        cmocka_unit_test(a_cycle_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
