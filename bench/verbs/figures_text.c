/* An entry of the catalogue as text: no figure without its confidence. Peaks are dense, a multiply-add is
 * two. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "bench/verbs/figures.h"
#include "runtime/base/text.h"

/* What a line is called, and its unit. */
typedef struct line {
    const char *label, *unit;
    size_t offset;
} line;

#define AT(member) offsetof(sy_catalogue_device, member)

static const line figure_lines[] = {{"peak f64", "TFLOP/s", AT(peak[SY_PEAK_F64])},
    {"peak f32", "TFLOP/s", AT(peak[SY_PEAK_F32])}, {"peak tf32", "TFLOP/s", AT(peak[SY_PEAK_TF32])},
    {"peak bf16", "TFLOP/s", AT(peak[SY_PEAK_BF16])}, {"peak f16", "TFLOP/s", AT(peak[SY_PEAK_F16])},
    {"peak f8", "TFLOP/s", AT(peak[SY_PEAK_F8])}, {"peak f4", "TFLOP/s", AT(peak[SY_PEAK_F4])},
    {"peak s8", "TOP/s", AT(peak[SY_PEAK_S8])}, {"peak s4", "TOP/s", AT(peak[SY_PEAK_S4])},
    {"memory", "GB", AT(memory_gb)}, {"bandwidth", "GB/s", AT(memory_gb_per_s)},
    {"interconnect", "GB/s", AT(interconnect_gb_per_s)}, {"power limit", "W", AT(power_w)},
    {"year", "", AT(year)}};
static const line words_lines[] = {{"memory type", "", AT(memory_type)}, {"process", "", AT(process)}};

static void print_sources(const sy_text_list *list) {
    for (size_t i = 0; i < list->count; i++)
        printf("%s%s", i == 0 ? " " : ", ", list->item[i]);
}

static void print_value(double value, const char *unit, char *out_text, size_t capacity) {
    char number[32];
    sy_text_from_f64(value, number, sizeof number);
    snprintf(out_text, capacity, "%s%s%s", number, unit[0] != '\0' ? " " : "", unit);
}

static void print_head(const char *label, const char *value, uint32_t confidence) {
    printf("  %-13s %-18s %-9s", label, value, sy_confidence_name(confidence));
}

static void print_figure(const line *of, const sy_figure *figure) {
    char value[64];
    if (isnan(figure->value))
        return;
    print_value(figure->value, of->unit, value, sizeof value);
    print_head(of->label, value, figure->confidence);
    print_sources(&figure->source);
    printf("%s%s%s\n", figure->note != NULL ? " (" : "", figure->note != NULL ? figure->note : "",
        figure->note != NULL ? ")" : "");
    for (size_t i = 0; i < figure->alternatives.count; i++) {
        const sy_figure_alternative *other = &figure->alternatives.item[i];
        print_value(other->value, of->unit, value, sizeof value);
        printf("  %-13s %-18s %-9s", "", value, "elsewhere");
        print_sources(&other->source);
        printf("%s%s%s\n", other->note != NULL ? " (" : "", other->note != NULL ? other->note : "",
            other->note != NULL ? ")" : "");
    }
}

static void print_words(const line *of, const sy_figure_words *words) {
    if (words->value == NULL)
        return;
    print_head(of->label, words->value, words->confidence);
    print_sources(&words->source);
    printf("%s%s%s\n", words->note != NULL ? " (" : "", words->note != NULL ? words->note : "",
        words->note != NULL ? ")" : "");
}

static void print_title(const sy_catalogue_device *device) {
    printf("%s (%s)", device->head.name, device->head.id);
    const char *const facts[] = {device->kind, device->form_factor, device->status};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (facts[i] != NULL)
            printf(", %s", facts[i]);
    printf("\n");
    if (device->note != NULL)
        printf("  %s\n", device->note);
    for (size_t i = 0; i < device->driver.count; i++) {
        printf("  its driver says '%s'", device->driver.item[i].name);
        if (device->driver.item[i].units != SY_NO_COUNT)
            printf(", %" PRIu64 " units", device->driver.item[i].units);
        printf("\n");
    }
}

void sy_figures_print_text(const sy_catalogue *catalogue, const sy_catalogue_device *device) {
    const sy_figure_sources *sources = &catalogue->document.sources;
    const char *object = (const char *)device;
    print_title(device);
    for (size_t i = 0; i < sizeof figure_lines / sizeof figure_lines[0]; i++)
        print_figure(&figure_lines[i], (const void *)(object + figure_lines[i].offset));
    for (size_t i = 0; i < sizeof words_lines / sizeof words_lines[0]; i++)
        print_words(&words_lines[i], (const void *)(object + words_lines[i].offset));
    printf("  peaks are dense, a multiply-add as two; sources%s%s:\n",
        catalogue->document.retrieved != NULL ? ", as of " : "",
        catalogue->document.retrieved != NULL ? catalogue->document.retrieved : "");
    for (size_t i = 0; i < sources->count; i++) {
        const sy_figure_source *source = &sources->item[i];
        if (!sy_figures_use(&sy_catalogue_device_fields, device, source->id))
            continue;
        printf("  %-13s %s: %s%s%s\n", source->id, source->kind, source->title,
            source->where != NULL ? "; " : "", source->where != NULL ? source->where : "");
    }
}
