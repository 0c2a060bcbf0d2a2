/* Words of choices, and sets of verbs: for option_table.c and option_choices.c alone. */
#ifndef STEELYARD_CLI_OPTION_CHOICES_H
#define STEELYARD_CLI_OPTION_CHOICES_H

#include "bench/cli/option.h"

/* Verbs that know the same options. */
enum {
    RUNNING = SY_VERB_RUN | SY_VERB_COMPARE, /* compare --calibrate runs what it is given */
    CHOOSING = RUNNING | SY_VERB_TUNE,
    PLANNING = SY_VERB_RUN | SY_VERB_TUNE,
    RECORDING = SY_VERB_PEAK | SY_VERB_RUN | SY_VERB_INFER,
    MEASURING = SY_VERB_PEAK | CHOOSING,
    DRIVING = SY_VERB_DEVICES | SY_VERB_INFER | MEASURING,
    SHOWING = SY_VERB_DEVICES | SY_VERB_PEAK | SY_VERB_RUN | SY_VERB_INFER | SY_VERB_SHOW,
    SHOWN = SHOWING | SY_VERB_HISTORY | SY_VERB_TUNE | SY_VERB_PLUGIN | SY_VERB_MODEL,
    FORMED = SHOWN | SY_VERB_REPORT | SY_VERB_COMPARE,
    WRITING = SY_VERB_PEAK | SY_VERB_INFER | RUNNING | SY_VERB_MERGE | SY_VERB_REPORT | SY_VERB_MODEL,
    EVERY = DRIVING | SY_VERB_HISTORY | SY_VERB_SHOW | SY_VERB_MERGE | SY_VERB_PLUGIN | SY_VERB_REPORT |
            SY_VERB_MODEL
};

/* The words of each choice, ended by a NULL name. */
extern const sy_choice sy_math_choice[], sy_weights_choice[], sy_layout_choice[], sy_cache_choice[],
    sy_launch_choice[], sy_data_choice[], sy_check_choice[], sy_tuned_choice[], sy_quantity_choice[],
    sy_by_choice[], sy_isolation_choice[], sy_format_choice[], sy_summary_choice[], sy_lang_choice[],
    sy_scenario_choice[];

#endif
