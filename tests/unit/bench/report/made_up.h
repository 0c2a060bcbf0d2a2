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

/* What meters a device has: none; one on the card, of unknown gain; that one and one of the node whose
 * readings of convolutions are not valid, of known gain. */
typedef enum made_up_meters { MADE_UP_NO_METER, MADE_UP_CARD, MADE_UP_CARD_AND_NODE } made_up_meters;

/** One device of the run: how fast it is against a CPU of 0.4 TFLOP/s, and how its rows end. */
typedef struct made_up_device {
    const char *id, *algorithm, *label, *name;
    double speed;
    sy_tri simulated;
    bool lacks_prefill, has_sheet, is_unstable;
    made_up_meters meters;
} made_up_device;

/** Devices of every kind: bare, with a data sheet and unstable rows, simulated, with algorithms asked for. */
enum { MADE_UP_DEVICES = 6 };
extern const made_up_device made_up_devices[MADE_UP_DEVICES];

/** The quick suite on these devices, with totals. */
void made_up_run(made_up *out, const made_up_device *devices, size_t count);

/** Devices with meters: a card of unknown gain; a simulated one with a node around it; one without. */
enum { MADE_UP_METERED = 3 };
extern const made_up_device made_up_metered[MADE_UP_METERED];

void made_up_release(made_up *result);

/** A function that writes a report as text. */
typedef sy_status made_up_writer(const sy_report *, const sy_report_style *, sy_text *, sy_error *);

/** What it writes; the caller releases the text. */
sy_text made_up_text(made_up_writer *write, const sy_report *report, sy_report_style style);

#endif
