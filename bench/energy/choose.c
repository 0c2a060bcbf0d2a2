/* The choice of meters; why there is none is said in explain.c. */
#include "bench/energy/choose.h"

#include <math.h>
#include <string.h>

#include "bench/energy/find.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A choice being made: a mark for each of the meters found. */
typedef struct choosing {
    const sy_energy_list *found;
    const sy_energy_subject *subject;
    bool *taken;
    bool has_device_energy;
} choosing;

static bool is_usable(const sy_energy_found *found) {
    return found->state == SY_OK && !found->is_part;
}

/* Unasked nothing is taken that has to be named, nor, for a clock that is not ours, anything of the machine.
 */
static bool is_free(const choosing *c, const sy_energy_found *found) {
    const sy_energy_source *source = sy_energy_source_of(found->facts.name);
    bool is_configured = source != NULL && source->is_configured;
    return is_usable(found) && !is_configured && (!c->subject->is_simulated || sy_energy_is_of_device(found));
}

static bool is_other_card(const choosing *c, const sy_energy_found *found) {
    bool is_known = c->subject->is_host_processor || c->has_device_energy;
    return found->facts.scope == SY_ENERGY_SCOPE_CARD && is_known && !sy_energy_is_of_device(found);
}

static bool is_candidate(const choosing *c, const sy_energy_found *found) {
    return is_free(c, found) && sy_energy_is_energy(found->facts.kind) && !is_other_card(c, found);
}

/* Unknown is worse than any known value. */
static int compare_known(double a, double b) {
    if (isnan(a) || isnan(b))
        return (isnan(a) ? 1 : 0) - (isnan(b) ? 1 : 0);
    return a < b ? -1 : (a > b ? 1 : 0);
}

static double period_of(const sy_energy_facts *facts) {
    return facts->update_period_ns > 0 ? (double)facts->update_period_ns : NAN;
}

static bool is_better(const sy_energy_facts *a, const sy_energy_facts *b) {
    if (a->kind != b->kind)
        return a->kind < b->kind;
    int step = compare_known(a->resolution, b->resolution);
    return step != 0 ? step < 0 : compare_known(period_of(a), period_of(b)) < 0;
}

/* The best candidate of the device or of the machine with that scope, of a kind behind `after_kind`. */
static const sy_energy_found *find_best(
    const choosing *c, bool of_device, uint32_t scope, uint32_t after_kind) {
    const sy_energy_found *best = NULL;
    for (size_t i = 0; i < c->found->count; i++) {
        const sy_energy_found *each = &c->found->found[i];
        bool fits = is_candidate(c, each) && sy_energy_is_of_device(each) == of_device &&
                    each->facts.scope == scope && each->facts.kind > after_kind;
        if (fits && (best == NULL || is_better(&each->facts, &best->facts)))
            best = each;
    }
    return best;
}

static void take(choosing *c, const sy_energy_found *found) {
    if (found != NULL)
        c->taken[found - c->found->found] = true;
}

static void take_like(choosing *c, const sy_energy_found *best) {
    for (size_t i = 0; best != NULL && i < c->found->count; i++) {
        const sy_energy_found *each = &c->found->found[i];
        bool is_like = sy_energy_source_of(each->facts.name) == sy_energy_source_of(best->facts.name) &&
                       each->facts.kind == best->facts.kind && each->facts.scope == best->facts.scope;
        if (is_like && is_candidate(c, each))
            c->taken[i] = true;
    }
}

static void take_best(choosing *c) {
    for (uint32_t scope = 0; scope < SY_ENERGY_SCOPE_COUNT; scope++) {
        const sy_energy_found *own = find_best(c, true, scope, 0);
        take(c, own);
        if (own != NULL && own->facts.kind == SY_ENERGY_COUNTER)
            take(c, find_best(c, true, scope, SY_ENERGY_COUNTER));
        take_like(c, find_best(c, false, scope, 0));
    }
}

static void take_all(choosing *c) {
    for (size_t i = 0; i < c->found->count; i++)
        if (is_free(c, &c->found->found[i]))
            c->taken[i] = true;
}

static void take_named(choosing *c, const char *spec) {
    for (size_t i = 0; i < c->found->count; i++) {
        const sy_energy_found *each = &c->found->found[i];
        bool is_exact = strcmp(each->facts.name, spec) == 0;
        if (each->state == SY_OK && (is_exact || !each->is_part) && sy_energy_spec_means(spec, each))
            c->taken[i] = true;
    }
}

/* Temperature, clock and throttle of what is weighed. */
static void take_companions(choosing *c) {
    for (size_t i = 0; i < c->found->count; i++) {
        const sy_energy_found *each = &c->found->found[i];
        bool is_processor =
            each->facts.scope == SY_ENERGY_SCOPE_DIE || each->facts.scope == SY_ENERGY_SCOPE_PACKAGE;
        bool is_its = sy_energy_is_of_device(each) || (c->subject->is_host_processor && is_processor);
        if (is_its && is_free(c, each) && !sy_energy_is_energy(each->facts.kind))
            c->taken[i] = true;
    }
}

static void mark(choosing *c, const sy_energy_wish *wish) {
    if (wish->is_off)
        return;
    if (wish->is_auto)
        take_best(c);
    if (wish->is_all)
        take_all(c);
    for (size_t i = 0; i < wish->spec_count; i++)
        take_named(c, wish->spec[i]);
    take_companions(c);
}

sy_status sy_energy_choose(const sy_energy_list *found, const sy_energy_wish *wish,
    const sy_energy_subject *subject, sy_energy_list *out_chosen, char out_why[SY_ENERGY_WHY_MAX],
    sy_error *err) {
    *out_chosen = (sy_energy_list){0};
    out_why[0] = '\0';
    choosing c = {.found = found,
        .subject = subject,
        .taken = sy_mem_calloc(found->count > 0 ? found->count : 1, sizeof *c.taken)};
    if (c.taken == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to choose among %zu meters", found->count);
    for (size_t i = 0; i < found->count; i++) {
        const sy_energy_found *each = &found->found[i];
        bool is_own = is_free(&c, each) && sy_energy_is_of_device(each);
        c.has_device_energy = c.has_device_energy || (is_own && sy_energy_is_energy(each->facts.kind));
    }
    mark(&c, wish);
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < found->count; i++)
        if (c.taken[i])
            status = sy_energy_list_append(out_chosen, &found->found[i], err);
    sy_mem_free(c.taken);
    if (status != SY_OK)
        sy_energy_list_release(out_chosen);
    else
        sy_energy_explain(found, wish, subject, out_chosen, out_why);
    return status;
}
