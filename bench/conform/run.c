/* The parent: children one after the other, each from where the one before it ended. */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "bench/conform/child.h"
#include "bench/conform/kit.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Children that may die one after the other while the plugin comes up. */
enum { DEATHS_MAX = 3 };

/**
 * A run. Rows are told apart by their index in the list; `place` is where each goes in the report.
 * current, doing   the check that is going on and what it does, for the case that it does not come back.
 */
typedef struct conform_run {
    const sy_conform_request *request;
    sy_conform_report *report;
    bool *wanted;
    size_t *place;
    size_t next, current;
    bool is_current, is_up; /* a check is going on; the plugin has come up for it */
    char doing[256];
    size_t deaths; /* one after the other, of children whose plugin had not come up */
} conform_run;

static sy_status compile_filter(const sy_conform_request *request, regex_t *out_filter, sy_error *err) {
    char words[128];
    int failure =
        regcomp(out_filter, request->filter != NULL ? request->filter : "", REG_EXTENDED | REG_NOSUB);
    if (failure == 0)
        return SY_OK;
    regerror(failure, out_filter, words, sizeof words);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "--filter '%s': %s", request->filter, words);
}

/* Rows that the filter leaves, in the report's order. */
static sy_status choose_rows(conform_run *run, sy_error *err) {
    regex_t filter;
    size_t count = conform_list_count();
    run->wanted = sy_mem_calloc(count, sizeof *run->wanted);
    run->place = sy_mem_calloc(count, sizeof *run->place);
    run->report->row = sy_mem_calloc(count, sizeof *run->report->row);
    if (run->wanted == NULL || run->place == NULL || run->report->row == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a plugin's check");
    sy_status status = compile_filter(run->request, &filter, err);
    if (status != SY_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        char room[48];
        conform_item item = conform_list_get(i, room);
        run->wanted[i] = regexec(&filter, item.name, 0, NULL, 0) == 0;
        if (!run->wanted[i])
            continue;
        sy_conform_row *row = &run->report->row[run->report->count];
        run->place[i] = run->report->count++;
        snprintf(row->name, sizeof row->name, "%s", item.name);
        snprintf(row->what, sizeof row->what, "%s", item.what);
        snprintf(row->text, sizeof row->text, "interrupted before");
        row->verdict = SY_CONFORM_SKIP;
        row->needs_device = item.needs == CONFORM_DEVICE;
    }
    regfree(&filter);
    return run->report->count > 0 ? SY_OK
                                  : sy_error_set(err, SY_INVALID_ARGUMENT,
                                        "no check is left by --filter '%s'", run->request->filter);
}

static void settle(conform_run *run, size_t index, uint32_t verdict, const char *text) {
    sy_conform_row *row = &run->report->row[run->place[index]];
    row->verdict = verdict;
    snprintf(row->text, sizeof row->text, "%.511s", text);
    run->next = index + 1;
    run->is_current = false;
    if (run->request->progress != NULL)
        run->request->progress(run->request->ctx, row, run->place[index] + 1, run->report->count);
}

static void copy_field(const json_t *object, const char *name, char *out_text, size_t capacity) {
    const char *text = sy_protocol_text(object, name, NULL);
    if (text != NULL)
        snprintf(out_text, capacity, "%s", text);
}

static void take_subject(conform_run *run, const json_t *message) {
    sy_conform_subject *subject = &run->report->subject;
    const json_t *backend = json_object_get(message, "backend"), *device = json_object_get(message, "device");
    copy_field(backend, "name", subject->backend, sizeof subject->backend);
    copy_field(backend, "path", subject->path, sizeof subject->path);
    copy_field(backend, "sha256", subject->sha256, sizeof subject->sha256);
    copy_field(backend, "version", subject->version, sizeof subject->version);
    if (backend != NULL)
        subject->abi_minor = (uint32_t)sy_protocol_u64(backend, "minor", 0);
    if (device == NULL)
        return;
    copy_field(device, "name", subject->device, sizeof subject->device);
    copy_field(device, "vendor", subject->vendor, sizeof subject->vendor);
    copy_field(device, "driver", subject->driver, sizeof subject->driver);
    copy_field(device, "isa", subject->isa, sizeof subject->isa);
    subject->simulated = sy_protocol_bool(message, "simulated", false);
}

/* A message of the child; its numbers may be anything. */
static void take_message(conform_run *run, const json_t *message) {
    const json_t *row = json_object_get(message, "row");
    uint64_t index =
        sy_protocol_u64(row != NULL ? row : message, row != NULL ? "index" : "begin", UINT64_MAX);
    copy_field(message, "doing", run->doing, sizeof run->doing);
    take_subject(run, message);
    copy_field(message, "absent", run->report->absent, sizeof run->report->absent);
    run->is_up = run->is_up || sy_protocol_bool(message, "up", false);
    if (index >= conform_list_count() || !run->wanted[index])
        return;
    if (row == NULL) {
        run->is_current = true;
        run->is_up = false;
        run->current = index;
        return;
    }
    run->deaths = 0;
    settle(run, index, (uint32_t)sy_protocol_u64(row, "verdict", SY_CONFORM_FAIL),
        sy_protocol_text(row, "text", ""));
}

static size_t next_wanted(const conform_run *run) {
    size_t at = run->next;
    while (at < conform_list_count() && !run->wanted[at])
        at++;
    return at;
}

/* The check that was going on fails, or the first one if none had begun. */
static void blame(conform_run *run, sy_status why, const char *how) {
    char text[640];
    size_t index = run->is_current ? run->current : next_wanted(run);
    if (index >= conform_list_count())
        return;
    if (why == SY_TIMEOUT)
        snprintf(text, sizeof text, "hung: no sign of life for %lld s, while %s; %s",
            (long long)(run->request->patience_ms / 1000), run->doing, how);
    else
        snprintf(text, sizeof text, "%s, while %s", how, run->doing);
    settle(run, index, SY_CONFORM_FAIL, text);
    run->deaths = run->is_up ? 0 : run->deaths + 1;
}

static sy_status run_child(conform_run *run, sy_error *err) {
    conform_child child;
    char how[320];
    size_t before = run->next;
    run->is_current = run->is_up = false;
    snprintf(run->doing, sizeof run->doing, "starting");
    sy_status status = conform_child_start(run->request, run->wanted, run->next, &child, err);
    if (status != SY_OK)
        return status;
    while (status == SY_OK) {
        json_t *message = NULL;
        status = conform_child_hear(&child, run->request, &message, err);
        if (status == SY_OK)
            take_message(run, message);
        json_decref(message);
    }
    bool ended_fine = conform_child_end(&child, how, sizeof how);
    if (status == SY_REFUSED)
        return status;
    if (run->is_current || !ended_fine || run->next == before)
        blame(run, status, how);
    return SY_OK;
}

/* Where one child after the other dies, the rest is not tried. */
static void give_up(conform_run *run) {
    while (next_wanted(run) < conform_list_count())
        settle(run, next_wanted(run), SY_CONFORM_SKIP,
            "not tried: the plugin has not come up for three checks, one after the other");
}

static void count_verdicts(sy_conform_report *report) {
    for (size_t i = 0; i < report->count; i++) {
        report->passed += report->row[i].verdict == SY_CONFORM_PASS;
        report->failed += report->row[i].verdict == SY_CONFORM_FAIL;
        report->skipped += report->row[i].verdict == SY_CONFORM_SKIP;
    }
}

sy_status sy_conform_run(const sy_conform_request *request, sy_conform_report *out_report, sy_error *err) {
    conform_run run = {.request = request, .report = out_report};
    *out_report = (sy_conform_report){.subject.index = request->index};
    if (request->path != NULL)
        snprintf(out_report->subject.path, sizeof out_report->subject.path, "%s", request->path);
    sy_status status = choose_rows(&run, err);
    while (status == SY_OK && next_wanted(&run) < conform_list_count()) {
        if (run.deaths >= DEATHS_MAX)
            give_up(&run);
        else
            status = run_child(&run, err);
    }
    count_verdicts(out_report);
    sy_mem_free(run.wanted);
    sy_mem_free(run.place);
    return status;
}

bool sy_conform_has_run(const sy_conform_report *report) {
    bool wants_device = false, had_device = false;
    for (size_t i = 0; i < report->count; i++) {
        const sy_conform_row *row = &report->row[i];
        wants_device = wants_device || row->needs_device;
        had_device = had_device || (row->needs_device && row->verdict != SY_CONFORM_SKIP);
    }
    return report->failed > 0 || (wants_device ? had_device : report->passed > 0);
}

void sy_conform_release(sy_conform_report *report) {
    sy_mem_free(report->row);
    *report = (sy_conform_report){0};
}
