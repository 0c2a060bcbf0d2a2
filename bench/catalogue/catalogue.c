/* The entries as tables of fields, and their file. */
#include "bench/catalogue/catalogue.h"

#include <string.h>

#include "runtime/base/error.h"

#define FIGURE(label, path) SY_GROUP_FIELD(label, offsetof(sy_catalogue_device, path), sy_figure_fields)
#define WORDS(label, path) SY_GROUP_FIELD(label, offsetof(sy_catalogue_device, path), sy_figure_words_fields)
#define TEXT(label, path) SY_TEXT_FIELD(sy_catalogue_device, label, path)
#define A_CYCLE(label, type) SY_F64_FIELD(sy_catalogue_device, label, flop_per_cycle[type], 0.0)

static const sy_field driver_rows[] = {
    {.name = "name", .kind = SY_FIELD_TEXT, .offset = offsetof(sy_driver_name, name), .is_needed = true},
    SY_TEXT_FIELD(sy_driver_name, "seen", seen), SY_COUNT_FIELD(sy_driver_name, "units", units)};
static const sy_field_table driver_fields = SY_FIELD_TABLE(driver_rows, sy_driver_name);

static const sy_field peak_rows[] = {FIGURE("f64", peak[SY_PEAK_F64]), FIGURE("f32", peak[SY_PEAK_F32]),
    FIGURE("tf32", peak[SY_PEAK_TF32]), FIGURE("bf16", peak[SY_PEAK_BF16]), FIGURE("f16", peak[SY_PEAK_F16]),
    FIGURE("f8", peak[SY_PEAK_F8]), FIGURE("f4", peak[SY_PEAK_F4]), FIGURE("s8", peak[SY_PEAK_S8]),
    FIGURE("s4", peak[SY_PEAK_S4])};
static const sy_field_table peak_fields = SY_FIELD_TABLE(peak_rows, sy_catalogue_device);

static const sy_field cycle_rows[] = {A_CYCLE("f64", SY_PEAK_F64), A_CYCLE("f32", SY_PEAK_F32),
    A_CYCLE("bf16", SY_PEAK_BF16), A_CYCLE("f16", SY_PEAK_F16), A_CYCLE("s8", SY_PEAK_S8)};
static const sy_field_table cycle_fields = SY_FIELD_TABLE(cycle_rows, sy_catalogue_device);

static const sy_field processor_rows[] = {SY_COUNT_FIELD(sy_catalogue_device, "cores", cores),
    SY_F64_FIELD(sy_catalogue_device, "clock_ghz", clock_ghz, 0.0),
    SY_GROUP_FIELD("flop_per_cycle", 0, cycle_fields)};
static const sy_field_table processor_fields = SY_FIELD_TABLE(processor_rows, sy_catalogue_device);

static const sy_field device_rows[] = {TEXT("id", head.id), TEXT("name", head.name),
    TEXT("name_zh", head.name_zh), TEXT("vendor", vendor), TEXT("vendor_zh", vendor_zh),
    TEXT("country", country), TEXT("kind", kind), TEXT("status", status),
    SY_LIST_FIELD(sy_catalogue_device, "driver", driver, driver_fields), TEXT("form_factor", form_factor),
    TEXT("software", software), FIGURE("year", year), WORDS("process", process),
    SY_GROUP_FIELD("peak_dense_tera_per_s", 0, peak_fields), WORDS("memory_type", memory_type),
    FIGURE("memory_gb", memory_gb), FIGURE("memory_gb_per_s", memory_gb_per_s),
    FIGURE("interconnect_gb_per_s", interconnect_gb_per_s), FIGURE("power_w", power_w),
    SY_GROUP_FIELD("processor", 0, processor_fields), TEXT("note", note)};
const sy_field_table sy_catalogue_device_fields = SY_FIELD_TABLE(device_rows, sy_catalogue_device);

sy_status sy_catalogue_load(const sy_reference_places *places, sy_catalogue *out_catalogue, sy_error *err) {
    const sy_document_form form = {.file = "devices.json",
        .schema = "steelyard.devices/1",
        .list = "devices",
        .table = &sy_catalogue_device_fields};
    void *items = NULL;
    sy_status status =
        sy_document_read(&out_catalogue->document, places, &form, &items, &out_catalogue->count, err);
    out_catalogue->device = items;
    if (status != SY_OK)
        out_catalogue->count = 0;
    return status;
}

void sy_catalogue_release(sy_catalogue *catalogue) {
    sy_document_release(&catalogue->document);
    memset(catalogue, 0, sizeof *catalogue);
}
