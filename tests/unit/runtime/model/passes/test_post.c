/* Activations and residuals that follow a product in place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t convolve(test_net *net, uint32_t x) {
    int64_t channels = net->graph.value[x].tensor.dim[1];
    return net_node(net, "Conv", LIST(x, net_random(net, LIST(channels, channels, 1, 1), -1, 1)));
}

static uint32_t begin(test_net *net) {
    net_open(net);
    return net_input(net, LIST(1, 3, 4, 4));
}

static void activations_go_in(void **state) {
    (void)state;
    const struct {
        const char *name;
        uint32_t kind;
    } row[] = {{"Relu", SY_POST_RELU}, {"Sigmoid", SY_POST_SIGMOID}, {"Tanh", SY_POST_TANH}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        test_net net;
        uint32_t x = begin(&net), out = net_node(&net, row[i].name, LIST(convolve(&net, x)));
        net_output(&net, out);
        assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 1e-5), 1);
        assert_int_equal(net_count(&net, NULL), 1);
        assert_int_equal(net_find(&net, "Conv")->post[0].kind, row[i].kind);
        assert_int_equal(net_find(&net, "Conv")->out[0], out);
        net_close(&net);
    }
}

static void bounds_go_in(void **state) {
    (void)state;
    test_net net;
    uint32_t x = begin(&net), low = net_number(&net, 0), high = net_number(&net, 0.5);
    uint32_t y = net_node(&net, "Clip", LIST(convolve(&net, x), low, high));
    y = net_node(&net, "Clip", LIST(convolve(&net, y), -1, high));
    net_output(&net, y);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 1e-6), 2);
    assert_int_equal(net_count(&net, NULL), 2);
    assert_true(net_find(&net, "Conv")->post[0].a == 0 && net_find(&net, "Conv")->post[0].b == 0.5f);
    net_close(&net);
    x = begin(&net);
    net_output(
        &net, net_node(&net, "Clip", LIST(convolve(&net, x), net_input(&net, NO_LIST), net_number(&net, 1))));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 0), 0); /* a bound that is computed */
    net_close(&net);
}

static void gelu_goes_in(void **state) {
    (void)state;
    for (int is_tanh = 0; is_tanh < 2; is_tanh++) {
        test_net net;
        uint32_t x = begin(&net), y = convolve(&net, x);
        net.opset = 20;
        const sy_net_attr form = net_attr_text(&net, "approximate", is_tanh ? "tanh" : "none");
        net_output(&net, net_node_with(&net, "Gelu", LIST(y), &form, 1));
        assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 1e-5), 1);
        assert_int_equal(
            net_find(&net, "Conv")->post[0].kind, is_tanh ? SY_POST_GELU_TANH : SY_POST_GELU_ERF);
        net_close(&net);
    }
}

static void silu_goes_in(void **state) {
    (void)state;
    test_net net;
    uint32_t x = begin(&net), y = convolve(&net, x), gate = net_node(&net, "Sigmoid", LIST(y));
    uint32_t z = net_node(&net, "Mul", LIST(gate, y)), w = convolve(&net, z);
    gate = net_node(&net, "Sigmoid", LIST(w));
    net_output(&net, net_node(&net, "Mul", LIST(w, gate)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 1e-5), 2);
    assert_int_equal(net_count(&net, NULL), 2);
    assert_int_equal(net_find(&net, "Conv")->post[0].kind, SY_POST_SILU);
    net_close(&net);
    x = begin(&net);
    y = convolve(&net, x);
    gate = net_node(&net, "Sigmoid", LIST(y));
    net_output(&net, net_node(&net, "Mul", LIST(gate, y)));
    net_output(&net, gate);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 0), 0); /* others read the gate */
    net_close(&net);
}

static void a_residual_goes_into_what_comes_last(void **state) {
    (void)state;
    test_net net;
    uint32_t x = begin(&net), a = convolve(&net, x), b = convolve(&net, a), side = convolve(&net, x);
    uint32_t sum = net_node(&net, "Add", LIST(b, side)), out = net_node(&net, "Relu", LIST(sum));
    net_output(&net, out);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 1e-5), 2);
    assert_int_equal(net_count(&net, NULL), 3);
    const sy_net_node *last = &net.graph.node[2];
    assert_int_equal(last->out[0], out);
    assert_int_equal(last->n_post, 2);
    assert_int_equal(last->post[0].kind, SY_POST_ADD);
    assert_int_equal(last->post[0].value, b);
    assert_int_equal(last->in[3], b); /* after weights and the bias that it lacks */
    assert_int_equal(last->n_in, 4);
    net_close(&net);
}

static void a_product_waits_for_the_other_side(void **state) {
    (void)state;
    test_net net;
    uint32_t x = begin(&net), y = convolve(&net, x),
             other = net_node(&net, "Exp", LIST(net_node(&net, "Neg", LIST(x))));
    net_output(&net, net_node(&net, "Add", LIST(y, other)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 1e-5), 1);
    assert_int_equal(net_count(&net, NULL), 3);
    assert_string_equal(net.graph.node[2].op->name, "Conv");
    net_close(&net);
}

static void what_cannot_follow_stays(void **state) {
    (void)state;
    test_net net;
    uint32_t x = begin(&net), y = convolve(&net, x);
    net_output(&net, net_node(&net, "Add", LIST(y, y))); /* read twice */
    y = convolve(&net, x);
    net_output(&net, net_node(&net, "Add", LIST(y, net_input(&net, LIST(4))))); /* broadcast */
    y = convolve(&net, x);
    net_output(&net, net_node(&net, "Add", LIST(y, net_input(&net, LIST(2, 3, 4, 4))))); /* widened */
    y = convolve(&net, x);
    net_output(&net, y);
    net_output(&net, net_node(&net, "Relu", LIST(y))); /* an output */
    y = convolve(&net, x);
    net_output(&net, net_node(&net, "Neg", LIST(y)));
    net_output(&net, net_node(&net, "Relu", LIST(y))); /* two readers */
    net_output(&net, net_node(&net, "Relu", LIST(net_node(&net, "Neg", LIST(x)))));
    uint32_t nodes = net_count(&net, NULL);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 0), 0);
    assert_int_equal(net_count(&net, NULL), nodes);
    net_close(&net);
}

static void there_is_room_for_so_many(void **state) {
    (void)state;
    test_net net;
    uint32_t x = begin(&net), y = convolve(&net, x);
    for (uint32_t i = 0; i < SY_MAX_POSTS + 1; i++)
        y = net_node(&net, "Tanh", LIST(y));
    net_output(&net, y);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_post, 1e-5), SY_MAX_POSTS);
    assert_int_equal(net_count(&net, "Tanh"), 1);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activations_go_in),
        cmocka_unit_test(bounds_go_in),
        cmocka_unit_test(gelu_goes_in),
        cmocka_unit_test(silu_goes_in),
        cmocka_unit_test(a_residual_goes_into_what_comes_last),
        cmocka_unit_test(a_product_waits_for_the_other_side),
        cmocka_unit_test(what_cannot_follow_stays),
        cmocka_unit_test(there_is_room_for_so_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
