/* The envelope of a record's line as tables of fields. */
#include "bench/record/line.h"

static const char *const kind_names[] = {NULL, "environment", "op", "model", "total", "peak", "audit", "end"};

static const sy_field head_rows[] = {
    {.name = "kind",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_record_line, kind),
        .is_needed = true,
        .names = kind_names,
        .n_names = sizeof kind_names / sizeof kind_names[0]},
    {.name = "run_id", .kind = SY_FIELD_TEXT, .offset = offsetof(sy_record_line, run_id), .is_needed = true},
    SY_TEXT_FIELD(sy_record_line, "time_utc", time_utc),
    SY_TEXT_FIELD(sy_record_line, "node", node),
    SY_COUNT_FIELD(sy_record_line, "rank", rank),
};
const sy_field_table sy_line_head_fields = SY_FIELD_TABLE(head_rows, sy_record_line);

static const sy_field plan_rows[] = {
    SY_TEXT_FIELD(sy_record_plan, "hash", hash),
    SY_TEXTS_FIELD(sy_record_plan, "ids", ids),
};
static const sy_field_table plan_fields = SY_FIELD_TABLE(plan_rows, sy_record_plan);

#define STATUS_FIELD(constant, number, name) SY_COUNT_FIELD(sy_record_ending, name, rows[number]),
static const sy_field status_rows[] = {SY_ROW_STATUS_LIST(STATUS_FIELD)};
#undef STATUS_FIELD
static const sy_field_table status_fields = SY_FIELD_TABLE(status_rows, sy_record_ending);

static const sy_field ending_rows[] = {
    SY_GROUP_FIELD("rows", 0, status_fields),
    SY_F64_FIELD(sy_record_ending, "duration_ns", duration_ns, 0.0),
    SY_TRI_FIELD(sy_record_ending, "interrupted", interrupted),
};
static const sy_field_table ending_fields = SY_FIELD_TABLE(ending_rows, sy_record_ending);

#define BODY(name, member, table) SY_GROUP_FIELD(name, offsetof(sy_record_line, member), table)
static const sy_field environment_body[] = {
    BODY("environment", environment, sy_environment_fields),
    BODY("plan", plan, plan_fields),
};
static const sy_field total_body[] = {BODY("total", total, sy_total_fields)};
static const sy_field peak_body[] = {BODY("peak", peak, sy_peak_fields)};
static const sy_field end_body[] = {BODY("end", ending, ending_fields)};

static const sy_field_table bodies[] = {
    [SY_LINE_ENVIRONMENT] = SY_FIELD_TABLE(environment_body, sy_record_line),
    [SY_LINE_TOTAL] = SY_FIELD_TABLE(total_body, sy_record_line),
    [SY_LINE_PEAK] = SY_FIELD_TABLE(peak_body, sy_record_line),
    [SY_LINE_END] = SY_FIELD_TABLE(end_body, sy_record_line),
};

const sy_field_table *sy_line_body_fields(uint32_t kind) {
    bool has_body = kind < sizeof bodies / sizeof bodies[0] && bodies[kind].count > 0;
    return has_body ? &bodies[kind] : NULL;
}

bool sy_line_is_row(uint32_t kind) {
    return kind == SY_LINE_OP || kind == SY_LINE_MODEL;
}

uint32_t sy_line_kind_of(const sy_row *row) {
    return sy_row_model_is_there(&row->model) ? SY_LINE_MODEL : SY_LINE_OP;
}

void sy_line_write(const sy_record_line *line, sy_text *out) {
    const sy_field_table *body = sy_line_body_fields(line->kind);
    sy_text_printf(out, "{\"schema\":\"%s\"", SY_RECORD_SCHEMA);
    sy_fields_write(&sy_line_head_fields, line, true, out);
    if (sy_line_is_row(line->kind))
        sy_fields_write(&sy_row_fields, &line->row, true, out);
    else if (body != NULL)
        sy_fields_write(body, line, true, out);
    sy_text_append(out, "}\n", 2);
}
