/* Text for a terminal: cleaned, measured in columns, cut and padded. */
#ifndef STEELYARD_BENCH_REPORT_PRINT_H
#define STEELYARD_BENCH_REPORT_PRINT_H

#include "bench/report/report.h"

/** Room for one cell with its NUL. */
#define SY_CELL_MAX 256u

/** A piece of text that fits a cell. */
typedef struct sy_cell {
    char text[SY_CELL_MAX];
} sy_cell;

/** A name from outside made fit: what may not be shown becomes '?', and so does every other than ASCII
 * character without UTF-8. NULL gives "". Cut to the cell at a whole character. */
sy_cell sy_print_clean(const char *text, bool utf8);

/** Columns that clean text takes: one a character, two for the wide ones of East Asia. */
uint32_t sy_print_width(const char *text);

/** Append at most `columns` columns of clean text; what is longer ends in "~". */
void sy_print_cut(sy_text *out, const char *text, uint32_t columns);

/** As sy_print_cut(), but what is too long loses its middle: names differ at both ends. */
void sy_print_cut_middle(sy_text *out, const char *text, uint32_t columns);

/** Append cut to `columns` and padded to them: on the right, or on the left if `is_right`. */
void sy_print_padded(sy_text *out, const char *text, uint32_t columns, bool is_right);

/** Append clean text in lines of at most `columns`, broken at spaces, the further ones indented by two, each
 * with a newline. Returns the number of lines. */
uint32_t sy_print_wrapped(sy_text *out, const char *text, uint32_t columns);

/** Append `count` spaces. */
void sy_print_spaces(sy_text *out, uint32_t count);

/* Looks of a piece of text. */
enum { SY_LOOK_PLAIN = 0, SY_LOOK_STRONG = 1, SY_LOOK_DIM = 2, SY_LOOK_BAD = 3 };

/** Append the escape that begins a look, nothing without colours; PLAIN ends it. */
void sy_print_look(sy_text *out, const sy_report_style *style, uint32_t look);

#endif
