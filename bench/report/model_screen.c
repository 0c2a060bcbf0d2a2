/* Rows of whole networks as people read them: a paragraph a row. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/energy_text.h"
#include "bench/report/problem_text.h"
#include "bench/report/quantity.h"
#include "bench/report/report.h"
#include "runtime/base/error.h"

enum { WIDTH = 100, NAME = 10 };

/* Where a row is written. */
typedef struct writing {
    const sy_row *row;
    const sy_report_style *style;
    sy_text *out;
} writing;

static void begin(const writing *w, const char *name) {
    sy_text_printf(w->out, "  %-*s ", NAME, name);
}

static void end(const writing *w) {
    sy_text_append(w->out, "\n", 1);
}

/* "12.3 ms" in a unit of its own. */
static void add_time(const writing *w, double ns, double precision) {
    sy_unit unit = sy_unit_time(ns);
    sy_text_printf(w->out, "%s %s", sy_print_number(ns / unit.divisor, precision, w->style).text, unit.name);
}

/* "weights 97.7 MiB", behind a comma if something stands before. */
static void add_bytes(const writing *w, const char *name, uint64_t bytes, bool *has_more) {
    if (bytes == SY_NO_COUNT)
        return;
    sy_text_printf(w->out, "%s%s %s MiB", *has_more ? ", " : "", name,
        sy_print_number((double)bytes / 0x1p20, NAN, w->style).text);
    *has_more = true;
}

static void write_head(const writing *w, size_t number) {
    const sy_row_model *m = &w->row->model;
    sy_cell name = sy_row_label(w->row, w->style->utf8);
    sy_text_printf(w->out, "%zu  %s%s", number, w->style->color ? "\033[1m" : "", name.text);
    sy_text_printf(
        w->out, "%s  %s", w->style->color ? "\033[0m" : "", sy_print_clean(m->inputs, w->style->utf8).text);
    sy_text_printf(w->out, "  %s  %s", sy_print_clean(m->dtype, w->style->utf8).text,
        sy_print_clean(m->scenario, w->style->utf8).text);
    if (m->batch != SY_NO_COUNT && m->batch > 1)
        sy_text_printf(w->out, "  batch %" PRIu64, m->batch);
    if (m->instances != SY_NO_COUNT && m->instances > 1)
        sy_text_printf(w->out, "  %" PRIu64 " instances", m->instances);
    end(w);
}

static void write_device(const writing *w) {
    const sy_row *row = w->row;
    begin(w, "device");
    sy_text_printf(w->out, "%s%s", row->subject.simulated == SY_TRI_YES ? "SIMULATED " : "",
        sy_print_clean(row->request.device, w->style->utf8).text);
    if (row->subject.device.name != NULL)
        sy_text_printf(w->out, " (%s)", sy_print_clean(row->subject.device.name, w->style->utf8).text);
    if (row->subject.config.threads != SY_NO_COUNT)
        sy_text_printf(w->out, ", %" PRIu64 " thread%s", row->subject.config.threads,
            row->subject.config.threads == 1 ? "" : "s");
    if (row->model.whole == SY_TRI_YES)
        sy_text_printf(w->out, ", takes the model as a whole");
    end(w);
}

static void write_status(const writing *w) {
    const sy_row *row = w->row;
    bool is_plain = row->status == SY_ROW_OK;
    if (!is_plain || row->reason != NULL) {
        begin(w, "status");
        sy_text_printf(w->out, "%s", sy_row_status_name(row->status));
        if (row->reason != NULL)
            sy_text_printf(w->out, ": %s", sy_print_clean(row->reason, w->style->utf8).text);
        end(w);
    }
    if (row->model.valid == SY_TRI_UNKNOWN)
        return;
    begin(w, "result");
    sy_text_printf(w->out, "%s", row->model.valid == SY_TRI_YES ? "VALID" : "INVALID");
    for (size_t i = 0; i < row->model.reasons.count; i++)
        sy_text_printf(w->out, "%s%s", i == 0 ? ": " : "; ",
            sy_print_clean(row->model.reasons.item[i], w->style->utf8).text);
    end(w);
}

/* Percentiles that were earned; of the others the least that is missing. */
static void add_percentiles(const writing *w) {
    const sy_row_model *m = &w->row->model;
    const char *joint = "  ";
    for (size_t i = 0; i < m->percentile.count; i++) {
        const sy_row_percentile *p = &m->percentile.item[i];
        bool is_told = p->percentile == 0.9 || p->percentile == 0.99 || p->percentile == 0.999;
        if (!is_told)
            continue;
        if (!isfinite(p->plain_ns)) {
            sy_text_printf(w->out, "%sp%g needs %" PRIu64 " queries, there are %" PRIu64, joint,
                100.0 * p->percentile, p->needs, p->has);
            return;
        }
        sy_text_printf(w->out, "%sp%g ", joint, 100.0 * p->percentile);
        add_time(w, p->plain_ns, NAN);
    }
}

static void write_latency(const writing *w) {
    const sy_row *row = w->row;
    bool is_query = row->model.unit != NULL && strcmp(row->model.unit, "query") == 0;
    if (!sy_row_has_time(row) || !is_query)
        return;
    double precision = sy_precision_of(row->time.host.median_ns, row->time.host.ci95_ns);
    begin(w, "latency");
    sy_text_printf(w->out, "median ");
    add_time(w, row->time.host.median_ns, precision);
    sy_text_printf(w->out, " %s", sy_print_precision(precision, w->style).text);
    add_percentiles(w);
    end(w);
}

static void write_split(const writing *w) {
    const sy_row_model *m = &w->row->model;
    const struct {
        const char *name;
        double ns;
    } parts[] = {{"queued ", m->queue_ns}, {"to device ", m->in_ns}, {"compute ", m->compute_ns},
        {"back ", m->out_ns}, {"other ", m->other_ns}};
    if (!isfinite(m->compute_ns))
        return;
    begin(w, "of it");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        sy_text_printf(w->out, "%s%s", i > 0 ? ", " : "", parts[i].name);
        add_time(w, parts[i].ns, NAN);
    }
    end(w);
}

static void write_rate(const writing *w) {
    const sy_row *row = w->row;
    const sy_row_model *m = &row->model;
    if (!sy_row_has_time(row) && row->status != SY_ROW_SUSPECT)
        return;
    begin(w, "rate");
    sy_text_printf(w->out, "%s inferences/s", sy_print_number(m->inference_per_s, NAN, w->style).text);
    if (m->item != NULL && isfinite(m->item_per_s) && m->item_per_s != m->inference_per_s)
        sy_text_printf(w->out, ", %s %ss/s", sy_print_number(m->item_per_s, NAN, w->style).text,
            sy_print_clean(m->item, w->style->utf8).text);
    if (isfinite(row->rate.flop_per_s)) {
        sy_unit unit = sy_unit_flop_rate(row->rate.flop_per_s, false);
        sy_text_printf(w->out, ", %s %s",
            sy_print_number(row->rate.flop_per_s / unit.divisor, NAN, w->style).text, unit.name);
    }
    if (m->queries != SY_NO_COUNT)
        sy_text_printf(
            w->out, " (%" PRIu64 " queries in %s)", m->queries, sy_print_duration(m->duration_ns).text);
    end(w);
}

static void write_server(const writing *w) {
    const sy_row_model *m = &w->row->model;
    if (!isfinite(m->bound_ns) || !isfinite(m->qps))
        return;
    begin(w, "server");
    sy_text_printf(w->out, "%s queries/s, bound ", sy_print_number(m->qps, NAN, w->style).text);
    add_time(w, m->bound_ns, NAN);
    if (m->over != SY_NO_COUNT && m->queries != SY_NO_COUNT)
        sy_text_printf(w->out, ", %" PRIu64 " of %" PRIu64 " over it", m->over, m->queries);
    if (m->unit != NULL && strcmp(m->unit, "inference") == 0)
        sy_text_printf(w->out, " (the highest rate that kept it)");
    end(w);
}

static void write_steps(const writing *w) {
    const sy_row_model *m = &w->row->model;
    if (m->steps == SY_NO_COUNT)
        return;
    begin(w, "steps");
    sy_text_printf(w->out, "%" PRIu64 ": %" PRIu64 " of the device's problems, %" PRIu64 " on the host",
        m->steps, m->device_steps, m->host_steps);
    if (isfinite(m->host_share))
        sy_text_printf(w->out, " (%s of the time)", sy_print_percent(m->host_share).text);
    for (size_t i = 0; i < m->host_ops.count && i < 6; i++)
        sy_text_printf(
            w->out, "%s%s", i == 0 ? ": " : ", ", sy_print_clean(m->host_ops.item[i], w->style->utf8).text);
    sy_text_printf(w->out, "%s; %" PRIu64 " copies", m->host_ops.count > 6 ? " ..." : "", m->copies);
    if (m->wide_steps != SY_NO_COUNT && m->wide_steps > 0)
        sy_text_printf(w->out, "; %" PRIu64 " by Winograd", m->wide_steps);
    end(w);
}

static void write_costs(const writing *w) {
    const sy_row_model *m = &w->row->model;
    bool has_more = false;
    bool has_memory = m->weight_byte != SY_NO_COUNT || m->peak_rss_byte != SY_NO_COUNT;
    if (has_memory) {
        begin(w, "memory");
        add_bytes(w, "weights", m->weight_byte, &has_more);
        add_bytes(w, "activations", m->activation_byte, &has_more);
        add_bytes(w, "process at most", m->peak_rss_byte, &has_more);
        end(w);
    }
    if (!isfinite(m->load_ns) || !isfinite(w->row->time.compile_ns))
        return;
    begin(w, "before");
    sy_text_printf(w->out, "load ");
    add_time(w, m->load_ns, NAN);
    sy_text_printf(w->out, ", compile ");
    add_time(w, w->row->time.compile_ns, NAN);
    if (isfinite(w->row->time.first_run_ns)) {
        sy_text_printf(w->out, ", first run ");
        add_time(w, w->row->time.first_run_ns, NAN);
    }
    end(w);
}

static void write_check(const writing *w) {
    const sy_row *row = w->row;
    const sy_row_model *m = &row->model;
    if (row->check.status == 0)
        return;
    begin(w, "check");
    sy_text_printf(w->out, "%s", sy_row_checked_name(row->check.status));
    if (isfinite(row->check.max_error))
        sy_text_printf(w->out, ": error %.2g of %.2g allowed", row->check.max_error, row->check.bound);
    if (row->check.reason != NULL)
        sy_text_printf(w->out, " (%s)", sy_print_clean(row->check.reason, w->style->utf8).text);
    if (m->compared != SY_NO_COUNT && m->compared > 0)
        sy_text_printf(w->out, "; %" PRIu64 " timed runs agree", m->compared);
    if (isfinite(m->repeated_of_distinct))
        sy_text_printf(w->out, "; repeated inputs %.2fx", m->repeated_of_distinct);
    if (row->check.math != NULL)
        sy_text_printf(w->out, "; math %s", sy_print_clean(row->check.math, w->style->utf8).text);
    end(w);
}

static void write_energy(const writing *w) {
    const sy_row *row = w->row;
    uint32_t columns = w->style->columns > 0 ? w->style->columns : WIDTH;
    for (size_t i = 0; i < row->energy.count; i++)
        sy_print_energy(row, &row->energy.item[i], columns, w->style, w->out);
    if (row->energy.count > 0 || row->energy_reason == NULL)
        return;
    begin(w, "energy");
    sy_text_printf(w->out, "%s", sy_print_clean(row->energy_reason, w->style->utf8).text);
    end(w);
}

static void write_row(const writing *w, size_t number) {
    write_head(w, number);
    write_device(w);
    write_status(w);
    write_latency(w);
    write_split(w);
    write_server(w);
    write_rate(w);
    write_steps(w);
    write_costs(w);
    write_check(w);
    write_energy(w);
}

sy_status sy_report_models(
    const sy_report *report, const sy_report_style *style, sy_text *out, sy_error *err) {
    bool is_first = true;
    for (size_t i = 0; i < report->n_rows; i++) {
        const writing w = {.row = &report->rows[i], .style = style, .out = out};
        if (!sy_row_model_is_there(&w.row->model))
            continue;
        if (!is_first)
            end(&w);
        is_first = false;
        write_row(&w, i + 1);
    }
    if (report->file != NULL && strcmp(report->file, "-") != 0)
        sy_text_printf(out, "%s\n", sy_print_clean(report->file, style->utf8).text);
    return out->failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the screen") : SY_OK;
}
