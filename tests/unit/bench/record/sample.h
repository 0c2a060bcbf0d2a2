/* Made-up rows and environments for the tests of records and reports. */
#ifndef STEELYARD_TESTS_UNIT_BENCH_RECORD_SAMPLE_H
#define STEELYARD_TESTS_UNIT_BENCH_RECORD_SAMPLE_H

#include "bench/record/record.h"

/** A row with every field set; number `n` makes key and id differ. Everything it points to is static. */
void sample_full_row(unsigned n, sy_row *out_row);

/** Row n of a model, with every field. */
void sample_model_row(unsigned n, sy_row *out_row);

/** A row with what is needed and no more: skipped. */
void sample_bare_row(unsigned n, sy_row *out_row);

/** An environment with every field set. */
void sample_environment(sy_environment *out_environment);

/** A total and a ceiling with every field set. */
void sample_total(sy_total *out_total);
void sample_peak(sy_peak *out_peak);

/** Path of a new empty temporary folder, removed with everything in it by sample_remove_folder(). */
void sample_folder(char out_path[64]);
void sample_remove_folder(const char *path);

#endif
