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
#define MAC(cell, cells, sums) ((sums) + DOT(cell, cells))
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

inline void spread(SUMV sums, SUM *out) {
#if LANES > 1
    JOIN(vstore, LANES)(sums, 0, out);
#else
    out[0] = sums;
#endif
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
