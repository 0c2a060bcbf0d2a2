/* Networks compiled in bf16: within the roundings of f32. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/random.h"
#include "tests/unit/runtime/model/exec/type_trial.h"

static void weight(onnx_writer *w, const char *name, const char *extents, size_t count) {
    float value[MOST];
    sy_random random;
    sy_random_seed(&random, 6, count);
    for (size_t i = 0; i < count; i++)
        value[i] = (float)(2 * sy_random_unit(&random) - 1) * 0.3f;
    onnx_tensor(w, INITIALIZER, name, FLOAT, extents, value, count * sizeof *value);
}

static void draw_images(onnx_writer *w) {
    onnx_begin_model(w, 17);
    onnx_begin_node(w, "Conv", "x,w1,b1", "c1");
    type_trial_attribute(w, "pads", 1, 4);
    onnx_end(w);
    onnx_node(w, "Relu", "c1", "r1");
    onnx_begin_node(w, "MaxPool", "r1", "p1");
    type_trial_attribute(w, "kernel_shape", 2, 2);
    onnx_end(w);
    onnx_begin_node(w, "Conv", "p1,w2,b2", "c2");
    type_trial_attribute(w, "pads", 1, 4);
    onnx_end(w);
    onnx_node(w, "Add", "c2,p1", "s2");
    onnx_node(w, "GlobalAveragePool", "s2", "g");
    onnx_node(w, "Flatten", "g", "f");
    onnx_node(w, "Gemm", "f,w3,b3", "y");
    weight(w, "w1", "8,6,3,3", 8 * 6 * 9);
    weight(w, "b1", "8,", 8);
    weight(w, "w2", "8,8,3,3", 8 * 8 * 9);
    weight(w, "b2", "8,", 8);
    weight(w, "w3", "8,5", 40);
    weight(w, "b3", "5,", 5);
    onnx_port(w, INPUT, "x", FLOAT, "2,6,9,8");
    onnx_port(w, OUTPUT, "y", FLOAT, NULL);
    onnx_end(w);
}

/* Attention over tokens without heads, with a residual and a normalisation. */
static void draw_tokens(onnx_writer *w) {
    onnx_begin_model(w, 17);
    onnx_node(w, "MatMul", "x,wq", "q");
    onnx_node(w, "MatMul", "x,wk", "k");
    onnx_begin_node(w, "Transpose", "k", "kt");
    onnx_begin(w, 5);
    onnx_text(w, 1, "perm");
    for (int i = 0; i < 3; i++)
        onnx_number(w, 8, (const int[]){0, 2, 1}[i]);
    onnx_number(w, 20, 7);
    onnx_end(w);
    onnx_end(w);
    onnx_node(w, "MatMul", "q,kt", "a");
    onnx_node(w, "Softmax", "a", "p");
    onnx_node(w, "MatMul", "p,x", "v");
    onnx_node(w, "Add", "v,x", "r");
    onnx_node(w, "LayerNormalization", "r,g,b", "n");
    onnx_node(w, "MatMul", "n,wq", "y");
    weight(w, "wq", "16,16", 256);
    weight(w, "wk", "16,16", 256);
    weight(w, "g", "16,", 16);
    weight(w, "b", "16,", 16);
    onnx_port(w, INPUT, "x", FLOAT, "2,7,16");
    onnx_port(w, OUTPUT, "y", FLOAT, NULL);
    onnx_end(w);
}

/* roundings: values on the longest way from input to output that are rounded. */
static void check_bf16(
    sy_runtime *runtime, void (*make)(onnx_writer *), const char *device, uint32_t steps, double roundings) {
    static type_trial wanted, found;
    onnx_writer writer = {0};
    double largest = 0, error = 0;
    make(&writer);
    wanted = (type_trial){.device = "cpu?threads=1", .is_reference = true};
    found = (type_trial){.device = device, .dtype = SY_BF16};
    type_trial_run(runtime, &writer, &wanted);
    type_trial_run(runtime, &writer, &found);
    assert_int_equal(wanted.info.bf16_steps, 0);
    assert_int_equal(found.info.bf16_steps, steps);
    assert_int_equal(wanted.out_bytes, found.out_bytes);
    for (uint64_t i = 0; i < wanted.out_bytes / sizeof(float); i++) {
        float is, was;
        memcpy(&is, found.out + i * sizeof is, sizeof is);
        memcpy(&was, wanted.out + i * sizeof was, sizeof was);
        largest = fmax(largest, fabs((double)was));
        error = fmax(error, fabs((double)is - (double)was));
    }
    assert_true(error > 0 && error <= roundings * 0x1p-8 * largest);
    onnx_writer_free(&writer);
}

static void bf16_is_near(void **state) {
    check_bf16(*state, draw_images, "cpu", 3, 8);
    check_bf16(*state, draw_tokens, "cpu?threads=1", 5, 10);
    check_bf16(*state, draw_images, "sim:0", 3, 8);
}

static void steps_name_their_types(void **state) {
    onnx_writer writer = {0};
    sy_network *network = NULL;
    sy_context *context = NULL;
    sy_compiled *compiled = NULL;
    const sy_compile_options options = {.size = sizeof options, .dtype = SY_BF16};
    draw_images(&writer);
    assert_int_equal(sy_network_read(writer.bytes, writer.count, &network, NULL), SY_OK);
    assert_int_equal(sy_context_open(*state, "cpu", &context, NULL), SY_OK);
    assert_int_equal(sy_compiled_create(network, context, &options, &compiled, NULL), SY_OK);
    sy_compiled_step step = {.size = sizeof step};
    uint32_t in_bf16 = 0;
    for (uint32_t i = 0; sy_compiled_step_get(compiled, i, &step, NULL) == SY_OK; i++)
        in_bf16 += strcmp(step.op, "Conv") == 0 && step.dtype == SY_BF16;
    assert_int_equal(in_bf16, 2);
    assert_int_equal(step.dtype, SY_F32); /* the last one: what the caller gets */
    sy_compiled_destroy(compiled);
    sy_context_close(context);
    sy_network_destroy(network);
    onnx_writer_free(&writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bf16_is_near),
        cmocka_unit_test(steps_name_their_types),
    };
    return cmocka_run_group_tests(tests, type_trial_set_up, type_trial_tear_down);
}
