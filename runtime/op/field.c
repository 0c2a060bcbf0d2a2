/* Reading, checking and writing one field of a problem string, by its kind. */
#include "runtime/op/field.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/op/op.h"
#include "runtime/op/spec_types.h"

static void *member(const sy_op_field *field, sy_spec *spec) {
    return (char *)spec + field->offset;
}

static const void *const_member(const sy_op_field *field, const sy_spec *spec) {
    return (const char *)spec + field->offset;
}

/* What a value of each kind must look like, for error texts. */
static const char *const kind_words[] = {
    [SY_FIELD_INT] = "a whole number",
    [SY_FIELD_FLAG] = "0 or 1",
    [SY_FIELD_REAL] = "a number",
    [SY_FIELD_PAIR] = "a whole number or two as 2x1",
    [SY_FIELD_PADS] = "a whole number, two as 1x0 or four as 1x1x0x0",
    [SY_FIELD_BYTES] = "a whole number with an optional K, M, G or T of 1024",
    [SY_FIELD_COUNT] = "a whole number with an optional K, M, G or T of 1000",
};

/* Whether a text that did not convert is a number of the right form that is too large. */
static bool is_large_number(const char *text) {
    text += *text == '-' || *text == '+';
    size_t digits = strspn(text, "0123456789");
    return digits >= 4 && strspn(text + digits, "kKmMgGtT") == strlen(text + digits) &&
           strlen(text + digits) <= 1;
}

static sy_status refuse_text(const char *op, const sy_op_field *field, const char *text, sy_error *err) {
    return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s is '%s', must be %s", op, field->key, text,
        kind_words[field->kind]);
}

/* A whole number: SY_OVERFLOW when it is one that does not fit. */
static sy_status parse_int(
    const char *op, const sy_op_field *field, const char *text, int64_t *out_value, sy_error *err) {
    if (sy_text_to_i64(text, out_value))
        return SY_OK;
    if (is_large_number(text) && strpbrk(text, "kKmMgGtT") == NULL)
        return sy_error_set(err, SY_OVERFLOW, "%s: %s is %s, larger than 2^62", op, field->key, text);
    return refuse_text(op, field, text, err);
}

/* "1x2x3" into at most `most` numbers; *out_count tells how many. */
static sy_status parse_ints(const char *op, const sy_op_field *field, const char *text, size_t most,
    int64_t *out_values, size_t *out_count, sy_error *err) {
    char copy[SY_FIELD_TEXT_MAX];
    snprintf(copy, sizeof copy, "%s", text);
    char *part = copy;
    for (*out_count = 0; part != NULL; (*out_count)++) {
        char *cross = strchr(part, 'x');
        if (cross != NULL)
            *cross = '\0';
        int64_t value = 0;
        if (*out_count == most || part[0] == '\0')
            return refuse_text(op, field, text, err);
        sy_status status = parse_int(op, field, part, &value, err);
        if (status != SY_OK)
            return status == SY_OVERFLOW ? status : refuse_text(op, field, text, err);
        out_values[*out_count] = value;
        part = cross != NULL ? cross + 1 : NULL;
    }
    return SY_OK;
}

static sy_status parse_pair(
    const char *op, const sy_op_field *field, const char *text, int64_t *out_pair, sy_error *err) {
    int64_t value[2] = {0};
    size_t count = 0;
    sy_status status = parse_ints(op, field, text, 2, value, &count, err);
    if (status != SY_OK)
        return status;
    out_pair[0] = value[0];
    out_pair[1] = count == 2 ? value[1] : value[0];
    return SY_OK;
}

static sy_status parse_pads(
    const char *op, const sy_op_field *field, const char *text, int64_t *out_pads, sy_error *err) {
    int64_t value[4] = {0};
    size_t count = 0;
    sy_status status = parse_ints(op, field, text, 4, value, &count, err);
    if (status != SY_OK)
        return status;
    if (count == 3)
        return refuse_text(op, field, text, err);
    for (size_t i = 0; i < 4; i++)
        out_pads[i] = value[i % count];
    return SY_OK;
}

static sy_status parse_size(
    const char *op, const sy_op_field *field, const char *text, uint64_t *out_value, sy_error *err) {
    uint64_t base = field->kind == SY_FIELD_BYTES ? 1024 : 1000;
    if (sy_text_to_size(text, base, out_value) && strpbrk(text, "pP") == NULL)
        return SY_OK;
    if (is_large_number(text) && text[0] != '-')
        return sy_error_set(err, SY_OVERFLOW, "%s: %s is %s, larger than 2^62", op, field->key, text);
    return refuse_text(op, field, text, err);
}

/* The names a field may take, as "none, bias or relu". */
static void list_names(const sy_op_field *field, char *out_text, size_t capacity) {
    size_t length = 0;
    out_text[0] = '\0';
    for (uint32_t value = field->first; value <= field->last && length < capacity; value++) {
        const char *joint = value == field->first ? "" : value == field->last ? " or " : ", ";
        length += (size_t)snprintf(out_text + length, capacity - length, "%s%s", joint, field->name(value));
    }
}

static sy_status refuse_name(const char *op, const sy_op_field *field, const char *text, sy_error *err) {
    char names[256];
    list_names(field, names, sizeof names);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s is '%s', must be %s", op, field->key, text, names);
}

static sy_status parse_name(
    const char *op, const sy_op_field *field, const char *text, uint32_t *out_value, sy_error *err) {
    for (uint32_t value = field->first; value <= field->last; value++) {
        if (strcmp(text, field->name(value)) != 0)
            continue;
        *out_value = value;
        return SY_OK;
    }
    return refuse_name(op, field, text, err);
}

static sy_status parse_flag(
    const char *op, const sy_op_field *field, const char *text, uint32_t *out_value, sy_error *err) {
    if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
        return refuse_text(op, field, text, err);
    *out_value = text[0] == '1';
    return SY_OK;
}

static sy_status parse_real(
    const char *op, const sy_op_field *field, const char *text, double *out_value, sy_error *err) {
    return sy_text_to_f64(text, out_value) ? SY_OK : refuse_text(op, field, text, err);
}

sy_status sy_field_parse(
    const char *op, const sy_op_field *field, const char *text, sy_spec *spec, sy_error *err) {
    switch (field->kind) {
    case SY_FIELD_INT: return parse_int(op, field, text, member(field, spec), err);
    case SY_FIELD_FLAG: return parse_flag(op, field, text, member(field, spec), err);
    case SY_FIELD_REAL: return parse_real(op, field, text, member(field, spec), err);
    case SY_FIELD_PAIR: return parse_pair(op, field, text, member(field, spec), err);
    case SY_FIELD_PADS: return parse_pads(op, field, text, member(field, spec), err);
    case SY_FIELD_BYTES:
    case SY_FIELD_COUNT: return parse_size(op, field, text, member(field, spec), err);
    case SY_FIELD_NAME: return parse_name(op, field, text, member(field, spec), err);
    default: return sy_types_parse(op, text, spec, err);
    }
}

const char *sy_field_fallback(const sy_op_field *field, const sy_spec_defaults *defaults) {
    switch (field->silent) {
    case SY_SILENT_TEXT: return field->fallback;
    case SY_SILENT_DTYPE: return defaults->dtype != NULL ? defaults->dtype : "f32";
    case SY_SILENT_MATH: return sy_math_name(defaults->math);
    case SY_SILENT_WEIGHTS: return sy_spec_weights_name(defaults->weights);
    case SY_SILENT_LAYOUT: return sy_spec_layout_name(defaults->layout);
    default: return NULL;
    }
}

/* How many int64_t lie at a field. */
static size_t int_count(const sy_op_field *field) {
    return field->kind == SY_FIELD_PAIR ? 2 : field->kind == SY_FIELD_PADS ? 4 : 1;
}

static sy_status check_ints(const char *op, const sy_op_field *field, const int64_t *value, sy_error *err) {
    for (size_t i = 0; i < int_count(field); i++) {
        if (value[i] < field->least)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s is %" PRId64 ", must be at least %" PRId64,
                op, field->key, value[i], field->least);
        if ((uint64_t)value[i] > SY_OP_LARGEST)
            return sy_error_set(
                err, SY_OVERFLOW, "%s: %s is %" PRId64 ", larger than 2^62", op, field->key, value[i]);
    }
    return SY_OK;
}

static sy_status check_size(const char *op, const sy_op_field *field, uint64_t value, sy_error *err) {
    if (value < (uint64_t)field->least)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s is %" PRIu64 ", must be at least %" PRId64, op,
            field->key, value, field->least);
    if (value > SY_OP_LARGEST)
        return sy_error_set(
            err, SY_OVERFLOW, "%s: %s is %" PRIu64 ", larger than 2^62", op, field->key, value);
    return SY_OK;
}

static sy_status check_number(const char *op, const sy_op_field *field, uint32_t value, sy_error *err) {
    char text[16];
    snprintf(text, sizeof text, "%u", value);
    if (field->kind == SY_FIELD_FLAG)
        return value <= 1 ? SY_OK : refuse_text(op, field, text, err);
    return value >= field->first && value <= field->last ? SY_OK : refuse_name(op, field, text, err);
}

static sy_status check_real(const char *op, const sy_op_field *field, double value, sy_error *err) {
    return isfinite(value) ? SY_OK
                           : sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s must be finite", op, field->key);
}

sy_status sy_field_check(const char *op, const sy_op_field *field, const sy_spec *spec, sy_error *err) {
    const void *value = const_member(field, spec);
    switch (field->kind) {
    case SY_FIELD_INT:
    case SY_FIELD_PAIR:
    case SY_FIELD_PADS: return check_ints(op, field, value, err);
    case SY_FIELD_BYTES:
    case SY_FIELD_COUNT: return check_size(op, field, *(const uint64_t *)value, err);
    case SY_FIELD_FLAG:
    case SY_FIELD_NAME: return check_number(op, field, *(const uint32_t *)value, err);
    case SY_FIELD_REAL: return check_real(op, field, *(const double *)value, err);
    default: return sy_types_check(op, spec, err);
    }
}

static size_t print_ints(const sy_op_field *field, const int64_t *value, char *out_text, size_t capacity) {
    int length = 0;
    switch (field->kind) {
    case SY_FIELD_PAIR:
        length = snprintf(out_text, capacity, "%s=%" PRId64 "x%" PRId64, field->key, value[0], value[1]);
        break;
    case SY_FIELD_PADS:
        length = snprintf(out_text, capacity, "%s=%" PRId64 "x%" PRId64 "x%" PRId64 "x%" PRId64, field->key,
            value[0], value[1], value[2], value[3]);
        break;
    default: length = snprintf(out_text, capacity, "%s=%" PRId64, field->key, value[0]); break;
    }
    return (size_t)length;
}

static size_t print_text(const sy_op_field *field, const char *value, char *out_text, size_t capacity) {
    return (size_t)snprintf(out_text, capacity, "%s=%s", field->key, value);
}

static size_t print_types(const sy_op_field *field, const sy_spec *spec, char *out_text, size_t capacity) {
    return (size_t)snprintf(out_text, capacity, "%s=%s:%s:%s:%s", field->key, sy_dtype_name(spec->dtype_a),
        sy_dtype_name(spec->dtype_b), sy_dtype_name(spec->dtype_c), sy_dtype_name(spec->dtype_acc));
}

size_t sy_field_print(const sy_op_field *field, const sy_spec *spec, char *out_text, size_t capacity) {
    const void *value = const_member(field, spec);
    char text[40];
    switch (field->kind) {
    case SY_FIELD_INT:
    case SY_FIELD_PAIR:
    case SY_FIELD_PADS: return print_ints(field, value, out_text, capacity);
    case SY_FIELD_BYTES:
    case SY_FIELD_COUNT: snprintf(text, sizeof text, "%" PRIu64, *(const uint64_t *)value); break;
    case SY_FIELD_FLAG: snprintf(text, sizeof text, "%u", *(const uint32_t *)value); break;
    case SY_FIELD_NAME: return print_text(field, field->name(*(const uint32_t *)value), out_text, capacity);
    case SY_FIELD_REAL: sy_text_from_f64(*(const double *)value, text, sizeof text); break;
    default: return print_types(field, spec, out_text, capacity);
    }
    return print_text(field, text, out_text, capacity);
}
