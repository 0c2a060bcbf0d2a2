/* Times of day as a record has them. */
#ifndef STEELYARD_BENCH_RECORD_UTC_TEXT_H
#define STEELYARD_BENCH_RECORD_UTC_TEXT_H

#include <stdint.h>

/** Room for one with its NUL. */
#define SY_UTC_TEXT_MAX 40u

/** "2026-11-22T04:35:19.123Z" of ns since 1970; NULL if that is 0 (the clock failed) or no date. */
const char *sy_utc_text(uint64_t utc_ns, char out_text[SY_UTC_TEXT_MAX]);

#endif
