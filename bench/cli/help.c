/* Help on the terminal, in at most 80 columns, out of the tables. */
#include "bench/cli/cli.h"
#include "bench/cli/describe.h"
#include "bench/cli/option.h"
#include "bench/energy/source.h"
#include "runtime/base/error.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS 80u
#define INDENT 30u

/* Write a text word by word; `column` is where the cursor is, further lines begin at `indent`. */
static void write_wrapped(FILE *out, const char *text, size_t column, size_t indent) {
    bool is_first = true;
    while (*text != '\0') {
        size_t bytes = strcspn(text, " ");
        if (!is_first && column + 1 + bytes > COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
            is_first = true;
        }
        fprintf(out, "%s%.*s", is_first ? "" : " ", (int)bytes, text);
        column += bytes + !is_first;
        is_first = false;
        text += bytes + strspn(text + bytes, " ");
    }
    fputc('\n', out);
}

/* "  label   text", the text on the next line if the label is long. */
static void write_entry(FILE *out, const char *label, const char *text) {
    int bytes = fprintf(out, "  %s", label);
    if (bytes < 0 || (size_t)bytes + 1 >= INDENT) {
        fprintf(out, "\n%*s", (int)INDENT, "");
    } else {
        fprintf(out, "%*s", (int)INDENT - bytes, "");
    }
    write_wrapped(out, text, INDENT, INDENT);
}

static void write_options(FILE *out, uint32_t verb) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    for (size_t i = 0; i < count; i++) {
        char label[SY_LABEL_MAX], text[SY_DESCRIPTION_MAX];
        if ((option[i].verbs & verb) != 0) {
            sy_option_label(&option[i], label);
            sy_option_describe(&option[i], verb, text);
            write_entry(out, label, text);
        }
    }
}

static void write_questions(FILE *out, uint32_t verb) {
    size_t count;
    const sy_question *question = sy_question_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (question[i].verb == 0 || question[i].verb == verb) {
            char label[SY_LABEL_MAX];
            sy_question_label(&question[i], label);
            write_entry(out, label, question[i].help);
        }
    }
}

/* What METER may be, for a verb that takes one. */
static void write_meters(FILE *out, uint32_t verb) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    bool is_wanted = false;
    for (size_t i = 0; i < count; i++) {
        is_wanted = is_wanted || (option[i].kind == SY_VALUE_ENERGY && (option[i].verbs & verb) != 0);
    }
    for (size_t i = 0; is_wanted && sy_energy_sources[i] != NULL; i++) {
        fputs(i == 0 ? "\nmeters:\n" : "", out);
        write_entry(out, sy_energy_sources[i]->form, sy_energy_sources[i]->help);
    }
}

static void write_verb(FILE *out, const sy_verb *verb) {
    fprintf(out, "usage: steelyard %s%s%s [options]\n\n", verb->name, verb->what[0] != '\0' ? " " : "",
        verb->what);
    write_wrapped(out, verb->help, 0, 0);
    write_wrapped(out, verb->more, 0, 0);
    fputs("\noptions:\n", out);
    write_options(out, verb->verb);
    write_questions(out, verb->verb);
    write_meters(out, verb->verb);
}

static void write_overview(FILE *out) {
    size_t count;
    const sy_verb *verb = sy_verb_table(&count);
    fputs("usage: steelyard VERB [WHAT...] [options]\n\n"
          "Weighs accelerators: how fast, how exact, and how sure.\n\nverbs:\n",
        out);
    for (size_t i = 0; i < count; i++) {
        char label[SY_LABEL_MAX];
        sy_verb_label(&verb[i], label);
        write_entry(out, label, verb[i].help);
    }
    fputs("\n", out);
    write_questions(out, 0);
    fputs("\nOptions of a verb: steelyard help VERB. A first try: steelyard run quick\n"
          "Each option has a twin in the environment (--max-time: STEELYARD_MAX_TIME) and\n"
          "may stand in ~/.config/steelyard/config (max-time = 30s).\n",
        out);
}

sy_status sy_cli_write_help(FILE *out, uint32_t verb, sy_error *err) {
    const sy_verb *row = sy_verb_by_number(verb);
    if (row != NULL) {
        write_verb(out, row);
    } else {
        write_overview(out);
    }
    return ferror(out) == 0 ? SY_OK : sy_error_set(err, SY_IO, "the help could not be written");
}
