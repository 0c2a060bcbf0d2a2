/* Entries of the record out of results. */
#include "bench/run/weighed.h"

#include <math.h>
#include <stdio.h>

#include "bench/fields/value.h"
#include "runtime/base/seam.h"

/* A window that ran so much faster or slower than the row's median, and a net so small against the gross, are
 * worth a word. */
static const double RATE_DIFFERS = 0.03;

static const char idle_kind[] = "context open, before and after";

/* The note that is written next; one that does not fit is left out. */
typedef struct notes {
    const char **list;
    char (*text)[SY_WEIGHED_NOTE_MAX];
    size_t count;
} notes;

static char *next_note(notes *n) {
    if (n->count == SY_WEIGHED_NOTES_MAX)
        return NULL;
    n->list[n->count] = n->text[n->count];
    return n->text[n->count++];
}

static void fill_meter(const sy_energy_facts *facts, const sy_energy_result *result, sy_row_energy *entry) {
    entry->source = facts->name;
    entry->detail = facts->detail[0] != '\0' ? facts->detail : NULL;
    entry->kind = sy_energy_kind_name(facts->kind);
    entry->scope = sy_energy_scope_name(facts->scope);
    entry->gain = facts->gain;
    entry->resolution = facts->resolution;
    if (facts->window_ns > 0 && facts->kind == SY_ENERGY_POWER_AVERAGE)
        entry->averaging_ms = (double)facts->window_ns * 1e-6;
    if (result->update_period_ns > 0) {
        entry->update_period_ms = (double)result->update_period_ns * 1e-6;
        entry->period_measured = sy_tri_of(result->is_period_measured);
    }
}

static void fill_window(const sy_weighed *weighed, double median_ns, sy_row_energy *entry, notes *n) {
    entry->window_ns = weighed->window_ns;
    entry->runs = weighed->runs;
    entry->run_per_s = (double)weighed->runs / (weighed->window_ns * 1e-9);
    entry->sampler_cpu = weighed->sampler_cpu;
    if (!isfinite(median_ns))
        return;
    entry->rate_of_median = entry->run_per_s * median_ns * 1e-9;
    char *text = fabs(entry->rate_of_median - 1.0) > RATE_DIFFERS ? next_note(n) : NULL;
    if (text != NULL)
        snprintf(text, SY_WEIGHED_NOTE_MAX, "rate differs from the median by %+.1f %%",
            100.0 * (entry->rate_of_median - 1.0));
}

/* Watts are the product, so that the two agree to the last bit. */
static void fill_joules(const sy_weighed *weighed, const sy_energy_result *result, uint64_t flop,
    uint64_t byte, sy_row_energy *entry) {
    if (!isfinite(result->joule) || weighed->runs == 0)
        return;
    entry->joule_per_run = result->joule / (double)weighed->runs;
    entry->watt = entry->joule_per_run * entry->run_per_s;
    entry->watt_peak = result->watt_peak;
    if (!(result->joule > 0.0))
        return;
    entry->u_edge = result->u_edge_j / result->joule;
    entry->u_quantum = result->u_quantum_j / result->joule;
    entry->u_sampling = result->u_sampling_j / result->joule;
    entry->u_random = result->u_random_j / result->joule;
    entry->u_systematic = result->u_systematic_j / result->joule;
    if (flop > 0 && flop != SY_NO_COUNT)
        entry->flop_per_joule = (double)flop / entry->joule_per_run;
    if (byte > 0 && byte != SY_NO_COUNT)
        entry->byte_per_joule = (double)byte / entry->joule_per_run;
}

static void fill_net(const sy_weighed *weighed, const sy_weighed_meter *meter, const sy_energy_facts *facts,
    sy_row_energy *entry, notes *n) {
    sy_energy_idle_window before = {&meter->idle_before, meter->idle_before_s};
    sy_energy_idle_window after = {&meter->idle_after, meter->idle_after_s};
    sy_energy_idle idle;
    sy_energy_net net;
    if (!weighed->has_idle || weighed->runs == 0)
        return;
    sy_energy_idle_join(before, after, &idle);
    sy_energy_net_of(&meter->result, &idle, weighed->window_ns * 1e-9, facts->gain, &net);
    if (!isfinite(net.joule))
        return;
    entry->joule_net_per_run = net.joule / (double)weighed->runs;
    entry->watt_idle = idle.watt;
    entry->idle_drift_w = idle.drift_w;
    entry->idle_kind = idle_kind;
    entry->u_net = net.u_random_j / fabs(net.joule);
    char *text = net.is_low_confidence ? next_note(n) : NULL;
    if (text != NULL)
        snprintf(text, SY_WEIGHED_NOTE_MAX, "net is low: %.0f %% of gross",
            100.0 * net.joule / meter->result.joule);
    text = (net.reasons & SY_ENERGY_IDLE_DRIFT) != 0 ? next_note(n) : NULL;
    if (text != NULL)
        snprintf(text, SY_WEIGHED_NOTE_MAX, "idle_drift: idle power changed by %+.1f W", idle.drift_w);
}

static size_t fill_reasons(uint32_t bits, const char **out_names) {
    size_t count = 0;
    for (uint32_t i = 0; i < SY_ENERGY_REASON_COUNT; i++)
        if ((bits & (UINT32_C(1) << i)) != 0)
            out_names[count++] = sy_energy_reason_name(UINT32_C(1) << i);
    return count;
}

static void fill_entry(const sy_weighed *weighed, size_t index, uint64_t flop, uint64_t byte,
    double median_ns, sy_weighed_texts *texts, size_t at) {
    const sy_weighed_meter *meter = &weighed->meter[index];
    const sy_energy_facts *facts = &weighed->kit->meters.found[index].facts;
    sy_row_energy *entry = &texts->entry[at];
    notes n = {.list = texts->note[at], .text = texts->note_text[at]};
    uint32_t reasons = meter->result.reasons;
    sy_row_energy_init(entry);
    fill_meter(facts, &meter->result, entry);
    fill_window(weighed, median_ns, entry, &n);
    fill_joules(weighed, &meter->result, flop, byte, entry);
    fill_net(weighed, meter, facts, entry, &n);
    entry->readings = meter->readings;
    if (meter->result.needed_window_ns > 0 && meter->result.needed_window_ns < UINT64_MAX)
        entry->needed_window_ns = (double)meter->result.needed_window_ns;
    char *text = meter->disagreement[0] != '\0' ? next_note(&n) : NULL;
    if (text != NULL)
        snprintf(text, SY_WEIGHED_NOTE_MAX, "%s", meter->disagreement);
    text = meter->failure[0] != '\0' && reasons != 0 ? next_note(&n) : NULL;
    if (text != NULL)
        snprintf(text, SY_WEIGHED_NOTE_MAX, "reading failed: %.140s", meter->failure);
    /* Work takes energy: a meter that says 0 sees nothing. */
    if (!(entry->joule_per_run > 0.0) && reasons == 0)
        reasons = isfinite(entry->joule_per_run) ? SY_ENERGY_STUCK : SY_ENERGY_TOO_FEW;
    entry->valid = sy_tri_of(reasons == 0);
    entry->reasons.item = texts->reason[at];
    entry->reasons.count = fill_reasons(reasons, texts->reason[at]);
    entry->notes.item = texts->note[at];
    entry->notes.count = n.count;
}

size_t sy_weighed_entries(
    const sy_weighed *weighed, uint64_t flop, uint64_t byte, double median_ns, sy_weighed_texts *out_texts) {
    size_t count = 0;
    for (size_t i = 0; weighed->kit != NULL && i < weighed->kit->meters.count; i++)
        if (sy_energy_is_energy(weighed->kit->meters.found[i].facts.kind))
            fill_entry(weighed, i, flop, byte, median_ns, out_texts, count++);
    return count;
}

sy_text_list sy_weighed_held_back(const sy_weighed *weighed, sy_weighed_texts *out_texts) {
    if (weighed->held_back == 0)
        return (sy_text_list){0};
    snprintf(out_texts->held_back_text, sizeof out_texts->held_back_text, "bits 0x%llx in the energy window",
        (unsigned long long)weighed->held_back);
    out_texts->held_back[0] = out_texts->held_back_text;
    return (sy_text_list){.item = out_texts->held_back, .count = 1};
}

void sy_weighed_release(sy_weighed *weighed) {
    sy_mem_free(weighed->meter);
    *weighed = (sy_weighed){0};
}
