/*
 * Go's benchmark text: lines of configuration, then a line a round, so that benchstat sees what varies.
 * Source: go.dev/design/14313-benchmark-format and the package golang.org/x/perf/benchfmt. Rows without a
 * time are comments: lines that are neither configuration nor a result are passed over by every reader.
 */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/export/facts.h"
#include "bench/report/problem_text.h"

/* Part of a benchmark's name: no space (Go knows more of them than ASCII has), no slash. */
static void write_part(sy_text *out, const char *text) {
    sy_cell cell = sy_print_clean(text, false);
    for (char *at = cell.text; *at != '\0'; at++)
        if (*at == ' ' || *at == '/')
            *at = '_';
    sy_export_put(out, cell.text);
}

static void write_pair(sy_text *out, const char *key, const char *value) {
    sy_text_printf(out, "/%s=", key);
    write_part(out, value);
}

/* "gemm m=8 n=8": the op with a capital, its fields as parts. */
static void write_problem(sy_text *out, const char *problem) {
    sy_cell brief = sy_problem_short(problem);
    bool is_letter = isalpha((unsigned char)brief.text[0]) != 0;
    brief.text[0] = is_letter ? (char)toupper((unsigned char)brief.text[0]) : 'X';
    for (char *at = brief.text; at != NULL && *at != '\0';) {
        char *space = strchr(at, ' ');
        if (space != NULL)
            *space = '\0';
        sy_export_put(out, at == brief.text ? "" : "/");
        write_part(out, at);
        at = space != NULL ? space + 1 : NULL;
    }
    if (sy_problem_dtype(problem).text[0] != '\0')
        write_pair(out, "dtype", sy_problem_dtype(problem).text);
}

static void write_unless(sy_text *out, const char *key, const char *value, const char *usual) {
    if (value != NULL && strcmp(value, usual) != 0)
        write_pair(out, key, value);
}

/* The name ends in "-N" as Go's do, or a reader would take digits of ours for it. */
static void write_name(sy_text *out, const sy_row *row) {
    uint64_t threads = row->subject.config.threads;
    sy_export_put(out, "Benchmark");
    write_problem(out, row->key.problem != NULL ? row->key.problem : "");
    if (row->origin.name != NULL)
        write_pair(out, "name", row->origin.name);
    write_unless(out, "data", row->key.data, "uniform");
    write_unless(out, "cache", row->key.cache, "weights");
    write_unless(out, "launch", row->key.launch, "direct");
    write_unless(out, "algorithm", row->request.algorithm, "auto");
    if (row->pair.side != NULL)
        write_pair(out, "side", row->pair.side);
    if (row->request.device != NULL)
        write_pair(out, "device", row->request.device);
    if (sy_export_is_simulated(row))
        sy_export_put(out, "/SIMULATED");
    sy_text_printf(out, "-%" PRIu64, threads != SY_NO_COUNT && threads > 0 ? threads : 1);
}

/* An empty value takes a key back. */
static void write_key(sy_text *out, const char *key, const char *value) {
    sy_text_printf(out, "%s:", key);
    if (value != NULL && value[0] != '\0') {
        sy_export_put(out, " ");
        sy_export_put(out, sy_print_clean(value, true).text);
    }
    sy_export_put(out, "\n");
}

/* The block of configuration, where it differs from the one before, which is in part[0]. */
static void write_config(sy_export *export, const sy_row *row) {
    sy_text *now = &export->part[1], *before = &export->part[0];
    sy_text_clear(now);
    write_key(now, "run", export->run_id);
    write_key(now, "device", row->request.device);
    write_key(now, "device-name", row->subject.device.name);
    write_key(now, "backend", row->subject.backend);
    write_key(now, "implementation", row->subject.algorithm);
    write_key(now, "simulated", sy_export_is_simulated(row) ? "true" : NULL);
    if (now->failed || (before->length == now->length && memcmp(before->data, now->data, now->length) == 0))
        return;
    sy_text_append(&export->out.text, now->data, now->length);
    sy_text swap = *before;
    *before = *now;
    *now = swap;
}

static void write_energy(sy_text *out, const sy_row *row) {
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = sy_export_energy(row, i);
        if (entry == NULL)
            continue;
        sy_export_put(out, " ");
        sy_export_number(out, entry->joule_per_run);
        sy_text_printf(out, " %s-J/op", sy_export_scope(entry->scope).text);
    }
}

/* One line; energy only on a row's first: it was measured once. */
static void write_result(
    sy_export *export, const sy_row *row, double ns, uint64_t iterations, bool is_first) {
    sy_text *out = &export->out.text;
    uint64_t known = iterations != SY_NO_COUNT && iterations > 0 ? iterations : 1;
    write_name(out, row);
    sy_text_printf(out, " %" PRIu64 " ", known);
    sy_export_number(out, ns);
    sy_export_put(out, " ns/op");
    if (row->rate.flop != SY_NO_COUNT && row->rate.flop > 0) {
        sy_export_put(out, " ");
        sy_export_number(out, (double)row->rate.flop / ns * 1e9);
        sy_text_printf(out, " %s", sy_export_work_unit(row));
    }
    if (row->rate.byte != SY_NO_COUNT && row->rate.byte > 0 &&
        (row->rate.flop == 0 || row->rate.flop == SY_NO_COUNT)) {
        sy_export_put(out, " ");
        sy_export_number(out, (double)row->rate.byte / ns * 1e9);
        sy_export_put(out, " B/s");
    }
    if (is_first)
        write_energy(out, row);
    sy_export_put(out, "\n");
}

static uint64_t product(uint64_t a, uint64_t b) {
    uint64_t both;
    bool is_known = a != SY_NO_COUNT && b != SY_NO_COUNT && !__builtin_mul_overflow(a, b, &both);
    return is_known && both <= INT64_MAX ? both : SY_NO_COUNT;
}

static void begin(sy_export *export) {
    sy_export_put(&export->out.text, "Unit ns/op better=lower\nUnit FLOP/s better=higher\nUnit OP/s "
                                     "better=higher\nUnit B/s better=higher\n");
}

static void write(sy_export *export, const sy_row *row) {
    double ci95_ns[2], ns = sy_export_time(row, ci95_ns);
    bool is_first = true;
    write_config(export, row);
    if (!isfinite(ns)) {
        sy_export_put(&export->out.text, "# ");
        write_name(&export->out.text, row);
        sy_text_printf(&export->out.text, ": %s\n", sy_export_why(row).text);
        return;
    }
    /* Rounds are by the host's clock. */
    for (size_t i = 0; i < row->time.by_round.count && row->time.headline != SY_HEADLINE_DEVICE; i++) {
        const sy_row_round *round = &row->time.by_round.item[i];
        if (!isfinite(round->median_ns) || round->median_ns <= 0.0)
            continue;
        write_result(export, row, round->median_ns, product(round->samples, round->batch), is_first);
        is_first = false;
    }
    if (is_first)
        write_result(export, row, ns, product(row->time.samples, row->time.batch), true);
}

static void end(sy_export *export) {
    (void)export;
}

const sy_export_writer sy_export_gobench = {.begin = begin, .row = write, .end = end};
