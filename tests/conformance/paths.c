/* A row's functions are known by their addresses; functions that several rows name count for the lowest
 * instruction set that has them. */
#include "tests/conformance/paths.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernels/conv/conv_taps.h"
#include "kernels/gemm/gemm_kernel.h"
#include "kernels/gemm/gemm_open.h"
#include "kernels/winograd/winograd_kernel.h"
#include "tests/conformance/watch.h"

enum { MOST = 256 };

typedef struct path {
    const char *name;
    uint32_t level, needs;
    const watched *function;
    bool is_proven;
} path;

static path paths[MOST];
static size_t n_paths;

static void add(const char *name, uint32_t level, uint32_t needs, const watched *function) {
    if (n_paths < MOST)
        paths[n_paths++] = (path){.name = name, .level = level, .needs = needs, .function = function};
}

static bool is_lower(uint32_t level, uint32_t needs, const path *than) {
    return level < than->level || (level == than->level && (needs & than->needs) == needs);
}

/* Functions of a row, by their own names, each once; NULL: the row has none of that kind. */
static void add_functions(uint32_t level, uint32_t needs, size_t count, watched_fn *const function[]) {
    for (size_t i = 0; i < count; i++) {
        const watched *one = function[i] != NULL ? watch_find(function[i]) : NULL;
        size_t at = 0;
        while (at < n_paths && paths[at].function != one)
            at++;
        if (one == NULL)
            continue;
        if (at == n_paths)
            add(one->name, level, needs, one);
        else if (is_lower(level, needs, &paths[at]))
            paths[at].level = level, paths[at].needs = needs;
    }
}

#define FN(pointer) (watched_fn *)(pointer)
#define ADD(level, needs, ...)                                                                               \
    add_functions((level), (needs), sizeof((watched_fn *[]){__VA_ARGS__}) / sizeof(watched_fn *),            \
        (watched_fn *[]){__VA_ARGS__})

static void add_gemm(void) {
    const gemm_kernel *row;
    for (size_t i = 0; (row = gemm_kernel_at(i)) != NULL; i++)
        add(row->name, row->level, row->needs, watch_find(FN(row->tile)));
    for (size_t i = 0; (row = gemm_kernel_at(i)) != NULL; i++)
        ADD(row->level, row->needs, FN(row->bare), FN(row->pair), FN(row->axpy), FN(row->dot),
            FN(row->finish), FN(row->a.interleave), FN(row->b.interleave));
}

static void add_open(void) {
    const gemm_open *row;
    for (size_t i = 0; (row = gemm_open_at(i)) != NULL; i++)
        ADD(row->level, row->needs, FN(row->tile), FN(row->strip), FN(row->lanes), FN(row->part),
            FN(row->turn), FN(row->finish), FN(row->a.interleave), FN(row->b.interleave));
}

static void add_taps(void) {
    const conv_taps *row;
    for (size_t i = 0; (row = conv_taps_at(i)) != NULL; i++)
        ADD(row->isa, 0, FN(row->block), FN(row->lines), FN(row->spread), FN(row->turn));
}

static void add_winograd(void) {
    const winograd_kernel *row;
    for (size_t i = 0; (row = winograd_kernel_at(i)) != NULL; i++)
        ADD(row->level, 0, FN(row->input[WINOGRAD_F2]), FN(row->input[WINOGRAD_F4]),
            FN(row->output[WINOGRAD_F2]), FN(row->output[WINOGRAD_F4]), FN(row->product), FN(row->turn));
}

void paths_begin(void) {
    if (n_paths == 0) {
        add_gemm();
        add_open();
        add_taps();
        add_winograd();
    }
    watch_begin();
}

void paths_end(bool is_right) {
    for (size_t i = 0; is_right && i < n_paths; i++)
        paths[i].is_proven = paths[i].is_proven || watch_was_called(paths[i].function);
}

static const char *how(const path *one) {
#if defined(STEELYARD_EMULATED)
    const bool is_emulated = one->level == SY_ISA_AVX512 || (one->needs & SY_ISA_AVX_VNNI) != 0;
#else
    const bool is_emulated = false;
#endif
    return !one->is_proven ? "unproven" : is_emulated ? "emulated" : "native";
}

static void print_path(FILE *out, const path *one) {
    static const struct {
        uint32_t bit;
        const char *name;
    } bits[] = {{SY_ISA_AVX_VNNI, "avxvnni"}, {SY_ISA_VNNI, "vnni"}, {SY_ISA_BF16, "bf16"},
        {SY_ISA_DOTPROD, "dotprod"}, {SY_ISA_I8MM, "i8mm"}, {SY_ISA_FHM, "fhm"}};
    fprintf(out, "path %s %s %s", how(one), one->name, sy_isa_name(one->level));
    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
        if ((one->needs & bits[i].bit) != 0)
            fprintf(out, "+%s", bits[i].name);
    fprintf(out, "\n");
}

static void print_to(FILE *out) {
    for (size_t i = 0; i < n_paths; i++)
        print_path(out, &paths[i]);
}

void paths_print(void) {
    const char *name = getenv("STEELYARD_PATHS");
    print_to(stdout);
    FILE *out = name != NULL ? fopen(name, "w") : NULL;
    if (out == NULL)
        return;
    print_to(out);
    fclose(out);
}
