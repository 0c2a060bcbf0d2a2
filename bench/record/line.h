/* The envelope of a record's line: what every kind begins with, and the body of each kind. */
#ifndef STEELYARD_BENCH_RECORD_LINE_H
#define STEELYARD_BENCH_RECORD_LINE_H

#include "bench/record/reader.h"

/** The `schema` of every line, and how every line begins. */
#define SY_RECORD_SCHEMA "steelyard.record/1"
#define SY_LINE_BEGINNING "{\"schema\":\"steelyard.record/"

/** What every line has: kind, run_id, time_utc, node, rank. */
extern const sy_field_table sy_line_head_fields;

/** The body of a kind, with offsets into sy_record_line; NULL for a kind that is only kept as text. */
const sy_field_table *sy_line_body_fields(uint32_t kind);

/** Whether lines of a kind are rows: of a problem, of a model. */
bool sy_line_is_row(uint32_t kind);

/** The kind that a row is written as. */
uint32_t sy_line_kind_of(const sy_row *row);

/** Append a whole line with its newline. */
void sy_line_write(const sy_record_line *line, sy_text *out);

#endif
