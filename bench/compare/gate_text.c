/* What is asked of a gate, read from texts. */
#include <math.h>
#include <string.h>

#include "bench/compare/gate.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

enum { PART_MAX = 64 };

void sy_gate_options_init(sy_gate_options *out_options) {
    *out_options = (sy_gate_options){.fail_on = SY_FAIL_REGRESSION | SY_FAIL_MISSING};
    for (size_t i = 0; i < SY_QUANTITY_COUNT; i++)
        out_options->threshold[i] = NAN;
}

/* "5%" or "0.05" as a fraction. */
static bool read_fraction(const char *text, double *out_fraction) {
    char number[PART_MAX];
    size_t length = strlen(text);
    bool is_percent = length > 0 && text[length - 1] == '%';
    length -= is_percent;
    while (is_percent && length > 0 && text[length - 1] == ' ')
        length--;
    if (length >= sizeof number)
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    if (!sy_text_to_f64(number, out_fraction))
        return false;
    *out_fraction *= is_percent ? 0.01 : 1.0;
    return true;
}

/* The next part of a list up to a comma, into `out_part`; false at the end, or (out_part empty) if it is too
 * long. */
static bool next_part(const char **from, char out_part[PART_MAX]) {
    if (*from == NULL)
        return false;
    size_t length = strcspn(*from, ",");
    memset(out_part, 0, PART_MAX);
    if (length < PART_MAX)
        memcpy(out_part, *from, length);
    *from = (*from)[length] == ',' ? *from + length + 1 : NULL;
    return true;
}

static int quantity_of(const char *name) {
    int quantity = 0;
    while (quantity < (int)SY_QUANTITY_COUNT && strcmp(sy_quantity_name(quantity), name) != 0)
        quantity++;
    return quantity;
}

static sy_status read_threshold(char *part, sy_gate_options *options, sy_error *err) {
    double fraction;
    char *colon = strchr(part, ':');
    if (colon == NULL)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "--gate: \"%s\" must be QUANTITY:PERCENT, as time:5%%", part);
    *colon = '\0';
    int quantity = quantity_of(part);
    if (quantity == (int)SY_QUANTITY_COUNT)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--gate: no quantity \"%s\"; there are time, throughput, energy, precision", part);
    if (!isnan(options->threshold[quantity]))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--gate: %s is named twice", part);
    bool is_read = read_fraction(colon + 1, &fraction) && fraction > 0.0 && fraction <= 1.0;
    if (!is_read || (quantity == SY_QUANTITY_THROUGHPUT && fraction == 1.0))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--gate: threshold \"%s\" of %s must be above 0 %% and at most 100 %% (throughput: below), as "
            "5%%",
            colon + 1, part);
    options->threshold[quantity] = fraction;
    return SY_OK;
}

sy_status sy_gate_parse(const char *text, sy_gate_options *options, sy_error *err) {
    char part[PART_MAX];
    sy_status status = SY_OK;
    for (size_t i = 0; i < SY_QUANTITY_COUNT; i++)
        options->threshold[i] = NAN;
    while (status == SY_OK && next_part(&text, part))
        status = read_threshold(part, options, err);
    return status;
}

sy_status sy_gate_parse_fail_on(const char *text, sy_gate_options *options, sy_error *err) {
    static const char *const names[] = {"regression", "missing", "inconclusive"};
    char part[PART_MAX];
    options->fail_on = 0;
    while (next_part(&text, part)) {
        size_t at = 0;
        while (at < sizeof names / sizeof names[0] && strcmp(names[at], part) != 0)
            at++;
        if (at == sizeof names / sizeof names[0])
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "--fail-on: no \"%s\"; there are regression, missing, inconclusive", part);
        options->fail_on |= 1u << at;
    }
    return SY_OK;
}

sy_status sy_gate_parse_share(const char *text, sy_gate_options *options, sy_error *err) {
    double share = 1.0;
    bool is_read = text == NULL || text[0] == '\0' || read_fraction(text, &share);
    if (!is_read || !(share >= 0.0 && share <= 1.0))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--allow-inconclusive: \"%s\" must be between 0 %% and 100 %%, as 5%%", text);
    options->allow_inconclusive = share;
    return SY_OK;
}
