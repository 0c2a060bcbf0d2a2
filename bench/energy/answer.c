/* Judging answers. */
#include "bench/energy/answer.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

/* How long before its reading a counter may have been updated last. */
static const double COUNTER_DELAY_S = 60.0;

sy_status sy_answer_power(const char *meter, double value_w, sy_error *err) {
    if (!isfinite(value_w))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: answers a power that is no number", meter);
    if (value_w < 0.0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s: answers %.6g W, a negative power: it may be connected the wrong way round", meter, value_w);
    if (value_w > SY_ANSWER_WATT_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: answers %.6g W, which cannot be", meter, value_w);
    return SY_OK;
}

sy_status sy_answer_count(
    sy_answer_counter *counter, const char *meter, double value_j, double *out_j, sy_error *err) {
    if (!isfinite(value_j) || value_j < 0.0)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: answers an energy that is negative or no number", meter);
    uint64_t now_ns = sy_clock_raw_ns();
    if (!counter->is_begun)
        *counter =
            (sy_answer_counter){.first_j = value_j, .last_j = value_j, .last_ns = now_ns, .is_begun = true};
    if (value_j < counter->last_j)
        return sy_error_set(err, SY_INTERNAL, "%s: its counter went back from %.15g J to %.15g J", meter,
            counter->last_j, value_j);
    double elapsed_s = now_ns > counter->last_ns ? (double)(now_ns - counter->last_ns) * 1e-9 : 0.0;
    if (value_j - counter->last_j > SY_ANSWER_WATT_MAX * (elapsed_s + COUNTER_DELAY_S))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s: its counter leapt from %.15g J to %.15g J, which cannot be", meter, counter->last_j,
            value_j);
    counter->last_j = value_j;
    counter->last_ns = now_ns;
    *out_j = value_j - counter->first_j;
    return SY_OK;
}

sy_status sy_answer_number(const char *meter, const char *text, char end, double *out_value, sy_error *err) {
    char number[64], shown[64];
    const char *stop = end != '\0' ? strchr(text, end) : NULL;
    size_t length = stop != NULL ? (size_t)(stop - text) : strlen(text);
    if (length < sizeof number) {
        memcpy(number, text, length);
        number[length] = '\0';
        if (sy_text_to_f64(number, out_value))
            return SY_OK;
    }
    sy_answer_copy(shown, sizeof shown, text);
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "%s: answers '%s' where a number would be right", meter, shown);
}

double sy_answer_step(const char *text) {
    double value = 0.0;
    long exponent = 0;
    if (!sy_text_to_f64(text, &value))
        return NAN;
    const char *mantissa_end = strpbrk(text, "eE");
    if (mantissa_end != NULL)
        exponent = strtol(mantissa_end + 1, NULL, 10);
    const char *point = strchr(text, '.');
    if (point != NULL)
        exponent -= (long)strspn(point + 1, "0123456789");
    return pow(10.0, (double)exponent);
}

double sy_answer_step_of(double value) {
    char text[40];
    sy_text_from_f64(value, text, sizeof text);
    return sy_answer_step(text);
}

void sy_answer_copy(char *out_text, size_t capacity, const char *text) {
    size_t i = 0;
    for (; i + 1 < capacity && text[i] != '\0'; i++)
        out_text[i] = isascii(text[i]) && isprint((unsigned char)text[i]) ? text[i] : '?';
    out_text[i] = '\0';
}

void sy_answer_facts(sy_energy_facts *facts, uint32_t kind, uint32_t scope) {
    *facts = (sy_energy_facts){.kind = kind, .scope = scope, .resolution = NAN, .gain = NAN};
}

/* FNV-1a: tells long names apart that begin alike. */
static uint32_t number_of(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

void sy_answer_name(sy_energy_facts *facts, const char *source, const char *host, const char *part) {
    char tail[64], shown[64];
    enum { NUMBER_LENGTH = 9 };
    snprintf(tail, sizeof tail, "%s%.40s", part[0] != '\0' ? ":" : "", part);
    size_t used = strlen(source) + 1 + strlen(tail) + 1;
    size_t room = used + NUMBER_LENGTH < sizeof shown ? sizeof shown - used : NUMBER_LENGTH;
    if (strlen(host) <= room)
        snprintf(shown, sizeof shown, "%.*s", (int)room, host);
    else
        snprintf(shown, sizeof shown, "%.*s~%08x", (int)(room - NUMBER_LENGTH), host, number_of(host));
    int length = snprintf(facts->name, sizeof facts->name, "%s:%s%s", source, shown, tail);
    if (length < 0)
        facts->name[0] = '\0';
}

void sy_answer_failed(sy_energy_found *found, const char *source, const char *host, uint32_t scope,
    sy_status state, const sy_error *err, const char *fix) {
    sy_answer_facts(&found->facts, SY_ENERGY_POWER_INSTANT, scope);
    sy_answer_name(&found->facts, source, host, "");
    found->state = state;
    snprintf(found->reason, sizeof found->reason, "%.255s", sy_error_text(err, state));
    snprintf(found->fix, sizeof found->fix, "%s", fix);
}

sy_status sy_answer_spec(sy_energy_found *found, const char *source, const char *spec, sy_error *err) {
    int length = snprintf(
        found->spec, sizeof found->spec, "%s%s%s", source, spec != NULL ? ":" : "", spec != NULL ? spec : "");
    if (length < 0 || (size_t)length >= sizeof found->spec)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: over %zu characters", source, sizeof found->spec - 1);
    return SY_OK;
}
