/* The problems that every algorithm of every backend must solve or refuse with a reason. */
#ifndef STEELYARD_CONFORM_CASES_H
#define STEELYARD_CONFORM_CASES_H

#include <stddef.h>

/** Longest case text with its NUL. */
#define SY_CASE_TEXT_MAX 256u

/** Number of cases. */
size_t sy_case_count(void);

/** Write case `index` < count as a problem string. */
void sy_case_text(size_t index, char out_text[SY_CASE_TEXT_MAX]);

/** Cases of one op and type: `count` of them, the first is case `first`, each next one `step` further. */
typedef struct sy_case_topic {
    char name[48]; /* "gemm f32", "conv2d s8", "stream" */
    size_t first, step, count;
} sy_case_topic;

/** Number of topics; every case belongs to one. */
size_t sy_case_topic_count(void);

/** Topic `topic` < count. */
sy_case_topic sy_case_topic_get(size_t topic);

#endif
