/* Nodes that change nothing go; those that look alike stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static void identities_go(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3)), y = net_node(&net, "Identity", LIST(x));
    y = net_node(&net, "Relu", LIST(net_node(&net, "Dropout", LIST(y))));
    y = net_node(&net, "Identity", LIST(net_node(&net, "Reshape", LIST(y, net_ints(&net, LIST(2, 3))))));
    net_output(&net, y);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_noop, 0), 4);
    assert_int_equal(net_count(&net, NULL), 1);
    assert_int_equal(net_find(&net, "Relu")->out[0], y); /* the output keeps its value */
    assert_int_equal(net.graph.output[0], y);
    net_close(&net);
}

static void an_identity_between_ports_stays(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2)), relu = net_node(&net, "Relu", LIST(x));
    net_output(&net, net_node(&net, "Identity", LIST(x)));
    net_output(&net, relu);
    net_output(&net, net_node(&net, "Identity", LIST(relu)));
    net_output(&net, net_node(&net, "Identity", LIST(net_number(&net, 3))));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_noop, 0), 0);
    assert_int_equal(net_count(&net, "Identity"), 3);
    net_close(&net);
}

static void an_output_is_read_inside_under_its_own_name(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_node(&net, "Relu", LIST(net_input(&net, LIST(2))));
    uint32_t y = net_node(&net, "Neg", LIST(x)), out = net_node(&net, "Identity", LIST(x));
    net_output(&net, out);
    net_output(&net, net_node(&net, "Add", LIST(y, x)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_noop, 0), 1);
    assert_int_equal(net_find(&net, "Neg")->in[0], out);
    assert_int_equal(net_find(&net, "Add")->in[1], out);
    net_close(&net);
}

static void neutral_elements_go(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 2)), zero = net_number(&net, 0), one = net_number(&net, 1);
    uint32_t y = net_node(&net, "Add", LIST(zero, x));
    y = net_node(&net, "Mul", LIST(y, net_random(&net, LIST(2), 1, 1)));
    y = net_node(&net, "Div", LIST(net_node(&net, "Sub", LIST(y, zero)), one));
    net_output(&net, net_node(&net, "Relu", LIST(y)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_noop, 0), 4);
    assert_int_equal(net_count(&net, NULL), 1);
    net_close(&net);
}

static void near_misses_stay(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 2)), zero = net_number(&net, 0), one = net_number(&net, 1);
    uint32_t minus = net_node(&net, "Sub", LIST(zero, x)), inverse = net_node(&net, "Div", LIST(one, x));
    uint32_t wide = net_node(&net, "Add", LIST(x, net_random(&net, LIST(3, 2, 2), 0, 0)));
    const sy_net_attr turn = net_attr_ints(&net, "perm", LIST(1, 0)),
                      stay = net_attr_ints(&net, "perm", LIST(0, 1));
    uint32_t turned = net_node_with(&net, "Transpose", LIST(x), &turn, 1);
    uint32_t still = net_node_with(&net, "Transpose", LIST(turned), &stay, 1);
    uint32_t shaped = net_node(&net, "Reshape", LIST(still, net_ints(&net, LIST(4))));
    net_output(&net, net_node(&net, "Add", LIST(minus, inverse)));
    net_output(&net, net_node(&net, "Relu", LIST(wide)));
    net_output(&net, net_node(&net, "Relu", LIST(shaped)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_noop, 0), 1);
    assert_int_equal(net_count(&net, "Transpose"), 1);
    assert_int_equal(net_count(&net, "Reshape"), 1);
    net_close(&net);
}

static void slices_and_pads_of_all_go(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(3, 4)), first = net_ints(&net, LIST(0)), far = net_ints(&net, LIST(99));
    uint32_t y = net_node(&net, "Slice", LIST(x, first, far, net_ints(&net, LIST(1))));
    uint32_t back = net_node(&net, "Slice",
        LIST(y, net_ints(&net, LIST(-1)), net_ints(&net, LIST(-99)), net_ints(&net, LIST(1)),
            net_ints(&net, LIST(-1))));
    uint32_t padded = net_node(&net, "Pad", LIST(back, net_ints(&net, LIST(0, 0, 0, 0))));
    padded = net_node(&net, "Pad", LIST(padded, net_ints(&net, LIST(0, 1, 0, -1))));
    net_output(&net, net_node(&net, "Relu", LIST(padded)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_noop, 0), 2);
    assert_int_equal(net_count(&net, "Slice"), 1);
    assert_int_equal(net_count(&net, "Pad"), 1);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identities_go),
        cmocka_unit_test(an_identity_between_ports_stays),
        cmocka_unit_test(an_output_is_read_inside_under_its_own_name),
        cmocka_unit_test(neutral_elements_go),
        cmocka_unit_test(near_misses_stay),
        cmocka_unit_test(slices_and_pads_of_all_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
