/* Normalisation that stands alone becomes scale and shift. */
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

static void alone_it_is_scale_and_shift(void **state) {
    (void)state;
    const net_list shape[] = {LIST(2, 3), LIST(2, 3, 5), LIST(2, 3, 4, 5)};
    for (size_t i = 0; i < sizeof shape / sizeof shape[0]; i++) {
        test_net net;
        net_open(&net);
        uint32_t out = normalise(&net, net_input(&net, shape[i]), 3);
        net_output(&net, out);
        assert_int_equal(net_rewrite(&net, &sy_net_pass_batchnorm, 1e-5), 1);
        assert_int_equal(net_count(&net, NULL), 1);
        assert_int_equal(net_find(&net, "ScaleShift")->out[0], out);
        net_close(&net);
    }
}

static void computed_parameters_stay(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3)), mean = net_input(&net, LIST(3));
    uint32_t some = net_random(&net, LIST(3), 0.5, 1);
    net_output(&net, net_node(&net, "BatchNormalization", LIST(x, some, some, mean, some)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_batchnorm, 0), 0);
    assert_int_equal(net_count(&net, "ScaleShift"), 0);
    net_close(&net);
}

static void relu_follows_in_place(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t out = net_node(&net, "Relu", LIST(normalise(&net, net_input(&net, LIST(1, 3, 2, 2)), 3)));
    net_output(&net, net_node(&net, "Sigmoid", LIST(out)));
    net_rewrite(&net, NULL, 1e-5);
    assert_int_equal(net_count(&net, NULL), 2); /* a Sigmoid does not follow in place there */
    assert_int_equal(net_find(&net, "ScaleShift")->n_post, 1);
    assert_int_equal(net_find(&net, "ScaleShift")->post[0].kind, SY_POST_RELU);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone_it_is_scale_and_shift),
        cmocka_unit_test(computed_parameters_stay),
        cmocka_unit_test(relu_follows_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
