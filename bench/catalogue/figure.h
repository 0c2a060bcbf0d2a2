/* A published figure: its value, who says so, and how far that can be believed. */
#ifndef STEELYARD_BENCH_CATALOGUE_FIGURE_H
#define STEELYARD_BENCH_CATALOGUE_FIGURE_H

#include "bench/fields/fields.h"

/* How far a figure can be believed; 0: there is no figure. */
enum {
    SY_CONFIDENCE_OFFICIAL = 1, /* an authority's statistics (regions) */
    SY_CONFIDENCE_VENDOR = 2,   /* the vendor's document, code or configuration, or a copy that links it */
    SY_CONFIDENCE_PRESS = 3,    /* articles, operators' pages, community tables */
    SY_CONFIDENCE_ESTIMATE = 4  /* computed by the formula in the note, or called so by its source */
};

/** What another source says. */
typedef struct sy_figure_alternative {
    double value;
    sy_text_list source;
    const char *note;
} sy_figure_alternative;

/** Those of one figure. */
typedef struct sy_figure_alternatives {
    const sy_figure_alternative *item;
    size_t count;
} sy_figure_alternatives;

/**
 * One figure, in the unit that its field's name says.
 *
 * value       NaN: none was found that can be trusted; then all else is absent.
 * confidence  SY_CONFIDENCE_*. source: ids in the file's list of sources, at least one.
 * year, currency, basis  of a region's: which year it is of (SY_NO_COUNT: not told), of prices ("CNY"), what
 *             is counted as carbon ("CO2e, life cycle"); NULL elsewhere.
 */
typedef struct sy_figure {
    double value;
    uint32_t confidence;
    sy_text_list source;
    const char *note;
    sy_figure_alternatives alternatives;
    uint64_t year;
    const char *currency, *basis;
} sy_figure;

/** A figure that is words ("HBM3"); value NULL: not found. */
typedef struct sy_figure_words {
    const char *value;
    uint32_t confidence;
    sy_text_list source;
    const char *note;
} sy_figure_words;

/** Where figures come from. kind: "vendor", "vendor-copy", "press", ...; where: NULL if it is not known. */
typedef struct sy_figure_source {
    const char *id, *kind, *title, *where;
} sy_figure_source;

/** Those of one file. */
typedef struct sy_figure_sources {
    const sy_figure_source *item;
    size_t count;
} sy_figure_sources;

/** How they are written. */
extern const sy_field_table sy_figure_fields, sy_figure_words_fields, sy_figure_source_fields;

/** "vendor", ...; NULL if it is none of SY_CONFIDENCE_*. */
const char *sy_confidence_name(uint32_t confidence);

/** The source of that id; NULL if there is none. Borrowed. */
const sy_figure_source *sy_figure_source_find(const sy_figure_sources *sources, const char *id);

/**
 * Whether every figure below `object` is whole: a value has a confidence and sources that the list knows, and
 * where there is no value, there is nothing.
 *
 * Errors  SY_INVALID_ARGUMENT: which figure lacks what ("power_w has no source").
 */
sy_status sy_figures_check(
    const sy_field_table *table, const void *object, const sy_figure_sources *sources, sy_error *err);

/** Whether a figure below `object`, or what another source says of it, names the source `id`. */
bool sy_figures_use(const sy_field_table *table, const void *object, const char *id);

#endif
