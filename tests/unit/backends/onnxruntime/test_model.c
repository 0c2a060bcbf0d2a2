/* Models: ports and their types, open extents, runs into the caller's memory, what fails and where. */
#include "tests/unit/backends/onnxruntime/world.h"

#include <stdlib.h>
#include <unistd.h>

#include "runtime/base/seam.h"
#include "steelyard/model.h"

static sy_model *load(world *w) {
    sy_model *model = NULL;
    assert_int_equal(w->api->model->load(w->device, NULL, "stub", 4, &model, NULL), SY_OK);
    return model;
}

static sy_model_port port_at(world *w, sy_model *model, uint32_t index) {
    sy_model_port port = {.size = sizeof port};
    assert_int_equal(w->api->model->port(model, index, &port, NULL), SY_OK);
    return port;
}

static sy_buffer *memory_of(world *w, uint64_t bytes) {
    sy_buffer *buffer = NULL;
    assert_int_equal(w->api->memory->alloc(w->device, SY_MEMORY_DEVICE, bytes, &buffer, NULL), SY_OK);
    memset(w->api->memory->host_ptr(buffer), 0, bytes);
    return buffer;
}

static void fix_rows(world *w, sy_model *model, int64_t rows) {
    assert_int_equal(w->api->model->set_shape(model, 0, 2, (int64_t[]){rows, 2}, NULL), SY_OK);
}

static void ports_are_those_of_the_session(void **state) {
    world w;
    (void)state;
    open_world(&w);
    w.stub->input[0] = (stub_port){"ids", 7, 3, {1, 4, 5}};
    w.stub->output[0] = (stub_port){"mask", 9, 0, {0}};
    sy_model *model = load(&w);
    sy_model_port in = port_at(&w, model, 0), out = port_at(&w, model, 1);
    assert_string_equal(in.name, "ids");
    assert_int_equal(in.dtype, SY_S64);
    assert_int_equal(in.rank, 3);
    assert_int_equal(in.dim[2], 5);
    assert_int_equal(in.is_output, 0);
    assert_int_equal(out.dtype, SY_BOOL);
    assert_int_equal(out.rank, 0);
    assert_int_equal(out.is_output, 1);
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(w.api->model->port(model, 2, &in, &err), SY_UNAVAILABLE);
    expect_words(&err, "2 ports");
    assert_int_equal(w.stub->runs, 0); /* nothing was open */
    w.api->model->unload(model);
    w.api->model->unload(NULL);
    close_world(&w);
}

static void what_no_port_may_be_is_refused(void **state) {
    static const struct {
        stub_port port;
        const char *says;
    } rows[] = {{{"t", 8, 1, {1}}, "t has rank 1 and type 8"}, {{"s", 0, 0, {0}}, "s is no tensor"},
        {{"r", 1, 9, {0}}, "r has rank 9 and type 1"}, {{"c", 14, 1, {1}}, "type 14"}};
    world w;
    (void)state;
    open_world(&w);
    int before = w.stub->alive;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        sy_model *model = (sy_model *)&w;
        sy_error err = SY_ERROR_INIT;
        w.stub->input[0] = w.stub->output[0] = (stub_port){"x", 1, 1, {1}};
        *(i % 2 == 0 ? &w.stub->input[0] : &w.stub->output[0]) = rows[i / 2].port;
        assert_int_equal(w.api->model->load(w.device, NULL, "stub", 4, &model, &err), SY_UNSUPPORTED);
        assert_null(model);
        expect_words(&err, rows[i / 2].says);
        assert_int_equal(w.stub->alive, before);
    }
    w.stub->n_in = 200;
    w.stub->n_out = 57;
    sy_model *model = (sy_model *)&w;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(w.api->model->load(w.device, NULL, "stub", 4, &model, &err), SY_UNSUPPORTED);
    expect_words(&err, "200 inputs and 57 outputs, at most 256");
    close_world(&w);
}

static void open_extents_are_found_by_a_run_of_zeros(void **state) {
    world w;
    (void)state;
    open_world(&w);
    sy_model *model = load(&w);
    assert_int_equal(port_at(&w, model, 0).dim[0], -1);
    assert_int_equal(port_at(&w, model, 1).dim[0], -1);
    assert_int_equal(w.stub->runs, 0);
    fix_rows(&w, model, 7);
    assert_int_equal(port_at(&w, model, 1).dim[0], 7);
    assert_int_equal(port_at(&w, model, 1).dim[0], 7);
    assert_int_equal(w.stub->runs, 1);
    fix_rows(&w, model, 7); /* the same again is looked at again */
    assert_int_equal(port_at(&w, model, 1).dim[0], 7);
    assert_int_equal(w.stub->runs, 2);
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(w.api->model->set_shape(model, 0, 2, (int64_t[]){8, 2}, &err), SY_INVALID_ARGUMENT);
    expect_words(&err, "extent 0 of x is 7, not 8");
    assert_int_equal(w.api->model->set_shape(model, 0, 1, (int64_t[]){7}, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(w.api->model->set_shape(model, 1, 2, (int64_t[]){7, 2}, &err), SY_INVALID_ARGUMENT);
    w.api->model->unload(model);
    close_world(&w);
}

static void runs_write_the_callers_memory(void **state) {
    world w;
    sy_binding *binding = NULL;
    (void)state;
    open_world(&w);
    sy_model *model = load(&w);
    fix_rows(&w, model, 2);
    sy_buffer *in = memory_of(&w, 32), *out = memory_of(&w, 32);
    const sy_span span[2] = {{in, 16, 16}, {out, 8, 16}};
    memcpy((char *)w.api->memory->host_ptr(in) + 16, "sixteen letters", 16);
    assert_int_equal(w.api->model->bind(model, w.queue, span, 2, &binding, NULL), SY_OK);
    int before = w.stub->runs;
    for (int i = 0; i < 3; i++)
        assert_int_equal(w.api->work->run(binding), SY_OK);
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, NULL), SY_OK);
    assert_int_equal(w.stub->runs, before + 3);
    assert_memory_equal((char *)w.api->memory->host_ptr(out) + 8, "sixteen letters", 16);
    w.api->work->binding_destroy(binding);
    w.api->model->unload(model);
    w.api->memory->free(in);
    w.api->memory->free(out);
    close_world(&w);
}

static void a_failing_run_is_told_by_the_next_sync(void **state) {
    static const struct {
        int code;
        sy_status status;
    } rows[] = {{2, SY_INVALID_ARGUMENT}, {6, SY_INTERNAL}, {9, SY_UNSUPPORTED}, {11, SY_INTERNAL}};
    world w;
    sy_binding *binding = NULL;
    (void)state;
    open_world(&w);
    sy_model *model = load(&w);
    fix_rows(&w, model, 2);
    sy_buffer *memory = memory_of(&w, 32);
    const sy_span span[2] = {{memory, 0, 16}, {memory, 16, 16}};
    assert_int_equal(w.api->model->bind(model, w.queue, span, 2, &binding, NULL), SY_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        w.stub->fail = "run";
        w.stub->code = rows[i].code;
        assert_int_equal(w.api->work->run(binding), SY_OK);
        w.stub->fail = NULL;
        assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, &err), rows[i].status);
        expect_words(&err, "onnxruntime: run: run");
        assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, &err), SY_OK);
    }
    w.api->work->binding_destroy(binding);
    w.api->model->unload(model);
    w.api->memory->free(memory);
    close_world(&w);
}

static void wrong_operands_are_refused(void **state) {
    world w;
    (void)state;
    open_world(&w);
    sy_model *model = load(&w);
    sy_buffer *memory = memory_of(&w, 32);
    const struct {
        uint32_t count;
        sy_span in, out;
        const char *says;
    } rows[] = {{2, {memory, 0, 16}, {memory, 16, 16}, "the extents of input x are not fixed"},
        {1, {memory, 0, 16}, {memory, 16, 16}, "1 operands, must be 2"},
        {2, {memory, 0, 15}, {memory, 16, 16}, "x needs 16 bytes"},
        {2, {memory, 0, 16}, {memory, 17, 16}, "y needs 16 bytes"},
        {2, {memory, 0, 16}, {memory, UINT64_MAX - 7, 16}, "y needs 16 bytes"},
        {2, {NULL, 0, 16}, {memory, 16, 16}, "x needs 16 bytes"}};
    int before = w.stub->alive;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const sy_span span[2] = {rows[i].in, rows[i].out};
        sy_binding *binding = (sy_binding *)&w;
        sy_error err = SY_ERROR_INIT;
        if (i == 1)
            fix_rows(&w, model, 2);
        sy_status status = w.api->model->bind(model, w.queue, span, rows[i].count, &binding, &err);
        assert_int_equal(status, i == 0 ? SY_UNAVAILABLE : SY_INVALID_ARGUMENT);
        assert_null(binding);
        expect_words(&err, rows[i].says);
        assert_int_equal(w.stub->alive, before);
    }
    w.api->model->unload(model);
    w.api->memory->free(memory);
    close_world(&w);
}

/* Whatever fails while a model is loaded: its words, and nothing is left. */
static void every_call_of_a_load_may_fail(void **state) {
    static const char *const functions[] = {"create_session", "default_allocator", "input_count",
        "output_count", "input_name", "output_name", "input_type", "output_type", "as_tensor", "element_type",
        "get_rank", "get_extents"};
    world w;
    (void)state;
    open_world(&w);
    int before = w.stub->alive;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        sy_model *model = (sy_model *)&w;
        sy_error err = SY_ERROR_INIT;
        w.stub->fail = functions[i];
        assert_int_equal(w.api->model->load(w.device, NULL, "stub", 4, &model, &err), SY_UNSUPPORTED);
        assert_null(model);
        expect_words(&err, functions[i]);
        assert_int_equal(w.stub->alive, before);
    }
    w.stub->fail = NULL;
    close_world(&w);
}

static void every_call_of_a_trial_and_a_binding_may_fail(void **state) {
    static const char *const functions[] = {"create_tensor", "run", "shape_of", "get_rank", "create_tensor"};
    world w;
    (void)state;
    open_world(&w);
    sy_model *model = load(&w);
    sy_buffer *memory = memory_of(&w, 32);
    const sy_span span[2] = {{memory, 0, 16}, {memory, 16, 16}};
    fix_rows(&w, model, 2);
    int before = w.stub->alive;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        sy_binding *binding = (sy_binding *)&w;
        sy_error err = SY_ERROR_INIT;
        if (i == 4) /* the trial is behind it: it is the binding's own tensor */
            assert_int_equal(port_at(&w, model, 1).dim[0], 2);
        w.stub->fail = functions[i];
        assert_int_equal(w.api->model->bind(model, w.queue, span, 2, &binding, &err), SY_UNSUPPORTED);
        w.stub->fail = NULL;
        assert_null(binding);
        expect_words(&err, functions[i]);
        assert_int_equal(w.stub->alive, before);
    }
    w.api->model->unload(model);
    w.api->memory->free(memory);
    close_world(&w);
}

static void files_that_are_none(void **state) {
    char path[64];
    world w;
    (void)state;
    open_world(&w);
    sy_model *model = (sy_model *)&w;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(w.api->model->load(w.device, "/nowhere/m.onnx", NULL, 0, &model, &err), SY_IO);
    assert_null(model);
    assert_int_equal(w.api->model->load(w.device, NULL, "noise", 5, &model, &err), SY_INVALID_ARGUMENT);
    expect_words(&err, "protobuf parsing failed");
    snprintf(path, sizeof path, "/tmp/steelyard-stub-model-%d", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("stub", file);
    fclose(file);
    assert_int_equal(w.api->model->load(w.device, path, NULL, 0, &model, NULL), SY_OK);
    unlink(path);
    w.api->model->unload(model);
    close_world(&w);
}

static void no_host_memory_is_told(void **state) {
    world w;
    (void)state;
    open_world(&w);
    sy_model *model = (sy_model *)&w;
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(w.api->model->load(w.device, NULL, "stub", 4, &model, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_null(model);
    model = load(&w);
    fix_rows(&w, model, 2);
    sy_buffer *memory = memory_of(&w, 32);
    const sy_span span[2] = {{memory, 0, 16}, {memory, 16, 16}};
    for (uint64_t k = 1; k <= 2; k++) { /* the trial's input, then the binding */
        sy_binding *binding = (sy_binding *)&w;
        fix_rows(&w, model, 2);
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(w.api->model->bind(model, w.queue, span, 2, &binding, NULL), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_null(binding);
    }
    w.api->model->unload(model);
    w.api->memory->free(memory);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ports_are_those_of_the_session),
        cmocka_unit_test(what_no_port_may_be_is_refused),
        cmocka_unit_test(open_extents_are_found_by_a_run_of_zeros),
        cmocka_unit_test(runs_write_the_callers_memory),
        cmocka_unit_test(a_failing_run_is_told_by_the_next_sync),
        cmocka_unit_test(wrong_operands_are_refused), cmocka_unit_test(every_call_of_a_load_may_fail),
        cmocka_unit_test(every_call_of_a_trial_and_a_binding_may_fail), cmocka_unit_test(files_that_are_none),
        cmocka_unit_test(no_host_memory_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
