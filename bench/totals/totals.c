/* The matrix work of one pass of a model: rows to groups of layers, groups to totals. */
#include "bench/totals/totals.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/record/ids.h"
#include "bench/record/key.h"
#include "bench/totals/energy.h"
#include "bench/totals/item.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "steelyard/spec.h"

/* One layer of a group: its rows' times taken together. rows, measured: those with a time. */
typedef struct layer {
    struct layer *next;
    const sy_layer_row *measured;
    const sy_row *row; /* the first one, with or without a time */
    const char *name, *label;
    double sum_ns, ci95_ns[2];
    uint64_t rows;
    bool is_unstable;
} layer;

/* Layers that make one total. */
typedef struct group {
    const sy_row *row; /* of the first layer */
    sy_item item;
    layer *first, **last;
    size_t layers;
} group;

typedef struct adding {
    const sy_totals_request *request;
    sy_arena *arena;
    group *groups;
    size_t n_groups;
    sy_ids variants, group_places, layer_places; /* 1 + index, by key */
    layer **layers;
    size_t n_layers;
    sy_text key;
} adding;

static const char *text_or_empty(const char *text) {
    return text != NULL ? text : "";
}

/* The key of what a row shares with its group, up to the type; parts end in NUL, so that none runs on. */
static void begin_key(sy_text *key, const sy_row *row) {
    const char *const parts[] = {row->request.device, row->request.algorithm, row->key.data, row->key.cache,
        row->key.launch, row->subject.simulated == SY_TRI_YES ? "simulated" : ""};
    sy_text_clear(key);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        sy_text_append(key, text_or_empty(parts[i]), strlen(text_or_empty(parts[i])) + 1);
}

static uint64_t finish_key(sy_text *key, const char *part, size_t bytes, uint64_t number) {
    sy_text_append(key, part, bytes);
    sy_text_printf(key, "%c%" PRIu64, 0, number);
    return key->failed ? 0 : sy_line_key(key->data, key->length);
}

/* Text of a field of a canonical problem string ("dtype=", "math="), up to the next comma. */
static const char *field_of(const char *problem, const char *field, size_t *out_bytes) {
    const char *found = strstr(problem, field);
    const char *value = found != NULL ? found + strlen(field) : "";
    *out_bytes = strcspn(value, ",");
    return value;
}

static bool same_field(const char *a, const char *b, const char *field) {
    size_t a_bytes, b_bytes;
    const char *a_text = field_of(a, field, &a_bytes), *b_text = field_of(b, field, &b_bytes);
    return a_bytes == b_bytes && memcmp(a_text, b_text, a_bytes) == 0;
}

/* Which of the types that its problem is measured in a row has: 0 for the first one seen. */
static uint32_t variant_of(adding *state, const sy_row *row) {
    size_t dtype_bytes, math_bytes;
    const char *dtype = field_of(row->key.problem, "dtype=", &dtype_bytes);
    const char *math = field_of(row->key.problem, "math=", &math_bytes);
    begin_key(&state->key, row);
    uint64_t name_key = finish_key(&state->key, row->origin.name, strlen(row->origin.name), 0);
    sy_text_append(&state->key, dtype, dtype_bytes);
    uint64_t typed_key = finish_key(&state->key, math, math_bytes, 1);
    uint32_t variant = sy_ids_get(&state->variants, typed_key);
    if (variant > 0)
        return variant - 1;
    uint32_t seen = sy_ids_get(&state->variants, name_key);
    bool is_kept =
        sy_ids_set(&state->variants, name_key, seen + 1) && sy_ids_set(&state->variants, typed_key, seen + 1);
    state->key.failed = state->key.failed || !is_kept;
    return seen;
}

static group *find_group(adding *state, const sy_row *row, const sy_item *item, uint32_t variant) {
    begin_key(&state->key, row);
    sy_text_printf(&state->key, "%s%c%" PRIu64 "%c%u%c", item->phase, 0, item->tokens, 0, variant, 0);
    uint64_t key = finish_key(&state->key, item->name, item->model_bytes, 2);
    uint32_t place = sy_ids_get(&state->group_places, key);
    if (place > 0)
        return &state->groups[place - 1];
    group *new_group = &state->groups[state->n_groups];
    if (state->key.failed || !sy_ids_set(&state->group_places, key, (uint32_t)state->n_groups + 1))
        return NULL;
    *new_group = (group){.row = row, .item = *item};
    new_group->last = &new_group->first;
    state->n_groups++;
    return new_group;
}

static layer *add_layer(adding *state, group *to, const sy_row *row, const char *name, const char *label) {
    layer *new_layer = sy_arena_alloc(state->arena, sizeof *new_layer);
    if (new_layer == NULL)
        return NULL;
    *new_layer = (layer){.row = row, .name = name, .label = label, .ci95_ns = {INFINITY, -INFINITY}};
    *to->last = new_layer;
    to->last = &new_layer->next;
    to->layers++;
    return new_layer;
}

static layer *find_layer(adding *state, group *in, const sy_row *row, const sy_item *item) {
    sy_text_clear(&state->key);
    sy_text_printf(&state->key, "%zu:", (size_t)(in - state->groups));
    uint64_t key = finish_key(&state->key, item->name, strlen(item->name), 3);
    uint32_t place = sy_ids_get(&state->layer_places, key);
    if (place > 0)
        return state->layers[place - 1];
    layer *found = add_layer(state, in, row, row->origin.name, item->layer);
    if (found == NULL || state->key.failed ||
        !sy_ids_set(&state->layer_places, key, (uint32_t)state->n_layers + 1))
        return NULL;
    state->layers[state->n_layers++] = found;
    return found;
}

static bool add_time(layer *to, const sy_row *row, sy_arena *arena) {
    double median_ns, ci95_ns[2];
    if (!sy_row_has_time(row))
        return true;
    sy_layer_row *measured = sy_arena_alloc(arena, sizeof *measured);
    if (measured == NULL)
        return false;
    *measured = (sy_layer_row){.next = to->measured, .row = row};
    to->measured = measured;
    sy_row_headline(row, &median_ns, ci95_ns);
    to->sum_ns += median_ns;
    to->rows++;
    to->is_unstable = to->is_unstable || row->status == SY_ROW_UNSTABLE;
    /* One row without an interval, and the layer has none: fmin() alone would skip a NaN. */
    to->ci95_ns[0] = isnan(ci95_ns[0]) || isnan(to->ci95_ns[0]) ? NAN : fmin(to->ci95_ns[0], ci95_ns[0]);
    to->ci95_ns[1] = isnan(ci95_ns[1]) || isnan(to->ci95_ns[1]) ? NAN : fmax(to->ci95_ns[1], ci95_ns[1]);
    return true;
}

static bool add_row(adding *state, const sy_row *row) {
    sy_item item;
    if (row->origin.name == NULL || row->origin.count == SY_NO_COUNT || row->key.problem == NULL ||
        !sy_item_parse(row->origin.name, row->origin.phase, &item))
        return true;
    group *in = find_group(state, row, &item, variant_of(state, row));
    layer *to = in != NULL ? find_layer(state, in, row, &item) : NULL;
    return to != NULL && add_time(to, row, state->arena);
}

static bool same_model(const sy_item *a, const sy_item *b) {
    return a->model_bytes == b->model_bytes && memcmp(a->name, b->name, a->model_bytes) == 0 &&
           a->tokens == b->tokens;
}

static bool has_name(const group *in, const char *name) {
    for (const layer *each = in->first; each != NULL; each = each->next)
        if (strcmp(each->name, name) == 0)
            return true;
    return false;
}

/* Layers that the suite has and the plan has not: they are missing like any other. */
static bool add_unplanned(adding *state, group *to) {
    const sy_totals_request *request = state->request;
    for (size_t i = 0; i < request->n_names; i++) {
        sy_item item;
        const char *name = request->names[i];
        if (name == NULL || !sy_item_parse(name, to->item.phase, &item) || !same_model(&item, &to->item) ||
            strcmp(item.phase, to->item.phase) != 0 || has_name(to, name))
            continue;
        if (add_layer(state, to, NULL, name, item.layer) == NULL)
            return false;
    }
    return true;
}

/* What a group of layers is, by their problems. */
typedef struct nature {
    uint64_t images; /* n of every convolution; SY_NO_COUNT: none */
    bool has_gemm, has_conv, is_sequence, is_model;
} nature;

static void look_at(const sy_row *row, nature *of) {
    sy_spec spec;
    if (sy_spec_parse(row->key.problem, NULL, &spec, NULL) != SY_OK)
        return;
    bool is_gemm = spec.op == SY_SPEC_GEMM, is_conv = spec.op == SY_SPEC_CONV2D;
    of->has_gemm = of->has_gemm || is_gemm;
    of->has_conv = of->has_conv || is_conv;
    /* Products of a model say their phase; copies and streams are of no model. */
    of->is_model = of->is_model && (is_conv || (is_gemm && row->origin.phase != NULL));
    if (!is_conv)
        return;
    const sy_spec_conv *conv = &spec.u.conv;
    of->is_model = of->is_model && (of->images == SY_NO_COUNT || of->images == (uint64_t)conv->n);
    of->images = (uint64_t)conv->n;
    of->is_sequence = of->is_sequence || (conv->h == 1 && conv->r == 1 && conv->s > 1);
}

/* Whether a group is a model, and what it counts: tokens, else images (or passes over a sequence). */
static bool is_model(const group *of, sy_total *total) {
    nature all = {.images = SY_NO_COUNT, .is_model = true};
    for (const layer *each = of->first; each != NULL; each = each->next)
        if (each->row != NULL)
            look_at(each->row, &all);
    total->ops = all.has_gemm && all.has_conv ? "gemm+conv2d" : all.has_conv ? "conv2d" : "gemm";
    total->unit = of->item.tokens != SY_NO_COUNT ? "tokens/s" : all.is_sequence ? "passes/s" : "images/s";
    if (of->item.tokens != SY_NO_COUNT)
        return true;
    total->images = all.images;
    return all.is_model && all.has_conv;
}

static bool list_missing(adding *state, const group *of, sy_total *total) {
    const char **missing = sy_arena_array(state->arena, of->layers, sizeof *missing);
    if (missing == NULL)
        return false;
    size_t count = 0;
    for (const layer *each = of->first; each != NULL; each = each->next)
        if (each->rows == 0)
            missing[count++] = each->name;
    total->missing = (sy_text_list){.item = missing, .count = count};
    return true;
}

static bool add_up(adding *state, const group *of, sy_total *total) {
    sy_total_share *share = sy_arena_array(state->arena, of->layers, sizeof *share);
    double ns = 0.0, ci95_ns[2] = {0.0, 0.0};
    uint64_t flop = 0, part;
    bool has_flop = true;
    size_t count = 0;
    if (share == NULL)
        return false;
    for (const layer *each = of->first; each != NULL; each = each->next) {
        double times = (double)each->row->origin.count;
        share[count] = (sy_total_share){.layer = each->label,
            .ns = times * each->sum_ns / (double)each->rows,
            .row = each->row,
            .count = each->row->origin.count};
        ns += share[count++].ns;
        ci95_ns[0] += times * each->ci95_ns[0];
        ci95_ns[1] += times * each->ci95_ns[1];
        has_flop = has_flop && each->row->rate.flop != SY_NO_COUNT &&
                   sy_mul_u64(each->row->rate.flop, each->row->origin.count, &part) &&
                   sy_add_u64(flop, part, &flop);
    }
    for (size_t i = 0; i < count; i++)
        share[i].fraction = share[i].ns / ns;
    total->share.item = share;
    total->share.count = count;
    total->ns = ns;
    memcpy(total->ci95_ns, ci95_ns, sizeof ci95_ns);
    total->flop = has_flop ? flop : SY_NO_COUNT;
    total->flop_per_s = has_flop ? (double)flop / ns * 1e9 : NAN;
    total->per_s = (double)(total->tokens != SY_NO_COUNT ? total->tokens : total->images) / ns * 1e9;
    return true;
}

static bool add_energy(adding *state, const group *of, sy_total *total) {
    sy_layer_energy *layers = sy_arena_array(state->arena, of->layers, sizeof *layers);
    size_t count = 0;
    for (const layer *each = of->first; layers != NULL && each != NULL; each = each->next)
        layers[count++] =
            (sy_layer_energy){.first = each->measured, .times = (double)each->row->origin.count};
    return layers != NULL && sy_total_energy_add_up(layers, count, state->arena, total);
}

/* The text of a field that all layers share, else "mixed"; NULL without memory. */
static const char *common_field(adding *state, const group *of, const char *field) {
    const char *first = of->row->key.problem;
    size_t bytes;
    const char *value = field_of(first, field, &bytes);
    for (const layer *each = of->first; each != NULL; each = each->next)
        if (each->row != NULL && !same_field(first, each->row->key.problem, field))
            return "mixed";
    char *copy = sy_arena_alloc(state->arena, bytes + 1);
    if (copy != NULL)
        memcpy(copy, value, bytes);
    return copy;
}

static bool describe(adding *state, const group *of, sy_total *total) {
    const sy_row *row = of->row;
    char *model = sy_arena_alloc(state->arena, of->item.model_bytes + 1);
    if (model != NULL)
        memcpy(model, of->item.name, of->item.model_bytes);
    total->model = model;
    total->phase = of->item.phase;
    total->tokens = of->item.tokens;
    total->device = row->request.device;
    total->algorithm = row->request.algorithm;
    total->data = row->key.data;
    total->cache = row->key.cache;
    total->simulated = row->subject.simulated;
    for (const layer *each = of->first; each != NULL && total->device_name == NULL; each = each->next)
        total->device_name = each->row != NULL ? each->row->subject.device.name : NULL;
    total->dtype = common_field(state, of, "dtype=");
    total->math = common_field(state, of, "math=");
    return model != NULL && total->dtype != NULL && total->math != NULL && list_missing(state, of, total);
}

/* *out_is_total: whether the group is a model. False without memory. */
static bool finish_group(adding *state, group *of, sy_total *out_total, bool *out_is_total) {
    sy_total_init(out_total);
    *out_is_total = is_model(of, out_total);
    if (!*out_is_total)
        return true;
    if (!add_unplanned(state, of) || !describe(state, of, out_total))
        return false;
    out_total->rows = of->layers;
    out_total->unstable = 0;
    for (const layer *each = of->first; each != NULL; each = each->next)
        out_total->unstable += each->is_unstable;
    return out_total->missing.count > 0 || (add_up(state, of, out_total) && add_energy(state, of, out_total));
}

static bool add_all(adding *state, sy_total *totals, size_t *out_count) {
    for (size_t i = 0; i < state->request->n_rows; i++)
        if (!add_row(state, &state->request->rows[i]))
            return false;
    for (size_t i = 0; i < state->n_groups; i++) {
        bool is_total = false;
        if (!finish_group(state, &state->groups[i], &totals[*out_count], &is_total))
            return false;
        *out_count += is_total;
    }
    return !state->key.failed;
}

/* The rows, each once for every place it has: a problem that several layers share is measured once. */
static bool spread_rows(const sy_totals_request *request, sy_arena *arena, sy_totals_request *out_spread) {
    size_t count = 0;
    for (size_t i = 0; i < request->n_rows; i++)
        count += 1 + request->rows[i].also.count;
    sy_row *rows = sy_arena_array(arena, count, sizeof *rows);
    *out_spread = *request;
    out_spread->rows = rows;
    out_spread->n_rows = 0;
    for (size_t i = 0; rows != NULL && i < request->n_rows; i++) {
        const sy_row *row = &request->rows[i];
        rows[out_spread->n_rows++] = *row;
        for (size_t j = 0; j < row->also.count; j++) {
            rows[out_spread->n_rows] = *row;
            rows[out_spread->n_rows++].origin = row->also.item[j];
        }
    }
    return rows != NULL || count == 0;
}

sy_status sy_totals_compute(
    const sy_totals_request *asked, sy_arena *arena, sy_total_list *out_totals, sy_error *err) {
    sy_totals_request spread, *request = &spread;
    *out_totals = (sy_total_list){0};
    if (!spread_rows(asked, arena, &spread))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for totals");
    adding state = {.request = request, .arena = arena};
    state.groups = sy_arena_array(arena, request->n_rows, sizeof *state.groups);
    state.layers = sy_arena_array(arena, request->n_rows, sizeof *state.layers);
    sy_total *totals = sy_arena_array(arena, request->n_rows, sizeof *totals);
    size_t count = 0;
    bool is_done =
        state.groups != NULL && state.layers != NULL && totals != NULL && add_all(&state, totals, &count);
    sy_ids_release(&state.variants);
    sy_ids_release(&state.group_places);
    sy_ids_release(&state.layer_places);
    sy_text_release(&state.key);
    if (!is_done)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to add up totals");
    *out_totals = (sy_total_list){.item = totals, .count = count};
    return SY_OK;
}
