/* A row of a record made small. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/report/energy_entry.h"
#include "bench/report/html/model.h"
#include "bench/report/problem_text.h"

/* Samples as two letters each: 4096 steps between the least and the largest, enough to see their spread, and
 * a page of a hundred thousand rows stays small. In front of them stand both ends, in millionths from the
 * median. */
static void keep_samples(const sy_row *from, double median_ns, sy_html_model *model, sy_html_row *row) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const sy_f64_list *samples = &from->time.samples_ns;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < samples->count; i++) {
        low = fmin(low, samples->item[i]);
        high = fmax(high, samples->item[i]);
    }
    row->samples_at = model->samples.length;
    if (samples->count == 0)
        return;
    sy_text_printf(
        &model->samples, "%.0f,%.0f,", (low / median_ns - 1.0) * 1e6, (high / median_ns - 1.0) * 1e6);
    for (size_t i = 0; i < samples->count; i++) {
        double part = high > low ? (samples->item[i] - low) / (high - low) : 0.0;
        unsigned step = (unsigned)lround(part * 4095.0);
        const char pair[2] = {letters[step >> 6], letters[step & 63]};
        sy_text_append(&model->samples, pair, sizeof pair);
    }
    row->samples_bytes = model->samples.length - row->samples_at;
}

static const char *reason_of(const sy_row *from, const sy_row_energy *energy, sy_intern *texts) {
    static const sy_report_style style = {.utf8 = true};
    if (sy_energy_is_shown(from, energy))
        return NULL;
    return sy_intern_text(texts, sy_energy_why_not(from, energy, &style).text);
}

static bool keep_energy(const sy_row *from, sy_html_model *model, sy_html_row *row) {
    if (from->energy.count == 0)
        return true;
    sy_html_meter *meters = sy_arena_array(&model->arena, from->energy.count, sizeof *meters);
    for (size_t i = 0; meters != NULL && i < from->energy.count; i++) {
        const sy_row_energy *each = &from->energy.item[i];
        meters[i] = (sy_html_meter){.source = sy_intern_text(&model->texts, each->source),
            .scope = sy_intern_text(&model->texts, each->scope),
            .reason = reason_of(from, each, &model->texts),
            .joule = each->joule_per_run,
            .net = each->joule_net_per_run,
            .watt = each->watt,
            .flop_per_joule = each->flop_per_joule,
            .u_random = each->u_random,
            .u_systematic = each->u_systematic};
    }
    row->meter = meters;
    row->meters = meters != NULL ? from->energy.count : 0;
    return meters != NULL;
}

static bool keep_sustain(const sy_row *from, sy_html_model *model, sy_html_row *row) {
    if (!isfinite(from->sustain.seconds))
        return true;
    sy_row_sustain *copy = sy_arena_alloc(&model->arena, sizeof *copy);
    if (copy != NULL) {
        *copy = from->sustain;
        copy->series = sy_intern_text(&model->texts, copy->series);
        copy->throttle_how = sy_intern_text(&model->texts, copy->throttle_how);
        copy->source = sy_intern_text(&model->texts, copy->source);
        copy->scope = sy_intern_text(&model->texts, copy->scope);
    }
    row->sustain = copy;
    return copy != NULL;
}

static const char *field_of(const char *problem, const char *field, sy_intern *texts) {
    char value[80];
    return sy_problem_field(problem, field, value, sizeof value) ? sy_intern_text(texts, value) : NULL;
}

static void keep_problem(const sy_row *from, sy_html_model *model, sy_html_row *row) {
    const char *problem = from->key.problem != NULL ? from->key.problem : "";
    sy_intern *texts = &model->texts;
    row->problem = sy_intern_text(texts, problem);
    row->label = sy_intern_text(texts, sy_row_label(from, true).text);
    row->op = sy_intern_bytes(texts, problem, strcspn(problem, ":"));
    row->dtype = sy_intern_text(texts, sy_problem_dtype(problem).text);
    row->math = field_of(problem, "math=", texts);
    row->is_memory = strncmp(problem, "stream:", 7) == 0 || strncmp(problem, "copy:", 5) == 0;
    row->data = sy_intern_text(texts, from->key.data);
    row->cache = sy_intern_text(texts, from->key.cache);
    row->launch = sy_intern_text(texts, from->key.launch);
    row->is_network = strncmp(problem, "model:", 6) == 0;
    row->suite = sy_intern_text(texts, from->origin.suite != NULL ? from->origin.suite : "-");
    row->phase = sy_intern_text(texts, from->origin.phase);
}

static void keep_texts(const sy_row *from, sy_intern *texts, sy_html_row *row) {
    row->algorithm = sy_intern_text(texts, from->subject.algorithm);
    row->asked = sy_intern_text(texts, from->request.algorithm);
    row->layout = sy_intern_text(texts, from->subject.layout_used);
    row->reason = sy_intern_text(texts, from->reason);
    row->fallback = sy_intern_text(texts, from->path.fallback);
    row->delivered = sy_intern_text(texts, from->check.math);
    row->check_method = sy_intern_text(texts, from->check.method);
    row->smallest_fault = sy_intern_text(texts, from->check.smallest_fault);
    row->method = sy_intern_text(texts, from->rate.ceiling_method);
    row->confidence = sy_intern_text(texts, from->rate.datasheet_confidence);
    row->energy_reason = sy_intern_text(texts, from->energy_reason);
    if (from->conditions.throttle.count > 0)
        row->throttle = sy_intern_text(texts, from->conditions.throttle.item[0]);
}

static void keep_time(const sy_row *from, sy_html_row *row) {
    const sy_row_time *time =
        from->time.headline == SY_HEADLINE_DEVICE ? &from->time.device : &from->time.host;
    row->median_ns = row->ci95_ns[0] = row->ci95_ns[1] = row->min_ns = row->p90_ns = row->p99_ns = NAN;
    row->flop_per_s = row->byte_per_s = row->of_datasheet = row->of_ceiling = row->of_roofline = NAN;
    row->samples = from->time.samples;
    row->rounds = from->time.rounds;
    row->flop = from->rate.flop;
    row->byte = from->rate.byte;
    if (!sy_row_has_time(from))
        return;
    sy_row_headline(from, &row->median_ns, row->ci95_ns);
    row->min_ns = time->min_ns;
    row->p90_ns = time->p90_ns;
    row->p99_ns = time->p99_ns;
    row->flop_per_s = from->rate.flop_per_s;
    row->byte_per_s = from->rate.byte_per_s;
    row->of_datasheet = from->rate.of_datasheet;
    row->of_ceiling = from->rate.of_ceiling;
    row->of_roofline = from->rate.of_roofline;
}

bool sy_html_row_copy(const sy_row *from, sy_html_model *model, sy_html_row *row) {
    if (from->key_hash == NULL || !sy_ids_parse(from->key_hash, &row->key))
        row->key = 0;
    row->status = from->status;
    row->checked = from->check.status;
    row->is_verified = from->check.verified == SY_TRI_YES;
    row->is_emulated = from->path.emulated == SY_TRI_YES;
    row->is_shared = from->conditions.shared == SY_TRI_YES;
    row->max_error = from->check.max_error;
    row->bound = from->check.bound;
    row->clock_mhz = from->conditions.clock_mhz.mean;
    row->temp_c = from->conditions.temp_c;
    row->prepare_ns = from->subject.prepare_ns;
    row->explored = from->subject.config.tuned == SY_TRI_YES ? from->subject.config.explored : SY_NO_COUNT;
    keep_problem(from, model, row);
    keep_texts(from, &model->texts, row);
    keep_time(from, row);
    if (isfinite(row->median_ns) && row->median_ns > 0.0)
        keep_samples(from, row->median_ns, model, row);
    bool is_kept = keep_energy(from, model, row) && keep_sustain(from, model, row);
    return is_kept && !model->texts.failed && !model->samples.failed;
}
