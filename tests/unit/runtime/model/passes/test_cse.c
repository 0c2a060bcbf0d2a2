/* What is computed twice is computed once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static void twins_become_one(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3)), a = net_node(&net, "Exp", LIST(x)),
             b = net_node(&net, "Exp", LIST(x));
    uint32_t c = net_node(&net, "Neg", LIST(a)), d = net_node(&net, "Neg", LIST(b));
    net_output(&net, net_node(&net, "Add", LIST(c, d)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_cse, 0), 2);
    assert_int_equal(net_count(&net, NULL), 3);
    net_close(&net);
}

static void attributes_tell_apart(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 2, 2)), sum = SY_NET_NONE;
    for (int64_t i = 0; i < 4; i++) {
        const sy_net_attr perm = net_attr_ints(&net, "perm", i % 2 ? LIST(1, 0, 2) : LIST(0, 2, 1));
        uint32_t turned = net_node_with(&net, "Transpose", LIST(x), &perm, 1);
        sum = i == 0 ? turned : net_node(&net, "Sub", LIST(turned, sum));
    }
    net_output(&net, sum);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_cse, 0), 2);
    assert_int_equal(net_count(&net, "Transpose"), 2);
    net_close(&net);
}

static void numbers_and_texts_tell_apart(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    net.opset = 20;
    uint32_t x = net_input(&net, LIST(2)), y = x;
    for (int i = 0; i < 4; i++) {
        const sy_net_attr alpha = net_attr_float(&net, "alpha", i % 2 ? 0.5f : 0.25f);
        const sy_net_attr form = net_attr_text(&net, "approximate", i % 2 ? "tanh" : "none");
        uint32_t a = net_node_with(&net, "LeakyRelu", LIST(x), &alpha, 1);
        y = net_node(&net, "Add",
            LIST(y, net_node(&net, "Mul", LIST(a, net_node_with(&net, "Gelu", LIST(x), &form, 1)))));
    }
    net_output(&net, y);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_cse, 0), 6);
    assert_int_equal(net_count(&net, "LeakyRelu"), 2);
    assert_int_equal(net_count(&net, "Gelu"), 2);
    net_close(&net);
}

static void outputs_keep_their_values(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2)), a = net_node(&net, "Exp", LIST(x)),
             b = net_node(&net, "Exp", LIST(x));
    net_output(&net, a);
    net_output(&net, b);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_cse, 0), 0); /* each needs memory of its own */
    assert_int_equal(net_count(&net, "Exp"), 2);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twins_become_one),
        cmocka_unit_test(attributes_tell_apart),
        cmocka_unit_test(numbers_and_texts_tell_apart),
        cmocka_unit_test(outputs_keep_their_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
