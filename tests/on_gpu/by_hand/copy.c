/* The card's own copies: between two places of its memory, and to and from pinned memory of the host. */
#include "tests/on_gpu/by_hand/copy.h"

typedef struct copy {
    card *c;
    char *to;
    const char *from;
    size_t bytes;
    enum cudaMemcpyKind kind;
} copy;

static bool launch(void *ctx, int64_t index) {
    (void)index;
    const copy *job = ctx;
    return card_ok(job->c,
        job->c->lib.cudaMemcpyAsync(job->to, job->from, job->bytes, job->kind, job->c->stream),
        "cudaMemcpyAsync");
}

static void measure(copy *job, const char *name) {
    timed result;
    printf("{\"kind\":\"copy\",\"source\":\"by_hand\",\"copy\":\"%s\",\"byte\":%zu,", name, job->bytes);
    if (card_measure(job->c, launch, job, &result)) {
        card_print(&result);
        printf(",\"byte_per_s\":%.4g}\n", (double)job->bytes * 1e9 / result.ns);
    } else {
        printf("\"error\":\"%s\"}\n", job->c->reason);
    }
    fflush(stdout);
}

void copy_all(card *c) {
    static const size_t sizes[] = {64u << 20, 256u << 20, 1u << 30};
    void *host = NULL;
    char *from = card_filled(c, sizes[2], TYPE_F32), *to = card_filled(c, sizes[2], TYPE_F32);
    if (from == NULL || to == NULL)
        printf("{\"kind\":\"copy\",\"source\":\"by_hand\",\"copy\":\"d2d\",\"error\":\"%s\"}\n", c->reason);
    for (size_t i = 0; i < 3 && from != NULL && to != NULL; i++) {
        copy job = {.c = c, .to = to, .from = from, .bytes = sizes[i], .kind = cudaMemcpyDeviceToDevice};
        measure(&job, "d2d");
    }
    if (from != NULL && card_ok(c, c->lib.cudaMallocHost(&host, sizes[1]), "cudaMallocHost")) {
        copy up = {.c = c, .to = from, .from = host, .bytes = sizes[1], .kind = cudaMemcpyHostToDevice};
        copy down = {.c = c, .to = host, .from = from, .bytes = sizes[1], .kind = cudaMemcpyDeviceToHost};
        measure(&up, "h2d");
        measure(&down, "d2h");
        c->lib.cudaFreeHost(host);
    }
    card_free(c, from);
    card_free(c, to);
}
