/* Products of bytes in compiled networks: bit for bit what the operators give. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/random.h"
#include "tests/unit/runtime/model/exec/type_trial.h"

enum { FILTERS = 8, CHANNELS = 6 };

static void scalar(onnx_writer *w, const char *name, float value) {
    onnx_tensor(w, INITIALIZER, name, FLOAT, "", &value, sizeof value);
}

static void byte(onnx_writer *w, const char *name, int32_t type, int value) {
    uint8_t raw = (uint8_t)value;
    onnx_tensor(w, INITIALIZER, name, type, "", &raw, 1);
}

static void bytes(onnx_writer *w, const char *name, int32_t type, const char *extents, size_t count) {
    uint8_t raw[MOST];
    sy_random random;
    sy_random_seed(&random, 3, count);
    for (size_t i = 0; i < count; i++)
        raw[i] = (uint8_t)(sy_random_unit(&random) * 256);
    onnx_tensor(w, INITIALIZER, name, type, extents, raw, count);
}

/* One product of bytes. Types and zero points of x, w and y; ratio: of the scales together. */
typedef struct form {
    const char *op;
    int32_t x, w, y;
    int x_zero, w_zero, y_zero;
    double ratio;
    int pad, group, stride, batch;
    bool has_bias, is_each, is_on_host;
} form;

static bool is_linear(const form *f) {
    return f->op[0] == 'Q';
}

static bool is_conv(const form *f) {
    return strstr(f->op, "Conv") != NULL;
}

/* Counts that are left out are 1. */
static form fill(const form *given) {
    form f = *given;
    f.group += f.group == 0;
    f.stride += f.stride == 0;
    f.batch += f.batch == 0;
    return f;
}

/* Scales and zero points of the weights, one or one a column. */
static void weigh(onnx_writer *w, const form *f) {
    float scale[FILTERS];
    uint8_t zero[FILTERS];
    for (int i = 0; i < FILTERS; i++) {
        scale[i] = f->is_each ? 0.25f * (float)(i + 1) : 1;
        zero[i] = (uint8_t)(f->w_zero);
    }
    size_t count = f->is_each ? FILTERS : 1;
    onnx_tensor(w, INITIALIZER, "ws", FLOAT, f->is_each ? "8," : "", scale, count * sizeof *scale);
    onnx_tensor(w, INITIALIZER, "wz", f->w, f->is_each ? "8," : "", zero, count);
}

static void draw(onnx_writer *w, const form *given) {
    const form filled = fill(given), *f = &filled;
    char extents[64];
    int32_t bias[FILTERS];
    const char *in =
        is_linear(f) ? (f->has_bias ? "x,xs,xz,w,ws,wz,ys,yz,b" : "x,xs,xz,w,ws,wz,ys,yz") : "x,w,xz,wz";
    onnx_begin_model(w, 17);
    onnx_begin_node(w, f->op, in, "y");
    if (is_conv(f)) {
        type_trial_attribute(w, "pads", f->pad, 4);
        type_trial_attribute(w, "strides", f->stride, 2);
        onnx_attribute_int(w, "group", f->group);
    }
    onnx_end(w);
    int taps = is_conv(f) ? 9 : 1, depth = CHANNELS / f->group;
    snprintf(extents, sizeof extents, is_conv(f) ? "8,%d,3,3" : "%d,8", depth);
    bytes(w, "w", f->w, extents, (size_t)(FILTERS * depth * taps));
    weigh(w, f);
    byte(w, "xz", f->x, f->x_zero);
    if (is_linear(f)) {
        scalar(w, "xs", (float)f->ratio);
        scalar(w, "ys", 1);
        byte(w, "yz", f->y, f->y_zero);
    }
    for (int i = 0; i < FILTERS; i++)
        bias[i] = (i * 7919) % 4001 - 2000;
    if (f->has_bias)
        onnx_tensor(w, INITIALIZER, "b", INT32, "8,", bias, sizeof bias);
    snprintf(extents, sizeof extents, is_conv(f) ? "%d,6,7,5" : "%d,5,6", f->batch);
    onnx_port(w, INPUT, "x", f->x, extents);
    onnx_port(w, OUTPUT, "y", f->y, NULL);
    onnx_end(w);
}

static void check(sy_runtime *runtime, const form *f, const char *device) {
    static type_trial wanted, found;
    onnx_writer writer = {0};
    draw(&writer, f);
    wanted = (type_trial){.device = "cpu?threads=1", .is_reference = true};
    found = (type_trial){.device = device};
    type_trial_run(runtime, &writer, &wanted);
    type_trial_run(runtime, &writer, &found);
    assert_int_equal(wanted.info.device_steps, 0);
    assert_int_equal(found.info.byte_steps, f->is_on_host ? 0 : 1);
    assert_int_equal(wanted.out_bytes, found.out_bytes);
    for (uint64_t i = 0; i < wanted.out_bytes; i++)
        if (wanted.out[i] != found.out[i])
            fail_msg("%s x=%d w=%d y=%d zero %d %d: byte %llu is %u, the operator gives %u", f->op, f->x,
                f->w, f->y, f->x_zero, f->w_zero, (unsigned long long)i, found.out[i], wanted.out[i]);
    onnx_writer_free(&writer);
}

#define CONV .op = "QLinearConv"
#define SUMS .op = "ConvInteger", .y = INT32
#define MATMUL .op = "QLinearMatMul"
#define MATSUM .op = "MatMulInteger", .y = INT32

static const form convolutions[] = {
    {CONV, .x = UINT8, .w = INT8, .y = UINT8, .ratio = 0.003, .y_zero = 128},
    {CONV, .x = UINT8, .w = INT8, .y = UINT8, .x_zero = 131, .ratio = 0.003, .y_zero = 7, .has_bias = true},
    {CONV, .x = INT8, .w = INT8, .y = INT8, .x_zero = -128, .ratio = 0.002, .y_zero = -5, .is_each = true},
    {CONV, .x = INT8, .w = INT8, .y = UINT8, .x_zero = 127, .ratio = 0.5}, /* many ties, and saturation */
    {CONV, .x = UINT8, .w = UINT8, .y = UINT8, .w_zero = 128, .ratio = 0.0078125, .y_zero = 100},
    {CONV, .x = UINT8, .w = UINT8, .y = INT8, .ratio = 0.001, .is_each = true},
    {CONV, .x = UINT8, .w = INT8, .y = UINT8, .pad = 1, .ratio = 0.003, .y_zero = 128, .has_bias = true},
    {CONV, .x = UINT8, .w = INT8, .y = UINT8, .x_zero = 255, .pad = 1, .ratio = 0.0015, .y_zero = 99},
    {CONV, .x = INT8, .w = INT8, .y = INT8, .x_zero = -3, .pad = 2, .ratio = 0.003, .is_each = true},
    {CONV, .x = UINT8, .w = UINT8, .y = UINT8, .x_zero = 9, .w_zero = 128, .pad = 1, .ratio = 0.004,
        .has_bias = true, .batch = 3},
    {CONV, .x = UINT8, .w = INT8, .y = UINT8, .x_zero = 20, .pad = 1, .ratio = 0.004, .group = 2},
    {CONV, .x = UINT8, .w = INT8, .y = UINT8, .x_zero = 20, .pad = 1, .ratio = 0.004, .stride = 2},
    {SUMS, .x = UINT8, .w = INT8},
    {SUMS, .x = INT8, .w = INT8, .x_zero = -100, .pad = 1},
    {SUMS, .x = UINT8, .w = UINT8, .x_zero = 100, .w_zero = 128},
    /* Weights between -3 and 252 are no s8: the host's. */
    {CONV, .x = UINT8, .w = UINT8, .y = UINT8, .w_zero = 3, .ratio = 0.003, .is_on_host = true},
    {CONV, .x = UINT8, .w = INT8, .y = UINT8, .w_zero = -2, .ratio = 0.003, .is_on_host = true},
};

static const form products[] = {
    {MATMUL, .x = UINT8, .w = INT8, .y = UINT8, .ratio = 0.01, .y_zero = 128},
    {MATMUL, .x = UINT8, .w = INT8, .y = UINT8, .x_zero = 77, .ratio = 0.01, .y_zero = 128},
    {MATMUL, .x = INT8, .w = INT8, .y = INT8, .x_zero = -128, .ratio = 0.5, .batch = 3},
    {MATMUL, .x = UINT8, .w = UINT8, .y = UINT8, .x_zero = 3, .w_zero = 128, .ratio = 0.01, .is_each = true},
    {MATMUL, .x = UINT8, .w = UINT8, .y = UINT8, .w_zero = 1, .ratio = 0.01, .is_on_host = true},
    {MATSUM, .x = UINT8, .w = INT8, .x_zero = 5},
    {MATSUM, .x = INT8, .w = UINT8, .batch = 2},
};

static void bytes_are_exactly_those_of_the_operators(void **state) {
    for (size_t i = 0; i < sizeof convolutions / sizeof convolutions[0]; i++)
        check(*state, &convolutions[i], "cpu");
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++)
        check(*state, &products[i], "cpu?threads=1");
}

static void on_a_card_as_well(void **state) {
    for (size_t i = 0; i < sizeof convolutions / sizeof convolutions[0]; i += 3)
        check(*state, &convolutions[i], "sim:0");
    check(*state, &products[1], "sim:0");
}

/* Bytes written as f32: Q DQ, Conv, Relu, Q DQ. */
static void draw_as_f32(onnx_writer *w) {
    onnx_begin_model(w, 17);
    onnx_node(w, "QuantizeLinear", "x,xs,xz", "q");
    onnx_node(w, "DequantizeLinear", "q,xs,xz", "d");
    onnx_node(w, "DequantizeLinear", "w,ws,wz", "dw");
    onnx_begin_node(w, "Conv", "d,dw", "c");
    type_trial_attribute(w, "pads", 1, 4);
    onnx_end(w);
    onnx_node(w, "Relu", "c", "r");
    onnx_node(w, "QuantizeLinear", "r,ys,yz", "p");
    onnx_node(w, "DequantizeLinear", "p,ys,yz", "y");
    bytes(w, "w", INT8, "8,6,3,3", 8 * 6 * 9);
    scalar(w, "xs", 1.0f / 127);
    scalar(w, "ws", 0.01f);
    scalar(w, "ys", 0.05f);
    byte(w, "xz", UINT8, 127);
    byte(w, "wz", INT8, 0);
    byte(w, "yz", UINT8, 0);
    onnx_port(w, INPUT, "x", FLOAT, "2,6,7,5");
    onnx_port(w, OUTPUT, "y", FLOAT, NULL);
    onnx_end(w);
}

static void products_written_as_f32_are_computed_in_bytes(void **state) {
    static type_trial wanted, found;
    onnx_writer writer = {0};
    draw_as_f32(&writer);
    wanted = (type_trial){.device = "cpu?threads=1", .is_reference = true};
    found = (type_trial){.device = "cpu"};
    type_trial_run(*state, &writer, &wanted);
    type_trial_run(*state, &writer, &found);
    assert_int_equal(found.info.byte_steps, 1);
    for (uint64_t i = 0; i < wanted.out_bytes / sizeof(float); i++) {
        float is, was;
        memcpy(&is, found.out + i * sizeof is, sizeof is);
        memcpy(&was, wanted.out + i * sizeof was, sizeof was);
        assert_true(fabsf(is - was) < 0.051f); /* one step: sums are exact here, in f32 there */
    }
    onnx_writer_free(&writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_exactly_those_of_the_operators),
        cmocka_unit_test(on_a_card_as_well),
        cmocka_unit_test(products_written_as_f32_are_computed_in_bytes),
    };
    return cmocka_run_group_tests(tests, type_trial_set_up, type_trial_tear_down);
}
