/* Fields of the wire format, whole and cut off anywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/onnx/wire.h"

static void varints_are_read(void **state) {
    (void)state;
    static const uint8_t bytes[] = {
        0x00, 0x7f, 0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x81, 0x80, 0x00};
    static const uint64_t wanted[] = {0, 127, 128, UINT64_MAX, 1};
    sy_wire wire = {bytes, 0, sizeof bytes};
    for (size_t i = 0; i < 5; i++) {
        uint64_t value = 99;
        assert_true(sy_wire_varint(&wire, &value));
        assert_true(value == wanted[i]);
    }
    assert_true(wire.at == wire.end);
}

static void varints_without_end_are_refused(void **state) {
    (void)state;
    uint8_t bytes[12];
    memset(bytes, 0x80, sizeof bytes);
    uint64_t value = 0;
    for (size_t count = 0; count <= sizeof bytes; count++) {
        sy_wire wire = {bytes, 0, count};
        assert_false(sy_wire_varint(&wire, &value));
        assert_true(wire.at <= count);
    }
}

static void fields_are_read(void **state) {
    (void)state;
    static const uint8_t bytes[] = {
        0x08, 0x05, 0x12, 0x02, 'a', 'b', 0x1d, 1, 2, 3, 4, 0x21, 1, 0, 0, 0, 0, 0, 0, 0x80};
    sy_wire wire = {bytes, 0, sizeof bytes};
    sy_wire_field field;
    assert_null(sy_wire_next(&wire, &field));
    assert_true(field.number == 1 && field.type == SY_WIRE_VARINT && field.value == 5 && field.begin == 0);
    assert_null(sy_wire_next(&wire, &field));
    assert_true(field.number == 2 && field.offset == 4 && field.length == 2 && field.begin == 2);
    assert_null(sy_wire_next(&wire, &field));
    assert_true(field.number == 3 && field.value == 0x04030201);
    assert_null(sy_wire_next(&wire, &field));
    assert_true(field.number == 4 && field.value == UINT64_C(0x8000000000000001) && wire.at == wire.end);
}

static void each_cut_is_told(void **state) {
    (void)state;
    static const uint8_t bytes[] = {
        0x12, 0x81, 0x00, 'a', 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x88, 0x01, 0x80, 0x01};
    static const size_t ends[] = {0, 4, 9, 18, sizeof bytes};
    for (size_t count = 1; count < sizeof bytes; count++) {
        sy_wire wire = {bytes, 0, count};
        sy_wire_field field;
        const char *wrong = NULL;
        while (wrong == NULL && wire.at < wire.end)
            wrong = sy_wire_next(&wire, &field);
        bool is_whole = false;
        for (size_t i = 0; i < 5; i++)
            is_whole = is_whole || ends[i] == count;
        assert_true((wrong == NULL) == is_whole);
        assert_true(wire.at <= count);
    }
}

static void what_is_no_field_is_told(void **state) {
    (void)state;
    static const uint8_t wrong[][8] = {{0x00, 0x01}, {0x0b}, {0x0c}, {0x0e}, {0x0f},
        {0x80, 0x80, 0x80, 0x80, 0x80, 0x01}, {0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        sy_wire wire = {wrong[i], 0, sizeof wrong[i]};
        sy_wire_field field;
        assert_non_null(sy_wire_next(&wire, &field));
    }
}

static void padded_varints_come_back(void **state) {
    (void)state;
    static const uint64_t values[] = {0, 1, 127, 128, 300000, 0x7ffffffff};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        uint8_t bytes[5];
        uint64_t value = 0;
        sy_wire wire = {bytes, 0, sizeof bytes};
        sy_wire_put(bytes, values[i], 5);
        assert_true(sy_wire_varint(&wire, &value) && value == values[i] && wire.at == 5);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(varints_are_read),
        cmocka_unit_test(varints_without_end_are_refused),
        cmocka_unit_test(fields_are_read),
        cmocka_unit_test(each_cut_is_told),
        cmocka_unit_test(what_is_no_field_is_told),
        cmocka_unit_test(padded_varints_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
