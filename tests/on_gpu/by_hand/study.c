/*
 * What the meters really do: how often the energy counter and the fields of power change, idle and under
 * load, and how the average of one second follows the instant value when a load begins and ends.
 */
#include "tests/on_gpu/by_hand/card.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHANGES_MAX = 4096, TRACE_MAX = 1024, LOAD_SIZE = 8192 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void pause_ms(long ms) {
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Changes of one reading: when, and by how much. */
typedef struct changes {
    const char *name;
    unsigned field; /* 0: the energy counter by its own function */
    double last_time, period[CHANGES_MAX], step[CHANGES_MAX];
    unsigned long long last;
    int count, reads;
} changes;

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void look(const meter *m, changes *seen) {
    const unsigned long long value = seen->field != 0 ? meter_power(m, seen->field) : meter_energy(m);
    const double at = now();
    if (seen->reads++ > 0 && value != seen->last) {
        if (seen->last_time > 0 && seen->count < CHANGES_MAX) {
            seen->period[seen->count] = (at - seen->last_time) * 1e3;
            seen->step[seen->count++] = (double)value - (double)seen->last;
        }
        seen->last_time = at;
    }
    seen->last = value;
}

static void print_changes(changes *seen, const char *when, double seconds) {
    printf("{\"kind\":\"meter\",\"source\":\"by_hand\",\"meter\":\"%s\",\"when\":\"%s\",\"seconds\":%.2f,"
           "\"reads\":%d,"
           "\"changes\":%d,\"last\":%llu",
        seen->name, when, seconds, seen->reads, seen->count, seen->last);
    if (seen->count > 0) {
        const size_t count = (size_t)seen->count;
        qsort(seen->period, count, sizeof seen->period[0], by_size);
        qsort(seen->step, count, sizeof seen->step[0], by_size);
        printf(
            ",\"period_ms\":{\"min\":%.3f,\"median\":%.3f,\"p90\":%.3f,\"max\":%.3f},\"step\":{\"min\":%.0f,"
            "\"median\":%.0f,\"max\":%.0f}",
            seen->period[0], seen->period[count / 2], seen->period[count * 9 / 10], seen->period[count - 1],
            seen->step[0], seen->step[count / 2], seen->step[count - 1]);
    }
    printf("}\n");
    fflush(stdout);
}

static void poll_changes(const meter *m, const char *when, double seconds) {
    changes *seen = calloc(3, sizeof *seen);
    if (seen == NULL)
        return;
    seen[0].name = "energy";
    seen[1].name = "instant";
    seen[1].field = METER_INSTANT;
    seen[2].name = "average";
    seen[2].field = METER_AVERAGE;
    const double from = now();
    while (now() - from < seconds)
        for (int i = 0; i < 3; i++)
            look(m, &seen[i]);
    for (int i = 0; i < 3; i++)
        print_changes(&seen[i], when, seconds);
    free(seen);
}

/* A load on the card until it is told to stop, from a thread of its own. */
typedef struct load {
    card *c;
    void *a, *b, *d;
    cublasLtMatmulDesc_t op;
    cublasLtMatrixLayout_t layout;
    atomic_bool stop;
    bool failed;
} load;

static void *run_load(void *at) {
    load *l = at;
    const float one = 1, zero = 0;
    const library *lib = &l->c->lib;
    lib->cudaSetDevice(0);
    while (!atomic_load(&l->stop) && !l->failed) {
        for (int i = 0; i < 4 && !l->failed; i++)
            l->failed = lib->cublasLtMatmul(l->c->lt, l->op, &one, l->a, l->layout, l->b, l->layout, &zero,
                            l->d, l->layout, l->d, l->layout, NULL, l->c->workspace, WORKSPACE_BYTES,
                            l->c->stream) != CUBLAS_STATUS_SUCCESS;
        l->failed =
            l->failed || !card_ok(l->c, lib->cudaStreamSynchronize(l->c->stream), "cudaStreamSynchronize");
    }
    return NULL;
}

static bool prepare_load(load *l) {
    const size_t bytes = (size_t)LOAD_SIZE * LOAD_SIZE * 2;
    const library *lib = &l->c->lib;
    l->a = card_filled(l->c, bytes, TYPE_F16);
    l->b = card_filled(l->c, bytes, TYPE_F16);
    l->d = card_filled(l->c, bytes, TYPE_F16);
    return l->a != NULL && l->b != NULL && l->d != NULL &&
           lib->cublasLtMatmulDescCreate(&l->op, CUBLAS_COMPUTE_32F, CUDA_R_32F) == CUBLAS_STATUS_SUCCESS &&
           lib->cublasLtMatrixLayoutCreate(&l->layout, CUDA_R_16F, LOAD_SIZE, LOAD_SIZE, LOAD_SIZE) ==
               CUBLAS_STATUS_SUCCESS;
}

static void end_load(load *l) {
    card_free(l->c, l->a);
    card_free(l->c, l->b);
    card_free(l->c, l->d);
    if (l->op != NULL)
        l->c->lib.cublasLtMatmulDescDestroy(l->op);
    if (l->layout != NULL)
        l->c->lib.cublasLtMatrixLayoutDestroy(l->layout);
}

/* Readings every 20 ms: idle 0.3 s, load 2 s, idle 1.7 s again. Energy against the integral of the instant
 * field. */
typedef struct trace {
    double at[TRACE_MAX];
    unsigned instant[TRACE_MAX], average[TRACE_MAX], usage[TRACE_MAX], sm[TRACE_MAX];
    unsigned long long energy[TRACE_MAX], reasons[TRACE_MAX];
    int count;
} trace;

static void record(const meter *m, trace *t, double from, double until) {
    for (; now() - from < until && t->count < TRACE_MAX; t->count++) {
        const int i = t->count;
        unsigned memory = 0;
        t->at[i] = now() - from;
        t->instant[i] = meter_power(m, METER_INSTANT);
        t->average[i] = meter_power(m, METER_AVERAGE);
        if (m->power_usage != NULL)
            m->power_usage(m->device, &t->usage[i]);
        t->energy[i] = meter_energy(m);
        if (m->event_reasons != NULL)
            m->event_reasons(m->device, &t->reasons[i]);
        meter_clocks(m, &t->sm[i], &memory);
        pause_ms(20);
    }
}

static void print_trace(const trace *t, double load_from, double load_until) {
    double joule = 0;
    unsigned long long reasons = 0;
    int first = -1, last = -1;
    printf(
        "{\"kind\":\"trace\",\"source\":\"by_hand\",\"load_s\":[%.3f,%.3f],\"columns\":[\"s\",\"instant_mw\","
        "\"average_mw\",\"usage_mw\",\"sm_mhz\",\"energy_mj\"],\"rows\":[",
        load_from, load_until);
    for (int i = 0; i < t->count; i++) {
        printf("%s[%.3f,%u,%u,%u,%u,%llu]", i > 0 ? "," : "", t->at[i], t->instant[i], t->average[i],
            t->usage[i], t->sm[i], t->energy[i] - t->energy[0]);
        if (t->at[i] < load_from + 0.5 || t->at[i] > load_until)
            continue;
        reasons |= t->reasons[i];
        if (first >= 0)
            joule += (t->at[i] - t->at[last]) * 0.5e-3 * (t->instant[i] + t->instant[last]);
        first = first < 0 ? i : first;
        last = i;
    }
    printf("]");
    if (last > first) {
        const double seconds = t->at[last] - t->at[first];
        printf(",\"steady\":{\"seconds\":%.3f,\"counter_w\":%.1f,\"instant_w\":%.1f,\"event_reasons\":%llu}",
            seconds, (double)(t->energy[last] - t->energy[first]) * 1e-3 / seconds, joule / seconds, reasons);
    }
    printf("}\n");
    fflush(stdout);
}

/* The load runs while the calling thread looks at the meters: first as fast as it can, then in steps. */
static bool under_load(load *l, trace *t) {
    pthread_t thread;
    const meter *m = &l->c->meter;
    const double from = now();
    record(m, t, from, 0.3);
    const double load_from = now() - from;
    if (pthread_create(&thread, NULL, run_load, l) != 0)
        return false;
    record(m, t, from, 2.3);
    const double load_until = now() - from;
    poll_changes(m, "load", 1.0);
    atomic_store(&l->stop, true);
    pthread_join(thread, NULL);
    const double stopped = now() - from;
    record(m, t, from, stopped + 1.5);
    print_trace(t, load_from, load_until);
    return !l->failed;
}

bool power_study(card *c) {
    load l = {.c = c};
    trace *t = calloc(1, sizeof *t);
    bool ok = c->meter.device != NULL && t != NULL;
    if (!ok)
        snprintf(c->reason, sizeof c->reason, "%.240s", c->meter.reason);
    if (ok) {
        poll_changes(&c->meter, "idle", 2.0);
        ok = prepare_load(&l) && under_load(&l, t);
        end_load(&l);
    }
    free(t);
    return ok;
}
