/* The tables themselves: names, letters, kinds and defaults fit together. */
#include "bench/cli/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void names_and_letters_are_unique(void **state) {
    (void)state;
    size_t count, asked;
    const sy_option *option = sy_option_table(&count);
    const sy_question *question = sy_question_table(&asked);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(sy_option_find(option[i].name, strlen(option[i].name)), &option[i]);
        if (option[i].letter != '\0') {
            assert_ptr_equal(sy_option_by_letter(option[i].letter), &option[i]);
        }
        for (size_t j = 0; j < asked; j++) {
            assert_string_not_equal(option[i].name, question[j].name);
            assert_true(option[i].letter == '\0' || option[i].letter != question[j].letter);
        }
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(option[i].offset, option[j].offset);
        }
    }
    assert_null(sy_option_find("devic", 5));
    assert_null(sy_option_find("devices", 7));
    assert_ptr_equal(sy_option_find("device=cpu", 6), option);
    assert_null(sy_option_by_letter('\0'));
    assert_null(sy_option_by_letter('?'));
}

static void every_row_is_complete(void **state) {
    (void)state;
    size_t count;
    const sy_option *option = sy_option_table(&count);
    for (size_t i = 0; i < count; i++) {
        assert_true(option[i].kind >= SY_VALUE_FLAG && option[i].kind <= SY_VALUE_SHARE);
        assert_true(option[i].verbs != 0 && (option[i].verbs & SY_VERB_HELP) == 0);
        assert_non_null(option[i].help);
        assert_int_not_equal(option[i].help[strlen(option[i].help) - 1], '.');
        assert_int_equal(option[i].kind == SY_VALUE_CHOICE, option[i].choice != NULL);
        bool is_bare = option[i].value == NULL || option[i].kind == SY_VALUE_SHARE;
        assert_int_equal(sy_value_is_bare(&option[i]), is_bare);
        assert_true(option[i].least <= option[i].most);
        assert_true(option[i].offset < sizeof(sy_config));
    }
}

static void every_default_is_a_value(void **state) {
    (void)state;
    size_t count;
    const sy_option *option = sy_option_table(&count);
    for (size_t i = 0; i < count; i++) {
        sy_config config = {0};
        sy_text text = {0};
        if (option[i].preset == NULL) {
            continue;
        }
        assert_int_equal(sy_value_set(&config, &option[i], option[i].preset, "preset", NULL), SY_OK);
        assert_true(sy_value_print(&config, &option[i], &text));
        assert_string_equal(text.data, option[i].preset);
        sy_text_release(&text);
        sy_config_release(&config);
    }
}

static void twins_are_upper_case(void **state) {
    (void)state;
    size_t count;
    const sy_option *option = sy_option_table(&count);
    char twin[SY_TWIN_MAX];
    sy_option_twin(sy_option_find("max-time", 8), twin);
    assert_string_equal(twin, "STEELYARD_MAX_TIME");
    for (size_t i = 0; i < count; i++) {
        sy_option_twin(&option[i], twin);
        assert_int_equal(strlen(twin), strlen("STEELYARD_") + strlen(option[i].name));
        assert_int_equal(strspn(twin, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), strlen(twin));
    }
}

static void verbs_are_found(void **state) {
    (void)state;
    size_t count;
    const sy_verb *verb = sy_verb_table(&count);
    uint32_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(sy_verb_find(verb[i].name), &verb[i]);
        assert_ptr_equal(sy_verb_by_number(verb[i].verb), &verb[i]);
        assert_int_equal(seen & verb[i].verb, 0);
        seen |= verb[i].verb;
    }
    assert_null(sy_verb_find("doctor"));
    assert_null(sy_verb_by_number(0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_letters_are_unique),
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(every_default_is_a_value),
        cmocka_unit_test(twins_are_upper_case),
        cmocka_unit_test(verbs_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
