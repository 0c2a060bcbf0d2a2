/* Writes the page of records to standard output: write_page LANGUAGE TRANSLATIONS [--option=value ...] FILE... */
#include <stdio.h>
#include <string.h>

#include "bench/report/html/html.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

static bool write_out(void *ctx, const char *bytes, size_t count) {
    return fwrite(bytes, 1, count, ctx) == count;
}

/* One "--name=value" into the request. */
static void take(const char *word, sy_html_request *request) {
    const char *value = strchr(word, '=');
    if (value == NULL)
        return;
    value++;
    if (strncmp(word, "--price=", 8) == 0)
        request->price = value;
    else if (strncmp(word, "--currency=", 11) == 0)
        request->currency = value;
    else if (strncmp(word, "--reference=", 12) == 0)
        request->reference = value;
    else if (strncmp(word, "--electricity=", 14) == 0)
        sy_text_to_f64(value, &request->electricity);
    else if (strncmp(word, "--carbon=", 9) == 0)
        sy_text_to_f64(value, &request->carbon);
}

int main(int argc, char **argv) {
    sy_error error = SY_ERROR_INIT;
    sy_html_request request;
    sy_html_written written;
    sy_html_sink sink = {.write = write_out, .ctx = stdout};
    const char *files[64];
    if (argc < 4)
        return 2;
    sy_html_request_init(&request);
    request.language = sy_html_language_of(argv[1]);
    request.translations = argv[2];
    request.version = "0.1.0";
    request.files = files;
    request.command = (const char *const *)argv;
    request.n_command = (size_t)argc;
    for (int i = 3; i < argc && request.n_files < 64; i++) {
        if (strncmp(argv[i], "--", 2) == 0)
            take(argv[i], &request);
        else
            files[request.n_files++] = argv[i];
    }
    sy_status status = sy_html_write(&request, &sink, &written, &error);
    if (status != SY_OK)
        fprintf(stderr, "%s\n", sy_error_text(&error, status));
    if (written.is_english)
        fprintf(stderr, "no catalogue: English\n");
    return status == SY_OK && fflush(stdout) == 0 ? 0 : 1;
}
