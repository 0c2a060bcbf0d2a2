/* Rows joined by key and grouped by workload. */
#include "bench/report/html/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Workloads are few; texts are kept once, so that pointers compare. SIZE_MAX without memory. */
static size_t work_of(sy_html_works *works, size_t *capacity, const sy_html_row *row) {
    for (size_t i = works->works; i-- > 0;) {
        const sy_html_work *each = &works->work[i];
        if (each->suite == row->suite && each->phase == row->phase && each->is_memory == row->is_memory &&
            (each->dtype == row->dtype || row->is_memory))
            return i;
    }
    sy_html_work *grown = sy_html_grow(works->work, works->works, capacity, sizeof *grown);
    if (grown == NULL)
        return SIZE_MAX;
    works->work = grown;
    works->work[works->works] = (sy_html_work){
        .suite = row->suite, .phase = row->phase, .dtype = row->dtype, .is_memory = row->is_memory};
    return works->works++;
}

static void add_to_cell(const sy_html_row *row, sy_html_cell *cell) {
    bool has_time = isfinite(row->median_ns);
    if (cell->row == NULL || (has_time && isnan(cell->ns)))
        cell->row = row;
    if (!has_time)
        return;
    cell->count++;
    cell->ns = isnan(cell->ns) ? row->median_ns : cell->ns + (row->median_ns - cell->ns) / cell->count;
    cell->low = fmin(cell->low, row->ci95_ns[0]);
    cell->high = fmax(cell->high, row->ci95_ns[1]);
}

static uint64_t counted(uint64_t told, uint64_t own) {
    return told == 0 && own != SY_NO_COUNT ? own : told;
}

/* One line a key, in the order of the rows; cells of all devices. */
static bool join(sy_html_model *model, sy_html_works *works, size_t *work_capacity) {
    sy_ids places = {0};
    works->line = sy_arena_array(&model->arena, model->rows + 1, sizeof *works->line);
    bool is_fine = works->line != NULL;
    for (size_t i = 0; is_fine && i < model->rows; i++) {
        const sy_html_row *row = &model->row[i];
        uint32_t place = row->key != 0 ? sy_ids_get(&places, row->key) : 0;
        if (place == 0) {
            sy_html_line *line = &works->line[works->lines];
            *line = (sy_html_line){.key = row->key, .first = row, .work = work_of(works, work_capacity, row)};
            line->cell = sy_arena_array(&model->arena, model->devices, sizeof *line->cell);
            is_fine = line->cell != NULL && line->work != SIZE_MAX;
            for (size_t j = 0; is_fine && j < model->devices; j++)
                line->cell[j] = (sy_html_cell){.ns = NAN, .low = NAN, .high = NAN};
            place = (uint32_t)++works->lines;
            is_fine = is_fine && (row->key == 0 || sy_ids_set(&places, row->key, place));
        }
        if (is_fine) {
            sy_html_line *line = &works->line[place - 1];
            line->flop = counted(line->flop, row->flop);
            line->byte = counted(line->byte, row->byte);
            add_to_cell(row, &line->cell[row->device]);
        }
    }
    sy_ids_release(&places);
    return is_fine;
}

/* Lines of a workload behind one another, their order kept. */
static bool sort(sy_html_model *model, sy_html_works *works) {
    sy_html_line *sorted = sy_arena_array(&model->arena, works->lines + 1, sizeof *sorted);
    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < works->lines; i++)
        works->work[works->line[i].work].lines++;
    size_t at = 0;
    for (size_t i = 0; i < works->works; i++) {
        works->work[i].line = at;
        at += works->work[i].lines;
        works->work[i].lines = 0;
    }
    for (size_t i = 0; i < works->lines; i++) {
        sy_html_work *work = &works->work[works->line[i].work];
        sorted[work->line + work->lines++] = works->line[i];
    }
    works->line = sorted;
    return true;
}

sy_status sy_html_works_make(sy_html_model *model, sy_html_works *out_works, sy_error *err) {
    size_t capacity = 0;
    sy_html_works works = {0};
    bool is_fine = join(model, &works, &capacity) && sort(model, &works);
    *out_works = works;
    out_works->work = is_fine ? sy_arena_array(&model->arena, works.works + 1, sizeof *works.work) : NULL;
    if (out_works->work != NULL)
        memcpy(out_works->work, works.work, works.works * sizeof *works.work);
    sy_mem_free(works.work);
    return out_works->work != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the page");
}

static bool is_common(const sy_html_line *line, const sy_html_set *set) {
    for (size_t i = 0; i < set->count; i++)
        if (isnan(line->cell[set->device[i]].ns))
            return false;
    return true;
}

size_t sy_html_common(const sy_html_works *works, const sy_html_work *work, const sy_html_set *set) {
    size_t count = 0;
    for (size_t i = 0; i < work->lines; i++)
        count += is_common(&works->line[work->line + i], set) ? 1 : 0;
    return count;
}

bool sy_html_work_has(const sy_html_works *works, const sy_html_work *work, const sy_html_set *set) {
    for (size_t i = 0; i < work->lines; i++)
        for (size_t j = 0; j < set->count; j++)
            if (works->line[work->line + i].cell[set->device[j]].row != NULL)
                return true;
    return false;
}

/* A mean weighted by time. */
typedef struct weighted {
    double sum, weight;
} weighted;

static void weigh(double value, double weight, weighted *to) {
    if (isfinite(value)) {
        to->sum += value * weight;
        to->weight += weight;
    }
}

static double mean_of(weighted of) {
    return of.weight > 0.0 ? of.sum / of.weight : NAN;
}

sy_html_sum sy_html_add_up(const sy_html_model *model, const sy_html_works *works, const sy_html_work *work,
    size_t device, const sy_html_set *common) {
    sy_html_sum sum = {.of = work->lines, .rate = NAN, .precision = NAN};
    double amount = 0.0, ns = 0.0, half = 0.0;
    weighted datasheet = {0}, ceiling = {0}, clock = {0};
    for (size_t i = 0; i < work->lines; i++) {
        const sy_html_line *line = &works->line[work->line + i];
        const sy_html_cell *cell = &line->cell[device];
        sum.rows += cell->row != NULL ? 1 : 0;
        if (isnan(cell->ns) || (common != NULL && !is_common(line, common)))
            continue;
        const sy_html_row *row = cell->row;
        sum.timed++;
        ns += cell->ns;
        half += (cell->high - cell->low) / 2.0;
        amount += (double)(work->is_memory ? line->byte : line->flop);
        weigh(row->of_datasheet, cell->ns, &datasheet);
        weigh(row->of_ceiling, cell->ns, &ceiling);
        weigh(row->of_ceiling * model->device[device].max_clock_mhz / row->clock_mhz, cell->ns, &clock);
        sum.method = row->method != NULL ? row->method : sum.method;
        sum.confidence = row->confidence != NULL ? row->confidence : sum.confidence;
    }
    if (sum.timed > 0 && amount > 0.0) {
        sum.rate = amount / (ns * 1e-9);
        sum.precision = half / ns;
    }
    sum.of_datasheet = mean_of(datasheet);
    sum.of_ceiling = mean_of(ceiling);
    sum.of_clock = mean_of(clock);
    return sum;
}

const sy_html_meter *sy_html_meter_of(const sy_html_row *row, const char *scope) {
    for (size_t i = 0; i < row->meters; i++)
        if (row->meter[i].reason == NULL && (scope == NULL || row->meter[i].scope == scope))
            return &row->meter[i];
    return NULL;
}

/* Why a row has no joules of a scope. */
static const char *why_not(const sy_html_row *row, const char *scope) {
    for (size_t i = 0; i < row->meters; i++)
        if (row->meter[i].scope == scope && row->meter[i].reason != NULL)
            return row->meter[i].reason;
    return row->energy_reason;
}

sy_html_joules sy_html_add_joules(
    const sy_html_works *works, const sy_html_work *work, size_t device, const char *scope) {
    sy_html_joules sum = {.net = 0.0, .watt = NAN, .per_joule = NAN, .u_random = NAN, .u_systematic = NAN};
    double amount = 0.0, random = 0.0, systematic = 0.0, seconds = 0.0;
    for (size_t i = 0; i < work->lines; i++) {
        const sy_html_line *line = &works->line[work->line + i];
        const sy_html_row *row = line->cell[device].row;
        const sy_html_meter *meter = row != NULL ? sy_html_meter_of(row, scope) : NULL;
        if (meter == NULL) {
            sum.reason = row != NULL && sum.reason == NULL ? why_not(row, scope) : sum.reason;
            continue;
        }
        sum.rows++;
        sum.joule += meter->joule;
        sum.net += meter->net;
        sum.source = meter->source;
        amount += (double)(work->is_memory ? line->byte : line->flop);
        seconds += meter->joule / meter->watt;
        /* Windows are each row's own, the meter's scale is not. */
        random += meter->joule * meter->u_random * meter->joule * meter->u_random;
        systematic += meter->joule * meter->u_systematic;
    }
    if (sum.rows > 0 && sum.joule > 0.0) {
        sum.per_joule = amount / sum.joule;
        sum.watt = sum.joule / seconds;
        sum.u_random = sqrt(random) / sum.joule;
        sum.u_systematic = systematic / sum.joule;
    }
    return sum;
}
