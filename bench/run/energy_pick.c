/* The heaviest of each kind. */
#include "bench/run/energy_pick.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Whether two rows are of one kind, of which one is picked. */
typedef bool sy_is_alike(const sy_work_row *a, const sy_work_row *b);

static bool is_same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same_type(const sy_work_row *a, const sy_work_row *b) {
    const sy_spec *x = &a->spec, *y = &b->spec;
    return a->target == b->target && x->dtype_a == y->dtype_a && x->dtype_b == y->dtype_b &&
           x->dtype_c == y->dtype_c && x->dtype_acc == y->dtype_acc && x->math == y->math &&
           strcmp(a->algorithm, b->algorithm) == 0;
}

bool sy_energy_is_same_kind(const sy_work_row *a, const sy_work_row *b) {
    const sy_spec *x = &a->spec, *y = &b->spec;
    bool is_memory = x->op == SY_SPEC_COPY || x->op == SY_SPEC_STREAM;
    bool is_same_move = !is_memory || (x->op == SY_SPEC_COPY ? x->u.copy.kind == y->u.copy.kind
                                                             : x->u.stream.kind == y->u.stream.kind);
    return x->op == y->op && is_same_move && is_same_type(a, b) &&
           is_same_text(a->origin.item->phase, b->origin.item->phase);
}

bool sy_energy_is_heavier(const sy_work_row *a, const sy_work_row *b) {
    return a->flop != b->flop ? a->flop > b->flop : a->byte > b->byte;
}

static bool may_be_weighed(const sy_work_row *row) {
    return row->process == 0 && row->refused == SY_OK;
}

/* The heaviest of its kind so far takes the place of the one before it; the first of equals stays. */
static void take_row(
    const sy_worklist *list, sy_is_alike *is_alike, size_t index, size_t *heaviest, size_t *kinds) {
    const sy_work_row *row = &list->row[index];
    for (size_t i = 0; i < *kinds; i++) {
        if (!is_alike(&list->row[heaviest[i]], row))
            continue;
        if (sy_energy_is_heavier(row, &list->row[heaviest[i]]))
            heaviest[i] = index;
        return;
    }
    heaviest[(*kinds)++] = index;
}

static sy_status pick_heaviest(
    const sy_worklist *list, sy_is_alike *is_alike, bool *out_wanted, sy_error *err) {
    size_t kinds = 0, *heaviest = sy_mem_calloc(list->count > 0 ? list->count : 1, sizeof *heaviest);
    if (heaviest == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to choose rows for energy");
    for (size_t i = 0; i < list->count; i++)
        if (may_be_weighed(&list->row[i]))
            take_row(list, is_alike, i, heaviest, &kinds);
    for (size_t i = 0; i < kinds; i++)
        out_wanted[heaviest[i]] = true;
    sy_mem_free(heaviest);
    return SY_OK;
}

sy_status sy_energy_pick(
    const sy_energy_wish *wish, const sy_worklist *list, bool *out_wanted, sy_error *err) {
    for (size_t i = 0; i < list->count; i++)
        out_wanted[i] = wish->is_all && may_be_weighed(&list->row[i]);
    return wish->is_off || wish->is_all ? SY_OK
                                        : pick_heaviest(list, sy_energy_is_same_kind, out_wanted, err);
}

sy_status sy_energy_pick_sustained(const sy_worklist *list, bool *out_wanted, sy_error *err) {
    memset(out_wanted, 0, list->count * sizeof *out_wanted);
    return pick_heaviest(list, is_same_type, out_wanted, err);
}

size_t sy_energy_picked(const sy_worklist *list, const bool *wanted, size_t target) {
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += wanted[i] && list->row[i].target == target;
    return count;
}
