/* Offline models: ports, runs on the queue's stream, what is refused, failures, nothing left behind. */
#include "tests/unit/backends/ascend/rig.h"

#include <stdlib.h>
#include <unistd.h>

#include "backends/ascend/model.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "steelyard/model.h"

#define MODEL "om-sim 1\ninput x 0 2 2,8\noutput y 0 2 2,8 3\noutput half 1 0 1,2,2,4 1\n"

static sy_status load(rig *r, const char *text, sy_model **out_model) {
    r->error = SY_ERROR_INIT;
    return ascend_model_group.load(r->device, NULL, text, strlen(text), out_model, &r->error);
}

static sy_model *load_good(rig *r, const char *text) {
    sy_model *model = NULL;
    if (load(r, text, &model) != SY_OK)
        fail_msg("%s", r->error.text);
    return model;
}

static sy_buffer *memory_of(rig *r, uint64_t bytes) {
    sy_buffer *buffer = NULL;
    assert_int_equal(sy_card_memory_api.alloc(r->device, SY_MEMORY_DEVICE, bytes, &buffer, &r->error), SY_OK);
    return buffer;
}

/* Bytes between the host and a device buffer. */
static void move(rig *r, sy_buffer *buffer, void *bytes, uint64_t count, bool is_input) {
    sy_buffer *pinned = NULL;
    assert_int_equal(sy_card_memory_api.alloc(r->device, SY_MEMORY_PINNED, count, &pinned, &r->error), SY_OK);
    void *host = sy_card_memory_api.host_ptr(pinned);
    const sy_span here = {pinned, 0, count}, there = {buffer, 0, count};
    if (is_input)
        memcpy(host, bytes, count);
    assert_int_equal(
        sy_card_memory_api.copy(r->queue, is_input ? there : here, is_input ? here : there, &r->error),
        SY_OK);
    assert_int_equal(sy_card_queue_api.sync(r->queue, UINT64_MAX, &r->error), SY_OK);
    if (!is_input)
        memcpy(bytes, host, count);
    sy_card_memory_api.free(pinned);
}

/* A model of MODEL's ports bound to buffers of its own. */
typedef struct bound {
    sy_model *model;
    sy_buffer *buffer[3];
    sy_binding *binding;
} bound;

static bound bind_good(rig *r, const char *text) {
    bound b = {.model = load_good(r, text)};
    sy_span span[3];
    const uint64_t bytes[3] = {64, 64, 32};
    for (int i = 0; i < 3; i++) {
        b.buffer[i] = memory_of(r, bytes[i]);
        span[i] = (sy_span){b.buffer[i], 0, bytes[i]};
    }
    if (ascend_model_group.bind(b.model, r->queue, span, 3, &b.binding, &r->error) != SY_OK)
        fail_msg("%s", r->error.text);
    return b;
}

static void release(bound *b) {
    sy_card_work_api.binding_destroy(b->binding);
    ascend_model_group.unload(b->model);
    for (int i = 0; i < 3; i++)
        sy_card_memory_api.free(b->buffer[i]);
}

static void ports_are_what_the_library_says(void **state) {
    rig r;
    sy_model_port port = {.size = sizeof port};
    (void)state;
    rig_open(&r, "ascend", "");
    sy_model *model = load_good(&r, MODEL "input ids 9 2 1,5\ninput flag 12 2 -\n");
    const struct {
        const char *name;
        uint32_t dtype, rank, is_output;
        int64_t last;
    } rows[] = {{"x", SY_F32, 2, 0, 8}, {"ids", SY_S64, 2, 0, 5}, {"flag", SY_BOOL, 0, 0, 0},
        {"y", SY_F32, 2, 1, 8}, {"half", SY_F16, 4, 1, 4}};
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(ascend_model_group.port(model, i, &port, NULL), SY_OK);
        assert_string_equal(port.name, rows[i].name);
        assert_int_equal(port.dtype, rows[i].dtype);
        assert_int_equal(port.rank, rows[i].rank);
        assert_int_equal(port.is_output, rows[i].is_output);
        assert_int_equal(port.rank > 0 ? port.dim[port.rank - 1] : 0, rows[i].last);
    }
    assert_int_equal(ascend_model_group.port(model, 5, &port, &r.error), SY_UNAVAILABLE);
    rig_expect_words(r.error.text, "ascend:0: the model has 5 ports");
    ascend_model_group.unload(model);
    ascend_model_group.unload(NULL);
    rig_end(&r);
}

static void runs_are_enqueued_and_right(void **state) {
    rig r;
    float in[16], out[16];
    (void)state;
    rig_open(&r, "ascend", "lazy=1"); /* nothing runs before it is waited for */
    bound b = bind_good(&r, MODEL);
    for (int i = 0; i < 16; i++)
        in[i] = (float)i - 4.0f;
    move(&r, b.buffer[0], in, sizeof in, true);
    for (int i = 0; i < 5; i++)
        assert_int_equal(sy_card_work_api.run(b.binding), SY_OK);
    assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &r.error), SY_OK);
    assert_int_equal(sim.calls("aclmdlExecuteAsync"), 5);
    assert_int_equal(sim.calls("aclCreateDataBuffer"), 3); /* made once, not for each run */
    move(&r, b.buffer[1], out, sizeof out, false);
    for (int i = 0; i < 16; i++)
        assert_true(out[i] == 3.0f * in[i]);
    uint16_t half[16];
    move(&r, b.buffer[2], half, sizeof half, false);
    assert_int_equal(half[5], 0x3c00); /* 1 */
    release(&b);
    rig_end(&r);
}

static void what_the_interface_has_no_words_for_is_refused(void **state) {
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"om-sim 1\ninput x 0 2 -1,8\noutput y 0 2 8 1", "input 'x' of the model has extents that are open"},
        {"om-sim 1\ninput x 0 2 8\noutput y 0 3 8 1",
            "output 'y' of the model is in a layout of the chip's own"},
        {"om-sim 1\ninput x 99 2 8\noutput y 0 2 8 1", "is of CANN's type 99 with 1 extents"},
        {"om-sim 1\ninput x 0 2 1,1,1,1,1,1,1,1,8\noutput y 0 2 8 1", "type 0 with 9 extents"},
        {"om-sim 1\ninput x 0 2 8 100\noutput y 0 2 8 1", "takes 100 bytes, not as many as its extents say"},
        {"om-sim 1\ninput x 0 2 0,8\noutput y 0 2 8 1", "extents that are open"},
        {"om-sim 1\ninput x 0 2 4294967296,4294967296,8 8\noutput y 0 2 8 1", "takes 8 bytes"},
        {"om-sim 1\ninput x 0 2 8", "1 inputs and 0 outputs"}};
    rig r;
    (void)state;
    rig_open(&r, "ascend", "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_model *model = (sy_model *)&r;
        assert_int_equal(load(&r, rows[i].text, &model), SY_UNSUPPORTED);
        assert_null(model);
        rig_expect_words(r.error.text, rows[i].says);
        assert_int_equal(sim.alive("model"), 0);
        assert_int_equal(sim.alive("model_description"), 0);
    }
    rig_end(&r);
}

static void files_that_are_none(void **state) {
    rig r;
    char path[64];
    sy_model *model = (sy_model *)&r;
    (void)state;
    rig_open(&r, "ascend", "");
    assert_int_equal(load(&r, "this is no model", &model), SY_INVALID_ARGUMENT);
    assert_null(model);
    rig_expect_words(r.error.text, "ascend:0: a model in memory");
    assert_int_equal(
        load(&r, "om-sim 1\nchip Ascend310P3\ninput x 0 2 8\noutput y 0 2 8 1", &model), SY_INVALID_ARGUMENT);
    rig_expect_words(r.error.text, "Ascend310P3");
    assert_int_equal(ascend_model_group.load(r.device, "/nowhere/m.om", NULL, 0, &model, &r.error), SY_IO);
    rig_expect_words(r.error.text, "/nowhere/m.om");
    assert_int_equal(
        ascend_model_group.load(r.device, "/nowhere/m.onnx", NULL, 0, &model, &r.error), SY_INCOMPATIBLE);
    rig_expect_words(r.error.text, "atc");
    snprintf(path, sizeof path, "/tmp/steelyard-om-%d", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(MODEL, file);
    fclose(file);
    assert_int_equal(ascend_model_group.load(r.device, path, NULL, 0, &model, &r.error), SY_OK);
    unlink(path);
    ascend_model_group.unload(model);
    rig_end(&r);
}

static void wrong_operands_are_refused(void **state) {
    rig r;
    (void)state;
    rig_open(&r, "ascend", "");
    sy_model *model = load_good(&r, MODEL);
    sy_buffer *memory = memory_of(&r, 1024), *pinned = NULL;
    assert_int_equal(sy_card_memory_api.alloc(r.device, SY_MEMORY_PINNED, 1024, &pinned, &r.error), SY_OK);
    const struct {
        uint32_t count;
        sy_span x;
        const char *says;
    } rows[] = {{2, {memory, 0, 64}, "2 operands, the model has 3"},
        {3, {memory, 0, 63}, "'x' must have 64 bytes"}, {3, {memory, 1000, 64}, "'x' must have"},
        {3, {memory, UINT64_MAX - 3, 64}, "'x' must have"}, {3, {NULL, 0, 64}, "'x' must have"},
        {3, {pinned, 0, 64}, "'x' is not in memory of the device"},
        {3, {memory, 32, 64}, "'x' begins at byte 32"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_binding *binding = (sy_binding *)&r;
        const sy_span span[3] = {rows[i].x, {memory, 128, 64}, {memory, 256, 32}};
        r.error = SY_ERROR_INIT;
        assert_int_equal(ascend_model_group.bind(model, r.queue, span, rows[i].count, &binding, &r.error),
            SY_INVALID_ARGUMENT);
        assert_null(binding);
        rig_expect_words(r.error.text, rows[i].says);
    }
    ascend_model_group.unload(model);
    sy_card_memory_api.free(memory);
    sy_card_memory_api.free(pinned);
    rig_end(&r);
}

/* What a model's runs share is the model's own. */
static void a_model_is_of_one_queue_at_a_time(void **state) {
    rig r;
    sy_queue *other = NULL;
    sy_binding *second = NULL;
    (void)state;
    rig_open(&r, "ascend", "");
    bound b = bind_good(&r, MODEL);
    const sy_span span[3] = {{b.buffer[0], 0, 64}, {b.buffer[1], 0, 64}, {b.buffer[2], 0, 32}};
    assert_int_equal(sy_card_queue_api.create(r.device, &other, &r.error), SY_OK);
    assert_int_equal(ascend_model_group.bind(b.model, other, span, 3, &second, &r.error), SY_UNSUPPORTED);
    rig_expect_words(r.error.text, "one queue at a time");
    assert_int_equal(ascend_model_group.bind(b.model, r.queue, span, 3, &second, &r.error), SY_OK);
    sy_card_work_api.binding_destroy(second);
    sy_card_work_api.binding_destroy(b.binding);
    assert_int_equal(ascend_model_group.bind(b.model, other, span, 3, &b.binding, &r.error), SY_OK);
    release(&b);
    sy_card_queue_api.destroy(other);
    rig_end(&r);
}

static void a_late_failure_is_told_by_the_wait(void **state) {
    rig r;
    (void)state;
    rig_open(&r, "ascend", "");
    bound b = bind_good(&r, MODEL);
    sim.fail_async("aclmdlExecuteAsync", 1, 507015);
    assert_int_equal(sy_card_work_api.run(b.binding), SY_OK);
    assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &r.error), SY_LOST);
    rig_expect_words(r.error.text, "AI core exception (507015)");
    release(&b);
    rig_end(&r);
}

static void a_launch_may_fail(void **state) {
    rig r;
    (void)state;
    rig_open(&r, "ascend", "");
    bound b = bind_good(&r, MODEL);
    sim.fail_call("aclmdlExecuteAsync", 1, 145003);
    assert_int_equal(sy_card_work_api.run(b.binding), SY_INTERNAL);
    assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &r.error), SY_INTERNAL);
    rig_expect_words(r.error.text, "aclmdlExecuteAsync");
    rig_expect_words(r.error.text, "145003");
    release(&b);
    rig_end(&r);
}

/* Every call on the way fails once; nothing is left, and it is well again. */
static void every_call_may_fail(void **state) {
    static const char *const loading[] = {"aclmdlLoadFromMem", "aclmdlCreateDesc", "aclmdlGetDesc",
        "aclmdlGetInputDims", "aclmdlGetOutputDims"};
    static const char *const binding_calls[] = {
        "aclmdlCreateDataset", "aclCreateDataBuffer", "aclmdlAddDatasetBuffer"};
    rig r;
    (void)state;
    rig_open(&r, "ascend", "");
    for (size_t i = 0; i < sizeof loading / sizeof loading[0]; i++) {
        sy_model *model = (sy_model *)&r;
        sim.fail_call(loading[i], 1, 500000);
        assert_int_not_equal(load(&r, MODEL, &model), SY_OK);
        assert_null(model);
        assert_true(strlen(r.error.text) > 10);
        assert_int_equal(sim.disarm(), 0);
    }
    bound b = bind_good(&r, MODEL);
    const sy_span span[3] = {{b.buffer[0], 0, 64}, {b.buffer[1], 0, 64}, {b.buffer[2], 0, 32}};
    for (int64_t nth = 1; nth <= 2; nth++)
        for (size_t i = 0; i < sizeof binding_calls / sizeof binding_calls[0]; i++) {
            sy_binding *binding = (sy_binding *)&r;
            sim.fail_call(binding_calls[i], nth, 500000);
            assert_int_not_equal(
                ascend_model_group.bind(b.model, r.queue, span, 3, &binding, &r.error), SY_OK);
            assert_null(binding);
            assert_int_equal(sim.disarm(), 0);
            assert_int_equal(sim.alive("dataset"), 2);
            assert_int_equal(sim.alive("data_buffer"), 3);
        }
    release(&b);
    rig_end(&r);
}

static void memory_runs_out(void **state) {
    rig r;
    sy_model *model = NULL;
    (void)state;
    rig_open(&r, "ascend", "memory=1M");
    assert_int_equal(load(&r, MODEL "memory 2000000\n", &model), SY_OUT_OF_MEMORY);
    bound b = bind_good(&r, MODEL);
    const sy_span span[3] = {{b.buffer[0], 0, 64}, {b.buffer[1], 0, 64}, {b.buffer[2], 0, 32}};
    for (uint64_t k = 1; k <= 3; k++) {
        sy_binding *binding = (sy_binding *)&r;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(
            ascend_model_group.bind(b.model, r.queue, span, 3, &binding, &r.error), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_null(binding);
    }
    release(&b);
    rig_end(&r);
}

/* A thousand loads leave no object and no byte of the device. */
static void a_thousand_loads_leave_nothing(void **state) {
    rig r;
    sy_device_info before = {.size = sizeof before}, after = {.size = sizeof after};
    (void)state;
    rig_open(&r, "ascend", "memory=1M");
    assert_int_equal(sy_card_device_api.info(r.device, &before, NULL), SY_OK);
    for (int i = 0; i < 1000; i++) {
        bound b = bind_good(&r, MODEL);
        assert_int_equal(sy_card_work_api.run(b.binding), SY_OK);
        assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &r.error), SY_OK);
        release(&b);
    }
    assert_int_equal(sy_card_device_api.info(r.device, &after, NULL), SY_OK);
    assert_int_equal(before.free_bytes, after.free_bytes);
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ports_are_what_the_library_says),
        cmocka_unit_test(runs_are_enqueued_and_right),
        cmocka_unit_test(what_the_interface_has_no_words_for_is_refused),
        cmocka_unit_test(files_that_are_none), cmocka_unit_test(wrong_operands_are_refused),
        cmocka_unit_test(a_model_is_of_one_queue_at_a_time),
        cmocka_unit_test(a_late_failure_is_told_by_the_wait), cmocka_unit_test(a_launch_may_fail),
        cmocka_unit_test(every_call_may_fail), cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(a_thousand_loads_leave_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
