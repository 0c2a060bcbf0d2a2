/* `steelyard history add|list|show|trend|changes`: results over time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/history/view/view.h"
#include "bench/verbs/program.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

typedef sy_status show_history(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err);

/* What comes after `history`. least, most: words that it takes. add has no `show`. */
typedef struct history_action {
    const char *name;
    size_t least, most;
    show_history *show;
    const char *takes;
} history_action;

static const history_action actions[] = {
    {"add", 1, SIZE_MAX, NULL, "the result files to add"},
    {"list", 0, 0, sy_view_list, "nothing more"},
    {"show", 1, 1, sy_view_show, "one run; 'steelyard history list' shows them"},
    {"trend", 1, 1, sy_view_trend, "one problem, name, key or row"},
    {"changes", 0, 1, sy_view_changes, "at most one problem, name, key or row"},
};

static sy_status find_action(const sy_words *what, const history_action **out_action, sy_error *err) {
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        const history_action *action = &actions[i];
        if (strcmp(action->name, what->word[0]) != 0)
            continue;
        if (what->count - 1 < action->least || what->count - 1 > action->most)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "history %s takes %s", action->name, action->takes);
        *out_action = action;
        return SY_OK;
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT, "history can add, list, show, trend or changes, not %s",
        sy_word_quote(what->word[0]).text);
}

static sy_status choose_form(const sy_program *program, sy_view_form *out_form, sy_error *err) {
    const sy_config *config = program->config;
    out_form->style = sy_report_style_of(STDOUT_FILENO, config->no_color);
    switch (config->format) {
    case SY_FORMAT_AUTO:
    case SY_FORMAT_TABLE: out_form->form = SY_GRID_TEXT; return SY_OK;
    case SY_FORMAT_CSV: out_form->form = SY_GRID_CSV; return SY_OK;
    case SY_FORMAT_JSON: out_form->form = SY_GRID_JSON; return SY_OK;
    case SY_FORMAT_JSONL: out_form->form = SY_GRID_JSONL; return SY_OK;
    default:
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "history is shown as --format table, csv, json or jsonl");
    }
}

static sy_status open_history(
    const sy_program *program, bool is_readonly, sy_history **out_history, sy_error *err) {
    char path[SY_HISTORY_PATH_MAX] = "";
    void *ctx = (void *)(uintptr_t)program;
    sy_history_place place = {.path = program->config->db,
        .library = secure_getenv("STEELYARD_SQLITE"),
        .is_readonly = is_readonly};
    if (place.path == NULL) {
        sy_history_default_path(sy_program_variable, ctx, path);
        place.path = path;
    }
    return sy_history_open(&place, out_history, err);
}

static void tell(const sy_program *program, const char *file, const sy_history_added *added) {
    if (program->config->quiet)
        return;
    fprintf(stderr, "%s: %" PRIu64 " rows added, %" PRIu64 " were there already", sy_word_quote(file).text,
        added->rows + added->replaced, added->known);
    if (added->differing > 0)
        fprintf(stderr, ", %" PRIu64 " differ from rows of the same run and id, which are kept",
            added->differing);
    if (added->torn_byte > 0)
        fprintf(stderr, ", a torn last line was left out");
    fputs("\n", stderr);
}

static sy_status add_files(const sy_program *program, sy_history *history, sy_error *err) {
    const sy_words *what = &program->config->what;
    for (size_t i = 1; i < what->count; i++) {
        sy_history_added added;
        sy_status status = sy_history_add(history, what->word[i], &added, err);
        if (status != SY_OK)
            return status;
        tell(program, what->word[i], &added);
    }
    return SY_OK;
}

static sy_status show(const sy_program *program, const history_action *action, const sy_view_form *form,
    sy_history *history, sy_error *err) {
    const sy_config *config = program->config;
    sy_text text = {0};
    sy_view_wish wish = {.what = config->what.count > 1 ? config->what.word[1] : NULL,
        .quantity = config->quantity == SY_OF_ENERGY ? SY_HISTORY_ENERGY : SY_HISTORY_TIME,
        .last = config->last,
        .smallest = config->smallest};
    sy_status status = action->show(history, &wish, form, &text, err);
    if (status == SY_OK && text.length > 0 && fwrite(text.data, 1, text.length, stdout) != text.length)
        status = sy_error_io(err, "standard output");
    sy_text_release(&text);
    return status;
}

int sy_verb_history(const sy_program *program) {
    const history_action *action = NULL;
    sy_error error = SY_ERROR_INIT;
    sy_history *history = NULL;
    sy_view_form form = {0};
    sy_status status = find_action(&program->config->what, &action, &error);
    if (status == SY_OK)
        status = choose_form(program, &form, &error);
    if (status == SY_OK)
        status = open_history(program, action->show != NULL, &history, &error);
    if (status == SY_OK)
        status = action->show != NULL ? show(program, action, &form, history, &error)
                                      : add_files(program, history, &error);
    sy_history_close(history);
    return status == SY_OK ? SY_EXIT_FINE : sy_program_fail_input(status, &error);
}
