/* A small problem that the device can solve. */
#include "bench/conform/small.h"

#include <string.h>

#include "bench/check/check.h"
#include "bench/conform/io.h"
#include "bench/conform/solve.h"
#include "runtime/base/seam.h"

/* The types that devices most often have, in the order they are tried. */
static const char *const types[] = {"f32", "f16", "bf16", "s8", "f64", "f8e4m3:f8e4m3:f32"};
enum { TYPES = sizeof types / sizeof types[0] };

/* Name of a usable candidate with these flags; in-place ones would want C. */
static bool find_algorithm(
    const conform_kit *kit, const char *text, uint32_t flags, char out_name[64], sy_error *err) {
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    bool is_found = false;
    if (candidates == NULL)
        return false;
    if (sy_solve_candidates(&kit->on, text, candidates, err) == SY_OK)
        for (uint32_t i = 0; !is_found && i < candidates->count; i++) {
            const sy_candidate *candidate = &candidates->candidate[i];
            is_found = candidate->status == SY_OK && (candidate->algorithm.flags & flags) == flags;
            if (candidate->status != SY_OK)
                snprintf(err->text, sizeof err->text, "%s: %s", candidate->algorithm.name, candidate->reason);
            if (is_found)
                snprintf(out_name, 64, "%s", candidate->algorithm.name);
        }
    sy_mem_free(candidates);
    return is_found;
}

static bool prepare(conform_kit *kit, conform_small *small) {
    sy_error err = SY_ERROR_INIT;
    small->request = (sy_job_request){
        .problem = small->text, .algorithm = small->algorithm, .key = 5, .cache = SY_CACHE_HOT};
    sy_status status = sy_job_prepare(&small->job, &kit->on, &small->request, kit->block, &err);
    small->is_open = true;
    if (status != SY_OK)
        conform_fail(
            kit, "%s by %s: %s: %s", small->text, small->algorithm, sy_status_name(status), err.text);
    return status == SY_OK;
}

static void write_problem(char out_text[128], int extent, bool is_image, const char *type) {
    if (is_image)
        snprintf(out_text, 128, "conv2d:n=1,c=%d,h=8,w=8,k=%d,r=3,s=3,pad=1,dtype=%s,math=any", extent,
            extent, type);
    else
        snprintf(out_text, 128, "gemm:m=%d,n=%d,k=%d,dtype=%s,math=any", extent, extent, extent, type);
}

conform_small *conform_small_open(conform_kit *kit, int extent, uint32_t flags) {
    conform_small *small = sy_mem_calloc(1, sizeof *small);
    sy_error err = SY_ERROR_INIT;
    bool is_found = false;
    for (size_t i = 0; small != NULL && !is_found && i < 2 * TYPES; i++) {
        write_problem(small->text, extent, i >= TYPES, types[i % TYPES]);
        is_found = find_algorithm(kit, small->text, flags, small->algorithm, &err);
    }
    if (is_found && prepare(kit, small))
        return small;
    if (!is_found)
        conform_skip(kit, "no product that the device solves%s%s%s",
            flags != 0 ? " by what this is about" : "", err.text[0] != '\0' ? "; last: " : "", err.text);
    conform_small_close(small);
    return NULL;
}

void conform_small_close(conform_small *small) {
    if (small != NULL && small->is_open)
        sy_job_release(&small->job);
    sy_mem_free(small);
}

bool conform_small_run(conform_kit *kit, const conform_small *small) {
    sy_status status = kit->on.api->work->run(small->job.binding[0]);
    if (status != SY_OK)
        conform_fail(kit, "run of %s by %s: %s", small->text, small->algorithm, sy_status_name(status));
    return status == SY_OK;
}

bool conform_small_poison(conform_kit *kit, const conform_small *small) {
    return conform_put(kit, sy_job_span(&small->job, sy_job_output_tensor(&small->job), 0), 0xff);
}

bool conform_small_check(conform_kit *kit, conform_small *small, const char *what) {
    sy_error err = SY_ERROR_INIT;
    uint64_t bytes = sy_job_output_bytes(&small->job), sets[SY_MAX_TENSORS] = {0};
    sy_check_result result = {0};
    void *output = conform_host(kit, bytes);
    if (output == NULL)
        return false;
    sy_check_request request = {.spec = &small->job.spec,
        .block = kit->block,
        .key = small->request.key,
        .seed = 7,
        .set = sets,
        .level = SY_CHECK_FULL,
        .math = small->job.algorithm.math,
        .algorithm_bound_factor = small->job.algorithm.bound_factor,
        .output = output,
        .output_bytes = bytes};
    sy_status status = sy_job_read_output(&small->job, 0, output, &err);
    if (status == SY_OK)
        status = sy_check_run(&request, &result, &err);
    sy_mem_free(output);
    if (conform_succeeds(kit, what, status, &err) && result.status != SY_OK)
        conform_fail(kit, "%s: %s: %s", what, sy_status_name(result.status), result.reason);
    return conform_is_fine(kit);
}
