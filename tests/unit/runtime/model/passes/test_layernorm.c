/* Layer normalisation written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

static uint32_t node(test_net *net, const char *op, uint32_t a, uint32_t b) {
    return net_node(net, op, LIST(a, b));
}

/* What varies: the axes, one Sub or two, the square, the order of the last factors. */
typedef struct writing {
    net_list axes;
    bool two_subs, is_product, is_swapped;
} writing;

static uint32_t mean(test_net *net, uint32_t x, net_list axes) {
    const sy_net_attr attr = net_attr_ints(net, "axes", axes);
    return net_node_with(net, "ReduceMean", LIST(x), &attr, 1);
}

static uint32_t write_out(test_net *net, uint32_t x, const writing *how, net_list shape) {
    uint32_t centre = mean(net, x, how->axes), d = node(net, "Sub", x, centre);
    uint32_t e = how->two_subs ? node(net, "Sub", x, centre) : d;
    uint32_t square = how->is_product ? node(net, "Mul", e, e) : node(net, "Pow", e, net_number(net, 2));
    uint32_t variance = node(net, "Add", mean(net, square, how->axes), net_number(net, 1e-3));
    uint32_t normal = node(net, "Div", d, net_node(net, "Sqrt", LIST(variance)));
    uint32_t scale = net_random(net, shape, 0.5, 2), bias = net_random(net, shape, -1, 1);
    uint32_t scaled = how->is_swapped ? node(net, "Mul", scale, normal) : node(net, "Mul", normal, scale);
    return how->is_swapped ? node(net, "Add", bias, scaled) : node(net, "Add", scaled, bias);
}

static void every_writing_is_known(void **state) {
    (void)state;
    const writing row[] = {{LIST(-1), false, false, false}, {LIST(2), true, false, true},
        {LIST(-1), true, true, false}, {LIST(2, 1), false, true, true}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        test_net net;
        net_open(&net);
        uint32_t x = net_input(&net, LIST(2, 3, 8));
        net_output(&net, write_out(&net, x, &row[i], row[i].axes.count == 2 ? LIST(3, 8) : LIST(8)));
        assert_int_equal(net_rewrite(&net, &sy_net_pass_layernorm, 1e-5), 1);
        assert_int_equal(net_count(&net, NULL), 1);
        assert_int_equal(net_find(&net, "LayerNormalization")->in[0], x);
        net_close(&net);
    }
}

static void near_misses_stay(void **state) {
    (void)state;
    const writing inner = {LIST(1), false, false, false}, last = {LIST(2), false, false, false};
    for (int i = 0; i < 3; i++) {
        test_net net;
        net_open(&net);
        uint32_t x = net_input(&net, LIST(2, 8, 8));
        uint32_t y = i == 0   ? write_out(&net, x, &inner, LIST(8, 1))
                     : i == 1 ? write_out(&net, x, &last, LIST(8, 1)) /* by row */
                              : write_out(&net, x, &last, LIST(8, 8));
        net_output(&net, y);
        assert_int_equal(net_rewrite(&net, &sy_net_pass_layernorm, 0), 0);
        net_close(&net);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_writing_is_known),
        cmocka_unit_test(near_misses_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
