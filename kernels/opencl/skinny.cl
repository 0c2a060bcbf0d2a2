/* A product with few rows: what counts is that the right side is read once, and fast. A work-group makes all ROWS rows of
 * TILE_N columns: ITEMS_N work-items share the columns, ITEM_N each, ITEMS_K others each take CHUNK cells of k in turn.
 * What lies side by side in the right side is read by work-items side by side: columns, or with R_ALONG k's. The sums of
 * the ITEMS_K are added in local memory, AT_ONCE of them at a time, always in the same order. Groups are one row: tiles,
 * then the SPLIT parts of k, then the batch. Parts are summed by parts.cl. Wants product.cl. */
#define VECTORS_N (ITEM_N / LANES)
#define SUMS (ROWS * VECTORS_N)

#if R_ALONG
#define ITEM_AT(n, k) ((n) * ITEMS_K + (k))
#define N_OF(item) ((item) / ITEMS_K)
#define K_OF(item) ((item) % ITEMS_K)
#else
#define ITEM_AT(n, k) ((k) * ITEMS_N + (n))
#define N_OF(item) ((item) % ITEMS_N)
#define K_OF(item) ((item) / ITEMS_N)
#endif

kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void skinny(SIDES_PARAMS, RESULT_PARAMS IMAGE_PARAMS) {
    const int item = (int)get_local_id(0), at_n = N_OF(item), at_k = K_OF(item);
    const int tiles = (cols + TILE_N - 1) / TILE_N, group = (int)get_group_id(0), rest = group / tiles;
    const int col = (group - rest * tiles) * TILE_N;
    const int2 range = range_of(rest % SPLIT, depth, TILE_K);
    PRODUCT_BEGIN(rest);

    const L_source left = L_SOURCE(range.y);
    const R_source right = R_SOURCE(range.y);
    const int first = range.x + at_k * CHUNK * CELL_K;
    L_origin l_origins[L_ORIGINS];
    R_origin r_origins[R_ORIGINS];
    L_place l_place;
    R_place r_place;
    L_begin(&left, 0, first, 0, l_origins, &l_place);
    R_begin(&right, col, first, at_n, r_origins, &r_place);
    const L_place l_by = L_place_of(&left, TILE_K - CHUNK * CELL_K);
    const R_place r_by = R_place_of(&right, TILE_K - CHUNK * CELL_K);

    SUMV sum[SUMS];
#pragma unroll
    for (int i = 0; i < SUMS; i++)
        sum[i] = (SUMV)(0);
    for (int k = first; k < range.y; k += TILE_K) {
        CELL a[CHUNK * ROWS];
        CELLV b[CHUNK * VECTORS_N];
        R_take(&right, r_origins, &r_place, (CELL *)b);
        L_take(&left, l_origins, &l_place, a);
#if ITEMS_K > 1
        r_place = R_advance(&right, r_place, r_by);
        l_place = L_advance(&left, l_place, l_by);
#endif
#pragma unroll
        for (int i = 0; i < CHUNK; i++)
            multiply(a + i * ROWS, b + i * VECTORS_N, sum, ROWS, VECTORS_N);
    }

#if ITEMS_K > 1
    local SUMV shared[AT_ONCE * ITEMS];
#pragma unroll
    for (int i = 0; i < SUMS; i += AT_ONCE) {
#pragma unroll
        for (int j = 0; j < AT_ONCE; j++)
            shared[j * ITEMS + item] = sum[i + j];
        for (int half_k = ITEMS_K / 2; half_k > 0; half_k /= 2) {
            barrier(CLK_LOCAL_MEM_FENCE);
            if (at_k < half_k)
                for (int j = 0; j < AT_ONCE; j++)
                    shared[j * ITEMS + item] += shared[j * ITEMS + ITEM_AT(at_n, at_k + half_k)];
        }
#pragma unroll
        for (int j = 0; j < AT_ONCE; j++)
            sum[i + j] = shared[j * ITEMS + item];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (at_k > 0)
        return;
#endif
#pragma unroll
    for (int i = 0; i < ROWS; i++)
#pragma unroll
        for (int j = 0; j < VECTORS_N; j++)
            STORE(sum[i * VECTORS_N + j], i, col + (at_n + j * ITEMS_N) * LANES);
}
