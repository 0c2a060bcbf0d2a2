/* A comparison as JUnit XML: a test case a ratio that is judged, and one for the gate as a whole.
 * Source: the schema of Jenkins' xUnit plugin, junit-10.xsd. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/mix.h"
#include "bench/fields/json_text.h"
#include "bench/record/ids.h"
#include "bench/report/compare_cells.h"
#include "bench/report/compare_rows.h"
#include "bench/report/problem_text.h"
#include "bench/report/xml_text.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* What a case is to a test runner; PASSED has no element. */
enum { PASSED, FAILURE, BROKEN, SKIPPED, OUTCOMES };

/* Cases being gathered: the head has their counts. */
typedef struct cases {
    const sy_compare_report *report;
    const sy_gated_row **gated;
    sy_text text;
    sy_ids names; /* how often a name was there, by its hash */
    size_t count[OUTCOMES];
} cases;

/* One case. type: of a failure or an error; message: NULL for a pass. */
typedef struct outcome {
    int kind;
    const char *type;
    sy_cell message;
} outcome;

static outcome outcome_of(int kind, const char *type, const char *message) {
    return (outcome){kind, type, sy_print_clean(message, true)};
}

/* What the gate says of a row is what a job goes by: what it allows is skipped, and never a failure. */
static outcome judge_gated(const sy_gate *gate, const sy_gated_row *row) {
    const char *name = sy_compare_gated_name(row->outcome), *reason = row->reason;
    bool fails = false;
    switch (row->outcome) {
    case SY_GATED_PASS: return outcome_of(PASSED, name, NULL);
    case SY_GATED_REGRESSED: fails = (gate->fail_on & SY_FAIL_REGRESSION) != 0; break;
    case SY_GATED_LOST: fails = (gate->fail_on & SY_FAIL_MISSING) != 0; break;
    case SY_GATED_UNDECIDED:
        if (gate->is_share_kept && !(row->is_suspected && !gate->is_all_allowed))
            return outcome_of(SKIPPED, name, reason);
        fails = (gate->fail_on & SY_FAIL_INCONCLUSIVE) != 0;
        return outcome_of(fails ? FAILURE : BROKEN, name, reason);
    default: break;
    }
    return outcome_of(fails ? FAILURE : SKIPPED, name, reason);
}

/* Without a gate: slower is a failure, what is not known is skipped. */
static outcome judge_ratio(const cases *to, size_t line, int quantity, const sy_ratio *ratio) {
    const char *name = sy_verdict_name(ratio->verdict);
    sy_cell note = sy_compare_note(to->report, line, quantity, ratio);
    char text[SY_CELL_MAX];
    switch (ratio->verdict) {
    case SY_VERDICT_SAME:
    case SY_VERDICT_FASTER: return outcome_of(PASSED, name, NULL);
    case SY_VERDICT_SLOWER:
        snprintf(text, sizeof text, "ratio %.20s %.60s%s%.120s", sy_compare_ratio(ratio->ratio).text,
            sy_compare_interval(ratio->low, ratio->high).text, note.text[0] != '\0' ? "; " : "", note.text);
        return outcome_of(FAILURE, name, text);
    default: return outcome_of(SKIPPED, name, note.text[0] != '\0' ? note.text : name);
    }
}

static void write_property(sy_text *out, const char *name, double value) {
    if (!isfinite(value))
        return;
    sy_text_printf(out, "<property name=\"%s\" value=\"", name);
    sy_json_f64(out, value);
    sy_text_printf(out, "\"/>");
}

static void write_properties(const cases *to, const sy_ratio *ratio, const sy_gated_row *row, sy_text *out) {
    sy_text_printf(out, "<properties>");
    if (to->report->is_simulated)
        sy_text_printf(out, "<property name=\"simulated\" value=\"true\"/>");
    write_property(out, "base", ratio->base);
    write_property(out, "value", ratio->value);
    write_property(out, "ratio", ratio->ratio);
    write_property(out, "ci95_low", ratio->low);
    write_property(out, "ci95_high", ratio->high);
    write_property(out, "clock_ratio", ratio->clock_ratio);
    write_property(out, "threshold", row != NULL ? row->threshold : NAN);
    if (row != NULL && row->before >= 0)
        sy_text_printf(
            out, "<property name=\"before_extension\" value=\"%s\"/>", sy_compare_gated_name(row->before));
    sy_text_printf(
        out, "<property name=\"verdict\" value=\"%s\"/></properties>", sy_verdict_name(ratio->verdict));
}

static void write_outcome(cases *to, const outcome *of) {
    static const char *const elements[OUTCOMES] = {NULL, "failure", "error", "skipped"};
    to->count[of->kind]++;
    if (of->kind == PASSED)
        return;
    sy_text_printf(&to->text, "<%s", elements[of->kind]);
    sy_xml_attribute(&to->text, "message", of->message.text);
    if (of->kind != SKIPPED)
        sy_xml_attribute(&to->text, "type", of->type);
    sy_text_printf(&to->text, "/>");
}

/* Readers want decimals without an exponent. */
static void write_seconds(sy_text *out, int quantity, const sy_ratio *ratio) {
    double ns = quantity == SY_QUANTITY_TIME ? ratio->value : NAN;
    if (ns < 9e18)
        sy_text_printf(out, " time=\"%.9f\"", 1e-9 * ns);
}

/* Readers tell cases apart by their names: rows that differ in what a name does not say are numbered. */
static void make_once(cases *to, char *name, size_t capacity) {
    uint64_t hash = 0;
    size_t used = strlen(name);
    for (size_t i = 0; i < used; i++)
        hash = sy_mix(hash, (unsigned char)name[i]);
    uint32_t times = sy_ids_get(&to->names, hash) + 1;
    if (times > 1)
        snprintf(name + used, capacity - used, " #%u", (unsigned)times);
    to->text.failed = !sy_ids_set(&to->names, hash, times) || to->text.failed;
}

static void name_case(cases *to, size_t line, size_t column, int quantity, char *out_name, size_t capacity) {
    const sy_compare_report *report = to->report;
    const char *types = sy_compare_entry(report, line)->dtype;
    sy_cell label = sy_compare_label(report, line, true);
    sy_cell dtype = sy_print_clean(types != NULL ? sy_dtype_short(types).text : "", true);
    bool has_others = report->comparison->join->columns > 2;
    snprintf(out_name, capacity, "%.180s %.40s%s%s%s%.120s%s", label.text, dtype.text,
        dtype.text[0] != '\0' ? " " : "", sy_quantity_name(quantity), has_others ? " (" : "",
        has_others ? sy_compare_column(report, column, true).text : "", has_others ? ")" : "");
    make_once(to, out_name, capacity);
}

static void write_case(cases *to, size_t line, size_t column, int quantity) {
    const sy_compare_report *report = to->report;
    const sy_ratio *ratio = sy_comparison_ratio(report->comparison, line, column, quantity);
    const sy_gated_row *row = to->gated[sy_compare_place(report, line, column, quantity)];
    sy_cell column_name = sy_compare_column(report, column, true);
    char name[2 * SY_CELL_MAX], class_name[SY_CELL_MAX + 32];
    if (report->gate != NULL ? row == NULL : quantity != sy_compare_main(report))
        return;
    outcome of = row != NULL ? judge_gated(report->gate, row) : judge_ratio(to, line, quantity, ratio);
    name_case(to, line, column, quantity, name, sizeof name);
    snprintf(class_name, sizeof class_name, "steelyard.compare.%s", column_name.text);
    sy_text_printf(&to->text, "<testcase");
    sy_xml_attribute(&to->text, "name", name);
    sy_xml_attribute(&to->text, "classname", class_name);
    write_seconds(&to->text, quantity, ratio);
    sy_text_printf(&to->text, ">");
    write_properties(to, ratio, row, &to->text);
    write_outcome(to, &of);
    sy_text_printf(&to->text, "</testcase>\n");
}

/* All that the gate has to say, so that a red job is red here too, and says why. */
static void write_gate(cases *to) {
    static const int kinds[] = {
        [SY_GATE_PASSED] = PASSED, [SY_GATE_FAILED] = FAILURE, [SY_GATE_UNDECIDED] = BROKEN};
    static const char *const marks[] = {"fails", "undecided", "note"};
    const sy_gate *gate = to->report->gate;
    if (gate == NULL)
        return;
    const char *first = gate->reasons > 0 ? gate->reason[0].text : "";
    const outcome of = outcome_of(kinds[gate->status], sy_compare_outcome(gate), first);
    sy_text_printf(&to->text, "<testcase");
    sy_xml_attribute(&to->text, "name", sy_print_clean(to->report->gate_text, true).text);
    sy_text_printf(&to->text, " classname=\"steelyard.compare.gate\">");
    write_outcome(to, &of);
    sy_text_printf(&to->text, "<system-out>");
    for (size_t i = 0; i < gate->reasons; i++) {
        sy_text_printf(&to->text, "%s: ", marks[gate->reason[i].kind]);
        sy_xml_text(&to->text, sy_compare_reason(to->report, &gate->reason[i], true).text);
        sy_text_append(&to->text, "\n", 1);
    }
    sy_text_printf(&to->text, "</system-out></testcase>\n");
}

static void write_counts(sy_text *out, const size_t count[OUTCOMES]) {
    sy_text_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
        count[PASSED] + count[FAILURE] + count[BROKEN] + count[SKIPPED], count[FAILURE], count[BROKEN]);
}

sy_status sy_compare_junit(const sy_compare_report *report, sy_text *out, sy_error *err) {
    const sy_join *join = report->comparison->join;
    cases all = {.report = report};
    sy_status status = sy_compare_index_gate(report, &all.gated, err);
    for (size_t column = 1; status == SY_OK && column < join->columns; column++)
        for (size_t line = 0; line < join->lines; line++)
            for (int quantity = 0; quantity < (int)SY_QUANTITY_COUNT; quantity++)
                write_case(&all, line, column, quantity);
    write_gate(&all);
    sy_text_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"steelyard compare\"");
    write_counts(out, all.count);
    sy_text_printf(out, ">\n<testsuite name=\"steelyard compare\"");
    write_counts(out, all.count);
    sy_text_printf(out, " skipped=\"%zu\">\n", all.count[SKIPPED]);
    if (all.text.length > 0)
        sy_text_append(out, all.text.data, all.text.length);
    sy_text_printf(out, "</testsuite>\n</testsuites>\n");
    if (status == SY_OK && (out->failed || all.text.failed))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the comparison");
    sy_mem_free((void *)(uintptr_t)all.gated);
    sy_ids_release(&all.names);
    sy_text_release(&all.text);
    return status;
}
