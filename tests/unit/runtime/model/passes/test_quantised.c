/* Products of bytes that are written as f32. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

/* How a test differs from the plain one. */
typedef struct writing {
    bool is_matmul, has_bias, has_relu, is_each, is_shared, has_no_zero;
    uint32_t y_dtype;
    double y_zero;
} writing;

static uint32_t constant(test_net *net, uint32_t dtype, net_list dim, double low, double high) {
    uint32_t value = net_random(net, dim, low, high), bytes = 0;
    if (dtype == SY_F32)
        return value;
    bytes = net_random(net, dim, 0, 0);
    sy_net_tensor *tensor = &net->graph.value[bytes].tensor;
    tensor->dtype = dtype;
    for (int64_t i = 0; i < sy_net_elements(tensor); i++)
        sy_net_set(tensor, i, sy_net_get(&net->graph.value[value].tensor, i));
    return bytes;
}

static uint32_t number(test_net *net, uint32_t dtype, double value) {
    return constant(net, dtype, NO_LIST, value, value);
}

static uint32_t dequantise(test_net *net, uint32_t x, double scale, uint32_t dtype, double zero) {
    return net_node(net, "DequantizeLinear", LIST(x, net_number(net, scale), number(net, dtype, zero)));
}

static uint32_t weigh(test_net *net, const writing *how, net_list dim) {
    uint32_t w = constant(net, SY_S8, dim, -127, 127);
    if (!how->is_each)
        return dequantise(net, w, 0.01, SY_S8, 0);
    const sy_net_attr axis = net_attr_int(net, "axis", 0);
    uint32_t scale = net_random(net, LIST(dim.number[0]), 0.005, 0.02);
    return net_node_with(net, "DequantizeLinear", LIST(w, scale), &axis, 1);
}

static void build(test_net *net, const writing *how) {
    net_open(net);
    uint32_t x = net_input(net, how->is_matmul ? LIST(3, 8) : LIST(1, 3, 6, 6));
    uint32_t q = net_node(net, "QuantizeLinear", LIST(x, net_number(net, 0.01), number(net, SY_U8, 120)));
    uint32_t dq = dequantise(net, q, 0.01, SY_U8, 120), y = 0;
    if (how->is_matmul)
        y = net_node(net, "MatMul", LIST(dq, weigh(net, how, LIST(8, 5))));
    else
        y = net_node(net, "Conv",
            LIST(dq, weigh(net, how, LIST(4, 3, 3, 3)),
                how->has_bias ? (int64_t)net_random(net, LIST(4), -1, 1) : -1));
    if (how->is_shared)
        net_output(net, net_node(net, "Neg", LIST(y)));
    if (how->has_relu)
        y = net_node(net, "Relu", LIST(y));
    int64_t zero = how->has_no_zero ? -1 : (int64_t)number(net, how->y_dtype, how->y_zero);
    y = net_node(net, "QuantizeLinear", LIST(y, net_number(net, 0.05), zero));
    net_output(net, net_node(net, "DequantizeLinear", LIST(y, net_number(net, 0.05), zero)));
}

static void products_of_bytes_are_found(void **state) {
    (void)state;
    const writing row[] = {{.y_dtype = SY_U8, .y_zero = 100},
        {.y_dtype = SY_S8, .y_zero = -3, .has_bias = true, .is_each = true},
        {.y_dtype = SY_U8, .y_zero = 0, .has_relu = true, .has_bias = true},
        {.y_dtype = SY_S8, .y_zero = -128, .has_relu = true}, {.has_no_zero = true},
        {.is_matmul = true, .y_dtype = SY_U8, .y_zero = 100}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        test_net net;
        build(&net, &row[i]);
        net_rewrite(&net, &sy_net_pass_quantised, 0.051); /* a step of the output */
        assert_int_equal(net_count(&net, row[i].is_matmul ? "QLinearMatMul" : "QLinearConv"), 1);
        assert_int_equal(net_count(&net, "Conv") + net_count(&net, "MatMul") + net_count(&net, "Relu"), 0);
        assert_int_equal(net_count(&net, "DequantizeLinear"), 1);
        net_close(&net);
    }
}

static void others_stay_as_they_are(void **state) {
    (void)state;
    const writing row[] = {{.y_dtype = SY_U8, .y_zero = 10, .has_relu = true},
        {.y_dtype = SY_S8, .y_zero = 0, .has_relu = true}, {.y_dtype = SY_U8, .is_shared = true},
        {.is_matmul = true, .is_each = true, .y_dtype = SY_U8}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        test_net net;
        build(&net, &row[i]);
        assert_int_equal(net_rewrite(&net, &sy_net_pass_quantised, 0), 0);
        net_close(&net);
    }
}

static void the_device_decides(void **state) {
    (void)state;
    const sy_net_pass_options options = {0};
    uint32_t changes = 9;
    test_net net;
    build(&net, &(writing){.y_dtype = SY_U8});
    assert_int_equal(sy_net_pass_run(&sy_net_pass_quantised, &net.graph, &options, &changes, NULL), SY_OK);
    assert_int_equal(changes, 0);
    net_close(&net);
}

static void bytes_go_from_product_to_product(void **state) {
    (void)state;
    test_net net;
    const writing plain = {.y_dtype = SY_U8};
    net_open(&net);
    uint32_t x = net_input(&net, LIST(1, 3, 6, 6));
    uint32_t q = net_node(&net, "QuantizeLinear", LIST(x, net_number(&net, 0.01), number(&net, SY_U8, 120)));
    uint32_t y = dequantise(&net, q, 0.01, SY_U8, 120);
    for (int i = 0; i < 2; i++) {
        y = net_node(&net, "Conv", LIST(y, weigh(&net, &plain, i ? LIST(4, 5, 1, 1) : LIST(5, 3, 3, 3))));
        y = net_node(&net, "QuantizeLinear", LIST(y, net_number(&net, 0.05), number(&net, SY_U8, 128)));
        y = dequantise(&net, y, 0.05, SY_U8, 128);
    }
    net_output(&net, y);
    net_rewrite(&net, NULL, 0.3); /* a step of the first, through the second, and one of its own */
    assert_int_equal(net_count(&net, "QLinearConv"), 2);
    assert_int_equal(net_count(&net, "QuantizeLinear"), 1);
    assert_int_equal(net_count(&net, "DequantizeLinear"), 1);
    assert_int_equal(net_count(&net, "Reorder"), 2);
    net_close(&net);
}

static void weights_that_are_left_are_computed_once(void **state) {
    (void)state;
    test_net net;
    build(&net, &(writing){.y_dtype = SY_U8, .is_shared = true});
    assert_int_equal(net_rewrite(&net, &sy_net_pass_constants, 0), 1);
    assert_int_equal(net_count(&net, "DequantizeLinear"), 2);
    assert_true(net.graph.value[net_find(&net, "Conv")->in[1]].flags & SY_NET_CONST);
    net_close(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_of_bytes_are_found),
        cmocka_unit_test(others_stay_as_they_are),
        cmocka_unit_test(the_device_decides),
        cmocka_unit_test(bytes_go_from_product_to_product),
        cmocka_unit_test(weights_that_are_left_are_computed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
