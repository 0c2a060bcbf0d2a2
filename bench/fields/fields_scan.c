/* Structs described by tables, read straight from the text that our own writer makes: no tree of values
 * between. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/fields/fields.h"
#include "bench/fields/json_text.h"

/* The text being read; a failed step leaves everything to the reader that can say what is wrong. */
typedef struct scan {
    const char *at, *end;
    sy_arena *arena;
} scan;

/* A list as every list type of ours begins. */
typedef struct any_list {
    const void *item;
    size_t count;
} any_list;

static void skip_space(scan *in) {
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == '\r'))
        in->at++;
}

/* Whether `mark` comes next, after space; it is taken then. */
static bool take(scan *in, char mark) {
    skip_space(in);
    if (in->at == in->end || *in->at != mark)
        return false;
    in->at++;
    return true;
}

static bool take_word(scan *in, const char *word) {
    size_t bytes = strlen(word);
    skip_space(in);
    if ((size_t)(in->end - in->at) < bytes || memcmp(in->at, word, bytes) != 0)
        return false;
    in->at += bytes;
    return true;
}

/* A string without escapes and control characters, in place. */
static bool take_plain(scan *in, const char **out_text, size_t *out_bytes) {
    if (!take(in, '"'))
        return false;
    const char *from = in->at;
    while (in->at < in->end && (unsigned char)*in->at >= 0x20 && *in->at != '"' && *in->at != '\\')
        in->at++;
    if (in->at == in->end || *in->at != '"')
        return false;
    *out_text = from;
    *out_bytes = (size_t)(in->at++ - from);
    return true;
}

static bool is_utf8(const char *text, size_t bytes) {
    unsigned char all = 0;
    for (size_t i = 0; i < bytes; i++)
        all |= (unsigned char)text[i];
    for (uint32_t code; all >= 0x80 && *text != '\0';) {
        size_t length = sy_json_decode(text, &code);
        if (length == 0)
            return false;
        text += length;
    }
    return true;
}

/* The end of a string that has begun: its closing quote. NULL: none, or a control character before it. */
static const char *end_of_text(const scan *in) {
    const char *at = in->at;
    for (; at < in->end && *at != '"'; at++) {
        if ((unsigned char)*at < 0x20)
            return NULL;
        at += *at == '\\';
    }
    return at < in->end ? at : NULL;
}

/* Quotes and backslashes are escaped in names; the other reader has the rest of the escapes. */
static bool take_text(scan *in, const char **out_text) {
    const char *end = take(in, '"') ? end_of_text(in) : NULL;
    char *text = end != NULL ? sy_arena_alloc(in->arena, (size_t)(end - in->at) + 1) : NULL;
    size_t bytes = 0;
    if (text == NULL)
        return false;
    for (; in->at < end; in->at++) {
        if (*in->at == '\\' && *++in->at != '"' && *in->at != '\\')
            return false;
        text[bytes++] = *in->at;
    }
    in->at = end + 1;
    *out_text = text;
    return is_utf8(text, bytes);
}

/* Digits into *mantissa, as many as it holds for sure; returns how many there were. */
static size_t take_digits(scan *in, uint64_t *mantissa, size_t *kept) {
    const char *from = in->at;
    for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++)
        if (*kept < 18) {
            *mantissa = *mantissa * 10 + (uint64_t)(*in->at - '0');
            *kept += *mantissa > 0;
        } else
            *kept = SIZE_MAX;
    return (size_t)(in->at - from);
}

static bool take_exponent(scan *in, int *out_exponent) {
    if (in->at == in->end || (*in->at != 'e' && *in->at != 'E'))
        return true;
    uint64_t digits = 0;
    size_t kept = 0;
    in->at++;
    bool is_negative = in->at < in->end && *in->at == '-';
    in->at += in->at < in->end && (*in->at == '-' || *in->at == '+');
    if (take_digits(in, &digits, &kept) == 0 || digits > 400)
        return false;
    *out_exponent += is_negative ? -(int)digits : (int)digits;
    return true;
}

/*
 * A number. With a mantissa below 2^53 and a power of ten up to 22 both are exact, and one operation rounds
 * correctly (Clinger, PLDI 1990); the rest is strtod()'s, if the locale lets it.
 */
static bool take_number(scan *in, double *out_value) {
    static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
        1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    skip_space(in);
    const char *from = in->at;
    in->at += in->at < in->end && *in->at == '-';
    const char *digits = in->at;
    uint64_t mantissa = 0;
    size_t kept = 0;
    size_t whole = take_digits(in, &mantissa, &kept), part = 0;
    if (whole == 0 || (whole > 1 && digits[0] == '0'))
        return false;
    bool has_point = in->at < in->end && *in->at == '.';
    in->at += has_point;
    if (has_point && (part = take_digits(in, &mantissa, &kept)) == 0)
        return false;
    /* What is whole and long may be beyond what the other reader takes. */
    int exponent = part < 400 ? -(int)part : -400;
    const char *before = in->at;
    if (!take_exponent(in, &exponent) || (whole > 18 && !has_point && in->at == before))
        return false;
    /* As a whole number this is 0, as a decimal -0. */
    if (*from == '-' && mantissa == 0)
        return false;
    if (kept <= 18 && mantissa <= UINT64_C(1) << 53 && exponent >= -22 && exponent <= 22) {
        double size =
            exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
        *out_value = *from == '-' ? -size : size;
        return true;
    }
    char *stop = NULL;
    *out_value = strtod(from, &stop);
    return stop == in->at && isfinite(*out_value);
}

static bool take_f64(scan *in, double least, double *out_value) {
    return take_number(in, out_value) && *out_value >= least;
}

static bool take_pair(scan *in, double least, double out_ends[2]) {
    return take(in, '[') && take_f64(in, least, &out_ends[0]) && take(in, ',') &&
           take_f64(in, least, &out_ends[1]) && take(in, ']') && out_ends[0] <= out_ends[1];
}

static bool take_count(scan *in, uint64_t *out_count) {
    uint64_t count = 0;
    skip_space(in);
    const char *from = in->at;
    for (; in->at < in->end && *in->at >= '0' && *in->at <= '9' && count <= INT64_MAX / 10; in->at++)
        count = count * 10 + (uint64_t)(*in->at - '0');
    *out_count = count;
    bool is_end = in->at == in->end || strchr("0123456789.eE", *in->at) == NULL;
    return in->at > from && is_end && count <= INT64_MAX && (in->at == from + 1 || from[0] != '0');
}

static bool take_tri(scan *in, sy_tri *out_tri) {
    *out_tri = take_word(in, "true") ? SY_TRI_YES : take_word(in, "false") ? SY_TRI_NO : SY_TRI_UNKNOWN;
    return *out_tri != SY_TRI_UNKNOWN;
}

static bool take_name(scan *in, const sy_field *field, uint32_t *out_index) {
    const char *text;
    size_t bytes;
    if (!take_plain(in, &text, &bytes))
        return false;
    for (size_t i = 1; i < field->n_names; i++)
        if (strncmp(field->names[i], text, bytes) == 0 && field->names[i][bytes] == '\0') {
            *out_index = (uint32_t)i;
            return true;
        }
    return false;
}

static bool take_object(scan *in, const sy_fields_part *part, size_t count);
static bool take_value(scan *in, const sy_field *field, void *value);

static bool take_group(scan *in, const sy_field_table *table, void *object) {
    sy_fields_part part = {.table = table, .object = object};
    return take_object(in, &part, 1);
}

/* Items of `bytes` bytes between brackets, each read as `item` is. */
static bool take_list(scan *in, const sy_field *item, size_t bytes, any_list *out_list) {
    size_t count = 0, room = 0;
    char *items = NULL;
    if (!take(in, '['))
        return false;
    while (!take(in, ']')) {
        if (count > 0 && !take(in, ','))
            return false;
        if (count == room) {
            room = room > 0 ? 4 * room : 16;
            char *larger = sy_arena_array(in->arena, room, bytes);
            if (larger == NULL)
                return false;
            if (count > 0)
                memcpy(larger, items, count * bytes);
            items = larger;
        }
        void *place = items + bytes * count++;
        if (item->kind == SY_FIELD_GROUP)
            sy_fields_clear(item->table, place);
        if (!take_value(in, item, place))
            return false;
    }
    *out_list = (any_list){.item = items, .count = count};
    return items != NULL;
}

static size_t item_bytes(const sy_field *item) {
    return item->kind == SY_FIELD_TEXT  ? sizeof(const char *)
           : item->kind == SY_FIELD_F64 ? sizeof(double)
                                        : item->table->bytes;
}

static bool take_items(scan *in, const sy_field *field, void *value) {
    sy_field item = *field;
    item.kind = field->kind == SY_FIELD_TEXTS  ? SY_FIELD_TEXT
                : field->kind == SY_FIELD_F64S ? SY_FIELD_F64
                                               : SY_FIELD_GROUP;
    any_list list;
    if (!take_list(in, &item, item_bytes(&item), &list))
        return false;
    memcpy(value, &list, sizeof list);
    return true;
}

static bool take_value(scan *in, const sy_field *field, void *value) {
    switch (field->kind) {
    case SY_FIELD_TEXT: return take_text(in, value);
    case SY_FIELD_F64: return take_f64(in, field->least, value);
    case SY_FIELD_PAIR: return take_pair(in, field->least, value);
    case SY_FIELD_COUNT: return take_count(in, value);
    case SY_FIELD_TRI: return take_tri(in, value);
    case SY_FIELD_NAME: return take_name(in, field, value);
    case SY_FIELD_GROUP: return take_group(in, field->table, value);
    default: return take_items(in, field, value);
    }
}

/* Which fields of a table were there, as bits. */
enum { FIELDS_MAX = 64, PARTS_MAX = 4 };

/* The field of that name, looked for from `*next` on: members mostly come in the order of the table. */
static const sy_field *find(const sy_field_table *table, const char *name, size_t bytes, size_t *next) {
    for (size_t i = 0; i < table->count; i++) {
        size_t place = *next + i < table->count ? *next + i : *next + i - table->count;
        const sy_field *field = &table->field[place];
        if (strncmp(field->name, name, bytes) == 0 && field->name[bytes] == '\0') {
            *next = place + 1 < table->count ? place + 1 : 0;
            return field;
        }
    }
    return NULL;
}

/* One member's value, into the part that has a field of that name. */
static bool take_member(scan *in, const sy_fields_part *part, size_t count, size_t next[], uint64_t seen[]) {
    const char *name;
    size_t bytes;
    if (!take_plain(in, &name, &bytes) || !take(in, ':'))
        return false;
    for (size_t i = 0; i < count; i++) {
        const sy_field *field = find(part[i].table, name, bytes, &next[i]);
        if (field == NULL)
            continue;
        uint64_t bit = UINT64_C(1) << (field - part[i].table->field);
        bool is_first = (seen[i] & bit) == 0;
        seen[i] |= bit;
        return is_first && take_value(in, field, (char *)part[i].object + field->offset);
    }
    return false;
}

static bool has_all_needed(const sy_field_table *table, uint64_t seen) {
    for (size_t i = 0; i < table->count; i++)
        if (table->field[i].is_needed && (seen >> i & 1) == 0)
            return false;
    return true;
}

static bool take_object(scan *in, const sy_fields_part *part, size_t count) {
    size_t next[PARTS_MAX] = {0};
    uint64_t seen[PARTS_MAX] = {0};
    for (size_t i = 0; i < count; i++)
        if (part[i].table->count > FIELDS_MAX)
            return false;
    if (!take(in, '{'))
        return false;
    for (bool is_first = true; !take(in, '}'); is_first = false)
        if ((!is_first && !take(in, ',')) || !take_member(in, part, count, next, seen))
            return false;
    for (size_t i = 0; i < count; i++)
        if (!has_all_needed(part[i].table, seen[i]))
            return false;
    return true;
}

bool sy_fields_scan(
    const sy_fields_part *part, size_t count, const char *text, size_t bytes, sy_arena *arena) {
    scan in = {.at = text, .end = text + bytes, .arena = arena};
    for (size_t i = 0; i < count; i++)
        sy_fields_clear(part[i].table, part[i].object);
    bool is_read = count <= PARTS_MAX && take_object(&in, part, count);
    skip_space(&in);
    return is_read && in.at == in.end;
}
