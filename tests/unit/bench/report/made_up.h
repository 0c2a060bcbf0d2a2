/* A made-up result of a run on several devices, for looking at reports. */
#ifndef STEELYARD_TESTS_UNIT_BENCH_REPORT_MADE_UP_H
#define STEELYARD_TESTS_UNIT_BENCH_REPORT_MADE_UP_H

#include "bench/report/report.h"

/** Zero-initialise; made_up_release(). */
typedef struct made_up {
    sy_row_list rows;
    sy_arena arena;
    sy_environment environment;
    sy_report report;
} made_up;

/** One device of the run: how fast it is against a CPU of 0.4 TFLOP/s, and how its rows end. */
typedef struct made_up_device {
    const char *id, *algorithm, *label, *name;
    double speed;
    sy_tri simulated;
    bool lacks_prefill, has_sheet, is_unstable;
} made_up_device;

/** Devices of every kind: bare, with a data sheet and unstable rows, simulated, with algorithms asked for. */
enum { MADE_UP_DEVICES = 6 };
extern const made_up_device made_up_devices[MADE_UP_DEVICES];

/** The quick suite on these devices, with totals. */
void made_up_run(made_up *out, const made_up_device *devices, size_t count);

void made_up_release(made_up *result);

/** A function that writes a report as text. */
typedef sy_status made_up_writer(const sy_report *, const sy_report_style *, sy_text *, sy_error *);

/** What it writes; the caller releases the text. */
sy_text made_up_text(made_up_writer *write, const sy_report *report, sy_report_style style);

#endif
