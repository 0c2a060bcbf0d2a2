/* The words of the options that are choices, and the groups of verbs that options and words belong to. */
#ifndef STEELYARD_BENCH_CLI_CHOICES_H
#define STEELYARD_BENCH_CLI_CHOICES_H

#include "bench/cli/option.h"

/* Groups of verbs: those that choose problems, measure, drive devices, show, take a format, write. */
enum {
    RUNNING = SY_VERB_RUN | SY_VERB_COMPARE, /* compare --calibrate runs what it is given */
    CHOOSING = RUNNING | SY_VERB_TUNE,
    PLANNING = SY_VERB_RUN | SY_VERB_TUNE,
    RECORDING = SY_VERB_PEAK | SY_VERB_RUN,
    MEASURING = RECORDING | CHOOSING,
    DRIVING = SY_VERB_DEVICES | MEASURING,
    SHOWING = SY_VERB_DEVICES | SY_VERB_PEAK | SY_VERB_RUN | SY_VERB_SHOW,
    SHOWN = SHOWING | SY_VERB_HISTORY | SY_VERB_TUNE | SY_VERB_PLUGIN,
    FORMED = SHOWN | SY_VERB_REPORT | SY_VERB_COMPARE,
    WRITING = SY_VERB_PEAK | RUNNING | SY_VERB_MERGE | SY_VERB_REPORT,
    EVERY = DRIVING | SY_VERB_HISTORY | SY_VERB_SHOW | SY_VERB_MERGE | SY_VERB_PLUGIN | SY_VERB_REPORT
};

/* Each ends with a NULL name. */
extern const sy_choice sy_choice_math[];
extern const sy_choice sy_choice_weights[];
extern const sy_choice sy_choice_layout[];
extern const sy_choice sy_choice_cache[];
extern const sy_choice sy_choice_launch[];
extern const sy_choice sy_choice_data[];
extern const sy_choice sy_choice_check[];
extern const sy_choice sy_choice_tuned[];
extern const sy_choice sy_choice_quantity[];
extern const sy_choice sy_choice_by[];
extern const sy_choice sy_choice_isolation[];
extern const sy_choice sy_choice_format[];
extern const sy_choice sy_choice_summary[];

#endif
