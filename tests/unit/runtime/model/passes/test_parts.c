/* Split and sliced channels: read where they lie in the whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t convolve(test_net *net, uint32_t x, int64_t channels) {
    int64_t depth = net->graph.value[x].tensor.dim[1];
    return net_node(net, "Conv", LIST(x, net_random(net, LIST(channels, depth, 1, 1), -1, 1)));
}

static void rewrite(test_net *net) {
    net_rewrite(net, &sy_net_pass_layout, 1e-5);
    net_rewrite(net, &sy_net_pass_concat, 1e-6);
    net_rewrite(net, &sy_net_pass_parts, 1e-6);
}

static void split_channels_are_read_in_place(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(2, 3, 4, 4)), 9), first = 0;
    const sy_net_attr axis = net_attr_int(&net, "axis", -3);
    net_node_of(
        &net, sy_net_op_find("", "Split", 13), LIST(x, net_ints(&net, LIST(2, 3, 4))), &axis, 1, 3, &first);
    net_output(&net, convolve(&net, first + 1, 2));
    net_output(&net, net_node(&net, "Relu", LIST(first + 2)));
    net_output(&net, net_node(&net, "Exp", LIST(x)));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Parts"), 1);
    assert_int_equal(net.graph.value[first + 1].whole, x);
    assert_int_equal(net.graph.value[first + 1].offset, 2);
    assert_int_equal(net.graph.value[first + 1].tensor.pitch, 9);
    assert_int_equal(net.graph.value[first + 2].offset, 5);
    net_close(&net);
}

static void parts_leave_the_region_packed(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(2, 3, 1, 1)), 8), first = 0;
    const sy_net_attr axis = net_attr_int(&net, "axis", 1);
    net_node_of(
        &net, sy_net_op_find("", "Split", 13), LIST(x, net_ints(&net, LIST(3, 5))), &axis, 1, 2, &first);
    net_output(&net, net_node(&net, "Flatten", LIST(first + 1)));
    net_output(&net, first); /* of the graph: it is copied */
    net_output(&net, convolve(&net, first, 2));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Parts"), 1);
    assert_true(net_count(&net, "Relabel") >= 2);
    net_close(&net);
}

static uint32_t slice(test_net *net, uint32_t x, int64_t axis, int64_t first, int64_t end, int64_t step) {
    return net_node(net, "Slice",
        LIST(x, net_ints(net, LIST(first)), net_ints(net, LIST(end)), net_ints(net, LIST(axis)),
            net_ints(net, LIST(step))));
}

static void slices_are_parts_too(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(1, 3, 4, 4)), 8);
    uint32_t tail = slice(&net, x, -3, -3, 99, 1), rows = slice(&net, x, 2, 0, 2, 1);
    uint32_t odd = slice(&net, x, 1, 1, 8, 2);
    net_output(&net, convolve(&net, tail, 2));
    net_output(&net, convolve(&net, rows, 2));
    net_output(&net, convolve(&net, odd, 2));
    rewrite(&net);
    if (sy_net_op_find("", "Slice", 13)->flags & SY_NET_OP_CHANNELS_LAST) {
        assert_int_equal(net_count(&net, "Parts"), 1);
        assert_int_equal(net.graph.value[tail].offset, 5);
    }
    assert_int_equal(net_count(&net, "Slice") + net_count(&net, "Parts"), 3);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_channels_are_read_in_place),
        cmocka_unit_test(parts_leave_the_region_packed),
        cmocka_unit_test(slices_are_parts_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
