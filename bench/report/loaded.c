/* A report from a file read back. */
#include <math.h>

#include "bench/report/report.h"
#include "runtime/base/error.h"

/* "run resnet50 mobilenet": the recorded words up to the first option. NULL if there are none, or no memory.
 */
static const char *recorded_title(sy_loaded *loaded, bool *out_failed) {
    const sy_text_list *command = &loaded->environment.command;
    sy_text title = {0};
    for (size_t i = 1; i < command->count && command->item[i][0] != '-'; i++)
        sy_text_printf(&title, "%s%s", i > 1 ? " " : "", command->item[i]);
    const char *kept = title.length > 0 ? sy_arena_text(&loaded->arena, title.data) : NULL;
    *out_failed = title.failed || (title.length > 0 && kept == NULL);
    sy_text_release(&title);
    return kept;
}

sy_status sy_report_from_loaded(
    sy_loaded *loaded, const char *title, const char *file, sy_report *out_report, sy_error *err) {
    bool failed = false;
    *out_report = (sy_report){.rows = loaded->rows.row,
        .n_rows = loaded->rows.count,
        .environment = &loaded->environment,
        .totals = loaded->totals,
        .peaks = loaded->peaks,
        .file = file,
        .run_id = loaded->run_id,
        .duration_ns = loaded->has_ending ? loaded->ending.duration_ns : NAN,
        .interrupted = loaded->has_ending && loaded->ending.interrupted == SY_TRI_YES};
    out_report->title = title != NULL ? title : recorded_title(loaded, &failed);
    return failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a title") : SY_OK;
}
