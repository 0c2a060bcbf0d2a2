/* Collecting the facts, and keeping the command line and settings, without names if so asked. */
#include "bench/environment/environment.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/environment/anonymize.h"
#include "bench/environment/collect.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_environment_box {
    sy_environment facts;
    sy_arena arena;
    sy_names names; /* what is left out; empty unless anonymized */
};

/* Variables that hide devices from a driver, or choose among them. */
static const char *const mask_names[] = {"CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES",
    "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL", "MUSA_VISIBLE_DEVICES",
    "MTHREADS_VISIBLE_DEVICES", "MACA_VISIBLE_DEVICES", "HPCC_VISIBLE_DEVICES", "XPU_VISIBLE_DEVICES",
    "ASCEND_RT_VISIBLE_DEVICES", "ASCEND_VISIBLE_DEVICES", "MLU_VISIBLE_DEVICES", "CAMBRICON_VISIBLE_DEVICES",
    "ZE_AFFINITY_MASK", "ONEAPI_DEVICE_SELECTOR", "OCL_ICD_VENDORS", "OCL_ICD_FILENAMES"};

enum { MASKS = sizeof mask_names / sizeof mask_names[0] };

const char *sy_environment_text(sy_environment_box *box, const char *text) {
    if (text == NULL)
        return NULL;
    return sy_names_leave_out(&box->names, &box->arena, text);
}

sy_environment *sy_environment_of(sy_environment_box *box) {
    return &box->facts;
}

void sy_environment_destroy(sy_environment_box *box) {
    if (box == NULL)
        return;
    sy_arena_release(&box->arena);
    sy_mem_free(box);
}

static void learn_names(sy_environment_box *box, sy_collector *collector) {
    char text[4096];
    struct passwd entry, *found = NULL;
    const char *home = getenv("HOME");
    if (getpwuid_r(geteuid(), &entry, text, sizeof text, &found) != 0)
        found = NULL;
    box->names.host = box->facts.host.name;
    box->names.user = sy_collect_keep(collector, found != NULL ? found->pw_name : getenv("USER"));
    box->names.home = sy_collect_keep(collector, home != NULL || found == NULL ? home : found->pw_dir);
    box->facts.host.name = NULL;
}

static bool keep_command(sy_environment_box *box, const sy_environment_request *request) {
    size_t count = request->argc > 0 ? (size_t)request->argc : 0;
    const char **words = sy_arena_array(&box->arena, count, sizeof *words);
    if (words == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        words[i] = sy_environment_text(box, request->argv[i]);
        if (words[i] == NULL)
            return false;
    }
    box->facts.command = (sy_text_list){.item = words, .count = count};
    return true;
}

static bool keep_setting(sy_environment_box *box, const sy_setting *from, sy_setting *to) {
    to->name = sy_arena_text(&box->arena, from->name);
    to->value = sy_environment_text(box, from->value);
    to->from = sy_arena_text(&box->arena, from->from);
    return (to->name != NULL) == (from->name != NULL) && (to->value != NULL) == (from->value != NULL) &&
           (to->from != NULL) == (from->from != NULL);
}

static bool keep_settings(sy_environment_box *box, const sy_setting *settings, size_t count, bool are_masks) {
    sy_setting *kept = sy_arena_array(&box->arena, count, sizeof *kept);
    if (kept == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!keep_setting(box, &settings[i], &kept[i]))
            return false;
    if (are_masks) {
        box->facts.masks.item = kept;
        box->facts.masks.count = count;
    } else {
        box->facts.settings.item = kept;
        box->facts.settings.count = count;
    }
    return true;
}

static bool keep_masks(sy_environment_box *box) {
    sy_setting masks[MASKS];
    size_t count = 0;
    for (size_t i = 0; i < MASKS; i++) {
        const char *value = getenv(mask_names[i]);
        if (value != NULL)
            masks[count++] = (sy_setting){.name = mask_names[i], .value = value};
    }
    return keep_settings(box, masks, count, true);
}

sy_status sy_environment_collect(
    const sy_environment_request *request, sy_environment_box **out_box, sy_error *err) {
    *out_box = NULL;
    sy_environment_box *box = sy_mem_calloc(1, sizeof *box);
    if (box == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the facts of the environment");
    sy_environment_init(&box->facts);
    sy_collector collector = {.root = request->sysroot, .arena = &box->arena, .facts = &box->facts};
    sy_collect_host(&collector);
    sy_collect_cpu(&collector);
    sy_collect_topology(&collector);
    sy_collect_limits(&collector);
    sy_collect_build(&collector);
    box->facts.anonymized = sy_tri_of(request->anonymize);
    if (request->anonymize)
        learn_names(box, &collector);
    bool is_kept = keep_command(box, request) && keep_masks(box) &&
                   keep_settings(box, request->settings, request->n_settings, false);
    if (!is_kept || collector.failed) {
        sy_environment_destroy(box);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the facts of the environment");
    }
    *out_box = box;
    return SY_OK;
}
