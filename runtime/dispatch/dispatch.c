/* Asking a backend for its candidates, judging what they promise, and choosing among them. */
#include "runtime/dispatch/dispatch.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

/* What is wrong with a layout wish, NULL if nothing: only open and constant tensors are the backend's. */
static const char *why_not_layout(const sy_tensor *tensor, uint32_t wanted) {
    if ((tensor->flags & SY_TENSOR_ABSENT) != 0 || wanted == tensor->layout)
        return wanted == SY_LAYOUT_ANY && (tensor->flags & SY_TENSOR_ABSENT) == 0 ? "leaves a layout open"
                                                                                  : NULL;
    if (wanted == SY_LAYOUT_ANY)
        return "leaves a layout open";
    if ((wanted & SY_LAYOUT_PRIVATE) == 0 && wanted > SY_LAYOUT_CHANNELS_LAST)
        return "wants a layout that does not exist";
    if (tensor->layout != SY_LAYOUT_ANY && (tensor->flags & SY_TENSOR_CONST) == 0)
        return "wants another layout for a tensor whose layout is given";
    return NULL;
}

static const char *why_not_layouts(const sy_problem *problem, const sy_algorithm *algorithm) {
    const char *reason = NULL;
    if (algorithm->n_layout != problem->n_in + problem->n_out)
        return "gives another number of layouts than there are tensors";
    for (uint32_t i = 0; reason == NULL && i < algorithm->n_layout; i++)
        reason = why_not_layout(&problem->tensor[i], algorithm->layout[i]);
    return reason;
}

/* No layout list means no wishes. */
static void settle_defaults(const sy_problem *problem, sy_algorithm *algorithm) {
    if (algorithm->flop_ratio == 0.0)
        algorithm->flop_ratio = 1.0;
    if (algorithm->bound_factor == 0.0)
        algorithm->bound_factor = 1.0;
    if (algorithm->n_layout != 0)
        return;
    algorithm->n_layout = problem->n_in + problem->n_out;
    for (uint32_t i = 0; i < algorithm->n_layout; i++) {
        uint32_t given = problem->tensor[i].layout;
        algorithm->layout[i] = given == SY_LAYOUT_ANY ? SY_LAYOUT_STRIDED : given;
    }
}

static void refuse(sy_candidate *candidate, sy_status status, const char *reason) {
    candidate->status = status;
    snprintf(candidate->reason, sizeof candidate->reason, "%s", reason);
}

/* A candidate that says yes, held against what the problem allows. */
static void judge(const sy_problem *problem, sy_candidate *candidate) {
    sy_algorithm *algorithm = &candidate->algorithm;
    settle_defaults(problem, algorithm);
    bool is_loose = algorithm->bound_factor > 1.0 && problem->math != SY_MATH_ANY;
    bool is_named = is_loose || (algorithm->flags & (SY_ALGO_REFERENCE | SY_ALGO_ON_HOST)) != 0;
    candidate->on_request = is_named || (algorithm->flags & SY_ALGO_VARIANT) != 0;
    const char *reason = why_not_layouts(problem, algorithm);
    if (reason != NULL) {
        refuse(candidate, SY_INTERNAL, reason);
    } else if (!isfinite(algorithm->flop_ratio) || algorithm->flop_ratio < 0.0) {
        refuse(candidate, SY_INTERNAL, "claims an impossible share of the arithmetic");
    } else if (!isfinite(algorithm->bound_factor) || algorithm->bound_factor < 1.0) {
        refuse(candidate, SY_INTERNAL, "claims an impossible bound on its error");
    } else if (!sy_math_allows(problem->math, algorithm->math)) {
        candidate->status = SY_UNSUPPORTED;
        snprintf(candidate->reason, sizeof candidate->reason, "delivers math=%s, the problem allows %s",
            sy_math_name(algorithm->math), sy_math_name(problem->math));
    } else if ((problem->flags & SY_PROBLEM_DETERMINISTIC) != 0 &&
               (algorithm->flags & SY_ALGO_DETERMINISTIC) == 0) {
        refuse(candidate, SY_UNSUPPORTED, "not deterministic");
    }
    candidate->is_tunable = candidate->status == SY_OK && !is_named;
}

static sy_status ask_one(const sy_backend_api *api, sy_device *device, const sy_problem *problem,
    uint32_t index, sy_candidate *out_candidate, sy_error *err) {
    sy_error why = SY_ERROR_INIT;
    *out_candidate = (sy_candidate){.algorithm.size = sizeof(sy_algorithm)};
    sy_algorithm *algorithm = &out_candidate->algorithm;
    sy_status status = api->work->algorithm(device, problem, index, algorithm, &why);
    algorithm->size = sizeof *algorithm;
    algorithm->name[sizeof algorithm->name - 1] = '\0';
    algorithm->implementation[sizeof algorithm->implementation - 1] = '\0';
    why.text[sizeof why.text - 1] = '\0';
    if (status == SY_UNAVAILABLE)
        return status;
    if (status != SY_OK && status != SY_UNSUPPORTED) {
        status = status < 0 || status > SY_OVERFLOW ? SY_INTERNAL : status;
        return sy_error_set(
            err, status, "%s: candidate %u: %s", api->name, index, sy_error_text(&why, status));
    }
    if (algorithm->name[0] == '\0')
        snprintf(algorithm->name, sizeof algorithm->name, "candidate %u", index);
    out_candidate->status = status;
    if (status == SY_OK)
        judge(problem, out_candidate);
    else
        refuse(out_candidate, status, sy_error_text(&why, status));
    return SY_OK;
}

sy_status sy_dispatch_candidates(const sy_backend_api *api, sy_device *device, const sy_problem *problem,
    sy_candidates *out_candidates, sy_error *err) {
    sy_candidate candidate;
    sy_status status = SY_OK;
    out_candidates->count = 0;
    if (problem->n_in > SY_MAX_TENSORS || problem->n_out > SY_MAX_TENSORS - problem->n_in)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a problem of more than %u tensors", SY_MAX_TENSORS);
    for (uint32_t i = 0; status == SY_OK; i++) {
        status = ask_one(api, device, problem, i, &candidate, err);
        if (status == SY_OK && i == SY_MAX_CANDIDATES)
            status = sy_error_set(
                err, SY_INTERNAL, "%s offers more than %u candidates", api->name, SY_MAX_CANDIDATES);
        else if (status == SY_OK)
            out_candidates->candidate[out_candidates->count++] = candidate;
    }
    if (status == SY_UNAVAILABLE)
        return SY_OK;
    out_candidates->count = 0;
    return status;
}

static bool is_variant(const sy_candidate *candidate) {
    return (candidate->algorithm.flags & SY_ALGO_VARIANT) != 0;
}

/* "name: reason; name: reason" of those that cannot be chosen. */
static sy_status fail_all(const sy_candidates *candidates, sy_error *err) {
    sy_text reasons = {0};
    if (candidates->count == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "the backend has no algorithm for this problem");
    for (uint32_t i = 0; i < candidates->count; i++) {
        const sy_candidate *candidate = &candidates->candidate[i];
        if (is_variant(candidate))
            continue;
        sy_text_printf(&reasons, "%s%s: %s", reasons.length > 0 ? "; " : "", candidate->algorithm.name,
            candidate->status == SY_OK ? "only by name" : candidate->reason);
    }
    sy_status status =
        sy_error_set(err, SY_UNSUPPORTED, "%s", reasons.data != NULL ? reasons.data : "no algorithm");
    sy_text_release(&reasons);
    return status;
}

static sy_status fail_name(const sy_candidates *candidates, const char *name, sy_error *err) {
    sy_text names = {0};
    uint32_t variants = 0;
    const char *last_variant = "";
    for (uint32_t i = 0; i < candidates->count; i++) {
        const sy_candidate *candidate = &candidates->candidate[i];
        if (!is_variant(candidate)) {
            sy_text_printf(&names, "%s%s", names.length > 0 ? ", " : "", candidate->algorithm.name);
            continue;
        }
        variants++;
        last_variant = candidate->algorithm.name;
    }
    if (variants > 0)
        sy_text_printf(&names, "; and %u variants such as %s", variants, last_variant);
    sy_status status = sy_error_set(err, SY_INVALID_ARGUMENT, "no algorithm \"%s\"; there are: auto%s%s",
        name, names.length > 0 ? ", " : "", names.length > 0 ? names.data : "");
    sy_text_release(&names);
    return status;
}

sy_status sy_dispatch_choose(
    const sy_candidates *candidates, const char *policy, uint32_t *out_index, sy_error *err) {
    bool is_auto = strcmp(policy, "auto") == 0;
    const sy_candidate *refused = NULL;
    *out_index = 0;
    for (uint32_t i = 0; i < candidates->count; i++) {
        const sy_candidate *candidate = &candidates->candidate[i];
        if (is_auto ? candidate->on_request != 0 : strcmp(candidate->algorithm.name, policy) != 0)
            continue;
        if (candidate->status == SY_OK) {
            *out_index = i;
            return SY_OK;
        }
        if (refused == NULL)
            refused = candidate;
    }
    if (is_auto)
        return fail_all(candidates, err);
    if (refused != NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: %s", policy, refused->reason);
    return fail_name(candidates, policy, err);
}

sy_status sy_dispatch_choose_tuned(const sy_candidates *candidates, const char *policy, const char *tuned,
    uint32_t *out_index, bool *out_is_tuned, sy_error *err) {
    *out_is_tuned = false;
    bool asks_cache = tuned != NULL && tuned[0] != '\0' && strcmp(policy, "auto") == 0;
    for (uint32_t i = 0; asks_cache && i < candidates->count; i++) {
        const sy_candidate *candidate = &candidates->candidate[i];
        if (strcmp(candidate->algorithm.name, tuned) != 0 || candidate->is_tunable == 0)
            continue;
        *out_index = i;
        *out_is_tuned = true;
        return SY_OK;
    }
    return sy_dispatch_choose(candidates, policy, out_index, err);
}
