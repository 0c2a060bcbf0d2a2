/* Gelu written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t node(test_net *net, const char *op, uint32_t a, uint32_t b) {
    return net_node(net, op, LIST(a, b));
}

static uint32_t erf_gate(test_net *net, uint32_t x, bool is_div) {
    uint32_t scaled = is_div ? node(net, "Div", x, net_number(net, 1.4142135))
                             : node(net, "Mul", net_number(net, 0.70710678), x);
    return node(net, "Add", net_node(net, "Erf", LIST(scaled)), net_number(net, 1));
}

static uint32_t multiply_out(test_net *net, uint32_t x, uint32_t gate, int order) {
    uint32_t half = net_number(net, 0.5);
    if (order == 0)
        return node(net, "Mul", node(net, "Mul", x, gate), half);
    if (order == 1)
        return node(net, "Mul", node(net, "Mul", half, x), gate);
    return node(net, "Mul", x, node(net, "Mul", gate, half));
}

static const char *form_of(const test_net *net) {
    return sy_net_attr_text(net_find(net, "Gelu"), "approximate", "none");
}

static void every_order_is_known(void **state) {
    (void)state;
    for (int order = 0; order < 3; order++) {
        test_net net;
        net_open(&net);
        uint32_t x = net_input(&net, LIST(3, 5));
        net_output(&net, multiply_out(&net, x, erf_gate(&net, x, order != 1), order));
        assert_int_equal(net_rewrite(&net, &sy_net_pass_gelu, 1e-5), 1);
        assert_int_equal(net_count(&net, NULL), 1);
        assert_string_equal(form_of(&net), "none");
        net_close(&net);
    }
}

static uint32_t cube(test_net *net, uint32_t x, bool is_power) {
    return is_power ? node(net, "Pow", x, net_number(net, 3)) : node(net, "Mul", x, node(net, "Mul", x, x));
}

static void the_form_with_tanh_is_known(void **state) {
    (void)state;
    for (int order = 0; order < 3; order++) {
        test_net net;
        net_open(&net);
        uint32_t x = net_input(&net, LIST(3, 5));
        uint32_t inner = node(&net, "Mul", net_number(&net, 0.044715), cube(&net, x, order == 1));
        inner = order == 2 ? node(&net, "Add", inner, x) : node(&net, "Add", x, inner);
        uint32_t gate = net_node(&net, "Tanh", LIST(node(&net, "Mul", inner, net_number(&net, 0.79788456))));
        net_output(&net, multiply_out(&net, x, node(&net, "Add", net_number(&net, 1), gate), order));
        assert_int_equal(net_rewrite(&net, &sy_net_pass_gelu, 1e-5), 1);
        assert_int_equal(net_count(&net, NULL), 1);
        assert_string_equal(form_of(&net), "tanh");
        net_close(&net);
    }
}

static void near_misses_stay(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) {
        test_net net;
        net_open(&net);
        uint32_t x = net_input(&net, LIST(3, 5)), other = net_input(&net, LIST(3, 5));
        uint32_t scaled = node(&net, "Div", i == 0 ? other : x, net_number(&net, i == 1 ? 1.5 : 1.4142135));
        uint32_t gate = net_node(&net, i == 2 ? "Tanh" : "Erf", LIST(scaled));
        gate = node(&net, "Add", gate, net_number(&net, i == 3 ? 2 : 1));
        net_output(&net, multiply_out(&net, x, gate, 0));
        assert_int_equal(net_rewrite(&net, &sy_net_pass_gelu, 0), 0);
        net_close(&net);
    }
}

static void steps_that_others_read_stay_too(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(3, 5)), gate = erf_gate(&net, x, true);
    net_output(&net, multiply_out(&net, x, gate, 1));
    net_output(&net, gate);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_gelu, 1e-5), 1);
    assert_int_equal(net_count(&net, "Erf"), 1);
    assert_int_equal(net_count(&net, "Gelu"), 1);
    net_close(&net);
}

static void it_follows_a_product_in_place(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(3, 5)), w = net_random(&net, LIST(5, 4), -1, 1);
    uint32_t y = node(&net, "Add", node(&net, "MatMul", x, w), net_random(&net, LIST(4), -1, 1));
    net_output(&net, multiply_out(&net, y, erf_gate(&net, y, true), 0));
    net_rewrite(&net, NULL, 1e-5);
    assert_int_equal(net_count(&net, NULL), 1);
    assert_int_equal(net.graph.node[0].n_post, 2);
    assert_int_equal(net.graph.node[0].post[1].kind, SY_POST_GELU_ERF);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_is_known),
        cmocka_unit_test(the_form_with_tanh_is_known),
        cmocka_unit_test(near_misses_stay),
        cmocka_unit_test(steps_that_others_read_stay_too),
        cmocka_unit_test(it_follows_a_product_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
