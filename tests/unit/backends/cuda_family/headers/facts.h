/* What we go by, beside what a header says. */
#ifndef TESTS_CUDA_FAMILY_HEADERS_FACTS_H
#define TESTS_CUDA_FAMILY_HEADERS_FACTS_H

#include <stddef.h>

typedef struct fact {
    const char *what;
    long long ours, theirs;
} fact;

/** Print what differs, and how many facts there were; the number of those that differ. */
int facts_compare(const char *list, const fact *rows, size_t count);

#define FACTS(list, rows) facts_compare(list, rows, sizeof rows / sizeof rows[0])

/** The rows of the backend. */
int facts_rows(void);

/** cuDNN, and what graphs go by; each says so if its header is not there. */
int facts_dnn(void);
int facts_graph(void);

#endif
