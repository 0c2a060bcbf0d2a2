/* A row of a record cut down to what comparing needs. */
#include "bench/compare/entry.h"

#include <math.h>
#include <string.h>

#include "bench/record/ids.h"
#include "runtime/base/error.h"

const char *sy_entry_field(const char *problem, const char *name, size_t *out_bytes) {
    size_t length = strlen(name);
    const char *at = strchr(problem, ':');
    while (at != NULL) {
        at++;
        if (strncmp(at, name, length) == 0 && at[length] == '=') {
            *out_bytes = strcspn(at + length + 1, ",");
            return at + length + 1;
        }
        at = strchr(at, ',');
    }
    *out_bytes = 0;
    return NULL;
}

static const char *keep_field(sy_intern *texts, const char *problem, const char *name) {
    size_t bytes;
    const char *value = sy_entry_field(problem, name, &bytes);
    return sy_intern_bytes(texts, value, bytes);
}

static void copy_question(const sy_row *row, sy_intern *texts, sy_entry *out) {
    const char *problem = row->key.problem != NULL ? row->key.problem : "";
    out->problem = sy_intern_text(texts, problem);
    out->op = sy_intern_bytes(texts, problem, strcspn(problem, ":"));
    out->dtype = keep_field(texts, problem, "dtype");
    out->math = keep_field(texts, problem, "math");
    out->data = sy_intern_text(texts, row->key.data);
    out->cache = sy_intern_text(texts, row->key.cache);
    out->launch = sy_intern_text(texts, row->key.launch);
    out->device = sy_intern_text(texts, row->request.device);
    out->asked = sy_intern_text(texts, row->request.algorithm);
}

static void copy_subject(const sy_row *row, sy_intern *texts, sy_entry *out) {
    const sy_row_device *device = &row->subject.device;
    out->backend = sy_intern_text(texts, row->subject.backend);
    out->algorithm = sy_intern_text(texts, row->subject.algorithm);
    out->device_name = sy_intern_text(texts, device->name);
    out->vendor = sy_intern_text(texts, device->vendor);
    out->scope = sy_intern_text(texts, device->scope);
    out->card = sy_intern_text(texts, device->physical_id);
    out->threads = row->subject.config.threads;
    out->is_simulated = row->subject.simulated == SY_TRI_YES;
    out->is_tuned = row->subject.config.tuned == SY_TRI_YES;
    out->explored = row->subject.config.explored;
}

static void copy_outcome(const sy_row *row, sy_intern *texts, sy_entry *out) {
    out->status = row->status;
    out->reason = sy_intern_text(texts, row->reason);
    out->checked = row->check.status;
    out->delivered = sy_intern_text(texts, row->check.math);
    out->is_verified = row->check.verified == SY_TRI_YES;
    double error = row->check.max_error, bound = row->check.bound;
    out->error_of_bound = bound > 0.0 ? error / bound : error == 0.0 ? 0.0 : NAN;
    out->power_cap_w = row->conditions.power_cap_w;
    out->clock_mhz = row->conditions.clock_mhz.mean;
    out->flop = row->rate.flop;
    out->byte = row->rate.byte;
    out->process = row->process;
}

/* Rounds are kept by the host's clock only; a headline by another one stands alone. */
static bool copy_time(const sy_row *row, sy_arena *arena, sy_entry *out) {
    sy_row_headline(row, &out->median_ns, out->ci95_ns);
    out->headline = row->time.headline;
    out->has_time = sy_row_has_time(row) && out->median_ns > 0.0 && isfinite(out->median_ns);
    if (!out->has_time)
        return true;
    size_t count = row->time.headline == SY_HEADLINE_HOST ? row->time.by_round.count : 0;
    double *kept = sy_arena_array(arena, count > 0 ? count : 1, sizeof *kept);
    uint32_t *number = NULL;
    bool is_numbered = count > 0 && out->pair_side != '\0';
    if (is_numbered)
        number = sy_arena_array(arena, count, sizeof *number);
    if (kept == NULL || (is_numbered && number == NULL))
        return false;
    for (size_t i = 0; i < count; i++) {
        const sy_row_round *round = &row->time.by_round.item[i];
        if (!(round->median_ns > 0.0 && isfinite(round->median_ns)))
            continue;
        if (is_numbered)
            number[out->rounds] = round->round < SY_ENTRY_ROUNDS ? (uint32_t)round->round : UINT32_MAX;
        kept[out->rounds++] = round->median_ns;
    }
    out->round = number;
    if (out->rounds == 0)
        kept[out->rounds++] = out->median_ns;
    out->round_ns = kept;
    return true;
}

static void add_place(const sy_row_origin *origin, sy_intern *texts, sy_entry_place *place, size_t *count) {
    if (origin->suite == NULL && origin->name == NULL)
        return;
    place[(*count)++] = (sy_entry_place){.suite = sy_intern_text(texts, origin->suite),
        .phase = sy_intern_text(texts, origin->phase),
        .name = sy_intern_text(texts, origin->name)};
}

static bool copy_places(const sy_row *row, sy_intern *texts, sy_entry *out) {
    size_t count = 0;
    sy_entry_place *place = sy_arena_array(&texts->arena, row->also.count + 1, sizeof *place);
    if (place == NULL)
        return false;
    add_place(&row->origin, texts, place, &count);
    for (size_t i = 0; i < row->also.count; i++)
        add_place(&row->also.item[i], texts, place, &count);
    out->place.item = place;
    out->place.count = count;
    return true;
}

/* An entry that contradicts itself is as good as an invalid one. */
static sy_entry_energy energy_of(const sy_row *row, const sy_row_energy *from, sy_intern *texts) {
    sy_error why = SY_ERROR_INIT;
    bool agrees = sy_row_energy_check(from, row->rate.flop, row->rate.byte, &why) == SY_OK;
    const char *reason = from->reasons.count > 0 ? from->reasons.item[0] : !agrees ? why.text : NULL;
    return (sy_entry_energy){.source = sy_intern_text(texts, from->source),
        .scope = sy_intern_text(texts, from->scope),
        .reason = sy_intern_text(texts, reason),
        .joule_per_run = from->joule_per_run,
        .joule_net_per_run = from->joule_net_per_run,
        .u_systematic = from->u_systematic,
        .u_random = from->u_random,
        .is_valid = agrees && from->valid == SY_TRI_YES && from->joule_per_run > 0.0};
}

static bool copy_energy(const sy_row *row, sy_intern *texts, sy_entry *out) {
    size_t count = row->energy.count;
    if (count == 0)
        return true;
    sy_entry_energy *kept = sy_arena_array(&texts->arena, count, sizeof *kept);
    if (kept == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        kept[i] = energy_of(row, &row->energy.item[i], texts);
    out->energy.item = kept;
    out->energy.count = count;
    return true;
}

static sy_status parse_hash(const char *name, const char *text, uint64_t *out, sy_error *err) {
    if (text == NULL || sy_ids_parse(text, out))
        return SY_OK;
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "row to compare: %s \"%s\" is not 16 hex digits", name, text);
}

sy_status sy_entry_copy(
    const sy_row *row, uint32_t run, sy_intern *texts, sy_entry *out_entry, sy_error *err) {
    sy_entry *out = out_entry;
    *out = (sy_entry){.run = run};
    if (row->key_hash == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "row to compare: it has no key_hash");
    sy_status status = parse_hash("key_hash", row->key_hash, &out->key, err);
    if (status == SY_OK)
        status = parse_hash("subject_hash", row->subject_hash, &out->subject, err);
    if (status == SY_OK)
        status = parse_hash("id", row->id, &out->id, err);
    if (status != SY_OK)
        return status;
    if (row->pair.id != NULL && row->pair.side != NULL && strlen(row->pair.side) == 1 &&
        strchr("ab", row->pair.side[0]) != NULL)
        out->pair_side = row->pair.side[0];
    if (out->pair_side != '\0')
        status = parse_hash("pair.id", row->pair.id, &out->pair, err);
    if (status != SY_OK)
        return status;
    copy_question(row, texts, out);
    copy_subject(row, texts, out);
    copy_outcome(row, texts, out);
    bool is_kept = copy_time(row, &texts->arena, out) && copy_places(row, texts, out) &&
                   copy_energy(row, texts, out) && !texts->failed;
    return is_kept ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "row to compare: no memory to keep it");
}
