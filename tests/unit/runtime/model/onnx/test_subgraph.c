/* Graphs within graphs: what they take from around, and how that orders nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/ops/op.h"
#include "tests/support/onnx_model.h"

enum { INPUT = 11, OUTPUT = 12, FLOAT = 1, BOOL = 9, GRAPH_KIND = 5 };

/* An attribute that is a graph of one Identity of `in`; left open inside the graph. */
static void begin_branch(onnx_writer *writer, const char *name) {
    onnx_begin(writer, 5);
    onnx_text(writer, 1, name);
    onnx_number(writer, 20, GRAPH_KIND);
    onnx_begin(writer, 6);
}

static void end_branch(onnx_writer *writer) {
    onnx_end(writer);
    onnx_end(writer);
}

static void put_branch(onnx_writer *writer, const char *name, const char *in, const char *out) {
    begin_branch(writer, name);
    onnx_node(writer, "Identity", in, out);
    onnx_port(writer, OUTPUT, out, FLOAT, NULL);
    end_branch(writer);
}

static void values_around_are_taken(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_begin_node(&writer, "If", "c", "y");
    put_branch(&writer, "then_branch", "late", "t");
    put_branch(&writer, "else_branch", "x", "e");
    onnx_end(&writer);
    onnx_node(&writer, "Identity", "x", "late"); /* made after the node whose branch reads it */
    onnx_port(&writer, INPUT, "c", BOOL, "");
    onnx_port(&writer, INPUT, "x", FLOAT, "2");
    onnx_port(&writer, OUTPUT, "y", FLOAT, "2");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_string_equal(graph->node[0].op->name, "Identity");
    assert_string_equal(graph->node[1].op->name, "If");
    const sy_net_graph *branch = sy_net_attr_find(&graph->node[1], "then_branch")->graph;
    assert_int_equal(branch->n_capture, 1);
    assert_string_equal(branch->capture[0].name, "late");
    assert_int_equal(branch->node[0].in[0], branch->capture[0].inner);
    assert_ptr_equal(branch->arena, graph->arena);
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void graphs_between_take_them_too(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_begin_node(&writer, "If", "c", "y");
    begin_branch(&writer, "then_branch");
    onnx_begin_node(&writer, "If", "c", "inner");
    put_branch(&writer, "then_branch", "x", "x2");
    put_branch(&writer, "else_branch", "x", "x3");
    onnx_end(&writer);
    onnx_port(&writer, OUTPUT, "inner", FLOAT, NULL);
    end_branch(&writer);
    put_branch(&writer, "else_branch", "x", "e");
    onnx_end(&writer);
    onnx_port(&writer, INPUT, "c", BOOL, "");
    onnx_port(&writer, INPUT, "x", FLOAT, "2");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *outer = sy_net_attr_find(&sy_onnx_graph(model)->node[0], "then_branch")->graph;
    assert_int_equal(outer->n_capture, 2);
    const sy_net_graph *inner = sy_net_attr_find(&outer->node[0], "else_branch")->graph;
    assert_int_equal(inner->n_capture, 1);
    assert_string_equal(inner->capture[0].name, outer->value[onnx_value_of(outer, "x")].name);
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void a_cycle_through_a_branch_is_told(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_begin_node(&writer, "If", "c", "y");
    put_branch(&writer, "then_branch", "y", "t");
    put_branch(&writer, "else_branch", "x", "e");
    onnx_end(&writer);
    onnx_port(&writer, INPUT, "c", BOOL, "");
    onnx_port(&writer, INPUT, "x", FLOAT, "2");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "a cycle: node 'If 0'");
}

static void unknown_operators_inside_are_listed(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_begin_node(&writer, "If", "c", "y");
    begin_branch(&writer, "then_branch");
    onnx_node(&writer, "Foo", "x", "t");
    end_branch(&writer);
    onnx_end(&writer);
    onnx_node(&writer, "Bar", "x", "b");
    onnx_port(&writer, INPUT, "c", BOOL, "");
    onnx_port(&writer, INPUT, "x", FLOAT, "2");
    onnx_model_refused(&writer, SY_UNSUPPORTED, "Foo (opset 13, 1 times), Bar (opset 13, 1 times)");
}

static void errors_inside_name_both_nodes(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_begin_node(&writer, "If", "c", "y");
    put_branch(&writer, "then_branch", "nowhere", "t");
    onnx_end(&writer);
    onnx_port(&writer, INPUT, "c", BOOL, "");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT,
        "node '' (If): attribute 'then_branch': node '' (Identity): 'nowhere' is read");
    onnx_begin_model(&writer, 13);
    onnx_begin_node(&writer, "If", "c", "y");
    onnx_begin(&writer, 5);
    onnx_text(&writer, 1, "then_branch");
    onnx_number(&writer, 20, GRAPH_KIND);
    onnx_end(&writer);
    onnx_end(&writer);
    onnx_port(&writer, INPUT, "c", BOOL, "");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "attribute 'then_branch': has no graph");
}

static void the_innermost_places_are_told(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    for (int i = 0; i < 19; i++) {
        onnx_begin_node(&writer, "If", "c", "");
        begin_branch(&writer, "then_branch");
    }
    onnx_node(&writer, "Identity", "nowhere", "y");
    for (int i = 0; i < 19; i++) {
        end_branch(&writer);
        onnx_end(&writer);
    }
    onnx_port(&writer, INPUT, "c", BOOL, "");
    onnx_model_refused(
        &writer, SY_INVALID_ARGUMENT, "node '' (Identity): 'nowhere' is read, and nothing makes it");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_around_are_taken),
        cmocka_unit_test(graphs_between_take_them_too),
        cmocka_unit_test(a_cycle_through_a_branch_is_told),
        cmocka_unit_test(unknown_operators_inside_are_listed),
        cmocka_unit_test(errors_inside_name_both_nodes),
        cmocka_unit_test(the_innermost_places_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
