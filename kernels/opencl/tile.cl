/* A product by tiles. A work-group makes TILE_M x TILE_N of D, its work-items ITEMS_M x ITEMS_N register tiles of ITEM_M
 * x ITEM_N, stepping TILE_K along k; sides with LOCAL lie in local memory meanwhile, in BUFFERS buffers: with two, the
 * next tile travels while this one is multiplied. A row of work-items holds columns LANES by LANES in turn, so that
 * neighbours store side by side. Groups are one row, tiles in bands of BAND rows of them, which share what they read;
 * then the SPLIT parts of k, then the batch. Parts are summed by parts.cl. Wants product.cl. */
#define TILE_CELLS (TILE_K / CELL_K)
#define VECTORS_N (ITEM_N / LANES)

/* Row and column of the group's tile. */
inline int2 tile_of(int tile, int tiles_m, int tiles_n) {
    const int band = tile / (BAND * tiles_n), within = tile - band * BAND * tiles_n;
    const int height = min(BAND, tiles_m - band * BAND);
    return (int2)(band * BAND + within % height, within / height);
}

kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void tile(SIDES_PARAMS, RESULT_PARAMS IMAGE_PARAMS) {
    const int item = (int)get_local_id(0), at_m = item / ITEMS_N, at_n = item % ITEMS_N;
    const int tiles_m = (rows + TILE_M - 1) / TILE_M, tiles_n = (cols + TILE_N - 1) / TILE_N;
    const int group = (int)get_group_id(0), rest = group / (tiles_m * tiles_n);
    const int2 tile = tile_of(group - rest * (tiles_m * tiles_n), tiles_m, tiles_n);
    const int row = tile.x * TILE_M, col = tile.y * TILE_N;
    const int2 range = range_of(rest % SPLIT, depth, TILE_K);
    PRODUCT_BEGIN(rest);

    const L_source left = L_SOURCE(range.y);
    const R_source right = R_SOURCE(range.y);
    L_origin l_origins[L_ORIGINS];
    R_origin r_origins[R_ORIGINS];
    L_place l_places[L_PLACES];
    R_place r_places[R_PLACES];
    L_begin(&left, row, range.x, L_LOCAL ? item : at_m, l_origins, l_places);
    R_begin(&right, col, range.x, R_LOCAL ? item : at_n, r_origins, r_places);

    SUMV sum[ITEM_M * VECTORS_N];
#pragma unroll
    for (int i = 0; i < ITEM_M * VECTORS_N; i++)
        sum[i] = (SUMV)(0);

#if L_LOCAL
    local CELL l_tile[BUFFERS * TILE_CELLS * L_PITCH] __attribute__((aligned(64)));
    CELL l_held[L_SLOTS * L_VECTOR];
    const L_place l_by = L_place_of(&left, TILE_K);
    L_fetch(&left, l_origins, l_places, item, l_held);
    L_put(l_tile, item, l_held);
#endif
#if R_LOCAL
    local CELL r_tile[BUFFERS * TILE_CELLS * R_PITCH] __attribute__((aligned(64)));
    CELL r_held[R_SLOTS * R_VECTOR];
    const R_place r_by = R_place_of(&right, TILE_K);
    R_fetch(&right, r_origins, r_places, item, r_held);
    R_put(r_tile, item, r_held);
#endif
    int buffer = 0;
    for (int k = range.x; k < range.y; k += TILE_K) {
        const bool is_last = k + TILE_K >= range.y;
#if L_LOCAL || R_LOCAL
        barrier(CLK_LOCAL_MEM_FENCE);
#if BUFFERS == 2
        if (!is_last) {
#if L_LOCAL
            L_go_on(&left, l_places, l_by);
            L_fetch(&left, l_origins, l_places, item, l_held);
#endif
#if R_LOCAL
            R_go_on(&right, r_places, r_by);
            R_fetch(&right, r_origins, r_places, item, r_held);
#endif
        }
#endif
#endif
#pragma unroll UNROLL
        for (int cell = 0; cell < TILE_CELLS; cell += CHUNK) {
            CELL a[CHUNK * ITEM_M];
            CELLV b[CHUNK * VECTORS_N];
#if !L_LOCAL
            L_take(&left, l_origins, l_places, a);
#endif
#if !R_LOCAL
            R_take(&right, r_origins, r_places, (CELL *)b);
#endif
#pragma unroll
            for (int i = 0; i < CHUNK; i++) {
#if L_LOCAL
                L_take(l_tile + buffer * TILE_CELLS * L_PITCH, cell + i, at_m, a + i * ITEM_M);
#endif
#if R_LOCAL
                R_take(r_tile + buffer * TILE_CELLS * R_PITCH, cell + i, at_n, (CELL *)(b + i * VECTORS_N));
#endif
                multiply(a + i * ITEM_M, b + i * VECTORS_N, sum, ITEM_M, VECTORS_N);
            }
        }
#if L_LOCAL || R_LOCAL
        if (!is_last) {
#if BUFFERS == 2
            buffer ^= 1;
#else
#if L_LOCAL
            L_go_on(&left, l_places, l_by);
            L_fetch(&left, l_origins, l_places, item, l_held);
#endif
#if R_LOCAL
            R_go_on(&right, r_places, r_by);
            R_fetch(&right, r_origins, r_places, item, r_held);
#endif
            barrier(CLK_LOCAL_MEM_FENCE);
#endif
#if L_LOCAL
            L_put(l_tile + buffer * TILE_CELLS * L_PITCH, item, l_held);
#endif
#if R_LOCAL
            R_put(r_tile + buffer * TILE_CELLS * R_PITCH, item, r_held);
#endif
        }
#endif
    }

#pragma unroll
    for (int i = 0; i < ITEM_M; i++) {
        const int to_row = row + (at_m + i / L_GROUP * ITEMS_M) * L_GROUP + i % L_GROUP;
        if (to_row >= rows)
            continue;
#pragma unroll
        for (int j = 0; j < VECTORS_N; j++)
            STORE(sum[i * VECTORS_N + j], to_row, col + (at_n + j * ITEMS_N) * LANES);
    }
}
