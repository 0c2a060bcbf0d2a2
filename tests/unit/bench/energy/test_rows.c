/* Rows of meters: names, states, the choice by name. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/rows.h"

static sy_energy_list three(void) {
    static const char *const names[] = {"a", "a:b", "c"};
    sy_energy_list list = {0};
    for (size_t i = 0; i < 3; i++) {
        sy_energy_found row = sy_energy_row("src", names[i]);
        row.is_part = true;
        assert_int_equal(sy_energy_rows_append(&list, &row, NULL), SY_OK);
    }
    return list;
}

static void a_blank_row_knows_nothing(void **state) {
    (void)state;
    sy_energy_found row = sy_energy_row("src", "a\nb");
    assert_string_equal(row.facts.name, "src:a?b");
    assert_string_equal(row.spec, "src:a?b");
    assert_true(isnan(row.facts.resolution) && isnan(row.facts.gain));
    assert_int_equal(row.state, SY_OK);
    row = sy_energy_row("src", "");
    assert_string_equal(row.facts.name, "src");
}

static void equal_names_are_numbered(void **state) {
    (void)state;
    char what[100];
    sy_energy_list list = {0};
    memset(what, 'x', sizeof what);
    what[99] = '\0';
    for (size_t i = 0; i < 3; i++) {
        sy_energy_found row = sy_energy_row("src", what);
        assert_int_equal(sy_energy_rows_append(&list, &row, NULL), SY_OK);
    }
    assert_int_equal(strlen(list.found[0].facts.name), 63);
    assert_non_null(strstr(list.found[1].facts.name, "x#2"));
    assert_non_null(strstr(list.found[2].facts.name, "x#3"));
    assert_string_equal(list.found[2].spec, list.found[2].facts.name);
    sy_energy_list_release(&list);
}

static void states_that_a_row_cannot_have(void **state) {
    (void)state;
    sy_energy_found row = sy_energy_row("src", "a");
    sy_energy_row_judge(&row, SY_INVALID_ARGUMENT, "why", "how");
    assert_int_equal(row.state, SY_IO);
    assert_string_equal(row.reason, "why");
    assert_string_equal(row.fix, "how");
    sy_energy_row_judge(&row, SY_REFUSED, "why", "how");
    assert_int_equal(row.state, SY_REFUSED);
    sy_energy_row_judge(&row, SY_OK, "why", "how");
    assert_string_equal(row.reason, "");
}

static void chosen_by_name(void **state) {
    (void)state;
    sy_energy_list list = three();
    assert_int_equal(sy_energy_rows_choose(&list, 0, "src", NULL, NULL), SY_OK);
    assert_int_equal(list.count, 3);
    assert_true(list.found[0].is_part);
    assert_int_equal(sy_energy_rows_choose(&list, 0, "src", "a", NULL), SY_OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "src:a");
    assert_false(list.found[0].is_part);
    sy_energy_list_release(&list);
}

static void chosen_by_the_beginning(void **state) {
    (void)state;
    sy_energy_list list = {0};
    static const char *const names[] = {"chip:one", "chips:no", "chip:two"};
    for (size_t i = 0; i < 3; i++) {
        sy_energy_found row = sy_energy_row("src", names[i]);
        assert_int_equal(sy_energy_rows_append(&list, &row, NULL), SY_OK);
    }
    assert_int_equal(sy_energy_rows_choose(&list, 0, "src", "chip", NULL), SY_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.found[1].facts.name, "src:chip:two");
    sy_energy_list_release(&list);
}

static void nothing_of_that_name(void **state) {
    (void)state;
    sy_energy_list list = three();
    assert_int_equal(sy_energy_rows_choose(&list, 1, "src", "x", NULL), SY_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.found[0].facts.name, "src:a");
    assert_string_equal(list.found[1].facts.name, "src:x");
    assert_int_equal(list.found[1].state, SY_UNAVAILABLE);
    assert_string_equal(list.found[1].reason, "no such meter; there are src:a:b, src:c");
    sy_energy_list_release(&list);
}

static void an_absent_source_stays(void **state) {
    (void)state;
    sy_energy_list list = {0};
    assert_int_equal(sy_energy_rows_absent(&list, "src", SY_REFUSED, "hidden", "show it", NULL), SY_OK);
    assert_int_equal(sy_energy_rows_choose(&list, 0, "src", "x", NULL), SY_OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "src");
    assert_string_equal(list.found[0].reason, "hidden");
    sy_energy_list_release(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blank_row_knows_nothing),
        cmocka_unit_test(equal_names_are_numbered),
        cmocka_unit_test(states_that_a_row_cannot_have),
        cmocka_unit_test(chosen_by_name),
        cmocka_unit_test(chosen_by_the_beginning),
        cmocka_unit_test(nothing_of_that_name),
        cmocka_unit_test(an_absent_source_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
