/* The list of passes, their rounds, and what happens without memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/model/passes/memory.h"
#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static void passes_have_names(void **state) {
    (void)state;
    size_t count = 0;
    bool is_final = false;
    for (const sy_net_pass *pass; (pass = sy_net_pass_at(count)) != NULL; count++) {
        assert_true(pass->name[0] != 0 && pass->rewrite != NULL);
        assert_true(pass->is_final || !is_final); /* the final ones stand at the end */
        is_final = pass->is_final;
    }
    assert_in_range(count, 10, 40);
    assert_null(sy_net_pass_at(count + 1));
}

static uint32_t convolve(test_net *net, uint32_t x, int64_t channels) {
    int64_t depth = net->graph.value[x].tensor.dim[1];
    return net_node(net, "Conv", LIST(x, net_random(net, LIST(channels, depth, 1, 1), -1, 1)));
}

/* Something for nearly every pass. */
static void build(test_net *net) {
    net_open(net);
    uint32_t x = net_input(net, LIST(1, 3, 4, 4)), a = convolve(net, x, 4), first = 0;
    a = net_node(net, "Mul", LIST(a, net_random(net, LIST(4, 1, 1), 1, 2)));
    a = net_node(net, "Relu", LIST(net_node(net, "Identity", LIST(a))));
    uint32_t b = net_node(net, "Add", LIST(convolve(net, a, 4), a));
    const sy_net_attr axis = net_attr_int(net, "axis", 1);
    uint32_t c = net_node_with(net, "Concat", LIST(a, b), &axis, 1);
    net_node_of(
        net, sy_net_op_find("", "Split", 13), LIST(c, net_ints(net, LIST(3, 5))), &axis, 1, 2, &first);
    c = convolve(net, first + 1, 6);
    const sy_net_attr perm = net_attr_ints(net, "perm", LIST(0, 1, 3, 2));
    uint32_t turned = net_node_with(net, "Transpose", LIST(c), &perm, 1);
    uint32_t product =
        net_node(net, "Div", LIST(net_node(net, "MatMul", LIST(c, turned)), net_number(net, 2)));
    product = net_node(net, "Add", LIST(product, net_random(net, LIST(4), 0, 1)));
    uint32_t scaled = net_node(net, "Div", LIST(product, net_number(net, 1.41421356)));
    uint32_t gate = net_node(net, "Add", LIST(net_node(net, "Erf", LIST(scaled)), net_number(net, 1)));
    net_output(
        net, net_node(net, "Mul", LIST(net_node(net, "Mul", LIST(product, gate)), net_number(net, 0.5))));
}

static void rounds_go_on_until_nothing_is_left(void **state) {
    (void)state;
    test_net net;
    build(&net);
    net_rewrite(&net, NULL, 1e-4);
    assert_int_equal(net_count(&net, "Gelu") + net_count(&net, "Transpose") + net_count(&net, "Concat"), 0);
    assert_int_equal(net_find(&net, "Product")->n_post, 2);
    for (size_t i = 0; sy_net_pass_at(i) != NULL; i++) {
        const sy_net_pass_options options = {.may_channels_last = true, .may_join = true};
        const sy_net_pass *pass = sy_net_pass_at(i);
        uint32_t changes = 9;
        if (strcmp(pass->name, "layout") == 0)
            continue; /* works on what is packed */
        assert_int_equal(sy_net_pass_run(pass, &net.graph, &options, &changes, NULL), SY_OK);
        assert_int_equal(changes, 0);
    }
    net_close(&net);
}

static void without_memory_it_is_said(void **state) {
    (void)state;
    const sy_net_pass_options options = {
        .may_channels_last = true, .may_quantise = true, .may_join = true, .has_bf16 = true};
    uint64_t failures = 0;
    for (sy_status status = SY_OUT_OF_MEMORY; status != SY_OK; failures++) {
        test_net net;
        sy_error err = SY_ERROR_INIT;
        build(&net);
        sy_seam_arm(SY_SEAM_ALLOC, failures + 1);
        status = sy_net_passes_run(&net.graph, &options, &err);
        sy_seam_disarm();
        assert_true(status == SY_OK || (status == SY_OUT_OF_MEMORY && err.text[0] != 0));
        net_close(&net);
    }
    assert_in_range(failures, 20, 2000);
}

static void plans_without_memory_say_so(void **state) {
    (void)state;
    uint64_t failures = 0, bytes = 0, offset[256];
    for (sy_status status = SY_OUT_OF_MEMORY; status != SY_OK; failures++) {
        test_net net;
        build(&net);
        sy_seam_arm(SY_SEAM_ALLOC, failures + 1);
        status = sy_net_memory_plan(&net.graph, NULL, 1, offset, &bytes, NULL);
        sy_seam_disarm();
        assert_true(status == SY_OK || status == SY_OUT_OF_MEMORY);
        net_close(&net);
    }
    assert_in_range(failures, 3, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_have_names),
        cmocka_unit_test(rounds_go_on_until_nothing_is_left),
        cmocka_unit_test(without_memory_it_is_said),
        cmocka_unit_test(plans_without_memory_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
