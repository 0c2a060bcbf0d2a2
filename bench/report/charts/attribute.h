/* Attributes of an element: which stay, and as what. */
#ifndef STEELYARD_BENCH_REPORT_CHARTS_ATTRIBUTE_H
#define STEELYARD_BENCH_REPORT_CHARTS_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/text.h"

/** Those of one element. id: of the figure. out: where they go; NULL: nowhere. */
typedef struct sy_attributes {
    const char *id;
    sy_text *out;
    int tone; /* 1 + the colour of a device; 0: none */
} sy_attributes;

/** Take one, as it is in the drawing without its quotes. What is not known is left out. */
void sy_attributes_add(sy_attributes *attributes, const char *name, const char *value, size_t bytes);

/** After the last one: the class of the colour. */
void sy_attributes_end(sy_attributes *attributes);

#endif
