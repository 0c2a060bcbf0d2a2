/* `steelyard report FILE... -o OUT`: records in the formats of other programs. */
#include <stdio.h>
#include <string.h>

#include "bench/cli/value.h"
#include "bench/report/export/export.h"
#include "bench/verbs/page.h"
#include "bench/verbs/program.h"
#include "runtime/base/error.h"

/* The format that was asked for by name, else the one that the output's name ends in. */
static sy_status choose(
    const sy_program *program, const char *output, const sy_export_format **out, sy_error *err) {
    const sy_config *config = program->config;
    if (config->format == SY_FORMAT_AUTO && strcmp(output, "-") == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "report needs a format: -o with a name that ends in one, such as report.md, or --format");
    if (config->format == SY_FORMAT_AUTO)
        return sy_export_by_ending(output, out, err);
    sy_text name = {0};
    bool is_printed = sy_value_print(config, sy_option_find("format", strlen("format")), &name);
    *out = is_printed ? sy_export_by_name(name.data) : NULL;
    sy_text_release(&name);
    return *out != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the report");
}

/* The page of a CI job, if this runs in one and the format is fit for it. */
static const char *find_summary(const sy_program *program, const sy_export_format *format) {
    return format->summary ? sy_program_step_summary(program) : NULL;
}

static void tell(const sy_program *program, const sy_export_result *result) {
    if (program->config->quiet)
        return;
    fprintf(stderr, "%llu rows, %llu of them simulated, %llu without a time",
        (unsigned long long)result->rows, (unsigned long long)result->simulated,
        (unsigned long long)result->timeless);
    if (result->repeated > 0)
        fprintf(stderr, "; %llu were there already", (unsigned long long)result->repeated);
    if (result->torn > 0)
        fprintf(stderr, "; %llu files had a torn last line", (unsigned long long)result->torn);
    if (result->foreign > 0)
        fprintf(stderr, "; %llu values are in units that no row has", (unsigned long long)result->foreign);
    fputc('\n', stderr);
}

/* Whether a page is asked for, by name or by the end of the output's name. */
static bool is_page(const sy_program *program, const char *output) {
    static const char ending[] = ".html";
    size_t bytes = strlen(output), wanted = sizeof ending - 1;
    if (program->config->format != SY_FORMAT_AUTO)
        return program->config->format == SY_FORMAT_HTML;
    return bytes > wanted && strcmp(output + bytes - wanted, ending) == 0;
}

int sy_verb_report(const sy_program *program) {
    const sy_words *what = &program->config->what;
    const char *output = program->config->output != NULL ? program->config->output : "-";
    if (is_page(program, output))
        return sy_report_page(program, output);
    sy_error error = SY_ERROR_INIT;
    sy_export_result result;
    sy_export_request request = {
        .path = (const char *const *)what->word, .count = what->count, .output = output};
    sy_status status = choose(program, output, &request.format, &error);
    if (status == SY_OK) {
        request.summary = find_summary(program, request.format);
        status = sy_export_write(&request, &result, &error);
    }
    if (status != SY_OK)
        return sy_program_fail_input(status, &error);
    tell(program, &result);
    return SY_EXIT_FINE;
}
