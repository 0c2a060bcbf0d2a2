/* What `tune` prints on stdout: a line a finding and the gain over all of a device, or the same as JSON. */
#ifndef STEELYARD_VERBS_TUNE_PRINT_H
#define STEELYARD_VERBS_TUNE_PRINT_H

#include <stdbool.h>
#include <stddef.h>

/** One finding. name: the problem's name in its suite, NULL if it has none. Borrowed. */
typedef struct sy_tune_finding {
    const char *device, *name, *problem, *algorithm;
    double gain;
    size_t tried; /* 0: not known */
} sy_tune_finding;

/** Gains of one device so far. */
typedef struct sy_tune_sum {
    const char *device;
    double log_gain;
    size_t problems;
} sy_tune_sum;

/** Add a finding's gain. */
void sy_tune_sum_add(sy_tune_sum *sum, double gain);

/** Geometric mean of the gains; 1 without any. */
double sy_tune_sum_mean(const sy_tune_sum *sum);

/** Printing in progress; zero-initialise, set is_json. */
typedef struct sy_tune_printer {
    bool is_json;
    size_t printed;
} sy_tune_printer;

/** Head, findings as they come, and the end with a line for each of `count` devices that has findings. */
void sy_tune_print_head(const sy_tune_printer *printer);
void sy_tune_print_finding(sy_tune_printer *printer, const sy_tune_finding *finding);
void sy_tune_print_end(const sy_tune_printer *printer, const sy_tune_sum *sums, size_t count);

#endif
