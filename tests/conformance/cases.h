/* The problems that every algorithm of every backend must solve or refuse with a reason. */
#ifndef TESTS_CONFORMANCE_CASES_H
#define TESTS_CONFORMANCE_CASES_H

#include <stddef.h>

/** Longest case text with its NUL. */
#define CASE_TEXT_MAX 256u

/** Number of cases. */
size_t case_count(void);

/** Write case `index` as a problem string. */
void case_text(size_t index, char out_text[CASE_TEXT_MAX]);

#endif
