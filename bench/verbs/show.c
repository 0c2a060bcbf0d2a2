/* `steelyard show FILE [ROW]`: look into a record. */
#include <stdio.h>
#include <unistd.h>

#include "bench/record/load.h"
#include "bench/report/report.h"
#include "bench/verbs/present.h"
#include "runtime/base/error.h"

static int show_row(const sy_program *program, const char *path, const char *what) {
    sy_error error = SY_ERROR_INIT;
    sy_loaded loaded = {0};
    sy_text text = {0};
    const sy_row *row = NULL;
    sy_report_style style = sy_report_style_of(STDOUT_FILENO, program->config->no_color);
    sy_status status = sy_record_load(path, &loaded, &error);
    if (status == SY_OK)
        status = sy_report_find(loaded.rows.row, loaded.rows.count, what, &row, &error);
    if (status == SY_OK)
        status = sy_report_row(row, &style, &text, &error);
    if (status == SY_OK && text.length > 0 && fwrite(text.data, 1, text.length, stdout) != text.length)
        status = sy_error_io(&error, "standard output");
    sy_text_release(&text);
    sy_loaded_release(&loaded);
    return status == SY_OK ? SY_EXIT_FINE : sy_program_fail_input(status, &error);
}

int sy_verb_show(const sy_program *program) {
    const sy_words *what = &program->config->what;
    sy_error error = SY_ERROR_INIT;
    if (what->count == 1)
        return sy_present_file(program, what->word[0], true);
    if (what->count == 2)
        return show_row(program, what->word[0], what->word[1]);
    return sy_program_fail(
        sy_error_set(&error, SY_INVALID_ARGUMENT, "show takes a result file, and perhaps one of its rows"),
        &error);
}
