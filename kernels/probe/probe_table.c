/* Which probe serves which types on which processor: best first, plain C last. */
#include "kernels/probe/probe_rows.h"

/* The numbers of steelyard/types.h, which kernels do not include (a test compares them). */
enum { F64 = 1, F32 = 2, F16 = 3, BF16 = 4, S8 = 7, U8 = 8, S32 = 9 };

static const sy_probe_stream streams[] = {
#if defined(__x86_64__)
    {SY_PROBE_AVX512, sy_probe_read_avx512, sy_probe_triad_avx512, sy_probe_fill_avx512},
    {SY_PROBE_AVX2, sy_probe_read_avx2, sy_probe_triad_avx2, sy_probe_fill_avx2},
#elif defined(__aarch64__)
    {SY_PROBE_NEON, sy_probe_read_neon, sy_probe_triad_neon, sy_probe_fill_neon},
#endif
    {0, sy_probe_read_generic, sy_probe_triad_generic, sy_probe_fill_generic},
};

/* f16 and bf16 without an instruction of their own are widened and multiplied as f32: that is their ceiling.
 */
static const sy_probe_peak peaks[] = {
#if defined(__x86_64__)
    {"avx512_bf16 vdpbf16ps zmm, 16 chains", BF16, F32, SY_PROBE_AVX512_BF16, 256, 1024, 0,
        sy_probe_bf16_avx512},
    {"avx512_vnni vpdpbusd zmm, 16 chains", S8, S32, SY_PROBE_AVX512_VNNI, 256, 2048, 0, sy_probe_s8_avx512},
    {"avx512_vnni vpdpbusd zmm, 16 chains", U8, S32, SY_PROBE_AVX512_VNNI, 256, 2048, 0, sy_probe_s8_avx512},
    {"avx512 vfmadd zmm, 16 chains", F32, F32, SY_PROBE_AVX512, 256, 512, 0, sy_probe_f32_avx512},
    {"avx512 vfmadd zmm, 16 chains", F64, F64, SY_PROBE_AVX512, 128, 256, 0, sy_probe_f64_avx512},
    {"avx512 vfmadd zmm (f32), 16 chains", F16, F32, SY_PROBE_AVX512, 256, 512, 1, sy_probe_f32_avx512},
    {"avx512 vfmadd zmm (f32), 16 chains", BF16, F32, SY_PROBE_AVX512, 256, 512, 1, sy_probe_f32_avx512},
    {"avx2 vfmadd ymm, 12 chains", F32, F32, SY_PROBE_AVX2, 96, 192, 0, sy_probe_f32_avx2},
    {"avx2 vfmadd ymm, 12 chains", F64, F64, SY_PROBE_AVX2, 48, 96, 0, sy_probe_f64_avx2},
    {"avx2 vfmadd ymm (f32), 12 chains", F16, F32, SY_PROBE_AVX2, 96, 192, 1, sy_probe_f32_avx2},
    {"avx2 vfmadd ymm (f32), 12 chains", BF16, F32, SY_PROBE_AVX2, 96, 192, 1, sy_probe_f32_avx2},
    {"avx2 vpmaddubsw vpmaddwd vpaddd ymm, 12 chains", S8, S32, SY_PROBE_AVX2, 96, 768, 0, sy_probe_s8_avx2},
    {"avx2 vpmaddubsw vpmaddwd vpaddd ymm, 12 chains", U8, S32, SY_PROBE_AVX2, 96, 768, 0, sy_probe_s8_avx2},
#elif defined(__aarch64__)
    {"bf16 bfmmla v.4s, 24 chains", BF16, F32, SY_PROBE_NEON_BF16, 96, 768, 0, sy_probe_bf16_neon},
    {"fhm fmlal v.4s, 24 chains", F16, F32, SY_PROBE_NEON_FHM, 96, 192, 0, sy_probe_f16_neon},
    {"i8mm smmla v.4s, 24 chains", S8, S32, SY_PROBE_NEON_I8MM, 96, 1536, 0, sy_probe_s8_neon_i8mm},
    {"i8mm smmla v.4s, 24 chains", U8, S32, SY_PROBE_NEON_I8MM, 96, 1536, 0, sy_probe_s8_neon_i8mm},
    {"dotprod sdot v.4s, 24 chains", S8, S32, SY_PROBE_NEON_DOTPROD, 96, 768, 0, sy_probe_s8_neon_dotprod},
    {"dotprod sdot v.4s, 24 chains", U8, S32, SY_PROBE_NEON_DOTPROD, 96, 768, 0, sy_probe_s8_neon_dotprod},
    {"neon fmla v.4s, 24 chains", F32, F32, SY_PROBE_NEON, 96, 192, 0, sy_probe_f32_neon},
    {"neon fmla v.2d, 24 chains", F64, F64, SY_PROBE_NEON, 48, 96, 0, sy_probe_f64_neon},
    {"neon fmla v.4s (f32), 24 chains", F16, F32, SY_PROBE_NEON, 96, 192, 1, sy_probe_f32_neon},
    {"neon fmla v.4s (f32), 24 chains", BF16, F32, SY_PROBE_NEON, 96, 192, 1, sy_probe_f32_neon},
    {"neon smlal v.4s (s16), 24 chains", S8, S32, SY_PROBE_NEON, 96, 192, 1, sy_probe_s8_neon},
    {"neon smlal v.4s (s16), 24 chains", U8, S32, SY_PROBE_NEON, 96, 192, 1, sy_probe_s8_neon},
#endif
    {"plain C, 16 chains", F32, F32, 0, 16, 32, 0, sy_probe_f32_generic},
    {"plain C, 16 chains", F64, F64, 0, 16, 32, 0, sy_probe_f64_generic},
    {"plain C (f32), 16 chains", F16, F32, 0, 16, 32, 1, sy_probe_f32_generic},
    {"plain C (f32), 16 chains", BF16, F32, 0, 16, 32, 1, sy_probe_f32_generic},
    {"plain C, 16 chains", S8, S32, 0, 16, 128, 0, sy_probe_s8_generic},
    {"plain C, 16 chains", U8, S32, 0, 16, 128, 0, sy_probe_s8_generic},
};

#define COUNT(array) (sizeof array / sizeof array[0])

const sy_probe_stream *sy_probe_stream_find(uint32_t features) {
    size_t i = 0;
    while (i + 1 < COUNT(streams) && (streams[i].features & ~features) != 0)
        i++;
    return &streams[i];
}

const sy_probe_peak *sy_probe_peak_find(uint32_t dtype_in, uint32_t dtype_acc, uint32_t features) {
    for (size_t i = 0; i < COUNT(peaks); i++)
        if (peaks[i].dtype_in == dtype_in && peaks[i].dtype_acc == dtype_acc &&
            (peaks[i].features & ~features) == 0)
            return &peaks[i];
    return NULL;
}

const sy_probe_peak *sy_probe_peak_row(size_t index) {
    return index < COUNT(peaks) ? &peaks[index] : NULL;
}
