/* Which element types go together in a product, and how they are written. */
#include "runtime/op/spec_types.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/op/field.h"

/* What a short form stands for; the sum type also completes the three-part form by its first type. */
typedef struct short_form {
    uint32_t a, b, c, acc;
} short_form;

/* The 8-bit floats give bf16: they have too little range for unscaled results, and libraries do the same. */
static const short_form short_forms[] = {
    {SY_F64, SY_F64, SY_F64, SY_F64},
    {SY_F32, SY_F32, SY_F32, SY_F32},
    {SY_F16, SY_F16, SY_F16, SY_F32},
    {SY_BF16, SY_BF16, SY_BF16, SY_F32},
    {SY_F8E4M3, SY_F8E4M3, SY_BF16, SY_F32},
    {SY_F8E5M2, SY_F8E5M2, SY_BF16, SY_F32},
    {SY_S8, SY_S8, SY_S32, SY_S32},
    {SY_U8, SY_S8, SY_S32, SY_S32},
};

#define BIT(dtype) (1u << (dtype))

/* Types that go together, as sets of bits. `words`: what the row allows, for error texts. */
typedef struct type_row {
    uint32_t a, b, c, acc;
    const char *words;
} type_row;

static const type_row type_rows[] = {
    {BIT(SY_F64), BIT(SY_F64), BIT(SY_F64), BIT(SY_F64), "f64:f64:f64:f64"},
    {BIT(SY_F32), BIT(SY_F32), BIT(SY_F32), BIT(SY_F32), "f32:f32:f32:f32"},
    {BIT(SY_F16), BIT(SY_F16), BIT(SY_F16) | BIT(SY_BF16) | BIT(SY_F32), BIT(SY_F32) | BIT(SY_F16),
        "f16:f16 with result f16, bf16 or f32 and sums in f32 or f16"},
    {BIT(SY_BF16), BIT(SY_BF16), BIT(SY_F16) | BIT(SY_BF16) | BIT(SY_F32), BIT(SY_F32),
        "bf16:bf16 with result bf16, f16 or f32 and sums in f32"},
    {BIT(SY_F8E4M3) | BIT(SY_F8E5M2), BIT(SY_F8E4M3) | BIT(SY_F8E5M2),
        BIT(SY_F8E4M3) | BIT(SY_F8E5M2) | BIT(SY_F16) | BIT(SY_BF16) | BIT(SY_F32), BIT(SY_F32),
        "f8e4m3 or f8e5m2 each, with result f8, f16, bf16 or f32 and sums in f32"},
    {BIT(SY_S8) | BIT(SY_U8), BIT(SY_S8), BIT(SY_S32) | BIT(SY_F16) | BIT(SY_BF16) | BIT(SY_F32), BIT(SY_S32),
        "s8 or u8 with s8, sums in s32, result s32, or f16, bf16, f32 by epilogue=dequant"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const short_form *find_short_form(uint32_t dtype) {
    for (size_t i = 0; i < COUNT(short_forms); i++)
        if (short_forms[i].a == dtype)
            return &short_forms[i];
    return NULL;
}

static sy_status refuse_type(const char *op, const char *text, sy_error *err) {
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "%s: '%s' is no element type: f64, f32, f16, bf16, f8e4m3, f8e5m2, s8, u8 or s32", op, text);
}

/* "a:b:c:d" into at most 4 types; *out_count tells how many. */
static sy_status parse_parts(
    const char *op, const char *text, uint32_t out_type[4], size_t *out_count, sy_error *err) {
    char copy[SY_FIELD_TEXT_MAX];
    if ((size_t)snprintf(copy, sizeof copy, "%s", text) >= sizeof copy)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: dtype is too long", op);
    char *part = copy;
    for (*out_count = 0; part != NULL && *out_count < 4; (*out_count)++) {
        char *colon = strchr(part, ':');
        if (colon != NULL)
            *colon = '\0';
        out_type[*out_count] = sy_dtype_parse(part);
        if (out_type[*out_count] == SY_DTYPE_NONE)
            return refuse_type(op, part, err);
        part = colon != NULL ? colon + 1 : NULL;
    }
    if (part != NULL || *out_count == 2)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: dtype is '%s', must be one type or a:b:c or a:b:c:sums", op, text);
    return SY_OK;
}

sy_status sy_types_parse(const char *op, const char *text, sy_spec *spec, sy_error *err) {
    uint32_t type[4] = {0};
    size_t count = 0;
    sy_status status = parse_parts(op, text, type, &count, err);
    if (status != SY_OK)
        return status;
    const short_form *known = find_short_form(type[0]);
    if (known == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: dtype is '%s': no products of %s are defined", op, text,
            sy_dtype_name(type[0]));
    spec->dtype_a = type[0];
    spec->dtype_b = count > 1 ? type[1] : known->b;
    spec->dtype_c = count > 1 ? type[2] : known->c;
    spec->dtype_acc = count > 3 ? type[3] : known->acc;
    if (spec->op == SY_SPEC_PEAK)
        spec->dtype_c = spec->dtype_acc;
    return SY_OK;
}

/* The sums of integers are themselves the result, or are scaled into a float by `dequant`; nothing else. */
static sy_status check_epilogue(const char *op, const sy_spec *spec, sy_error *err) {
    bool is_integer = spec->dtype_acc == SY_S32;
    bool is_dequant = spec->epilogue == SY_EPILOGUE_DEQUANT;
    if (!is_integer && is_dequant)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s: epilogue dequant needs sums in s32 (dtype=s8:s8:f16:s32), they are in %s", op,
            sy_dtype_name(spec->dtype_acc));
    if (is_integer && is_dequant && spec->dtype_c == SY_S32)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s: epilogue dequant gives f16, bf16 or f32, not s32 (dtype=s8:s8:f16:s32)", op);
    if (is_integer && !is_dequant && spec->dtype_c != SY_S32)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: result %s of integer sums needs epilogue=dequant", op,
            sy_dtype_name(spec->dtype_c));
    if (is_integer && !is_dequant && spec->epilogue != SY_EPILOGUE_NONE)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s: epilogue %s is not defined for integer sums, only dequant", op,
            sy_spec_epilogue_name(spec->epilogue));
    return SY_OK;
}

static bool is_in(uint32_t set, uint32_t dtype) {
    return (set >> dtype & 1u) != 0;
}

sy_status sy_types_check(const char *op, const sy_spec *spec, sy_error *err) {
    const uint32_t type[4] = {spec->dtype_a, spec->dtype_b, spec->dtype_c, spec->dtype_acc};
    for (size_t i = 0; i < 4; i++)
        if (type[i] == SY_DTYPE_NONE || type[i] >= SY_DTYPE_COUNT)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %u is no element type's number", op, type[i]);
    if (spec->op == SY_SPEC_PEAK && spec->dtype_c != spec->dtype_acc)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: the result is the sums, its type must be %s", op,
            sy_dtype_name(spec->dtype_acc));
    const short_form *known = find_short_form(type[0]);
    if (spec->op == SY_SPEC_PEAK && known != NULL && known->b != type[1])
        return sy_error_set(err, SY_UNSUPPORTED, "%s: inputs %s:%s; write one type", op,
            sy_dtype_name(type[0]), sy_dtype_name(type[1]));
    const char *words = "no products are defined";
    for (size_t i = 0; i < COUNT(type_rows); i++) {
        const type_row *row = &type_rows[i];
        if (!is_in(row->a, type[0]))
            continue;
        words = row->words;
        bool c_fits = spec->op == SY_SPEC_PEAK || is_in(row->c, type[2]);
        if (is_in(row->b, type[1]) && c_fits && is_in(row->acc, type[3]))
            return spec->op == SY_SPEC_PEAK ? SY_OK : check_epilogue(op, spec, err);
    }
    return sy_error_set(err, SY_UNSUPPORTED, "%s: no arithmetic for dtype %s:%s:%s:%s; for %s: %s", op,
        sy_dtype_name(type[0]), sy_dtype_name(type[1]), sy_dtype_name(type[2]), sy_dtype_name(type[3]),
        sy_dtype_name(type[0]), words);
}
