/* What `infer` prints besides the record: the profile's tables, the ratio of a pair. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/report/print.h"
#include "bench/report/quantity.h"
#include "bench/run/pair.h"
#include "bench/verbs/infer_job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/seam.h"

enum { MOST_OPS = 64, MOST_STEPS = 20 };

/* Steps of one operator together. */
typedef struct op_sum {
    const char *op;
    double ns, flop;
    size_t steps;
} op_sum;

static int by_time(const void *a, const void *b) {
    double x = ((const op_sum *)a)->ns, y = ((const op_sum *)b)->ns;
    return (x < y) - (x > y);
}

static size_t sum_ops(const json_t *steps, op_sum out[MOST_OPS]) {
    size_t count = 0, index;
    json_t *step;
    json_array_foreach(steps, index, step) {
        const char *op = sy_protocol_text(step, "op", "?");
        size_t at = 0;
        while (at < count && strcmp(out[at].op, op) != 0)
            at++;
        if (at == MOST_OPS)
            continue;
        if (at == count)
            out[count++] = (op_sum){.op = op};
        out[at].ns += sy_protocol_f64(step, "ns", 0.0);
        out[at].flop += sy_protocol_f64(step, "flop", 0.0);
        out[at].steps++;
    }
    qsort(out, count, sizeof out[0], by_time);
    return count;
}

static void print_rate(double flop, double ns, const sy_report_style *style) {
    double rate = ns > 0.0 ? flop / (ns * 1e-9) : 0.0;
    sy_unit unit = sy_unit_flop_rate(rate, false);
    if (flop > 0.0)
        printf("%8s %s", sy_print_number(rate / unit.divisor, NAN, style).text, unit.name);
    printf("\n");
}

static void print_ops(const json_t *steps, double all_ns, const sy_report_style *style) {
    op_sum ops[MOST_OPS];
    size_t count = sum_ops(steps, ops);
    printf("  %-28s %6s %10s %6s\n", "operator", "steps", "us", "share");
    for (size_t i = 0; i < count; i++) {
        printf("  %-28.28s %6zu %10.1f %5.1f%% ", sy_print_clean(ops[i].op, style->utf8).text, ops[i].steps,
            ops[i].ns * 1e-3, 100.0 * ops[i].ns / all_ns);
        print_rate(ops[i].flop, ops[i].ns, style);
    }
}

static int by_step_time(const void *a, const void *b) {
    double x = sy_protocol_f64(*(json_t *const *)a, "ns", 0.0);
    double y = sy_protocol_f64(*(json_t *const *)b, "ns", 0.0);
    return (x < y) - (x > y);
}

static const char *place_of(const json_t *step) {
    return sy_protocol_bool(step, "is_copy", false)   ? "copy"
           : sy_protocol_bool(step, "is_host", false) ? "host"
                                                      : "";
}

/* The slowest steps, or with -v all of them in their order. */
static void print_steps(const json_t *steps, double all_ns, bool is_all, const sy_report_style *style) {
    size_t count = json_array_size(steps), shown = is_all || count < MOST_STEPS ? count : MOST_STEPS;
    const json_t **list = sy_mem_calloc(count + 1, sizeof *list);
    if (list == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        list[i] = json_array_get(steps, i);
    if (!is_all)
        qsort(list, count, sizeof *list, by_step_time);
    printf("  %-36s %-14s %-20s %10s %6s\n", is_all ? "step" : "slowest steps", "operator", "algorithm", "us",
        "share");
    for (size_t i = 0; i < shown; i++) {
        double ns = sy_protocol_f64(list[i], "ns", 0.0);
        printf("  %-36.36s %-14.14s %-20.20s %10.1f %5.1f%% %-4s ",
            sy_print_clean(sy_protocol_text(list[i], "node", "?"), style->utf8).text,
            sy_print_clean(sy_protocol_text(list[i], "op", "?"), style->utf8).text,
            sy_print_clean(sy_protocol_text(list[i], "algorithm", ""), style->utf8).text, ns * 1e-3,
            100.0 * ns / all_ns, place_of(list[i]));
        print_rate(sy_protocol_f64(list[i], "flop", 0.0), ns, style);
    }
    sy_mem_free(list);
}

static void print_profile(const sy_infer_job *job, const sy_infer_side *side, const sy_report_style *style) {
    const json_t *steps = json_object_get(side->profile, "steps");
    double all_ns = 0.0;
    size_t index;
    json_t *step;
    json_array_foreach(steps, index, step) {
        all_ns += sy_protocol_f64(step, "ns", 0.0);
    }
    if (!(all_ns > 0.0))
        return;
    printf("\nprofile of %s: %zu steps, %.4g ms together (each waited for, which costs time), %llu runs\n",
        side->target->id, json_array_size(steps), all_ns * 1e-6,
        (unsigned long long)sy_protocol_u64(side->profile, "runs", 0));
    print_ops(steps, all_ns, style);
    print_steps(steps, all_ns, job->run.program->config->verbose > 0, style);
}

/* The row of a side; NULL: it was not finished. */
static const sy_row *row_of(const sy_infer_job *job, size_t side) {
    const sy_row_list *rows = &job->run.schedule.rows;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->row[i].seq == side)
            return &rows->row[i];
    return NULL;
}

static void print_pair(const sy_infer_job *job) {
    const sy_row *a = row_of(job, 0), *b = row_of(job, 1);
    if (a == NULL || b == NULL)
        return;
    sy_pair_ratio found = sy_pair_compare(a, b);
    printf("pair: time of b (%s) over a (%s), from blocks A B B A: ", b->request.device, a->request.device);
    if (found.blocks == 0) {
        printf("no ratio\n");
        return;
    }
    if (isnan(found.ci95[0])) {
        printf("%.4f (one block: no interval)\n", found.ratio);
        return;
    }
    const char *verdict = found.ci95[0] > 1.0   ? "a is faster"
                          : found.ci95[1] < 1.0 ? "b is faster"
                                                : "no difference seen";
    printf("%.4f [%.4f, %.4f] %zu blocks, %s\n", found.ratio, found.ci95[0], found.ci95[1], found.blocks,
        verdict);
}

void sy_infer_print(const sy_infer_job *job) {
    const sy_config *config = job->run.program->config;
    bool is_read = config->format == SY_FORMAT_AUTO || config->format == SY_FORMAT_SUMMARY ||
                   config->format == SY_FORMAT_TABLE;
    if (!is_read)
        return;
    sy_report_style style = sy_report_style_of(STDOUT_FILENO, config->no_color);
    if (job->settings.is_pair)
        print_pair(job);
    for (size_t i = 0; config->profile != NULL && i < job->count; i++)
        print_profile(job, &job->side[i], &style);
    fflush(stdout);
}
