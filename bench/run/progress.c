/* Progress on stderr. */
#include "bench/run/progress.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "runtime/base/seam.h"

/* Between two paintings of the line. */
static const uint64_t REPAINT_NS = UINT64_C(200000000);

void sy_progress_start(sy_progress *progress, uint64_t visits_total, bool quiet, bool lines) {
    *progress = (sy_progress){.shown = !quiet && isatty(STDERR_FILENO) != 0,
        .lines = lines && !quiet,
        .visits_total = visits_total,
        .start_ns = sy_clock_raw_ns()};
}

static const char *label(const sy_work_row *work) {
    return work->origin.item->name != NULL ? work->origin.item->name : work->problem;
}

void sy_progress_end(sy_progress *progress) {
    if (progress->line_open)
        fputs("\r\033[K", stderr);
    progress->line_open = false;
}

void sy_progress_visit(sy_progress *progress, const sy_work_row *work, const char *device, uint64_t round) {
    uint64_t now_ns = sy_clock_raw_ns();
    uint64_t done = progress->visits++;
    if (!progress->shown || (done > 0 && now_ns - progress->last_ns < REPAINT_NS))
        return;
    progress->last_ns = now_ns;
    double elapsed_s = (double)(now_ns - progress->start_ns) * 1e-9;
    uint64_t total = progress->visits_total > done ? progress->visits_total : done + 1;
    double left_s = done > 2 ? elapsed_s / (double)done * (double)(total - done) : NAN;
    fprintf(stderr, "\r\033[K[%llu/%llu] %.16s round %llu  %.40s", (unsigned long long)done + 1,
        (unsigned long long)total, device, (unsigned long long)round + 1, label(work));
    if (!isnan(left_s))
        fprintf(stderr, "  %.0f:%02.0f left", floor(left_s / 60.0), fmod(floor(left_s), 60.0));
    progress->line_open = true;
}

void sy_progress_row(sy_progress *progress, const sy_row *row) {
    if (!progress->lines)
        return;
    double median_ns = NAN;
    sy_row_headline(row, &median_ns, NULL);
    sy_progress_end(progress);
    fprintf(stderr, "%-12s %s %s", sy_row_status_name(row->status), row->request.device,
        row->origin.name != NULL ? row->origin.name : row->key.problem);
    if (!isnan(median_ns))
        fprintf(stderr, " %.4g us", median_ns * 1e-3);
    fprintf(stderr, "%s%s\n", row->reason != NULL ? ": " : "", row->reason != NULL ? row->reason : "");
}
