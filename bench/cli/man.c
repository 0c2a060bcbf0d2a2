/* The manual page steelyard(1) in the man macros, out of the tables. */
#include "bench/cli/cli.h"
#include "bench/cli/describe.h"
#include "bench/cli/option.h"
#include "bench/energy/source.h"
#include "runtime/base/error.h"

#include <stdio.h>

/* A text with what roff would take for its own escaped. */
static void write_escaped(FILE *out, const char *text) {
    if (*text == '.' || *text == '\'') {
        fputs("\\&", out);
    }
    for (; *text != '\0'; text++) {
        if (*text == '\\') {
            fputs("\\e", out);
        } else if (*text == '-') {
            fputs("\\-", out);
        } else {
            fputc(*text, out);
        }
    }
}

/* A tagged paragraph: bold label, then its text. */
static void write_item(FILE *out, const char *label, const char *text) {
    while (*label == ' ') {
        label++;
    }
    fputs(".TP\n\\fB", out);
    write_escaped(out, label);
    fputs("\\fR\n", out);
    write_escaped(out, text);
    fputc('\n', out);
}

static void write_verbs(FILE *out) {
    size_t count;
    const sy_verb *verb = sy_verb_table(&count);
    fputs(".SH VERBS\n", out);
    for (size_t i = 0; i < count; i++) {
        char label[SY_LABEL_MAX], text[512];
        sy_verb_label(&verb[i], label);
        snprintf(text, sizeof text, "%s. %s", verb[i].help, verb[i].more);
        write_item(out, label, text);
    }
}

/* The verbs an option belongs to, in front of its description. */
static void write_option(FILE *out, const sy_option *option) {
    char label[SY_LABEL_MAX], described[SY_DESCRIPTION_MAX], verbs[96] = "", text[SY_DESCRIPTION_MAX + 100];
    size_t used = 0, count;
    const sy_verb *verb = sy_verb_table(&count);
    for (size_t i = 0; i < count; i++) {
        if ((option->verbs & verb[i].verb) != 0) {
            used += (size_t)snprintf(
                verbs + used, sizeof verbs - used, "%s%s", used > 0 ? ", " : "", verb[i].name);
        }
    }
    sy_option_label(option, label);
    sy_option_describe(option, UINT32_MAX, described);
    snprintf(text, sizeof text, "(%s) %s", verbs, described);
    write_item(out, label, text);
}

static void write_options(FILE *out) {
    size_t count, question_count;
    const sy_option *option = sy_option_table(&count);
    const sy_question *question = sy_question_table(&question_count);
    fputs(".SH OPTIONS\n"
          "After each option the verbs it belongs to; in brackets its default. A list given twice is joined; "
          "of\n"
          "anything else the last one counts. A flag takes =yes or =no.\n",
        out);
    for (size_t i = 0; i < count; i++) {
        write_option(out, &option[i]);
    }
    for (size_t i = 0; i < question_count; i++) {
        char label[SY_LABEL_MAX];
        sy_question_label(&question[i], label);
        write_item(out, label, question[i].help);
    }
}

static void write_meters(FILE *out) {
    fputs(".SH METERS OF ENERGY\n"
          "With auto the best usable meter of each scope is read: the device, the package, the memory, the "
          "board, the\nnode. Those that are reached over the network or through a file are read only if they "
          "are named, as\n\\-\\-energy auto,METER beside the others or \\-\\-energy METER alone. "
          "\\fBsteelyard devices\\fR lists what there is,\nand for what is not there or not permitted "
          "why, and what helps.\n",
        out);
    for (size_t i = 0; sy_energy_sources[i] != NULL; i++) {
        write_item(out, sy_energy_sources[i]->form, sy_energy_sources[i]->help);
    }
}

static void write_environment(FILE *out) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    fputs(".SH ENVIRONMENT\nA setting comes from its option, else its twin here, else the file below, else "
          "its default.\n",
        out);
    for (size_t i = 0; i < count; i++) {
        char twin[SY_TWIN_MAX], text[SY_LABEL_MAX];
        sy_option_twin(&option[i], twin);
        snprintf(text, sizeof text, "as --%s", option[i].name);
        write_item(out, twin, text);
    }
}

static void write_ending(FILE *out) {
    static const struct {
        const char *label, *text;
    } statuses[] = {
        {"0", "fine"},
        {"1", "a gate failed, or a result is wrong"},
        {"2", "usage: an unknown verb, option, suite or problem"},
        {"3", "no such device"},
        {"4", "not decided, or invalid under --strict"},
        {"77", "everything was skipped"},
        {"130", "interrupted, after what was finished has been written"},
    };
    fputs(".SH FILES\n", out);
    write_item(out, "$XDG_CONFIG_HOME/steelyard/config, ~/.config/steelyard/config",
        "Lines \"name = value\" with the options' names; a line that begins with # is a comment.");
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        write_item(out, statuses[i].label, statuses[i].text);
    }
}

sy_status sy_cli_write_man(FILE *out, const char *version, sy_error *err) {
    fprintf(out,
        ".TH STEELYARD 1 \"\" \"steelyard %s\" \"User Commands\"\n"
        ".SH NAME\nsteelyard \\- weighs accelerators: how fast, how exact, and how sure\n"
        ".SH SYNOPSIS\n\\fBsteelyard\\fR \\fIVERB\\fR [\\fIWHAT\\fR...] [\\fIoptions\\fR]\n"
        ".SH DESCRIPTION\nRuns the matrix work of real models on the devices of this machine, checks what "
        "was "
        "timed, and says\nhow sure the numbers are. Results go to standard output or a file, all else to "
        "standard error.\n",
        version);
    write_verbs(out);
    write_options(out);
    write_meters(out);
    write_environment(out);
    write_ending(out);
    return ferror(out) == 0 ? SY_OK : sy_error_set(err, SY_IO, "the manual page could not be written");
}
