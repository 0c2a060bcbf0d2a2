/* Ticks of axes. */
#include "bench/report/charts/ticks.h"

#include <math.h>
#include <stdio.h>

#include "runtime/base/text.h"

static void add(sy_ticks *ticks, const sy_axis *axis, double at) {
    double slack = 1e-9 * (axis->is_logarithmic ? at : axis->high - axis->low);
    if (ticks->count < SY_TICKS_MAX && at >= axis->low - slack && at <= axis->high + slack)
        ticks->at[ticks->count++] = at;
}

static sy_ticks linear(const sy_axis *axis, size_t wanted) {
    sy_ticks ticks = {.count = 0};
    double rough = (axis->high - axis->low) / (double)wanted;
    double power = pow(10.0, floor(log10(rough)));
    double ratio = rough / power;
    double step = power * (ratio <= 1.0 ? 1.0 : ratio <= 2.0 ? 2.0 : ratio <= 5.0 ? 5.0 : 10.0);
    double first = ceil(axis->low / step - 1e-9);
    for (size_t i = 0; i < SY_TICKS_MAX; i++)
        add(&ticks, axis, (first + (double)i) * step);
    return ticks;
}

static sy_ticks logarithmic(const sy_axis *axis, size_t wanted) {
    static const double parts[][3] = {{1.0, 2.0, 5.0}, {1.0, 3.0, NAN}, {1.0, NAN, NAN}};
    sy_ticks ticks = {.count = 0};
    double first = floor(log10(axis->low)), last = ceil(log10(axis->high));
    double decades = log10(axis->high / axis->low);
    size_t which = 3.0 * decades <= (double)wanted ? 0 : 2.0 * decades <= (double)wanted ? 1 : 2;
    double stride = fmax(1.0, ceil(decades / (double)wanted));
    /* Strides begin at a multiple, so that 1, 1000, 1000000 are what is left. */
    for (double power = stride * floor(first / stride); power <= last; power += stride)
        for (size_t i = 0; i < 3 && isfinite(parts[which][i]); i++)
            add(&ticks, axis, parts[which][i] * pow(10.0, power));
    return ticks;
}

sy_ticks sy_ticks_of(const sy_axis *axis, size_t wanted) {
    return axis->is_logarithmic ? logarithmic(axis, wanted) : linear(axis, wanted);
}

/* Three significant digits. */
static double rounded(double value) {
    double power = value != 0.0 ? pow(10.0, floor(log10(fabs(value))) - 2.0) : 1.0;
    double digits = round(value / power);
    return power < 1.0 ? digits / round(1.0 / power) : digits * power;
}

void sy_tick_text(double value, char out_text[SY_TICK_TEXT_MAX]) {
    static const char *const prefixes[] = {" p", " n", " µ", " m", "", " k", " M", " G", " T", " P", " E"};
    char number[SY_TICK_TEXT_MAX];
    double size = fabs(value);
    /* Half a unit of the third digit more, so that 999.9 M is 1 G. */
    int power = size > 0.0 ? (int)floor(log10(size * 1.0005) / 3.0) : 0;
    power = power < -4 ? -4 : power > 6 ? 6 : power;
    sy_text_from_f64(rounded(value / pow(1000.0, power)), number, sizeof number);
    snprintf(out_text, SY_TICK_TEXT_MAX, "%.24s%s", number, prefixes[power + 4]);
}

void sy_tick_plain(double value, char out_text[SY_TICK_TEXT_MAX]) {
    if (fabs(value) >= 1e-3 && fabs(value) < 1e5)
        sy_text_from_f64(rounded(value), out_text, SY_TICK_TEXT_MAX);
    else
        sy_tick_text(value, out_text);
}

void sy_tick_percent(double value, char out_text[SY_TICK_TEXT_MAX]) {
    char number[SY_TICK_TEXT_MAX];
    sy_text_from_f64(rounded(100.0 * value), number, sizeof number);
    snprintf(out_text, SY_TICK_TEXT_MAX, "%.24s %%", number);
}
