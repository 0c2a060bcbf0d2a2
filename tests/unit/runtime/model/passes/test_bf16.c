/* Products in bf16, with Casts at the borders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

/* A step of bf16 relative to a value, times the values that are rounded on the way. */
#define NEAR(roundings) ((roundings)*0x1p-8)

static uint32_t apply(test_net *net, const sy_net_pass_options *options) {
    uint32_t changes = 0, dead = 0;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_net_pass_run(&sy_net_pass_bf16, &net->graph, options, &changes, &err);
    if (status == SY_OK)
        status = sy_net_pass_run(&sy_net_pass_dead, &net->graph, options, &dead, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
    net_assert_ordered(net);
    return changes;
}

static void narrow(test_net *net, double tolerance) {
    const sy_net_pass_options options = {.has_bf16 = true};
    net_result before = net_run(net, false);
    assert_true(apply(net, &options) > 0);
    net_result apart = net_run(net, false), in_one = net_run(net, true);
    net_assert_same(&before, &apart, tolerance);
    net_assert_same(&apart, &in_one, 0);
    net_result_free(&before);
    net_result_free(&apart);
    net_result_free(&in_one);
}

static uint32_t dtype_of(const test_net *net, uint32_t value) {
    return net->graph.value[value].tensor.dtype;
}

static uint32_t convolve(test_net *net, uint32_t x, int64_t channels) {
    int64_t depth = net->graph.value[x].tensor.dim[1];
    return net_node(net, "Conv",
        LIST(x, net_random(net, LIST(channels, depth, 1, 1), -0.5, 0.5),
            net_random(net, LIST(channels), -0.5, 0.5)));
}

static void no_cast_stands_between_products(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 3, 4, 4));
    uint32_t a = net_node(&net, "Relu", LIST(convolve(&net, x, 4)));
    uint32_t b = net_node(&net, "Add", LIST(convolve(&net, a, 4), a));
    const sy_net_attr axis = net_attr_int(&net, "axis", 1);
    uint32_t c = net_node_with(&net, "Concat", LIST(a, b), &axis, 1), y = convolve(&net, c, 2);
    net_output(&net, y);
    narrow(&net, NEAR(8));
    assert_int_equal(net_count(&net, "Cast"), 2);
    assert_int_equal(dtype_of(&net, net.graph.output[0]), SY_F32);
    assert_int_equal(dtype_of(&net, net.graph.input[0]), SY_F32);
    assert_int_equal(net.graph.output[0], y);
    for (uint32_t i = 0; i < net.graph.n_node; i++)
        for (uint32_t k = 0; k < net.graph.node[i].n_in; k++)
            if (strcmp(net.graph.node[i].op->name, "Cast") != 0)
                assert_int_equal(dtype_of(&net, net.graph.node[i].in[k]), SY_BF16);
    net_close(&net);
}

static void others_stay_f32_with_one_cast_each(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(3, 8)), w = net_random(&net, LIST(8, 8), -0.5, 0.5);
    uint32_t a = net_node(&net, "MatMul", LIST(x, w)), soft = net_node(&net, "Softmax", LIST(a));
    uint32_t sum = net_node(&net, "Exp", LIST(a)); /* a second reader in f32 of the same */
    net_output(&net, net_node(&net, "Mul", LIST(net_node(&net, "MatMul", LIST(soft, w)), sum)));
    net_output(&net, soft);
    narrow(&net, NEAR(8));
    /* of x; of a to f32; of both of Softmax and Exp to bf16; of the result */
    assert_int_equal(net_count(&net, "Cast"), 5);
    assert_int_equal(dtype_of(&net, net_find(&net, "Softmax")->in[0]), SY_F32);
    assert_int_equal(net_find(&net, "Softmax")->in[0], net_find(&net, "Exp")->in[0]);
    /* one constant, rounded once */
    uint32_t first = SY_NET_NONE;
    for (uint32_t i = 0; i < net.graph.n_node; i++)
        if (strcmp(net.graph.node[i].op->name, "MatMul") == 0) {
            assert_true(first == SY_NET_NONE || first == net.graph.node[i].in[1]);
            first = net.graph.node[i].in[1];
        }
    assert_int_equal(dtype_of(&net, first), SY_BF16);
    net_close(&net);
}

static void constants_are_rounded_to_nearest_even(void **state) {
    (void)state;
    static const float given[4] = {1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 1 + 0x1.1p-8f, -0x1.fffffep127f};
    static const double wanted[4] = {1, 1 + 0x1p-6, 1 + 0x1p-7, 0};
    test_net net;
    net_open(&net);
    uint32_t w = net_random(&net, LIST(2, 2), 0, 1);
    memcpy(net.graph.value[w].tensor.data, given, sizeof given);
    uint32_t y = net_node(&net, "MatMul", LIST(net_input(&net, LIST(1, 2)), w));
    net_output(&net, y);
    apply(&net, &(sy_net_pass_options){.has_bf16 = true});
    const sy_net_tensor *found = &net.graph.value[net_find(&net, "MatMul")->in[1]].tensor;
    for (int i = 0; i < 3; i++)
        assert_true(sy_net_get(found, i) == wanted[i]);
    assert_true(sy_net_get(found, 3) < -3.4e38); /* beyond the largest: infinity */
    net_close(&net);
}

static void posts_and_outputs_in_between_go_along(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 3, 4, 4)), a = convolve(&net, x, 4);
    net_output(&net, a); /* f32 for the caller, bf16 for who goes on */
    uint32_t b = net_node(&net, "Relu", LIST(net_node(&net, "Add", LIST(convolve(&net, a, 4), a))));
    net_output(&net, b);
    net_rewrite(&net, &sy_net_pass_post, 1e-5);
    assert_int_equal(net_count(&net, "Add") + net_count(&net, "Relu"), 0);
    narrow(&net, NEAR(6));
    assert_int_equal(net_count(&net, "Cast"), 3);
    net_close(&net);
}

static void turned_products_too(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3, 4));
    const sy_net_attr perm = net_attr_ints(&net, "perm", LIST(0, 2, 1));
    uint32_t turned = net_node_with(&net, "Transpose", LIST(x), &perm, 1);
    uint32_t y = net_node(&net, "MatMul", LIST(x, turned));
    net_output(&net, net_node(&net, "Div", LIST(y, net_number(&net, 2))));
    net_rewrite(&net, NULL, 1e-5);
    assert_int_equal(net_count(&net, "Product"), 1);
    narrow(&net, NEAR(3));
    assert_int_equal(dtype_of(&net, net_find(&net, "Product")->in[0]), SY_BF16);
    net_close(&net);
}

static bool is_nothing(void *ctx, const sy_net_graph *graph, const sy_net_node *node) {
    (void)ctx;
    (void)graph;
    (void)node;
    return false;
}

static void the_device_decides(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    net_output(&net, convolve(&net, net_input(&net, LIST(1, 3, 4, 4)), 2));
    assert_int_equal(apply(&net, &(sy_net_pass_options){0}), 0);
    assert_int_equal(apply(&net, &(sy_net_pass_options){.has_bf16 = true, .is_work = is_nothing}), 0);
    assert_int_equal(net_count(&net, NULL), 1);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cast_stands_between_products),
        cmocka_unit_test(others_stay_f32_with_one_cast_each),
        cmocka_unit_test(constants_are_rounded_to_nearest_even),
        cmocka_unit_test(posts_and_outputs_in_between_go_along),
        cmocka_unit_test(turned_products_too),
        cmocka_unit_test(the_device_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
