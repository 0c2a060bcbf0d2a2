/* Regions: their table, their file, their names. */
#include "bench/catalogue/regions.h"

#include <string.h>

#include "bench/catalogue/name.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

#define TEXT(label, path) SY_TEXT_FIELD(sy_region, label, path)

static const sy_field region_rows[] = {TEXT("id", head.id), TEXT("name", head.name),
    TEXT("name_zh", head.name_zh), TEXT("country", country), TEXT("kind", kind),
    SY_TEXTS_FIELD(sy_region, "clusters", clusters), SY_TEXTS_FIELD(sy_region, "provinces", provinces),
    SY_GROUP_FIELD("carbon_g_per_kwh", offsetof(sy_region, carbon_g_per_kwh), sy_figure_fields),
    SY_GROUP_FIELD("electricity_per_kwh", offsetof(sy_region, electricity_per_kwh), sy_figure_fields)};
const sy_field_table sy_region_fields = SY_FIELD_TABLE(region_rows, sy_region);

sy_status sy_regions_load(const sy_reference_places *places, sy_regions *out_regions, sy_error *err) {
    const sy_document_form form = {.file = "regions.json",
        .schema = "steelyard.regions/1",
        .list = "regions",
        .table = &sy_region_fields};
    void *items = NULL;
    sy_status status =
        sy_document_read(&out_regions->document, places, &form, &items, &out_regions->count, err);
    out_regions->region = items;
    if (status != SY_OK)
        out_regions->count = 0;
    return status;
}

void sy_regions_release(sy_regions *regions) {
    sy_document_release(&regions->document);
    memset(regions, 0, sizeof *regions);
}

const sy_region *sy_region_find(const sy_regions *regions, const char *name) {
    for (size_t i = 0; i < regions->count; i++)
        if (sy_name_is_same(regions->region[i].head.id, name))
            return &regions->region[i];
    for (size_t i = 0; i < regions->count; i++)
        if (sy_name_is_same(regions->region[i].head.name, name) ||
            sy_name_is_same(regions->region[i].head.name_zh, name))
            return &regions->region[i];
    return NULL;
}

static const char *candidate(const void *ctx, size_t index) {
    const sy_regions *regions = ctx;
    return index < regions->count ? regions->region[index].head.id : NULL;
}

const char *sy_region_suggest(const sy_regions *regions, const char *name) {
    return sy_word_suggest(name, candidate, regions);
}
