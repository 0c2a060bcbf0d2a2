/* The page from its first byte to its last. */
#include "bench/report/html/html.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/html/assets.h"
#include "bench/report/html/first.h"
#include "bench/report/html/rated.h"
#include "bench/report/html/scope.h"
#include "bench/report/html/sections.h"
#include "bench/report/html/verdict.h"
#include "runtime/base/error.h"

void sy_html_request_init(sy_html_request *out_request) {
    *out_request =
        (sy_html_request){.language = SY_HTML_ENGLISH, .version = "?", .electricity = NAN, .carbon = NAN};
}

uint32_t sy_html_language_of(const char *name) {
#define ROW(constant, number, word, own)                                                                     \
    if (name != NULL && strcmp(name, word) == 0)                                                             \
        return constant;
    SY_HTML_LANGUAGE_LIST(ROW)
#undef ROW
    return 0;
}

uint32_t sy_html_language_of_locale(void) {
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != '\0')
            return strncmp(value, "zh", 2) == 0 ? SY_HTML_CHINESE : SY_HTML_ENGLISH;
    }
    return SY_HTML_ENGLISH;
}

/* 'sha256-...' of two texts behind each other, as a content policy wants it. */
static void put_hash(sy_html_page *page, const char *text, const char *more) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    char base64[64];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_hash_sha256_update(&state, (const unsigned char *)more, strlen(more));
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2base64(base64, sizeof base64, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    sy_text_printf(&page->out, "'sha256-%s'", base64);
}

static void put_head(sy_html_page *page) {
    bool is_chinese = page->request->language == SY_HTML_CHINESE && page->language.count > 0;
    sy_html_put(page, "<!DOCTYPE html>\n<html lang=\"");
    sy_html_put(page, is_chinese ? "zh-CN" : "en");
    sy_html_put(page,
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    put_hash(page, sy_html_css, sy_chart_style());
    sy_html_put(page, "; script-src ");
    put_hash(page, sy_html_js, "");
    sy_html_put(page, "; img-src data:; base-uri 'none'; form-action 'none'\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Steelyard: ");
    for (size_t i = 0; i < sy_html_first_devices(page); i++) {
        sy_html_put(page, i > 0 ? ", " : "");
        sy_html_put_text(page, page->model->device[page->first->device[i]].label);
    }
    sy_html_put(page, "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>");
    sy_html_put(page, sy_html_css);
    sy_html_put(page, sy_chart_style());
    sy_html_put(page, "</style>\n</head>\n<body>\n<main>\n");
}

static void put_page(sy_html_page *page) {
    put_head(page);
    sy_html_first(page);
    sy_html_sections(page);
    sy_html_put(page, "</main>\n");
    sy_html_put_rows_data(page);
    sy_html_put(page, "<script>");
    sy_html_put(page, sy_html_js);
    sy_html_put(page, "</script>\n</body>\n</html>\n");
    sy_html_flush(page, true);
}

/* Devices of one kind, in the order of the rows. False without memory. */
static bool pick(sy_html_page *page, bool is_simulated, sy_html_set *set) {
    size_t *device = sy_arena_array(&page->model->arena, page->model->devices + 1, sizeof *device);
    *set = (sy_html_set){.device = device, .is_simulated = is_simulated};
    for (size_t i = 0; device != NULL && i < page->model->devices; i++)
        if (page->model->device[i].is_simulated == is_simulated)
            device[set->count++] = i;
    if (device != NULL && set->count > 0)
        set->reference = device[0];
    return device != NULL;
}

static bool is_named(const sy_html_device *device, const char *name) {
    return (device->id != NULL && strcmp(device->id, name) == 0) ||
           (device->name != NULL && strcmp(device->name, name) == 0) || strcmp(device->label, name) == 0;
}

static sy_status choose_reference(sy_html_page *page, sy_error *err) {
    const char *name = page->request->reference;
    if (name == NULL)
        return SY_OK;
    for (size_t i = 0; i < page->model->devices; i++) {
        if (!is_named(&page->model->device[i], name))
            continue;
        sy_html_set *set = page->model->device[i].is_simulated ? &page->simulated : &page->real;
        set->reference = i;
        return SY_OK;
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "--reference %s: no such device in these files; the first is %s", name,
        page->model->devices > 0 ? page->model->device[0].label : "none");
}

static sy_status prepare(sy_html_page *page, sy_html_verdicts *verdicts, sy_error *err) {
    sy_status status = sy_html_model_read(page->request->files, page->request->n_files, page->model, err);
    if (status == SY_OK && page->model->rows == 0)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "%s: no row to report", page->request->files[0]);
    if (status == SY_OK && page->request->figures != NULL)
        status = sy_html_rate(page->model, page->request->figures, err);
    if (status == SY_OK)
        status = sy_html_works_make(page->model, &page->works, err);
    if (status == SY_OK && (!pick(page, false, &page->real) || !pick(page, true, &page->simulated)))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the page");
    page->first = page->real.count > 0 ? &page->real : &page->simulated;
    if (status == SY_OK)
        status = choose_reference(page, err);
    if (status == SY_OK)
        status = sy_html_verdicts_make(page, verdicts, err);
    return status;
}

/* The words; English where there is no catalogue. */
static sy_status load_language(sy_html_page *page, sy_html_written *written, sy_error *err) {
    if (page->request->language != SY_HTML_CHINESE)
        return SY_OK;
    sy_status status = page->request->translations == NULL
                           ? SY_UNAVAILABLE
                           : sy_html_language_load(page->request->translations, "zh", &page->language, err);
    written->is_english = status == SY_UNAVAILABLE;
    return status == SY_UNAVAILABLE ? SY_OK : status;
}

sy_status sy_html_write(
    const sy_html_request *request, const sy_html_sink *sink, sy_html_written *out_written, sy_error *err) {
    sy_html_model model = {0};
    sy_html_verdicts verdicts = {0};
    sy_html_page page = {.request = request, .model = &model, .sink = sink, .verdicts = &verdicts};
    *out_written = (sy_html_written){0};
    sy_status status = request->n_files > 0 ? sy_html_price_check(request->price, err)
                                            : sy_error_set(err, SY_INVALID_ARGUMENT, "no file to report");
    if (status == SY_OK)
        status = load_language(&page, out_written, err);
    if (status == SY_OK)
        status = prepare(&page, &verdicts, err);
    if (status == SY_OK) {
        put_page(&page);
        if (page.out.failed)
            status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the page");
        else if (page.has_failed)
            status = sy_error_io(err, "the page");
    }
    out_written->bytes = page.bytes;
    out_written->rows = model.rows;
    out_written->torn = model.torn;
    sy_text_release(&page.out);
    sy_html_language_release(&page.language);
    sy_html_model_release(&model);
    return status;
}
