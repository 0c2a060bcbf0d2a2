/* Runs of networks built by hand, operator by operator. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/random.h"
#include "runtime/model/passes/memory.h"
#include "runtime/model/passes/passes.h"
#include "tests/support/net.h"

#define MOST_PORTS 64u

/* Where values lie in a run. NaN bytes everywhere at first: what is read without being written shows. */
typedef struct net_memory {
    const sy_net_graph *graph;
    char *memory;
    uint64_t *offset;
} net_memory;

static void place_apart(net_memory *run, uint64_t *bytes) {
    const sy_net_graph *graph = run->graph;
    for (uint32_t i = 0; i < graph->n_value; i++) {
        run->offset[i] = *bytes;
        *bytes += (sy_net_bytes(&graph->value[i].tensor) + 127) / 64 * 64;
    }
    for (uint32_t i = 0; i < graph->n_value; i++) {
        uint64_t channels = 0;
        uint32_t whole = i;
        for (; graph->value[whole].flags & SY_NET_PART; whole = graph->value[whole].whole)
            channels += (uint64_t)graph->value[whole].offset;
        if (whole != i)
            run->offset[i] = run->offset[whole] + channels * sy_net_dtype_size(graph->value[i].tensor.dtype);
    }
}

static void open_run(net_memory *run, const sy_net_graph *graph, bool in_one_arena) {
    uint64_t bytes = 0;
    sy_error err = SY_ERROR_INIT;
    run->graph = graph;
    run->offset = calloc(graph->n_value, sizeof *run->offset);
    assert_non_null(run->offset);
    if (!in_one_arena)
        place_apart(run, &bytes);
    else if (sy_net_memory_plan(graph, NULL, 1, run->offset, &bytes, &err) != SY_OK)
        fail_msg("%s", err.text);
    run->memory = aligned_alloc(64, bytes + 64);
    assert_non_null(run->memory);
    memset(run->memory, 0xff, bytes + 64);
}

static sy_net_tensor tensor_of(const net_memory *run, uint32_t value) {
    if (value == SY_NET_NONE)
        return (sy_net_tensor){0};
    sy_net_tensor tensor = run->graph->value[value].tensor;
    if (!(run->graph->value[value].flags & SY_NET_CONST))
        tensor.data = run->memory + run->offset[value];
    return tensor;
}

static void run_node(const net_memory *run, const sy_net_node *node) {
    sy_net_tensor in[MOST_PORTS], out[MOST_PORTS];
    sy_error err = SY_ERROR_INIT;
    assert_true(node->n_in <= MOST_PORTS && node->n_out <= MOST_PORTS);
    for (uint32_t i = 0; i < node->n_in; i++)
        in[i] = tensor_of(run, node->in[i]);
    for (uint32_t i = 0; i < node->n_out; i++)
        out[i] = tensor_of(run, node->out[i]);
    sy_net_call call = {.node = node, .in = in, .out = out, .n_in = node->n_in, .n_out = node->n_out};
    call.state = node->state;
    size_t scratch = node->op->scratch_bytes == NULL ? 0 : node->op->scratch_bytes(&call);
    call.scratch = aligned_alloc(64, (scratch + 127) / 64 * 64);
    assert_non_null(call.scratch);
    if (node->op->run(&call, &err) != SY_OK)
        fail_msg("%s", err.text);
    free(call.scratch);
}

static net_result take_outputs(const net_memory *run) {
    const sy_net_graph *graph = run->graph;
    net_result result = {0};
    for (uint32_t i = 0; i < graph->n_output; i++)
        result.count += sy_net_elements(&graph->value[graph->output[i]].tensor);
    result.value = calloc((size_t)result.count + 1, sizeof *result.value);
    assert_non_null(result.value);
    int64_t at = 0;
    for (uint32_t i = 0; i < graph->n_output; i++) {
        sy_net_tensor tensor = tensor_of(run, graph->output[i]);
        assert_false(tensor.is_last);
        for (int64_t k = 0; k < sy_net_elements(&tensor); k++)
            result.value[at++] = sy_net_get(&tensor, k);
    }
    return result;
}

net_result net_run(const test_net *net, bool in_one_arena) {
    net_memory run;
    open_run(&run, &net->graph, in_one_arena);
    for (uint32_t i = 0; i < net->graph.n_input; i++) {
        sy_net_tensor tensor = tensor_of(&run, net->graph.input[i]);
        sy_random random;
        assert_false(tensor.is_last);
        sy_random_seed(&random, 5, i);
        for (int64_t k = 0; k < sy_net_elements(&tensor); k++)
            sy_net_set(&tensor, k, 2 * sy_random_unit(&random) - 1);
    }
    for (uint32_t i = 0; i < net->graph.n_node; i++)
        run_node(&run, &net->graph.node[i]);
    net_result result = take_outputs(&run);
    free(run.memory);
    free(run.offset);
    return result;
}

void net_result_free(net_result *result) {
    free(result->value);
    *result = (net_result){0};
}

void net_assert_same(const net_result *expected, const net_result *found, double tolerance) {
    assert_int_equal(expected->count, found->count);
    for (int64_t i = 0; i < expected->count; i++) {
        double a = expected->value[i], b = found->value[i];
        bool is_same = a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= tolerance * (1 + fabs(a));
        if (!is_same)
            fail_msg("output %lld is %.9g, was %.9g", (long long)i, found->value[i], expected->value[i]);
    }
}

static uint32_t apply(test_net *net, const sy_net_pass *pass) {
    const sy_net_pass_options options = {.may_channels_last = true, .may_quantise = true, .may_join = true};
    uint32_t changes = 0, dead = 0;
    sy_error err = SY_ERROR_INIT;
    sy_status status = pass == NULL ? sy_net_passes_run(&net->graph, &options, &err)
                                    : sy_net_pass_run(pass, &net->graph, &options, &changes, &err);
    if (status == SY_OK)
        status = sy_net_pass_run(&sy_net_pass_dead, &net->graph, &options, &dead, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
    return changes;
}

uint32_t net_rewrite(test_net *net, const sy_net_pass *pass, double tolerance) {
    net_result before = net_run(net, false);
    uint32_t changes = apply(net, pass);
    net_assert_ordered(net);
    net_result apart = net_run(net, false), in_one = net_run(net, true);
    net_assert_same(&before, &apart, tolerance);
    net_assert_same(&apart, &in_one, 0);
    net_result_free(&before);
    net_result_free(&apart);
    net_result_free(&in_one);
    return changes;
}
