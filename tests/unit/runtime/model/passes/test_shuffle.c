/* Channel shuffles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t reshape(test_net *net, uint32_t x, net_list shape) {
    return net_node(net, "Reshape", LIST(x, net_ints(net, shape)));
}

static uint32_t shuffle(test_net *net, uint32_t x, net_list perm) {
    const sy_net_attr attr = net_attr_ints(net, "perm", perm);
    return net_node_with(net, "Transpose", LIST(reshape(net, x, LIST(2, 3, 2, 4, 5))), &attr, 1);
}

static uint32_t convolve(test_net *net, uint32_t x) {
    return net_node(net, "Conv", LIST(x, net_random(net, LIST(6, 6, 1, 1), -1, 1)));
}

static void a_shuffle_stays_an_image(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(2, 6, 4, 5)));
    uint32_t y = reshape(&net, shuffle(&net, x, LIST(0, 2, 1, 3, 4)), LIST(2, 6, 4, 5));
    net_output(&net, convolve(&net, y));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_shuffle, 0), 1);
    net_rewrite(&net, NULL, 1e-5);
    assert_int_equal(net_count(&net, "Shuffle"), 1);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    net_close(&net);
}

static void others_stay(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 6, 4, 5)), read = shuffle(&net, x, LIST(0, 2, 1, 3, 4));
    net_output(&net, reshape(&net, shuffle(&net, x, LIST(0, 2, 1, 4, 3)), LIST(2, 6, 4, 5)));
    net_output(&net, reshape(&net, shuffle(&net, x, LIST(0, 2, 1, 3, 4)), LIST(2, 6, 20)));
    net_output(&net, reshape(&net, read, LIST(2, 6, 4, 5)));
    net_output(&net, read);
    assert_int_equal(net_rewrite(&net, &sy_net_pass_shuffle, 0), 0);
    net_close(&net);
}

static void sums_of_two_are_additions(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3)), y = net_input(&net, LIST(3));
    net_output(&net, net_node(&net, "Sum", LIST(x, y)));
    net_output(&net, net_node(&net, "Relu", LIST(net_node(&net, "Sum", LIST(x)))));
    net_output(&net, net_node(&net, "Sum", LIST(x, y, x)));
    assert_int_equal(net_rewrite(&net, &sy_net_pass_sum, 0), 2);
    assert_int_equal(net_count(&net, "Add"), 1);
    assert_int_equal(net_count(&net, "Sum"), 1);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shuffle_stays_an_image),
        cmocka_unit_test(others_stay),
        cmocka_unit_test(sums_of_two_are_additions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
