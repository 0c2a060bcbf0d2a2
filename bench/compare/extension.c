/* The plan of an extension: accused and undecided lines, put into batches that one call can measure. */
#include "bench/compare/extension.h"

#include <string.h>

#include "runtime/base/error.h"

static bool is_same(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Names that stand for one thing: letters, digits and what names are joined with. */
static bool is_name(const char *text, const char *more) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (text == NULL || text[0] == '\0' || text[0] == '-' || strcmp(text, "all") == 0)
        return false;
    for (; *text != '\0'; text++)
        if (strchr(letters, *text) == NULL && strchr(more, *text) == NULL)
            return false;
    return true;
}

static bool is_number(const char *text) {
    return text != NULL && text[0] != '\0' && strlen(text) < 20 && text[strspn(text, "0123456789")] == '\0';
}

static bool is_problem(const char *problem) {
    size_t op = strspn(problem, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return op > 0 && problem[op] == ':' && is_name(problem, ":=,.+*");
}

static const char *fact_of(const sy_intake *intake, const sy_entry *entry, const char *name) {
    const sy_intake_run_facts *run = &intake->run[entry->run];
    for (size_t i = 0; i < run->fact.count; i++)
        if (strcmp(run->fact.item[i].name, name) == 0)
            return run->fact.item[i].value;
    return NULL;
}

static sy_extension_ask ask_of(const sy_intake *intake, const sy_entry *entry) {
    const char *threads = fact_of(intake, entry, "--threads"), *seed = fact_of(intake, entry, "--seed");
    const char *isolation = fact_of(intake, entry, "--isolation");
    return (sy_extension_ask){.device = entry->device,
        .algorithm = entry->asked,
        .data = entry->data,
        .cache = entry->cache,
        .launch = is_same(entry->launch, "direct") ? NULL : entry->launch,
        .threads = is_number(threads) ? threads : NULL,
        .seed = is_number(seed) ? seed : NULL,
        .isolation = is_same(isolation, "none") ? isolation : NULL,
        .is_tuned = entry->is_tuned};
}

static bool is_same_ask(const sy_extension_ask *a, const sy_extension_ask *b) {
    return is_same(a->device, b->device) && is_same(a->algorithm, b->algorithm) &&
           is_same(a->data, b->data) && is_same(a->cache, b->cache) && is_same(a->launch, b->launch) &&
           is_same(a->threads, b->threads) && is_same(a->seed, b->seed) &&
           is_same(a->isolation, b->isolation) && a->is_tuned == b->is_tuned;
}

typedef struct planning {
    const sy_intake *intake;
    const char *const *devices;
    size_t n_devices;
    sy_extension *out;
} planning;

/* A device whose name tells of a file is opened only where the user said so himself. */
static bool may_open(const planning *state, const char *device) {
    for (size_t i = 0; i < state->n_devices; i++)
        if (is_same(state->devices[i], device))
            return true;
    return is_name(device, ":?=,.+");
}

/* Why a side cannot be asked for again; NULL: it can. */
static const char *why_not(const planning *state, const sy_entry *entry) {
    if (!may_open(state, entry->device))
        return "its device is not opened on a record's word; name it with --device";
    if (!is_problem(entry->problem))
        return "its problem is not one that can be asked for";
    if (!is_name(entry->asked, "/.:+") || !is_name(entry->data, "") || !is_name(entry->cache, "") ||
        (entry->launch != NULL && !is_name(entry->launch, "")))
        return "the record does not say in a usable way how it was asked for";
    return NULL;
}

static size_t find_batch(sy_extension *to, const sy_extension_batch *wanted) {
    size_t at = 0;
    while (at < to->batches && !(is_same_ask(&to->batch[at].side[0], &wanted->side[0]) &&
                                   is_same_ask(&to->batch[at].side[1], &wanted->side[1])))
        at++;
    if (at == to->batches)
        to->batch[to->batches++] = *wanted;
    return at;
}

static void add_row(planning *state, const sy_line_up *of, size_t line) {
    sy_extension_row *row = &state->out->row[state->out->rows++];
    *row = (sy_extension_row){
        .line = line, .base = *of->cell[0]->shown, .other = *of->cell[1]->shown, .batch = SIZE_MAX};
    for (size_t q = 0; q < SY_QUANTITY_COUNT; q++)
        row->before[q] = -1;
    row->reason = why_not(state, &row->base);
    if (row->reason == NULL)
        row->reason = why_not(state, &row->other);
    if (row->reason != NULL)
        return;
    const sy_extension_batch batch = {
        .side = {ask_of(state->intake, &row->base), ask_of(state->intake, &row->other)}};
    row->batch = find_batch(state->out, &batch);
    state->out->batch[row->batch].rows++;
    state->out->measured++;
}

static bool is_wanted(const sy_gated_row *row) {
    bool is_open = row->outcome == SY_GATED_REGRESSED || row->outcome == SY_GATED_UNDECIDED;
    return row->column == 1 && is_open && row->quantity != SY_QUANTITY_PRECISION;
}

sy_status sy_extension_plan(const sy_comparison *comparison, const sy_gate *gate, const sy_intake *intake,
    const char *const *devices, size_t n_devices, sy_arena *arena, sy_extension *out_extension,
    sy_error *err) {
    planning state = {.intake = intake, .devices = devices, .n_devices = n_devices, .out = out_extension};
    size_t lines = comparison->join->lines;
    *out_extension = (sy_extension){0};
    out_extension->row = sy_arena_array(arena, lines, sizeof *out_extension->row);
    out_extension->batch = sy_arena_array(arena, lines, sizeof *out_extension->batch);
    size_t *place = sy_arena_array(arena, lines, sizeof *place); /* of each line's row, from 1 */
    if (out_extension->row == NULL || out_extension->batch == NULL || place == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "extension: no memory for %zu rows", lines);
    for (size_t i = 0; i < gate->rows; i++) {
        size_t line = gate->row[i].line;
        if (is_wanted(&gate->row[i]) && place[line] == 0) {
            add_row(&state, &comparison->join->line[line], line);
            place[line] = out_extension->rows;
        }
    }
    for (size_t i = 0; i < gate->rows; i++) {
        size_t at = gate->row[i].column == 1 ? place[gate->row[i].line] : 0;
        if (at > 0)
            out_extension->row[at - 1].before[gate->row[i].quantity] = gate->row[i].outcome;
    }
    return SY_OK;
}
