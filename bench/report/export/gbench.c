/* Google Benchmark's JSON: an entry a round as a repetition, and their median with everything else that is
 * known. Source: the library's docs/user_guide.md and the output of its JSON reporter. */
#include <inttypes.h>
#include <math.h>

#include "bench/report/export/json.h"

static void begin(sy_export *export) {
    sy_text *out = &export->out.text;
    const sy_environment *facts = export->environment;
    sy_export_put(out, "{\"context\":{\"executable\":\"steelyard\"");
    if (facts != NULL) {
        sy_export_member_text(out, "host_name", facts->host.name);
        sy_export_member_count(out, "num_cpus", facts->cpu.threads);
        sy_export_member_number(out, "mhz_per_cpu", facts->cpu.max_mhz);
        sy_export_member_text(out, "steelyard_version", facts->build.version);
    }
    /* Readers want cpu_time in every entry; what the processor spent is not measured. */
    sy_export_put(out, ",\"cpu_time\":\"not measured: repeats real_time\"},\n\"benchmarks\":[");
}

/* What all entries of a row begin with; the brace stays open. */
static void open_entry(sy_export *export, const char *name, const char *suffix, uint64_t rounds) {
    sy_text *out = &export->out.text, full = {0};
    sy_text_printf(&full, "%s%s", name, suffix);
    sy_export_put(out, export->entries++ > 0 ? ",\n{\"name\":" : "\n{\"name\":");
    sy_export_quote(out, full.data);
    out->failed = out->failed || full.failed;
    sy_text_release(&full);
    sy_export_member_count(out, "family_index", export->rows);
    sy_export_put(out, ",\"per_family_instance_index\":0");
    sy_export_member_text(out, "run_name", name);
    sy_export_member_count(out, "repetitions", rounds);
}

static void write_time(sy_text *out, const sy_row *row, double ns, uint64_t iterations) {
    uint64_t threads = row->subject.config.threads;
    sy_export_member_count(out, "threads", threads != SY_NO_COUNT ? threads : 1);
    sy_export_member_count(out, "iterations", iterations);
    sy_export_member_number(out, "real_time", ns);
    sy_export_member_number(out, "cpu_time", ns);
    sy_export_put(out, ",\"time_unit\":\"ns\"");
}

static uint64_t product(uint64_t a, uint64_t b) {
    uint64_t both;
    bool is_known = a != SY_NO_COUNT && b != SY_NO_COUNT && !__builtin_mul_overflow(a, b, &both);
    return is_known && both <= INT64_MAX ? both : 1;
}

static void write_mark(sy_text *out, const sy_row *row) {
    if (sy_export_is_simulated(row))
        sy_export_put(out, ",\"label\":\"SIMULATED\",\"simulated\":1");
}

static void write_repetition(sy_export *export, const sy_row *row, const char *name, size_t index) {
    const sy_row_round *round = &row->time.by_round.item[index];
    sy_text *out = &export->out.text;
    open_entry(export, name, "", row->time.by_round.count);
    sy_text_printf(out, ",\"run_type\":\"iteration\",\"repetition_index\":%zu", index);
    write_time(out, row, round->median_ns, product(round->samples, round->batch));
    write_mark(out, row);
    sy_export_put(out, "}");
}

/* Counters: numbers under names of our own, which readers show as they are. */
static void write_counters(sy_text *out, const sy_row *row, const double ci95_ns[2]) {
    sy_export_member_number(out, "ci95_low_ns", ci95_ns[0]);
    sy_export_member_number(out, "ci95_high_ns", ci95_ns[1]);
    sy_export_member_number(out, "flop_per_second", sy_export_flop_per_s(row));
    sy_export_member_number(out, "bytes_per_second", sy_export_byte_per_s(row));
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = sy_export_energy(row, i);
        if (entry == NULL)
            continue;
        const char *scope = entry->scope;
        sy_text_printf(out, ",\"joule_per_run{scope=%s}\":", sy_export_scope(scope).text);
        sy_export_number(out, entry->joule_per_run);
        sy_text_printf(out, ",\"u_random{scope=%s}\":", sy_export_scope(scope).text);
        sy_export_number(out, entry->u_random);
    }
}

static void write_median(
    sy_export *export, const sy_row *row, const char *name, double ns, const double ci95_ns[2]) {
    sy_text *out = &export->out.text;
    uint64_t rounds = row->time.by_round.count;
    /* Without rounds the median is all there is, and takes the place of a repetition. */
    bool is_alone = rounds == 0 || row->time.headline == SY_HEADLINE_DEVICE;
    open_entry(export, name, is_alone ? "" : "_median", is_alone ? 1 : rounds);
    sy_export_put(out, is_alone ? ",\"run_type\":\"iteration\",\"repetition_index\":0"
                                : ",\"run_type\":\"aggregate\",\"aggregate_name\":\"median\","
                                  "\"aggregate_unit\":\"time\"");
    write_time(out, row, ns, is_alone ? product(row->time.samples, row->time.batch) : rounds);
    write_counters(out, row, ci95_ns);
    write_mark(out, row);
    sy_export_put(out, "}");
}

static void write_error(sy_export *export, const sy_row *row, const char *name) {
    sy_text *out = &export->out.text;
    open_entry(export, name, "", 1);
    sy_export_put(out, ",\"run_type\":\"iteration\",\"repetition_index\":0,\"error_occurred\":true");
    sy_export_member_text(out, "error_message", sy_export_why(row).text);
    write_mark(out, row);
    sy_export_put(out, "}");
}

static void write(sy_export *export, const sy_row *row) {
    double ci95_ns[2], ns = sy_export_time(row, ci95_ns);
    sy_export_name name = sy_export_once(export, row);
    if (!isfinite(ns)) {
        write_error(export, row, name.text);
        return;
    }
    /* Rounds are by the host's clock. */
    for (size_t i = 0; i < row->time.by_round.count && row->time.headline != SY_HEADLINE_DEVICE; i++)
        if (isfinite(row->time.by_round.item[i].median_ns))
            write_repetition(export, row, name.text, i);
    write_median(export, row, name.text, ns, ci95_ns);
}

static void end(sy_export *export) {
    sy_export_put(&export->out.text, "\n]}\n");
}

const sy_export_writer sy_export_gbench = {.begin = begin, .row = write, .end = end};
