/* Which instruction sets the processor has, and which of them may be used. */
#ifndef BACKENDS_CPU_ISA_H
#define BACKENDS_CPU_ISA_H

#include <stdint.h>

#include "steelyard/status.h"

/**
 * The instruction sets in use.
 *
 * level     SY_ISA_* of kernels/gemm/gemm_types.h, with the bits of what this CPU has besides.
 * features  SY_PROBE_* of kernels/probe/probe.h, none above `level`.
 * name      "generic", "avx2", "avx512", "neon", or these with "-base"; "neon-8.2". Static storage.
 */
typedef struct sy_cpu_isa {
    uint32_t level, features;
    const char *name;
} sy_cpu_isa;

/**
 * The best level this CPU and this build have, or the one named by `wanted` (NULL: the best); with all that
 * the CPU has besides (VNNI, BF16, AVX-VNNI; on Arm dot products, FHM, BF16, I8MM), or without it if the name
 * ends in "-base"; neon-8.2 is at most dot products and FHM, as Kunpeng 920 and Neoverse N1 have them.
 * Errors: SY_UNSUPPORTED for a level that the CPU lacks, SY_INVALID_ARGUMENT for a name that does not exist;
 * the text lists what is there.
 */
sy_status sy_cpu_isa_choose(const char *wanted, sy_cpu_isa *out_isa, sy_error *err);

#endif
