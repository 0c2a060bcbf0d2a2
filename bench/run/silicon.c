/* The same device behind several backends. */
#include "bench/run/silicon.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_host_processor(const sy_target *target) {
    return (target->info.flags & SY_DEVICE_HOST_PROCESSOR) != 0;
}

static bool is_general(const sy_target *target) {
    return target->status == SY_OK && (target->info.flags & SY_DEVICE_GENERAL) != 0;
}

/* Both known and alike; drivers differ in upper and lower case. */
static bool is_alike(const char *a, const char *b) {
    return a[0] != '\0' && strcasecmp(a, b) == 0;
}

bool sy_silicon_is_one_device(const sy_target *a, const sy_target *b) {
    if (a->simulated || b->simulated)
        return strcmp(a->id, b->id) == 0;
    return strcmp(a->parsed.backend, b->parsed.backend) == 0 && strcmp(a->plugin_path, b->plugin_path) == 0 &&
           a->parsed.index == b->parsed.index;
}

bool sy_silicon_is_same(const sy_target *a, const sy_target *b) {
    if (sy_silicon_is_one_device(a, b) || a->simulated || b->simulated)
        return sy_silicon_is_one_device(a, b);
    bool is_processor = is_host_processor(a) && is_host_processor(b);
    return is_processor || is_alike(a->info.uuid, b->info.uuid) || is_alike(a->info.pci, b->info.pci);
}

void sy_silicon_identity(const sy_target *target, char out_identity[SY_SILICON_IDENTITY_MAX]) {
    if (target->simulated)
        snprintf(out_identity, SY_SILICON_IDENTITY_MAX, "%s", target->id);
    else if (is_host_processor(target))
        snprintf(out_identity, SY_SILICON_IDENTITY_MAX, "host processor");
    else if (target->physical_id[0] != '\0')
        snprintf(out_identity, SY_SILICON_IDENTITY_MAX, "%s", target->physical_id);
    else
        snprintf(out_identity, SY_SILICON_IDENTITY_MAX, "%s@%s:%u", target->parsed.backend,
            target->plugin_path, target->parsed.index);
}

void sy_silicon_sort(sy_targets *targets) {
    size_t front = 0;
    for (size_t i = 0; i < targets->count; i++) {
        if (is_general(&targets->target[i]))
            continue;
        sy_target moved = targets->target[i];
        memmove(&targets->target[front + 1], &targets->target[front], (i - front) * sizeof moved);
        targets->target[front++] = moved;
    }
}

const sy_target *sy_silicon_find(const sy_target *targets, size_t count, const sy_target *target) {
    for (size_t i = 0; i < count; i++)
        if (targets[i].status == SY_OK && sy_silicon_is_same(&targets[i], target))
            return &targets[i];
    return NULL;
}

bool sy_silicon_left_out(const sy_targets *targets, size_t index, char *out_reason, size_t capacity) {
    const sy_target *target = &targets->target[index];
    const sy_target *twin = target->simulated ? NULL : sy_silicon_find(targets->target, index, target);
    out_reason[0] = '\0';
    if (target->simulated)
        snprintf(out_reason, capacity, "simulated");
    else if (twin != NULL && is_host_processor(target))
        snprintf(out_reason, capacity, "the host's processor is measured as %.64s", twin->id);
    else if (twin != NULL)
        snprintf(out_reason, capacity, "the same device is measured as %.64s", twin->id);
    return out_reason[0] != '\0';
}
