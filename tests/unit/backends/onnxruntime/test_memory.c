/* Host memory as a device's: bounds, copies, imports. */
#include "tests/unit/backends/onnxruntime/world.h"

#include "runtime/base/seam.h"

static void kinds_and_sizes(void **state) {
    world w;
    sy_buffer *buffer = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    open_world(&w);
    for (uint32_t kind = SY_MEMORY_DEVICE; kind <= SY_MEMORY_SHARED; kind++) {
        assert_int_equal(w.api->memory->alloc(w.device, kind, 100, &buffer, NULL), SY_OK);
        assert_int_equal((uintptr_t)w.api->memory->host_ptr(buffer) % 64, 0);
        w.api->memory->free(buffer);
    }
    assert_int_equal(w.api->memory->alloc(w.device, 0, 100, &buffer, &err), SY_UNSUPPORTED);
    assert_int_equal(w.api->memory->alloc(w.device, SY_MEMORY_IMPORTED, 100, &buffer, &err), SY_UNSUPPORTED);
    assert_int_equal(w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, 0, &buffer, &err), SY_INVALID_ARGUMENT);
    assert_null(buffer);
    w.api->memory->free(NULL);
    close_world(&w);
}

static void no_memory_leaves_nothing(void **state) {
    world w;
    (void)state;
    open_world(&w);
    for (uint64_t k = 1; k <= 2; k++) {
        sy_buffer *buffer = (sy_buffer *)&w;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(
            w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, 64, &buffer, NULL), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_null(buffer);
    }
    close_world(&w);
}

static void copies_and_fills_stay_inside(void **state) {
    world w;
    sy_buffer *a = NULL, *b = NULL;
    char ours[32] = "0123456789abcdef0123456789abcde";
    (void)state;
    open_world(&w);
    assert_int_equal(w.api->memory->alloc(w.device, SY_MEMORY_DEVICE, 32, &a, NULL), SY_OK);
    assert_int_equal(w.api->memory->import(w.device, ours, 32, &b, NULL), SY_OK);
    assert_ptr_equal(w.api->memory->host_ptr(b), ours);
    assert_int_equal(w.api->memory->copy(w.queue, (sy_span){a, 4, 8}, (sy_span){b, 8, 8}, NULL), SY_OK);
    assert_memory_equal((char *)w.api->memory->host_ptr(a) + 4, "89abcdef", 8);
    assert_int_equal(w.api->memory->fill(w.queue, (sy_span){a, 6, 2}, 'x', NULL), SY_OK);
    assert_memory_equal((char *)w.api->memory->host_ptr(a) + 4, "89xxcdef", 8);
    const sy_span wrong[][2] = {{{a, 25, 8}, {b, 0, 8}}, {{a, 0, 8}, {b, 25, 8}}, {{a, 33, 0}, {b, 0, 0}},
        {{a, UINT64_MAX, 8}, {b, 0, 8}}, {{a, 0, 8}, {b, 0, 7}}, {{NULL, 0, 8}, {b, 0, 8}},
        {{a, 0, 8}, {a, 4, 8}}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(w.api->memory->copy(w.queue, wrong[i][0], wrong[i][1], &err), SY_INVALID_ARGUMENT);
        assert_true(strlen(err.text) > 10);
    }
    assert_int_equal(w.api->memory->fill(w.queue, (sy_span){a, 30, 3}, 1, NULL), SY_INVALID_ARGUMENT);
    sy_buffer *none = (sy_buffer *)&w;
    assert_int_equal(w.api->memory->import(w.device, NULL, 8, &none, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(w.api->memory->import(w.device, ours, 0, &none, NULL), SY_INVALID_ARGUMENT);
    assert_null(none);
    w.api->memory->free(b);
    w.api->memory->free(a);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kinds_and_sizes),
        cmocka_unit_test(no_memory_leaves_nothing), cmocka_unit_test(copies_and_fills_stay_inside)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
