/* Fields of messages: defaults for wrong types, texts that are no UTF-8, numbers at their limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "bench/worker/protocol.h"
#include "runtime/base/error.h"

static void wrong_types_read_as_the_default(void **state) {
    (void)state;
    json_t *o = json_pack("{s:s,s:i,s:f,s:b,s:n,s:{},s:[]}", "text", "12", "minus", -5, "real", 1.5, "flag",
        1, "null", "object", "list");
    static const char *const names[] = {"text", "minus", "real", "flag", "null", "object", "list", "absent"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(sy_protocol_u64(o, names[i], 77), 77);
        if (strcmp(names[i], "text") != 0)
            assert_string_equal(sy_protocol_text(o, names[i], "none"), "none");
        if (strcmp(names[i], "flag") != 0)
            assert_true(sy_protocol_bool(o, names[i], true) && !sy_protocol_bool(o, names[i], false));
        if (strcmp(names[i], "minus") != 0 && strcmp(names[i], "real") != 0)
            assert_true(sy_protocol_f64(o, names[i], 2.5) == 2.5);
    }
    assert_true(sy_protocol_f64(o, "minus", 0.0) == -5.0); /* whole numbers are numbers */
    assert_int_equal(sy_protocol_u64(NULL, "x", 3), 3);
    assert_int_equal(sy_protocol_u64(json_object_get(o, "list"), "x", 3), 3);
    json_decref(o);
}

static void large_numbers_travel_as_hex(void **state) {
    (void)state;
    static const uint64_t values[] = {0, 1, UINT64_C(1) << 53, (UINT64_C(1) << 63) + 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "key", sy_protocol_from_hex(values[i]));
        assert_true(sy_protocol_hex(o, "key", 9) == values[i]);
        json_decref(o);
    }
    assert_int_equal(sy_protocol_hex(NULL, "key", 9), 9);
}

static void what_is_not_finite_is_null(void **state) {
    (void)state;
    json_t *number = sy_protocol_number(NAN), *infinite = sy_protocol_number(-INFINITY),
           *fine = sy_protocol_number(2);
    assert_true(json_is_null(number) && json_is_null(infinite) && json_is_real(fine));
    json_decref(fine);
}

static void texts_become_utf_8(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *expected;
    } rows[] = {{"", ""}, {"plain", "plain"}, {"\xe6\xb5\x8b\xe8\xaf\x95", "\xe6\xb5\x8b\xe8\xaf\x95"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"}, {"\xff", "?"}, {"a\x80z", "a?z"},
        {"cut \xe6\xb5", "cut ??"}, {"cut \xf0\x9f\x98", "cut ???"}, {"\xc0\x80", "??"}, {"\xc1\xbf", "??"},
        {"\xe0\x80\x80", "???"}, {"\xed\xa0\x80", "???"}, {"\xf4\x90\x80\x80", "????"},
        {"\xf8\x88\x80\x80\x80", "?????"}, {"\xc3\x28", "?("}, {"\xf0\x8f\xbf\xbf", "????"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *string = sy_protocol_string(rows[i].bytes, 100);
        assert_non_null(string);
        assert_string_equal(json_string_value(string), rows[i].expected);
        json_t *list = json_pack("[O]", string);
        char *dumped = json_dumps(list, 0); /* jansson refuses what is not UTF-8 */
        assert_non_null(dumped);
        free(dumped);
        json_decref(list);
        json_decref(string);
    }
    json_t *cut = sy_protocol_string("ab\xe6\xb5\x8b", 4);
    assert_string_equal(json_string_value(cut), "ab??");
    json_decref(cut);
}

static void a_device_survives_the_way(void **state) {
    (void)state;
    sy_device_info there = {.size = sizeof there,
        .index = 3,
        .scope = SY_SCOPE_CARD,
        .flags = SY_DEVICE_SIMULATED | SY_DEVICE_UNIFIED,
        .name = "card",
        .vendor = "maker",
        .driver = "1.2",
        .uuid = "u",
        .pci = "0000:01:00.0",
        .isa = "x",
        .memory_bytes = UINT64_C(1) << 40,
        .free_bytes = 5,
        .max_alloc_bytes = 6,
        .cache_bytes = 7,
        .base_align = 256,
        .units = 108,
        .numa_node = -1,
        .dtypes = UINT64_C(0x3fe)};
    sy_device_info back;
    json_t *object = sy_protocol_from_device(&there);
    sy_protocol_to_device(object, &back);
    assert_memory_equal(&there, &back, sizeof there);
    json_decref(object);
    memset(there.name, 0xe6, sizeof there.name); /* no NUL, no UTF-8 */
    object = sy_protocol_from_device(&there);
    char *dumped = json_dumps(object, 0);
    assert_non_null(dumped);
    free(dumped);
    sy_protocol_to_device(object, &back);
    assert_int_equal(strlen(back.name), sizeof back.name - 1);
    json_decref(object);
    sy_protocol_to_device(NULL, &back);
    assert_int_equal(back.numa_node, -1);
}

static void a_library_survives_the_way(void **state) {
    (void)state;
    sy_library there = {
        .name = "blas", .path = "/lib/x.so", .build_id = "ab", .version = "3", .simulated = true};
    sy_library back;
    json_t *object = sy_protocol_from_library(&there);
    sy_protocol_to_library(object, &back);
    assert_string_equal(back.name, "blas");
    assert_string_equal(back.path, "/lib/x.so");
    assert_string_equal(back.build_id, "ab");
    assert_string_equal(back.version, "3");
    assert_true(back.simulated);
    json_decref(object);
}

static sy_status status_of(const char *text, sy_error *err) {
    json_t *reply = json_loads(text, 0, NULL);
    sy_status status = sy_protocol_status(reply, err);
    json_decref(reply);
    return status;
}

static void only_known_statuses_are_believed(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT;
    assert_int_equal(status_of("{\"status\":0}", &error), SY_OK);
    assert_int_equal(status_of("{\"status\":2,\"error\":\"no\"}", &error), SY_UNSUPPORTED);
    assert_string_equal(error.text, "no");
    assert_int_equal(status_of("{\"status\":2,\"error\":5}", &error), SY_UNSUPPORTED);
    assert_string_equal(error.text, "unsupported");
    static const char *const strange[] = {"{}", "{\"status\":\"0\"}", "{\"status\":0.0}", "{\"status\":null}",
        "{\"status\":-1}", "{\"status\":999}", "{\"status\":4294967296}"};
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
        assert_int_equal(status_of(strange[i], &error), SY_INTERNAL);
}

static void a_reply_carries_its_error(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT, back = SY_ERROR_INIT;
    sy_error_set(&error, SY_LOST, "bytes \xff\xfe of a driver");
    json_t *reply = sy_protocol_reply(SY_LOST, &error);
    assert_int_equal(sy_protocol_status(reply, &back), SY_LOST);
    assert_string_equal(back.text, "bytes ?? of a driver");
    json_decref(reply);
    reply = sy_protocol_reply(SY_IO, NULL);
    assert_int_equal(sy_protocol_status(reply, &back), SY_IO);
    assert_string_equal(back.text, "input/output");
    json_decref(reply);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(wrong_types_read_as_the_default),
        cmocka_unit_test(large_numbers_travel_as_hex), cmocka_unit_test(what_is_not_finite_is_null),
        cmocka_unit_test(texts_become_utf_8), cmocka_unit_test(a_device_survives_the_way),
        cmocka_unit_test(a_library_survives_the_way), cmocka_unit_test(only_known_statuses_are_believed),
        cmocka_unit_test(a_reply_carries_its_error)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
