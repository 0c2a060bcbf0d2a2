/* Rows of records that were made before data sheets were looked up: set against the catalogue here. */
#ifndef STEELYARD_BENCH_REPORT_HTML_RATED_H
#define STEELYARD_BENCH_REPORT_HTML_RATED_H

#include "bench/catalogue/catalogue.h"
#include "bench/report/html/model.h"

/**
 * Fill of_datasheet and confidence of products that lack them, for devices that the catalogue certainly
 * knows. Without the catalogue nothing is filled.
 *
 * Errors   SY_OUT_OF_MEMORY.
 */
sy_status sy_html_rate(sy_html_model *model, const sy_reference_places *places, sy_error *err);

#endif
