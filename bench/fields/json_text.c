/* Writing JSON text. */
#include "bench/fields/json_text.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t sy_json_decode(const char *text, uint32_t *out_code) {
    const unsigned char *s = (const unsigned char *)text;
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } rows[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((s[0] & rows[i].mask) != rows[i].lead)
            continue;
        uint32_t code = s[0] & (unsigned char)~rows[i].mask;
        for (size_t j = 1; j <= i; j++) {
            if ((s[j] & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (s[j] & 0x3fu);
        }
        bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
        *out_code = code;
        return code < rows[i].least || code > 0x10ffff || is_surrogate ? 0 : i + 1;
    }
    return 0;
}

static bool needs_escape(uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

void sy_json_quote(sy_text *out, const char *text) {
    if (text == NULL) {
        sy_text_append(out, "null", 4);
        return;
    }
    const char *next = text;
    sy_text_append(out, "\"", 1);
    while (*next != '\0') {
        uint32_t code = 0;
        size_t length = sy_json_decode(next, &code);
        if (length == 0)
            sy_text_append(out, "\\ufffd", 6);
        else if (needs_escape(code))
            sy_text_printf(out, "\\u%04" PRIx32, code);
        else {
            if (code == '"' || code == '\\')
                sy_text_append(out, "\\", 1);
            sy_text_append(out, next, length);
        }
        next += length > 0 ? length : 1;
    }
    sy_text_append(out, "\"", 1);
}

/* Digits of a whole number below 10^15, at least `least` of them; returns how many. */
static size_t write_digits(uint64_t whole, size_t least, char *out_text) {
    char reversed[20];
    size_t count = 0;
    for (; whole > 0 || count < least; whole /= 10)
        reversed[count++] = (char)('0' + whole % 10);
    for (size_t i = 0; i < count; i++)
        out_text[i] = reversed[count - 1 - i];
    return count;
}

/*
 * Numbers with few decimals, as most are that were measured: with `scale` a power of ten that is exact and a
 * product that is a whole number below 10^15, the quotient is rounded once and correctly, as a reader's is.
 * So the text reads back equal, and no other of 15 digits does. Returns the text's length; 0: not such a
 * number.
 */
static size_t write_short(double value, char out_text[40]) {
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
    double size = fabs(value);
    size_t used = 0;
    if (!(size >= 1e-4 && size < 1e15))
        return 0;
    for (size_t i = 0; i < sizeof scales / sizeof scales[0] && size * scales[i] < 1e15; i++) {
        double whole = rint(size * scales[i]);
        double back = whole / scales[i];
        if (memcmp(&back, &size, sizeof size) != 0)
            continue;
        uint64_t units = (uint64_t)whole, scale = (uint64_t)scales[i];
        if (value < 0.0)
            out_text[used++] = '-';
        used += write_digits(units / scale, 1, out_text + used);
        if (i > 0)
            out_text[used++] = '.';
        return used + (i > 0 ? write_digits(units % scale, i, out_text + used) : 0);
    }
    return 0;
}

void sy_json_f64(sy_text *out, double value) {
    char text[40] = "null";
    size_t length = write_short(value, text);
    if (length > 0) {
        sy_text_append(out, text, length);
        return;
    }
    bool is_c = localeconv()->decimal_point[0] == '.';
    if (isfinite(value) && !is_c)
        sy_text_from_f64(value, text, sizeof text);
    /* What has a form of 15 digits or less is given by 15: trailing zeros go. Few numbers need 16 or 17. */
    for (int digits = 15; isfinite(value) && is_c && digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (memcmp(&back, &value, sizeof value) == 0)
            break;
    }
    sy_text_append(out, text, strlen(text));
}

double sy_json_round9(double value) {
    if (!isfinite(value) || value == 0.0)
        return value;
    int power = 8 - (int)floor(log10(fabs(value)));
    if (power > 22 || power < -22)
        return value;
    /* Powers of ten up to 22 are exact, so one rounding is left: that of the last operation. */
    double scale = pow(10.0, abs(power));
    return power >= 0 ? round(value * scale) / scale : round(value / scale) * scale;
}
