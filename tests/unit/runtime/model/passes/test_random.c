/* All passes on networks drawn at random: what they compute stays, values apart and in one arena. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/base/random.h"
#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"
#include "tests/support/slow.h"

enum { NETWORKS = 300, STEPS = 24, MOST_VALUES = 256 };

/* A network that grows: images of 1 or 2 x any channels x 4 x 4, or 1 x 1 after a pool. */
typedef struct growth {
    test_net net;
    sy_random random;
    uint32_t value[MOST_VALUES], count;
    int64_t batch;
} growth;

static uint32_t below(growth *g, uint64_t bound) {
    return (uint32_t)sy_random_below(&g->random, bound);
}

static const sy_net_tensor *tensor(const growth *g, uint32_t value) {
    return &g->net.graph.value[value].tensor;
}

static void keep(growth *g, uint32_t value) {
    if (g->count < MOST_VALUES)
        g->value[g->count++] = value;
}

/* Any value, of late ones more often. */
static uint32_t pick(growth *g) {
    uint32_t late = g->count < 4 ? g->count : 4;
    return below(g, 2) ? g->value[g->count - 1 - below(g, late)] : g->value[below(g, g->count)];
}

/* One of the same shape as `like`, itself if there is no other. */
static uint32_t pick_alike(growth *g, uint32_t like) {
    for (int i = 0; i < 8; i++) {
        uint32_t other = pick(g);
        if (sy_net_same_shape(tensor(g, like), tensor(g, other)))
            return other;
    }
    return like;
}

static uint32_t convolve(growth *g, uint32_t x) {
    int64_t depth = tensor(g, x)->dim[1], channels = 1 + below(g, 9);
    bool is_depthwise = below(g, 4) == 0;
    uint32_t w = is_depthwise ? net_random(&g->net, LIST(depth, 1, 1, 1), -1, 1)
                              : net_random(&g->net, LIST(channels, depth, 1, 1), -0.6, 0.6);
    const sy_net_attr group = net_attr_int(&g->net, "group", is_depthwise ? depth : 1);
    int64_t bias =
        below(g, 2) ? (int64_t)net_random(&g->net, LIST(is_depthwise ? depth : channels), -1, 1) : -1;
    return net_node_with(&g->net, "Conv", LIST(x, w, bias), &group, 1);
}

static uint32_t normalise(growth *g, uint32_t x) {
    int64_t c = tensor(g, x)->dim[1];
    uint32_t scale = net_random(&g->net, LIST(c), 0.5, 1.5), shift = net_random(&g->net, LIST(c), -1, 1);
    uint32_t mean = net_random(&g->net, LIST(c), -1, 1), var = net_random(&g->net, LIST(c), 0.5, 2);
    return net_node(&g->net, "BatchNormalization", LIST(x, scale, shift, mean, var));
}

static uint32_t apply_constant(growth *g, uint32_t x) {
    const char *const op[] = {"Add", "Mul", "Sub", "Div"};
    int64_t c = tensor(g, x)->dim[1], w = tensor(g, x)->dim[3];
    const net_list shape[] = {LIST(c, 1, 1), LIST(1, c, 1, 1), LIST(w), LIST(1), LIST(c, 1, w)};
    uint32_t constant = net_random(&g->net, shape[below(g, 5)], 0.5, 1.5);
    bool is_first = below(g, 4) == 0;
    const char *name = op[below(g, is_first ? 3 : 4)];
    return net_node(&g->net, name, is_first ? LIST(constant, x) : LIST(x, constant));
}

static uint32_t activate(growth *g, uint32_t x) {
    const char *const op[] = {"Relu", "Sigmoid", "Tanh", "Identity", "Neg", "HardSwish"};
    uint32_t which = below(g, 7);
    if (which == 6)
        return net_node(&g->net, "Mul", LIST(x, net_node(&g->net, "Sigmoid", LIST(x))));
    g->net.opset = 14;
    return net_node(&g->net, op[which], LIST(x));
}

static uint32_t concatenate(growth *g, uint32_t x) {
    int64_t in[4] = {x};
    uint32_t count = 1, wanted = 2 + below(g, 3);
    for (int i = 0; i < 12 && count < wanted; i++) {
        uint32_t other = pick(g);
        if (tensor(g, other)->dim[2] == tensor(g, x)->dim[2])
            in[count++] = other;
    }
    const sy_net_attr axis = net_attr_int(&g->net, "axis", below(g, 2) ? 1 : -3);
    return net_node_with(&g->net, "Concat", (net_list){in, count}, &axis, 1);
}

static uint32_t split(growth *g, uint32_t x) {
    int64_t c = tensor(g, x)->dim[1];
    uint32_t first = 0;
    if (c < 2)
        return x;
    const sy_net_attr axis = net_attr_int(&g->net, "axis", 1);
    int64_t cut = 1 + below(g, (uint64_t)c - 1);
    net_node_of(&g->net, sy_net_op_find("", "Split", 13), LIST(x, net_ints(&g->net, LIST(cut, c - cut))),
        &axis, 1, 2, &first);
    keep(g, first);
    return first + 1;
}

static uint32_t slice(growth *g, uint32_t x) {
    int64_t c = tensor(g, x)->dim[1], first = below(g, (uint64_t)c);
    return net_node(&g->net, "Slice",
        LIST(x, net_ints(&g->net, LIST(first)), net_ints(&g->net, LIST(c)), net_ints(&g->net, LIST(1))));
}

static uint32_t turn_around(growth *g, uint32_t x) {
    const sy_net_attr there = net_attr_ints(&g->net, "perm", LIST(0, 2, 3, 1));
    const sy_net_attr back = net_attr_ints(&g->net, "perm", LIST(0, 3, 1, 2));
    uint32_t y = net_node_with(&g->net, "Transpose", LIST(x), &there, 1);
    if (below(g, 2))
        y = net_node(&g->net, "Relu", LIST(y));
    if (below(g, 4) == 0)
        net_output(&g->net, y);
    return net_node_with(&g->net, "Transpose", LIST(y), &back, 1);
}

static uint32_t gate(growth *g, uint32_t x) {
    uint32_t pooled = net_node(&g->net, "GlobalAveragePool", LIST(x));
    return net_node(&g->net, "Mul", LIST(x, net_node(&g->net, "Sigmoid", LIST(pooled))));
}

static uint32_t shuffle(growth *g, uint32_t x) {
    const sy_net_tensor t = *tensor(g, x);
    if (t.dim[1] % 2 != 0)
        return x;
    const sy_net_attr perm = net_attr_ints(&g->net, "perm", LIST(0, 2, 1, 3, 4));
    uint32_t split_up = net_node(
        &g->net, "Reshape", LIST(x, net_ints(&g->net, LIST(t.dim[0], 2, t.dim[1] / 2, t.dim[2], t.dim[3]))));
    uint32_t turned = net_node_with(&g->net, "Transpose", LIST(split_up), &perm, 1);
    return net_node(
        &g->net, "Reshape", LIST(turned, net_ints(&g->net, LIST(t.dim[0], t.dim[1], t.dim[2], t.dim[3]))));
}

static uint32_t step(growth *g) {
    uint32_t x = pick(g);
    switch (below(g, 13)) {
    case 12: return shuffle(g, x);
    case 0:
    case 1:
    case 2: return convolve(g, x);
    case 3: return normalise(g, x);
    case 4: return apply_constant(g, x);
    case 5:
    case 6: return activate(g, x);
    case 7: return net_node(&g->net, below(g, 3) ? "Add" : "Mul", LIST(x, pick_alike(g, x)));
    case 8: return concatenate(g, x);
    case 9: return below(g, 2) ? split(g, x) : slice(g, x);
    case 10: return turn_around(g, x);
    default: return gate(g, x);
    }
}

static void grow(growth *g, uint64_t seed) {
    net_open(&g->net);
    sy_random_seed(&g->random, 17, seed);
    g->count = 0;
    g->batch = 1 + below(g, 2);
    keep(g, net_input(&g->net, LIST(g->batch, 1 + below(g, 5), 4, 4)));
    for (int i = 0; i < STEPS; i++) {
        uint32_t made = step(g);
        if (tensor(g, made)->dim[1] <= 64)
            keep(g, made);
    }
    net_output(&g->net, g->value[g->count - 1]);
    for (int i = 0; i < 2; i++) {
        uint32_t value = pick(g);
        if (g->net.graph.value[value].flags == 0)
            net_output(&g->net, value);
    }
}

static void what_is_computed_stays(void **state) {
    (void)state;
    uint32_t joins = 0, parts = 0, posts = 0, reorders = 0;
    for (uint64_t i = 0; i < NETWORKS; i += (uint64_t)slow_step(SLOW_ADDRESS, 5)) {
        growth g;
        grow(&g, i);
        net_rewrite(&g.net, NULL, 2e-4);
        joins += net_count(&g.net, "Join");
        parts += net_count(&g.net, "Parts");
        reorders += net_count(&g.net, "Reorder");
        for (uint32_t k = 0; k < g.net.graph.n_node; k++)
            posts += g.net.graph.node[k].n_post;
        net_close(&g.net);
    }
    assert_true(joins > 0 && parts > 0 && posts > 0 && reorders > 0); /* it was worth it */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_computed_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
