/* Texts to ns since 1970. */
#include "bench/energy/utc.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "runtime/base/error.h"

static const uint64_t second_ns = 1000000000;
static const int64_t latest_s = 7258118400; /* 2200-01-01 */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Exactly `digits` digits at *text, which is moved behind them. */
static bool take(const char **text, int digits, int64_t *out_value) {
    *out_value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (!is_digit(**text))
            return false;
        *out_value = *out_value * 10 + (**text - '0');
    }
    return true;
}

static bool take_char(const char **text, const char *any_of) {
    if (**text == '\0' || strchr(any_of, **text) == NULL)
        return false;
    (*text)++;
    return true;
}

/* ".250" in ns of a unit; nothing is 0. */
static bool take_fraction(const char **text, uint64_t unit_ns, uint64_t *out_ns) {
    *out_ns = 0;
    if (!take_char(text, "."))
        return true;
    if (!is_digit(**text))
        return false;
    for (uint64_t place_ns = unit_ns / 10; is_digit(**text); (*text)++, place_ns /= 10)
        *out_ns += place_ns * (uint64_t)(**text - '0');
    return true;
}

static bool parse_number(const char *text, uint64_t unit_ns, uint64_t *out_ns) {
    uint64_t whole = 0, fraction_ns, most = (uint64_t)latest_s * (second_ns / unit_ns);
    if (!is_digit(*text))
        return false;
    for (; is_digit(*text) && whole <= most / 10; text++)
        whole = whole * 10 + (uint64_t)(*text - '0');
    if (whole > most)
        return false;
    if (!take_fraction(&text, unit_ns, &fraction_ns) || *text != '\0')
        return false;
    *out_ns = whole * unit_ns + fraction_ns;
    return true;
}

/* Days since 1970 of a date of the Gregorian calendar; years begin in March, so that a leap day is their
 * last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    int64_t y = month > 2 ? year : year - 1, m = (month + 9) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static bool is_date(int64_t year, int64_t month, int64_t day) {
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

/* "2026-11-26T12:00:00" in s, without regard to a zone. */
static bool take_date_time(const char **text, int64_t *out_s) {
    int64_t year, month, day, hour, minute, second;
    bool is_well_formed = take(text, 4, &year) && take_char(text, "-") && take(text, 2, &month) &&
                          take_char(text, "-") && take(text, 2, &day) && take_char(text, "T ") &&
                          take(text, 2, &hour) && take_char(text, ":") && take(text, 2, &minute) &&
                          take_char(text, ":") && take(text, 2, &second);
    if (!is_well_formed || !is_date(year, month, day) || hour > 23 || minute > 59 || second > 60)
        return false;
    *out_s = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}

/* "Z", "+01:00", "-0530" in s east of Greenwich. */
static bool take_zone(const char **text, int64_t *out_s) {
    int64_t hour, minute, sign = **text == '-' ? -1 : 1;
    *out_s = 0;
    if (take_char(text, "Z"))
        return **text == '\0';
    if (!take_char(text, "+-") || !take(text, 2, &hour))
        return false;
    take_char(text, ":");
    if (!take(text, 2, &minute) || hour > 14 || minute > 59)
        return false;
    *out_s = sign * (hour * 60 + minute) * 60;
    return **text == '\0';
}

sy_status sy_energy_utc_parse(const char *text, uint64_t unit_ns, uint64_t *out_ns, sy_error *err) {
    int64_t local_s, east_s;
    uint64_t fraction_ns;
    const char *at = text;
    *out_ns = 0;
    if (parse_number(text, unit_ns, out_ns))
        return SY_OK;
    if (!take_date_time(&at, &local_s) || !take_fraction(&at, second_ns, &fraction_ns))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "\"%.40s\" is no time: seconds since 1970, or as in 2026-11-26T12:00:00.250Z", text);
    if (*at == '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "\"%.40s\" is a local time without a zone: write UTC with a Z, or seconds since 1970", text);
    if (!take_zone(&at, &east_s))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "\"%.40s\": the zone is neither Z nor as in +01:00", text);
    if (local_s - east_s < 0 || local_s - east_s > latest_s)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "\"%.40s\" is not between 1970 and 2200", text);
    *out_ns = (uint64_t)(local_s - east_s) * second_ns + fraction_ns;
    return SY_OK;
}
