/* Weights on their way to the device: wherever they lie in a file, however often and by whomever they are
 * read, results are the same, and what nobody reads any more is let go. Whole numbers, so that sums are
 * exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/builtin/builtin.h"
#include "backends/sim/sim.h"
#include "runtime/model/exec/exec.h"
#include "tests/support/onnx_writer.h"

/* SIZE * SIZE floats are more than what is copied at once whatever its address. */
enum { INPUT = 11, OUTPUT = 12, INITIALIZER = 5, FLOAT = 1, LONG = 7, SIZE = 160, ROW = 3 };

/* Of w, v: element (i, j). */
static float weight_of(unsigned seed, int i, int j) {
    return (float)((i * 3 + j * 5 + (int)seed * 7 + i * j % 3) % 5 - 2);
}

static void put_weight(onnx_writer *w, const char *name, unsigned seed) {
    float *value = calloc((size_t)SIZE * SIZE, sizeof *value);
    for (int i = 0; i < SIZE * SIZE; i++)
        value[i] = weight_of(seed, i / SIZE, i % SIZE);
    onnx_tensor(w, INITIALIZER, name, FLOAT, "160,160", value, (size_t)SIZE * SIZE * sizeof *value);
    free(value);
}

/* y = x w w, z = x w' (another form of w), g = row i of w (read on the host), u = x v (once). `shift` bytes
 * stand before all. */
static void draw(onnx_writer *w, size_t shift) {
    static const char *const names[] = {"", "a", "ab", "abc"};
    onnx_text(w, 2, names[shift]); /* producer_name */
    onnx_begin_model(w, 17);
    onnx_node(w, "MatMul", "x,w", "xw");
    onnx_node(w, "MatMul", "xw,w", "y");
    onnx_begin_node(w, "Gemm", "x,w", "z");
    onnx_attribute_int(w, "transB", 1);
    onnx_end(w);
    onnx_node(w, "Gather", "w,i", "g");
    onnx_node(w, "MatMul", "x,v", "u");
    put_weight(w, "w", 1);
    put_weight(w, "v", 2);
    onnx_port(w, INPUT, "x", FLOAT, "1,160");
    onnx_port(w, INPUT, "i", LONG, "1");
    onnx_port(w, OUTPUT, "y", FLOAT, "1,160");
    onnx_port(w, OUTPUT, "z", FLOAT, "1,160");
    onnx_port(w, OUTPUT, "g", FLOAT, "1,160");
    onnx_port(w, OUTPUT, "u", FLOAT, "1,160");
    while (w->depth > 0)
        onnx_end(w);
}

static sy_network *load(size_t shift) {
    onnx_writer w = {0};
    char path[] = "/tmp/steelyard-constants-XXXXXX";
    const int fd = mkstemp(path);
    sy_network *network = NULL;
    sy_error err = SY_ERROR_INIT;
    draw(&w, shift);
    assert_true(fd >= 0 && write(fd, w.bytes, w.count) == (ssize_t)w.count && close(fd) == 0);
    if (sy_network_load(path, &network, &err) != SY_OK)
        fail_msg("%s", err.text);
    unlink(path);
    onnx_writer_free(&w);
    return network;
}

static float x_of(int i) {
    return (float)(i % 3 - 1);
}

static void check_row(const float *got, unsigned seed, bool is_turned, const float *x) {
    for (int j = 0; j < SIZE; j++) {
        float sum = 0;
        for (int i = 0; i < SIZE; i++)
            sum += x[i] * (is_turned ? weight_of(seed, j, i) : weight_of(seed, i, j));
        assert_true(got[j] == sum);
    }
}

static void check_run(sy_compiled *compiled) {
    float x[SIZE], xw[SIZE] = {0}, y[SIZE], z[SIZE], g[SIZE], u[SIZE];
    const int64_t row = ROW;
    const void *in[2] = {x, &row};
    void *out[4] = {y, z, g, u};
    sy_instance *instance = NULL;
    sy_error err = SY_ERROR_INIT;
    for (int i = 0; i < SIZE; i++)
        x[i] = x_of(i);
    for (int j = 0; j < SIZE; j++)
        for (int i = 0; i < SIZE; i++)
            xw[j] += x[i] * weight_of(1, i, j);
    if (sy_instance_create(compiled, &instance, &err) != SY_OK ||
        sy_instance_run(instance, in, 2, out, 4, &err) != SY_OK)
        fail_msg("%s", err.text);
    check_row(y, 1, false, xw);
    check_row(z, 1, true, x);
    check_row(u, 2, false, x);
    for (int j = 0; j < SIZE; j++)
        assert_true(g[j] == weight_of(1, ROW, j));
    sy_instance_destroy(instance);
}

static const sy_net_tensor *constant_of(const sy_compiled *compiled, const char *name) {
    const sy_net_graph *graph = compiled->graph;
    for (uint32_t i = 0; i < graph->n_value; i++)
        if (strcmp(graph->value[i].name, name) == 0)
            return &graph->value[i].tensor;
    fail_msg("no value %s", name);
    return NULL;
}

/* Whether the memory of v, which has been packed, was let go: the file's own is not. */
static bool check_device(sy_runtime *runtime, const char *device, size_t shift) {
    const sy_compile_options options = {.size = sizeof options};
    sy_network *network = load(shift);
    sy_context *context = NULL;
    sy_compiled *compiled = NULL;
    bool is_let_go = false;
    sy_error err = SY_ERROR_INIT;
    if (sy_context_open(runtime, device, &context, &err) != SY_OK)
        fail_msg("%s", err.text);
    for (int round = 0; round < 2; round++) { /* the network is as before, whatever compiling let go */
        if (sy_compiled_create(network, context, &options, &compiled, &err) != SY_OK)
            fail_msg("%s", err.text);
        check_run(compiled);
        assert_non_null(constant_of(compiled, "w")->data); /* Gather reads it */
        is_let_go = constant_of(compiled, "v")->data == NULL;
        sy_compiled_destroy(compiled);
    }
    sy_context_close(context);
    sy_network_destroy(network);
    return is_let_go;
}

/* Of four addresses in a row one suits floats. */
static void weights_may_lie_anywhere(void **state) {
    static const char *const devices[] = {"cpu?threads=1", "cpu?threads=2", "sim:0"};
    static const sy_builtin sim = {.name = "sim", .query = sy_sim_query};
    const sy_builtin all[2] = {sy_builtins[0], sim};
    const sy_runtime_options options = {.size = sizeof options, .builtins = all, .builtin_count = 2};
    sy_runtime *runtime = NULL;
    (void)state;
    assert_int_equal(sy_runtime_create(&options, &runtime, NULL), SY_OK);
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        int let_go = 0;
        for (size_t shift = 0; shift < 4; shift++)
            let_go += check_device(runtime, devices[i], shift);
        assert_int_equal(let_go, 3);
    }
    sy_runtime_destroy(runtime);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(weights_may_lie_anywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
