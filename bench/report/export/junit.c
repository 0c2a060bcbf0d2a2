/* JUnit XML: a test suite a device, a test case a row: wrong and suspect fail, errors and timeouts are
 * errors, what could not run is skipped. Source: the schema of Jenkins' xUnit plugin, junit-10.xsd. */
#include <inttypes.h>
#include <math.h>

#include "bench/report/export/facts.h"
#include "bench/report/xml_text.h"

static void write_attribute(sy_text *out, const char *name, const char *value) {
    sy_text clean = {0};
    sy_export_clean(&clean, value);
    sy_xml_attribute(out, name, clean.data != NULL ? clean.data : "");
    out->failed = out->failed || clean.failed;
    sy_text_release(&clean);
}

static void write_property(sy_text *out, const char *name, double value) {
    if (!isfinite(value))
        return;
    sy_text_printf(out, "<property name=\"%s\" value=\"", name);
    sy_export_number(out, value);
    sy_export_put(out, "\"/>");
}

static void write_energy(sy_text *out, const sy_row *row) {
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = sy_export_energy(row, i);
        if (entry == NULL)
            continue;
        sy_text_printf(
            out, "<property name=\"joule_per_run{scope=%s}\" value=\"", sy_export_scope(entry->scope).text);
        sy_export_number(out, entry->joule_per_run);
        sy_export_put(out, "\"/>");
    }
}

static void write_properties(sy_text *out, const sy_row *row, double ns, const double ci95_ns[2]) {
    sy_export_put(out, "<properties>");
    if (sy_export_is_simulated(row))
        sy_export_put(out, "<property name=\"simulated\" value=\"true\"/>");
    write_property(out, "time_ns", ns);
    write_property(out, "ci95_low_ns", ci95_ns[0]);
    write_property(out, "ci95_high_ns", ci95_ns[1]);
    write_property(out, "flop_per_s", sy_export_flop_per_s(row));
    write_property(out, "byte_per_s", sy_export_byte_per_s(row));
    write_energy(out, row);
    sy_text_printf(
        out, "<property name=\"status\" value=\"%s\"/></properties>", sy_row_status_name(row->status));
}

/* What a status is to a test runner; PASSED has no element. */
enum { PASSED, FAILURE, BROKEN, SKIPPED, OUTCOMES };

static int outcome_of(uint32_t status) {
    switch (status) {
    case SY_ROW_OK:
    case SY_ROW_UNSTABLE: return PASSED;
    case SY_ROW_WRONG:
    case SY_ROW_SUSPECT: return FAILURE;
    case SY_ROW_ERROR:
    case SY_ROW_TIMEOUT: return BROKEN;
    default: return SKIPPED;
    }
}

static void write_outcome(sy_text *out, const sy_row *row) {
    static const char *const elements[OUTCOMES] = {NULL, "failure", "error", "skipped"};
    int outcome = outcome_of(row->status);
    if (outcome == PASSED)
        return;
    sy_text_printf(out, "<%s", elements[outcome]);
    write_attribute(out, "message", sy_export_why(row).text);
    if (outcome != SKIPPED)
        sy_text_printf(out, " type=\"%s\"", sy_row_status_name(row->status));
    sy_export_put(out, "/>");
}

/* Readers want decimals without an exponent; the exact time is a property. */
static void write_seconds(sy_text *out, double ns) {
    static const uint64_t second_ns = 1000000000;
    if (!(ns < 9e18))
        return;
    uint64_t whole_ns = (uint64_t)(ns + 0.5);
    sy_text_printf(out, " time=\"%" PRIu64 ".%09" PRIu64 "\"", whole_ns / second_ns, whole_ns % second_ns);
}

static void begin(sy_export *export) {
    (void)export;
}

static void write(sy_export *export, const sy_row *row) {
    /* The head has the counts: all cases wait for it. */
    sy_text *out = &export->part[0];
    double ci95_ns[2], ns = sy_export_time(row, ci95_ns);
    sy_export_put(out, "<testcase");
    write_attribute(out, "name", sy_export_once(export, row).text);
    sy_text class_name = {0};
    sy_text_printf(&class_name, "steelyard.%s%s",
        row->request.device != NULL ? row->request.device : "unknown",
        sy_export_is_simulated(row) ? SY_EXPORT_SIMULATED : "");
    write_attribute(out, "classname", class_name.data);
    out->failed = out->failed || class_name.failed;
    sy_text_release(&class_name);
    write_seconds(out, ns);
    sy_export_put(out, ">");
    write_properties(out, row, ns, ci95_ns);
    write_outcome(out, row);
    sy_export_put(out, "</testcase>\n");
}

static void write_counts(sy_text *out, const uint64_t counts[OUTCOMES]) {
    sy_text_printf(out, " tests=\"%llu\" failures=\"%llu\" errors=\"%llu\"",
        (unsigned long long)(counts[PASSED] + counts[FAILURE] + counts[BROKEN] + counts[SKIPPED]),
        (unsigned long long)counts[FAILURE], (unsigned long long)counts[BROKEN]);
}

static void end(sy_export *export) {
    sy_text *out = &export->out.text;
    uint64_t counts[OUTCOMES] = {0};
    for (uint32_t i = 0; i < SY_ROW_STATUS_COUNT; i++)
        counts[outcome_of(i)] += export->tally[0][i] + export->tally[1][i];
    sy_export_put(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"steelyard\"");
    write_counts(out, counts);
    sy_export_put(out, ">\n<testsuite name=\"steelyard\"");
    write_counts(out, counts);
    sy_text_printf(out, " skipped=\"%llu\">\n", (unsigned long long)counts[SKIPPED]);
    if (export->rows > 0)
        sy_text_append(out, export->part[0].data, export->part[0].length);
    sy_export_put(out, "</testsuite>\n</testsuites>\n");
}

const sy_export_writer sy_export_junit = {.begin = begin, .row = write, .end = end};
