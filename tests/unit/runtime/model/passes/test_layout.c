/* Regions that work channels last, and the reorders at their borders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t convolve(test_net *net, uint32_t x, int64_t channels, int64_t kernel) {
    int64_t depth = net->graph.value[x].tensor.dim[1], pad = kernel / 2;
    uint32_t w = net_random(net, LIST(channels, depth, kernel, kernel), -1, 1);
    const sy_net_attr pads = net_attr_ints(net, "pads", LIST(pad, pad, pad, pad));
    return net_node_with(net, "Conv", LIST(x, w), &pads, 1);
}

static uint32_t depthwise(test_net *net, uint32_t x) {
    int64_t channels = net->graph.value[x].tensor.dim[1];
    uint32_t w = net_random(net, LIST(channels, 1, 3, 3), -1, 1);
    const sy_net_attr group = net_attr_int(net, "group", channels);
    return net_node_with(net, "Conv", LIST(x, w), &group, 1);
}

static const sy_net_tensor *tensor(const test_net *net, uint32_t value) {
    return &net->graph.value[value].tensor;
}

static void one_reorder_in_and_one_out(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3, 7, 6)), a = convolve(&net, x, 20, 3);
    uint32_t b = depthwise(&net, net_node(&net, "Relu", LIST(a))), out = convolve(&net, b, 5, 1);
    net_output(&net, out);
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    assert_true(tensor(&net, a)->is_last && tensor(&net, b)->is_last);
    assert_int_equal(tensor(&net, a)->pitch, 20);
    assert_false(tensor(&net, x)->is_last || tensor(&net, out)->is_last);
    assert_int_equal(net.graph.output[0], out);
    net_close(&net);
}

static void no_region_without_a_convolution(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 3, 4, 4));
    net_output(&net, net_node(&net, "Relu", LIST(net_node(&net, "Add", LIST(x, x)))));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_layout, 0), 0);
    net_close(&net);
}

static void the_device_decides(void **state) {
    (void)state;
    const sy_net_pass_options options = {0};
    uint32_t changes = 9;
    test_net net;
    net_open(&net);
    net_output(&net, convolve(&net, net_input(&net, LIST(1, 3, 4, 4)), 4, 1));
    assert_int_equal(sy_net_pass_run(&sy_net_pass_layout, &net.graph, &options, &changes, NULL), SY_OK);
    assert_int_equal(changes, 0);
    net_close(&net);
}

static void an_image_is_reordered_once_for_all(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 3, 4, 4)), a = convolve(&net, x, 4, 1), b = convolve(&net, x, 4, 1);
    uint32_t sum = net_node(&net, "Add", LIST(a, b)), flat = net_ints(&net, LIST(1, 64));
    net_output(&net, net_node(&net, "Reshape", LIST(sum, flat)));
    net_output(&net, net_node(&net, "Reshape", LIST(sum, flat)));
    net_output(&net, sum);
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    net_close(&net);
}

static void an_output_inside_goes_on_channels_last(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t a = convolve(&net, net_input(&net, LIST(1, 3, 4, 4)), 4, 1);
    net_output(&net, a);
    net_output(&net, convolve(&net, a, 4, 1));
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(net_count(&net, "Reorder"), 3);
    assert_false(tensor(&net, a)->is_last);
    assert_true(tensor(&net, net.graph.node[2].in[0])->is_last);
    net_close(&net);
}

static void one_pixel_is_no_reorder(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t a = convolve(&net, net_input(&net, LIST(2, 3, 4, 4)), 8, 4);
    const sy_net_attr kernel[] = {net_attr_ints(&net, "kernel_shape", LIST(5, 5))};
    a = net_node_with(&net, "AveragePool", LIST(a), kernel, 1);
    net_output(&net, net_node(&net, "Flatten", LIST(a)));
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(net_count(&net, "Reorder"), 1);
    assert_int_equal(net_count(&net, "Relabel"), 1);
    net_close(&net);
}

static void constants_are_broadcast_as_they_lie(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t a = convolve(&net, net_input(&net, LIST(2, 3, 4, 5)), 4, 1);
    const net_list shape[] = {LIST(4, 1, 1), LIST(1, 4, 1, 1), LIST(5), LIST(2, 4, 4, 5), LIST(4, 1)};
    for (size_t i = 0; i < sizeof shape / sizeof shape[0]; i++)
        a = net_node(&net, i % 2 ? "Mul" : "Add", LIST(a, net_random(&net, shape[i], 0.5, 1)));
    net_output(&net, a);
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    net_close(&net);
}

static void residuals_and_gates_stay_inside(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 3, 4, 4)), a = convolve(&net, x, 8, 1), b = convolve(&net, a, 8, 3);
    uint32_t c = net_node(&net, "Relu", LIST(net_node(&net, "Add", LIST(a, b))));
    const sy_net_attr kernel = net_attr_ints(&net, "kernel_shape", LIST(4, 4));
    uint32_t gate = convolve(&net, net_node_with(&net, "AveragePool", LIST(c), &kernel, 1), 8, 1);
    net_output(&net, net_node(&net, "Mul", LIST(c, net_node(&net, "Sigmoid", LIST(gate)))));
    net_rewrite(&net, &sy_net_pass_post, 1e-5);
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    net_close(&net);
}

static void transposes_at_the_border_are_views(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    const sy_net_attr in = net_attr_ints(&net, "perm", LIST(0, 3, 1, 2));
    const sy_net_attr out = net_attr_ints(&net, "perm", LIST(0, 2, 3, 1));
    uint32_t x = net_node_with(&net, "Transpose", LIST(net_input(&net, LIST(2, 5, 4, 3))), &in, 1);
    net_output(&net, net_node_with(&net, "Transpose", LIST(convolve(&net, x, 6, 3)), &out, 1));
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(net_count(&net, "Reorder"), 0);
    assert_int_equal(net_count(&net, "Images"), 1);
    assert_int_equal(net_count(&net, "Pixels"), 1);
    net_close(&net);
}

static void other_transposes_stay_outside(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    const sy_net_attr perm = net_attr_ints(&net, "perm", LIST(0, 1, 3, 2));
    uint32_t a = convolve(&net, net_input(&net, LIST(1, 3, 4, 5)), 4, 1);
    net_output(&net, convolve(&net, net_node_with(&net, "Transpose", LIST(a), &perm, 1), 4, 1));
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(net_count(&net, "Reorder"), 4);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_reorder_in_and_one_out),
        cmocka_unit_test(no_region_without_a_convolution),
        cmocka_unit_test(the_device_decides),
        cmocka_unit_test(an_image_is_reordered_once_for_all),
        cmocka_unit_test(an_output_inside_goes_on_channels_last),
        cmocka_unit_test(one_pixel_is_no_reorder),
        cmocka_unit_test(constants_are_broadcast_as_they_lie),
        cmocka_unit_test(residuals_and_gates_stay_inside),
        cmocka_unit_test(transposes_at_the_border_are_views),
        cmocka_unit_test(other_transposes_stay_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
