/* `steelyard devices`: what there is, what it can do, and for what is missing: why, and the fix. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bench/run/interrupt.h"
#include "bench/run/silicon.h"
#include "bench/verbs/datasheets.h"
#include "bench/verbs/figures.h"
#include "bench/verbs/meters.h"
#include "bench/verbs/program.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

#define LEFT_OUT_MAX 128u
#define DATASHEET_MAX 256u

static const char *status_word(const sy_target *target) {
    if (target->status == SY_OK)
        return target->simulated ? "simulated" : "ready";
    return target->status == SY_UNAVAILABLE ? "unavailable" : sy_status_name(target->status);
}

static json_t *dtype_list(uint64_t dtypes) {
    json_t *list = json_array();
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++)
        if ((dtypes & SY_DTYPE_BIT(dtype)) != 0)
            json_array_append_new(list, json_string(sy_dtype_name(dtype)));
    return list;
}

static json_t *text_or_null(const char *text) {
    return text[0] != '\0' ? json_string_nocheck(text) : json_null();
}

static json_t *library_list(const sy_target *target) {
    json_t *list = json_array();
    for (size_t i = 0; i < target->library_count; i++)
        json_array_append_new(
            list, json_pack("{s:s,s:o,s:o,s:o}", "name", target->library[i].name, "version",
                      text_or_null(target->library[i].version), "path", text_or_null(target->library[i].path),
                      "build_id", text_or_null(target->library[i].build_id)));
    return list;
}

/* What can be said of a device's data sheet: the entry's id, or why it is not certain; "" if nothing. */
static void say_datasheet(
    const sy_target *target, const sy_catalogue *catalogue, char *out_text, size_t capacity) {
    sy_catalogue_match match;
    sy_datasheet_match(target, catalogue, &match);
    sy_catalogue_ambiguity(&match, out_text, capacity);
    if (match.count == 1)
        snprintf(out_text, capacity, "%s", match.device[0]->head.id);
}

static json_t *device_object(
    const sy_targets *targets, const sy_meters *meters, const sy_catalogue *catalogue, size_t index) {
    const sy_target *target = &targets->target[index];
    char datasheet[DATASHEET_MAX];
    char left_out[LEFT_OUT_MAX];
    json_t *object = json_pack("{s:s,s:s,s:o,s:o,s:s,s:o,s:o,s:o,s:o}", "id", target->id, "backend",
        target->parsed.backend, "name", text_or_null(target->info.name), "physical_id",
        text_or_null(target->physical_id), "status", status_word(target), "reason",
        text_or_null(target->reason), "dtypes", dtype_list(target->info.dtypes), "energy",
        sy_meters_json(meters, targets, index), "energy_reason", text_or_null(meters->device[index].reason));
    if (object == NULL || target->status != SY_OK)
        return object;
    sy_silicon_left_out(targets, index, left_out, sizeof left_out);
    json_object_set_new(object, "left_out", text_or_null(left_out));
    json_object_set_new(object, "vendor", text_or_null(target->info.vendor));
    json_object_set_new(object, "driver", text_or_null(target->info.driver));
    json_object_set_new(object, "isa", text_or_null(target->info.isa));
    json_object_set_new(object, "platform", text_or_null(target->info.platform));
    json_object_set_new(object, "features", text_or_null(target->info.features));
    json_object_set_new(object, "units", json_integer((json_int_t)target->info.units));
    json_object_set_new(object, "memory_bytes", json_integer((json_int_t)target->info.memory_bytes));
    json_object_set_new(object, "cache_bytes", json_integer((json_int_t)target->info.cache_bytes));
    say_datasheet(target, catalogue, datasheet, sizeof datasheet);
    json_object_set_new(object, "datasheet", text_or_null(datasheet));
    json_object_set_new(object, "simulated", json_boolean(target->simulated));
    json_object_set_new(object, "libraries", library_list(target));
    return object;
}

static void print_json(const sy_targets *targets, const sy_meters *meters, const sy_catalogue *catalogue) {
    json_t *list = json_array();
    for (size_t i = 0; i < targets->count; i++)
        json_array_append_new(list, device_object(targets, meters, catalogue, i));
    json_dumpf(list, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(list);
}

static void print_dtypes(uint64_t dtypes) {
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++)
        if ((dtypes & SY_DTYPE_BIT(dtype)) != 0)
            printf(" %s", sy_dtype_name(dtype));
}

static void print_ready(
    const sy_targets *targets, const sy_meters *meters, const sy_catalogue *catalogue, size_t index) {
    const sy_target *target = &targets->target[index];
    const sy_device_info *info = &target->info;
    char datasheet[DATASHEET_MAX];
    printf("%-14s %s%s\n", target->id, info->name, target->simulated ? "  SIMULATED" : "");
    if (info->units > 0)
        printf("%14s %u units", "", info->units);
    else
        printf("%14s units unknown", "");
    if (info->isa[0] != '\0')
        printf(", %s", info->isa);
    if (info->memory_bytes > 0)
        printf(", %.1f GiB", (double)info->memory_bytes / 0x1p30);
    if (info->cache_bytes > 0)
        printf(", last-level cache %.1f MiB", (double)info->cache_bytes / 0x1p20);
    printf("\n");
    if (info->platform[0] != '\0')
        printf(
            "%14s by %s%s%s\n", "", info->platform, info->driver[0] != '\0' ? ", driver " : "", info->driver);
    if (info->dtypes != 0) {
        printf("%14s types", "");
        print_dtypes(info->dtypes);
    }
    if (info->features[0] != '\0')
        printf("; with %s", info->features);
    printf("\n");
    say_datasheet(target, catalogue, datasheet, sizeof datasheet);
    if (datasheet[0] != '\0')
        printf("%14s data sheet %s\n", "", datasheet);
    sy_meters_print_device(meters, index);
    for (size_t i = 0; i < target->library_count; i++)
        printf("%14s library %s %s (%s)\n", "", target->library[i].name, target->library[i].version,
            target->library[i].path);
}

static void print_text(const sy_targets *targets, const sy_meters *meters, const sy_catalogue *catalogue) {
    char left_out[LEFT_OUT_MAX];
    for (size_t i = 0; i < targets->count; i++) {
        const sy_target *target = &targets->target[i];
        if (target->status == SY_OK)
            print_ready(targets, meters, catalogue, i);
        if (target->status == SY_OK && !target->simulated &&
            sy_silicon_left_out(targets, i, left_out, sizeof left_out))
            printf("%14s left out by --device all: %s\n", "", left_out);
        if (target->status != SY_OK)
            printf("%-14s %s: %s\n", target->id, status_word(target), target->reason);
    }
    sy_meters_print_machine(meters);
}

int sy_verb_devices(const sy_program *program) {
    sy_error error = SY_ERROR_INIT;
    if (program->config->catalogue != NULL)
        return sy_figures_show(program);
    sy_targets targets = {0};
    sy_catalogue catalogue = {0};
    sy_meters meters = {0};
    int wake_fd = -1;
    sy_status status = sy_interrupt_open(&wake_fd, &error);
    sy_target_places places = sy_program_places(program, wake_fd);
    if (status == SY_OK)
        status = sy_targets_discover(&places, &targets, &error);
    if (status == SY_OK)
        status = sy_meters_gather(&places, &targets, &meters, &error);
    if (status == SY_OK)
        status = sy_datasheets_load(program, &targets, &catalogue, &error);
    if (status == SY_OK && program->config->format == SY_FORMAT_JSON)
        print_json(&targets, &meters, &catalogue);
    else if (status == SY_OK)
        print_text(&targets, &meters, &catalogue);
    int result = status == SY_OK ? SY_EXIT_FINE : sy_program_fail(status, &error);
    if (sy_interrupt_seen(wake_fd))
        result = SY_EXIT_INTERRUPTED;
    sy_meters_release(&meters);
    sy_targets_release(&targets);
    sy_catalogue_release(&catalogue);
    sy_interrupt_close(wake_fd);
    return result;
}
