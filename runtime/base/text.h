/* Numbers and strings in the C locale, whatever the user's is; bounded strings that grow. */
#ifndef STEELYARD_BASE_TEXT_H
#define STEELYARD_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Whole text as a decimal int64 (sign allowed). False if empty, not a number, trailing text or out of range.
 */
bool sy_text_to_i64(const char *text, int64_t *out_value);

/** Whole text as a uint64 (no sign). */
bool sy_text_to_u64(const char *text, uint64_t *out_value);

/** Whole text as a finite double, '.' as the decimal point. */
bool sy_text_to_f64(const char *text, double *out_value);

/** A count with an optional suffix K M G T, each `base` (1000 or 1024) times the one before: "64M". */
bool sy_text_to_size(const char *text, uint64_t base, uint64_t *out_value);

/** A double with an optional suffix K M G T P (powers of 1000): "100T", "1.5G". */
bool sy_text_to_rate(const char *text, double *out_value);

/** A time with unit ns us ms s m h ("5us", "1.5h"; a plain number is seconds) in seconds. */
bool sy_text_to_seconds(const char *text, double *out_seconds);

/** Shortest decimal text that reads back as the same double; "nan", "inf", "-inf" otherwise. capacity >= 32.
 */
void sy_text_from_f64(double value, char *out_text, size_t capacity);

/** A string that grows; zero-initialise it. After a failed allocation `failed` stays true and text keeps what
 * was there. */
typedef struct sy_text {
    char *data;
    size_t length, capacity;
    bool failed;
} sy_text;

/** Append; data stays NUL-terminated. False once an allocation failed. */
bool sy_text_append(sy_text *text, const char *bytes, size_t count);
__attribute__((format(printf, 2, 3))) bool sy_text_printf(sy_text *text, const char *format, ...);
void sy_text_clear(sy_text *text);   /* length 0, memory kept */
void sy_text_release(sy_text *text); /* memory freed, zeroed */

#endif
