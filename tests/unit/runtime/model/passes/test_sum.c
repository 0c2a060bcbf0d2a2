/* Sums of one and two inputs become what other passes know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static void two_are_added(void **state) {
    (void)state;
    static const uint32_t opsets[] = {6, 8, 13}; /* in the first there is no Add of ours */
    for (size_t i = 0; i < sizeof opsets / sizeof opsets[0]; i++) {
        test_net net;
        net_open(&net);
        net.opset = opsets[i];
        uint32_t x = net_input(&net, LIST(2, 3)), y = net_input(&net, LIST(2, 3));
        net_output(&net, net_node(&net, "Sum", LIST(x, y)));
        assert_int_equal(net_rewrite(&net, &sy_net_pass_sum, 0), 1);
        assert_int_equal(net_count(&net, "Add"), 1);
        assert_int_equal(net_count(&net, NULL), 1);
        net_close(&net);
    }
}

static void one_is_itself_and_three_stay(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3)), y = net_node(&net, "Neg", LIST(x));
    uint32_t one = net_node(&net, "Sum", LIST(y));
    net_output(&net, net_node(&net, "Sum", LIST(one, x, y)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_sum, 0), 1);
    assert_int_equal(net_count(&net, "Sum"), 1);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_are_added),
        cmocka_unit_test(one_is_itself_and_three_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
