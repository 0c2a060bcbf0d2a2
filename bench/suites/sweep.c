/* Expanding sweeps: find the swept fields, count the combinations, then count through them like an odometer.
 */
#include "bench/suites/sweep.h"

#include "bench/suites/suite.h"
#include "bench/words/words.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <stdio.h>
#include <string.h>

#define VALUE_MAX 40u
#define TAG_MAX (SY_SWEEP_AXES_MAX * (VALUE_MAX + 24u))

enum { AXIS_LIST, AXIS_ADD, AXIS_MULTIPLY };

/* One swept field; begin..end is its "[...]" in the problem string. */
typedef struct sweep_axis {
    const char *field;
    size_t field_bytes, begin, end;
    int kind;
    uint64_t first, last, step, count;
} sweep_axis;

typedef struct sweep_plan {
    const char *problem;
    sweep_axis axis[SY_SWEEP_AXES_MAX];
    size_t count;
} sweep_plan;

static sy_status refuse(const sweep_plan *plan, const sweep_axis *axis, const char *why, sy_error *err) {
    sy_quoted field = sy_word_quote_bytes(axis->field, axis->field_bytes);
    sy_quoted text = sy_word_quote_bytes(plan->problem + axis->begin, axis->end - axis->begin);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "sweep of %s: %s %s", field.text, text.text, why);
}

/* A number between two places of the problem; sizes may have a suffix. */
static bool read_number(const sweep_axis *axis, const char *begin, const char *end, uint64_t *out_value) {
    char text[VALUE_MAX];
    size_t bytes = (size_t)(end - begin);
    if (bytes >= sizeof text) {
        return false;
    }
    memcpy(text, begin, bytes);
    text[bytes] = '\0';
    bool is_size = axis->field_bytes == 5 && memcmp(axis->field, "bytes", 5) == 0;
    bool good = is_size ? sy_text_to_size(text, 1024, out_value) : sy_text_to_u64(text, out_value);
    return good && *out_value <= INT64_MAX;
}

static bool is_list_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("._:,+-", c) != NULL);
}

static sy_status read_list(const sweep_plan *plan, sweep_axis *axis, sy_error *err) {
    axis->kind = AXIS_LIST;
    axis->count = 1;
    size_t value_bytes = 0;
    for (size_t at = axis->begin + 1; at + 1 < axis->end; at++) {
        char c = plan->problem[at];
        bool is_comma = c == ',';
        if (!is_list_character(c) || (is_comma && value_bytes == 0) || value_bytes + 1 >= VALUE_MAX) {
            return refuse(plan, axis, "is no list of values such as [1,8,32]", err);
        }
        value_bytes = is_comma ? 0 : value_bytes + 1;
        axis->count += is_comma;
    }
    return value_bytes > 0 ? SY_OK : refuse(plan, axis, "has an empty value", err);
}

/* How many values; the range is already known to be sound. */
static uint64_t count_range(const sweep_axis *axis) {
    if (axis->kind == AXIS_ADD) {
        return (axis->last - axis->first) / axis->step + 1;
    }
    uint64_t count = 1;
    for (uint64_t value = axis->first; value <= axis->last / axis->step; value *= axis->step) {
        count++;
    }
    return count;
}

/* "[from:to*factor]" or "[from:to+step]"; `colon` is where its ':' is. */
static sy_status read_range(const sweep_plan *plan, sweep_axis *axis, const char *colon, sy_error *err) {
    const char *begin = plan->problem + axis->begin + 1, *end = plan->problem + axis->end - 1;
    const char *sign = colon + 1 + strcspn(colon + 1, "*+]");
    if (*sign == ']') {
        return refuse(plan, axis, "needs a factor or a step: [64:4096*2], [64:1024+64]", err);
    }
    axis->kind = *sign == '*' ? AXIS_MULTIPLY : AXIS_ADD;
    if (!read_number(axis, begin, colon, &axis->first) || !read_number(axis, colon + 1, sign, &axis->last) ||
        !read_number(axis, sign + 1, end, &axis->step)) {
        return refuse(plan, axis, "is no range such as [64:4096*2] or [64:1024+64]", err);
    }
    if (axis->first > axis->last) {
        return refuse(plan, axis, "ends before it begins", err);
    }
    if (axis->kind == AXIS_MULTIPLY ? axis->first < 1 || axis->step < 2 : axis->step < 1) {
        return refuse(plan, axis,
            "never ends: begin at 1 or more with a factor of 2 or more, or step by 1 or more", err);
    }
    axis->count = count_range(axis);
    return SY_OK;
}

/* The axis whose '[' is at `begin`. */
static sy_status read_axis(const sweep_plan *plan, size_t begin, sweep_axis *axis, sy_error *err) {
    const char *text = plan->problem;
    size_t length = strcspn(text + begin, "]");
    sy_quoted rest = sy_word_quote(text + begin);
    size_t field = begin;
    while (field > 0 && text[field - 1] != ',' && text[field - 1] != ':') {
        field--;
    }
    if (text[begin + length] == '\0' || begin < field + 2 || text[begin - 1] != '=') {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: a sweep is written field=[...]", rest.text);
    }
    axis->field = text + field;
    axis->field_bytes = begin - 1 - field;
    axis->begin = begin;
    axis->end = begin + length + 1;
    if (text[axis->end] != '\0' && text[axis->end] != ',') {
        return refuse(plan, axis, "must be followed by a comma or the end", err);
    }
    const char *colon = memchr(text + begin, ':', length);
    bool has_comma = memchr(text + begin, ',', length) != NULL;
    return colon != NULL && !has_comma ? read_range(plan, axis, colon, err) : read_list(plan, axis, err);
}

static sy_status read_sweep(const char *problem, sweep_plan *out_plan, sy_error *err) {
    *out_plan = (sweep_plan){.problem = problem};
    for (size_t at = strcspn(problem, "["); problem[at] != '\0'; at += strcspn(problem + at, "[")) {
        if (out_plan->count == SY_SWEEP_AXES_MAX) {
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: more than %u swept fields",
                sy_word_quote(problem).text, SY_SWEEP_AXES_MAX);
        }
        sweep_axis *axis = &out_plan->axis[out_plan->count];
        sy_status status = read_axis(out_plan, at, axis, err);
        if (status != SY_OK) {
            return status;
        }
        out_plan->count++;
        at = axis->end;
    }
    return SY_OK;
}

/* Value `index` of an axis as text. */
static void print_value(
    const sweep_plan *plan, const sweep_axis *axis, uint64_t index, char out_text[VALUE_MAX]) {
    if (axis->kind == AXIS_LIST) {
        const char *value = plan->problem + axis->begin + 1;
        for (uint64_t i = 0; i < index; i++) {
            value += strcspn(value, ",") + 1;
        }
        size_t bytes = strcspn(value, ",]");
        memcpy(out_text, value, bytes);
        out_text[bytes] = '\0';
        return;
    }
    uint64_t value = axis->first;
    for (uint64_t i = 0; axis->kind == AXIS_MULTIPLY && i < index; i++) {
        value *= axis->step;
    }
    value += axis->kind == AXIS_ADD ? index * axis->step : 0;
    snprintf(out_text, VALUE_MAX, "%llu", (unsigned long long)value);
}

/* One combination: the problem with a value in place of each sweep, and its tag. */
static sy_status emit_one(
    const sweep_plan *plan, const uint64_t *index, sy_sweep_emit *emit, void *ctx, sy_error *err) {
    char problem[SY_SUITE_PROBLEM_MAX + 1 + SY_SWEEP_AXES_MAX * VALUE_MAX];
    char tag[TAG_MAX] = "", value[VALUE_MAX];
    size_t used = 0, from = 0, tag_used = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const sweep_axis *axis = &plan->axis[i];
        print_value(plan, axis, index[i], value);
        used += (size_t)snprintf(problem + used, sizeof problem - used, "%.*s%s", (int)(axis->begin - from),
            plan->problem + from, value);
        from = axis->end;
        int field_bytes = axis->field_bytes < 20 ? (int)axis->field_bytes : 20;
        tag_used += (size_t)snprintf(
            tag + tag_used, sizeof tag - tag_used, ".%.*s%s", field_bytes, axis->field, value);
    }
    snprintf(problem + used, sizeof problem - used, "%s", plan->problem + from);
    return emit(ctx, problem, tag, err);
}

static bool count_next(const sweep_plan *plan, uint64_t *index) {
    for (size_t i = plan->count; i > 0; i--) {
        if (++index[i - 1] < plan->axis[i - 1].count) {
            return true;
        }
        index[i - 1] = 0;
    }
    return false;
}

sy_status sy_sweep_expand(
    const char *problem, uint64_t limit, sy_sweep_emit *emit, void *ctx, sy_error *err) {
    if (strlen(problem) > SY_SUITE_PROBLEM_MAX) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: longer than %u characters",
            sy_word_quote(problem).text, SY_SUITE_PROBLEM_MAX);
    }
    sweep_plan plan;
    sy_status status = read_sweep(problem, &plan, err);
    uint64_t total = 1;
    for (size_t i = 0; status == SY_OK && i < plan.count; i++) {
        if (!sy_mul_u64(total, plan.axis[i].count, &total)) {
            total = UINT64_MAX;
            break;
        }
    }
    if (status == SY_OK && total > limit) {
        return sy_error_set(err, SY_OVERFLOW, "%s stands for more than %llu problems",
            sy_word_quote(problem).text, (unsigned long long)limit);
    }
    uint64_t index[SY_SWEEP_AXES_MAX] = {0};
    bool more = status == SY_OK;
    while (more) {
        status = emit_one(&plan, index, emit, ctx, err);
        more = status == SY_OK && count_next(&plan, index);
    }
    return status;
}
