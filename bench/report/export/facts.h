/* What every format says of a row: its name, its time, why it has none, and texts made fit. */
#ifndef STEELYARD_BENCH_REPORT_EXPORT_FACTS_H
#define STEELYARD_BENCH_REPORT_EXPORT_FACTS_H

#include "bench/report/export/writer.h"

/** Longest name of a row in bytes, with its NUL. */
#define SY_EXPORT_NAME_MAX 640u

/** A name. */
typedef struct sy_export_name {
    char text[SY_EXPORT_NAME_MAX];
} sy_export_name;

/** What marks a row of a simulated device in a name. */
#define SY_EXPORT_SIMULATED " [SIMULATED]"

/** Whether the row is of a simulated device. */
bool sy_export_is_simulated(const sy_row *row);

/**
 * A row's name, the same in every run: its name in the suite, the problem without defaults, types, what of
 * key and algorithm is not at its default, the device as asked for, the repeat of the process, the side of a
 * pair, and the mark of a simulated device: "large.2048 gemm m=2048 n=2048 k=2048 bf16 on cuda:0". Clean
 * UTF-8.
 */
sy_export_name sy_export_name_of(const sy_row *row);

/** As above, and never given twice in an export: a name that was there gets the run and the row's id. Sets
 * export->failed without memory. */
sy_export_name sy_export_once(sy_export *export, const sy_row *row);

/** The headline's time; NaN if the row has none. The interval may be NaN alone. */
double sy_export_time(const sy_row *row, double out_ci95_ns[2]);

/** A rate of the row; NaN where it has no time. */
double sy_export_flop_per_s(const sy_row *row);
double sy_export_byte_per_s(const sy_row *row);

/** Unit of its work's rate: "OP/s" for integer types, else "FLOP/s". */
const char *sy_export_work_unit(const sy_row *row);

/** Why a row has no time: "unsupported: needs 18 GiB"; "" if it has one. Clean. */
sy_export_name sy_export_why(const sy_row *row);

/** Append a text with what may not be shown as '?' and line breaks as spaces, whole; NULL is "". */
void sy_export_clean(sy_text *out, const char *text);

/** The entry of energy number `index` whose numbers may be shown and whose scope no entry before it had;
 * NULL: not this one. */
const sy_row_energy *sy_export_energy(const sy_row *row, size_t index);

/** A scope as part of a name: lower-case letters, digits and '_'. */
typedef struct sy_export_word {
    char text[48];
} sy_export_word;
sy_export_word sy_export_scope(const char *scope);

/** Append `text` (no conversion), a number. */
void sy_export_put(sy_text *out, const char *text);
void sy_export_number(sy_text *out, double value);

#endif
