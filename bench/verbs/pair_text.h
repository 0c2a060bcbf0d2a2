/* What a run of pairs says after its table. */
#ifndef STEELYARD_VERBS_PAIR_TEXT_H
#define STEELYARD_VERBS_PAIR_TEXT_H

#include "bench/verbs/run_job.h"

/** Print the ratio of each pair to standard output, where a table or a summary went there; nothing without
 * pairs, or where other programs read. A pair without a ratio says why. */
void sy_pair_print(const sy_run_job *job);

#endif
