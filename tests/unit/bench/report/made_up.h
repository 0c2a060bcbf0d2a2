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

/** The quick suite on these devices, with totals. */
void made_up_run(made_up *out, const made_up_device *devices, size_t count);

void made_up_release(made_up *result);

#endif
