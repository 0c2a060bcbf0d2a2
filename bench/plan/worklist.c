/* From suites and settings to rows with ids. */
#include "bench/plan/worklist.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Where the next row comes from while the list is made. */
typedef struct maker {
    const sy_work_request *request;
    sy_worklist *list;
    size_t *slot; /* open-addressed table of row numbers + 1, keyed by id */
    size_t slots;
} maker;

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the list of rows");
}

/* The type a problem is asked in: the user's, else the first that the suite finds natural. */
static const char *choose_dtype(const sy_config *config, const sy_suite_item *item) {
    if (config->dtype != NULL)
        return config->dtype;
    return item->dtype_hint_count > 0 ? sy_dtype_name(item->dtype_hint[0]) : NULL;
}

static sy_status parse_item(
    const sy_work_request *request, sy_work_origin origin, sy_work_row *row, sy_error *err) {
    const sy_config *config = request->config;
    sy_spec_defaults defaults = {.dtype = choose_dtype(config, origin.item),
        .math = config->math,
        .weights = config->weights,
        .layout = config->layout};
    sy_status status = sy_spec_parse(origin.item->problem, &defaults, &row->spec, err);
    if (status == SY_OK)
        status = sy_spec_print(&row->spec, row->problem, sizeof row->problem, err);
    if (status == SY_OK)
        status = sy_spec_flop(&row->spec, &row->flop, err);
    if (status == SY_OK)
        status = sy_spec_bytes(&row->spec, &row->byte, err);
    if (status == SY_OK)
        return SY_OK;
    const char *name = origin.item->name != NULL ? origin.item->name : origin.item->problem;
    return sy_error_prefix(err, status, "%s, %s", origin.suite->name, name);
}

/* A type that the problem cannot be asked in is a fact about the row, not a mistake of the user. */
static bool is_type_refusal(sy_status status) {
    return status == SY_UNSUPPORTED;
}

static void fill_ids(const sy_work_request *request, sy_work_row *row) {
    const sy_config *config = request->config;
    const sy_work_target *target = &request->target[row->target];
    sy_row wire;
    sy_row_init(&wire);
    wire.key.problem = row->problem;
    wire.key.data = sy_data_name(config->data);
    wire.key.cache = sy_cache_name((int)config->cache);
    wire.key.launch = sy_launch_name((int)config->launch);
    sy_key_hash(&wire, row->key_hash);
    wire.key_hash = row->key_hash;
    wire.request.device = target->id;
    wire.request.algorithm = row->algorithm;
    wire.subject.device.physical_id = target->physical_id;
    wire.subject.device.name = target->name;
    wire.process = row->process;
    sy_row_id(&wire, request->settings_hash, row->id);
}

/* A hash that could not be made is all zeros: rows with it would pass for one. */
static bool is_no_hash(const char *hex) {
    return strspn(hex, "0") == strlen(hex);
}

static size_t hash_id(const char *id) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *id != '\0'; id++)
        hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
    return (size_t)hash;
}

static sy_status grow_table(maker *make, sy_error *err) {
    size_t slots = make->slots > 0 ? make->slots * 2 : 256;
    size_t *slot = sy_mem_calloc(slots, sizeof *slot);
    if (slot == NULL)
        return no_memory(err);
    for (size_t i = 0; i < make->list->count; i++) {
        size_t at = hash_id(make->list->row[i].id) % slots;
        while (slot[at] != 0)
            at = (at + 1) % slots;
        slot[at] = i + 1;
    }
    sy_mem_free(make->slot);
    make->slot = slot;
    make->slots = slots;
    return SY_OK;
}

/* The row with this id if there is one; else *out_at is where its number belongs. */
static sy_work_row *find_row(const maker *make, const char *id, size_t *out_at) {
    size_t at = hash_id(id) % make->slots;
    for (; make->slot[at] != 0; at = (at + 1) % make->slots)
        if (strcmp(make->list->row[make->slot[at] - 1].id, id) == 0)
            return &make->list->row[make->slot[at] - 1];
    *out_at = at;
    return NULL;
}

static sy_status add_origin(sy_work_row *row, sy_work_origin origin, sy_error *err) {
    sy_work_origin *also = sy_mem_realloc(row->also, (row->also_count + 1) * sizeof *also);
    if (also == NULL)
        return no_memory(err);
    also[row->also_count++] = origin;
    row->also = also;
    return SY_OK;
}

static sy_status append_row(maker *make, sy_work_row *row, sy_error *err) {
    sy_worklist *list = make->list;
    size_t at = 0;
    fill_ids(make->request, row);
    if (is_no_hash(row->key_hash) || is_no_hash(row->id))
        return no_memory(err);
    if (make->slots < 2 * (list->count + 1)) {
        sy_status status = grow_table(make, err);
        if (status != SY_OK)
            return status;
    }
    sy_work_row *same = find_row(make, row->id, &at);
    if (same != NULL)
        return add_origin(same, row->origin, err);
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? list->capacity * 2 : 64;
        sy_work_row *grown = sy_mem_realloc(list->row, capacity * sizeof *grown);
        if (grown == NULL)
            return no_memory(err);
        list->row = grown;
        list->capacity = capacity;
    }
    list->row[list->count++] = *row;
    make->slot[at] = list->count;
    return SY_OK;
}

/* The row once for every repeat of the process. */
static sy_status append_processes(maker *make, sy_work_row *row, sy_error *err) {
    uint64_t processes =
        make->request->config->repeat_process > 0 ? make->request->config->repeat_process : 1;
    sy_status status = SY_OK;
    for (uint64_t i = 0; status == SY_OK && i < processes; i++) {
        row->process = i;
        status = append_row(make, row, err);
    }
    return status;
}

/* No candidate at all is an outcome too: one row says so, when it is measured. */
static sy_status append_auto(maker *make, sy_work_row *row, sy_error *err) {
    strcpy(row->algorithm, "auto");
    return append_processes(make, row, err);
}

static sy_status append_candidates(maker *make, sy_work_row *row, sy_error *err) {
    const sy_work_request *request = make->request;
    for (uint32_t i = 0;; i++) {
        sy_error reason = SY_ERROR_INIT;
        row->refused =
            request->candidates(request->ctx, row->target, row->problem, i, row->algorithm, &reason);
        if (row->refused == SY_UNAVAILABLE) {
            row->refused = SY_OK;
            return i > 0 ? SY_OK : append_auto(make, row, err);
        }
        if (row->refused != SY_OK && row->refused != SY_UNSUPPORTED)
            return sy_error_set(err, row->refused, "%s", sy_error_text(&reason, row->refused));
        snprintf(row->reason, sizeof row->reason, "%s",
            row->refused == SY_OK ? "" : sy_error_text(&reason, row->refused));
        sy_status status = append_processes(make, row, err);
        if (status != SY_OK)
            return status;
    }
}

static bool wants_all(const sy_words *algorithm) {
    return algorithm->count == 1 && strcmp(algorithm->word[0], "all") == 0;
}

static sy_status append_algorithms(maker *make, sy_work_row *row, sy_error *err) {
    const sy_words *wanted = &make->request->config->algorithm;
    if (wants_all(wanted) && row->refused == SY_OK && row->spec.op != SY_SPEC_COPY)
        return append_candidates(make, row, err);
    if (wanted->count == 0 || wants_all(wanted))
        return append_auto(make, row, err);
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < wanted->count; i++) {
        snprintf(row->algorithm, sizeof row->algorithm, "%s", wanted->word[i]);
        status = append_processes(make, row, err);
    }
    return status;
}

static sy_status append_item(maker *make, sy_work_origin origin, sy_error *err) {
    sy_work_row row = {.origin = origin};
    sy_error reason = SY_ERROR_INIT;
    sy_status status = parse_item(make->request, origin, &row, &reason);
    if (status != SY_OK && !is_type_refusal(status))
        return sy_error_set(err, status, "%s", sy_error_text(&reason, status));
    if (status != SY_OK) {
        row.refused = status;
        snprintf(row.reason, sizeof row.reason, "%s", sy_error_text(&reason, status));
        snprintf(row.problem, sizeof row.problem, "%s", origin.item->problem);
    }
    status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < make->request->target_count; i++) {
        sy_work_row one = row;
        one.target = i;
        status = append_algorithms(make, &one, err);
    }
    return status;
}

sy_status sy_worklist_make(const sy_work_request *request, sy_worklist *out_list, sy_error *err) {
    *out_list = (sy_worklist){0};
    maker make = {.request = request, .list = out_list};
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < request->suite_count; i++) {
        const sy_suite *suite = request->suite[i];
        for (size_t j = 0; status == SY_OK && j < suite->count; j++)
            status = append_item(&make, (sy_work_origin){suite, &suite->item[j]}, err);
    }
    sy_mem_free(make.slot);
    if (status != SY_OK)
        sy_worklist_release(out_list);
    return status;
}

void sy_worklist_release(sy_worklist *list) {
    for (size_t i = 0; i < list->count; i++)
        sy_mem_free(list->row[i].also);
    sy_mem_free(list->row);
    *list = (sy_worklist){0};
}
