/* Cells are what is multiplied: values, or with PACKED the bytes of four neighbouring k in a uint, which DOT multiplies
 * and adds. CELL_K k's a cell. Cells of LANES columns are multiplied at once by one of a row; SUM is the type of sums.
 * Wants element.cl. */
#if LANES > 1
#define CELLV JOIN(CELL, LANES)
#define SUMV JOIN(SUM, LANES)
#else
#define CELLV CELL
#define SUMV SUM
#endif

#if PACKED
#pragma OPENCL EXTENSION cl_khr_integer_dot_product : enable
#define CELL_K 4
#define MAC(cell, cells, sums) mac_packed(cell, cells, sums)
#else
#define CELL_K 1
#if IS_INT /* bytes, so that 24 bits are enough */
#define MAC(cell, cells, sums) mad24((CELLV)(cell), cells, sums)
#elif defined(HAS_F64) || defined(FP_FAST_FMAF)
#define MAC(cell, cells, sums) fma((CELLV)(cell), cells, sums)
#else
#define MAC(cell, cells, sums) ((CELLV)(cell) * (cells) + (sums))
#endif
#endif

#if PACKED
inline SUMV mac_packed(CELL cell, CELLV cells, SUMV sums) {
#if LANES > 1
    CELL each[LANES];
    SUM sum[LANES];
    JOIN(vstore, LANES)(cells, 0, each);
    JOIN(vstore, LANES)(sums, 0, sum);
    for (int i = 0; i < LANES; i++)
        sum[i] += DOT(cell, each[i]);
    return JOIN(vload, LANES)(0, sum);
#else
    return sums + DOT(cell, cells);
#endif
}
#endif

inline void spread(SUMV sums, SUM *out) {
#if LANES > 1
    JOIN(vstore, LANES)(sums, 0, out);
#else
    out[0] = sums;
#endif
}

/* sum[i][j] += a[i] b[j] for a column of `rows` cells and a row of `vectors` vectors. */
inline void multiply(const CELL *a, const CELLV *b, SUMV *sum, int rows, int vectors) {
#pragma unroll
    for (int i = 0; i < rows; i++)
#pragma unroll
        for (int j = 0; j < vectors; j++)
            sum[i * vectors + j] = MAC(a[i], b[j], sum[i * vectors + j]);
}

/* LANES partial sums, or as many as there is room for. */
inline void store_part(SUMV sums, global SUM *out, int room) {
    SUM lane[LANES];
    spread(sums, lane);
#if LANES > 1
    if (room >= LANES) {
        JOIN(vstore, LANES)(sums, 0, out);
        return;
    }
#endif
    for (int i = 0; i < LANES; i++)
        if (i < room)
            out[i] = lane[i];
}
