/* The ratios of a run's pairs, a line each. */
#include "bench/verbs/pair_text.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/report/problem_text.h"
#include "bench/run/pair.h"

/* The row of a place in the plan; NULL: it was not finished. */
static const sy_row *find_row(const sy_run_job *job, size_t seq) {
    const sy_row_list *rows = &job->schedule.rows;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->row[i].seq == seq)
            return &rows->row[i];
    return NULL;
}

static void print_without(const sy_row *a, const sy_row *b) {
    const sy_row *rows[] = {a, b};
    for (size_t i = 0; i < 2; i++)
        if (rows[i] == NULL || !sy_row_has_time(rows[i])) {
            printf("  no ratio: %c is %s", i == 0 ? 'a' : 'b',
                rows[i] != NULL ? sy_row_status_name(rows[i]->status) : "not measured");
            return;
        }
    printf("  no ratio: no block is whole");
}

static void print_ratio(const sy_pair_ratio *found) {
    if (isnan(found->ci95[0])) {
        printf("  %.4f (one block: no interval)", found->ratio);
        return;
    }
    const char *verdict = found->ci95[0] > 1.0   ? "a is faster"
                          : found->ci95[1] < 1.0 ? "b is faster"
                                                 : "no difference seen";
    printf("  %.4f [%.4f, %.4f] %zu blocks, %s", found->ratio, found->ci95[0], found->ci95[1], found->blocks,
        verdict);
}

static void print_pair(const sy_run_job *job, const sy_row *a, const sy_row *b, bool utf8) {
    const sy_row *known = a != NULL ? a : b;
    bool is_one_device = job->program->config->device.word != job->program->config->pair.word;
    sy_pair_ratio found = {.blocks = 0};
    if (a != NULL && b != NULL)
        found = sy_pair_compare(a, b);
    if (found.blocks > 0)
        print_ratio(&found);
    else
        print_without(a, b);
    sy_cell dtype = sy_problem_dtype(known->key.problem);
    printf(": %s%s%s", sy_row_label(known, utf8).text, dtype.text[0] != '\0' ? " " : "", dtype.text);
    if (is_one_device)
        printf(" on %s", known->request.device);
    printf("\n");
}

void sy_pair_print(const sy_run_job *job) {
    const sy_config *config = job->program->config;
    bool is_read = config->format == SY_FORMAT_AUTO || config->format == SY_FORMAT_SUMMARY ||
                   config->format == SY_FORMAT_TABLE;
    if (config->pair.count == 0 || !is_read)
        return;
    bool utf8 = sy_report_style_of(STDOUT_FILENO, config->no_color).utf8;
    printf("pair: time of b (%s) over a (%s), 95 %% interval from blocks A B B A\n", config->pair.word[1],
        config->pair.word[0]);
    for (size_t i = 0; i < job->list.count; i++) {
        const sy_work_row *work = &job->list.row[i];
        const sy_row *a = find_row(job, i), *b = find_row(job, work->pair.other);
        if (work->pair.other > i && (a != NULL || b != NULL))
            print_pair(job, a, b, utf8);
    }
    fflush(stdout);
}
