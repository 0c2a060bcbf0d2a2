/* `steelyard devices --catalogue NAME`: published figures, each with its source and confidence. */
#ifndef STEELYARD_VERBS_FIGURES_H
#define STEELYARD_VERBS_FIGURES_H

#include "bench/catalogue/catalogue.h"
#include "bench/verbs/program.h"

/** Print what config->catalogue names; touches no device. Returns the exit status. */
int sy_figures_show(const sy_program *program);

/** Print one entry, its figures and the sources that they name. */
void sy_figures_print_text(const sy_catalogue *catalogue, const sy_catalogue_device *device);

#endif
