/* Compiled networks against the same network run operator by operator, on a processor and on a simulated
 * card. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/builtin/builtin.h"
#include "backends/sim/sim.h"
#include "runtime/model/exec/exec.h"
#include "tests/support/onnx_writer.h"

enum { INPUT = 11, OUTPUT = 12, INITIALIZER = 5, FLOAT = 1, LONG = 7 };
enum { C = 5, H = 9, W = 7, K = 8, PIXELS = H * W, CLASSES = 3 };

/* A runtime with the processor and the simulated card, and the bytes of a network. */
typedef struct rig {
    sy_runtime *runtime;
    onnx_writer writer;
    sy_network *network;
} rig;

static void weight(onnx_writer *w, const char *name, const char *extents, size_t count, unsigned seed) {
    float *value = calloc(count, sizeof *value);
    for (size_t i = 0; i < count; i++)
        value[i] = (float)((int)((i * 7 + seed * 13) % 17) - 8) / 16;
    onnx_tensor(w, INITIALIZER, name, FLOAT, extents, value, count * sizeof *value);
    free(value);
}

static void pads(onnx_writer *w) {
    onnx_begin(w, 5);
    onnx_text(w, 1, "pads");
    for (int i = 0; i < 4; i++)
        onnx_number(w, 8, 1);
    onnx_number(w, 20, 7);
    onnx_end(w);
}

/* conv 3x3 - relu - conv 3x3 with a residual - relu - pool - flatten - gemm - softmax, batch open. */
static void draw(onnx_writer *w) {
    static const int64_t flat[2] = {0, -1};
    onnx_begin_model(w, 17);
    onnx_begin_node(w, "Conv", "x,w1,b1", "c1");
    pads(w);
    onnx_end(w);
    onnx_node(w, "Relu", "c1", "r1");
    onnx_begin_node(w, "Conv", "r1,w2,b2", "c2");
    pads(w);
    onnx_end(w);
    onnx_node(w, "Add", "c2,r1", "s2");
    onnx_node(w, "Relu", "s2", "r2");
    onnx_node(w, "GlobalAveragePool", "r2", "p");
    onnx_node(w, "Reshape", "p,flat", "f");
    onnx_begin_node(w, "Gemm", "f,w3,b3", "g");
    onnx_attribute_int(w, "transB", 1);
    onnx_end(w);
    onnx_node(w, "Softmax", "g", "y");
    weight(w, "w1", "8,5,3,3", K * C * 9, 1);
    weight(w, "b1", "8,", K, 2);
    weight(w, "w2", "8,8,3,3", K * K * 9, 3);
    weight(w, "b2", "8,", K, 4);
    weight(w, "w3", "3,8", CLASSES * K, 5);
    weight(w, "b3", "3,", CLASSES, 6);
    onnx_tensor(w, INITIALIZER, "flat", LONG, "2,", flat, sizeof flat);
    onnx_port(w, INPUT, "x", FLOAT, "batch,5,9,7");
    onnx_port(w, OUTPUT, "y", FLOAT, "batch,3");
    onnx_end(w);
}

static int set_up(void **state) {
    static const sy_builtin sim = {.name = "sim", .query = sy_sim_query};
    static sy_builtin all[2];
    rig *r = calloc(1, sizeof *r);
    all[0] = sy_builtins[0];
    all[1] = sim;
    const sy_runtime_options options = {.size = sizeof options, .builtins = all, .builtin_count = 2};
    assert_int_equal(sy_runtime_create(&options, &r->runtime, NULL), SY_OK);
    draw(&r->writer);
    sy_error err = SY_ERROR_INIT;
    if (sy_network_read(r->writer.bytes, r->writer.count, &r->network, &err) != SY_OK)
        fail_msg("%s", err.text);
    *state = r;
    return 0;
}

static int tear_down(void **state) {
    rig *r = *state;
    sy_network_destroy(r->network);
    sy_runtime_destroy(r->runtime);
    onnx_writer_free(&r->writer);
    free(r);
    return 0;
}

static sy_context *open(const rig *r, const char *device) {
    sy_context *context = NULL;
    sy_error err = SY_ERROR_INIT;
    if (sy_context_open(r->runtime, device, &context, &err) != SY_OK)
        fail_msg("%s", err.text);
    return context;
}

static sy_compiled *compile(const rig *r, sy_context *context, int64_t batch, bool is_reference) {
    const sy_network_bind bind = {.name = "batch", .dim = {batch}};
    const sy_compile_options options = {
        .size = sizeof options, .n_bind = 1, .bind = &bind, .no_passes = is_reference};
    sy_compiled *compiled = NULL;
    sy_error err = SY_ERROR_INIT;
    if (sy_compiled_create(r->network, context, &options, &compiled, &err) != SY_OK)
        fail_msg("%s", err.text);
    assert_string_equal(err.text, ""); /* what the device leaves to the host is no error */
    return compiled;
}

static void fill(float *x, int64_t batch, unsigned seed) {
    for (int64_t i = 0; i < batch * C * PIXELS; i++)
        x[i] = (float)((i * 11 + seed) % 23) / 23 - 0.5f;
}

static void run(sy_instance *instance, const float *x, float *y) {
    sy_error err = SY_ERROR_INIT;
    const void *in[1] = {x};
    void *out[1] = {y};
    if (sy_instance_run(instance, in, 1, out, 1, &err) != SY_OK)
        fail_msg("%s", err.text);
}

static void assert_alike(const float *a, const float *b, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        assert_true(fabsf(a[i] - b[i]) <= 1e-5f * (1 + fabsf(b[i])));
}

/* What the network gives by its operators alone. */
static void reference(const rig *r, int64_t batch, unsigned seed, float *y) {
    sy_context *cpu = open(r, "cpu?threads=1");
    sy_compiled *compiled = compile(r, cpu, batch, true);
    sy_instance *instance = NULL;
    float *x = calloc((size_t)batch * C * PIXELS, sizeof *x);
    fill(x, batch, seed);
    assert_int_equal(sy_instance_create(compiled, &instance, NULL), SY_OK);
    run(instance, x, y);
    sy_instance_destroy(instance);
    sy_compiled_destroy(compiled);
    sy_context_close(cpu);
    free(x);
}

static void check_device(const rig *r, const char *device, int64_t batch) {
    sy_context *context = open(r, device);
    sy_compiled *compiled = compile(r, context, batch, false);
    sy_instance *instance = NULL;
    float *x = calloc((size_t)batch * C * PIXELS, sizeof *x), y[4 * CLASSES], wanted[4 * CLASSES];
    sy_error err = SY_ERROR_INIT;
    if (sy_instance_create(compiled, &instance, &err) != SY_OK)
        fail_msg("%s", err.text);
    for (unsigned seed = 1; seed <= 3; seed++) { /* again and again: nothing is left from the run before */
        fill(x, batch, seed);
        run(instance, x, y);
        reference(r, batch, seed, wanted);
        assert_alike(y, wanted, batch * CLASSES);
    }
    sy_instance_destroy(instance);
    sy_compiled_destroy(compiled);
    sy_context_close(context);
    free(x);
}

static void a_processor_gives_what_the_operators_give(void **state) {
    check_device(*state, "cpu?threads=1", 1);
    check_device(*state, "cpu", 4);
}

static void a_card_gives_the_same_over_copies(void **state) {
    check_device(*state, "sim:0", 1);
    check_device(*state, "sim:0", 3);
}

static void steps_say_where_they_run(void **state) {
    const rig *r = *state;
    sy_context *card = open(r, "sim:0");
    sy_compiled *compiled = compile(r, card, 1, false);
    sy_compiled_info info = {.size = sizeof info};
    assert_int_equal(sy_compiled_info_get(compiled, &info, NULL), SY_OK);
    assert_int_equal(info.device_steps, 3); /* two convolutions and the product */
    assert_int_equal(info.math, SY_MATH_STRICT);
    assert_true(info.copies >= 2 && info.host_steps >= 2);
    assert_int_equal(info.steps, info.device_steps + info.host_steps + info.copies);
    assert_true(info.flop == 2.0 * PIXELS * K * 9 * (C + K) + 2.0 * K * CLASSES);
    assert_true(info.activation_bytes > 0 && info.weight_bytes > 0);
    sy_compiled_step step = {.size = sizeof step};
    uint32_t convolutions = 0, copies = 0;
    for (uint32_t i = 0; sy_compiled_step_get(compiled, i, &step, NULL) == SY_OK; i++) {
        convolutions += strcmp(step.op, "Conv") == 0 && step.is_host == 0 && step.algorithm[0] != '\0';
        copies += step.is_copy;
    }
    assert_true(convolutions == 2 && copies == info.copies);
    assert_int_equal(sy_compiled_step_get(compiled, info.steps, &step, NULL), SY_UNAVAILABLE);
    sy_compiled_destroy(compiled);
    sy_context_close(card);
}

static void ports_have_their_names_and_extents(void **state) {
    const rig *r = *state;
    sy_context *cpu = open(r, "cpu?threads=1");
    sy_compiled *compiled = compile(r, cpu, 3, false);
    sy_network_port port = {.size = sizeof port};
    assert_int_equal(sy_compiled_port_get(compiled, 0, &port, NULL), SY_OK);
    assert_string_equal(port.name, "x");
    assert_true(port.is_output == 0 && port.dtype == SY_F32 && port.rank == 4 && port.dim[0] == 3);
    assert_int_equal(sy_compiled_port_get(compiled, 1, &port, NULL), SY_OK);
    assert_string_equal(port.name, "y");
    assert_true(port.is_output == 1 && port.rank == 2 && port.dim[0] == 3 && port.dim[1] == CLASSES);
    assert_int_equal(sy_compiled_port_get(compiled, 2, &port, NULL), SY_UNAVAILABLE);
    sy_compiled_destroy(compiled);
    sy_context_close(cpu);
}

static void mistakes_of_the_caller_are_named(void **state) {
    const rig *r = *state;
    sy_context *cpu = open(r, "cpu?threads=1");
    sy_compiled *compiled = compile(r, cpu, 1, false);
    sy_instance *instance = NULL;
    sy_error err = SY_ERROR_INIT;
    float y[CLASSES];
    const void *in[1] = {NULL};
    void *out[1] = {y};
    assert_int_equal(sy_instance_create(compiled, &instance, NULL), SY_OK);
    assert_int_equal(sy_instance_run(instance, in, 0, out, 1, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "0 inputs"));
    assert_int_equal(sy_instance_run(instance, in, 1, out, 1, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "input x"));
    sy_instance_destroy(instance);
    sy_compiled_destroy(compiled);
    const sy_network_bind wrong = {.name = "bach", .dim = {1}};
    sy_compile_options options = {.size = sizeof options, .n_bind = 1, .bind = &wrong};
    assert_int_equal(sy_compiled_create(r->network, cpu, &options, &compiled, &err), SY_INVALID_ARGUMENT);
    assert_null(compiled);
    assert_non_null(strstr(err.text, "batch"));
    options = (sy_compile_options){.size = sizeof options, .dtype = SY_F16};
    assert_int_equal(sy_compiled_create(r->network, cpu, &options, &compiled, &err), SY_UNSUPPORTED);
    sy_context_close(cpu);
}

static void profiles_have_a_time_for_each_step(void **state) {
    const rig *r = *state;
    sy_context *cpu = open(r, "cpu?threads=1");
    sy_compiled *compiled = compile(r, cpu, 1, false);
    sy_instance *instance = NULL;
    sy_compiled_info info = {.size = sizeof info};
    sy_instance_times times = {.size = sizeof times};
    float x[C * PIXELS], y[CLASSES];
    fill(x, 1, 1);
    assert_int_equal(sy_instance_create(compiled, &instance, NULL), SY_OK);
    run(instance, x, y);
    assert_int_equal(sy_instance_times_get(instance, &times, NULL), SY_OK);
    assert_true(times.n_step == 0 && times.step_ns == NULL && times.compute_ns > 0);
    assert_int_equal(sy_instance_profile(instance, 1, NULL), SY_OK);
    run(instance, x, y);
    assert_int_equal(sy_instance_times_get(instance, &times, NULL), SY_OK);
    assert_int_equal(sy_compiled_info_get(compiled, &info, NULL), SY_OK);
    assert_int_equal(times.n_step, info.steps);
    for (uint32_t i = 1; i < times.n_step; i++)
        assert_true(times.step_begin_ns[i] >= times.step_begin_ns[i - 1] + times.step_ns[i - 1]);
    sy_instance_destroy(instance);
    sy_compiled_destroy(compiled);
    sy_context_close(cpu);
}

/* One instance on a thread of its own. */
typedef struct runner {
    sy_context *context;
    sy_instance *instance;
    float y[CLASSES], wanted[CLASSES];
    unsigned seed;
    bool is_right;
} runner;

static void *run_often(void *arg) {
    runner *own = arg;
    float x[C * PIXELS];
    const void *in[1] = {x};
    void *out[1] = {own->y};
    fill(x, 1, own->seed);
    own->is_right = sy_context_enter(own->context, NULL) == SY_OK;
    for (int i = 0; i < 50; i++) {
        own->is_right = own->is_right && sy_instance_run(own->instance, in, 1, out, 1, NULL) == SY_OK;
        for (int j = 0; j < CLASSES; j++)
            own->is_right = own->is_right && fabsf(own->y[j] - own->wanted[j]) < 1e-4f;
    }
    sy_context_leave(own->context);
    return NULL;
}

static void instances_share_weights_and_run_at_once(void **state) {
    const rig *r = *state;
    sy_context *cpu = open(r, "cpu?threads=1");
    sy_compiled *compiled = compile(r, cpu, 1, false);
    runner own[3];
    pthread_t thread[3];
    memset(own, 0, sizeof own);
    for (unsigned i = 0; i < 3; i++) {
        own[i].context = cpu;
        own[i].seed = i + 1;
        reference(r, 1, i + 1, own[i].wanted);
        assert_int_equal(sy_instance_create(compiled, &own[i].instance, NULL), SY_OK);
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, run_often, &own[i]), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < 3; i++) {
        assert_true(own[i].is_right);
        sy_instance_destroy(own[i].instance);
    }
    sy_compiled_destroy(compiled);
    sy_context_close(cpu);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_processor_gives_what_the_operators_give),
        cmocka_unit_test(a_card_gives_the_same_over_copies),
        cmocka_unit_test(steps_say_where_they_run),
        cmocka_unit_test(ports_have_their_names_and_extents),
        cmocka_unit_test(mistakes_of_the_caller_are_named),
        cmocka_unit_test(profiles_have_a_time_for_each_step),
        cmocka_unit_test(instances_share_weights_and_run_at_once),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
