/* Right, wrong or overflowed; where; and what the check was able to see. */
#include "bench/check/verdict.h"

#include "bench/check/power.h"
#include "runtime/base/convert.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 1024 };

/* First element of the output that is not finite, or -1. */
static int64_t find_not_finite(const check_product *product) {
    uint32_t dtype = product->request->spec->dtype_c;
    size_t size = sy_dtype_size(dtype);
    int64_t total = product->blocks * product->rows * product->cols;
    double values[PIECE];
    if (!sy_dtype_is_float(dtype))
        return -1;
    for (int64_t done = 0; done < total; done += PIECE) {
        int64_t part = total - done < PIECE ? total - done : PIECE;
        const char *from = (const char *)product->request->output + (size_t)done * size;
        double poison = 0.0;
        sy_convert_to_f64(dtype, from, (uint64_t)part, values);
        for (int64_t i = 0; i < part; i++)
            poison += values[i] - values[i]; /* NaN as soon as one is not finite */
        for (int64_t i = 0; i < part && poison != 0.0; i++)
            if (!isfinite(values[i]))
                return done + i;
    }
    return -1;
}

static check_place place_of(const check_product *product, int64_t element) {
    int64_t in_block = element % (product->rows * product->cols);
    check_place place = {.block = element / (product->rows * product->cols)};
    place.row = product->is_conv ? in_block % product->rows : in_block / product->cols;
    place.col = product->is_conv ? in_block / product->rows : in_block % product->cols;
    return place;
}

static sy_status look_at_block(check_job *job, const check_place *place, int64_t block, int64_t count,
    check_tally *tally, sy_error *err) {
    const check_index rows = {.item = &place->row, .count = 1};
    if (count == job->product.cols)
        return check_job_single(job, block, rows, (check_index){.count = count}, tally, err);
    sy_status status = SY_OK;
    for (int64_t i = 0; i < count && status == SY_OK; i++) {
        int64_t col = place->col + i;
        status = check_job_single(job, block, rows, (check_index){.item = &col, .count = 1}, tally, err);
    }
    return status;
}

/* Look at the elements of a place one by one; what they show replaces the sum, if it shows anything. */
static sy_status look_closer(check_job *job, const check_place *place, sy_error *err) {
    const check_product *product = &job->product;
    bool joined = place->is_sum && job->plan.joins_images;
    int64_t images = joined ? product->blocks / product->groups : 1;
    int64_t left = product->cols - place->col;
    int64_t count = !place->is_sum ? 1 : left < job->plan.width ? left : job->plan.width;
    check_tally closer;
    check_tally_init(&closer);
    sy_status status = SY_OK;
    for (int64_t image = 0; image < images && status == SY_OK; image++) {
        int64_t block = joined ? image * product->groups + place->block % product->groups : place->block;
        status = look_at_block(job, place, block, count, &closer, err);
    }
    if (status != SY_OK)
        return status;
    if (closer.is_overflow) {
        job->tally.is_overflow = true;
        job->tally.overflow = closer.overflow;
    } else if (closer.worst_ratio > 1.0) {
        job->tally.is_finite = closer.is_finite;
        job->tally.worst_ratio = closer.worst_ratio;
        job->tally.worst_error = closer.worst_error;
        job->tally.worst_bound = closer.worst_bound;
        job->tally.worst_value = closer.worst_value;
        job->tally.worst_true = closer.worst_true;
        job->tally.worst = closer.worst;
    }
    return SY_OK;
}

static void say_wrong(const check_job *job, sy_check_result *result) {
    const check_tally *tally = &job->tally;
    const check_place *at = &tally->worst;
    char name[96];
    check_product_name(&job->product, at->block, at->row, at->col, name, sizeof name);
    snprintf(result->reason, sizeof result->reason, "%s%s is %.9g, should be %.9g: off by %.3g, bound %.3g",
        at->is_sum ? "signed sum from " : "", name, tally->worst_value, tally->worst_true, tally->worst_error,
        tally->worst_bound);
    result->status = SY_WRONG_RESULT;
}

static void say_common(uint32_t fault, double estimate, sy_check_result *result) {
    if (fault == SY_CHECK_SEES_TAIL)
        snprintf(result->reason, sizeof result->reason,
            "values lack what the last 4 of k contribute (%.0f %% of it)", 100.0 * estimate);
    else
        snprintf(
            result->reason, sizeof result->reason, "all values are %.4f times what they should be", estimate);
    result->status = SY_WRONG_RESULT;
}

static void say_smallest(const check_job *job, sy_check_result *result) {
    char where[48] = "";
    result->smallest_error = check_power_smallest(&job->noise, &job->plan, &job->tally, &result->one_in);
    if (result->one_in > 1.0)
        snprintf(where, sizeof where, " among the 1 in %.0f looked at", result->one_in);
    snprintf(result->smallest_fault, sizeof result->smallest_fault, "1 element off by %.2g%s%s",
        result->smallest_error, where,
        result->one_in > 1.0 && (result->sees & SY_CHECK_SEES_TILE) != 0 ? ", any stale 16x16 tile" : "");
}

static void say_weak(sy_check_result *result) {
    static const struct {
        uint32_t bit;
        const char *words;
    } faults[] = {{SY_CHECK_SEES_ZEROS, " zeros"}, {SY_CHECK_SEES_TILE, " a stale 16x16 tile"},
        {SY_CHECK_SEES_TAIL, " the last 4 of k left out"}};
    size_t used = (size_t)snprintf(result->reason, sizeof result->reason, "weak: would not see");
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if ((result->sees & faults[i].bit) != 0)
            continue;
        const char *join = result->verified ? "" : ",";
        used += (size_t)snprintf(
            result->reason + used, sizeof result->reason - used, "%s%s", join, faults[i].words);
        result->verified = false;
    }
    if (result->verified)
        result->reason[0] = '\0';
}

static void say_overflow(const check_job *job, sy_check_result *result) {
    const check_place *at = &job->tally.overflow;
    char name[96];
    check_product_name(&job->product, at->block, at->row, at->col, name, sizeof name);
    snprintf(result->reason, sizeof result->reason, "overflow: the true %s does not fit %s sums or %s", name,
        sy_dtype_name(job->product.storage.problem.acc_dtype),
        sy_dtype_name(job->product.request->spec->dtype_c));
    result->status = SY_OVERFLOW;
}

sy_status check_verdict_make(check_job *job, sy_check_result *out_result, sy_error *err) {
    check_tally *tally = &job->tally;
    bool all_seen = job->plan.kind != CHECK_PLAN_LATTICE && job->plan.row_step == 1;
    int64_t bad = all_seen ? -1 : find_not_finite(&job->product);
    if (bad >= 0)
        tally->worst = place_of(&job->product, bad);
    sy_status status = SY_OK;
    if (bad >= 0 || (tally->worst_ratio > 1.0 && tally->worst.is_sum && !tally->is_overflow))
        status = look_closer(job, &tally->worst, err);
    if (status != SY_OK)
        return status;
    check_plan_name(&job->plan, &job->product, out_result->method, sizeof out_result->method);
    out_result->max_error = tally->worst_error;
    out_result->bound = tally->worst_bound;
    out_result->sees = check_power_sees(&job->product, &job->noise, &job->plan, tally);
    say_smallest(job, out_result);
    double estimate;
    uint32_t fault = check_power_found(&job->noise, tally, &estimate);
    if (tally->is_overflow) {
        say_overflow(job, out_result);
    } else if (tally->worst_ratio > 1.0) {
        say_wrong(job, out_result);
    } else if (fault != 0) {
        say_common(fault, estimate, out_result);
    } else {
        out_result->verified = true;
        say_weak(out_result);
    }
    return SY_OK;
}
