/* The published estimate of a row: its rounds put together. */
#include "bench/stats/row.h"

#include "bench/stats/law.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MIN_BATCHES_ALONE = 40 };                /* fewer do not show dependence up to 0.9 */
static const double minority_that_flips = 0.25; /* the median may change its mode from round to round */
static const double lag1_that_dwells = 0.5;     /* modes that last: their shares were met by chance */
/* Least half-width, in standard errors known from within the rounds. Lengthens the interval only where the
 * round medians agree by luck: coverage without a difference between rounds goes from 95 to 96 %. */
static const double least_errors = 0.7;

const char *sy_interval_kind_name(int kind) {
    static const char *const names[] = {"none", "within_run", "between_rounds"};
    return kind >= 0 && kind < (int)(sizeof names / sizeof *names) ? names[kind] : "none";
}

double sy_row_precision(const sy_row_stats *row) {
    if (row->interval_kind == SY_INTERVAL_NONE || !(row->median_ns > 0.0))
        return INFINITY;
    return 0.5 * (row->high_ns - row->low_ns) / row->median_ns;
}

/* Why a visit's median is not a figure of a steady state; false: it is. */
static bool explain_visit(const sy_visit_stats *visit, char *reason, size_t room) {
    if (visit->is_drifting) {
        (void)snprintf(reason, room, "level changed by %+.1f %% within a round", 100.0 * visit->change);
        return true;
    }
    if (visit->is_bimodal && (visit->minority >= minority_that_flips || visit->lag1 >= lag1_that_dwells)) {
        (void)snprintf(reason, room,
            "two modes within a round: %.0f %% of batches at %.4g ns, the rest at %.4g ns",
            100.0 * visit->minority, visit->mode_low_ns, visit->mode_high_ns);
        return true;
    }
    return false;
}

/* One round has nothing but itself to judge its interval by. */
static bool explain_single(const sy_visit_stats *visit, char *reason, size_t room) {
    if (visit->count < MIN_BATCHES_ALONE) {
        (void)snprintf(reason, room, "one round of %zu batches; %d are needed to judge their dependence",
            visit->count, MIN_BATCHES_ALONE);
        return true;
    }
    if (!visit->is_resolved || !visit->has_interval) {
        (void)snprintf(reason, room, "batches depend on each other (lag-1 %.2f) for too long to be combined",
            visit->lag1);
        return true;
    }
    return false;
}

static void take_single(const sy_visit_stats *visit, sy_row_stats *row) {
    row->median_ns = visit->median_ns;
    row->low_ns = visit->low_ns;
    row->high_ns = visit->high_ns;
    row->interval_kind = visit->has_interval ? SY_INTERVAL_WITHIN_RUN : SY_INTERVAL_NONE;
    if (row->is_stable)
        row->is_stable = !explain_single(visit, row->reason, sizeof row->reason);
}

/* Student's interval of the mean of the round medians. Pooling with what is known from within the rounds
 * would not make it shorter at the same coverage: see README.md. */
static void take_between(const sy_visit_stats *visits, size_t count, sy_row_stats *row) {
    double rounds = (double)row->rounds, sum = 0.0, squares = 0.0, within = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += visits[i].median_ns;
    row->median_ns = sum / rounds;
    for (size_t i = 0; i < count; i++) {
        if (visits[i].count == 0)
            continue;
        double distance = visits[i].median_ns - row->median_ns;
        squares += distance * distance;
        within += visits[i].has_interval ? visits[i].error_ns * visits[i].error_ns : 0.0;
    }
    double deviation = sqrt(squares / (rounds - 1.0));
    double half = sy_student_quantile(0.975, rounds - 1.0) * deviation / sqrt(rounds);
    half = fmax(half, least_errors * sqrt(within) / rounds);
    row->low_ns = fmax(0.0, row->median_ns - half);
    row->high_ns = row->median_ns + half;
    row->spread = deviation / row->median_ns;
    row->interval_kind = SY_INTERVAL_BETWEEN_ROUNDS;
}

void sy_row_summarise(const sy_visit_stats *visits, size_t count, sy_row_stats *out) {
    *out = (sy_row_stats){.low_ns = NAN, .high_ns = NAN, .is_stable = true};
    const sy_visit_stats *single = NULL;
    for (size_t i = 0; i < count; i++) {
        const sy_visit_stats *visit = &visits[i];
        if (visit->count == 0)
            continue;
        out->min_ns = single == NULL ? visit->min_ns : fmin(out->min_ns, visit->min_ns);
        single = visit;
        out->rounds++;
        out->batches += visit->count;
        if (out->is_stable)
            out->is_stable = !explain_visit(visit, out->reason, sizeof out->reason);
    }
    if (out->rounds == 0) {
        out->is_stable = false;
        (void)snprintf(out->reason, sizeof out->reason, "nothing was measured");
    } else if (out->rounds == 1) {
        take_single(single, out);
    } else {
        take_between(visits, count, out);
    }
}
