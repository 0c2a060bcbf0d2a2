/* What a user writes to have a log as a meter: "FILE[;scope=wall][;gain=0.01][;window=1s][;column=NAME]". */
#ifndef STEELYARD_ENERGY_CSV_SPEC_H
#define STEELYARD_ENERGY_CSV_SPEC_H

#include <stdint.h>

#include "steelyard/status.h"

/** Its parts. scope: SY_ENERGY_SCOPE_UNKNOWN if none; gain: NaN if none; window_ns: 0 if none, column: "". */
typedef struct sy_energy_csv_spec {
    char path[240], column[48];
    uint32_t scope;
    double gain;
    uint64_t window_ns;
} sy_energy_csv_spec;

/** Parse; NULL is of the wrong form too. SY_INVALID_ARGUMENT: the text names what is wrong and what would be
 * right. */
sy_status sy_energy_csv_spec_parse(const char *text, sy_energy_csv_spec *out_spec, sy_error *err);

/** Last part of the path. Borrowed. */
const char *sy_energy_csv_spec_file(const sy_energy_csv_spec *spec);

#endif
