/* One check from request to verdict: plan, passes over what the plan says, and what that proves. */
#include "bench/check/check.h"

#include "bench/check/pass.h"
#include "bench/check/plain.h"
#include "bench/check/plan.h"
#include "bench/check/power.h"
#include "bench/check/verdict.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

#include <string.h>

enum { COLUMNS_AT_ONCE = 2048 };

static sy_status run_single(const check_job *job, int64_t block, check_index rows, check_index cols,
    check_tally *tally, sy_error *err) {
    check_columns columns;
    sy_status status = check_columns_single(&job->product, cols, &columns, err);
    if (status != SY_OK)
        return status;
    const check_pass pass = {
        .product = &job->product, .noise = &job->noise, .block = block, .rows = rows, .columns = &columns};
    status = check_pass_run(&pass, tally, err);
    check_columns_close(&columns);
    return status;
}

sy_status check_job_single(const check_job *job, int64_t block, check_index rows, check_index cols,
    check_tally *tally, sy_error *err) {
    if (cols.item != NULL)
        return run_single(job, block, rows, cols, tally, err);
    sy_status status = SY_OK; /* many columns go in parts that stay in the cache */
    for (int64_t done = 0; done < cols.count && status == SY_OK; done += COLUMNS_AT_ONCE) {
        int64_t left = cols.count - done;
        const check_index part = {
            .first = cols.first + done, .count = left < COLUMNS_AT_ONCE ? left : COLUMNS_AT_ONCE};
        status = run_single(job, block, rows, part, tally, err);
    }
    return status;
}

static uint64_t block_seed(const check_job *job, int64_t block, uint64_t purpose) {
    return sy_random_mix(job->product.request->seed ^ sy_random_mix((uint64_t)block * 4 + purpose));
}

static sy_status run_lattice(check_job *job, int64_t block, sy_error *err) {
    const check_plan *plan = &job->plan;
    check_index rows = {0}, cols = {0};
    sy_status status =
        check_plan_lattice(job->product.rows, plan->row_step, block_seed(job, block, 0), &rows, err);
    if (status == SY_OK)
        status = check_plan_lattice(job->product.cols, plan->col_step, block_seed(job, block, 1), &cols, err);
    if (status == SY_OK)
        status = check_job_single(job, block, rows, cols, &job->tally, err);
    check_index_release(&rows);
    check_index_release(&cols);
    return status;
}

static sy_status run_sums(check_job *job, int64_t block, sy_error *err) {
    const check_plan *plan = &job->plan;
    check_columns columns;
    check_index rows = {0};
    sy_status status = check_columns_sums(
        &job->product, block, plan->width, plan->vectors, job->product.request->seed, &columns, err);
    if (status != SY_OK)
        return status;
    status = check_plan_lattice(job->product.rows, plan->row_step, block_seed(job, block, 0), &rows, err);
    const check_pass pass = {.product = &job->product,
        .noise = &job->noise,
        .block = block,
        .image_sign = plan->joins_images ? job->image_sign : NULL,
        .rows = rows,
        .columns = &columns};
    if (status == SY_OK)
        status = check_pass_run(&pass, &job->tally, err);
    check_index_release(&rows);
    check_columns_close(&columns);
    return status;
}

/* Some rows by all columns and all rows by some columns of one block (of huge ones, by every so-many-th). */
static sy_status run_lines(check_job *job, int64_t block, sy_error *err) {
    const check_product *product = &job->product;
    check_index rows = {0}, cols = {0}, across = {0}, down = {0};
    sy_status status =
        check_plan_lines(product->rows, job->plan.lines, block_seed(job, block, 2), &rows, err);
    if (status == SY_OK)
        status = check_plan_lines(product->cols, job->plan.lines, block_seed(job, block, 3), &cols, err);
    if (status == SY_OK)
        status = check_plan_lattice(
            product->cols, job->plan.line_col_step, block_seed(job, block, 0), &across, err);
    if (status == SY_OK)
        status =
            check_plan_lattice(product->rows, job->plan.line_row_step, block_seed(job, block, 1), &down, err);
    if (status == SY_OK)
        status = check_job_single(job, block, rows, across, &job->tally, err);
    if (status == SY_OK && rows.item != NULL)
        status = check_job_single(job, block, down, cols, &job->tally, err);
    check_index_release(&rows);
    check_index_release(&cols);
    check_index_release(&across);
    check_index_release(&down);
    return status;
}

/* Lines go to the first and the last block and to some between. */
static sy_status run_all_lines(check_job *job, sy_error *err) {
    int64_t blocks = job->product.blocks, last = -1;
    sy_status status = SY_OK;
    for (int64_t i = 0; i < job->plan.line_blocks && status == SY_OK; i++) {
        int64_t low = blocks * i / job->plan.line_blocks, high = blocks * (i + 1) / job->plan.line_blocks;
        uint64_t offset = block_seed(job, i, 2) % (uint64_t)(high - low);
        int64_t block = i == 0 ? 0 : i + 1 == job->plan.line_blocks ? blocks - 1 : low + (int64_t)offset;
        if (block != last)
            status = run_lines(job, block, err);
        last = block;
    }
    return status;
}

static sy_status run_blocks(check_job *job, sy_error *err) {
    const check_plan *plan = &job->plan;
    int64_t blocks = plan->joins_images ? job->product.groups : job->product.blocks;
    int64_t first = (int64_t)(block_seed(job, 0, 0) % (uint64_t)plan->block_step);
    sy_status status = SY_OK;
    for (int64_t block = first; block < blocks && status == SY_OK; block += plan->block_step) {
        if (plan->kind == CHECK_PLAN_SUMS)
            status = run_sums(job, block, err);
        else
            status = run_lattice(job, block, err);
    }
    if (status == SY_OK && plan->kind == CHECK_PLAN_SUMS)
        status = run_all_lines(job, err);
    return status;
}

static sy_status draw_image_signs(check_job *job, sy_error *err) {
    int64_t images = job->product.blocks / job->product.groups;
    if (!job->plan.joins_images)
        return SY_OK;
    job->image_sign = sy_mem_alloc((size_t)images * sizeof(double));
    if (job->image_sign == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to check a batch of images");
    sy_random random;
    sy_random_seed(&random, job->product.request->seed, UINT64_MAX);
    for (int64_t i = 0; i < images; i++)
        job->image_sign[i] = (sy_random_next(&random) >> 63) != 0 ? 1.0 : -1.0;
    return SY_OK;
}

static sy_status run_job(
    check_job *job, const sy_check_request *request, sy_check_result *out_result, sy_error *err) {
    sy_status status = check_product_init(request, &job->product, err);
    if (status == SY_OK)
        status = check_noise_make(&job->product, &job->noise, err);
    if (status != SY_OK)
        return status;
    check_plan_make(&job->product, &job->noise, &job->plan);
    check_tally_init(&job->tally);
    status = draw_image_signs(job, err);
    if (status == SY_OK)
        status = run_blocks(job, err);
    if (status == SY_OK)
        status = check_verdict_make(job, out_result, err);
    sy_mem_free(job->image_sign);
    return status;
}

sy_status sy_check_output_bytes(const sy_spec *spec, uint64_t *out_bytes, sy_error *err) {
    *out_bytes = 0;
    sy_problem_storage storage;
    sy_status status = sy_spec_problem(spec, &storage, err);
    if (status != SY_OK)
        return status;
    uint64_t elements;
    return sy_tensor_extent(&storage.tensor[storage.problem.n_in], &elements, out_bytes, err);
}

sy_status sy_check_run(const sy_check_request *request, sy_check_result *out_result, sy_error *err) {
    *out_result = (sy_check_result){0};
    uint64_t bytes;
    sy_status status = sy_check_output_bytes(request->spec, &bytes, err);
    if (status != SY_OK)
        return status;
    if (request->level > SY_CHECK_OFF)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "check level %u is none", request->level);
    if (request->level == SY_CHECK_OFF) {
        strcpy(out_result->method, "off");
        strcpy(out_result->reason, "not checked");
        return SY_OK;
    }
    if (bytes != request->output_bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "output to check has %llu bytes, the problem's has %llu",
            (unsigned long long)request->output_bytes, (unsigned long long)bytes);
    if (request->spec->op == SY_SPEC_STREAM || request->spec->op == SY_SPEC_PEAK)
        return sy_check_plain_run(request, out_result, err);
    check_job *job = sy_mem_calloc(1, sizeof *job);
    if (job == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to check a result");
    status = run_job(job, request, out_result, err);
    sy_mem_free(job);
    return status;
}
