/* What is read without a tree of values is what the other reader reads; what it would refuse is never read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <stdlib.h>
#include <string.h>

#include "bench/fields/json_text.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/record/sample.h"

enum { MUTATIONS = 60000 };

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

static sy_text text_of(const sy_row *row) {
    sy_text text = {0};
    sy_text_append(&text, "{", 1);
    sy_fields_write(&sy_row_fields, row, false, &text);
    sy_text_append(&text, "}", 1);
    assert_false(text.failed);
    return text;
}

static bool scan_text(const char *text, size_t bytes, sy_arena *arena, sy_row *out_row) {
    const sy_fields_part part = {.table = &sy_row_fields, .object = out_row};
    return sy_fields_scan(&part, 1, text, bytes, arena);
}

/* Whether the text is read; it then is what the other reader says it is. */
static bool agrees(const char *text, size_t bytes) {
    sy_arena scanned_in = {0}, read_in = {0};
    sy_row scanned, read;
    /* In memory of just that size: a sanitizer sees what is read beyond its end. */
    char *copy = malloc(bytes + 1);
    assert_non_null(copy);
    memcpy(copy, text, bytes);
    copy[bytes] = '\n';
    bool is_scanned = scan_text(copy, bytes, &scanned_in, &scanned);
    if (is_scanned) {
        json_t *json = json_loadb(copy, bytes, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(json);
        assert_int_equal(sy_fields_read(&sy_row_fields, json, &read_in, &read, NULL), SY_OK);
        sy_text one = text_of(&scanned), other = text_of(&read);
        assert_string_equal(one.data, other.data);
        sy_text_release(&one);
        sy_text_release(&other);
        json_decref(json);
    }
    free(copy);
    sy_arena_release(&scanned_in);
    sy_arena_release(&read_in);
    return is_scanned;
}

static void what_we_write_is_read_without_a_tree(void **state) {
    (void)state;
    for (unsigned n = 0; n < 3; n++) {
        sy_row row;
        if (n < 2)
            sample_full_row(n, &row);
        else
            sample_bare_row(n, &row);
        row.reason = n == 1 ? "\xe8\xbf\x99 caf\xc3\xa9 \xf0\x9f\x98\x80" : row.reason;
        sy_text text = text_of(&row);
        assert_true(agrees(text.data, text.length));
        sy_text_release(&text);
    }
}

static void numbers_are_read_to_the_last_bit(void **state) {
    (void)state;
    uint64_t seed = 20261126;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_random(&seed);
        double value = 0.0, back = -1.0;
        sy_text text = {0};
        sy_arena arena = {0};
        sy_row row;
        if (i % 2 == 0)
            value = (double)(bits % 1000000000u) / (double)(1u << (bits >> 60));
        else
            memcpy(&value, &bits, sizeof value);
        if (!(value >= 0.0 && value < 1e300))
            continue;
        sample_bare_row(1, &row);
        row.time.plan_ns = value;
        text = text_of(&row);
        if (scan_text(text.data, text.length, &arena, &row))
            back = row.time.plan_ns;
        assert_memory_equal(&back, &value, sizeof value);
        sy_text_release(&text);
        sy_arena_release(&arena);
    }
}

static void what_is_unusual_is_left_to_the_other_reader(void **state) {
    (void)state;
    static const char *const texts[] = {"", "{}", "[]", "{\"status\":\"ok\"}", "null"};
    static const char *const replaced[][2] = {{"\"status\":", "\"stat\\u0075s\":"}, {"\"ok\"", "\"good\""},
        {"\"seq\":1", "\"seq\":01"}, {"\"seq\":1", "\"seq\":1.0"}, {"\"seq\":1", "\"seq\":1e0"},
        {"\"seq\":1", "\"seq\":-1"}, {"\"seq\":1", "\"seq\":null"},
        {"\"seq\":1", "\"seq\":9223372036854775808"}, {"\"seq\":1", "\"seq\":1,\"seq\":1"},
        {"\"seq\":1", "\"seq\":1,\"unknown\":1"}, {"\"seq\":1", "\"seq\":1,"}, {"\"seq\":1", "\"seq\":"},
        {"\"device\":\"cpu\"", "\"device\":\"c\\u0070u\""}, {"\"device\":\"cpu\"", "\"device\":\"c\tpu\""},
        {"\"device\":\"cpu\"", "\"device\":\"c\xc0\x80u\""},
        {"\"device\":\"cpu\"", "\"device\":\"c\xed\xa0\x80u\""}, {"\"device\":\"cpu\"", "\"device\":3"}};
    sy_row row;
    sample_bare_row(0, &row);
    row.status = SY_ROW_OK;
    row.seq = 1;
    sy_text whole = text_of(&row);
    assert_true(agrees(whole.data, whole.length));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(agrees(texts[i], strlen(texts[i])));
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        const char *at = strstr(whole.data, replaced[i][0]);
        sy_text changed = {0};
        assert_non_null(at);
        sy_text_append(&changed, whole.data, (size_t)(at - whole.data));
        sy_text_printf(&changed, "%s%s", replaced[i][1], at + strlen(replaced[i][0]));
        assert_false(agrees(changed.data, changed.length));
        sy_text_release(&changed);
    }
    for (size_t bytes = 0; bytes < whole.length; bytes++)
        assert_false(agrees(whole.data, bytes));
    sy_text_release(&whole);
}

static void damaged_texts_never_read_otherwise(void **state) {
    (void)state;
    static const char marks[] = "{}[]\",:\\-+.0123456789eEtfn \t\x80\xc3\xff";
    uint64_t seed = 7;
    size_t read = 0;
    sy_row row;
    sample_full_row(3, &row);
    sy_text text = text_of(&row);
    for (int i = 0; i < MUTATIONS; i++) {
        size_t places[3];
        char before[3];
        size_t count = 1 + next_random(&seed) % 3;
        for (size_t j = 0; j < count; j++) {
            places[j] = next_random(&seed) % text.length;
            before[j] = text.data[places[j]];
            text.data[places[j]] = marks[next_random(&seed) % (sizeof marks - 1)];
        }
        read += agrees(text.data, text.length);
        for (size_t j = count; j-- > 0;)
            text.data[places[j]] = before[j];
    }
    /* Digits within numbers and letters within texts may change. */
    assert_true(read > MUTATIONS / 100 && read < MUTATIONS);
    sy_text_release(&text);
}

static void without_memory_nothing_is_read(void **state) {
    (void)state;
    sy_row row;
    sample_full_row(0, &row);
    sy_text text = text_of(&row);
    sy_arena arena = {0};
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_false(scan_text(text.data, text.length, &arena, &row));
    sy_seam_disarm();
    sy_arena_release(&arena);
    sy_text_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_write_is_read_without_a_tree),
        cmocka_unit_test(numbers_are_read_to_the_last_bit),
        cmocka_unit_test(what_is_unusual_is_left_to_the_other_reader),
        cmocka_unit_test(damaged_texts_never_read_otherwise),
        cmocka_unit_test(without_memory_nothing_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
