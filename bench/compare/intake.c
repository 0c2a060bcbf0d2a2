/* Rows and runs taken in; repeats of one row in one run replace each other. */
#include "bench/compare/intake.h"

#include <string.h>

#include "bench/compare/facts.h"
#include "bench/compare/mix.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "rows to compare: no memory to keep them");
}

/* Room for one more item; false without memory. */
static bool make_room(void **list, size_t count, size_t *capacity, size_t bytes) {
    if (count < *capacity)
        return true;
    size_t larger = *capacity > 0 ? 2 * *capacity : 64, total;
    if (larger > UINT32_MAX || __builtin_mul_overflow(larger, bytes, &total))
        return false;
    void *grown = sy_mem_realloc(*list, total);
    if (grown == NULL)
        return false;
    *list = grown;
    *capacity = larger;
    return true;
}

static bool is_run(const sy_intake_run_facts *run, uint32_t side, const char *run_id) {
    return run_id != NULL && run->run_id != NULL && run->side == side && strcmp(run->run_id, run_id) == 0;
}

sy_status sy_intake_run(sy_intake *intake, uint32_t side, const char *run_id,
    const sy_environment *environment, uint32_t *out_run, sy_error *err) {
    size_t number = 0;
    while (number < intake->runs && !is_run(&intake->run[number], side, run_id))
        number++;
    *out_run = (uint32_t)number;
    void *list = intake->run;
    if (!make_room(&list, number, &intake->run_capacity, sizeof *intake->run))
        return no_memory(err);
    intake->run = list;
    if (number == intake->runs)
        intake->run[intake->runs++] =
            (sy_intake_run_facts){.run_id = sy_intern_text(&intake->texts, run_id), .side = side};
    bool is_kept = environment == NULL || sy_facts_of(environment, &intake->texts, &intake->run[number]);
    return is_kept && !intake->texts.failed ? SY_OK : no_memory(err);
}

static sy_status append(sy_intake *intake, const sy_entry *entry, bool has_id, sy_error *err) {
    void *list = intake->entry;
    if (!make_room(&list, intake->count, &intake->capacity, sizeof *entry))
        return no_memory(err);
    intake->entry = list;
    if (has_id && !sy_ids_set(&intake->index, sy_mix(entry->id, entry->run), (uint32_t)intake->count + 1))
        return no_memory(err);
    intake->entry[intake->count++] = *entry;
    return SY_OK;
}

static const char *host_of(const sy_intake_run_facts *run) {
    for (size_t i = 0; i < run->fact.count; i++)
        if (strcmp(run->fact.item[i].name, "host") == 0)
            return run->fact.item[i].value;
    return NULL;
}

sy_status sy_intake_row(sy_intake *intake, uint32_t run, const sy_row *row, sy_error *err) {
    sy_entry entry;
    if (run >= intake->runs)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "row to compare: run %u of %zu", run, intake->runs);
    sy_status status = sy_entry_copy(row, run, &intake->texts, &entry, err);
    if (status != SY_OK)
        return status;
    entry.host = host_of(&intake->run[run]);
    uint32_t there = row->id != NULL ? sy_ids_get(&intake->index, sy_mix(entry.id, run)) : 0;
    if (there == 0)
        return append(intake, &entry, row->id != NULL, err);
    intake->entry[there - 1] = entry;
    intake->repeated++;
    return SY_OK;
}

void sy_intake_release(sy_intake *intake) {
    sy_mem_free(intake->entry);
    sy_mem_free(intake->run);
    sy_ids_release(&intake->index);
    sy_intern_release(&intake->texts);
    *intake = (sy_intake){0};
}
