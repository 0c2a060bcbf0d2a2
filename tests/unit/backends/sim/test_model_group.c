/* Compiled models on the simulated device: ports, shapes, runs, their time, what is refused, the lies. */
#include "tests/unit/backends/sim/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define TEXT "simmodel 1\ninput x f32 ?,2\noutput y scale x 3\noutput z copy x\nflop 1000000000\n"

static sy_status load(world *w, const char *text, sy_model **out_model, sy_error *err) {
    return w->api->model->load(w->device, NULL, text, strlen(text), out_model, err);
}

static sy_model *load_rows(world *w, const char *text, int64_t rows) {
    sy_model *model = NULL;
    int64_t dim[2] = {rows, 2};
    assert_int_equal(load(w, text, &model, NULL), SY_OK);
    assert_int_equal(w->api->model->set_shape(model, 0, 2, dim, NULL), SY_OK);
    return model;
}

static sy_binding *tie(world *w, sy_model *model, sy_buffer *const *buffer, uint64_t elements) {
    sy_binding *binding = NULL;
    sy_span span[3];
    for (uint32_t i = 0; i < 3; i++)
        span[i] = span_of(buffer[i], 0, elements);
    assert_int_equal(w->api->model->bind(model, w->queue, span, 3, &binding, NULL), SY_OK);
    return binding;
}

static void run(world *w, sy_binding *binding) {
    assert_int_equal(w->api->work->run(binding), SY_OK);
    assert_int_equal(w->api->queue->sync(w->queue, UINT64_MAX, NULL), SY_OK);
}

static double now_ns(world *w) {
    uint64_t ns = 0;
    assert_int_equal(w->api->device->clock_now(w->device, &ns), SY_OK);
    return (double)ns;
}

static void ports_follow_the_shape_that_is_set(void **state) {
    (void)state;
    world w = open_world("");
    sy_model *model = NULL;
    sy_model_port port = {.size = sizeof port};
    assert_int_equal(load(&w, TEXT, &model, NULL), SY_OK);
    assert_int_equal(w.api->model->port(model, 1, &port, NULL), SY_OK);
    assert_string_equal(port.name, "y");
    assert_int_equal(port.is_output, 1);
    assert_int_equal(port.dtype, SY_F32);
    assert_int_equal(port.dim[0], -1);
    assert_int_equal(w.api->model->port(model, 3, &port, NULL), SY_UNAVAILABLE);
    int64_t dim[3] = {5, 2, 1};
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(w.api->model->set_shape(model, 0, 3, dim, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(w.api->model->set_shape(model, 1, 2, dim, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(w.api->model->set_shape(model, 0, 2, dim, NULL), SY_OK);
    assert_int_equal(w.api->model->port(model, 2, &port, NULL), SY_OK);
    assert_int_equal(port.dim[0], 5);
    dim[0] = 6;
    assert_int_equal(w.api->model->set_shape(model, 0, 2, dim, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "extent 0 of x is 5, not 6"));
    w.api->model->unload(model);
    w.api->model->unload(NULL);
    close_world(&w);
}

/* A host of minor 0 has a shorter struct. */
static void a_short_port_is_filled_as_far_as_it_goes(void **state) {
    (void)state;
    world w = open_world("");
    sy_model *model = load_rows(&w, TEXT, 4);
    sy_model_port port;
    memset(&port, 0x7f, sizeof port);
    port.size = offsetof(sy_model_port, dim);
    assert_int_equal(w.api->model->port(model, 0, &port, NULL), SY_OK);
    assert_int_equal(port.rank, 2);
    assert_int_equal((unsigned char)port.name[0], 0x7f);
    w.api->model->unload(model);
    close_world(&w);
}

static void a_run_computes_and_takes_its_time(void **state) {
    (void)state;
    world w = open_world("peak=1T,launch=1us");
    sy_model *model = load_rows(&w, TEXT, 2);
    sy_buffer *buffer[3] = {device_memory(&w, 16), device_memory(&w, 16), device_memory(&w, 16)};
    const float in[4] = {1.0f, -2.0f, 3.5f, 0.0f};
    float out[4];
    put(&w, span_of(buffer[0], 0, 4), in);
    sy_binding *binding = tie(&w, model, buffer, 4);
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, NULL), SY_OK);
    w.api->model->unload(model); /* a binding needs no model */
    double begin = now_ns(&w);
    run(&w, binding);
    double taken = now_ns(&w) - begin;
    assert_true(fabs(taken - 1e6) < 5e3); /* 1 GFLOP at 1 TFLOP/s, a launch, a wait */
    get(&w, span_of(buffer[1], 0, 4), out);
    for (int i = 0; i < 4; i++)
        assert_true(out[i] == 3.0f * in[i]);
    get(&w, span_of(buffer[2], 0, 4), out);
    assert_memory_equal(out, in, sizeof in);
    w.api->work->binding_destroy(binding);
    for (int i = 0; i < 3; i++)
        w.api->memory->free(buffer[i]);
    close_world(&w);
}

static void wrong_operands_are_refused(void **state) {
    (void)state;
    world w = open_world("");
    sy_model *model = NULL;
    sy_binding *binding = (sy_binding *)&w;
    sy_buffer *memory = device_memory(&w, 64);
    const sy_span whole = {memory, 0, 64};
    sy_span span[3] = {whole, whole, whole};
    assert_int_equal(load(&w, TEXT, &model, NULL), SY_OK);
    struct {
        uint32_t count;
        sy_span third;
        const char *says;
    } rows[] = {{3, whole, "set_shape comes first"}, {2, whole, "2 operands, the model has 3"},
        {3, {NULL, 0, 64}, "z needs 64 bytes"}, {3, {memory, 4, 64}, "z needs"},
        {3, {memory, 0, 60}, "z needs"}, {3, {memory, UINT64_MAX, 64}, "z needs"},
        {3, {w.pinned, 0, 64}, "z is not in device memory"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        const int64_t dim[2] = {8, 2};
        if (i == 1)
            assert_int_equal(w.api->model->set_shape(model, 0, 2, dim, NULL), SY_OK);
        span[2] = rows[i].third;
        assert_int_equal(
            w.api->model->bind(model, w.queue, span, rows[i].count, &binding, &err), SY_INVALID_ARGUMENT);
        assert_null(binding);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("row %zu says '%s'", i, err.text);
    }
    w.api->model->unload(model);
    w.api->memory->free(memory);
    close_world(&w);
}

static void empty_and_scalar_ports(void **state) {
    (void)state;
    world w = open_world("");
    sy_model *model = load_rows(&w, TEXT, 0);
    sy_binding *binding = NULL;
    const sy_span none[3] = {{NULL, 0, 0}};
    assert_int_equal(w.api->model->bind(model, w.queue, none, 3, &binding, NULL), SY_OK);
    run(&w, binding);
    w.api->work->binding_destroy(binding);
    w.api->model->unload(model);
    assert_int_equal(load(&w, "simmodel 1\ninput x f32 -\noutput y scale x 2", &model, NULL), SY_OK);
    sy_buffer *buffer[2] = {device_memory(&w, 4), device_memory(&w, 4)};
    const float one = 21.0f;
    const sy_span span[2] = {span_of(buffer[0], 0, 1), span_of(buffer[1], 0, 1)};
    put(&w, span[0], &one);
    assert_int_equal(w.api->model->bind(model, w.queue, span, 2, &binding, NULL), SY_OK);
    run(&w, binding);
    assert_true(get_one(&w, buffer[1], 0) == 42.0f);
    w.api->work->binding_destroy(binding);
    w.api->model->unload(model);
    w.api->memory->free(buffer[0]);
    w.api->memory->free(buffer[1]);
    close_world(&w);
}

static void files_are_read_and_others_refused(void **state) {
    char path[64], big[70000];
    (void)state;
    world w = open_world("");
    sy_model *model = (sy_model *)&w;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(w.api->model->load(w.device, "/nowhere/m", NULL, 0, &model, &err), SY_IO);
    assert_null(model);
    assert_non_null(strstr(err.text, "/nowhere/m"));
    assert_int_equal(w.api->model->load(w.device, "/", NULL, 0, &model, &err), SY_INVALID_ARGUMENT);
    snprintf(path, sizeof path, "/tmp/steelyard-simmodel-%d", (int)getpid());
    memset(big, '\n', sizeof big);
    memcpy(big, TEXT, sizeof TEXT - 1);
    const size_t bytes[] = {sizeof TEXT - 1, sizeof big};
    const sy_status wanted[] = {SY_OK, SY_INVALID_ARGUMENT};
    for (int i = 0; i < 2; i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(big, 1, bytes[i], file), bytes[i]);
        fclose(file);
        assert_int_equal(w.api->model->load(w.device, path, NULL, 0, &model, &err), wanted[i]);
        w.api->model->unload(model);
    }
    unlink(path);
    close_world(&w);
}

static void no_memory_is_told(void **state) {
    (void)state;
    world w = open_world("");
    sy_model *model = load_rows(&w, TEXT, 2);
    sy_buffer *memory = device_memory(&w, 64);
    const sy_span span[3] = {{memory, 0, 16}, {memory, 16, 16}, {memory, 32, 16}};
    for (uint64_t k = 1;; k++) {
        sy_binding *binding = NULL;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = w.api->model->bind(model, w.queue, span, 3, &binding, NULL);
        sy_seam_disarm();
        w.api->work->binding_destroy(binding);
        if (status == SY_OK)
            break;
        assert_int_equal(status, SY_OUT_OF_MEMORY);
        assert_null(binding);
        assert_true(k < 10);
    }
    w.api->model->unload(model);
    w.api->memory->free(memory);
    close_world(&w);
}

static void faults_strike_models_too(void **state) {
    (void)state;
    world w = open_world("fault=load,fault_flop=1000000000");
    sy_model *model = NULL;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(load(&w, TEXT, &model, &err), SY_INTERNAL);
    assert_int_equal(load(&w, "simmodel 1\ninput x f32 1\noutput y copy x\n", &model, &err), SY_OK);
    w.api->model->unload(model);
    close_world(&w);
    w = open_world("fault=error,fault_flop=1000000000");
    model = load_rows(&w, TEXT, 2);
    sy_buffer *buffer[3] = {device_memory(&w, 16), device_memory(&w, 16), device_memory(&w, 16)};
    sy_binding *binding = tie(&w, model, buffer, 4);
    assert_int_equal(w.api->work->run(binding), SY_OK);
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, &err), SY_INTERNAL);
    w.api->work->binding_destroy(binding);
    w.api->model->unload(model);
    for (int i = 0; i < 3; i++)
        w.api->memory->free(buffer[i]);
    close_world(&w);
}

/* Simulated time of a run with these values in all inputs. */
static double run_with(world *w, sy_binding *binding, sy_buffer *input, float value) {
    const float in[4] = {value, value, value, value};
    put(w, span_of(input, 0, 4), in);
    assert_int_equal(w->api->queue->sync(w->queue, UINT64_MAX, NULL), SY_OK);
    double begin = now_ns(w);
    run(w, binding);
    return now_ns(w) - begin;
}

static void a_memory_of_answers_takes_no_time(void **state) {
    (void)state;
    world w = open_world("fault=remember,fault_flop=1000000000");
    sy_model *model = load_rows(&w, TEXT, 2);
    sy_buffer *buffer[3] = {device_memory(&w, 16), device_memory(&w, 16), device_memory(&w, 16)};
    sy_binding *binding = tie(&w, model, buffer, 4);
    double first = run_with(&w, binding, buffer[0], 1.0f), again = run_with(&w, binding, buffer[0], 1.0f),
           other = run_with(&w, binding, buffer[0], 2.0f);
    assert_true(again < first / 5.0 && fabs(other - first) < first / 100.0);
    assert_true(get_one(&w, buffer[1], 0) == 6.0f);
    w.api->work->binding_destroy(binding);
    w.api->model->unload(model);
    for (int i = 0; i < 3; i++)
        w.api->memory->free(buffer[i]);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ports_follow_the_shape_that_is_set),
        cmocka_unit_test(a_short_port_is_filled_as_far_as_it_goes),
        cmocka_unit_test(a_run_computes_and_takes_its_time), cmocka_unit_test(wrong_operands_are_refused),
        cmocka_unit_test(empty_and_scalar_ports), cmocka_unit_test(files_are_read_and_others_refused),
        cmocka_unit_test(no_memory_is_told), cmocka_unit_test(faults_strike_models_too),
        cmocka_unit_test(a_memory_of_answers_takes_no_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
