/* Carbon and electricity of regions: offered to whoever wants a cost, with year, source and confidence. */
#ifndef STEELYARD_BENCH_CATALOGUE_REGIONS_H
#define STEELYARD_BENCH_CATALOGUE_REGIONS_H

#include "bench/catalogue/document.h"

/**
 * A region. kind: "hub", "province", "grid", "country".
 *
 * clusters   data-centre clusters in it; provinces: of a hub over several, each an entry of its own.
 * carbon_g_per_kwh     basis says what is counted: figures of two bases are not compared.
 * electricity_per_kwh  in its currency.
 */
typedef struct sy_region {
    sy_reference_head head;
    const char *country, *kind;
    sy_text_list clusters, provinces;
    sy_figure carbon_g_per_kwh, electricity_per_kwh;
} sy_region;

/** All of them. Zero-initialise. Read-only once loaded. */
typedef struct sy_regions {
    sy_document document;
    const sy_region *region;
    size_t count;
} sy_regions;

/** How a region is written, as in the file. */
extern const sy_field_table sy_region_fields;

/** Load regions.json. Errors as sy_document_read(). sy_regions_release() is legal afterwards in any case. */
sy_status sy_regions_load(const sy_reference_places *places, sy_regions *out_regions, sy_error *err);
void sy_regions_release(sy_regions *regions);

/** The region of that id or whole name (either language); NULL: none. Borrowed. */
const sy_region *sy_region_find(const sy_regions *regions, const char *name);

/** The id that was probably meant; NULL if there is none. Borrowed. */
const char *sy_region_suggest(const sy_regions *regions, const char *name);

#endif
