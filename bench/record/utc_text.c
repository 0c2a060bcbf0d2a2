/* Times of day as a record has them. */
#include "bench/record/utc_text.h"

#include <stdio.h>
#include <time.h>

const char *sy_utc_text(uint64_t utc_ns, char out_text[SY_UTC_TEXT_MAX]) {
    struct tm parts;
    time_t seconds = (time_t)(utc_ns / UINT64_C(1000000000));
    char whole[24];
    if (utc_ns == 0 || gmtime_r(&seconds, &parts) == NULL ||
        strftime(whole, sizeof whole, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
        return NULL;
    snprintf(out_text, SY_UTC_TEXT_MAX, "%s.%03uZ", whole, (unsigned)(utc_ns / 1000000u % 1000u));
    return out_text;
}
