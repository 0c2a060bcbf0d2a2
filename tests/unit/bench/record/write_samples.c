/* Writes a record with every kind of line that this program writes, for the schema's validation. */
#include <stdio.h>

#include "tests/unit/bench/record/sample.h"

int main(int argc, char **argv) {
    sy_record *record = NULL;
    sy_environment environment;
    sy_total total;
    sy_peak peak;
    sy_row row;
    sy_error err = SY_ERROR_INIT;
    const char *const plan[] = {"00000000000000a1"};
    if (argc != 2)
        return 2;
    sy_record_target target = {.path = argv[1], .node = "n0", .rank = 0};
    sample_environment(&environment);
    sample_total(&total);
    sample_peak(&peak);
    sy_status status = sy_record_open(&target, &record, &err);
    if (status == SY_OK)
        status = sy_record_begin(record, &environment, plan, 1, &err);
    sy_environment_init(&environment);
    if (status == SY_OK)
        status = sy_record_begin(record, &environment, NULL, 0, &err);
    for (unsigned i = 0; status == SY_OK && i < SY_ROW_STATUS_COUNT; i++) {
        sample_full_row(i, &row);
        row.status = i > 0 ? i : SY_ROW_OK;
        status = sy_record_row(record, &row, &err);
    }
    sample_model_row(60, &row);
    if (status == SY_OK)
        status = sy_record_row(record, &row, &err);
    sample_bare_row(50, &row);
    if (status == SY_OK)
        status = sy_record_row(record, &row, &err);
    if (status == SY_OK)
        status = sy_record_total(record, &total, &err);
    sy_total_init(&total);
    if (status == SY_OK)
        status = sy_record_total(record, &total, &err);
    if (status == SY_OK)
        status = sy_record_peak(record, &peak, &err);
    if (status == SY_OK)
        status = sy_record_end(record, 5e9, true, &err);
    sy_record_close(record);
    if (status != SY_OK)
        fprintf(stderr, "%s\n", err.text);
    return status == SY_OK ? 0 : 1;
}
