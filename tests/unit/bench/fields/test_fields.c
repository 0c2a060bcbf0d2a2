/* Arena, JSON text, and structs described by tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <locale.h>
#include <math.h>
#include <string.h>

#include "bench/fields/fields.h"
#include "bench/fields/json_text.h"
#include "runtime/base/seam.h"

static void quoted_text_is_json(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n\t\x01\x1f\x7f", "\"\\u000a\\u0009\\u0001\\u001f\\u007f\""},
        {"\xc2\x85\xe2\x80\xa8\xe2\x80\xa9", "\"\\u0085\\u2028\\u2029\""},
        {"\xe5\xaf\x92\xf0\x9f\x98\x80", "\"\xe5\xaf\x92\xf0\x9f\x98\x80\""},
        {"\xff", "\"\\ufffd\""},
        {"\xc0\x80", "\"\\ufffd\\ufffd\""},
        {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
        {"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
        {"cut \xe5\xaf", "\"cut \\ufffd\\ufffd\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_text text = {0};
        sy_json_quote(&text, rows[i][0]);
        assert_string_equal(text.data, rows[i][1]);
        json_t *json = json_loadb(text.data, text.length, JSON_DECODE_ANY, NULL);
        assert_non_null(json);
        json_decref(json);
        sy_text_release(&text);
    }
    sy_text text = {0};
    sy_json_quote(&text, NULL);
    assert_string_equal(text.data, "null");
    sy_text_release(&text);
}

static void numbers_ignore_the_locale(void **state) {
    (void)state;
    sy_text text = {0};
    setlocale(LC_ALL, "de_DE.UTF-8");
    sy_json_f64(&text, 0.5);
    sy_json_f64(&text, NAN);
    sy_json_f64(&text, -INFINITY);
    setlocale(LC_ALL, "C");
    assert_string_equal(text.data, "0.5nullnull");
    sy_text_release(&text);
}

static void nine_digits_are_kept(void **state) {
    (void)state;
    static const double rows[][2] = {{0.0, 0.0}, {1.0 / 3.0, 0.333333333}, {2e9 / 3.0, 666666667.0},
        {2e12 / 3.0, 666666667e3}, {-1.23456789012, -1.23456789}, {1e300, 1e300}, {5e-324, 5e-324},
        {12.5, 12.5}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(sy_json_round9(rows[i][0]) == rows[i][1]);
    assert_true(isnan(sy_json_round9(NAN)));
}

static void an_arena_holds_and_forgets(void **state) {
    (void)state;
    sy_arena arena = {0};
    for (size_t bytes = 0; bytes < 40000; bytes += 997) {
        unsigned char *memory = sy_arena_alloc(&arena, bytes);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % sizeof(max_align_t) % 16, 0);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, bytes);
    }
    sy_arena_clear(&arena);
    unsigned char *again = sy_arena_alloc(&arena, 64);
    assert_true(again != NULL && again[0] == 0 && again[63] == 0);
    assert_null(sy_arena_alloc(&arena, SIZE_MAX));
    assert_null(sy_arena_array(&arena, SIZE_MAX / 2, 3));
    assert_null(sy_arena_text(&arena, NULL));
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_null(sy_arena_alloc(&arena, 1u << 20));
    sy_seam_disarm();
    sy_arena_release(&arena);
    sy_arena_clear(&arena);
    assert_null(arena.first);
}

typedef struct inner {
    double value;
    const char *name;
} inner;

typedef struct outer {
    inner first, second;
    struct {
        const inner *item;
        size_t count;
    } more;
    uint64_t count;
} outer;

static const sy_field inner_rows[] = {
    {.name = "value",
        .kind = SY_FIELD_F64,
        .offset = offsetof(inner, value),
        .least = -1.0,
        .is_needed = true},
    SY_TEXT_FIELD(inner, "name", name),
};
static const sy_field_table inner_fields = SY_FIELD_TABLE(inner_rows, inner);
static const sy_field outer_rows[] = {
    SY_GROUP_FIELD("first", offsetof(outer, first), inner_fields),
    SY_GROUP_FIELD("second", offsetof(outer, second), inner_fields),
    SY_LIST_FIELD(outer, "more", more, inner_fields),
    SY_COUNT_FIELD(outer, "count", count),
};
static const sy_field_table outer_fields = SY_FIELD_TABLE(outer_rows, outer);

static void groups_and_lists_nest(void **state) {
    (void)state;
    static const char line[] =
        "{\"second\":{\"value\":2.5},\"more\":[{\"value\":-1,\"name\":\"a\"},{\"value\":0}],"
        "\"count\":7}";
    sy_arena arena = {0};
    outer object;
    sy_text text = {0};
    json_t *json = json_loads(line, 0, NULL);
    assert_int_equal(sy_fields_read(&outer_fields, json, &arena, &object, NULL), SY_OK);
    assert_true(isnan(object.first.value) && object.second.value == 2.5);
    assert_int_equal(object.more.count, 2);
    assert_true(sy_fields_keep(&outer_fields, &arena, &object));
    json_decref(json);
    assert_string_equal(object.more.item[0].name, "a");
    sy_text_append(&text, "{", 1);
    assert_true(sy_fields_write(&outer_fields, &object, false, &text));
    sy_text_append(&text, "}", 1);
    assert_string_equal(text.data, line);
    sy_text_release(&text);
    sy_arena_release(&arena);
}

static void errors_say_where(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"{\"more\":[{\"value\":1},{\"name\":\"x\"}]}", "more[1].value is missing"},
        {"{\"more\":[{\"value\":1},7]}", "more[1] must be an object, not a whole number"},
        {"{\"first\":{\"value\":-2}}", "first.value is out of range"},
        {"{\"first\":[]}", "first must be an object, not a list"},
        {"{\"count\":-1}", "count is out of range"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_arena arena = {0};
        sy_error err = SY_ERROR_INIT;
        outer object;
        json_t *json = json_loads(rows[i][0], 0, NULL);
        assert_int_equal(sy_fields_read(&outer_fields, json, &arena, &object, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, rows[i][1]));
        json_decref(json);
        sy_arena_release(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_text_is_json),
        cmocka_unit_test(numbers_ignore_the_locale),
        cmocka_unit_test(nine_digits_are_kept),
        cmocka_unit_test(an_arena_holds_and_forgets),
        cmocka_unit_test(groups_and_lists_nest),
        cmocka_unit_test(errors_say_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
