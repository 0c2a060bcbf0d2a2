/*
 * A comparison as people and programs read it. As report.h: made from what was compared alone, nothing here
 * reads files, judges or prints, and every name is taken for hostile.
 */
#ifndef STEELYARD_BENCH_REPORT_COMPARE_H
#define STEELYARD_BENCH_REPORT_COMPARE_H

#include "bench/compare/conditions.h"
#include "bench/compare/gate.h"
#include "bench/compare/means.h"
#include "bench/report/report.h"

/** The `schema` of the JSON forms. */
#define SY_COMPARE_SCHEMA "steelyard.compare/1"

/**
 * What was compared, and what came out. Everything is borrowed.
 *
 * means       one list for each SY_QUANTITY_*; empty where there is none.
 * conditions  of each column from 1 on (conditions[column - 1]).
 * ranks       of all columns across devices; NULL over time.
 * gate        NULL: nothing was gated. gate_text: what was asked ("time:5%").
 * file        name of each column over time; NULL across devices.
 * noise       where it comes from ("noise.json"); NULL: noise between runs is not known.
 * left_out    simulated rows that were left out, because there are real ones.
 * is_simulated  every row that was compared is of a simulated device.
 * has_devices lines are of several devices: sy_compare_has_devices().
 * all         every row is shown, not only those that changed.
 */
typedef struct sy_compare_report {
    const sy_comparison *comparison;
    const sy_mean_list *means;
    const sy_conditions *conditions;
    const sy_rank *ranks;
    const sy_gate *gate;
    const char *gate_text, *noise;
    const char *const *file;
    size_t left_out;
    bool is_simulated, has_devices, all;
} sy_compare_report;

/** Over time, whether lines differ in the device that was asked for. */
bool sy_compare_has_devices(const sy_join *join);

/**
 * For a terminal. For each column: geometric means with their interval, "n of N rows" and verdict; the rows
 * that changed, worst first; what is not decided, and what it would take; what does not join, and why; the
 * conditions that differ; last the gate with its reasons. Up to eight rows are all shown.
 *
 * Errors   SY_OUT_OF_MEMORY, for this and all below; `out` then holds a part.
 */
sy_status sy_compare_text(
    const sy_compare_report *report, const sy_report_style *style, sy_text *out, sy_error *err);

/** The same for GitHub's Markdown (a comment, a step's summary); names are escaped. */
sy_status sy_compare_markdown(const sy_compare_report *report, sy_text *out, sy_error *err);

/** One JSON document, see results/schema/compare-1.schema.json. */
sy_status sy_compare_json(const sy_compare_report *report, sy_text *out, sy_error *err);

/** The same as JSON Lines: one object a line, with `kind`. */
sy_status sy_compare_jsonl(const sy_compare_report *report, sy_text *out, sy_error *err);

/** A line for each row, column and quantity that has a ratio or a reason; RFC 4180 with LF. */
sy_status sy_compare_csv(const sy_compare_report *report, sy_text *out, sy_error *err);

/**
 * JUnit XML: a case each ratio that the gate judges, and one for the gate itself with all its reasons. A row
 * that regressed or is lost is a failure where the gate fails on that; one that is undecided is skipped where
 * that is allowed, else an error (a failure with --fail-on inconclusive). Without a gate a case each row:
 * slower is a failure, what is not known is skipped.
 */
sy_status sy_compare_junit(const sy_compare_report *report, sy_text *out, sy_error *err);

#endif
