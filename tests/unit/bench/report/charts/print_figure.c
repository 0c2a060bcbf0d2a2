/* Usage: print_figure KIND [simulated|hostile] prints the figure of that number; status 77 without gnuplot.
 * "style" prints the rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "runtime/base/error.h"

static sy_figure made;

/* Names that want to be something else. */
static void make_hostile(void) {
    static char name[10241];
    static const char piece[] =
        "</text><script>alert(1)</script>\"'&`touch x`\nset output 'x'\x1b\xff\xef\xbf\xbf@T0@%s";
    for (size_t i = 0; i < sizeof name - 1; i++)
        name[i] = piece[i % (sizeof piece - 1)];
    made.chart.title = made.chart.alternative = made.chart.x_name = made.chart.y_name = name;
    for (size_t i = 0; i < 3; i++) {
        made.series[i].name = made.ceiling[i].label = name;
        for (size_t j = 0; j < made.series[i].count; j++)
            made.point[i][j].label = made.point[i][j].note = name + j;
    }
}

int main(int argc, char **argv) {
    const char *const folders[] = {CHART_TEMPLATES};
    sy_chart_places places = {.program_folders = getenv("PATH"),
        .template_folder = folders,
        .template_folders = 1,
        .temporary_folder = getenv("TMPDIR")};
    sy_text out = {0};
    sy_error error = SY_ERROR_INIT;
    if (argc < 2)
        return 2;
    if (strcmp(argv[1], "style") == 0)
        return fputs(sy_chart_style(), stdout) < 0;
    sy_chart_kind kind = (sy_chart_kind)atoi(argv[1]);
    figure_make(kind, &made);
    if (argc > 2 && strcmp(argv[2], "hostile") == 0)
        make_hostile();
    for (size_t i = 0; i < 3; i++)
        made.series[i].is_simulated = argc > 2 && strcmp(argv[2], "simulated") == 0;
    sy_status status = sy_chart_draw(kind, &made.chart, &places, &out, &error);
    if (status != SY_OK)
        fprintf(stderr, "%s\n", sy_error_text(&error, status));
    else
        fputs(out.data, stdout);
    sy_text_release(&out);
    return status == SY_OK ? 0 : status == SY_UNAVAILABLE ? 77 : 1;
}
