/* What the stub of oneDNN keeps behind its handles. */
#ifndef TESTS_PEERS_STUB_ONEDNN_H
#define TESTS_PEERS_STUB_ONEDNN_H

#include "backends/cpu/onednn_api.h"

#define RANK_MAX SY_ONEDNN_RANK_MAX
#define POSTS_MAX 8

enum { MATMUL = 1, CONVOLUTION, REORDER };
enum { ELTWISE = 1, BINARY, SUM };

struct sy_onednn_md {
    int rank, type, is_any;
    int64_t dim[RANK_MAX], stride[RANK_MAX];
};

struct sy_onednn_memory {
    struct sy_onednn_md md;
    unsigned char *data;
};

struct sy_onednn_posts {
    int count, kind[POSTS_MAX], algorithm[POSTS_MAX];
    float alpha[POSTS_MAX], beta[POSTS_MAX];
};

struct sy_onednn_attr {
    struct sy_onednn_posts posts;
};

struct sy_onednn_pd {
    int kind, has_bias;
    struct sy_onednn_md src, weights, bias, dst, scratchpad;
    sy_onednn_window window;
    struct sy_onednn_posts posts;
};

struct sy_onednn_primitive {
    struct sy_onednn_pd pd;
};

#if STUB_MAJOR == 2
enum { RELU = 0x1f, LINEAR = 0x7f, POST_BASE = 16384 };
#else
enum { RELU = 0x20, LINEAR = 0x26, POST_BASE = 32768 };
#endif

/** Objects that were made and not destroyed; whether executions fail; threads that were asked for. */
extern int stub_live, stub_fails_execute, stub_threads;

#endif
