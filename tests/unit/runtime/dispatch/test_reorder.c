/* Conversion between layouts: the steps on a scripted backend, the values on one in host memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/dispatch/dispatch.h"
#include "tests/plugins/host.h"
#include "tests/unit/runtime/dispatch/fake.h"

static const sy_tensor rows_first = {
    .size = sizeof(sy_tensor), .dtype = SY_F32, .rank = 2, .dim = {2, 3}, .stride = {3, 1}};
static const sy_tensor columns_first = {
    .size = sizeof(sy_tensor), .dtype = SY_F32, .rank = 2, .dim = {2, 3}, .stride = {1, 2}};

static sy_status convert(fake_script *script, const sy_tensor *from, const sy_tensor *to, sy_error *err) {
    const sy_span span = {.bytes = 24};
    return sy_dispatch_reorder(&fake_api, fake_device(script), fake_queue(script), from, span, to, span, err);
}

static const fake_row usable[] = {
    {SY_UNSUPPORTED, "not these strides", {.name = "fast"}},
    {SY_OK, NULL, {.name = "reference", .flags = SY_ALGO_REFERENCE, .id = 31}},
    {SY_OK, NULL, {.name = "plain", .id = 32}},
};

static void steps_are_made_and_undone(void **state) {
    fake_script script = {.rows = usable, .count = 3, .workspace_bytes = 64};
    (void)state;
    assert_int_equal(convert(&script, &rows_first, &columns_first, NULL), SY_OK);
    assert_int_equal(script.seen_algorithm_id, 32);
    assert_int_equal(script.calls[FAKE_RUN], 1);
    assert_int_equal(script.calls[FAKE_SYNC], 1);
    assert_int_equal(script.calls[FAKE_ALLOC], 1);
    assert_int_equal(script.living, 0);
}

static void reference_is_good_enough(void **state) {
    fake_script script = {.rows = usable, .count = 2};
    (void)state;
    assert_int_equal(convert(&script, &rows_first, &columns_first, NULL), SY_OK);
    assert_int_equal(script.seen_algorithm_id, 31);
    assert_int_equal(script.calls[FAKE_ALLOC], 0);
}

static void no_reorder_tells_why(void **state) {
    fake_script script = {.rows = usable, .count = 1};
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(convert(&script, &rows_first, &columns_first, &err), SY_UNSUPPORTED);
    assert_string_equal(err.text, "reorder: fast: not these strides");
    assert_int_equal(script.calls[FAKE_PLAN], 0);
}

static void every_failing_step_cleans_up(void **state) {
    (void)state;
    for (uint32_t call = FAKE_PLAN; call <= FAKE_SYNC; call++) {
        fake_script script = {.rows = usable, .count = 3, .workspace_bytes = 64, .failing = call};
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(convert(&script, &rows_first, &columns_first, &err), SY_LOST);
        assert_memory_equal(err.text, "reorder: ", 9);
        assert_int_equal(script.living, 0);
    }
}

static void equal_layouts_are_copied(void **state) {
    fake_script script = {.rows = usable, .count = 3};
    (void)state;
    assert_int_equal(convert(&script, &rows_first, &rows_first, NULL), SY_OK);
    assert_int_equal(script.calls[FAKE_COPY], 1);
    assert_int_equal(script.calls[FAKE_SYNC], 1);
    assert_int_equal(script.calls[FAKE_PLAN], 0);
    script.failing = FAKE_COPY;
    assert_int_equal(convert(&script, &rows_first, &rows_first, NULL), SY_LOST);
}

static void other_tensors_are_refused(void **state) {
    fake_script script = {.rows = usable, .count = 3};
    sy_tensor other = columns_first;
    (void)state;
    other.dtype = SY_F16;
    assert_int_equal(convert(&script, &rows_first, &other, NULL), SY_INVALID_ARGUMENT);
    other = columns_first;
    other.dim[1] = 4;
    assert_int_equal(convert(&script, &rows_first, &other, NULL), SY_INVALID_ARGUMENT);
    other = columns_first;
    other.rank = 3;
    assert_int_equal(convert(&script, &rows_first, &other, NULL), SY_INVALID_ARGUMENT);
    other = columns_first;
    other.layout = SY_LAYOUT_ANY;
    assert_int_equal(convert(&script, &rows_first, &other, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(convert(&script, &other, &rows_first, NULL), SY_INVALID_ARGUMENT);
}

static void drop_line(void *ctx, uint32_t level, const char *text) {
    (void)ctx, (void)level, (void)text;
}

static const sy_host quiet_host = {.size = sizeof(sy_host), .log = drop_line};

static void values_go_to_their_places(void **state) {
    static const sy_backend_api api = {.size = sizeof api,
        .name = "host",
        .device = &host_device,
        .memory = &host_memory,
        .queue = &host_queue,
        .work = &host_work};
    float source[6] = {1, 2, 3, 4, 5, 6};
    float target[6] = {0};
    const float expected[6] = {1, 4, 2, 5, 3, 6};
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_span from = {.bytes = sizeof source}, to = {.bytes = sizeof target};
    (void)state;
    assert_int_equal(host_create(&quiet_host, &backend, NULL), SY_OK);
    assert_int_equal(host_device.open(backend, 0, "", &device, NULL), SY_OK);
    assert_int_equal(host_queue.create(device, &queue, NULL), SY_OK);
    assert_int_equal(host_memory.import(device, source, sizeof source, &from.buffer, NULL), SY_OK);
    assert_int_equal(host_memory.import(device, target, sizeof target, &to.buffer, NULL), SY_OK);
    assert_int_equal(
        sy_dispatch_reorder(&api, device, queue, &rows_first, from, &columns_first, to, NULL), SY_OK);
    assert_memory_equal(target, expected, sizeof expected);
    assert_int_equal(
        sy_dispatch_reorder(&api, device, queue, &columns_first, to, &columns_first, from, NULL), SY_OK);
    assert_memory_equal(source, expected, sizeof expected);
    host_memory.free(from.buffer);
    host_memory.free(to.buffer);
    host_queue.destroy(queue);
    host_device.close(device);
    host_destroy(backend);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_made_and_undone),
        cmocka_unit_test(reference_is_good_enough),
        cmocka_unit_test(no_reorder_tells_why),
        cmocka_unit_test(every_failing_step_cleans_up),
        cmocka_unit_test(equal_layouts_are_copied),
        cmocka_unit_test(other_tensors_are_refused),
        cmocka_unit_test(values_go_to_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
