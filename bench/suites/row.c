/* The fields of each op and of every problem as tables, and the checks of their values. */
#include "bench/suites/row.h"

#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <stdio.h>
#include <string.h>

/* Kinds of fields; each is a row of `kinds` below. */
enum { KIND_INTEGER, KIND_PAIR, KIND_PADS, KIND_BYTES, KIND_FLOP, KIND_REAL, KIND_WORD };

typedef struct row_field {
    const char *name;
    uint32_t kind;
    bool is_needed;
} row_field;

struct sy_row_op {
    const char *name;
    row_field field[SY_ROW_FIELDS_MAX];
};

/* Fields in the order in which they are written; the grammar is sy_spec_parse()'s. */
static const sy_row_op ops[] = {
    {"gemm", {{"m", KIND_INTEGER, true}, {"n", KIND_INTEGER, true}, {"k", KIND_INTEGER, true},
                 {"batch", KIND_INTEGER, false}, {"ta", KIND_INTEGER, false}, {"tb", KIND_INTEGER, false},
                 {"alpha", KIND_REAL, false}, {"beta", KIND_REAL, false}, {"epilogue", KIND_WORD, false},
                 {"dtype", KIND_WORD, false}, {"math", KIND_WORD, false}, {"weights", KIND_WORD, false}}},
    {"conv2d", {{"n", KIND_INTEGER, true}, {"c", KIND_INTEGER, true}, {"h", KIND_INTEGER, true},
                   {"w", KIND_INTEGER, true}, {"k", KIND_INTEGER, true}, {"r", KIND_INTEGER, true},
                   {"s", KIND_INTEGER, true}, {"stride", KIND_PAIR, false}, {"pad", KIND_PADS, false},
                   {"dilation", KIND_PAIR, false}, {"groups", KIND_INTEGER, false},
                   {"layout", KIND_WORD, false}, {"epilogue", KIND_WORD, false}, {"dtype", KIND_WORD, false},
                   {"math", KIND_WORD, false}, {"weights", KIND_WORD, false}}},
    {"copy", {{"bytes", KIND_BYTES, true}, {"kind", KIND_WORD, true}, {"pinned", KIND_INTEGER, false}}},
    {"stream", {{"bytes", KIND_BYTES, true}, {"kind", KIND_WORD, true}}},
    {"peak", {{"flop", KIND_FLOP, true}, {"dtype", KIND_WORD, false}}},
};

#define OP_COUNT (sizeof ops / sizeof ops[0])

static bool is_integer(const char *text) {
    uint64_t value;
    return sy_text_to_u64(text, &value) && value <= INT64_MAX;
}

/* Whole numbers parted by 'x', as many as one of the bits in `counts` says. */
static bool is_tuple(const char *text, uint32_t counts) {
    char number[SY_ROW_VALUE_MAX + 1];
    uint32_t count = 0;
    for (const char *at = text;; at++) {
        size_t bytes = strcspn(at, "x");
        memcpy(number, at, bytes);
        number[bytes] = '\0';
        if (!is_integer(number) || ++count > 4) {
            return false;
        }
        at += bytes;
        if (*at == '\0') {
            return (counts >> count & 1u) != 0;
        }
    }
}

static bool is_pair(const char *text) {
    return is_tuple(text, 1u << 1 | 1u << 2);
}

static bool is_pads(const char *text) {
    return is_tuple(text, 1u << 1 | 1u << 2 | 1u << 4);
}

static bool is_bytes(const char *text) {
    uint64_t value;
    return sy_text_to_size(text, 1024, &value) && value <= INT64_MAX;
}

static bool is_flop(const char *text) {
    uint64_t value;
    return sy_text_to_size(text, 1000, &value) && value <= INT64_MAX;
}

static bool is_real(const char *text) {
    double value;
    return sy_text_to_f64(text, &value);
}

static bool is_word(const char *text) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_:";
    return *text != '\0' && text[strspn(text, letters)] == '\0';
}

/* By KIND_*: the types that may stand for it (a sweep is always a string), its check, and what is wanted. */
static const struct {
    uint32_t types;
    bool (*check)(const char *text);
    const char *wanted;
} kinds[] = {
    [KIND_INTEGER] = {SY_CELL_INTEGER, is_integer, "a whole number of at least 0"},
    [KIND_PAIR] = {SY_CELL_INTEGER | SY_CELL_NUMBERS, is_pair,
        "a whole number or a pair [vertical, horizontal]"},
    [KIND_PADS] = {SY_CELL_INTEGER | SY_CELL_NUMBERS, is_pads,
        "a whole number, [vertical, horizontal] or [top, left, bottom, right]"},
    [KIND_BYTES] = {SY_CELL_INTEGER | SY_CELL_STRING, is_bytes, "a number of bytes such as 4096 or \"64M\""},
    [KIND_FLOP] = {SY_CELL_INTEGER | SY_CELL_STRING, is_flop, "a number such as 1000000 or \"10G\""},
    [KIND_REAL] = {SY_CELL_INTEGER | SY_CELL_REAL, is_real, "a number"},
    [KIND_WORD] = {SY_CELL_STRING, is_word, "a word of lower-case letters, digits, '_' and ':'"},
};

/* A sweep is expanded, and judged, later; here it only may not break out of its field. */
static bool is_sweep(const char *text) {
    size_t bytes = strlen(text);
    return bytes > 2 && text[0] == '[' && strcspn(text, "]") == bytes - 1 && strpbrk(text + 1, "[ =") == NULL;
}

static bool set_count(sy_row *row, const char *text) {
    return sy_text_to_u64(text, &row->count) && row->count >= 1 && row->count <= SY_SUITE_COUNT_MAX;
}

static bool set_context(sy_row *row, const char *text) {
    return sy_text_to_u64(text, &row->context) && row->context <= INT64_MAX;
}

static bool set_verified(sy_row *row, const char *text) {
    row->verified = strcmp(text, "false") != 0;
    return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
}

static bool copy_clean(char *out, size_t most, const char *text) {
    size_t bytes = strlen(text);
    if (bytes == 0 || bytes > most || !sy_word_is_clean(text, bytes)) {
        return false;
    }
    memcpy(out, text, bytes + 1);
    return true;
}

static bool set_name(sy_row *row, const char *text) {
    return copy_clean(row->name, SY_SUITE_NAME_MAX, text);
}

static bool set_phase(sy_row *row, const char *text) {
    return copy_clean(row->phase, SY_SUITE_PHASE_MAX, text) && is_word(text);
}

static bool set_hints(sy_row *row, const char *text) {
    char name[16];
    row->dtype_hint_count = 0;
    for (const char *at = text + strspn(text, " ;"); *at != '\0'; at += strspn(at, " ;")) {
        size_t bytes = strcspn(at, " ;");
        if (bytes >= sizeof name || row->dtype_hint_count == SY_SUITE_HINTS_MAX) {
            return false;
        }
        memcpy(name, at, bytes);
        name[bytes] = '\0';
        uint32_t dtype = sy_dtype_parse(name);
        if (dtype == SY_DTYPE_NONE) {
            return false;
        }
        row->dtype_hint[row->dtype_hint_count++] = dtype;
        at += bytes;
    }
    return true;
}

/* Fields that every problem may have. */
static const struct {
    const char *name;
    uint32_t types;
    bool (*set)(sy_row *row, const char *text);
    const char *wanted;
} common[] = {
    {"name", SY_CELL_STRING, set_name, "a text of 1 to 200 bytes without control characters"},
    {"count", SY_CELL_INTEGER, set_count, "a whole number from 1 to 1000000000"},
    {"phase", SY_CELL_STRING, set_phase, "a lower-case word such as decode, prefill or encode"},
    {"context", SY_CELL_INTEGER, set_context, "a whole number of at least 0"},
    {"dtype_hint", SY_CELL_WORDS, set_hints, "a list of at most 8 types such as f32, bf16, int8"},
    {"verified", SY_CELL_BOOL, set_verified, "true or false"},
};

#define COMMON_COUNT (sizeof common / sizeof common[0])

/* Index in the op's fields, or SY_ROW_FIELDS_MAX. */
static size_t find_field(const sy_row_op *op, const char *name) {
    for (size_t i = 0; i < SY_ROW_FIELDS_MAX && op->field[i].name != NULL; i++) {
        if (strcmp(op->field[i].name, name) == 0) {
            return i;
        }
    }
    return SY_ROW_FIELDS_MAX;
}

static size_t find_common(const char *name) {
    size_t i = 0;
    while (i < COMMON_COUNT && strcmp(common[i].name, name) != 0) {
        i++;
    }
    return i;
}

static sy_status refuse(const char *field, const char *text, const char *wanted, sy_error *err) {
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "'%s' is %s, wanted is %s", field, sy_word_quote(text).text, wanted);
}

sy_status sy_row_begin(sy_row *row, const char *op, sy_error *err) {
    *row = (sy_row){.count = 1, .verified = true};
    for (size_t i = 0; i < OP_COUNT; i++) {
        if (strcmp(ops[i].name, op) == 0) {
            row->op = &ops[i];
            return SY_OK;
        }
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "unknown op %s (there are gemm, conv2d, copy, stream, peak)", sy_word_quote(op).text);
}

uint32_t sy_row_types(const sy_row *row, const char *field) {
    size_t index = find_field(row->op, field), shared = find_common(field);
    if (index < SY_ROW_FIELDS_MAX) {
        return kinds[row->op->field[index].kind].types | SY_CELL_STRING;
    }
    return shared < COMMON_COUNT ? common[shared].types : 0;
}

sy_status sy_row_set(sy_row *row, const char *field, uint32_t type, const char *text, sy_error *err) {
    size_t index = find_field(row->op, field), shared = find_common(field);
    if (index < SY_ROW_FIELDS_MAX) {
        uint32_t kind = row->op->field[index].kind;
        bool fits = strlen(text) <= SY_ROW_VALUE_MAX;
        bool swept = (type & SY_CELL_STRING) != 0 && is_sweep(text);
        bool right = (type & kinds[kind].types) != 0 && fits && kinds[kind].check(text);
        if (!fits || !(swept || right)) {
            return refuse(field, text, kinds[kind].wanted, err);
        }
        memcpy(row->value[index], text, strlen(text) + 1);
    } else if (shared < COMMON_COUNT) {
        if ((type & common[shared].types) == 0 || !common[shared].set(row, text)) {
            return refuse(field, text, common[shared].wanted, err);
        }
    }
    return SY_OK;
}

sy_status sy_row_print(const sy_row *row, char out_text[SY_SUITE_PROBLEM_MAX + 1], sy_error *err) {
    size_t used = (size_t)snprintf(out_text, SY_SUITE_PROBLEM_MAX + 1, "%s", row->op->name);
    char separator = ':';
    for (size_t i = 0; i < SY_ROW_FIELDS_MAX && row->op->field[i].name != NULL; i++) {
        const row_field *field = &row->op->field[i];
        if (row->value[i][0] == '\0' && field->is_needed) {
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "%s needs the field '%s'", row->op->name, field->name);
        }
        if (row->value[i][0] == '\0') {
            continue;
        }
        size_t room = SY_SUITE_PROBLEM_MAX + 1 - used;
        used += (size_t)snprintf(out_text + used, room, "%c%s=%s", separator, field->name, row->value[i]);
        if (used > SY_SUITE_PROBLEM_MAX) {
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "problem longer than %u characters", SY_SUITE_PROBLEM_MAX);
        }
        separator = ',';
    }
    return SY_OK;
}
