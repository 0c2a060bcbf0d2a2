/* A card that does nothing before somebody waits for it: copies read the host's memory late, launches run
 * late. */
#include <math.h>
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

enum { INPUT = 11, OUTPUT = 12, INITIALIZER = 5, FLOAT = 1 };
enum { C = 4, SIDE = 6, ELEMENTS = C * SIDE * SIDE, WEIGHTS = C * C };

/* What was enqueued and has not been done: a launch, or a copy. */
typedef struct late_call {
    sy_binding *binding;
    sy_queue *queue;
    sy_span to, from;
} late_call;

static struct {
    sy_backend_api api;
    sy_memory_api memory;
    sy_queue_api queue;
    sy_work_api work;
    const sy_backend_api *card;
    late_call call[256];
    uint32_t count;
} late;

static sy_status late_copy(sy_queue *queue, sy_span to, sy_span from, sy_error *err) {
    (void)err;
    assert_true(late.count < 256);
    late.call[late.count++] = (late_call){.queue = queue, .to = to, .from = from};
    return SY_OK;
}

static sy_status late_run(sy_binding *binding) {
    assert_true(late.count < 256);
    late.call[late.count++] = (late_call){.binding = binding};
    return SY_OK;
}

static sy_status late_sync(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    for (uint32_t i = 0; i < late.count; i++) {
        const late_call *call = &late.call[i];
        sy_status status = call->binding != NULL
                               ? late.card->work->run(call->binding)
                               : late.card->memory->copy(call->queue, call->to, call->from, err);
        assert_int_equal(status, SY_OK);
        assert_int_equal(late.card->queue->sync(queue, timeout_ns, err), SY_OK);
    }
    late.count = 0;
    return SY_OK;
}

static const sy_backend_api *late_query(uint16_t major, uint16_t minor, sy_error *err) {
    late.card = sy_sim_query(major, minor, err);
    late.api = *late.card;
    late.memory = *late.card->memory;
    late.queue = *late.card->queue;
    late.work = *late.card->work;
    late.api.name = "late";
    late.api.memory = &late.memory;
    late.api.queue = &late.queue;
    late.api.work = &late.work;
    late.memory.copy = late_copy;
    late.queue.sync = late_sync;
    late.work.run = late_run;
    return &late.api;
}

/* Branches of a host step and a convolution each, one after the other: the second host step may put its
 * result where that of the first lay, once that has been copied (the third one in the place of x). */
static void draw(onnx_writer *w) {
    float weight[WEIGHTS];
    onnx_begin_model(w, 17);
    onnx_node(w, "Sigmoid", "x", "h");
    onnx_node(w, "Conv", "h,w", "c1");
    onnx_node(w, "Tanh", "x", "t");
    onnx_node(w, "Conv", "t,w", "c2");
    onnx_node(w, "Erf", "x", "e");
    onnx_node(w, "Conv", "e,w", "c3");
    onnx_node(w, "Sum", "c1,c2,c3", "y");
    for (int i = 0; i < WEIGHTS; i++)
        weight[i] = (float)(i % 5) / 4 - 0.4f;
    onnx_tensor(w, INITIALIZER, "w", FLOAT, "4,4,1,1", weight, sizeof weight);
    onnx_port(w, INPUT, "x", FLOAT, "1,4,6,6");
    onnx_port(w, OUTPUT, "y", FLOAT, "1,4,6,6");
    onnx_end(w);
}

static void run_on(sy_runtime *runtime, const sy_network *network, const char *device, uint32_t no_passes,
    bool is_profiled, const float *x, float *y) {
    sy_error err = SY_ERROR_INIT;
    sy_context *context = NULL;
    sy_compiled *compiled = NULL;
    sy_instance *instance = NULL;
    const sy_compile_options options = {.size = sizeof options, .no_passes = no_passes};
    const void *in[1] = {x};
    void *out[1] = {y};
    bool is_run = sy_context_open(runtime, device, &context, &err) == SY_OK &&
                  sy_compiled_create(network, context, &options, &compiled, &err) == SY_OK &&
                  sy_instance_create(compiled, &instance, &err) == SY_OK &&
                  sy_instance_profile(instance, is_profiled, &err) == SY_OK &&
                  sy_instance_run(instance, in, 1, out, 1, &err) == SY_OK;
    if (!is_run)
        fail_msg("%s: %s", device, err.text);
    assert_int_equal(late.count, 0); /* nothing is left over when a run is done */
    sy_instance_destroy(instance);
    sy_compiled_destroy(compiled);
    sy_context_close(context);
}

static void a_late_copy_reads_what_it_was_given(void **state) {
    (void)state;
    onnx_writer writer = {0};
    sy_runtime *runtime = NULL;
    sy_network *network = NULL;
    sy_error err = SY_ERROR_INIT;
    float x[ELEMENTS], y[ELEMENTS], wanted[ELEMENTS];
    const sy_builtin all[2] = {sy_builtins[0], {.name = "late", .query = late_query}};
    const sy_runtime_options options = {.size = sizeof options, .builtins = all, .builtin_count = 2};
    for (int i = 0; i < ELEMENTS; i++)
        x[i] = (float)(i % 11) / 5 - 1;
    draw(&writer);
    assert_int_equal(sy_runtime_create(&options, &runtime, NULL), SY_OK);
    if (sy_network_read(writer.bytes, writer.count, &network, &err) != SY_OK)
        fail_msg("%s", err.text);
    run_on(runtime, network, "cpu?threads=1", 1, false, x, wanted);
    for (int is_profiled = 0; is_profiled < 2; is_profiled++) {
        run_on(runtime, network, "late:0", 0, is_profiled != 0, x, y);
        for (int i = 0; i < ELEMENTS; i++)
            assert_true(fabsf(y[i] - wanted[i]) < 1e-5f);
    }
    sy_network_destroy(network);
    sy_runtime_destroy(runtime);
    onnx_writer_free(&writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_late_copy_reads_what_it_was_given)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
