/* The tables of families, and lists of candidates. */
#include "backends/opencl/candidates.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "backends/opencl/contraction.h"
#include "backends/opencl/peer.h"
#include "backends/opencl/tuned.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/*
 * Best guess first; families that do not want a problem say so. varied: of how many of the first ones that
 * take a problem variants are offered. A processor has no use for the ways of cards, and its compiler takes
 * its time.
 */
typedef struct table {
    const ocl_family *const *family;
    uint32_t varied;
} table;

static const ocl_family *const for_cpus[] = {
    &ocl_depthwise,
    &ocl_core,
    &ocl_skinny,
    &ocl_tile,
    &ocl_stream,
    &ocl_peak,
    &ocl_reorder,
    &ocl_clblast_family,
    NULL,
};
static const ocl_family *const for_cards[] = {
    &ocl_depthwise,
    &ocl_skinny,
    &ocl_tile,
    &ocl_core,
    &ocl_stream,
    &ocl_peak,
    &ocl_reorder,
    &ocl_clblast_family,
    NULL,
};

static table table_of(const sy_device *device) {
    return device->traits.kind == OCL_CPU ? (table){for_cpus, 1} : (table){for_cards, 2};
}

static bool does(const ocl_family *family, uint32_t op) {
    return op < 32 && (family->ops >> op & 1) != 0;
}

const ocl_family *ocl_candidate_family(const sy_device *device, uint32_t place, uint32_t op) {
    const ocl_family *const *family = table_of(device).family;
    for (uint32_t i = 0; family[i] != NULL; i++)
        if (i + 1 == place)
            return does(family[i], op) ? family[i] : NULL;
    return NULL;
}

sy_status ocl_candidate_cook(const sy_device *device, ocl_candidate candidate, const sy_task *task,
    bool is_final, ocl_recipe *out_recipe, sy_error *err) {
    const ocl_family *family = table_of(device).family[candidate.place - 1];
    sy_task varied = *task;
    ocl_advice advice = {.family = ""};
    varied.variant = candidate.variant;
    *out_recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0, .n_layout = task->n_in + task->n_out};
    snprintf(out_recipe->name, sizeof out_recipe->name, "%s", family->name);
    ocl_wish_layouts(task, out_recipe->layout);
    bool is_known = ocl_tuned_find(device->tuned, task, &advice) && strcmp(advice.family, family->name) == 0;
    ocl_request request = {.traits = &device->traits,
        .task = &varied,
        .is_final = is_final,
        .parameters = is_known ? advice.parameters : ""};
    sy_status status = family->cook(&request, out_recipe, err);
    if (status == SY_OK && out_recipe->peer != NULL)
        status = out_recipe->peer->open(device, err);
    if (status != SY_OK)
        return status;
    if (task->is_deterministic && (out_recipe->flags & SY_ALGO_DETERMINISTIC) == 0)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s: does not promise the same bits every time", family->name);
    return SY_OK;
}

static void append(ocl_candidates *list, uint32_t place, uint32_t variant) {
    if (list->count < OCL_CANDIDATES_MAX)
        list->candidate[list->count++] = (ocl_candidate){.place = place, .variant = variant};
}

static void list_families(const sy_device *device, ocl_candidates *list) {
    const ocl_family *const *family = table_of(device).family;
    ocl_advice advice = {.family = ""};
    (void)ocl_tuned_find(device->tuned, &list->task, &advice);
    for (uint32_t i = 0; family[i] != NULL; i++)
        if (does(family[i], list->task.op) && strcmp(advice.family, family[i]->name) == 0)
            append(list, i + 1, 0);
    for (uint32_t i = 0; family[i] != NULL; i++)
        if (does(family[i], list->task.op) && strcmp(advice.family, family[i]->name) != 0)
            append(list, i + 1, 0);
}

static void list_variants(const sy_device *device, ocl_candidates *list, ocl_recipe *recipe) {
    uint32_t families = list->count, varied = 0;
    for (uint32_t i = 0; i < families && varied < table_of(device).varied; i++) {
        ocl_candidate candidate = list->candidate[i];
        if (ocl_candidate_cook(device, candidate, &list->task, false, recipe, NULL) != SY_OK)
            continue;
        varied++;
        for (candidate.variant = 1; candidate.variant < OCL_CANDIDATES_MAX; candidate.variant++) {
            if (ocl_candidate_cook(device, candidate, &list->task, false, recipe, NULL) == SY_UNAVAILABLE)
                break;
            append(list, candidate.place, candidate.variant);
        }
    }
}

/* Without memory for a recipe there are no variants this time. */
static void make_list(const sy_device *device, const sy_task *task, ocl_candidates *list) {
    ocl_recipe *recipe = sy_mem_alloc(sizeof *recipe);
    list->task = *task;
    list->count = 0;
    list_families(device, list);
    if (recipe != NULL)
        list_variants(device, list, recipe);
    list->is_valid = recipe != NULL;
    sy_mem_free(recipe);
}

bool ocl_candidate_at(sy_device *device, const sy_task *task, uint32_t index, ocl_candidate *out_candidate) {
    ocl_candidates *list = device->candidates;
    pthread_mutex_lock(&device->lock);
    if (!list->is_valid || memcmp(&list->task, task, sizeof *task) != 0)
        make_list(device, task, list);
    bool is_there = index < list->count;
    if (is_there)
        *out_candidate = list->candidate[index];
    pthread_mutex_unlock(&device->lock);
    return is_there;
}
