/* Scale and shift of channels, folded into the product before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t normalise(test_net *net, uint32_t x, int64_t channels) {
    uint32_t scale = net_random(net, LIST(channels), 0.5, 2), shift = net_random(net, LIST(channels), -1, 1);
    uint32_t mean = net_random(net, LIST(channels), -1, 1), var = net_random(net, LIST(channels), 0.1, 2);
    return net_node(net, "BatchNormalization", LIST(x, scale, shift, mean, var));
}

static void normalisation_goes_into_a_convolution(void **state) {
    (void)state;
    for (int has_bias = 0; has_bias < 2; has_bias++) {
        test_net net;
        net_open(&net);
        uint32_t x = net_input(&net, LIST(2, 4, 5, 5)), w = net_random(&net, LIST(6, 2, 3, 3), -1, 1);
        const sy_net_attr group = net_attr_int(&net, "group", 2);
        int64_t bias = has_bias ? (int64_t)net_random(&net, LIST(6), -1, 1) : -1;
        uint32_t y = net_node_with(&net, "Conv", LIST(x, w, bias), &group, 1);
        uint32_t out = normalise(&net, y, 6);
        net_output(&net, out);
        assert_int_equal(net_rewrite(&net, &sy_net_pass_affine, 1e-5), 1);
        assert_int_equal(net_count(&net, NULL), 1);
        assert_int_equal(net_find(&net, "Conv")->out[0], out);
        net_close(&net);
    }
}

static void normalisation_goes_into_a_transposed_convolution_with_groups(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 4, 3, 3)), w = net_random(&net, LIST(4, 3, 2, 2), -1, 1);
    const sy_net_attr group = net_attr_int(&net, "group", 2);
    net_output(&net, normalise(&net, net_node_with(&net, "ConvTranspose", LIST(x, w), &group, 1), 6));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_affine, 1e-5), 1);
    assert_int_equal(net_count(&net, NULL), 1);
    net_close(&net);
}

static void normalisation_goes_into_a_gemm(void **state) {
    (void)state;
    for (int64_t is_turned = 0; is_turned < 2; is_turned++) {
        test_net net;
        net_open(&net);
        uint32_t x = net_input(&net, LIST(2, 4));
        uint32_t w = net_random(&net, is_turned ? LIST(5, 4) : LIST(4, 5), -1, 1);
        uint32_t c = net_random(&net, is_turned ? LIST(5) : LIST(1, 5), -1, 1);
        const sy_net_attr attr[] = {
            net_attr_int(&net, "transB", is_turned), net_attr_float(&net, "alpha", 0.5f)};
        net_output(&net, normalise(&net, net_node_with(&net, "Gemm", LIST(x, w, c), attr, 2), 5));
        assert_int_equal(net_rewrite(&net, &sy_net_pass_affine, 1e-5), 1);
        assert_int_equal(net_count(&net, NULL), 1);
        net_close(&net);
    }
}

static void arithmetic_by_channel_goes_in(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 2, 4, 4)), w = net_random(&net, LIST(3, 2, 1, 1), -1, 1);
    uint32_t y = net_node(&net, "Conv", LIST(x, w));
    y = net_node(&net, "Mul", LIST(y, net_random(&net, LIST(1, 3, 1, 1), 1, 2)));
    y = net_node(&net, "Add", LIST(net_random(&net, LIST(3, 1, 1), 1, 2), y));
    y = net_node(&net, "Sub", LIST(net_number(&net, 2), y));
    y = net_node(&net, "Sub", LIST(y, net_random(&net, LIST(3, 1, 1), 1, 2)));
    y = net_node(&net, "Div", LIST(y, net_random(&net, LIST(3, 1, 1), 1, 2)));
    net_output(&net, y);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_affine, 1e-5), 5);
    assert_int_equal(net_count(&net, NULL), 1);
    assert_int_equal(net_find(&net, "Conv")->n_in, 3);
    net_close(&net);
}

/* Each ends in a Relu, so that the convolution is no output. */
static void stays(test_net *net, uint32_t y, uint32_t nodes) {
    net_output(net, net_node(net, "Relu", LIST(y)));
    assert_int_equal(net_rewrite(net, &sy_net_pass_affine, 0), 0);
    assert_int_equal(net_count(net, NULL), nodes);
    net_close(net);
}

static uint32_t convolve(test_net *net) {
    net_open(net);
    uint32_t x = net_input(net, LIST(1, 2, 4, 4));
    return net_node(net, "Conv", LIST(x, net_random(net, LIST(4, 2, 1, 1), -1, 1)));
}

static void what_is_not_by_channel_stays(void **state) {
    (void)state;
    test_net net;
    uint32_t y = convolve(&net);
    stays(&net, net_node(&net, "Mul", LIST(y, net_random(&net, LIST(4), 1, 2))), 3); /* along the width */
    y = convolve(&net);
    stays(&net, net_node(&net, "Div", LIST(net_number(&net, 1), y)), 3);
    y = convolve(&net);
    stays(&net, net_node(&net, "Mul", LIST(y, net_input(&net, LIST(1, 4, 1, 1)))), 3);
    y = convolve(&net);
    stays(&net, net_node(&net, "Add", LIST(y, net_random(&net, LIST(2, 4, 1, 1), 1, 2))), 3);
    y = convolve(&net);
    stays(&net, net_node(&net, "Div", LIST(y, net_number(&net, 0))), 3);
}

static void what_others_read_stays(void **state) {
    (void)state;
    test_net net;
    uint32_t y = convolve(&net);
    net_output(&net, net_node(&net, "Neg", LIST(y)));
    stays(&net, normalise(&net, y, 4), 4);
    y = convolve(&net);
    net_output(&net, y);
    stays(&net, normalise(&net, y, 4), 3);
}

static void weights_that_are_computed_stay(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 2, 4, 4)), w = net_input(&net, LIST(3, 2, 1, 1));
    stays(&net, normalise(&net, net_node(&net, "Conv", LIST(x, w)), 3), 3);
    net_open(&net);
    x = net_input(&net, LIST(1, 2, 4, 4));
    w = net_random(&net, LIST(3, 2, 1, 1), -1, 1);
    uint32_t bias = net_input(&net, LIST(3));
    stays(&net, normalise(&net, net_node(&net, "Conv", LIST(x, w, bias)), 3), 3);
}

static void shared_weights_are_not_written_to(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 2, 4, 4)), w = net_random(&net, LIST(2, 2, 1, 1), -1, 1);
    net_output(&net, normalise(&net, net_node(&net, "Conv", LIST(x, w)), 2));
    net_output(&net, net_node(&net, "Conv", LIST(x, w)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_affine, 1e-5), 1);
    assert_int_equal(net_count(&net, "Conv"), 2);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normalisation_goes_into_a_convolution),
        cmocka_unit_test(normalisation_goes_into_a_transposed_convolution_with_groups),
        cmocka_unit_test(normalisation_goes_into_a_gemm),
        cmocka_unit_test(arithmetic_by_channel_goes_in),
        cmocka_unit_test(what_is_not_by_channel_stays),
        cmocka_unit_test(what_others_read_stays),
        cmocka_unit_test(weights_that_are_computed_stay),
        cmocka_unit_test(shared_weights_are_not_written_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
