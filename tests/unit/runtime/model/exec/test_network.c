/* Networks loaded: their ports, and the operator by operator reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/model/exec/network.h"
#include "runtime/model/exec/reference.h"
#include "runtime/model/passes/specialise.h"
#include "tests/support/onnx_model.h"

enum { INPUT = 11, OUTPUT = 12, INITIALIZER = 5, FLOAT = 1, S64 = 7 };

/* y = (x + w) + (x + w), z = x; h is made and not read. */
static void put_model(onnx_writer *writer) {
    static const float weights[] = {10, 20};
    onnx_begin_model(writer, 13);
    onnx_node(writer, "Add", "x,w", "s");
    onnx_node(writer, "Add", "s,s", "y");
    onnx_node(writer, "Identity", "s", "h");
    onnx_node(writer, "Identity", "x", "z");
    onnx_tensor(writer, INITIALIZER, "w", FLOAT, "2", weights, sizeof weights);
    onnx_port(writer, INPUT, "x", FLOAT, "n,2");
    onnx_port(writer, OUTPUT, "y", FLOAT, NULL);
    onnx_port(writer, OUTPUT, "z", FLOAT, "n,2");
    while (writer->depth > 0)
        onnx_end(writer);
}

static void ports_are_told(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_error err = SY_ERROR_INIT;
    sy_network *network = NULL;
    put_model(&writer);
    assert_int_equal(sy_network_read(writer.bytes, writer.count, &network, &err), SY_OK);
    sy_network_port port = {.size = sizeof port};
    assert_int_equal(sy_network_port_get(network, 0, &port, &err), SY_OK);
    assert_true(port.size == sizeof port && port.is_output == 0 && port.dtype == SY_F32 && port.rank == 2);
    assert_string_equal(port.name, "x");
    assert_true(port.dim[0] == -1 && port.dim[1] == 2);
    assert_string_equal(port.dim_name[0], "n");
    assert_string_equal(port.dim_name[1], "");
    assert_int_equal(sy_network_port_get(network, 1, &port, &err), SY_OK);
    assert_true(port.is_output == 1 && port.rank == UINT32_MAX);
    assert_string_equal(port.name, "y");
    assert_int_equal(sy_network_port_get(network, 2, &port, &err), SY_OK);
    assert_string_equal(port.name, "z");
    assert_int_equal(sy_network_port_get(network, 3, &port, &err), SY_UNAVAILABLE);
    sy_network_destroy(network);
    sy_network_destroy(NULL);
    onnx_writer_free(&writer);
}

static void an_older_caller_gets_what_it_knows(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_network *network = NULL;
    put_model(&writer);
    assert_int_equal(sy_network_read(writer.bytes, writer.count, &network, NULL), SY_OK);
    sy_network_port port;
    memset(&port, 0xee, sizeof port);
    port.size = (uint32_t)offsetof(sy_network_port, name);
    assert_int_equal(sy_network_port_get(network, 0, &port, NULL), SY_OK);
    assert_true(port.rank == 2 && port.size == offsetof(sy_network_port, name));
    const unsigned char *after = (const unsigned char *)&port + port.size;
    for (size_t i = 0; i < sizeof port - port.size; i++)
        assert_int_equal(after[i], 0xee);
    sy_network_destroy(network);
    onnx_writer_free(&writer);
}

static void what_cannot_be_read_is_no_network(void **state) {
    (void)state;
    sy_error err = SY_ERROR_INIT;
    sy_network *network = (sy_network *)&err;
    assert_int_equal(sy_network_load("/nonexistent/model.onnx", &network, &err), SY_IO);
    assert_null(network);
    network = (sy_network *)&err;
    assert_int_equal(sy_network_read("text", 4, &network, &err), SY_INVALID_ARGUMENT);
    assert_null(network);
}

static void the_last_allocation_may_fail(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_network *network = NULL;
    put_model(&writer);
    sy_seam_arm(SY_SEAM_ALLOC, UINT64_MAX);
    assert_int_equal(sy_network_read(writer.bytes, writer.count, &network, NULL), SY_OK);
    uint64_t calls = sy_seam_disarm();
    sy_network_destroy(network);
    sy_seam_arm(SY_SEAM_ALLOC, calls);
    assert_int_equal(sy_network_read(writer.bytes, writer.count, &network, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_null(network);
    onnx_writer_free(&writer);
}

/* The model with n = 2, ready to run. */
typedef struct ready_model {
    onnx_writer writer;
    sy_onnx_model *model;
    sy_net_arena arena;
    sy_net_graph *graph;
    float x[4];
    sy_net_tensor in, out[2];
} ready_model;

static void set_up(ready_model *made) {
    static const sy_network_bind bind = {.name = "n", .dim = {2}};
    *made = (ready_model){.x = {1, 2, 3, 4}};
    put_model(&made->writer);
    made->model = onnx_model_of(&made->writer);
    assert_int_equal(
        sy_net_specialise(sy_onnx_graph(made->model), &bind, 1, NULL, &made->arena, &made->graph, NULL),
        SY_OK);
    made->in = made->graph->value[made->graph->input[0]].tensor;
    made->in.data = made->x;
}

static void tear_down(ready_model *made) {
    sy_net_arena_release(&made->arena);
    sy_onnx_destroy(made->model);
    onnx_writer_free(&made->writer);
}

static void the_reference_computes(void **state) {
    (void)state;
    static const float wanted[] = {22, 44, 26, 48};
    ready_model made;
    sy_error err = SY_ERROR_INIT;
    set_up(&made);
    assert_int_equal(sy_net_evaluate(made.graph, &made.in, 1, made.out, 2, &made.arena, NULL, &err), SY_OK);
    assert_true(made.out[0].rank == 2 && made.out[0].dim[0] == 2);
    assert_memory_equal(made.out[0].data, wanted, sizeof wanted);
    assert_memory_equal(made.out[1].data, made.x, sizeof made.x);
    tear_down(&made);
}

static void wrong_inputs_are_told(void **state) {
    (void)state;
    ready_model made;
    sy_error err = SY_ERROR_INIT;
    set_up(&made);
    assert_int_equal(
        sy_net_evaluate(made.graph, &made.in, 0, made.out, 2, &made.arena, NULL, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "0 inputs, must be 1");
    assert_int_equal(
        sy_net_evaluate(made.graph, &made.in, 1, made.out, 1, &made.arena, NULL, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "1 outputs, must be 2");
    made.in.dim[0] = 3;
    assert_int_equal(
        sy_net_evaluate(made.graph, &made.in, 1, made.out, 2, &made.arena, NULL, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "input 'x' is f32[3,2], must be f32[2,2]");
    tear_down(&made);
}

static void each_allocation_of_a_run_may_fail(void **state) {
    (void)state;
    ready_model made;
    uint64_t calls = 1;
    set_up(&made);
    for (uint64_t k = 1; k <= calls + 1; k++) {
        sy_net_arena arena = {0};
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_net_evaluate(made.graph, &made.in, 1, made.out, 2, &arena, NULL, NULL);
        calls = sy_seam_disarm();
        assert_int_equal(status, k <= calls ? SY_OUT_OF_MEMORY : SY_OK);
        sy_net_arena_release(&arena);
    }
    assert_true(calls > 8);
    tear_down(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_are_told),
        cmocka_unit_test(an_older_caller_gets_what_it_knows),
        cmocka_unit_test(what_cannot_be_read_is_no_network),
        cmocka_unit_test(the_last_allocation_may_fail),
        cmocka_unit_test(the_reference_computes),
        cmocka_unit_test(wrong_inputs_are_told),
        cmocka_unit_test(each_allocation_of_a_run_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
