/* The words of the options that are choices. */
#ifndef STEELYARD_BENCH_CLI_CHOICES_H
#define STEELYARD_BENCH_CLI_CHOICES_H

#include "bench/cli/option.h"

/** Words of an option each; a NULL name ends them. */
extern const sy_choice sy_math_choices[], sy_weights_choices[], sy_layout_choices[], sy_cache_choices[],
    sy_launch_choices[], sy_data_choices[], sy_check_choices[], sy_tuned_choices[], sy_quantity_choices[],
    sy_isolation_choices[], sy_format_choices[], sy_summary_choices[];

#endif
