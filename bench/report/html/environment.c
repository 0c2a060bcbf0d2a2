/* Environment of every run, and where runs differ. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/html/sections.h"
#include "bench/report/html/verdict.h"

enum { FACTS_MOST = 80, RUNS_MOST = 12 };

/* Facts by name, a text a run; NULL: not known. */
typedef struct facts {
    const char *name[FACTS_MOST];
    const char *value[FACTS_MOST][RUNS_MOST];
    size_t count, run;
    sy_intern *texts;
} facts;

static const char *text_of(const sy_field *field, const void *value, sy_intern *texts) {
    char text[64];
    switch (field->kind) {
    case SY_FIELD_TEXT: return sy_intern_text(texts, *(const char *const *)value);
    case SY_FIELD_TRI: return *(const sy_tri *)value == SY_TRI_YES ? "yes" : "no";
    case SY_FIELD_COUNT: snprintf(text, sizeof text, "%" PRIu64, *(const uint64_t *)value); break;
    case SY_FIELD_F64: sy_text_from_f64(*(const double *)value, text, sizeof text); break;
    default: return NULL;
    }
    return sy_intern_text(texts, text);
}

/* One fact of a run; lists are told elsewhere. */
static void take(void *ctx, const char *name, const sy_field *field, const void *value) {
    facts *to = ctx;
    const char *text = text_of(field, value, to->texts);
    size_t at = 0;
    if (text == NULL)
        return;
    while (at < to->count && strcmp(to->name[at], name) != 0)
        at++;
    if (at == FACTS_MOST)
        return;
    if (at == to->count)
        to->name[to->count++] = sy_intern_text(to->texts, name);
    to->value[at][to->run] = text;
}

static bool differs(const facts *of, size_t at, size_t runs) {
    for (size_t i = 1; i < runs; i++)
        if (of->value[at][i] != of->value[at][0] && (of->value[at][i] == NULL || of->value[at][0] == NULL ||
                                                        strcmp(of->value[at][i], of->value[at][0]) != 0))
            return true;
    return false;
}

static void put_facts(sy_html_page *page, const facts *of, size_t runs) {
    sy_html_table(page, "Facts of each run", false);
    sy_html_head(page, "Fact");
    for (size_t i = 0; i < runs; i++) {
        sy_html_put(page, "<th scope=\"col\">");
        sy_html_put_text(page, page->model->run[i].run_id);
        sy_html_put(page, "</th>");
    }
    if (runs > 1)
        sy_html_head(page, "Runs differ");
    sy_html_heads_end(page);
    for (size_t i = 0; i < of->count; i++) {
        sy_html_row_begin(page);
        sy_html_put(page, "<th scope=\"row\">");
        sy_html_put_text(page, of->name[i]);
        sy_html_put(page, "</th>");
        for (size_t j = 0; j < runs; j++)
            sy_html_cell_text(page, of->value[i][j]);
        if (runs > 1)
            sy_html_cell_word(page, differs(of, i, runs) ? "differs" : "same");
        sy_html_row_end(page);
    }
    sy_html_table_end(page);
    if (page->model->runs > runs) {
        sy_html_put(page, "<p class=\"note\">");
        sy_html_say(page, "And {1} more runs.", sy_html_count(page->model->runs - runs).text, NULL);
        sy_html_put(page, "</p>\n");
    }
}

/* What differs between two devices' installations, as the comparison lists it. */
static void put_conditions(sy_html_page *page, const sy_html_standing *standing, size_t device) {
    size_t column = standing->column[device];
    if (column == SY_NO_COLUMN || column == 0)
        return;
    const sy_conditions *conditions = &standing->conditions[column];
    for (size_t i = 0; i < conditions->count; i++) {
        const sy_condition *each = &conditions->item[i];
        sy_html_row_begin(page);
        sy_html_cell_device(page, device);
        sy_html_cell_text(page, each->field);
        sy_html_cell_text(page, each->base);
        sy_html_cell_text(page, each->other);
        sy_html_cell_word(page, sy_condition_name(each->kind));
        sy_html_row_end(page);
    }
}

static void write_conditions(sy_html_page *page, const sy_html_set *set) {
    const sy_html_standing *standing = set->count > 1 ? sy_html_standing_of(page, set->reference) : NULL;
    if (standing == NULL)
        return;
    sy_html_mark(page, set);
    sy_html_table(page, "What differs from the reference device's installation", true);
    sy_html_head(page, "Device");
    sy_html_head(page, "Fact");
    sy_html_head(page, "Reference");
    sy_html_head(page, "Here");
    sy_html_head(page, "What it means");
    sy_html_heads_end(page);
    for (size_t i = 0; i < set->count; i++)
        put_conditions(page, standing, set->device[i]);
    sy_html_table_end(page);
}

void sy_html_section_environment(sy_html_page *page) {
    size_t runs = page->model->runs < RUNS_MOST ? page->model->runs : RUNS_MOST;
    facts *all = sy_arena_alloc(&page->model->arena, sizeof *all);
    if (all == NULL) {
        page->out.failed = true;
        return;
    }
    all->texts = &page->model->texts;
    for (all->run = 0; all->run < runs; all->run++)
        sy_fields_walk(&sy_environment_fields, &page->model->run[all->run].environment, take, all);
    put_facts(page, all, runs);
    write_conditions(page, &page->real);
    write_conditions(page, &page->simulated);
}
