/* What nobody reads goes, and what only it read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static void chains_go_at_once(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2)), y = net_node(&net, "Relu", LIST(x));
    uint32_t unread = net_node(&net, "Neg", LIST(net_node(&net, "Exp", LIST(y))));
    net_output(&net, net_node(&net, "Tanh", LIST(y)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_dead, 0), 2);
    assert_int_equal(net_count(&net, NULL), 2);
    assert_int_equal(net.graph.value[unread].producer, SY_NET_NONE);
    net_close(&net);
}

static void one_read_output_of_two_is_enough(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(4)), half = 0;
    net_node_of(
        &net, sy_net_op_find("", "Split", 13), LIST(x, net_ints(&net, LIST(1, 3))), NULL, 0, 2, &half);
    net_output(&net, half + 1);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_dead, 0), 0);
    assert_int_equal(net_count(&net, "Split"), 1);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_go_at_once),
        cmocka_unit_test(one_read_output_of_two_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
