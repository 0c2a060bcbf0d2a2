/* Networks built by hand, for tests of what rewrites and runs them. Failures end the test. */
#ifndef STEELYARD_TESTS_NET_H
#define STEELYARD_TESTS_NET_H

#include "runtime/model/passes/pass.h"

/** A graph under construction. opset: of the nodes that are added, 13 at first. */
typedef struct test_net {
    sy_net_arena arena;
    sy_net_graph graph;
    uint32_t opset;
} test_net;

/** Extents or a list of whole numbers, as one argument. */
typedef struct net_list {
    const int64_t *number;
    uint32_t count;
} net_list;
#define LIST(...)                                                                                            \
    ((net_list){(const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)})
#define NO_LIST ((net_list){0})

void net_open(test_net *net);
void net_close(test_net *net);

/** An f32 input of the network. Returns its value. */
uint32_t net_input(test_net *net, net_list dim);

/** Constants: f32, seeded, uniform in [low, high); one number (rank 0); whole numbers (s64, rank 1). */
uint32_t net_random(test_net *net, net_list dim, double low, double high);
uint32_t net_number(test_net *net, double number);
uint32_t net_ints(test_net *net, net_list list);

/** Attributes. */
sy_net_attr net_attr_ints(test_net *net, const char *name, net_list list);
sy_net_attr net_attr_int(test_net *net, const char *name, int64_t number);
sy_net_attr net_attr_float(test_net *net, const char *name, float number);
sy_net_attr net_attr_text(test_net *net, const char *name, const char *text);

/** A node of the default domain with one output, which is returned; shapes are inferred. `in` lists values;
 * -1: left out. */
uint32_t net_node(test_net *net, const char *op, net_list in);
uint32_t net_node_with(test_net *net, const char *op, net_list in, const sy_net_attr *attr, uint32_t n_attr);

/** A node with `n_out` outputs of a given row; *out_first is the first, the others follow it. */
void net_node_of(test_net *net, const sy_net_op *op, net_list in, const sy_net_attr *attr, uint32_t n_attr,
    uint32_t n_out, uint32_t *out_first);

/** Make a value an output of the network. */
void net_output(test_net *net, uint32_t value);

/** How many nodes there are of an operator, whatever its domain; NULL: of all. */
uint32_t net_count(const test_net *net, const char *op);

/** The first such node; the test fails if there is none. */
const sy_net_node *net_find(const test_net *net, const char *op);

/** All outputs of a run, one after the other. */
typedef struct net_result {
    double *value;
    int64_t count;
} net_result;

/**
 * Run the graph on seeded random inputs in (-1, 1). in_one_arena: values lie where sy_net_memory_plan() puts
 * them, else each in memory of its own (parts in their whole). Free with net_result_free().
 */
net_result net_run(const test_net *net, bool in_one_arena);
void net_result_free(net_result *result);

/** Fail unless both are equal to `tolerance` (absolute and relative). */
void net_assert_same(const net_result *expected, const net_result *found, double tolerance);

/**
 * Run the network, rewrite it by a pass (NULL: all of them) and drop dead code, run it again, values apart
 * and in one arena: fail unless the results are the same to `tolerance` and nodes are in order. Returns the
 * pass's rewrites (of all: 0).
 */
uint32_t net_rewrite(test_net *net, const sy_net_pass *pass, double tolerance);

/** Fail unless every node reads only what is made before it, and producers are right. */
void net_assert_ordered(const test_net *net);

#endif
