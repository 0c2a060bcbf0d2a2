/* What the stub of CLBlast tells of its calls. */
#ifndef TESTS_PEERS_STUB_CLBLAST_H
#define TESTS_PEERS_STUB_CLBLAST_H

#include <stddef.h>

/** The last product as it was asked for; strides and batch are 0 and 1 for a single one. */
typedef struct stub_clblast_call {
    const char *function;
    unsigned layout, transpose_a, transpose_b;
    size_t m, n, k, batch;
    double alpha, beta;
    void *a, *b, *c, *queue;
    size_t a_offset, a_lead, a_stride, b_offset, b_lead, b_stride, c_offset, c_lead, c_stride;
} stub_clblast_call;

/**
 * Exported as `stub_clblast`: the last call; how many there were, and how often the cache was cleared; what
 * products return from the call that makes `calls` equal to `fail_from` on.
 */
typedef struct stub_clblast_state {
    stub_clblast_call last;
    int calls, cleared, fail_from, code;
} stub_clblast_state;

#endif
