/* The page of a report: settings to a request, the output to a sink. */
#include "bench/verbs/page.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/catalogue/regions.h"
#include "bench/report/export/out.h"
#include "bench/report/html/html.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { SOURCE_MAX = 560 };

/* Texts of a region's figures. */
typedef struct cost_texts {
    char carbon[SOURCE_MAX], electricity[SOURCE_MAX], currency[24];
} cost_texts;

/* A region whose figures are taken where the reader gave none. */
typedef struct region_use {
    const sy_region *region;
    const sy_figure_sources *sources;
    sy_html_request *request;
} region_use;

/* What the page is written to, and how that went. */
typedef struct output {
    sy_out out;
    sy_error *error;
    sy_status status;
} output;

static bool take(void *ctx, const char *bytes, size_t count) {
    output *to = ctx;
    sy_text_append(&to->out.text, bytes, count);
    to->status = sy_out_flush(&to->out, false, to->error);
    return to->status == SY_OK;
}

/* A figure of the reader's own; NaN without one. */
static sy_status read_figure(const char *option, const char *text, double *out_value, sy_error *err) {
    *out_value = NAN;
    if (text == NULL || (sy_text_to_f64(text, out_value) && *out_value >= 0.0))
        return SY_OK;
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "--%s %s: wanted a number that is not below 0", option, text);
}

/* A file that is read may not be written to: the page takes its place only when it is whole, but then it
 * would be gone. */
static sy_status check_output(const sy_words *what, const char *path, sy_error *err) {
    struct stat there, each;
    if (strcmp(path, "-") == 0 || stat(path, &there) != 0)
        return SY_OK;
    for (size_t i = 0; i < what->count; i++)
        if (stat(what->word[i], &each) == 0 && each.st_dev == there.st_dev && each.st_ino == there.st_ino)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: the output is one of the files to read", path);
    return SY_OK;
}

static sy_status fill(const sy_program *program, sy_html_request *request, sy_error *err) {
    const sy_config *config = program->config;
    sy_html_request_init(request);
    request->files = (const char *const *)config->what.word;
    request->n_files = config->what.count;
    request->language = config->lang == SY_LANG_AUTO      ? sy_html_language_of_locale()
                        : config->lang == SY_LANG_CHINESE ? SY_HTML_CHINESE
                                                          : SY_HTML_ENGLISH;
    request->translations = program->locale_folder;
    request->reference = config->reference;
    request->price = config->price;
    request->currency = config->currency;
    request->carbon_source = config->carbon_source;
    request->command = (const char *const *)program->argv;
    request->n_command = (size_t)program->argc;
    sy_status status = read_figure("electricity", config->electricity, &request->electricity, err);
    return status == SY_OK ? read_figure("carbon", config->carbon, &request->carbon, err) : status;
}

/* "Guizhou, 2022, Provincial factors of ... (official; CO2 of generation; a note)". */
static void describe(const region_use *use, const sy_figure *figure, char out_text[SOURCE_MAX]) {
    const sy_reference_head *head = &use->region->head;
    bool is_chinese = use->request->language == SY_HTML_CHINESE && head->name_zh != NULL;
    const sy_figure_source *source =
        figure->source.count > 0 ? sy_figure_source_find(use->sources, figure->source.item[0]) : NULL;
    char year[24] = "";
    if (figure->year != SY_NO_COUNT)
        snprintf(year, sizeof year, ", %llu", (unsigned long long)figure->year);
    snprintf(out_text, SOURCE_MAX, "%.80s%s%s%.160s (%.20s%s%.80s%s%.160s)",
        is_chinese ? head->name_zh : head->name, year, source != NULL ? ", " : "",
        source != NULL ? source->title : "", sy_confidence_name(figure->confidence),
        figure->basis != NULL ? "; " : "", figure->basis != NULL ? figure->basis : "",
        figure->note != NULL ? "; " : "", figure->note != NULL ? figure->note : "");
}

/* A figure that was hoped for and is not there is said: the page has a column without it. */
static void tell_missing(
    const sy_program *program, const region_use *use, const char *what, const char *why) {
    if (!program->config->quiet)
        fprintf(stderr, "steelyard: --region %s: %s %s: give your own with --%s\n", use->region->head.id,
            what, why, strcmp(what, "carbon") == 0 ? "carbon" : "electricity");
}

static void take_carbon(const sy_program *program, const region_use *use, cost_texts *texts) {
    const sy_figure *carbon = &use->region->carbon_g_per_kwh;
    if (!isnan(use->request->carbon))
        return;
    if (!isfinite(carbon->value)) {
        tell_missing(program, use, "carbon", "is not in the catalogue");
        return;
    }
    use->request->carbon = carbon->value;
    describe(use, carbon, texts->carbon);
    use->request->carbon_source = texts->carbon;
}

/* A price in another currency than the reader's is not one of his. */
static void take_electricity(const sy_program *program, const region_use *use, cost_texts *texts) {
    const sy_figure *price = &use->region->electricity_per_kwh;
    const char *his = use->request->currency, *currency = price->currency != NULL ? price->currency : "";
    if (!isnan(use->request->electricity))
        return;
    if (!isfinite(price->value) || (his != NULL && strcmp(his, currency) != 0)) {
        tell_missing(program, use, "price of electricity",
            isfinite(price->value) ? "is in another currency than --currency" : "is not in the catalogue");
        return;
    }
    use->request->electricity = price->value;
    describe(use, price, texts->electricity);
    use->request->electricity_source = texts->electricity;
    snprintf(texts->currency, sizeof texts->currency, "%.20s", currency);
    use->request->currency = texts->currency;
}

static sy_status use_region(
    const sy_program *program, sy_html_request *request, cost_texts *texts, sy_error *err) {
    const char *name = program->config->region;
    sy_reference_places places = sy_program_reference(program);
    sy_regions regions = {0};
    if (name == NULL)
        return SY_OK;
    sy_status status = sy_regions_load(&places, &regions, err);
    const sy_region *region = status == SY_OK ? sy_region_find(&regions, name) : NULL;
    const region_use use = {.region = region, .sources = &regions.document.sources, .request = request};
    if (region != NULL) {
        take_carbon(program, &use, texts);
        take_electricity(program, &use, texts);
    } else if (status == SY_OK) {
        const char *meant = sy_region_suggest(&regions, name);
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "--region %s: the catalogue has no such region%s%s%s",
            name, meant != NULL ? "; did you mean '" : "", meant != NULL ? meant : "",
            meant != NULL ? "'?" : "");
    }
    sy_regions_release(&regions);
    return status;
}

static sy_status write_page(
    const sy_html_request *request, const char *path, sy_html_written *written, sy_error *err) {
    output to = {.error = err, .status = SY_OK};
    const sy_html_sink sink = {.write = take, .ctx = &to};
    sy_status status = sy_out_open(path, &to.out, err);
    if (status != SY_OK)
        return status;
    status = sy_html_write(request, &sink, written, err);
    if (to.status != SY_OK)
        status = to.status;
    if (status == SY_OK)
        status = sy_out_finish(&to.out, err);
    sy_out_close(&to.out);
    return status;
}

static void tell(const sy_program *program, const sy_html_written *written) {
    if (program->config->quiet)
        return;
    fprintf(stderr, "%llu rows in a page of %llu bytes\n", (unsigned long long)written->rows,
        (unsigned long long)written->bytes);
    if (written->is_english)
        fprintf(stderr, "no catalogue of messages in %s: the page is in English\n", program->locale_folder);
    if (written->torn > 0)
        fprintf(stderr, "%llu files had a torn last line\n", (unsigned long long)written->torn);
}

int sy_report_page(const sy_program *program, const char *path) {
    sy_error error = SY_ERROR_INIT;
    sy_html_request request;
    sy_html_written written;
    cost_texts texts;
    const char *folders[2] = {program->chart_folder[0], program->chart_folder[1]};
    const char *programs = sy_program_variable((void *)(uintptr_t)program, "PATH");
    const sy_chart_places charts = {
        .program_folders = programs, .template_folder = folders, .template_folders = 2};
    sy_reference_places figures = sy_program_reference(program);
    sy_status status = fill(program, &request, &error);
    request.version = program->version;
    request.figures = &figures;
    request.charts = programs != NULL ? &charts : NULL;
    if (status == SY_OK)
        status = use_region(program, &request, &texts, &error);
    if (status == SY_OK)
        status = check_output(&program->config->what, path, &error);
    if (status == SY_OK)
        status = write_page(&request, path, &written, &error);
    if (status != SY_OK)
        return sy_program_fail_input(status, &error);
    tell(program, &written);
    return SY_EXIT_FINE;
}
