/* The report as text that can be pasted, and as JSON. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bench/conform/conform.h"
#include "bench/worker/protocol.h"

enum { NAME_COLUMNS = 26, TEXT_COLUMNS = 96 };

static const char *verdict_word(uint32_t verdict) {
    static const char *const words[] = {"pass", "FAIL", "skip"};
    return words[verdict <= SY_CONFORM_SKIP ? verdict : SY_CONFORM_FAIL];
}

static void print_subject(const sy_conform_report *report, sy_text *out) {
    const sy_conform_subject *s = &report->subject;
    sy_text_printf(out, "plugin   %s\n", s->path[0] != '\0' ? s->path : "built in");
    if (s->sha256[0] != '\0')
        sy_text_printf(out, "sha256   %s\n", s->sha256);
    if (s->backend[0] != '\0')
        sy_text_printf(out, "backend  %s %s, ABI minor %u\n", s->backend, s->version, s->abi_minor);
    if (s->device[0] != '\0')
        sy_text_printf(out, "device   %s:%u %s%s%s%s%s%s\n", s->backend, s->index, s->device,
            s->isa[0] != '\0' ? ", " : "", s->isa, s->driver[0] != '\0' ? ", driver " : "", s->driver,
            s->simulated ? "  SIMULATED" : "");
    sy_text_printf(out, "\n");
}

/* Word by word, further lines below the first. */
static void print_wrapped(sy_text *out, const char *text) {
    size_t column = 0;
    while (*text != '\0') {
        size_t bytes = strcspn(text, " ");
        if (column > 0 && column + 1 + bytes > TEXT_COLUMNS) {
            sy_text_printf(out, "\n%*s", NAME_COLUMNS + 6, "");
            column = 0;
        }
        sy_text_printf(out, "%s%.*s", column > 0 ? " " : "", (int)bytes, text);
        column += bytes + (column > 0);
        text += bytes + strspn(text + bytes, " ");
    }
    sy_text_printf(out, "\n");
}

bool sy_conform_print_table(const sy_conform_report *report, sy_text *out) {
    print_subject(report, out);
    for (size_t i = 0; i < report->count; i++) {
        const sy_conform_row *row = &report->row[i];
        sy_text_printf(out, "%-*s%s  ", NAME_COLUMNS, row->name, verdict_word(row->verdict));
        if (row->verdict == SY_CONFORM_PASS && row->text[0] == '\0')
            print_wrapped(out, row->what);
        else
            print_wrapped(out, row->text);
    }
    return sy_text_printf(out, "\nverdict: %s - %zu checks: %zu passed, %zu failed, %zu skipped\n",
        report->failed > 0           ? "FAIL"
        : sy_conform_has_run(report) ? "pass"
                                     : "nothing could be run",
        report->count, report->passed, report->failed, report->skipped);
}

static json_t *text_or_null(const char *text) {
    return text[0] != '\0' ? sy_protocol_string(text, SIZE_MAX) : json_null();
}

static json_t *row_object(const sy_conform_row *row) {
    static const char *const words[] = {"pass", "fail", "skip"};
    return json_pack("{s:s,s:s,s:s,s:o}", "check", row->name, "what", row->what, "verdict",
        words[row->verdict <= SY_CONFORM_SKIP ? row->verdict : SY_CONFORM_FAIL], "text",
        text_or_null(row->text));
}

bool sy_conform_print_json(const sy_conform_report *report, sy_text *out) {
    const sy_conform_subject *s = &report->subject;
    json_t *rows = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(rows, row_object(&report->row[i]));
    json_t *object =
        json_pack("{s:s,s:{s:o,s:o,s:o,s:o,s:i},s:{s:i,s:o,s:o,s:o,s:o,s:b},s:o,s:I,s:I,s:I,s:s}", "schema",
            "steelyard.conform/1", "plugin", "path", text_or_null(s->path), "sha256", text_or_null(s->sha256),
            "backend", text_or_null(s->backend), "version", text_or_null(s->version), "abi_minor",
            (int)s->abi_minor, "device", "index", (int)s->index, "name", text_or_null(s->device), "vendor",
            text_or_null(s->vendor), "driver", text_or_null(s->driver), "isa", text_or_null(s->isa),
            "simulated", (int)s->simulated, "checks", rows, "passed", (json_int_t)report->passed, "failed",
            (json_int_t)report->failed, "skipped", (json_int_t)report->skipped, "verdict",
            report->failed > 0           ? "fail"
            : sy_conform_has_run(report) ? "pass"
                                         : "skip");
    char *text = object != NULL ? json_dumps(object, JSON_INDENT(2)) : NULL;
    bool ok = text != NULL && sy_text_printf(out, "%s\n", text);
    free(text);
    json_decref(object);
    return ok;
}
