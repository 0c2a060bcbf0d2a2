/*
 * The linker puts these functions in the place of the table's own (--wrap), so that what plans ask for is
 * seen without a word about it in the kernels. Threads of the backend ask, too: the marks are atomic.
 */
#include "tests/conformance/paths.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernels/gemm/gemm_kernel.h"

enum { MOST = 128 };

static atomic_bool asked[MOST];
static bool proven[MOST];

const gemm_kernel *__real_gemm_kernel_choose(uint32_t isa, uint32_t dtype_a, uint32_t dtype_b, bool is_const);
const gemm_kernel *__real_gemm_kernel_find(uint32_t isa, uint32_t sum);
const gemm_kernel *__wrap_gemm_kernel_choose(uint32_t isa, uint32_t dtype_a, uint32_t dtype_b, bool is_const);
const gemm_kernel *__wrap_gemm_kernel_find(uint32_t isa, uint32_t sum);

static const gemm_kernel *note(const gemm_kernel *kernel) {
    for (size_t i = 0; i < MOST && gemm_kernel_at(i) != NULL; i++)
        if (gemm_kernel_at(i) == kernel)
            atomic_store_explicit(&asked[i], true, memory_order_relaxed);
    return kernel;
}

const gemm_kernel *__wrap_gemm_kernel_choose(
    uint32_t isa, uint32_t dtype_a, uint32_t dtype_b, bool is_const) {
    return note(__real_gemm_kernel_choose(isa, dtype_a, dtype_b, is_const));
}

const gemm_kernel *__wrap_gemm_kernel_find(uint32_t isa, uint32_t sum) {
    return note(__real_gemm_kernel_find(isa, sum));
}

void paths_begin(void) {
    for (size_t i = 0; i < MOST; i++)
        atomic_store_explicit(&asked[i], false, memory_order_relaxed);
}

void paths_end(bool is_right) {
    for (size_t i = 0; is_right && i < MOST; i++)
        proven[i] = proven[i] || atomic_load_explicit(&asked[i], memory_order_relaxed);
}

static const char *how(const gemm_kernel *kernel, bool is_proven) {
#if defined(STEELYARD_EMULATED)
    const bool is_emulated = kernel->level == SY_ISA_AVX512 || (kernel->needs & SY_ISA_AVX_VNNI) != 0;
#else
    (void)kernel;
    const bool is_emulated = false;
#endif
    return !is_proven ? "unproven" : is_emulated ? "emulated" : "native";
}

static void print_to(FILE *out) {
    for (size_t i = 0; i < MOST && gemm_kernel_at(i) != NULL; i++)
        fprintf(out, "path %s %s\n", how(gemm_kernel_at(i), proven[i]), gemm_kernel_at(i)->name);
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
