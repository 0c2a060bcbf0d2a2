/* The join over time: a column a side. */
#include "bench/compare/join.h"

#include "bench/compare/lines.h"
#include "runtime/base/error.h"

static sy_status make_columns(const sy_intake *intake, size_t sides, sy_arena *arena, size_t **out_column_of,
    sy_join_column **out_columns, sy_error *err) {
    *out_column_of = sy_arena_array(arena, intake->count, sizeof **out_column_of);
    *out_columns = sy_arena_array(arena, sides, sizeof **out_columns);
    if (*out_column_of == NULL || *out_columns == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory for %zu rows", intake->count);
    for (size_t i = 0; i < intake->count; i++) {
        size_t side = intake->run[intake->entry[i].run].side;
        (*out_column_of)[i] = side < sides ? side : SY_NO_COLUMN;
    }
    return SY_OK;
}

sy_status sy_join_over_time(
    const sy_intake *intake, size_t sides, sy_arena *arena, sy_join *out_join, sy_error *err) {
    size_t *column_of;
    sy_join_column *columns;
    sy_placed_groups groups;
    *out_join = (sy_join){0};
    if (sides < 2)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "compare: needs two sides, got %zu", sides);
    sy_status status = make_columns(intake, sides, arena, &column_of, &columns, err);
    if (status == SY_OK)
        status = sy_groups_make(intake, column_of, false, arena, &groups, err);
    if (status != SY_OK)
        return status;
    for (size_t i = 0; i < groups.count; i++)
        columns[groups.item[i].column].groups++;
    out_join->column = columns;
    out_join->columns = sides;
    status = sy_lines_make(&groups, sides, false, arena, out_join, err);
    return status == SY_OK ? sy_unjoined_find(arena, out_join, err) : status;
}
