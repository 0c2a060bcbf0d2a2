/* Elements as they lie in memory, and the values that are computed with: float for f32, f16 and bf16, double for f64,
 * int for the integers. HAS_F64 is defined where f64 is used. Stores round once, to nearest even; integers saturate, NaN
 * becomes 0. */
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#ifdef HAS_F64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

inline float load_f32(global const float *p, long i) { return p[i]; }
inline float load_f16(global const half *p, long i) { return vload_half(i, p); }
inline float load_bf16(global const ushort *p, long i) { return as_float((uint)p[i] << 16); }
inline int load_s8(global const char *p, long i) { return p[i]; }
inline int load_u8(global const uchar *p, long i) { return p[i]; }
inline int load_s32(global const int *p, long i) { return p[i]; }

inline void store_f32(float v, global float *p, long i) { p[i] = v; }
inline void store_f16(float v, global half *p, long i) { vstore_half_rte(v, i, p); }
inline void store_bf16(float v, global ushort *p, long i) {
    const uint bits = as_uint(v);
    const uint rounded = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
    p[i] = (ushort)(isnan(v) ? (bits >> 16 | 0x40u) : rounded);
}
inline void store_s8(float v, global char *p, long i) { p[i] = isnan(v) ? (char)0 : convert_char_sat_rte(v); }
inline void store_u8(float v, global uchar *p, long i) { p[i] = isnan(v) ? (uchar)0 : convert_uchar_sat_rte(v); }
inline void store_s32(int v, global int *p, long i) { p[i] = v; }

#ifdef HAS_F64
inline double load_f64(global const double *p, long i) { return p[i]; }
inline void store_f64(double v, global double *p, long i) { p[i] = v; }
#endif

/* VW values at once (2, 4, 8 or 16), from any address. Where a driver can only make one access of them if it knows that
 * they are aligned, CHECK_ALIGNMENT has it look. */
#ifdef VW
#define VECTOR_OF(type) JOIN(type, VW)
#ifdef CHECK_ALIGNMENT
#define IS_ALIGNED(p, bytes) (((uintptr_t)(p) & (VW * (bytes) - 1)) == 0)
#define GETV(type, bytes, p) (IS_ALIGNED(p, bytes) ? *(global const VECTOR_OF(type) *)(p) : JOIN(vload, VW)(0, p))
#define PUTV(v, type, bytes, p)                                                                                        \
    if (IS_ALIGNED(p, bytes))                                                                                          \
        *(global VECTOR_OF(type) *)(p) = v;                                                                            \
    else                                                                                                               \
        JOIN(vstore, VW)(v, 0, p)
#define GETV_HALF(p) (IS_ALIGNED(p, 2) ? JOIN(vloada_half, VW)(0, p) : JOIN(vload_half, VW)(0, p))
#define PUTV_HALF(v, p)                                                                                                \
    if (IS_ALIGNED(p, 2))                                                                                              \
        JOIN(JOIN(vstorea_half, VW), _rte)(v, 0, p);                                                                   \
    else                                                                                                               \
        JOIN(JOIN(vstore_half, VW), _rte)(v, 0, p)
#else
#define GETV(type, bytes, p) JOIN(vload, VW)(0, p)
#define PUTV(v, type, bytes, p) JOIN(vstore, VW)(v, 0, p)
#define GETV_HALF(p) JOIN(vload_half, VW)(0, p)
#define PUTV_HALF(v, p) JOIN(JOIN(vstore_half, VW), _rte)(v, 0, p)
#endif

inline VECTOR_OF(float) loadv_f32(global const float *p, long i) { return GETV(float, 4, p + i); }
inline VECTOR_OF(float) loadv_f16(global const half *p, long i) { return GETV_HALF(p + i); }
inline VECTOR_OF(float) loadv_bf16(global const ushort *p, long i) {
    return JOIN(as_float, VW)(JOIN(convert_uint, VW)(GETV(ushort, 2, p + i)) << 16);
}
inline VECTOR_OF(int) loadv_s8(global const char *p, long i) { return JOIN(convert_int, VW)(GETV(char, 1, p + i)); }
inline VECTOR_OF(int) loadv_u8(global const uchar *p, long i) { return JOIN(convert_int, VW)(GETV(uchar, 1, p + i)); }
inline VECTOR_OF(int) loadv_s32(global const int *p, long i) { return GETV(int, 4, p + i); }

inline void storev_f32(VECTOR_OF(float) v, global float *p, long i) { PUTV(v, float, 4, p + i); }
inline void storev_f16(VECTOR_OF(float) v, global half *p, long i) { PUTV_HALF(v, p + i); }
inline void storev_bf16(VECTOR_OF(float) v, global ushort *p, long i) {
    const VECTOR_OF(uint) bits = JOIN(as_uint, VW)(v);
    const VECTOR_OF(uint) rounded = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
    const VECTOR_OF(uint) kept = isnan(v) ? (bits >> 16 | 0x40u) : rounded;
    PUTV(JOIN(convert_ushort, VW)(kept), ushort, 2, p + i);
}
inline void storev_s8(VECTOR_OF(float) v, global char *p, long i) {
    const VECTOR_OF(float) zero = 0.0f;
    PUTV(JOIN(JOIN(convert_char, VW), _sat_rte)(isnan(v) ? zero : v), char, 1, p + i);
}
inline void storev_u8(VECTOR_OF(float) v, global uchar *p, long i) {
    const VECTOR_OF(float) zero = 0.0f;
    PUTV(JOIN(JOIN(convert_uchar, VW), _sat_rte)(isnan(v) ? zero : v), uchar, 1, p + i);
}
inline void storev_s32(VECTOR_OF(int) v, global int *p, long i) { PUTV(v, int, 4, p + i); }
#ifdef HAS_F64
inline VECTOR_OF(double) loadv_f64(global const double *p, long i) { return GETV(double, 8, p + i); }
inline void storev_f64(VECTOR_OF(double) v, global double *p, long i) { PUTV(v, double, 8, p + i); }
#endif
#endif
