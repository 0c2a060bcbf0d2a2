/* The figure of rates over time, read from the samples beside the records. */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/record/series.h"
#include "bench/report/html/figure.h"

/* Rows that are looked at: each was kept up for minutes, so that there are few. */
enum { BINS = 240, LOOKED_AT = 256 };

/* The row that stands for a device. id: of it; points: its rate over time. */
typedef struct curve {
    const sy_html_row *row;
    char id[SY_ROW_ID_MAX];
    sy_chart_point *point;
    size_t points;
} curve;

/* Curves by the devices of a set, and the rows they are chosen from. */
typedef struct curves {
    sy_html_page *page;
    const sy_html_set *set;
    curve of[SY_CHART_SERIES_MAX];
    const sy_html_row *row[LOOKED_AT];
    size_t rows;
} curves;

static void list_rows(curves *all) {
    const sy_html_model *model = all->page->model;
    for (size_t i = 0; i < model->rows && all->rows < LOOKED_AT; i++) {
        const sy_html_row *row = &model->row[i];
        bool is_kept_up = row->sustain != NULL && row->sustain->series != NULL &&
                          row->sustain->burst_run_per_s > 0.0 &&
                          model->device[row->device].is_simulated == all->set->is_simulated;
        if (is_kept_up)
            all->row[all->rows++] = row;
    }
}

/* How many rows of other devices are of the same work. */
static size_t count_alike(const curves *all, const sy_html_row *row) {
    size_t count = 0;
    for (size_t i = 0; i < all->rows; i++)
        count += all->row[i]->key == row->key && all->row[i]->device != row->device;
    return count;
}

static double held_of(const sy_html_row *row) {
    double held = row->sustain->sustained_of_burst;
    return isfinite(held) ? held : 1.0;
}

static void choose_row(curves *all, size_t place) {
    const sy_html_model *model = all->page->model;
    curve *to = &all->of[place];
    size_t best = 0;
    for (size_t i = 0; i < all->rows; i++) {
        const sy_html_row *row = all->row[i];
        size_t alike = count_alike(all, row);
        bool is_better =
            to->row == NULL || alike > best || (alike == best && held_of(row) < held_of(to->row));
        if (row->device != all->set->device[place] || !is_better)
            continue;
        best = alike;
        to->row = row;
        snprintf(to->id, sizeof to->id, "%016" PRIx64, model->intake.entry[row - model->row].id);
    }
}

static void take_line(curves *all, uint32_t file, const sy_series *line) {
    if (line->kind != SY_SERIES_WORK || line->row == NULL || line->part == NULL ||
        strcmp(line->part, "sustain") != 0)
        return;
    for (size_t i = 0; i < all->set->count; i++) {
        curve *to = &all->of[i];
        const char *run_id = to->row != NULL ? all->page->model->run[to->row->run].run_id : NULL;
        bool is_run = line->run_id == NULL || run_id == NULL || strcmp(line->run_id, run_id) == 0;
        if (to->row == NULL || to->row->file != file || to->points > 0 || strcmp(to->id, line->row) != 0 ||
            !is_run)
            continue;
        to->point = sy_arena_array(&all->page->model->arena, BINS, sizeof *to->point);
        if (to->point == NULL)
            all->page->out.failed = true;
        else
            to->points = sy_chart_rates(line->t_s.item, line->value.item, line->t_s.count,
                1.0 / to->row->sustain->burst_run_per_s, BINS, to->point);
    }
}

/* Whether a chosen row of a file names the file of samples beside it: no other is opened for a record. */
static bool is_named(const curves *all, uint32_t file, const char *path) {
    for (size_t i = 0; i < all->set->count; i++) {
        const sy_html_row *row = all->of[i].row;
        if (row != NULL && row->file == file && strcmp(row->sustain->series, sy_series_name(path)) == 0)
            return true;
    }
    return false;
}

/* A file that is not there or damaged gives no curve; the page says so, and has all numbers without it. */
static void read_file(curves *all, uint32_t file) {
    char path[PATH_MAX];
    sy_series_reader *reader = NULL;
    sy_series line;
    if (!sy_series_path(all->page->request->files[file], path, sizeof path) || !is_named(all, file, path) ||
        sy_series_reader_open(path, &reader, NULL) != SY_OK)
        return;
    while (sy_series_reader_next(reader, &line, NULL) == SY_OK)
        take_line(all, file, &line);
    sy_series_reader_close(reader);
}

static const char *name_of(curves *all, const curve *of, size_t place) {
    char name[240];
    snprintf(name, sizeof name, "%.100s: %.120s", all->page->model->device[all->set->device[place]].label,
        of->row->label);
    return sy_intern_text(&all->page->model->texts, name);
}

static void draw(curves *all) {
    static const sy_html_caption words = {.title = "Rate over time under load",
        .alternative = "The rate of work that was kept up as a part of the burst's, with its spread.",
        .x_name = "s",
        .y_name = "of the burst",
        .is_share = true};
    sy_chart_series series[SY_CHART_SERIES_MAX];
    const sy_chart_ceiling burst = {
        .label = sy_html_word(&all->page->language, "burst"), .work_per_s = 1.0, .bytes_per_s = NAN};
    size_t count = 0;
    for (size_t i = 0; i < all->set->count; i++)
        if (all->of[i].points > 0)
            series[count++] = (sy_chart_series){.name = name_of(all, &all->of[i], i),
                .point = all->of[i].point,
                .count = all->of[i].points,
                .colour = (unsigned)i,
                .is_simulated = all->set->is_simulated};
    if (count > 0)
        sy_html_figure_draw(
            all->page, SY_CHART_SUSTAINED, &words, all->set->is_simulated, series, count, &burst, 1);
}

void sy_html_figure_sustained(sy_html_page *page, const sy_html_set *set) {
    curves all = {.page = page, .set = set};
    size_t wanted = 0, found = 0;
    if (set->count > SY_CHART_SERIES_MAX)
        return;
    list_rows(&all);
    for (size_t i = 0; i < set->count; i++)
        choose_row(&all, i);
    for (size_t file = 0; file < page->request->n_files; file++)
        read_file(&all, (uint32_t)file);
    for (size_t i = 0; i < set->count; i++) {
        wanted += all.of[i].row != NULL;
        found += all.of[i].points > 0;
    }
    draw(&all);
    if (found < wanted)
        sy_html_note(page,
            "Samples over time are missing beside a record (FILE.series.jsonl): there is no curve of them.");
}
