/* Numbers and strings in the C locale. */
#include "runtime/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/seam.h"

bool sy_text_to_i64(const char *text, int64_t *out_value) {
    char *end = NULL;
    if (!isdigit((unsigned char)text[text[0] == '-' || text[0] == '+']))
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *out_value = value;
    return true;
}

bool sy_text_to_u64(const char *text, uint64_t *out_value) {
    char *end = NULL;
    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *out_value = value;
    return true;
}

/* strtod reads the user's decimal point; this one always reads '.', by switching this thread's locale. */
static double parse_double(const char *text, char **end) {
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0) {
        *end = (char *)(uintptr_t)text;
        return 0.0;
    }
    locale_t previous = uselocale(c_locale);
    double value = strtod(text, end);
    uselocale(previous);
    freelocale(c_locale);
    return value;
}

/* The leading number of a text; false unless it is finite, decimal and begins with a digit, sign or point. */
static bool leading_double(const char *text, double *out_value, const char **out_rest) {
    char *end = NULL;
    if (text[0] == '\0' || strchr("+-.0123456789", text[0]) == NULL || strpbrk(text, "xX") != NULL)
        return false;
    double value = parse_double(text, &end);
    if (end == text || !isfinite(value))
        return false;
    *out_value = value;
    *out_rest = end;
    return true;
}

bool sy_text_to_f64(const char *text, double *out_value) {
    const char *rest = NULL;
    double value = 0.0;
    if (!leading_double(text, &value, &rest) || *rest != '\0')
        return false;
    *out_value = value;
    return true;
}

/* Exponent of a one-letter suffix: K 1 ... P 5, none 0, anything else -1. */
static int suffix_power(const char *suffix) {
    static const char letters[] = "KMGTP";
    if (suffix[0] == '\0')
        return 0;
    const char *found = strchr(letters, toupper((unsigned char)suffix[0]));
    return found != NULL && suffix[1] == '\0' ? (int)(found - letters) + 1 : -1;
}

bool sy_text_to_size(const char *text, uint64_t base, uint64_t *out_value) {
    char *end = NULL;
    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    int power = suffix_power(end);
    if (errno != 0 || power < 0)
        return false;
    for (; power > 0; power--)
        if (__builtin_mul_overflow(value, base, &value))
            return false;
    *out_value = value;
    return true;
}

bool sy_text_to_rate(const char *text, double *out_value) {
    const char *rest = NULL;
    double value = 0.0;
    if (!leading_double(text, &value, &rest) || suffix_power(rest) < 0)
        return false;
    *out_value = value * pow(1000.0, suffix_power(rest));
    return isfinite(*out_value);
}

bool sy_text_to_seconds(const char *text, double *out_seconds) {
    static const struct {
        const char *unit;
        double seconds;
    } rows[] = {{"", 1.0}, {"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1.0}, {"m", 60.0}, {"h", 3600.0}};
    const char *rest = NULL;
    double value = 0.0;
    if (!leading_double(text, &value, &rest))
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rest, rows[i].unit) != 0)
            continue;
        *out_seconds = value * rows[i].seconds;
        return isfinite(*out_seconds);
    }
    return false;
}

/* Whole numbers up to here are written without an exponent. */
static const double LARGEST_PLAIN = 1e15;

/* In this thread's locale, which the caller has made "C". */
static void print_shortest(double value, char *out_text, size_t capacity) {
    char text[40];
    if (value == floor(value) && fabs(value) < LARGEST_PLAIN) {
        snprintf(out_text, capacity, "%.0f", value);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (memcmp(&back, &value, sizeof value) == 0)
            break;
    }
    snprintf(out_text, capacity, "%s", text);
}

void sy_text_from_f64(double value, char *out_text, size_t capacity) {
    if (!isfinite(value)) {
        snprintf(out_text, capacity, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t previous = c_locale != (locale_t)0 ? uselocale(c_locale) : (locale_t)0;
    print_shortest(value, out_text, capacity);
    if (c_locale != (locale_t)0) {
        uselocale(previous);
        freelocale(c_locale);
    }
}

static bool reserve(sy_text *text, size_t extra) {
    size_t wanted;
    if (text->failed || __builtin_add_overflow(text->length, extra, &wanted) ||
        __builtin_add_overflow(wanted, (size_t)1, &wanted)) {
        text->failed = true;
        return false;
    }
    if (wanted <= text->capacity)
        return true;
    size_t capacity = wanted < 64 ? 64 : wanted + wanted / 2;
    char *data = sy_mem_realloc(text->data, capacity);
    if (data == NULL) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

bool sy_text_append(sy_text *text, const char *bytes, size_t count) {
    if (!reserve(text, count))
        return false;
    memcpy(text->data + text->length, bytes, count);
    text->length += count;
    text->data[text->length] = '\0';
    return true;
}

bool sy_text_printf(sy_text *text, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    bool fits = length >= 0 && reserve(text, (size_t)length);
    if (fits) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    return fits;
}

void sy_text_clear(sy_text *text) {
    text->length = 0;
    if (text->data != NULL)
        text->data[0] = '\0';
}

void sy_text_release(sy_text *text) {
    sy_mem_free(text->data);
    *text = (sy_text){0};
}
