/* A comparison as JSON: one document, or an object a line. */
#include <math.h>

#include "bench/compare/extension.h"
#include "bench/fields/json_text.h"
#include "bench/report/compare_cells.h"
#include "bench/report/compare_rows.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Objects being written: is_lines: each with schema and kind; else within a list of the document. */
typedef struct writer {
    const sy_compare_report *report;
    const sy_gated_row **gated;
    bool is_lines, is_first, is_first_member;
    sy_text *out;
} writer;

static void name(writer *to, const char *member) {
    sy_text_printf(to->out, "%s\"%s\":", to->is_first_member ? "" : ",", member);
    to->is_first_member = false;
}

static void put_text(writer *to, const char *member, const char *text) {
    if (text == NULL)
        return;
    name(to, member);
    sy_json_quote(to->out, text);
}

static void put_number(writer *to, const char *member, double value) {
    if (!isfinite(value))
        return;
    name(to, member);
    sy_json_f64(to->out, value);
}

static void put_count(writer *to, const char *member, size_t count) {
    if (count == SIZE_MAX)
        return;
    name(to, member);
    sy_text_printf(to->out, "%zu", count);
}

static void put_truth(writer *to, const char *member, bool value) {
    name(to, member);
    sy_text_printf(to->out, "%s", value ? "true" : "false");
}

static void put_interval(writer *to, const char *member, double low, double high) {
    if (!isfinite(low) || !isfinite(high))
        return;
    name(to, member);
    sy_text_append(to->out, "[", 1);
    sy_json_f64(to->out, low);
    sy_text_append(to->out, ",", 1);
    sy_json_f64(to->out, high);
    sy_text_append(to->out, "]", 1);
}

static void begin_list(writer *to, const char *list) {
    to->is_first = true;
    if (!to->is_lines)
        sy_text_printf(to->out, ",\n\"%s\":[", list);
}

static void end_list(writer *to) {
    if (!to->is_lines)
        sy_text_append(to->out, "]", 1);
}

static void begin(writer *to, const char *kind) {
    to->is_first_member = true;
    sy_text_printf(to->out, "%s{", to->is_lines ? "" : to->is_first ? "\n" : ",\n");
    to->is_first = false;
    if (to->is_lines) {
        put_text(to, "schema", SY_COMPARE_SCHEMA);
        put_text(to, "kind", kind);
    }
}

static void end(writer *to) {
    sy_text_append(to->out, "}\n", to->is_lines ? 2 : 1);
}

static void write_columns(writer *to) {
    const sy_join *join = to->report->comparison->join;
    begin_list(to, "columns");
    for (size_t i = 0; i < join->columns; i++) {
        const sy_join_column *column = &join->column[i];
        begin(to, "column");
        put_count(to, "column", i);
        put_text(to, "file", to->report->file != NULL ? to->report->file[i] : NULL);
        put_text(to, "device", to->report->file != NULL ? NULL : column->device);
        put_text(to, "device_name", to->report->file != NULL ? NULL : column->device_name);
        put_text(to, "algorithm", join->is_paired ? column->asked : NULL);
        put_truth(to, "simulated", to->report->is_simulated || column->is_simulated);
        put_count(
            to, "joined", i == 0 ? sy_compare_base_lines(to->report) : sy_compare_joined(to->report, i));
        if (to->report->conditions != NULL && i > 0)
            put_text(to, "statement", to->report->conditions[i - 1].statement);
        end(to);
    }
    end_list(to);
}

static void write_mean(writer *to, const sy_mean *mean) {
    begin(to, "mean");
    put_count(to, "column", mean->column);
    put_text(to, "quantity", sy_quantity_name(mean->quantity));
    put_text(to, "suite", mean->suite);
    put_text(to, "dtype", mean->dtype);
    put_text(to, "phase", mean->phase);
    put_number(to, "ratio", mean->ratio);
    put_interval(to, "ci95", mean->low, mean->high);
    put_count(to, "rows", mean->rows);
    put_count(to, "of", mean->of);
    put_text(to, "verdict", sy_verdict_name(sy_compare_judge(to->report, mean)));
    put_count(to, "common", mean->common);
    put_number(to, "common_ratio", mean->common_ratio);
    put_interval(to, "common_ci95", mean->common_low, mean->common_high);
    end(to);
}

static void write_means(writer *to) {
    begin_list(to, "means");
    for (size_t q = 0; q < SY_QUANTITY_COUNT; q++)
        for (size_t i = 0; i < to->report->means[q].count; i++)
            if (to->report->means[q].item[i].rows > 0)
                write_mean(to, &to->report->means[q].item[i]);
    end_list(to);
}

static void write_ranks(writer *to) {
    begin_list(to, "ranks");
    for (size_t i = 0; to->report->ranks != NULL && i < to->report->comparison->join->columns; i++) {
        const sy_rank *rank = &to->report->ranks[i];
        begin(to, "rank");
        put_count(to, "place", i + 1);
        put_count(to, "column", rank->column);
        put_number(to, "speed", rank->speed);
        put_interval(to, "ci95", rank->low, rank->high);
        put_truth(to, "tied", rank->is_tied);
        put_count(to, "common", rank->common);
        put_count(to, "rows", rank->rows);
        put_count(to, "of", rank->of);
        end(to);
    }
    end_list(to);
}

static void write_gated(writer *to, const sy_gated_row *row) {
    if (row == NULL)
        return;
    put_text(to, "gate", sy_compare_gated_name(row->outcome));
    put_text(to, "gate_before", row->before >= 0 ? sy_compare_gated_name(row->before) : NULL);
    put_number(to, "gate_threshold", row->threshold);
    put_truth(to, "gate_coarse", row->is_coarse);
    put_text(to, "gate_reason", row->reason);
}

static void write_who(writer *to, const sy_entry *entry) {
    bool has_place = entry->place.count > 0;
    put_text(to, "problem", entry->problem);
    put_text(to, "name", has_place ? entry->place.item[0].name : NULL);
    put_text(to, "suite", has_place ? entry->place.item[0].suite : NULL);
    put_text(to, "device", entry->device);
    put_text(to, "algorithm", entry->asked);
}

static void write_ratio(writer *to, size_t line, size_t column, int quantity) {
    const sy_line_up *of = &to->report->comparison->join->line[line];
    const sy_ratio *ratio = sy_comparison_ratio(to->report->comparison, line, column, quantity);
    const sy_group *base = of->cell[0], *other = of->cell[column];
    begin(to, "row");
    put_count(to, "line", line);
    put_count(to, "column", column);
    write_who(to, sy_compare_entry(to->report, line));
    put_text(to, "quantity", sy_quantity_name(quantity));
    put_text(to, "base_status", base != NULL ? sy_row_status_name(base->status) : NULL);
    put_text(to, "status", other != NULL ? sy_row_status_name(other->status) : NULL);
    put_number(to, "base", ratio->base);
    put_number(to, "value", ratio->value);
    put_number(to, "ratio", ratio->ratio);
    put_interval(to, "ci95", ratio->low, ratio->high);
    put_text(to, "verdict", sy_verdict_name(ratio->verdict));
    put_text(to, "reason", ratio->reason);
    put_text(to, "note", of->note);
    put_truth(to, "gateable", ratio->is_gateable);
    put_number(to, "base_clock_mhz", ratio->base_clock_mhz);
    put_number(to, "clock_mhz", ratio->clock_mhz);
    put_number(to, "clock_ratio", ratio->clock_ratio);
    put_number(to, "detectable", ratio->detectable);
    put_count(to, "more_units", ratio->more_rounds);
    put_number(to, "p", ratio->p);
    put_number(to, "q", ratio->q);
    put_number(to, "rank_sum_p", ratio->u_p);
    put_count(to, "base_runs", ratio->base_runs);
    put_count(to, "runs", ratio->runs);
    put_count(to, "base_rounds", ratio->base_rounds);
    put_count(to, "rounds", ratio->rounds);
    write_gated(to, to->gated[sy_compare_place(to->report, line, column, quantity)]);
    end(to);
}

/* A quantity that neither side has is left out, but for time: a row is never silent. */
static void write_rows(writer *to) {
    const sy_join *join = to->report->comparison->join;
    begin_list(to, "rows");
    for (size_t line = 0; line < join->lines; line++)
        for (size_t column = 1; column < join->columns; column++)
            for (int q = 0; q < (int)SY_QUANTITY_COUNT; q++) {
                const sy_ratio *ratio = sy_comparison_ratio(to->report->comparison, line, column, q);
                if (q == SY_QUANTITY_TIME || !isnan(ratio->base) || !isnan(ratio->value))
                    write_ratio(to, line, column, q);
            }
    end_list(to);
}

static void write_unjoined(writer *to) {
    const sy_join *join = to->report->comparison->join;
    begin_list(to, "unjoined");
    for (size_t i = 0; i < join->unjoined_count; i++) {
        const sy_unjoined *one = &join->unjoined[i];
        begin(to, "unjoined");
        put_count(to, "column", one->column);
        put_count(to, "other", one->other);
        write_who(to, one->group->shown);
        put_text(to, "reason", one->reason);
        put_text(to, "nearest", one->nearest != NULL ? one->nearest->shown->problem : NULL);
        end(to);
    }
    end_list(to);
}

static void write_conditions(writer *to) {
    begin_list(to, "conditions");
    for (size_t column = 1; column < to->report->comparison->join->columns; column++)
        for (size_t i = 0; i < to->report->conditions[column - 1].count; i++) {
            const sy_condition *one = &to->report->conditions[column - 1].item[i];
            begin(to, "condition");
            put_count(to, "column", column);
            put_text(to, "field", one->field);
            put_text(to, "base", one->base);
            put_text(to, "value", one->other);
            put_text(to, "meaning", sy_condition_name(one->kind));
            end(to);
        }
    end_list(to);
}

static void write_reasons(writer *to) {
    const sy_gate *gate = to->report->gate;
    begin_list(to, "reasons");
    for (size_t i = 0; gate != NULL && i < gate->reasons; i++) {
        const sy_gate_reason *reason = &gate->reason[i];
        begin(to, "reason");
        put_text(to, "effect",
            reason->kind == SY_REASON_FAILURE ? "fails"
            : reason->kind == SY_REASON_NOTE  ? "note"
                                              : "undecided");
        put_text(to, "text", reason->text);
        end(to);
    }
    end_list(to);
}

/* The gate as one object; in the document it is a list of one or none, so that both forms read alike. */
static void write_gate(writer *to) {
    static const char *const outcomes[] = {"passed", "failed"};
    const sy_gate *gate = to->report->gate;
    begin_list(to, "gate");
    if (gate != NULL) {
        begin(to, "gate");
        put_text(to, "asked", to->report->gate_text);
        put_text(to, "outcome", gate->status == SY_GATE_UNDECIDED ? "undecided" : outcomes[gate->status]);
        put_count(to, "exit_status", (size_t)gate->status);
        put_count(to, "gated", gate->gated);
        put_count(to, "decided", gate->decided);
        put_count(to, "regressed", gate->regressed);
        put_count(to, "lost", gate->lost);
        put_count(to, "coarse", gate->coarse);
        put_count(to, "base_rows", gate->base_rows);
        put_count(to, "joined", gate->joined);
        end(to);
    }
    end_list(to);
}

/* What was measured again, as one object like the gate's. */
static void write_extension(writer *to) {
    const sy_gate *gate = to->report->gate;
    begin_list(to, "extension");
    if (gate != NULL && gate->extension != NULL) {
        begin(to, "extension");
        put_count(to, "blocks", SY_EXTENSION_BLOCKS);
        put_count(to, "rows", gate->extension->rows);
        put_count(to, "measured", gate->extension->measured);
        put_count(to, "counted", gate->extension->counted);
        put_text(to, "failure", gate->extension_failure);
        end(to);
    }
    end_list(to);
}

static sy_status write_all(const sy_compare_report *report, bool is_lines, sy_text *out, sy_error *err) {
    writer to = {.report = report, .is_lines = is_lines, .out = out};
    sy_status status = sy_compare_index_gate(report, &to.gated, err);
    if (status != SY_OK)
        return status;
    if (!is_lines) {
        sy_text_printf(out, "{\"schema\":\"%s\",\"delta\":", SY_COMPARE_SCHEMA);
        sy_json_f64(out, report->comparison->delta);
    }
    write_columns(&to);
    write_means(&to);
    write_ranks(&to);
    write_rows(&to);
    write_unjoined(&to);
    write_conditions(&to);
    write_reasons(&to);
    write_gate(&to);
    write_extension(&to);
    if (!is_lines)
        sy_text_append(out, "}\n", 2);
    sy_mem_free((void *)(uintptr_t)to.gated);
    return out->failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the comparison") : SY_OK;
}

sy_status sy_compare_json(const sy_compare_report *report, sy_text *out, sy_error *err) {
    return write_all(report, false, out, err);
}

sy_status sy_compare_jsonl(const sy_compare_report *report, sy_text *out, sy_error *err) {
    return write_all(report, true, out, err);
}
