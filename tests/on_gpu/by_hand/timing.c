/* Time by events around batches of launches; the host only waits. */
#include "tests/on_gpu/by_hand/card.h"

#include <stdlib.h>
#include <time.h>

/* As long as a batch is to be, and for how long the card is warmed and measured, in seconds. */
static const double BATCH = 0.002, WARM = 0.150, MEASURE = 0.200, RANK_WARM = 0.010, RANK = 0.015;
static const int64_t LAUNCHES_MAX = 4096, GRAPH_LAUNCHES_MAX = 1024;
/* Longer launches hide the host's part, a graph would not change them. */
static const double GRAPH_NS = 60e3;
enum { BATCHES_MAX = 512 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct batch {
    card *c;
    launch_fn *launch;
    void *ctx;
    int64_t index, launches;
    cudaGraphExec_t graph; /* NULL: direct launches */
} batch;

static bool enqueue(batch *b) {
    if (b->graph != NULL)
        return card_ok(b->c, b->c->lib.cudaGraphLaunch(b->graph, b->c->stream), "cudaGraphLaunch");
    for (int64_t i = 0; i < b->launches; i++)
        if (!b->launch(b->ctx, b->index++))
            return false;
    return true;
}

/* One batch, in seconds; negative if it failed. */
static double run_batch(batch *b) {
    card *c = b->c;
    float ms = 0;
    bool ok = card_ok(c, c->lib.cudaEventRecord(c->begin, c->stream), "cudaEventRecord") && enqueue(b) &&
              card_ok(c, c->lib.cudaEventRecord(c->end, c->stream), "cudaEventRecord") &&
              card_ok(c, c->lib.cudaEventSynchronize(c->end), "cudaEventSynchronize") &&
              card_ok(c, c->lib.cudaEventElapsedTime(&ms, c->begin, c->end), "cudaEventElapsedTime");
    return ok ? (double)ms * 1e-3 : -1;
}

static bool calibrate(batch *b) {
    b->launches = 1;
    for (int i = 0; i < 12; i++) {
        const double seconds = run_batch(b);
        if (seconds < 0)
            return false;
        if (seconds >= BATCH || b->launches >= LAUNCHES_MAX)
            return true;
        const double factor = seconds > 0 ? 1.1 * BATCH / seconds : 10;
        b->launches = (int64_t)((double)b->launches * (factor < 10 ? factor : 10)) + 1;
        b->launches = b->launches < LAUNCHES_MAX ? b->launches : LAUNCHES_MAX;
    }
    return true;
}

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Batches for so many seconds; the median and least time of a launch in ns. */
static bool repeat(batch *b, double seconds, timed *out) {
    double times[BATCHES_MAX];
    int count = 0;
    const double until = now() + seconds;
    while (count < BATCHES_MAX && (count < 3 || now() < until)) {
        const double took = run_batch(b);
        if (took < 0)
            return false;
        times[count++] = took * 1e9 / (double)b->launches;
    }
    qsort(times, (size_t)count, sizeof times[0], by_size);
    *out = (timed){.ns = count % 2 != 0 ? times[count / 2] : (times[count / 2] + times[count / 2 - 1]) / 2,
        .min_ns = times[0],
        .batches = count,
        .launches = b->launches};
    return true;
}

bool card_rank(card *c, launch_fn *launch, void *ctx, double *out_ns) {
    batch b = {.c = c, .launch = launch, .ctx = ctx};
    timed result;
    if (!calibrate(&b) || !repeat(&b, RANK_WARM, &result) || !repeat(&b, RANK, &result))
        return false;
    *out_ns = result.ns;
    return true;
}

/* The same launches captured and replayed: what is left when the host has no part in it. */
static bool measure_graph(batch *direct, double *out_ns) {
    card *c = direct->c;
    cudaGraph_t graph = NULL;
    batch b = *direct;
    timed result;
    b.launches = b.launches < GRAPH_LAUNCHES_MAX ? b.launches : GRAPH_LAUNCHES_MAX;
    if (!card_ok(c, c->lib.cudaStreamBeginCapture(c->stream, cudaStreamCaptureModeThreadLocal),
            "cudaStreamBeginCapture"))
        return false;
    bool ok = enqueue(&b);
    ok = card_ok(c, c->lib.cudaStreamEndCapture(c->stream, &graph), "cudaStreamEndCapture") && ok;
    ok = ok && card_ok(c, c->lib.cudaGraphInstantiate(&b.graph, graph, 0), "cudaGraphInstantiate");
    ok = ok && repeat(&b, RANK, &result) && repeat(&b, MEASURE / 4, &result);
    if (ok)
        *out_ns = result.ns;
    if (b.graph != NULL)
        c->lib.cudaGraphExecDestroy(b.graph);
    if (graph != NULL)
        c->lib.cudaGraphDestroy(graph);
    return ok;
}

/* Clocks and power while the card is at work: read between the launches of a batch and their end. */
static bool look(batch *b, timed *out) {
    card *c = b->c;
    if (!enqueue(b) || !enqueue(b))
        return false;
    meter_clocks(&c->meter, &out->sm_mhz, &out->mem_mhz);
    out->power_mw = meter_power(&c->meter, METER_INSTANT);
    return card_ok(c, c->lib.cudaStreamSynchronize(c->stream), "cudaStreamSynchronize");
}

bool card_measure(card *c, launch_fn *launch, void *ctx, timed *out) {
    batch b = {.c = c, .launch = launch, .ctx = ctx};
    timed warm, seen = {0};
    if (!calibrate(&b) || !repeat(&b, WARM, &warm) || !calibrate(&b) || !repeat(&b, MEASURE, out) ||
        !look(&b, &seen))
        return false;
    out->sm_mhz = seen.sm_mhz;
    out->mem_mhz = seen.mem_mhz;
    out->power_mw = seen.power_mw;
    if (out->ns < GRAPH_NS && !measure_graph(&b, &out->graph_ns))
        c->is_lost = false; /* launches that cannot be captured are no fault of theirs */
    return true;
}

void card_print(const timed *t) {
    printf("\"ns\":%.1f,\"min_ns\":%.1f,\"batches\":%d,\"launches\":%lld,\"sm_mhz\":%u,\"mem_mhz\":%u,"
           "\"power_mw\":%u",
        t->ns, t->min_ns, t->batches, (long long)t->launches, t->sm_mhz, t->mem_mhz, t->power_mw);
    if (t->graph_ns > 0)
        printf(",\"graph_ns\":%.1f", t->graph_ns);
}
