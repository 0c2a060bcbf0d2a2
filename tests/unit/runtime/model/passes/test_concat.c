/* Joined channels: written where they lie in the whole. */
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

static uint32_t join(test_net *net, net_list in) {
    const sy_net_attr axis = net_attr_int(net, "axis", 1);
    return net_node_with(net, "Concat", in, &axis, 1);
}

/* Layout first, then what is under test. */
static void rewrite(test_net *net) {
    net_rewrite(net, &sy_net_pass_layout, 1e-5);
    net_rewrite(net, &sy_net_pass_concat, 1e-6);
    net_rewrite(net, &sy_net_pass_parts, 1e-6);
}

static const sy_net_value *value(const test_net *net, uint32_t index) {
    return &net->graph.value[index];
}

static void branches_write_into_the_whole(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(2, 3, 4, 4)), 8);
    uint32_t a = convolve(&net, x, 5), b = net_node(&net, "Relu", LIST(x)), c = convolve(&net, x, 7);
    uint32_t whole = join(&net, LIST(a, b, c));
    net_output(&net, convolve(&net, whole, 4));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Concat"), 0);
    assert_int_equal(net_count(&net, "Join"), 1);
    assert_int_equal(net_count(&net, "Reorder"), 2); /* at the borders */
    assert_int_equal(value(&net, b)->whole, whole);
    assert_int_equal(value(&net, b)->offset, 5);
    assert_int_equal(value(&net, c)->offset, 13);
    assert_int_equal(value(&net, c)->tensor.pitch, 20);
    net_close(&net);
}

static void what_cannot_lie_there_is_copied(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t in = net_input(&net, LIST(1, 3, 4, 4)), a = convolve(&net, in, 4), b = convolve(&net, in, 4);
    net_output(&net, b);
    net_output(&net, join(&net, LIST(a, b, a)));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Join"), 1);
    assert_int_equal(net_count(&net, "Reorder"), 4); /* one in, two out, and the second a */
    net_close(&net);
}

static void wholes_lie_in_wholes(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(2, 3, 4, 4)), 8), first = x;
    for (int i = 0; i < 4; i++)
        x = join(&net, LIST(x, convolve(&net, net_node(&net, "Relu", LIST(x)), 4)));
    net_output(&net, convolve(&net, x, 4));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Join"), 4);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    assert_int_equal(value(&net, first)->tensor.pitch, 24);
    net_close(&net);
}

/* Dense blocks in the other form: every Concat lists all that there is so far. */
static void beginnings_are_shared(void **state) {
    (void)state;
    test_net net;
    int64_t all[6];
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(1, 3, 4, 4)), 8);
    all[0] = x;
    for (uint32_t i = 1; i < 6; i++) {
        all[i] = convolve(&net, net_node(&net, "Relu", LIST(x)), 4);
        x = join(&net, (net_list){all, i + 1});
    }
    net_output(&net, convolve(&net, x, 4));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Join"), 5);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    assert_int_equal(value(&net, (uint32_t)all[0])->tensor.pitch, 28);
    net_close(&net);
}

static uint32_t split(test_net *net, uint32_t x, net_list parts) {
    uint32_t first = 0;
    const sy_net_attr axis = net_attr_int(net, "axis", 1);
    net_node_of(
        net, sy_net_op_find("", "Split", 13), LIST(x, net_ints(net, parts)), &axis, 1, parts.count, &first);
    return first;
}

static void a_split_that_is_joined_again_is_its_input(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(2, 3, 4, 4)), 8), half = split(&net, x, LIST(3, 5));
    uint32_t b = convolve(&net, net_node(&net, "Exp", LIST(half + 1)), 6);
    net_output(&net, convolve(&net, join(&net, LIST(half, half + 1, b)), 4));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Join"), 1);
    assert_int_equal(net_count(&net, "Parts"), 1);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    assert_int_equal(net_find(&net, "Join")->n_in, 2);
    assert_int_equal(value(&net, half + 1)->tensor.pitch, 14);
    net_close(&net);
}

/* A device would refuse an input that lies in the memory of the output. */
static void a_convolution_does_not_read_where_it_writes(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = convolve(&net, net_input(&net, LIST(2, 3, 4, 4)), 8), a = convolve(&net, x, 5);
    uint32_t both = join(&net, LIST(a, x)), half = split(&net, convolve(&net, both, 8), LIST(3, 5));
    uint32_t b = convolve(&net, half + 1, 6);
    net_output(&net, convolve(&net, join(&net, LIST(half, half + 1, b)), 4));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Join"), 2);
    assert_int_equal(net_count(&net, "Split"), 1);
    assert_int_equal(net_count(&net, "Reorder"), 3); /* x is copied */
    assert_true(value(&net, a)->flags & SY_NET_PART);
    assert_false(value(&net, x)->flags & SY_NET_PART);
    net_close(&net);
}

static void other_axes_and_packed_tensors_stay(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    const sy_net_attr axis = net_attr_int(&net, "axis", 2);
    uint32_t in = net_input(&net, LIST(1, 3, 4, 4)), a = convolve(&net, in, 4), b = convolve(&net, in, 4);
    net_output(&net, net_node_with(&net, "Concat", LIST(a, b), &axis, 1));
    uint32_t packed = net_node(&net, "Relu", LIST(net_input(&net, LIST(1, 2))));
    net_output(&net, join(&net, LIST(packed, packed)));
    rewrite(&net);
    assert_int_equal(net_count(&net, "Concat"), 2);
    net_close(&net);
}

static void two_memories_stay_apart(void **state) {
    (void)state;
    const sy_net_pass_options options = {.may_channels_last = true};
    uint32_t changes = 9;
    test_net net;
    net_open(&net);
    uint32_t in = net_input(&net, LIST(1, 3, 4, 4));
    net_output(&net, join(&net, LIST(convolve(&net, in, 4), convolve(&net, in, 4))));
    net_rewrite(&net, &sy_net_pass_layout, 1e-5);
    assert_int_equal(sy_net_pass_run(&sy_net_pass_concat, &net.graph, &options, &changes, NULL), SY_OK);
    assert_int_equal(changes, 0);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(branches_write_into_the_whole),
        cmocka_unit_test(what_cannot_lie_there_is_copied),
        cmocka_unit_test(wholes_lie_in_wholes),
        cmocka_unit_test(beginnings_are_shared),
        cmocka_unit_test(a_split_that_is_joined_again_is_its_input),
        cmocka_unit_test(a_convolution_does_not_read_where_it_writes),
        cmocka_unit_test(other_axes_and_packed_tensors_stay),
        cmocka_unit_test(two_memories_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
