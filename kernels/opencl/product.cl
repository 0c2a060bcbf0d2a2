/* What kernels of products by cells have in common: their parameters, where they read and where sums go. With SPLIT > 1
 * these are partial sums, for parts.cl. Wants fetch.cl for both sides, and what follows the sums. */
#if SPLIT > 1
#define RESULT_PARAMS global SUM *parts, const ulong parts_first
#else
#define RESULT_PARAMS FINISH_PARAMS
#endif

/* To member `index / SPLIT` of the batch, part `index % SPLIT`: once a work-item. */
#define PRODUCT_BEGIN(index)                                                                                           \
    do {                                                                                                               \
        const int outer = (index) / SPLIT / members, inner = (index) / SPLIT % members;                                \
        MOVE(L, outer, inner);                                                                                         \
        MOVE(R, outer, inner);                                                                                         \
        RESULT_BEGIN(index, outer, inner);                                                                             \
    } while (0)
#if SPLIT > 1
#define RESULT_BEGIN(index, outer, inner) parts += parts_first + (long)(index)*rows * cols
#else
#define RESULT_BEGIN(index, outer, inner) FINISH_BEGIN(outer, inner)
#endif

/* Initial values of sources, up to k = `end`. */
#if L_FORM == 2
#define L_SOURCE(end) {L, rows, depth, end, L_line, L_depth, IMAGE_OF_PARAMS}
#else
#define L_SOURCE(end) {L, rows, depth, end, L_line, L_FORM == 1 ? L_WIDTH : L_depth}
#endif
#if R_FORM == 2
#define R_SOURCE(end) {R, cols, depth, end, R_line, R_depth, IMAGE_OF_PARAMS}
#else
#define R_SOURCE(end) {R, cols, depth, end, R_line, R_FORM == 1 ? R_WIDTH : R_depth}
#endif

/* First k of a part, and the first behind it: whole steps of `step`. */
inline int2 range_of(int part, int depth, int step) {
    const int stretch = ((depth + step - 1) / step + SPLIT - 1) / SPLIT * step;
    return (int2)(min(part * stretch, depth), min((part + 1) * stretch, depth));
}

/* LANES sums for the columns from `col` on, those that are there. */
#define STORE_EACH(sums, row, col)                                                                                     \
    do {                                                                                                               \
        SUM each[LANES];                                                                                               \
        spread(sums, each);                                                                                            \
        for (int lane = 0; lane < LANES; lane++)                                                                       \
            if ((col) + lane < cols)                                                                                   \
                FINISH(each[lane], row, (col) + lane);                                                                 \
    } while (0)
#if SPLIT > 1
#define STORE(sums, row, col) store_part(sums, parts + (long)(row)*cols + (col), cols - (col))
#elif LANES > 1 && defined(FINISH_VECTOR)
#define STORE(sums, row, col)                                                                                          \
    do {                                                                                                               \
        if ((col) + LANES <= cols)                                                                                     \
            FINISHV(sums, row, col);                                                                                   \
        else                                                                                                           \
            STORE_EACH(sums, row, col);                                                                                \
    } while (0)
#else
#define STORE(sums, row, col) STORE_EACH(sums, row, col)
#endif
