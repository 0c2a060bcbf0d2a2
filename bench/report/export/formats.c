/* The formats there are. */
#include "bench/report/export/facts.h"

#include <string.h>

#include "runtime/base/error.h"

static const sy_export_format formats[] = {
    {.name = "markdown",
        .ending = {".md", ".markdown"},
        .what = "a Markdown table",
        .writer = &sy_export_markdown,
        .summary = true},
    {.name = "csv",
        .ending = {".csv"},
        .what = "every field of every row, safe to open in a spreadsheet",
        .writer = &sy_export_csv},
    {.name = "junit",
        .ending = {".junit.xml", ".xml"},
        .what = "JUnit XML, a test case a row",
        .writer = &sy_export_junit},
    {.name = "google-benchmark",
        .ending = {".gbench.json"},
        .what = "Google Benchmark's JSON",
        .writer = &sy_export_gbench},
    {.name = "github-smaller",
        .ending = {".smaller.json"},
        .what = "github-action-benchmark's customSmallerIsBetter: times and joules",
        .writer = &sy_export_github_smaller},
    {.name = "github-bigger",
        .ending = {".bigger.json"},
        .what = "github-action-benchmark's customBiggerIsBetter: rates",
        .writer = &sy_export_github_bigger},
    {.name = "bencher", .ending = {".bmf.json"}, .what = "Bencher Metric Format", .writer = &sy_export_bmf},
    {.name = "go-benchmark",
        .ending = {".bench.txt", ".txt"},
        .what = "Go's benchmark text, as benchstat reads it",
        .writer = &sy_export_gobench},
    {.name = "openmetrics",
        .ending = {".prom", ".om", ".openmetrics"},
        .what = "OpenMetrics text, also for node_exporter's textfile collector",
        .writer = &sy_export_openmetrics},
};

const sy_export_format *sy_export_formats(size_t *out_count) {
    *out_count = sizeof formats / sizeof formats[0];
    return formats;
}

const sy_export_format *sy_export_by_name(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

static size_t matching_bytes(const sy_export_format *format, const char *path) {
    size_t best = 0, length = strlen(path);
    for (size_t i = 0; i < SY_EXPORT_ENDINGS && format->ending[i] != NULL; i++) {
        size_t bytes = strlen(format->ending[i]);
        bool is_end = bytes < length && strcmp(path + length - bytes, format->ending[i]) == 0;
        best = is_end && bytes > best ? bytes : best;
    }
    return best;
}

sy_status sy_export_by_ending(const char *path, const sy_export_format **out_format, sy_error *err) {
    size_t best = 0;
    sy_text list = {0};
    *out_format = NULL;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        size_t bytes = matching_bytes(&formats[i], path);
        sy_export_put(&list, i > 0 ? ", " : "");
        sy_export_put(&list, formats[i].ending[0]);
        if (bytes > best)
            *out_format = &formats[i];
        best = bytes > best ? bytes : best;
    }
    sy_status status = SY_OK;
    if (*out_format == NULL)
        status = sy_error_set(err, SY_INVALID_ARGUMENT,
            "'%.60s' does not say which format is wanted: end it in %s, or give --format", path,
            list.data != NULL ? list.data : "a format's ending");
    sy_text_release(&list);
    return status;
}
