/* Buffers, copies and fills: what is refused, and with which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/runtime/card/toy.h"

#define MEMORY sy_card_memory_api

static void test_kinds(void **state) {
    sy_backend *backend = NULL;
    sy_buffer *buffer = NULL;
    sy_error err = SY_ERROR_INIT;
    char own[8];
    (void)state;
    sy_device *device = toy_begin(&backend);
    assert_int_equal(MEMORY.alloc(device, SY_MEMORY_DEVICE, 16, &buffer, NULL), SY_OK);
    assert_null(MEMORY.host_ptr(buffer));
    MEMORY.free(buffer);
    assert_int_equal(MEMORY.alloc(device, SY_MEMORY_PINNED, 16, &buffer, NULL), SY_OK);
    assert_non_null(MEMORY.host_ptr(buffer));
    MEMORY.free(buffer);
    MEMORY.free(NULL);
    assert_int_equal(MEMORY.alloc(device, SY_MEMORY_SHARED, 16, &buffer, &err), SY_UNSUPPORTED);
    assert_int_equal(MEMORY.alloc(device, SY_MEMORY_DEVICE, 0, &buffer, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(MEMORY.alloc(device, SY_MEMORY_DEVICE, UINT64_MAX, &buffer, &err), SY_OUT_OF_MEMORY);
    assert_int_equal(
        MEMORY.alloc(device, SY_MEMORY_DEVICE, UINT64_C(1) << 50, &buffer, &err), SY_OUT_OF_MEMORY);
    assert_non_null(strstr(err.text, "1125899906842624 bytes wanted, 1000 of 4000 free"));
    assert_null(buffer);
    assert_int_equal(MEMORY.import(device, own, sizeof own, &buffer, NULL), SY_OK);
    assert_ptr_equal(MEMORY.host_ptr(buffer), own);
    MEMORY.free(buffer);
    assert_int_equal(MEMORY.import(device, NULL, 8, &buffer, NULL), SY_INVALID_ARGUMENT);
    toy_end(backend, device);
}

static void test_copies(void **state) {
    sy_backend *backend = NULL;
    sy_buffer *on_card = NULL, *here = NULL;
    sy_queue *queue = NULL;
    char own[16] = "steelyard";
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_device *device = toy_begin(&backend);
    assert_int_equal(sy_card_queue_api.create(device, &queue, NULL), SY_OK);
    assert_int_equal(MEMORY.alloc(device, SY_MEMORY_DEVICE, 32, &on_card, NULL), SY_OK);
    assert_int_equal(MEMORY.import(device, own, sizeof own, &here, NULL), SY_OK);
    sy_span card = {on_card, 3, 5}, host = {here, 4, 5}, far = {on_card, 30, 5}, none = {NULL, 0, 5};
    assert_int_equal(MEMORY.copy(queue, card, host, NULL), SY_OK);
    assert_int_equal(MEMORY.fill(queue, host, 'x', NULL), SY_OK);
    assert_memory_equal(own, "steexxxxx", 9);
    assert_int_equal(MEMORY.copy(queue, host, card, NULL), SY_OK);
    assert_memory_equal(own, "steelyard", 9);
    assert_int_equal(MEMORY.copy(queue, far, host, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(MEMORY.copy(queue, none, host, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(MEMORY.copy(queue, host, host, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(MEMORY.copy(queue, (sy_span){on_card, 0, 4}, host, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(MEMORY.fill(queue, far, 1, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(MEMORY.fill(queue, (sy_span){on_card, 32, 0}, 1, &err), SY_OK);
    toy.fail_at = 1, toy.fail_with = TOY_FAILED;
    assert_int_equal(MEMORY.copy(queue, card, host, &err), SY_INTERNAL);
    assert_string_equal(err.text, "toy:0: a copy: toy says no (7)");
    MEMORY.free(here);
    MEMORY.free(on_card);
    sy_card_queue_api.destroy(queue);
    toy_end(backend, device);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds), cmocka_unit_test(test_copies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
