/* Products that read and write their matrices where they lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/ops/strided.h"
#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t turn(test_net *net, uint32_t x, net_list perm) {
    const sy_net_attr attr = net_attr_ints(net, "perm", perm);
    return net_node_with(net, "Transpose", LIST(x), &attr, 1);
}

static uint32_t multiply(test_net *net, uint32_t a, uint32_t b) {
    return net_node(net, "MatMul", LIST(a, b));
}

static const sy_net_strided *state_of(const test_net *net) {
    return net_find(net, "Product")->state;
}

static void attention_needs_no_transpose(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    const net_list heads = LIST(1, 5, 3, 4);
    uint32_t q = turn(&net, net_input(&net, heads), LIST(0, 2, 1, 3));
    uint32_t k = turn(&net, net_input(&net, heads), LIST(0, 2, 3, 1));
    uint32_t v = turn(&net, net_input(&net, heads), LIST(0, 2, 1, 3));
    uint32_t scores = net_node(&net, "Div", LIST(multiply(&net, q, k), net_number(&net, 2)));
    uint32_t mixed = multiply(&net, net_node(&net, "Exp", LIST(scores)), v);
    net_output(&net, net_node(&net, "Relu", LIST(turn(&net, mixed, LIST(0, 2, 1, 3)))));
    net_rewrite(&net, &sy_net_pass_product, 1e-5);
    assert_int_equal(net_count(&net, "Product"), 2);
    assert_int_equal(net_count(&net, NULL), 4);
    const sy_net_strided *first = state_of(&net);
    assert_int_equal(first->batch, 3);
    assert_int_equal(first->a_stride[0], 4);
    assert_int_equal(first->a_stride[1], 12);
    assert_int_equal(first->b_stride[2], 12);
    assert_true(first->alpha == 0.5f);
    net_close(&net);
}

static void several_sequences_keep_theirs(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t q = turn(&net, net_input(&net, LIST(2, 5, 3, 4)), LIST(0, 2, 1, 3));
    uint32_t k = turn(&net, net_input(&net, LIST(2, 3, 5, 4)), LIST(0, 1, 3, 2));
    net_output(&net, multiply(&net, q, k));
    net_rewrite(&net, &sy_net_pass_product, 1e-5);
    assert_int_equal(net_count(&net, "Transpose"), 1); /* q: its batches are not one stride */
    assert_int_equal(net_count(&net, "Product"), 1);
    net_close(&net);
}

static void numbers_go_into_alpha(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(3, 4)), w = net_random(&net, LIST(4, 6), -1, 1);
    uint32_t half = net_node(&net, "Mul", LIST(net_number(&net, 0.5), x));
    uint32_t y = net_node(&net, "Mul", LIST(multiply(&net, half, w), net_number(&net, 3)));
    y = net_node(&net, "Add", LIST(y, net_random(&net, LIST(6), -1, 1)));
    net_output(&net, net_node(&net, "Relu", LIST(y)));
    net_rewrite(&net, NULL, 1e-5);
    assert_int_equal(net_count(&net, NULL), 1);
    assert_true(state_of(&net)->alpha == 1.5f);
    assert_int_equal(net_find(&net, "Product")->n_post, 2); /* after alpha */
    net_close(&net);
}

static void one_matrix_for_all_is_one_product(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(2, 3, 4)), w = net_input(&net, LIST(6, 4));
    net_output(&net, multiply(&net, x, turn(&net, w, LIST(1, 0))));
    net_output(&net, multiply(&net, net_input(&net, LIST(1, 3, 4)),
                         turn(&net, net_input(&net, LIST(5, 6, 4)), LIST(0, 2, 1))));
    net_rewrite(&net, &sy_net_pass_product, 1e-5);
    assert_int_equal(net_count(&net, "Product"), 2);
    assert_int_equal(state_of(&net)->batch, 1);
    assert_int_equal(state_of(&net)->m, 6);
    net_close(&net);
}

static void what_a_product_cannot_do_stays(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t x = net_input(&net, LIST(4, 4)), y = net_input(&net, LIST(4, 4));
    uint32_t cube = turn(&net, net_input(&net, LIST(4, 2, 3)), LIST(1, 2, 0));
    uint32_t other = net_input(&net, LIST(2, 4, 5));
    net_output(&net, net_node(&net, "Mul", LIST(multiply(&net, x, y), net_input(&net, NO_LIST))));
    net_output(&net, net_node(&net, "Div", LIST(multiply(&net, x, y), net_number(&net, 0))));
    net_output(&net, net_node(&net, "Div", LIST(net_number(&net, 1), multiply(&net, x, y))));
    uint32_t shared = multiply(&net, x, y);
    net_output(&net, shared);
    net_output(&net, net_node(&net, "Mul", LIST(shared, net_number(&net, 2))));
    net_output(&net, turn(&net, multiply(&net, x, x), LIST(1, 0))); /* columns would not lie side by side */
    net_output(&net, multiply(&net, cube, net_node(&net, "Exp", LIST(other))));
    uint32_t before = net_count(&net, "Transpose");
    net_rewrite(&net, &sy_net_pass_product, 0);
    assert_int_equal(net_count(&net, "Product"), 1); /* the cube's lines lie side by side */
    assert_int_equal(net_count(&net, "Transpose"), before - 1);
    net_close(&net);
}

static void what_follows_a_turned_product_stays(void **state) {
    (void)state;
    test_net net;
    net_open(&net);
    uint32_t a = net_input(&net, LIST(3, 5, 4)), b = net_input(&net, LIST(3, 4, 6));
    uint32_t y = turn(&net, multiply(&net, a, b), LIST(1, 0, 2));
    net_output(
        &net, net_node(&net, "Tanh", LIST(net_node(&net, "Add", LIST(y, net_random(&net, LIST(6), 0, 1))))));
    net_rewrite(&net, NULL, 1e-5);
    assert_int_equal(net_count(&net, "Product"), 1);
    assert_int_equal(net_find(&net, "Product")->n_post, 0);
    assert_int_equal(net_count(&net, NULL), 3);
    net_close(&net);
}

/* Attributes that no pass makes. */
static void bad_permutations_are_refused(void **state) {
    (void)state;
    const net_list bad[] = {LIST(0, 0), LIST(0, 2), LIST(-1, 0), LIST(0), LIST(0, 1, 2)};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        for (int which = 0; which < 3; which++) {
            const char *name[] = {"perm_a", "perm_b", "perm_y"};
            test_net net;
            net_open(&net);
            const sy_net_attr attr = net_attr_ints(&net, name[which], bad[i]);
            sy_net_node node = {
                .op = sy_net_op_find("steelyard", "Product", 1), .name = "p", .n_attr = 1, .attr = &attr};
            sy_net_tensor in[2] = {
                {.dtype = SY_F32, .rank = 2, .dim = {4, 4}}, {.dtype = SY_F32, .rank = 2, .dim = {4, 4}}};
            sy_net_tensor out = {0};
            sy_net_call call = {
                .node = &node, .in = in, .out = &out, .n_in = 2, .n_out = 1, .arena = &net.arena};
            assert_int_equal(node.op->infer(&call, NULL), SY_UNSUPPORTED);
            net_close(&net);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attention_needs_no_transpose),
        cmocka_unit_test(several_sequences_keep_theirs),
        cmocka_unit_test(numbers_go_into_alpha),
        cmocka_unit_test(one_matrix_for_all_is_one_product),
        cmocka_unit_test(what_a_product_cannot_do_stays),
        cmocka_unit_test(what_follows_a_turned_product_stays),
        cmocka_unit_test(bad_permutations_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
