/* Elements as they lie in memory, and the values that are computed with: float for f32, f16 and bf16, double for f64,
 * int for the integers. HAS_F64 is defined where f64 is used, HAS_F16 may be where the device has that type. Stores round
 * once, to nearest even; integers saturate, NaN becomes 0. */
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#ifdef HAS_F64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
#ifdef HAS_F16
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
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

/* VW values at once (2, 4, 8 or 16), from any address. Some devices make one access of them only if they are aligned and
 * the compiler knows it: with CHECK_ALIGNMENT one looks. Else it is element by element, and volatile, because compilers
 * make one access of two that differ in nothing but what is known of their alignment: the slower. */
#ifdef VW
#define VECTOR_OF(type) JOIN(type, VW)
#ifdef CHECK_ALIGNMENT
#define IS_ALIGNED(p, bytes) (((uintptr_t)(p) & (VW * (bytes) - 1)) == 0)
#define VECTOR_ACCESS(type)                                                                                            \
    inline VECTOR_OF(type) getv_##type(global const type *p) {                                                         \
        type each[VW];                                                                                                 \
        if (IS_ALIGNED(p, sizeof(type)))                                                                               \
            return *(global const VECTOR_OF(type) *)p;                                                                 \
        for (int i = 0; i < VW; i++)                                                                                   \
            each[i] = ((volatile global const type *)p)[i];                                                                \
        return JOIN(vload, VW)(0, each);                                                                               \
    }                                                                                                                  \
    inline void putv_##type(VECTOR_OF(type) v, global type *p) {                                                       \
        type each[VW];                                                                                                 \
        if (IS_ALIGNED(p, sizeof(type))) {                                                                             \
            *(global VECTOR_OF(type) *)p = v;                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
        JOIN(vstore, VW)(v, 0, each);                                                                                  \
        for (int i = 0; i < VW; i++)                                                                                   \
            ((volatile global type *)p)[i] = each[i];                                                                      \
    }
#else
#define VECTOR_ACCESS(type)                                                                                            \
    inline VECTOR_OF(type) getv_##type(global const type *p) { return JOIN(vload, VW)(0, p); }                         \
    inline void putv_##type(VECTOR_OF(type) v, global type *p) { JOIN(vstore, VW)(v, 0, p); }
#endif
VECTOR_ACCESS(float)
VECTOR_ACCESS(ushort)
VECTOR_ACCESS(char)
VECTOR_ACCESS(uchar)
VECTOR_ACCESS(int)

/* Compilers know best how to move halves where these are a type of the device. */
#ifdef HAS_F16
VECTOR_ACCESS(half)
inline VECTOR_OF(float) loadv_f16(global const half *p, long i) { return JOIN(convert_float, VW)(getv_half(p + i)); }
inline void storev_f16(VECTOR_OF(float) v, global half *p, long i) {
    putv_half(JOIN(JOIN(convert_half, VW), _rte)(v), p + i);
}
#else
inline VECTOR_OF(float) loadv_f16(global const half *p, long i) { return JOIN(vload_half, VW)(0, p + i); }
inline void storev_f16(VECTOR_OF(float) v, global half *p, long i) { JOIN(JOIN(vstore_half, VW), _rte)(v, 0, p + i); }
#endif

inline VECTOR_OF(float) loadv_f32(global const float *p, long i) { return getv_float(p + i); }
inline VECTOR_OF(float) loadv_bf16(global const ushort *p, long i) {
    return JOIN(as_float, VW)(JOIN(convert_uint, VW)(getv_ushort(p + i)) << 16);
}
inline VECTOR_OF(int) loadv_s8(global const char *p, long i) { return JOIN(convert_int, VW)(getv_char(p + i)); }
inline VECTOR_OF(int) loadv_u8(global const uchar *p, long i) { return JOIN(convert_int, VW)(getv_uchar(p + i)); }
inline VECTOR_OF(int) loadv_s32(global const int *p, long i) { return getv_int(p + i); }

inline void storev_f32(VECTOR_OF(float) v, global float *p, long i) { putv_float(v, p + i); }
inline void storev_bf16(VECTOR_OF(float) v, global ushort *p, long i) {
    const VECTOR_OF(uint) bits = JOIN(as_uint, VW)(v);
    const VECTOR_OF(uint) rounded = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
    const VECTOR_OF(uint) kept = isnan(v) ? (bits >> 16 | 0x40u) : rounded;
    putv_ushort(JOIN(convert_ushort, VW)(kept), p + i);
}
inline void storev_s8(VECTOR_OF(float) v, global char *p, long i) {
    const VECTOR_OF(float) zero = 0.0f;
    putv_char(JOIN(JOIN(convert_char, VW), _sat_rte)(isnan(v) ? zero : v), p + i);
}
inline void storev_u8(VECTOR_OF(float) v, global uchar *p, long i) {
    const VECTOR_OF(float) zero = 0.0f;
    putv_uchar(JOIN(JOIN(convert_uchar, VW), _sat_rte)(isnan(v) ? zero : v), p + i);
}
inline void storev_s32(VECTOR_OF(int) v, global int *p, long i) { putv_int(v, p + i); }
#ifdef HAS_F64
VECTOR_ACCESS(double)
inline VECTOR_OF(double) loadv_f64(global const double *p, long i) { return getv_double(p + i); }
inline void storev_f64(VECTOR_OF(double) v, global double *p, long i) { putv_double(v, p + i); }
#endif
#endif
