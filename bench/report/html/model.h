/* What the page keeps of its records: every row in a few hundred bytes, with every text once. */
#ifndef STEELYARD_BENCH_REPORT_HTML_MODEL_H
#define STEELYARD_BENCH_REPORT_HTML_MODEL_H

#include "bench/compare/intake.h"
#include "bench/record/ids.h"
#include "bench/record/reader.h"

/** One meter of a row. reason: why its numbers are not shown; NULL: they are. Relative standard
 * uncertainties; systematic NaN: the gain is not known. */
typedef struct sy_html_meter {
    const char *source, *scope, *reason;
    double joule, net, watt, flop_per_joule, u_random, u_systematic;
} sy_html_meter;

/**
 * One row. Texts are kept once (equal texts are one pointer), and NULL if absent. Not known is NaN or
 * SY_NO_COUNT.
 *
 * device      place in sy_html_model.device; run, file: where it is from.
 * label       name in its suite, or the problem without what is at its default. dtype, math: as asked for;
 *             delivered: math that was delivered.
 * suite       workload that it is of: its suite; a network that ran alone: its name.
 * is_network  it is of a whole network, not of one operation.
 * median_ns   NaN unless the row has a time that may be shown (sy_row_has_time()).
 * samples_at  place of the samples in sy_html_model.samples, samples_bytes long.
 * explored    candidates that a tuned algorithm was the best of.
 * clock_share clock of the row over the highest that was seen on its device; NaN.
 */
typedef struct sy_html_row {
    uint64_t key;
    uint32_t device, run, file, status, checked;
    const char *label, *problem, *op, *dtype, *math, *delivered, *suite, *phase, *algorithm, *asked, *data,
        *cache, *launch, *reason, *fallback, *check_method, *smallest_fault, *method, *confidence,
        *energy_reason, *throttle, *layout;
    double median_ns, ci95_ns[2], min_ns, p90_ns, p99_ns, flop_per_s, byte_per_s, of_datasheet, of_ceiling,
        of_roofline, max_error, bound, clock_mhz, temp_c, prepare_ns;
    uint64_t flop, byte, samples, rounds, explored;
    bool is_verified, is_memory, is_network, is_emulated, is_shared;
    const sy_html_meter *meter;
    size_t meters;
    const sy_row_sustain *sustain;
    size_t samples_at, samples_bytes;
} sy_html_row;

/** One run: an environment line of a file. time_utc: of the line; last_utc: of its last row. */
typedef struct sy_html_run {
    const char *run_id, *time_utc, *last_utc, *file;
    uint32_t file_number, intake_run;
    sy_environment environment;
    uint64_t rows;
    bool is_ended, is_interrupted;
} sy_html_run;

/** One device with the algorithm that was asked of it: a column of the page. rows, timed: how many it has.
 * fact: of its first run, or NULL. */
typedef struct sy_html_device {
    const char *id, *name, *vendor, *backend, *scope, *asked, *physical_id, *label;
    bool is_simulated;
    uint64_t rows, timed;
    const sy_device_fact *fact;
    double max_clock_mhz;
} sy_html_device;

/** A total or a ceiling and the run it is from. */
typedef struct sy_html_total {
    sy_total total;
    uint32_t run;
} sy_html_total;
typedef struct sy_html_peak {
    sy_peak peak;
    uint32_t run;
} sy_html_peak;

/**
 * Zero-initialise; everything belongs to it.
 *
 * samples   of all rows, as keep_samples() in row.c writes them.
 * intake    the same rows in the same order, as bench/compare wants them.
 * torn      files whose last line was torn.
 */
typedef struct sy_html_model {
    sy_html_row *row;
    size_t rows, row_capacity;
    sy_html_run *run;
    size_t runs, run_capacity;
    sy_html_device *device;
    size_t devices, device_capacity;
    sy_html_total *total;
    size_t totals, total_capacity;
    sy_html_peak *peak;
    size_t peaks, peak_capacity;
    sy_text samples;
    sy_intake intake;
    uint64_t torn;
    sy_intern texts;
    sy_arena arena;
    sy_ids seen;
} sy_html_model;

/** Read files, in their order. Of lines with one run and row id the later one counts. Several files of one
 * device alone give a column a file. Errors: those of sy_reader_open() and sy_reader_next(). */
sy_status sy_html_model_read(const char *const *files, size_t count, sy_html_model *model, sy_error *err);

/** Free everything and zero it. */
void sy_html_model_release(sy_html_model *model);

/** Take one row into `row`, whose place (device, run, file) is the caller's matter. False without memory. */
bool sy_html_row_copy(const sy_row *from, sy_html_model *model, sy_html_row *row);

/** Whether a row is of a whole network. */
bool sy_html_has_networks(const sy_html_model *model);

/** Room for one more item of `bytes` bytes; NULL without memory, the list is then as it was. */
void *sy_html_grow(void *items, size_t count, size_t *capacity, size_t bytes);

#endif
