/* Lines that points are compared with. */
#include <math.h>

#include "bench/report/charts/layout.h"

static void put_corner(sy_text *out, double x, double y) {
    sy_layout_put_numbers(out, (double[]){x, y}, 2);
    sy_text_printf(out, "\n");
}

/* Up the slope within the drawing, then level. */
static void write_line(const sy_layout *layout, const sy_chart_ceiling *ceiling, sy_text *out) {
    bool has_level = ceiling->work_per_s > 0.0 && sy_layout_is_usable(ceiling->work_per_s);
    bool has_slope = layout->kind == SY_CHART_ROOFLINE && ceiling->bytes_per_s > 0.0 &&
                     sy_layout_is_usable(ceiling->bytes_per_s);
    double level = has_level ? ceiling->work_per_s : layout->y.high, from = layout->x.low;
    if (has_slope) {
        double bottom = fmax(layout->x.low, layout->y.low / ceiling->bytes_per_s);
        double ridge = fmin(level / ceiling->bytes_per_s, layout->x.high);
        if (bottom < ridge) {
            put_corner(out, bottom, bottom * ceiling->bytes_per_s);
            put_corner(out, ridge, ridge * ceiling->bytes_per_s);
        }
        from = fmax(ridge, layout->x.low);
    }
    if (has_level && from < layout->x.high) {
        put_corner(out, from, level);
        put_corner(out, layout->x.high, level);
    }
}

void sy_layout_write_ceilings(sy_layout *layout) {
    for (size_t i = 0; i < layout->chart->ceiling_count; i++)
        write_line(layout, &layout->chart->ceiling[i], &layout->of_ceiling[i]);
}
