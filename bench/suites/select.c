/* What the command line does to a suite once it is read: keep some items, change the batch of convolutions.
 */
#include "bench/suites/build.h"
#include "bench/suites/suite.h"
#include "bench/words/words.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

sy_status sy_suite_filter(sy_suite *suite, const char *expression, sy_error *err) {
    regex_t regex;
    char why[128];
    if (strlen(expression) > SY_SUITE_FILTER_MAX) {
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "filter longer than %u characters", SY_SUITE_FILTER_MAX);
    }
    int failed = regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB);
    if (failed != 0) {
        regerror(failed, &regex, why, sizeof why);
        return sy_error_set(err, SY_INVALID_ARGUMENT, "filter %s: %s", sy_word_quote(expression).text, why);
    }
    size_t kept = 0;
    for (size_t i = 0; i < suite->count; i++) {
        sy_suite_item item = suite->item[i];
        if (regexec(&regex, item.name != NULL ? item.name : item.problem, 0, NULL, 0) == 0) {
            suite->item[kept++] = item;
            continue;
        }
        sy_mem_free(item.problem);
        sy_mem_free(item.name);
        sy_mem_free(item.phase);
    }
    suite->count = kept;
    regfree(&regex);
    return SY_OK;
}

/* The value of a field: where it is in the problem string, NULL if it is not. */
static const char *find_value(const char *problem, const char *field) {
    size_t bytes = strlen(field);
    const char *at = strchr(problem, ':');
    while (at != NULL) {
        at++;
        if (strncmp(at, field, bytes) == 0 && at[bytes] == '=') {
            return at + bytes + 1;
        }
        at = strchr(at, ',');
    }
    return NULL;
}

static bool is_op(const sy_suite_item *item, const char *op) {
    size_t bytes = strlen(op);
    return strncmp(item->problem, op, bytes) == 0 && item->problem[bytes] == ':';
}

static bool has_value(const sy_suite_item *item, const char *field, const char *value) {
    const char *found = find_value(item->problem, field);
    size_t bytes = strlen(value);
    return found != NULL && strncmp(found, value, bytes) == 0 &&
           (found[bytes] == ',' || found[bytes] == '\0');
}

/* Write `value` in place of the field's, or behind the last one if the field is not there. */
static sy_status set_value(sy_suite_item *item, const char *field, uint64_t value, sy_error *err) {
    char text[SY_SUITE_PROBLEM_MAX + 64];
    const char *found = find_value(item->problem, field);
    if (found != NULL) {
        snprintf(text, sizeof text, "%.*s%llu%s", (int)(found - item->problem), item->problem,
            (unsigned long long)value, found + strcspn(found, ","));
    } else {
        snprintf(text, sizeof text, "%s,%s=%llu", item->problem, field, (unsigned long long)value);
    }
    return sy_suite_set_text(&item->problem, text, err);
}

/* The product of one image for `batch` of them. */
static sy_status scale_gemm(sy_suite_item *item, uint64_t batch, sy_error *err) {
    const char *field = has_value(item, "weights", "dynamic") ? "batch" : "m";
    const char *found = find_value(item->problem, field);
    char text[32] = "1";
    uint64_t value = 0;
    if (found != NULL) {
        snprintf(text, sizeof text, "%.*s", (int)strcspn(found, ","), found);
    }
    if (!sy_text_to_u64(text, &value)) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: '%s' is no whole number",
            sy_word_quote(item->problem).text, field);
    }
    if (!sy_mul_u64(value, batch, &value) || value > INT64_MAX) {
        return sy_error_set(err, SY_OVERFLOW, "%s: '%s' times a batch of %llu is too large",
            sy_word_quote(item->problem).text, field, (unsigned long long)batch);
    }
    return set_value(item, field, value, err);
}

/* Number of convolutions, and whether each has one image. */
static size_t count_convs(const sy_suite *suite, bool *out_single) {
    size_t count = 0;
    *out_single = true;
    for (size_t i = 0; i < suite->count; i++) {
        if (is_op(&suite->item[i], "conv2d")) {
            count++;
            *out_single = *out_single && has_value(&suite->item[i], "n", "1");
        }
    }
    return count;
}

sy_status sy_suite_set_batch(sy_suite *suite, uint64_t batch, size_t *out_convs, sy_error *err) {
    bool is_network = true;
    size_t convs = count_convs(suite, &is_network);
    sy_status status = SY_OK;
    if (out_convs != NULL) {
        *out_convs = convs;
    }
    if (batch == 0 || batch > INT64_MAX) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a batch of %llu images", (unsigned long long)batch);
    }
    for (size_t i = 0; convs > 0 && status == SY_OK && i < suite->count; i++) {
        sy_suite_item *item = &suite->item[i];
        bool is_encode = item->phase != NULL && strcmp(item->phase, "encode") == 0;
        if (is_op(item, "conv2d")) {
            status = set_value(item, "n", batch, err);
        } else if (is_network && is_encode && is_op(item, "gemm")) {
            status = scale_gemm(item, batch, err);
        }
    }
    return status;
}
