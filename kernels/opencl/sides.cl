/* The two sides of a product as kernel parameters, and single elements of them. L_FORM, R_FORM: 0 strided, 1 panels of
 * L_WIDTH (R_WIDTH) lines, 2 an image. Pointers are moved to a member of the batch by MOVE (in the definitions). Wants
 * element.cl. */
#define SIDES_PARAMS                                                                                                   \
    global const L_T *L, const ulong L_first, const long L_line, const long L_depth, const long L_outer,               \
        const long L_inner, global const R_T *R, const ulong R_first, const long R_line, const long R_depth,           \
        const long R_outer, const long R_inner, const int rows, const int cols, const int depth, const int members

#if L_FORM == 2 || R_FORM == 2
/* A convolution's geometry: c channels of a group, h x w pixels in, q pixels out a row and pq an image; strides in
 * elements. */
typedef struct image {
    int c, h, w, q, pq, r, s, stride_h, stride_w, dilation_h, dilation_w, pad_h, pad_w;
    long n_stride, c_stride, h_stride, w_stride;
} image;

#define IMAGE_PARAMS                                                                                                   \
    , const int x_c, const int x_h, const int x_w, const int x_q, const int x_pq, const int x_r, const int x_s,        \
        const int x_stride_h, const int x_stride_w, const int x_dilation_h, const int x_dilation_w, const int x_pad_h, \
        const int x_pad_w, const long x_n, const long x_cs, const long x_hs, const long x_ws
#define IMAGE_OF_PARAMS                                                                                                \
    {x_c,          x_h,     x_w,     x_q, x_pq, x_r,  x_s, x_stride_h, x_stride_w, x_dilation_h,                       \
     x_dilation_w, x_pad_h, x_pad_w, x_n, x_cs, x_hs, x_ws}

/* Where the filter's first tap lies for an output pixel: row and column of the image (outside of it: padding), and the
 * image's offset where pixels count over all images. */
typedef struct tap {
    int y, x;
    long offset;
} tap;

inline tap tap_of(const image m, int pixel) {
    const int n = pixel / m.pq, at = pixel - n * m.pq;
    const int p = at / m.q, q = at - p * m.q;
    const tap t = {p * m.stride_h - m.pad_h, q * m.stride_w - m.pad_w, n * m.n_stride};
    return t;
}

/* Which tap and channel k is. IMAGE_ORDER 0: c r s, 1: r s c. */
inline int4 place_of(const image m, int k) {
#if IMAGE_ORDER == 0
    const int c = k / (m.r * m.s), rs = k - c * m.r * m.s;
#else
    const int rs = k / m.c, c = k - rs * m.c;
#endif
    const int r = rs / m.s;
    return (int4)(r, rs - r * m.s, c, 0);
}

/* Offset of the element under tap (r, s) in channel c; -1: padding, which counts as 0. */
inline long pixel_at(const image m, const tap t, int4 place) {
    const int y = t.y + place.x * m.dilation_h, x = t.x + place.y * m.dilation_w;
    const bool inside = y >= 0 && y < m.h && x >= 0 && x < m.w;
    return inside ? t.offset + place.z * m.c_stride + y * m.h_stride + x * m.w_stride : -1;
}
#else
#define IMAGE_PARAMS
#endif

/* Offset of element (line, k) of panels of `width` lines. */
inline long panel_at(int line, int k, int depth, int width) {
    const int panel = line / width;
    return ((long)panel * depth + k) * width + (line - panel * width);
}
