/* Problem strings as people read them: without what is at its default. */
#ifndef STEELYARD_BENCH_REPORT_PROBLEM_TEXT_H
#define STEELYARD_BENCH_REPORT_PROBLEM_TEXT_H

#include "bench/report/print.h"

/** "gemm m=512 n=4096 k=4096 ta=1": a canonical string without defaults and types. */
sy_cell sy_problem_short(const char *problem);

/** The types: "bf16" where sums are in f32, "f32", "s8", else "f16:f16:f16:f16"; "" if the string has none.
 */
sy_cell sy_problem_dtype(const char *problem);

/** The same of a text like "bf16:bf16:bf16:f32". */
sy_cell sy_dtype_short(const char *dtype);

/** Whether a type's work is counted in integer operations: it begins with s8 or u8. */
bool sy_dtype_is_integer(const char *dtype);

/** Name if there is one, else the short problem; clean. */
sy_cell sy_row_label(const sy_row *row, bool utf8);

/** Value of a field ("kind=") of a problem string into out_value; false if it has none. */
bool sy_problem_field(const char *problem, const char *field, char *out_value, size_t capacity);

#endif
