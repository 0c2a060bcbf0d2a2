/* Help, manual page and completion: whole, in bounds, and accepted by the programs that read them. */
#include "bench/cli/cli.h"
#include "bench/cli/option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef sy_status writer(FILE *out, uint32_t verb, sy_error *err);

/* What a writer wrote; the caller frees it. */
static char *written(writer *write, uint32_t verb) {
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    assert_int_equal(write(out, verb, NULL), SY_OK);
    fclose(out);
    return text;
}

static sy_status write_man(FILE *out, uint32_t verb, sy_error *err) {
    (void)verb;
    return sy_cli_write_man(out, "1.2.3", err);
}

static sy_status write_completion(FILE *out, uint32_t verb, sy_error *err) {
    (void)verb;
    return sy_cli_write_completion(out, err);
}

static void check_width(const char *text) {
    size_t column = 0;
    for (; *text != '\0'; text++) {
        column = *text == '\n' ? 0 : column + 1;
        assert_true(column <= 80);
    }
    assert_int_equal(column, 0);
}

static void the_overview_names_every_verb(void **state) {
    (void)state;
    size_t count;
    const sy_verb *verb = sy_verb_table(&count);
    char *text = written(sy_cli_write_help, 0), label[64];
    check_width(text);
    for (size_t i = 0; i < count; i++) {
        snprintf(label, sizeof label, "\n  %s ", verb[i].name);
        assert_non_null(strstr(text, label));
    }
    assert_null(strstr(text, "doctor"));
    free(text);
}

static void help_names_the_options_of_the_verb(void **state) {
    (void)state;
    size_t count, verb_count;
    const sy_option *option = sy_option_table(&count);
    const sy_verb *verb = sy_verb_table(&verb_count);
    for (size_t i = 0; i < verb_count; i++) {
        char *text = written(sy_cli_write_help, verb[i].verb), label[64];
        check_width(text);
        for (size_t j = 0; j < count; j++) {
            const char *joint = option[j].value == NULL ? "" : option[j].kind == SY_VALUE_SHARE ? "[" : " ";
            snprintf(label, sizeof label, "--%s%s", option[j].name, joint);
            assert_int_equal((option[j].verbs & verb[i].verb) != 0, strstr(text, label) != NULL);
        }
        assert_non_null(strstr(text, "--help"));
        free(text);
    }
}

static void help_tells_choices_and_defaults(void **state) {
    (void)state;
    char *text = written(sy_cli_write_help, SY_VERB_RUN);
    assert_non_null(strstr(text, "outputs (full,"));
    assert_non_null(strstr(text, "[full]\n"));
    assert_non_null(strstr(text, "  -d, --device ID[,ID]|all"));
    free(text);
}

static void meters_are_named_where_they_are_taken(void **state) {
    (void)state;
    char *run = written(sy_cli_write_help, SY_VERB_RUN), *peak = written(sy_cli_write_help, SY_VERB_PEAK);
    char *page = written(write_man, 0);
    assert_non_null(strstr(run, "\nmeters:\n"));
    assert_non_null(strstr(run, "\n  shelly:HOST "));
    assert_null(strstr(peak, "shelly"));
    assert_non_null(strstr(page, ".SH METERS OF ENERGY"));
    assert_non_null(strstr(page, "\\fBshelly:HOST\\fR"));
    free(run);
    free(peak);
    free(page);
}

static void the_manual_page_is_escaped(void **state) {
    (void)state;
    char *text = written(write_man, 0);
    assert_non_null(strstr(text, ".TH STEELYARD 1 \"\" \"steelyard 1.2.3\""));
    assert_non_null(strstr(text, "\\-\\-max\\-time"));
    assert_non_null(strstr(text, "STEELYARD_MAX_TIME"));
    assert_null(strstr(text, "\n'"));
    assert_null(strstr(text, "--"));
    free(text);
}

/* Whether a program reads the text without a word on its standard error; -1 if it is not there. */
static int accepted_by(const char *program, const char *command, const char *text) {
    char line[256];
    snprintf(line, sizeof line, "command -v %s >/dev/null", program);
    if (system(line) != 0) {
        return -1;
    }
    FILE *pipe = popen(command, "w");
    assert_non_null(pipe);
    fputs(text, pipe);
    return pclose(pipe) == 0;
}

static void bash_accepts_the_completion(void **state) {
    (void)state;
    char *text = written(write_completion, 0);
    int result = accepted_by("bash", "bash -n", text);
    assert_int_not_equal(result, 0);
    if (result < 0) {
        free(text);
        skip();
    }
    size_t bytes = strlen(text) + 1024;
    char *script = malloc(bytes);
    snprintf(script, bytes,
        "%s\ntry() { COMP_WORDS=(steelyard \"$@\"); COMP_CWORD=$#; COMPREPLY=(); _steelyard; "
        "echo \"${COMPREPLY[*]}\"; }\n"
        "[ \"$(try ru)\" = run ] || exit 1\n[ \"$(try run --rou)\" = --rounds ] || exit 2\n"
        "[ \"$(try run --math an)\" = any ] || exit 3\n[ -z \"$(try devices --see)\" ] || exit 4\n"
        "[ \"$(try help --ma)\" = --man ] || exit 5\n"
        "[ \"$(try run --energy sh)\" = shelly ] || exit 6\n[ \"$(try run --energy of)\" = off ] || exit 7\n",
        text);
    assert_int_equal(accepted_by("bash", "bash", script), 1);
    free(script);
    free(text);
}

static void groff_accepts_the_manual_page(void **state) {
    (void)state;
    char *text = written(write_man, 0);
    int result = accepted_by("groff", "test -z \"$(groff -man -Tascii -ww -z 2>&1)\"", text);
    free(text);
    assert_int_not_equal(result, 0);
    if (result < 0) {
        skip();
    }
}

static void a_full_disk_is_reported(void **state) {
    (void)state;
    sy_error err = SY_ERROR_INIT;
    FILE *out = fopen("/dev/full", "w");
    assert_non_null(out);
    setvbuf(out, NULL, _IONBF, 0);
    assert_int_equal(sy_cli_write_help(out, 0, &err), SY_IO);
    assert_int_equal(sy_cli_write_man(out, "1", &err), SY_IO);
    assert_int_equal(sy_cli_write_completion(out, &err), SY_IO);
    fclose(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_overview_names_every_verb),
        cmocka_unit_test(help_names_the_options_of_the_verb),
        cmocka_unit_test(help_tells_choices_and_defaults),
        cmocka_unit_test(meters_are_named_where_they_are_taken),
        cmocka_unit_test(the_manual_page_is_escaped),
        cmocka_unit_test(bash_accepts_the_completion),
        cmocka_unit_test(groff_accepts_the_manual_page),
        cmocka_unit_test(a_full_disk_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
