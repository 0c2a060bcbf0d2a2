/* The list of cases: every one a problem, every one of one topic. */
#include "bench/conform/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "steelyard/spec.h"

static void every_case_is_a_problem(void **state) {
    char text[SY_CASE_TEXT_MAX];
    (void)state;
    assert_true(sy_case_count() > 2000);
    for (size_t i = 0; i < sy_case_count(); i++) {
        sy_error err = SY_ERROR_INIT;
        sy_spec spec;
        sy_case_text(i, text);
        if (sy_spec_parse(text, NULL, &spec, &err) != SY_OK)
            fail_msg("%s: %s", text, err.text);
    }
}

/* "gemm f32": the op and the types that stand in the text. */
static void check_text(const char *topic, const char *text) {
    const char *blank = strchr(topic, ' ');
    size_t op = blank != NULL ? (size_t)(blank - topic) : strlen(topic);
    char dtype[64];
    assert_memory_equal(topic, text, op);
    assert_true(text[op] == ':');
    if (blank == NULL)
        return;
    snprintf(dtype, sizeof dtype, "dtype=%s", blank + 1);
    const char *found = strstr(text, dtype);
    assert_non_null(found);
    assert_true(found[strlen(dtype)] == '\0' || found[strlen(dtype)] == ',');
}

static void every_case_is_of_one_topic(void **state) {
    char text[SY_CASE_TEXT_MAX];
    unsigned char *seen = calloc(sy_case_count(), 1);
    (void)state;
    assert_non_null(seen);
    for (size_t t = 0; t < sy_case_topic_count(); t++) {
        sy_case_topic topic = sy_case_topic_get(t);
        assert_true(topic.count > 0);
        for (size_t i = 0; i < topic.count; i++) {
            size_t index = topic.first + i * topic.step;
            assert_true(index < sy_case_count());
            assert_int_equal(seen[index]++, 0);
            sy_case_text(index, text);
            check_text(topic.name, text);
        }
    }
    for (size_t i = 0; i < sy_case_count(); i++)
        assert_int_equal(seen[i], 1);
    free(seen);
}

static void topics_have_names_of_their_own(void **state) {
    (void)state;
    for (size_t i = 0; i < sy_case_topic_count(); i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(sy_case_topic_get(i).name, sy_case_topic_get(k).name);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case_is_a_problem),
        cmocka_unit_test(every_case_is_of_one_topic), cmocka_unit_test(topics_have_names_of_their_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
