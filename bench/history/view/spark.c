/* Sparklines. */
#include "bench/history/view/spark.h"

#include <string.h>

#include "bench/stats/order.h"

enum { HEIGHTS = 8 };

/* Median of the values that fall into character `at` of `columns`. */
static double median_of(const double *values, size_t count, size_t columns, size_t at, double *scratch) {
    size_t begin = at * count / columns, end = (at + 1) * count / columns;
    memcpy(scratch, values + begin, (end - begin) * sizeof *values);
    sy_sort_f64(scratch, end - begin);
    return sy_quantile(scratch, end - begin, 0.5);
}

static void write_height(sy_text *out, int height, bool utf8) {
    static const char ascii[HEIGHTS + 1] = "_.-=+*#@";
    /* U+2581 to U+2588. */
    const char block[3] = {(char)0xe2, (char)0x96, (char)(0x81 + height)};
    if (utf8)
        sy_text_append(out, block, sizeof block);
    else
        sy_text_append(out, ascii + height, 1);
}

void sy_spark(sy_text *out, const double *values, size_t count, size_t columns, bool utf8, double *scratch) {
    size_t shown = count < columns ? count : columns;
    double low = 0, high = 0;
    for (size_t i = 0; i < shown; i++) {
        double value = median_of(values, count, shown, i, scratch);
        low = i == 0 || value < low ? value : low;
        high = i == 0 || value > high ? value : high;
    }
    for (size_t i = 0; i < shown; i++) {
        double value = median_of(values, count, shown, i, scratch);
        double part = high > low ? (value - low) / (high - low) : 0;
        int height = (int)(part * HEIGHTS);
        write_height(out, height < HEIGHTS ? height : HEIGHTS - 1, utf8);
    }
}
