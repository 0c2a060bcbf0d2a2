/* `steelyard report ... -o page.html`. */
#ifndef STEELYARD_VERBS_PAGE_H
#define STEELYARD_VERBS_PAGE_H

#include "bench/verbs/program.h"

/** Write the page of the files that are named to `output`; the exit status. */
int sy_report_page(const sy_program *program, const char *output);

#endif
