/* Writes a file of samples with every kind of line, for the schema's validation. */
#include <stdio.h>

#include "bench/record/series.h"
#include "bench/record/utc_text.h"

int main(int argc, char **argv) {
    static const double t_s[] = {-0.5, 0.0, 0.125, 600.000001}, value[] = {-1.5, 0.0, 131.25, 262144.000061},
                        runs[] = {0.0, 0.0, 1000.0, 4e9};
    char begin_utc[SY_UTC_TEXT_MAX];
    sy_series_file *file = NULL;
    sy_error err = SY_ERROR_INIT;
    if (argc != 2)
        return 2;
    sy_series series = {.kind = SY_SERIES_SAMPLES,
        .row = "00000000000000a1",
        .part = "sustain",
        .begin_utc = sy_utc_text(UINT64_C(1764170000123000000), begin_utc),
        .source = "device:energy",
        .unit = "J",
        .t_s = {.item = t_s, .count = 4},
        .value = {.item = value, .count = 4}};
    sy_status status = sy_series_open(argv[1], "20261122T043519Z-0badcafe", false, &file, &err);
    if (status == SY_OK)
        status = sy_series_append(file, &series, &err);
    series = (sy_series){.kind = SY_SERIES_WORK, .row = "00000000000000a1", .t_s = series.t_s};
    series.value = (sy_f64_list){.item = runs, .count = 4};
    if (status == SY_OK)
        status = sy_series_append(file, &series, &err);
    sy_series_close(file);
    if (status != SY_OK)
        fprintf(stderr, "%s\n", err.text);
    return status == SY_OK ? 0 : 1;
}
