/* Driver of problem strings: walks the fields of an op's row to parse, check, print and translate. */
#include "steelyard/spec.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/op/op.h"

sy_status sy_op_product(
    const char *name, const char *what, const int64_t *factor, size_t count, uint64_t *out, sy_error *err) {
    uint64_t product = 1;
    bool fits = true, is_zero = false;
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        is_zero = is_zero || factor[i] == 0;
        fits = fits && sy_mul_u64(product, (uint64_t)factor[i], &product);
    }
    if (is_zero)
        return SY_OK;
    if (!fits || product > SY_OP_LARGEST)
        return sy_error_set(err, SY_OVERFLOW, "%s: %s come to more than 2^62", name, what);
    *out = product;
    return SY_OK;
}

static sy_status find_row(const sy_spec *spec, const sy_op_row **out_row, sy_error *err) {
    *out_row = sy_op_find(spec->op);
    if (*out_row == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "problem: %u is no op's number", spec->op);
    return SY_OK;
}

/* Sum of the packed bytes of every tensor; each of them and the sum within the limit. */
static sy_status sum_tensors(
    const char *name, const sy_problem_storage *storage, uint64_t *out_bytes, sy_error *err) {
    uint64_t total = 0;
    for (uint32_t i = 0; i < storage->problem.n_in + storage->problem.n_out; i++) {
        uint64_t elements = 0, bytes = 0;
        sy_status status = sy_tensor_extent(&storage->tensor[i], &elements, &bytes, NULL);
        bool fits = status == SY_OK && sy_add_u64(total, bytes, &total) && total <= SY_OP_LARGEST;
        if (!fits)
            return sy_error_set(err, SY_OVERFLOW, "%s: the operands have more than 2^62 bytes", name);
    }
    *out_bytes = total;
    return SY_OK;
}

/* Compulsory bytes of a spec whose fields are checked. */
static sy_status count_bytes(const sy_op_row *row, const sy_spec *spec, uint64_t *out_bytes, sy_error *err) {
    if (row->bytes != NULL)
        return row->bytes(spec, out_bytes, err);
    sy_problem_storage storage = {0};
    row->problem(spec, &storage);
    return sum_tensors(row->name, &storage, out_bytes, err);
}

static sy_status check_fields(const sy_op_row *row, const sy_spec *spec, sy_error *err) {
    for (size_t i = 0; i < row->field_count; i++) {
        sy_status status = sy_field_check(row->name, &row->field[i], spec, err);
        if (status != SY_OK)
            return status;
    }
    return SY_OK;
}

sy_status sy_spec_validate(const sy_spec *spec, sy_error *err) {
    const sy_op_row *row = NULL;
    uint64_t unused = 0;
    sy_status status = find_row(spec, &row, err);
    if (status == SY_OK)
        status = check_fields(row, spec, err);
    if (status == SY_OK && row->validate != NULL)
        status = row->validate(spec, err);
    if (status == SY_OK && row->flop != NULL)
        status = row->flop(spec, &unused, err);
    if (status == SY_OK)
        status = count_bytes(row, spec, &unused, err);
    return status;
}

/* The keys of an op, as "m, n, k", for error texts. */
static void list_keys(const sy_op_row *row, char *out_text, size_t capacity) {
    size_t length = 0;
    out_text[0] = '\0';
    for (size_t i = 0; i < row->field_count && length < capacity; i++)
        length += (size_t)snprintf(
            out_text + length, capacity - length, "%s%s", i == 0 ? "" : ", ", row->field[i].key);
}

static sy_status find_field(const sy_op_row *row, const char *key, size_t *out_index, sy_error *err) {
    for (size_t i = 0; i < row->field_count; i++) {
        if (strcmp(row->field[i].key, key) != 0)
            continue;
        *out_index = i;
        return SY_OK;
    }
    char keys[256];
    list_keys(row, keys, sizeof keys);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: no field '%s'; there are %s", row->name, key, keys);
}

/* One "key=value" (NUL-terminated, taken apart in place) into the spec; *seen has a bit for each field met.
 */
static sy_status parse_item(const sy_op_row *row, char *item, sy_spec *spec, uint32_t *seen, sy_error *err) {
    char *equals = strchr(item, '=');
    size_t index = 0;
    if (equals == NULL)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: '%s' must be written as field=value", row->name, item);
    *equals = '\0';
    sy_status status = find_field(row, item, &index, err);
    if (status != SY_OK)
        return status;
    if ((*seen >> index & 1u) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s is given twice", row->name, item);
    *seen |= 1u << index;
    if (strlen(equals + 1) >= SY_FIELD_TEXT_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: the value of %s is longer than %u characters",
            row->name, item, SY_FIELD_TEXT_MAX - 1);
    return sy_field_parse(row->name, &row->field[index], equals + 1, spec, err);
}

static sy_status parse_items(const sy_op_row *row, char *text, sy_spec *spec, uint32_t *seen, sy_error *err) {
    for (char *item = text; item != NULL;) {
        char *comma = strchr(item, ',');
        if (comma != NULL)
            *comma = '\0';
        sy_status status = parse_item(row, item, spec, seen, err);
        if (status != SY_OK)
            return status;
        item = comma != NULL ? comma + 1 : NULL;
    }
    return SY_OK;
}

/* Fields the string did not have. */
static sy_status fill_silent(
    const sy_op_row *row, const sy_spec_defaults *defaults, uint32_t seen, sy_spec *spec, sy_error *err) {
    for (size_t i = 0; i < row->field_count; i++) {
        const sy_op_field *field = &row->field[i];
        const char *fallback = sy_field_fallback(field, defaults);
        if ((seen >> i & 1u) != 0)
            continue;
        if (fallback == NULL)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s is missing", row->name, field->key);
        sy_status status = sy_field_parse(row->name, field, fallback, spec, err);
        if (status != SY_OK)
            return status;
    }
    return SY_OK;
}

/* Copy the text and cut it at the first ':'. *out_items is what follows. */
static sy_status split_op(const char *text, char *copy, size_t capacity, const sy_op_row **out_row,
    char **out_items, sy_error *err) {
    if ((size_t)snprintf(copy, capacity, "%s", text) >= capacity)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "problem: longer than %zu characters: '%.40s...'", capacity - 1, text);
    char *colon = strchr(copy, ':');
    if (colon == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "problem '%s': no ':' after the op; write it as gemm:m=512,n=512,k=512", copy);
    *colon = '\0';
    *out_row = sy_op_find_name(copy);
    *out_items = colon + 1;
    if (*out_row == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "problem: no op '%s'; there are gemm, conv2d, copy, stream, peak", copy);
    return SY_OK;
}

sy_status sy_spec_parse(
    const char *text, const sy_spec_defaults *defaults, sy_spec *out_spec, sy_error *err) {
    static const sy_spec_defaults none = {0};
    char copy[2 * SY_SPEC_TEXT_MAX];
    const sy_op_row *row = NULL;
    char *items = NULL;
    uint32_t seen = 0;
    memset(out_spec, 0, sizeof *out_spec);
    sy_spec spec;
    memset(&spec, 0, sizeof spec);
    sy_status status = split_op(text, copy, sizeof copy, &row, &items, err);
    if (status != SY_OK)
        return status;
    spec.op = row->op;
    status = parse_items(row, items, &spec, &seen, err);
    if (status == SY_OK)
        status = fill_silent(row, defaults != NULL ? defaults : &none, seen, &spec, err);
    if (status == SY_OK)
        status = sy_spec_validate(&spec, err);
    if (status == SY_OK)
        memcpy(out_spec, &spec, sizeof spec);
    return status;
}

sy_status sy_spec_print(const sy_spec *spec, char *out_text, size_t capacity, sy_error *err) {
    const sy_op_row *row = NULL;
    char text[2 * SY_SPEC_TEXT_MAX];
    if (capacity > 0)
        out_text[0] = '\0';
    sy_status status = sy_spec_validate(spec, err);
    if (status == SY_OK)
        status = find_row(spec, &row, err);
    if (status != SY_OK)
        return status;
    size_t length = (size_t)snprintf(text, sizeof text, "%s", row->name);
    for (size_t i = 0; i < row->field_count && length + 2 < sizeof text; i++) {
        text[length++] = i == 0 ? ':' : ',';
        length += sy_field_print(&row->field[i], spec, text + length, sizeof text - length);
    }
    if (length >= capacity)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s: the problem's text has %zu bytes, there is room for %zu", row->name, length + 1, capacity);
    memcpy(out_text, text, length + 1);
    return SY_OK;
}

sy_status sy_spec_flop(const sy_spec *spec, uint64_t *out_flop, sy_error *err) {
    const sy_op_row *row = NULL;
    *out_flop = 0;
    sy_status status = sy_spec_validate(spec, err);
    if (status == SY_OK)
        status = find_row(spec, &row, err);
    if (status != SY_OK || row->flop == NULL)
        return status;
    return row->flop(spec, out_flop, err);
}

sy_status sy_spec_bytes(const sy_spec *spec, uint64_t *out_bytes, sy_error *err) {
    const sy_op_row *row = NULL;
    *out_bytes = 0;
    sy_status status = sy_spec_validate(spec, err);
    if (status == SY_OK)
        status = find_row(spec, &row, err);
    return status == SY_OK ? count_bytes(row, spec, out_bytes, err) : status;
}

sy_status sy_spec_problem(const sy_spec *spec, sy_problem_storage *out_storage, sy_error *err) {
    const sy_op_row *row = NULL;
    memset(out_storage, 0, sizeof *out_storage);
    sy_status status = sy_spec_validate(spec, err);
    if (status == SY_OK)
        status = find_row(spec, &row, err);
    if (status != SY_OK)
        return status;
    if (row->problem == NULL)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s: a copy is measured by itself, not by a plan", row->name);
    row->problem(spec, out_storage);
    return SY_OK;
}
