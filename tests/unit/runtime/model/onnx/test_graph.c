/* Models to graphs: ports, nodes, order, and what is refused, with names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/onnx/limits.h"
#include "runtime/model/ops/op.h"
#include "tests/support/onnx_model.h"

enum { INPUT = 11, OUTPUT = 12, INITIALIZER = 5, FLOAT = 1 };

static void a_graph_is_read(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "x", "y");
    onnx_begin_node(&writer, "Dropout", "y,", "z,mask");
    onnx_text(&writer, 3, "last");
    onnx_attribute_int(&writer, "seed", -5);
    onnx_end(&writer);
    onnx_port(&writer, INPUT, "x", FLOAT, "batch,3,-1,");
    onnx_port(&writer, OUTPUT, "z", FLOAT, NULL);
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_true(graph->n_node == 2 && graph->n_input == 1 && graph->n_output == 1);
    const sy_net_value *x = &graph->value[graph->input[0]], *z = &graph->value[graph->output[0]];
    assert_true(x->flags == SY_NET_INPUT && x->tensor.dtype == SY_F32 && x->tensor.rank == 3);
    assert_true(x->tensor.dim[0] == -1 && x->tensor.dim[1] == 3 && x->tensor.dim[2] == -1);
    assert_string_equal(x->dim_name[0], "batch");
    assert_null(x->dim_name[2]);
    assert_true(z->flags == SY_NET_OUTPUT && z->producer == 1 && z->tensor.rank == SY_NET_UNKNOWN_RANK);
    assert_string_equal(graph->node[0].name, "Identity 0");
    assert_string_equal(graph->node[1].name, "last");
    assert_string_equal(graph->node[1].op->name, "Dropout");
    assert_true(graph->node[1].opset == 13 && graph->node[1].n_in == 1 && graph->node[1].n_out == 2);
    assert_int_equal(sy_net_attr_int(&graph->node[1], "seed", 0), -5);
    const sy_onnx_info *info = sy_onnx_info_get(model);
    assert_true(info->ir_version == 8 && info->opset == 13 && info->file_bytes == writer.count);
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void nodes_are_brought_into_order(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "c", "d");
    onnx_node(&writer, "Identity", "a", "b");
    onnx_node(&writer, "Identity", "b", "c");
    onnx_node(&writer, "Identity", "a", "e");
    onnx_port(&writer, INPUT, "a", FLOAT, "1");
    onnx_port(&writer, OUTPUT, "d", FLOAT, "1");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    static const char *const wanted[] = {"b", "c", "d", "e"};
    for (uint32_t i = 0; i < 4; i++) {
        const sy_net_value *made = &graph->value[graph->node[i].out[0]];
        assert_string_equal(made->name, wanted[i]);
        assert_int_equal(made->producer, i);
    }
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void a_long_chain_backwards_takes_no_stack(void **state) {
    (void)state;
    enum { LENGTH = 50000 };
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    for (int i = LENGTH; i > 0; i--) {
        char in[16], out[16];
        snprintf(in, sizeof in, "v%d", i - 1);
        snprintf(out, sizeof out, "v%d", i);
        onnx_node(&writer, "Identity", in, out);
    }
    onnx_port(&writer, INPUT, "v0", FLOAT, "1");
    onnx_port(&writer, OUTPUT, "v50000", FLOAT, "1");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_string_equal(graph->value[graph->node[LENGTH - 1].out[0]].name, "v50000");
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void a_cycle_is_told(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "b", "a");
    onnx_node(&writer, "Identity", "a", "b");
    onnx_port(&writer, OUTPUT, "b", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "a cycle: node 'Identity 0'");
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "a", "a");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "a cycle");
}

static void names_have_one_meaning(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "x", "y");
    onnx_node(&writer, "Identity", "x", "y");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "node '' (Identity): two values are called 'y'");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "input 1: two values are called 'x'");
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "nowhere", "y");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "'nowhere' is read, and nothing makes it");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, OUTPUT, "y", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "output 0: 'y' is read");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, OUTPUT, "", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "output 0: has no name");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, INPUT, "", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "input 0 has no name");
}

static void an_initialiser_is_no_input(void **state) {
    (void)state;
    static const float one = 1;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_tensor(&writer, INITIALIZER, "w", FLOAT, "1", &one, sizeof one);
    onnx_port(&writer, INPUT, "w", FLOAT, "1");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_port(&writer, OUTPUT, "w", FLOAT, "1");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    assert_true(graph->n_input == 1 && graph->n_output == 1);
    assert_string_equal(graph->value[graph->input[0]].name, "x");
    assert_int_equal(graph->value[graph->output[0]].flags, SY_NET_CONST | SY_NET_OUTPUT);
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void unknown_operators_are_all_listed(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Foo", "x", "y");
    onnx_begin_node(&writer, "Bar", "y", "z");
    onnx_text(&writer, 7, "com.example");
    onnx_end(&writer);
    onnx_node(&writer, "Foo", "y", "v");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_port(&writer, OUTPUT, "z", FLOAT, "1");
    onnx_model_refused(&writer, SY_UNSUPPORTED,
        "operators that are not known: Foo (opset 13, 2 times), com.example.Bar (opset 1, 1 times)");
}

static void operators_of_our_own_are_not_for_files(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_begin_node(&writer, "Reorder", "x", "y");
    onnx_text(&writer, 7, SY_NET_OWN_DOMAIN);
    onnx_end(&writer);
    onnx_port(&writer, INPUT, "x", FLOAT, "1,2,3,4");
    onnx_port(&writer, OUTPUT, "y", FLOAT, "1,2,3,4");
    onnx_model_refused(&writer, SY_UNSUPPORTED, "steelyard.Reorder (opset 1, 1 times)");
}

static void opsets_are_those_known(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, SY_ONNX_NEWEST_OPSET + 1);
    onnx_node(&writer, "Identity", "x", "y");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_UNSUPPORTED, "opset 23; the newest that is known is 22");
    onnx_begin_model(&writer, -1);
    onnx_node(&writer, "Identity", "x", "y");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "opset -1");
    onnx_begin(&writer, 7);
    onnx_node(&writer, "Identity", "x", "y");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "no opset of the default domain is imported");
}

static void ports_of_a_node_are_counted(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "x,x", "y");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "2 inputs, must be 1 to 1");
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "x", "y,z");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "2 outputs, must be 1 to 1");
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Add", ",x", "y");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "input 0 is left out");
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Concat", "x,,x", "y");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "input 1 is left out");
    char many[2 * (SY_NET_MAX_PORTS + 1)] = "x";
    for (unsigned i = 0; i < SY_NET_MAX_PORTS; i++)
        strcat(many, ",x");
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", many, "y");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    onnx_model_refused(&writer, SY_OVERFLOW, "513 inputs and 1 outputs, at most 512 each");
}

static void outputs_that_are_left_out_are_made(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_begin_model(&writer, 13);
    onnx_node(&writer, "Identity", "x", ",");
    onnx_node(&writer, "Dropout", "x", ",mask");
    onnx_node(&writer, "Dropout", "x", "y,");
    onnx_port(&writer, INPUT, "x", FLOAT, "1");
    sy_onnx_model *model = onnx_model_of(&writer);
    const sy_net_graph *graph = sy_onnx_graph(model);
    static const uint32_t wanted[] = {1, 2, 1};
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(graph->node[i].n_out, wanted[i]);
        assert_int_equal(graph->value[graph->node[i].out[0]].producer, i);
    }
    assert_string_equal(graph->value[graph->node[1].out[0]].name, "");
    assert_string_equal(graph->value[graph->node[1].out[1]].name, "mask");
    sy_onnx_destroy(model);
    onnx_writer_free(&writer);
}

static void ports_are_tensors(void **state) {
    (void)state;
    static const struct {
        uint32_t field;
        const char *words;
    } kinds[] = {{4, "'x' is a sequence"}, {5, "'x' is a map"}, {7, "'x' is opaque"},
        {8, "'x' is a sparse tensor"}, {9, "'x' is optional"}};
    onnx_writer writer = {0};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        onnx_begin_model(&writer, 13);
        onnx_begin(&writer, INPUT);
        onnx_text(&writer, 1, "x");
        onnx_begin(&writer, 2);
        onnx_bytes(&writer, kinds[i].field, "", 0);
        onnx_model_refused(&writer, SY_UNSUPPORTED, kinds[i].words);
    }
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, INPUT, "x", 14, "1");
    onnx_model_refused(&writer, SY_UNSUPPORTED, "elements of type complex64 (14)");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, INPUT, "x", 77, "1");
    onnx_model_refused(&writer, SY_UNSUPPORTED, "elements of type unknown (77)");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, INPUT, "x", 0, "1");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "input 0: 'x' has no type of elements");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, INPUT, "x", FLOAT, "1,1,1,1,1,1,1,1,1");
    onnx_model_refused(&writer, SY_OVERFLOW, "rank is 9, at most 8");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, INPUT, "x", FLOAT, "1,-2");
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "extent 1 is -2");
    onnx_begin_model(&writer, 13);
    onnx_port(&writer, INPUT, "x", FLOAT, "4611686018427387904,4");
    onnx_model_refused(&writer, SY_OVERFLOW, "'x': a tensor of more than");
}

static void what_is_no_model_is_told(void **state) {
    (void)state;
    onnx_writer writer = {0};
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "not an ONNX model: it has no graph");
    onnx_put(&writer, "plain text, as it is written", 28);
    onnx_model_refused(&writer, SY_INVALID_ARGUMENT, "damaged at byte");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_graph_is_read),
        cmocka_unit_test(nodes_are_brought_into_order),
        cmocka_unit_test(a_long_chain_backwards_takes_no_stack),
        cmocka_unit_test(a_cycle_is_told),
        cmocka_unit_test(names_have_one_meaning),
        cmocka_unit_test(an_initialiser_is_no_input),
        cmocka_unit_test(unknown_operators_are_all_listed),
        cmocka_unit_test(operators_of_our_own_are_not_for_files),
        cmocka_unit_test(opsets_are_those_known),
        cmocka_unit_test(ports_of_a_node_are_counted),
        cmocka_unit_test(outputs_that_are_left_out_are_made),
        cmocka_unit_test(ports_are_tensors),
        cmocka_unit_test(what_is_no_model_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
