/*
 * What a meter outside the machine answers, judged: numbers that can be, counters that only grow, texts that
 * can be printed. Every answer is hostile. Pure but for the clock.
 */
#ifndef STEELYARD_ENERGY_ANSWER_H
#define STEELYARD_ENERGY_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/energy/source.h"
#include "steelyard/status.h"

/** No reading may say more than this, W. */
#define SY_ANSWER_WATT_MAX 1e6

/** A power, W: SY_INVALID_ARGUMENT if it is no number, negative or over SY_ANSWER_WATT_MAX. meter: begins the
 * text. */
sy_status sy_answer_power(const char *meter, double value_w, sy_error *err);

/** A counter of a meter: its value when it was begun and last, J, and when that was. Zero-initialise. */
typedef struct sy_answer_counter {
    double first_j, last_j;
    uint64_t last_ns;
    bool is_begun;
} sy_answer_counter;

/**
 * J since the counter was begun, by its value now; the first call begins it, and then it is 0.
 *
 * Errors  SY_INTERNAL: it went back, the text says from where to where; SY_INVALID_ARGUMENT: no number,
 *         negative, or a leap that SY_ANSWER_WATT_MAX could not have made since the last reading and a minute
 *         before it. The counter stays as it was.
 */
sy_status sy_answer_count(
    sy_answer_counter *counter, const char *meter, double value_j, double *out_j, sy_error *err);

/**
 * A number that fills a text, or comes first in it and ends before `end` (0: nothing may follow).
 * SY_INVALID_ARGUMENT if there is none; the text says what there is instead.
 */
sy_status sy_answer_number(const char *meter, const char *text, char end, double *out_value, sy_error *err);

/** Step of the last digit that a number shows: 0.01 for "3.10", 100 for "1.2E+03". NaN: no number. */
double sy_answer_step(const char *text);

/** The same of a double, by its shortest decimal form. */
double sy_answer_step_of(double value);

/** Copy a text that may be printed: bytes that are no ASCII character become '?'. Cut if too long. */
void sy_answer_copy(char *out_text, size_t capacity, const char *text);

/** Facts of a meter of which nothing else is known. */
void sy_answer_facts(sy_energy_facts *facts, uint32_t kind, uint32_t scope);

/** Name it "SOURCE:HOST:PART" ("SOURCE:HOST" if part is ""); a host too long is cut and told apart by a
 * number made from it. */
void sy_answer_name(sy_energy_facts *facts, const char *source, const char *host, const char *part);

/** A meter that cannot be read: name, scope, state, reason (of err) and fix. Everything else unknown. */
void sy_answer_failed(sy_energy_found *found, const char *source, const char *host, uint32_t scope,
    sy_status state, const sy_error *err, const char *fix);

/** Put "SOURCE:SPEC" into found->spec ("SOURCE" if spec is NULL). SY_INVALID_ARGUMENT: too long. */
sy_status sy_answer_spec(sy_energy_found *found, const char *source, const char *spec, sy_error *err);

#endif
