/* A whole record in memory. */
#include "bench/record/load.h"

#include <string.h>

#include "bench/record/ids.h"
#include "bench/record/key.h"
#include "runtime/base/error.h"

/* What is needed only while loading: where each row stands (1 + index), room in the lists. */
typedef struct loading {
    sy_loaded *into;
    sy_ids places;
    sy_total *total;
    sy_peak *peak;
    size_t total_room, peak_room;
} loading;

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to hold the record");
}

static sy_status add_row(loading *state, const sy_record_line *line, sy_error *err) {
    sy_row_list *rows = &state->into->rows;
    uint64_t key = sy_run_row_key(line->run_id, line->row.id);
    uint32_t place = sy_ids_get(&state->places, key);
    sy_status status = sy_row_list_append(rows, &line->row, err);
    if (status != SY_OK)
        return status;
    if (place > 0)
        rows->row[place - 1] = rows->row[--rows->count];
    else if (!sy_ids_set(&state->places, key, (uint32_t)rows->count))
        return no_memory(err);
    return SY_OK;
}

/* Room for one more item in an arena's list; the old one stays in the arena, which goes as a whole. */
static void *grow(sy_arena *arena, const void *items, size_t count, size_t bytes, size_t *room) {
    if (count < *room)
        return (void *)(uintptr_t)items;
    size_t wanted = *room > 0 ? 2 * *room : 8;
    void *larger = sy_arena_array(arena, wanted, bytes);
    if (larger != NULL && count > 0)
        memcpy(larger, items, count * bytes);
    if (larger != NULL)
        *room = wanted;
    return larger;
}

static sy_status add_total(loading *state, const sy_total *total, sy_error *err) {
    sy_loaded *into = state->into;
    sy_total *items = grow(&into->arena, state->total, into->totals.count, sizeof *total, &state->total_room);
    if (items == NULL)
        return no_memory(err);
    state->total = items;
    into->totals.item = items;
    items[into->totals.count] = *total;
    if (!sy_fields_keep(&sy_total_fields, &into->arena, &items[into->totals.count]))
        return no_memory(err);
    into->totals.count++;
    return SY_OK;
}

static sy_status add_peak(loading *state, const sy_peak *peak, sy_error *err) {
    sy_loaded *into = state->into;
    sy_peak *items = grow(&into->arena, state->peak, into->peaks.count, sizeof *peak, &state->peak_room);
    if (items == NULL)
        return no_memory(err);
    state->peak = items;
    into->peaks.item = items;
    items[into->peaks.count] = *peak;
    if (!sy_fields_keep(&sy_peak_fields, &into->arena, &items[into->peaks.count]))
        return no_memory(err);
    into->peaks.count++;
    return SY_OK;
}

static sy_status add_environment(sy_loaded *into, const sy_record_line *line, sy_error *err) {
    into->environment = line->environment;
    into->environments++;
    into->planned = line->plan.ids.count;
    into->run_id = sy_arena_text(&into->arena, line->run_id);
    bool is_kept =
        into->run_id != NULL && sy_fields_keep(&sy_environment_fields, &into->arena, &into->environment);
    return is_kept ? SY_OK : no_memory(err);
}

static sy_status add_line(loading *state, const sy_record_line *line, sy_error *err) {
    sy_loaded *into = state->into;
    switch (line->kind) {
    case SY_LINE_OP:
    case SY_LINE_MODEL: return add_row(state, line, err);
    case SY_LINE_TOTAL: return add_total(state, &line->total, err);
    case SY_LINE_PEAK: return add_peak(state, &line->peak, err);
    case SY_LINE_ENVIRONMENT: return add_environment(into, line, err);
    case SY_LINE_END:
        into->ending = line->ending;
        into->has_ending = true;
        return SY_OK;
    default: return SY_OK;
    }
}

sy_status sy_record_load(const char *path, sy_loaded *out_loaded, sy_error *err) {
    *out_loaded = (sy_loaded){0};
    sy_environment_init(&out_loaded->environment);
    sy_reader *reader = NULL;
    const sy_record_line *line = NULL;
    sy_error end = SY_ERROR_INIT;
    loading state = {.into = out_loaded};
    sy_status status = sy_reader_open(path, &reader, err);
    if (status != SY_OK)
        return status;
    while ((status = sy_reader_next(reader, &line, &end)) == SY_OK)
        if ((status = add_line(&state, line, &end)) != SY_OK)
            break;
    out_loaded->torn_byte = sy_reader_torn(reader);
    sy_reader_close(reader);
    sy_ids_release(&state.places);
    if (status == SY_UNAVAILABLE)
        return SY_OK;
    sy_loaded_release(out_loaded);
    return sy_error_set(err, status, "%s", end.text);
}

void sy_loaded_release(sy_loaded *loaded) {
    sy_row_list_release(&loaded->rows);
    sy_arena_release(&loaded->arena);
    *loaded = (sy_loaded){0};
}
