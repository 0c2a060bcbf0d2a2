/* A report from a file read back. */
#include <math.h>

#include "bench/report/report.h"

void sy_report_from_loaded(
    const sy_loaded *loaded, const char *title, const char *file, sy_report *out_report) {
    *out_report = (sy_report){.rows = loaded->rows.row,
        .n_rows = loaded->rows.count,
        .environment = &loaded->environment,
        .totals = loaded->totals,
        .peaks = loaded->peaks,
        .title = title,
        .file = file,
        .duration_ns = loaded->has_ending ? loaded->ending.duration_ns : NAN,
        .interrupted = loaded->has_ending && loaded->ending.interrupted == SY_TRI_YES};
}
