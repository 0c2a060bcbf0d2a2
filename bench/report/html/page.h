/* The page while it is written: what its sections share. */
#ifndef STEELYARD_BENCH_REPORT_HTML_PAGE_H
#define STEELYARD_BENCH_REPORT_HTML_PAGE_H

#include "bench/report/html/html.h"
#include "bench/report/html/language.h"
#include "bench/report/html/work.h"
#include "bench/report/quantity.h"

/**
 * The page.
 *
 * real, simulated  devices of each kind; they never share a table. first: the set of page one: the real ones,
 *                  or the simulated ones where there are no others.
 * verdicts         of every device against every reference (verdict.h).
 * has_no_charts    it was said that there are none. figures: drawn so far.
 * out              what was not yet given to the sink. has_failed: the sink took no more.
 */
typedef struct sy_html_page {
    const sy_html_request *request;
    sy_html_model *model;
    sy_html_works works;
    sy_html_language language;
    sy_html_set real, simulated;
    const sy_html_set *first;
    const struct sy_html_verdicts *verdicts;
    const sy_html_sink *sink;
    sy_text out;
    uint64_t bytes;
    bool has_failed, has_no_charts;
    unsigned figures;
} sy_html_page;

/** How numbers are written here. */
extern const sy_report_style sy_html_style;

/* Writing. A failed allocation shows in page->out.failed. */

/** Markup of our own, as it is. */
void sy_html_put(sy_html_page *page, const char *markup);

/** A text from a record, escaped; NULL and "": a dash. */
void sy_html_put_text(sy_html_page *page, const char *text);

/** Words of the page, translated and escaped. */
void sy_html_put_word(sy_html_page *page, const char *english);

/** A sentence with {1} {2} ... replaced by the texts that follow, up to NULL; all escaped. */
__attribute__((sentinel)) void sy_html_say(sy_html_page *page, const char *english, ...);

/** Give what is there to the sink if it is more than a little. */
void sy_html_flush(sy_html_page *page, bool is_all);

/* Parts of tables. */

/** A table that scrolls in itself, with its caption; what follows are heads. is_sortable: by the script. */
void sy_html_table(sy_html_page *page, const char *caption, bool is_sortable);

/** A head: of texts, or of numbers. */
void sy_html_head(sy_html_page *page, const char *english);
void sy_html_head_number(sy_html_page *page, const char *english);

/** A head with a device's name, its mark if it is simulated, over numbers. */
void sy_html_head_device(sy_html_page *page, size_t device);

/** The heads are done, rows follow; the table is done. */
void sy_html_heads_end(sy_html_page *page);
void sy_html_table_end(sy_html_page *page);

/** A row's first cell, its head: opens the row. NULL ends the row before alone. */
void sy_html_row_begin(sy_html_page *page);
void sy_html_row_end(sy_html_page *page);

/** Cells: a text of a record; words; a number with its unit, sortable by `value`; "n of m". */
void sy_html_cell_text(sy_html_page *page, const char *text);
void sy_html_cell_word(sy_html_page *page, const char *english);
void sy_html_cell_number(sy_html_page *page, double value, const char *text);
void sy_html_cell_count(sy_html_page *page, uint64_t count);
void sy_html_cell_of(sy_html_page *page, uint64_t count, uint64_t of);
void sy_html_cell_rate(sy_html_page *page, double value, double precision, sy_unit unit);
void sy_html_cell_percent(sy_html_page *page, double fraction);

/** A device's name with its mark as row head. */
void sy_html_cell_device(sy_html_page *page, size_t device);

/** The same in short, where the names stand in full above: the id with its algorithm. */
void sy_html_cell_short(sy_html_page *page, size_t device);
void sy_html_head_short(sy_html_page *page, size_t device);

/** A workload in words: suite, phase, type. */
void sy_html_cell_work(sy_html_page *page, const sy_html_work *work);

/** A section with its anchor and heading; ends with sy_html_section_end(). */
void sy_html_section(sy_html_page *page, const char *anchor, const char *english);
void sy_html_section_end(sy_html_page *page);

/** A paragraph of words. note: in small type. */
void sy_html_paragraph(sy_html_page *page, const char *english);
void sy_html_note(sy_html_page *page, const char *english);

/** The mark of a set of simulated devices, before whatever shows them; nothing for real ones. */
void sy_html_mark(sy_html_page *page, const sy_html_set *set);

/** The unit in which rates of a workload are shown on all devices of a set. */
sy_unit sy_html_rate_unit(const sy_html_page *page, const sy_html_work *work, const sy_html_set *set);

/** Whole numbers and "n of m" as text. */
sy_cell sy_html_count(uint64_t count);

/** A set's section written for the real devices, then for the simulated ones. */
typedef void sy_html_writer(sy_html_page *page, const sy_html_set *set);
void sy_html_each_set(sy_html_page *page, sy_html_writer *write);

#endif
