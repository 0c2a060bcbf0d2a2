/* github-action-benchmark's data as values: file, entries, benches. */
#include "bench/report/export/github_read.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

enum { PIECE = 65536 };
#define BYTES_MAX ((size_t)64 << 20)

bool sy_github_is_named(const char *path) {
    static const char *const endings[] = {".js", ".smaller.json", ".bigger.json"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t bytes = strlen(endings[i]);
        if (length > bytes && strcmp(path + length - bytes, endings[i]) == 0)
            return true;
    }
    return false;
}

static sy_status read_pieces(int fd, const char *path, sy_text *out, sy_error *err) {
    char piece[PIECE];
    ssize_t got;
    while ((got = sy_file_read(fd, piece, sizeof piece)) > 0) {
        if (out->length > BYTES_MAX)
            return sy_error_set(err, SY_OVERFLOW, "%s: more than %zu MiB", path, BYTES_MAX >> 20);
        if (!sy_text_append(out, piece, (size_t)got))
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to read %s", path);
    }
    return got < 0 ? sy_error_io(err, "cannot read %s", path) : SY_OK;
}

static sy_status read_file(const char *path, sy_text *out, sy_error *err) {
    int fd = sy_file_open(path, O_RDONLY | O_NOCTTY, 0);
    if (fd < 0)
        return sy_error_io(err, "cannot open %s", path);
    sy_status status = read_pieces(fd, path, out, err);
    sy_file_close(fd);
    return status;
}

/* The JSON within a script: from the first bracket to the last. */
static json_t *parse(const sy_text *text, json_error_t *out_at) {
    const char *from = text->data != NULL ? text->data : "";
    size_t skipped = strcspn(from, "{["), length = text->length > skipped ? text->length - skipped : 0;
    while (length > 0 && from[skipped + length - 1] != '}' && from[skipped + length - 1] != ']')
        length--;
    return json_loadb(from + skipped, length, 0, out_at);
}

/* A number, or a text that is one; NaN otherwise. */
static double number_of(const json_t *json) {
    const char *text = json_string_value(json);
    double value = NAN;
    if (json_is_number(json))
        return json_number_value(json);
    return text != NULL && sy_text_to_f64(text, &value) ? value : NAN;
}

/* "± 3", "+/- 3", "3" or "±1.2%" of the value; NaN if it is none of these. */
static double range_of(const json_t *json, double value) {
    const char *from = json_string_value(json);
    char text[64];
    double half = NAN;
    if (from == NULL)
        return fabs(number_of(json));
    from += strspn(from, " +/-");
    from += strncmp(from, "\xc2\xb1", 2) == 0 ? 2 : 0;
    from += strspn(from, " ");
    size_t bytes = strcspn(from, "% ");
    if (bytes >= sizeof text)
        return NAN;
    memcpy(text, from, bytes);
    text[bytes] = '\0';
    if (!sy_text_to_f64(text, &half))
        return NAN;
    return fabs(from[bytes + strspn(from + bytes, " ")] == '%' ? half / 100.0 * value : half);
}

typedef struct reading {
    sy_github_visit *visit;
    void *ctx;
    sy_error *err;
} reading;

static sy_status visit_benches(const reading *in, const sy_github_point *run, const json_t *benches) {
    sy_status status = SY_OK;
    for (size_t i = 0; i < json_array_size(benches) && status == SY_OK; i++) {
        const json_t *bench = json_array_get(benches, i);
        sy_github_point point = *run;
        point.name = json_string_value(json_object_get(bench, "name"));
        point.unit = json_string_value(json_object_get(bench, "unit"));
        point.value = number_of(json_object_get(bench, "value"));
        point.half = range_of(json_object_get(bench, "range"), point.value);
        if (point.name != NULL && isfinite(point.value))
            status = in->visit(in->ctx, &point, in->err);
    }
    return status;
}

static sy_status visit_runs(const reading *in, const char *suite, const json_t *runs) {
    sy_status status = SY_OK;
    for (size_t i = 0; i < json_array_size(runs) && status == SY_OK; i++) {
        const json_t *run = json_array_get(runs, i);
        const json_t *date = json_object_get(run, "date");
        sy_github_point point = {.suite = suite,
            .tool = json_string_value(json_object_get(run, "tool")),
            .commit = json_string_value(json_object_get(json_object_get(run, "commit"), "id")),
            .date_ms = json_is_number(date) ? json_number_value(date) : NAN};
        status = visit_benches(in, &point, json_object_get(run, "benches"));
    }
    return status;
}

static sy_status visit_all(const reading *in, const char *path, json_t *json) {
    sy_status status = SY_OK;
    json_t *entries = json_object_get(json, "entries"), *runs;
    const char *suite;
    if (json_is_array(json)) {
        const sy_github_point alone = {.date_ms = NAN};
        return visit_benches(in, &alone, json);
    }
    if (!json_is_object(entries))
        return sy_error_set(in->err, SY_INVALID_ARGUMENT,
            "%s: not data of github-action-benchmark: neither a list nor an object with entries", path);
    json_object_foreach(entries, suite, runs) {
        if (status == SY_OK)
            status = visit_runs(in, suite, runs);
    }
    return status;
}

sy_status sy_github_read(const char *path, sy_github_visit *visit, void *ctx, sy_error *err) {
    const reading in = {.visit = visit, .ctx = ctx, .err = err};
    sy_text text = {0};
    json_error_t at;
    sy_status status = read_file(path, &text, err);
    json_t *json = status == SY_OK ? parse(&text, &at) : NULL;
    if (status == SY_OK && json == NULL)
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: not data of github-action-benchmark: %s", path, at.text);
    sy_text_release(&text);
    if (status == SY_OK)
        status = visit_all(&in, path, json);
    json_decref(json);
    return status;
}
