/* Precision of two groups: the math that was delivered, whether it was verified, and error over bound. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "bench/compare/row_ratio.h"
#include "bench/compare/say.h"

/* Bits of the significand that a math keeps of f32 operands; 0: not known. */
static int bits_of(const char *math) {
    static const struct {
        const char *name;
        int bits;
    } known[] = {{"strict", 24}, {"bf16x3", 22}, {"hf32", 12}, {"tf32", 11}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (math != NULL && strcmp(math, known[i].name) == 0)
            return known[i].bits;
    return 0;
}

static int judge_math(const char *base, const char *other) {
    int before = bits_of(base), after = bits_of(other);
    if (before == 0 || after == 0)
        return SY_VERDICT_INCONCLUSIVE;
    return after < before ? SY_VERDICT_SLOWER : SY_VERDICT_FASTER;
}

/* Errors as they count: what is far within the bound is as good as anything below it. */
static double counted(double error_of_bound) {
    return fmax(error_of_bound, SY_PRECISION_FLOOR);
}

double sy_precision_limit(double spread) {
    return fmax(log(SY_PRECISION_FACTOR), isfinite(spread) ? SY_PRECISION_SPREADS * spread : 0.0);
}

int sy_precision_judge(double log_cost, double spread) {
    double limit = sy_precision_limit(spread) * (1.0 - 1e-9);
    if (isnan(log_cost))
        return SY_VERDICT_INCONCLUSIVE;
    return log_cost >= limit ? SY_VERDICT_SLOWER : log_cost <= -limit ? SY_VERDICT_FASTER : SY_VERDICT_SAME;
}

void sy_row_precision_ratio(const sy_row_pair *pair, sy_ratio *out_ratio) {
    const sy_entry *base = pair->base->shown, *other = pair->other->shown;
    sy_ratio *out = out_ratio;
    out->base = base->error_of_bound;
    out->value = other->error_of_bound;
    out->ratio = out->base > 0.0 ? out->value / out->base : out->value == out->base ? 1.0 : NAN;
    out->log_cost =
        isnan(out->base) || isnan(out->value) ? NAN : log(counted(out->value) / counted(out->base));
    out->is_gateable = true;
    out->more_rounds = SIZE_MAX;
    if (base->is_verified != other->is_verified) {
        out->verdict = base->is_verified ? SY_VERDICT_SLOWER : SY_VERDICT_FASTER;
        out->reason = base->is_verified ? "no longer verified" : "verified now";
    } else if (base->delivered != NULL && other->delivered != NULL && base->delivered != other->delivered) {
        out->verdict = judge_math(base->delivered, other->delivered);
        out->reason = sy_say(pair->arena, "delivered %s -> %s", base->delivered, other->delivered);
    } else {
        out->verdict = sy_precision_judge(out->log_cost, NAN);
        if (out->verdict == SY_VERDICT_INCONCLUSIVE)
            out->reason = "no error and bound on both sides";
    }
}
