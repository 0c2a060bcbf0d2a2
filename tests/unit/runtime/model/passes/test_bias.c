/* Constant vectors added to products become their bias. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static void vectors_of_columns_go_in(void **state) {
    (void)state;
    const net_list shape[] = {LIST(5), LIST(1, 5), LIST(1), LIST(1, 1, 5)};
    for (size_t i = 0; i < sizeof shape / sizeof shape[0]; i++) {
        test_net net;
        net_open(&net);
        uint32_t x = net_input(&net, LIST(2, 3, 4)), w = net_random(&net, LIST(4, 5), -1, 1);
        uint32_t bias = net_random(&net, shape[i], -1, 1), y = net_node(&net, "MatMul", LIST(x, w));
        uint32_t out = net_node(&net, "Add", i % 2 == 0 ? LIST(y, bias) : LIST(bias, y));
        net_output(&net, out);
        assert_int_equal(net_rewrite(&net, &sy_net_pass_bias, 1e-6), 1);
        const sy_net_node *product = net_find(&net, "MatMul");
        assert_int_equal(net_count(&net, NULL), 1);
        assert_int_equal(product->out[0], out);
        assert_int_equal(product->n_post, 1);
        assert_int_equal(product->post[0].kind, SY_POST_BIAS);
        assert_int_equal(product->in[2], product->post[0].value);
        net_close(&net);
    }
}

static void stays(test_net *net, uint32_t y, uint32_t nodes) {
    net_output(net, y);
    assert_int_equal(net_rewrite(net, &sy_net_pass_bias, 0), 0);
    assert_int_equal(net_count(net, NULL), nodes);
    net_close(net);
}

static uint32_t multiply(test_net *net) {
    net_open(net);
    uint32_t x = net_input(net, LIST(4, 4));
    return net_node(net, "MatMul", LIST(x, net_random(net, LIST(4, 4), -1, 1)));
}

static void others_stay(void **state) {
    (void)state;
    test_net net;
    uint32_t y = multiply(&net);
    stays(&net, net_node(&net, "Add", LIST(y, net_input(&net, LIST(4)))), 2);
    y = multiply(&net);
    stays(&net, net_node(&net, "Add", LIST(y, net_random(&net, LIST(4, 1), 0, 1))), 2); /* by row */
    y = multiply(&net);
    stays(&net, net_node(&net, "Add", LIST(y, net_random(&net, LIST(2, 1, 4), 0, 1))), 2); /* widens */
    y = multiply(&net);
    net_output(&net, y);
    stays(&net, net_node(&net, "Add", LIST(y, net_random(&net, LIST(4), 0, 1))), 2);
    y = multiply(&net);
    net_output(&net, net_node(&net, "Neg", LIST(y)));
    stays(&net, net_node(&net, "Add", LIST(y, net_random(&net, LIST(4), 0, 1))), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_columns_go_in),
        cmocka_unit_test(others_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
