/* Values that may be absent, and lists, as plain structs. */
#ifndef STEELYARD_BENCH_FIELDS_VALUE_H
#define STEELYARD_BENCH_FIELDS_VALUE_H

#include "steelyard/types.h"

/** A count that is not known. */
#define SY_NO_COUNT UINT64_MAX

/** Yes, no, or not known; zeroed is not known. */
typedef enum sy_tri { SY_TRI_UNKNOWN = 0, SY_TRI_NO = 1, SY_TRI_YES = 2 } sy_tri;

/** A truth value as a sy_tri. */
static inline sy_tri sy_tri_of(bool value) {
    return value ? SY_TRI_YES : SY_TRI_NO;
}

/** A list of texts. */
typedef struct sy_text_list {
    const char *const *item;
    size_t count;
} sy_text_list;

/** A list of numbers. */
typedef struct sy_f64_list {
    const double *item;
    size_t count;
} sy_f64_list;

#endif
