/* The plan of memory of a graph: who shares with whom, and who must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/memory.h"
#include "tests/support/net.h"

static uint64_t offset[1024];

static uint64_t plan(const test_net *net) {
    uint64_t bytes = 0;
    assert_in_range(net->graph.n_value, 1, sizeof offset / sizeof offset[0]);
    assert_int_equal(sy_net_memory_plan(&net->graph, NULL, 1, offset, &bytes, NULL), SY_OK);
    return bytes;
}

static void a_chain_in_place_takes_one_tensor(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 100));
    for (int i = 0; i < 5; i++)
        x = net_node(&net, "Relu", LIST(x));
    net_output(&net, x);
    assert_int_equal(plan(&net), 448);
    net_close(&net);
}

static void what_is_read_again_is_not_overwritten(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(16)), y = net_node(&net, "Relu", LIST(x));
    net_output(&net, net_node(&net, "Add", LIST(y, x)));
    plan(&net);
    assert_int_not_equal(offset[x], offset[y]);
    net_close(&net);
}

static void outputs_live_to_the_end(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t a = net_node(&net, "Relu", LIST(net_input(&net, LIST(16)))), b = net_node(&net, "Relu", LIST(a));
    net_output(&net, a);
    net_output(&net, b);
    plan(&net);
    assert_int_not_equal(offset[a], offset[b]);
    net_close(&net);
}

static void views_share_and_are_not_overwritten(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(4, 4)), a = net_node(&net, "Exp", LIST(x));
    uint32_t view = net_node(&net, "Reshape", LIST(a, net_ints(&net, LIST(16))));
    uint32_t b = net_node(&net, "Relu", LIST(a)), c = net_node(&net, "Neg", LIST(view));
    net_output(&net, b);
    net_output(&net, c);
    plan(&net);
    assert_int_equal(offset[view], offset[a]);
    assert_int_not_equal(offset[b], offset[a]);
    assert_int_equal(offset[c], offset[a]); /* the last one to read it */
    net_close(&net);
}

static void constants_are_not_overwritten(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(4)), c = net_random(&net, LIST(4), 0, 1);
    uint32_t view = net_node(&net, "Reshape", LIST(c, net_ints(&net, LIST(4))));
    net_output(&net, net_node(&net, "Add", LIST(c, x)));
    net_output(&net, view);
    assert_int_equal(plan(&net), 128);
    assert_int_equal(offset[c], 0);
    net_close(&net);
}

static void a_smaller_side_is_not_written_over(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_node(&net, "Exp", LIST(net_input(&net, LIST(1, 16))));
    uint32_t y = net_node(&net, "Exp", LIST(net_input(&net, LIST(16, 16))));
    uint32_t z = net_node(&net, "Add", LIST(x, y));
    net_output(&net, z);
    plan(&net);
    assert_int_equal(offset[z], offset[y]);
    net_close(&net);
}

static void spaces_are_apart(void **state) {
    (void)state;
    test_net net;
    sy_error err = SY_ERROR_INIT;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(16)), y = net_node(&net, "Relu", LIST(x));
    net_output(&net, y);
    uint32_t space[2] = {0, 1};
    uint64_t bytes[2] = {0};
    assert_int_equal(sy_net_memory_plan(&net.graph, space, 2, offset, bytes, NULL), SY_OK);
    assert_int_equal(bytes[0], 64);
    assert_int_equal(bytes[1], 64);
    assert_int_equal(sy_net_memory_plan(&net.graph, space, 1, offset, bytes, &err), SY_INVALID_ARGUMENT);
    net.graph.value[y].flags |= SY_NET_PART;
    net.graph.value[y].whole = x;
    assert_int_equal(sy_net_memory_plan(&net.graph, space, 2, offset, bytes, &err), SY_INVALID_ARGUMENT);
    net_close(&net);
}

static void parts_lie_in_their_whole(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 4, 2, 2)), a = net_node(&net, "Relu", LIST(x)), whole = 0;
    uint32_t b = net_node(&net, "Neg", LIST(x));
    net_node_of(&net, sy_net_op_find("steelyard", "Join", 1), LIST(a, b), NULL, 0, 1, &whole);
    uint32_t part[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        net.graph.value[part[i]].flags |= SY_NET_PART;
        net.graph.value[part[i]].whole = whole;
        net.graph.value[part[i]].offset = 4 * i;
    }
    net_output(&net, net_node(&net, "Exp", LIST(net_node(&net, "Exp", LIST(whole)))));
    plan(&net);
    assert_int_equal(offset[a], offset[whole]);
    assert_int_equal(offset[b], offset[whole] + 16);
    assert_true(offset[x] >= offset[whole] + 128 || offset[whole] >= offset[x] + 64);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_in_place_takes_one_tensor),
        cmocka_unit_test(what_is_read_again_is_not_overwritten),
        cmocka_unit_test(outputs_live_to_the_end),
        cmocka_unit_test(views_share_and_are_not_overwritten),
        cmocka_unit_test(constants_are_not_overwritten),
        cmocka_unit_test(a_smaller_side_is_not_written_over),
        cmocka_unit_test(spaces_are_apart),
        cmocka_unit_test(parts_lie_in_their_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
