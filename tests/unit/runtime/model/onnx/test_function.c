/* Functions: bodies in place of calls, their attributes, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/ops/op.h"
#include "tests/support/onnx_model.h"

enum { INPUT = 11, OUTPUT = 12, FLOAT = 1, FUNCTION = 25 };

/* A model that calls f(x) -> y in the domain "our"; its functions come after. */
static void begin_calls(onnx_writer *writer, const char *in, const char *out) {
    onnx_begin_model(writer, 13);
    onnx_begin_node(writer, "f", in, out);
    onnx_text(writer, 7, "our");
    onnx_attribute_int(writer, "seed", 7);
    onnx_end(writer);
    onnx_port(writer, INPUT, "x", FLOAT, "2");
    onnx_port(writer, OUTPUT, "y", FLOAT, "2");
    onnx_end(writer);
}

/* A function, left open for its nodes. */
static void begin_function(onnx_writer *writer, const char *name, const char *in, const char *out) {
    onnx_begin(writer, FUNCTION);
    onnx_text(writer, 1, name);
    onnx_text(writer, 10, "our");
    onnx_begin(writer, 9);
    onnx_number(writer, 2, 13);
    onnx_end(writer);
    if (in[0] != '\0')
        onnx_text(writer, 4, in);
    onnx_text(writer, 5, out);
}

/* Nodes of functions are field 7 where those of graphs are field 1. */
static void put_node(
    onnx_writer *writer, const char *domain, const char *op, const char *in, const char *out) {
    onnx_begin(writer, 7);
    onnx_text(writer, 1, in);
    onnx_text(writer, 2, out);
    onnx_text(writer, 4, op);
    onnx_text(writer, 7, domain);
    onnx_end(writer);
}

static void a_body_takes_the_place_of_its_call(void **state) {
    (void)state;
    onnx_writer writer = {0};
    begin_calls(&writer, "x", "y");
    begin_function(&writer, "f", "a", "b");
    put_node(&writer, "", "Identity", "a", "inner");
    put_node(&writer, "", "Identity", "inner", "b");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_int_equal(graph->n_node, 2);
    assert_int_equal(graph->node[0].in[0], graph->input[0]);
    assert_int_equal(graph->node[1].out[0], graph->output[0]);
    assert_int_equal(graph->node[1].in[0], graph->node[0].out[0]);
    assert_string_equal(graph->value[graph->node[0].out[0]].name, "call1/inner");
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void calls_do_not_share_values(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    static const char *const names[] = {"x", "m", "y"};
    for (int i = 0; i < 2; i++) {
        onnx_begin_node(&writer, "f", names[i], names[i + 1]);
        onnx_text(&writer, 7, "our");
        onnx_end(&writer);
    }
    onnx_port(&writer, INPUT, "x", FLOAT, "2");
    onnx_port(&writer, OUTPUT, "y", FLOAT, "2");
    onnx_end(&writer);
    begin_function(&writer, "f", "x", "y"); /* names of the graph mean nothing inside */
    put_node(&writer, "our", "g", "x", "m");
    put_node(&writer, "", "Identity", "m", "y");
    onnx_end(&writer);
    begin_function(&writer, "g", "a", "b");
    put_node(&writer, "", "Identity", "a", "b");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_int_equal(graph->n_node, 4);
    for (uint32_t i = 1; i < 4; i++)
        assert_int_equal(graph->node[i].in[0], graph->node[i - 1].out[0]);
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

/* f with one Dropout whose `seed` refers to the attribute `wanted` of the call. */
static void put_referring(onnx_writer *writer, const char *wanted) {
    begin_function(writer, "f", "a", "b");
    onnx_begin(writer, 7);
    onnx_text(writer, 1, "a");
    onnx_text(writer, 2, "b");
    onnx_text(writer, 4, "Dropout");
    onnx_begin(writer, 5);
    onnx_text(writer, 1, "seed");
    onnx_text(writer, 21, wanted);
    onnx_number(writer, 20, 2);
    onnx_end(writer);
    onnx_end(writer);
}

static void attributes_refer_to_the_call(void **state) {
    (void)state;
    static const struct {
        const char *wanted;
        int64_t seed; /* -1: absent */
    } rows[] = {{"seed", 7}, {"other", 9}, {"none", -1}};
    for (size_t i = 0; i < 3; i++) {
        onnx_writer writer = {0};
        begin_calls(&writer, "x", "y");
        put_referring(&writer, rows[i].wanted);
        for (int own = 0; own < 2; own++) { /* the call's own comes before a default */
            onnx_begin(&writer, 11);
            onnx_text(&writer, 1, own == 0 ? "seed" : "other");
            onnx_number(&writer, 3, 9);
            onnx_number(&writer, 20, 2);
            onnx_end(&writer);
        }
        sy_onnx_model *model = onnx_model_of(&writer);
        assert_int_equal(sy_net_attr_int(&sy_onnx_graph(model)->node[0], "seed", -1), rows[i].seed);
        sy_onnx_destroy(model);
        onnx_writer_free(&writer);
    }
}

static void an_input_may_be_passed_on(void **state) {
    (void)state;
    onnx_writer writer = {0};
    begin_calls(&writer, "x", "y");
    begin_function(&writer, "f", "a", "a");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_int_equal(graph->n_node, 1);
    assert_string_equal(graph->node[0].op->name, "Identity");
    assert_true(graph->node[0].in[0] == graph->input[0] && graph->node[0].out[0] == graph->output[0]);
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void wrong_functions_are_refused(void **state) {
    (void)state;
    onnx_writer writer = {0};
    begin_calls(&writer, "x", "y");
    begin_function(&writer, "f", "a", "b");
    put_node(&writer, "our", "f", "a", "b");
    onnx_model_refused(&writer, SY_OVERFLOW, "more than 16 functions within each other");
    begin_calls(&writer, "x,x", "y");
    begin_function(&writer, "f", "a", "b");
    put_node(&writer, "", "Identity", "a", "b");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "2 inputs and 1 outputs for a function of 1 and 1");
    begin_calls(&writer, "x", "y");
    begin_function(&writer, "f", "a", "b");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "the function does not make its output 'b'");
    begin_calls(&writer, "x", "y");
    begin_function(&writer, "f", "a", "b");
    put_node(&writer, "", "Identity", "x", "b"); /* of the graph, not of the function */
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "function 'f': node '' (Identity): 'x' is read");
    begin_calls(&writer, "x", "y");
    begin_function(&writer, "f", "a", "b");
    onnx_text(&writer, 4, "a");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "two inputs 'a' of a function");
    begin_calls(&writer, "x", "y");
    begin_function(&writer, "f", "a", "b");
    put_node(&writer, "", "Foo", "a", "b");
    onnx_model_refused(&writer, SY_UNSUPPORTED, "operators that are not known: Foo (opset 13, 1 times)");
}

/* Sixteen functions, each of four calls of the next one. */
static void calls_do_not_grow_without_bound(void **state) {
    (void)state;
    onnx_writer writer = {0};
    begin_calls(&writer, "x", "y");
    for (char name = 'f'; name < 'f' + 12; name++) {
        char own[2] = {name}, next[2] = {(char)(name + 1)};
        begin_function(&writer, own, "a", "b");
        put_node(&writer, "our", next, "a", "c");
        put_node(&writer, "our", next, "c", "d");
        put_node(&writer, "our", next, "d", "e");
        put_node(&writer, "our", next, "e", "b");
        onnx_end(&writer);
    }
    begin_function(&writer, "r", "a", "b");
    put_node(&writer, "", "Identity", "a", "b");
    onnx_model_refused(&writer, SY_OVERFLOW, "more than 262144 nodes");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_takes_the_place_of_its_call),
        cmocka_unit_test(calls_do_not_share_values),
        cmocka_unit_test(attributes_refer_to_the_call),
        cmocka_unit_test(an_input_may_be_passed_on),
        cmocka_unit_test(wrong_functions_are_refused),
        cmocka_unit_test(calls_do_not_grow_without_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
