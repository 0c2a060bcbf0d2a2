/* Transposes and views that meet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t turn(test_net *net, uint32_t x, net_list perm) {
    const sy_net_attr attr = net_attr_ints(net, "perm", perm);
    return net_node_with(net, "Transpose", LIST(x), &attr, 1);
}

static uint32_t reshape(test_net *net, uint32_t x, net_list shape) {
    return net_node(net, "Reshape", LIST(x, net_ints(net, shape)));
}

static void two_are_one(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3, 4));
    net_output(&net, net_node(&net, "Relu", LIST(turn(&net, turn(&net, x, LIST(1, 2, 0)), LIST(2, 1, 0)))));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_transpose, 0), 1);
    assert_int_equal(net_count(&net, "Transpose"), 1);
    net_close(&net);
}

static void there_and_back_is_nothing(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3, 4));
    net_output(&net, net_node(&net, "Relu", LIST(turn(&net, turn(&net, x, LIST(1, 2, 0)), LIST(2, 0, 1)))));
    net_rewrite(&net, NULL, 0);
    assert_int_equal(net_count(&net, NULL), 1);
    net_close(&net);
}

static void extents_of_one_move_freely(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 1, 4));
    net_output(&net, turn(&net, x, LIST(1, 0, 2)));
    net_output(&net, turn(&net, x, LIST(0, 2, 1)));
    net_output(&net, turn(&net, x, LIST(2, 1, 0)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_transpose, 0), 2);
    assert_int_equal(net_count(&net, "Reshape"), 2);
    net_close(&net);
}

static void views_of_views_are_one(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_node(&net, "Exp", LIST(net_input(&net, LIST(2, 3, 4)))),
             flat = net_node(&net, "Flatten", LIST(x));
    uint32_t y = reshape(&net, net_node(&net, "Unsqueeze", LIST(flat, net_ints(&net, LIST(0)))), LIST(6, -1));
    net_output(&net, net_node(&net, "Exp", LIST(y)));
    net_rewrite(&net, NULL, 0);
    assert_int_equal(net_count(&net, "Reshape"), 1);
    assert_int_equal(net_count(&net, NULL), 3);
    net_close(&net);
}

static void elementwise_work_is_done_untransposed(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3, 4, 5)), y = net_input(&net, LIST(2, 3, 4, 5));
    uint32_t a = turn(&net, x, LIST(0, 2, 3, 1)),
             b = net_node(&net, "Relu", LIST(turn(&net, y, LIST(0, 2, 3, 1))));
    uint32_t sum = net_node(&net, "Add", LIST(a, b));
    sum = net_node(&net, "Mul", LIST(sum, net_random(&net, LIST(3), 1, 2))); /* along the channels */
    sum = net_node(&net, "Clip", LIST(sum, net_number(&net, -0.5), net_number(&net, 0.5)));
    net_output(&net, net_node(&net, "Exp", LIST(turn(&net, sum, LIST(0, 3, 1, 2)))));
    net_rewrite(&net, &sy_net_pass_transpose, 0);
    net_rewrite(&net, &sy_net_pass_noop, 0);
    assert_int_equal(net_count(&net, "Transpose"), 0);
    net_close(&net);
}

static void what_is_not_all_transposed_stays(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(4, 4)), y = net_input(&net, LIST(4, 4));
    uint32_t sum = net_node(&net, "Add", LIST(turn(&net, x, LIST(1, 0)), y));
    net_output(&net, net_node(&net, "Exp", LIST(turn(&net, sum, LIST(1, 0)))));
    uint32_t relu = net_node(&net, "Relu", LIST(turn(&net, x, LIST(1, 0)))); /* read twice */
    net_output(&net, net_node(&net, "Exp", LIST(turn(&net, relu, LIST(1, 0)))));
    net_output(&net, relu);
    uint32_t table = net_random(&net, LIST(4, 4), 0, 1);
    uint32_t scaled = net_node(&net, "Mul", LIST(turn(&net, x, LIST(1, 0)), table));
    net_output(&net, net_node(&net, "Exp", LIST(turn(&net, scaled, LIST(1, 0)))));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_transpose, 0), 0);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_are_one),
        cmocka_unit_test(there_and_back_is_nothing),
        cmocka_unit_test(extents_of_one_move_freely),
        cmocka_unit_test(views_of_views_are_one),
        cmocka_unit_test(elementwise_work_is_done_untransposed),
        cmocka_unit_test(what_is_not_all_transposed_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
