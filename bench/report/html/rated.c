/* Rates against the catalogue's figures. */
#include "bench/report/html/rated.h"

#include <math.h>
#include <string.h>

#include "steelyard/spec.h"

#define TERA 1e12

/* Devices and types are few: what was found for one is kept. */
enum { KEPT = 64 };

typedef struct found_peak {
    uint32_t device;
    const char *dtype, *delivered;
    double value;
    const char *confidence;
} found_peak;

typedef struct rating {
    const sy_catalogue *catalogue;
    const sy_html_model *model;
    found_peak kept[KEPT];
    size_t count;
} rating;

/* The entry that a device certainly is; NULL. */
static const sy_catalogue_device *sheet_of(const rating *with, uint32_t number) {
    const sy_html_device *device = &with->model->device[number];
    sy_catalogue_match match = {.count = 0};
    if (device->name == NULL || device->fact == NULL || device->is_simulated)
        return NULL;
    uint64_t units = device->fact->units, bytes = device->fact->memory_byte;
    sy_catalogue_identify(with->catalogue, device->name, units == SY_NO_COUNT ? 0 : units,
        bytes == SY_NO_COUNT ? 0 : bytes, &match);
    return match.count == 1 ? match.device[0] : NULL;
}

/* The figure for a row's types and the arithmetic it delivered; value NaN: there is none. */
static found_peak look_up(const rating *with, const sy_html_row *row) {
    found_peak found = {
        .device = row->device, .dtype = row->dtype, .delivered = row->delivered, .value = NAN};
    const sy_catalogue_device *sheet = sheet_of(with, row->device);
    sy_spec spec;
    if (sheet == NULL || row->delivered == NULL || row->math == NULL ||
        sy_spec_parse(row->problem, NULL, &spec, NULL) != SY_OK)
        return found;
    bool is_strict = strcmp(row->delivered, "strict") == 0;
    if (!is_strict && strcmp(row->delivered, row->math) != 0)
        return found;
    const sy_figure *peak = sy_catalogue_peak(
        sheet, spec.dtype_a, spec.dtype_b, spec.dtype_acc, is_strict ? SY_MATH_STRICT : spec.math);
    if (peak != NULL) {
        found.value = peak->value * TERA;
        found.confidence = sy_confidence_name(peak->confidence);
    }
    return found;
}

static found_peak peak_of(rating *with, const sy_html_row *row) {
    for (size_t i = 0; i < with->count; i++)
        if (with->kept[i].device == row->device && with->kept[i].dtype == row->dtype &&
            with->kept[i].delivered == row->delivered)
            return with->kept[i];
    found_peak found = look_up(with, row);
    if (with->count < KEPT)
        with->kept[with->count++] = found;
    return found;
}

sy_status sy_html_rate(sy_html_model *model, const sy_reference_places *places, sy_error *err) {
    sy_catalogue catalogue = {0};
    rating with = {.catalogue = &catalogue, .model = model};
    sy_status status = sy_catalogue_load(places, &catalogue, err);
    for (size_t i = 0; status == SY_OK && i < model->rows; i++) {
        sy_html_row *row = &model->row[i];
        if (row->is_memory || isfinite(row->of_datasheet) || !isfinite(row->flop_per_s))
            continue;
        found_peak peak = peak_of(&with, row);
        if (isfinite(peak.value)) {
            row->of_datasheet = row->flop_per_s / peak.value;
            row->confidence = peak.confidence;
        }
    }
    sy_catalogue_release(&catalogue);
    return status == SY_OUT_OF_MEMORY ? status : SY_OK;
}
