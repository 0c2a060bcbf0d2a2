/*
 * The vendor's libraries called by hand, to hold our own figures against. Usage:
 *   by_hand solve SECONDS FILE...   problems, one a line, until the time is up; a JSON line each
 *   by_hand copy | rules | power    bandwidth; what cuBLASLt accepts of f8 and s8; what the meters do
 *   by_hand list FILE...            how the problems are understood; needs no card
 * Exit status 0, 2 for a wrong command line, 77 without a card or its libraries (one line says why).
 */
#include "tests/on_gpu/by_hand/card.h"
#include "tests/on_gpu/by_hand/conv.h"
#include "tests/on_gpu/by_hand/copy.h"
#include "tests/on_gpu/by_hand/gemm.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void print_understood(const problem *p) {
    if (p->is_conv)
        printf("conv2d %lldx%lldx%lldx%lld k=%lld %lldx%lld stride %lldx%lld pad %lldx%lld tf32=%d\n",
            (long long)p->images, (long long)p->channels, (long long)p->h, (long long)p->w, (long long)p->k,
            (long long)p->r, (long long)p->s, (long long)p->stride[0], (long long)p->stride[1],
            (long long)p->pad[0], (long long)p->pad[1], p->is_tf32);
    else
        printf("gemm %lldx%lldx%lld batch=%lld bytes %zu:%zu:%zu tf32=%d dynamic=%d %s\n", (long long)p->m,
            (long long)p->n, (long long)p->k, (long long)p->batch, type_bytes(p->a), type_bytes(p->b),
            type_bytes(p->c), p->is_tf32, p->is_dynamic, p->name);
}

/* c NULL: only said how it is understood. */
static void take_line(card *c, const char *line) {
    problem p;
    char reason[128];
    if (line[0] == '\n' || line[0] == '#')
        return;
    if (!problem_read(line, &p, reason))
        printf(
            "{\"kind\":\"op\",\"source\":\"by_hand\",\"problem\":\"%s\",\"error\":\"%s\"}\n", p.text, reason);
    else if (c == NULL)
        print_understood(&p);
    else if (p.is_conv)
        conv_solve(c, &p);
    else
        gemm_solve(c, &p);
}

static int take_files(card *c, double until, char **files) {
    char line[PROBLEM_TEXT_MAX + 256];
    int left = 0;
    for (; *files != NULL; files++) {
        FILE *file = fopen(*files, "r");
        if (file == NULL) {
            fprintf(stderr, "by_hand: cannot read %s\n", *files);
            return 2;
        }
        while (fgets(line, sizeof line, file) != NULL) {
            if ((c != NULL && c->is_lost) || now() > until)
                left++;
            else
                take_line(c, line);
        }
        fclose(file);
    }
    if (left > 0)
        fprintf(stderr, "by_hand: %d problems were not begun: %s\n", left,
            c != NULL && c->is_lost ? c->reason : "the time was up");
    return 0;
}

static int usage(void) {
    fprintf(stderr, "usage: by_hand solve SECONDS FILE... | copy | rules | power | list FILE...\n");
    return 2;
}

static int with_card(card *c, int argc, char **argv) {
    if (!card_open(c)) {
        fprintf(stderr, "by_hand: no card: %s\n", c->reason);
        return 77;
    }
    card_describe(c);
    if (strcmp(argv[1], "solve") == 0 && argc > 3)
        return take_files(c, now() + strtod(argv[2], NULL), argv + 3);
    if (strcmp(argv[1], "copy") == 0)
        copy_all(c);
    else if (strcmp(argv[1], "rules") == 0)
        gemm_rules(c);
    else if (strcmp(argv[1], "power") == 0 && !power_study(c))
        fprintf(stderr, "by_hand: power: %s\n", c->reason);
    return 0;
}

int main(int argc, char **argv) {
    static const char *const verbs[] = {"solve", "copy", "rules", "power"};
    static card c;
    if (argc > 2 && strcmp(argv[1], "list") == 0)
        return take_files(NULL, now() + 1e9, argv + 2);
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(argv[1], verbs[i]) == 0 && (i > 0 || argc > 3))
            return with_card(&c, argc, argv);
    return usage();
}
