/*
 * Elements from one layout to another, whatever they mean: ELEMENT is an unsigned integer of their size, INDEX counts
 * elements or blocks of all of the tensor (uint or ulong).
 */

#if defined(COPY) || defined(TRANSPOSE)
/* Two strided layouts of the same four extents. Columns are what lies closest in the target, rows what lies closest in
 * the source, or next to closest. */
#define WALK_PARAMS                                                                                                    \
    global const ELEMENT *restrict from, const ulong from_at, global ELEMENT *restrict to, const ulong to_at,          \
        const long outer, const long middle, const long rows, const long columns, const long from_outer,               \
        const long from_middle, const long from_row, const long from_column, const long to_outer,                      \
        const long to_middle, const long to_row, const long to_column

/* Move `from` and `to` to block `block` of row_blocks x column_blocks in each (outer, middle); what is left of it are
 * row and column of the block. */
#define WALK_BEGIN(block, row_blocks, column_blocks)                                                                   \
    const INDEX blocks_before = (block) / (column_blocks), outers = blocks_before / (row_blocks);                      \
    const long column_block = (long)((block) - blocks_before * (column_blocks));                                       \
    const long row_block = (long)(blocks_before - outers * (row_blocks));                                              \
    const long o = (long)(outers / (INDEX)middle), m = (long)(outers - (INDEX)o * (INDEX)middle);                      \
    from += from_at + (ulong)(o * from_outer + m * from_middle);                                                       \
    to += to_at + (ulong)(o * to_outer + m * to_middle);
#endif

#ifdef COPY
/* A work-item copies ROWS x COLUMNS elements, in squares of TILE columns. Strides of columns that are 1 are constants. */
#if FROM_COLUMN_IS_1
#define FROM_COLUMN 1
#else
#define FROM_COLUMN from_column
#endif
#if TO_COLUMN_IS_1
#define TO_COLUMN 1
#else
#define TO_COLUMN to_column
#endif
kernel void reorder_copy(WALK_PARAMS) {
    const INDEX row_blocks = (INDEX)((rows + ROWS - 1) / ROWS), column_blocks = (INDEX)((columns + COLUMNS - 1) / COLUMNS);
    const INDEX block = (INDEX)get_global_id(0);
    if (block >= row_blocks * column_blocks * (INDEX)outer * (INDEX)middle)
        return;
    WALK_BEGIN(block, row_blocks, column_blocks)
    const long row_end = min(rows, (row_block + 1) * ROWS), column_end = min(columns, (column_block + 1) * COLUMNS);
    for (long c = column_block * COLUMNS; c < column_end; c += TILE) {
        const long count = min((long)TILE, column_end - c);
        for (long r = row_block * ROWS; r < row_end; r++) {
            global const ELEMENT *restrict source = from + r * from_row + c * FROM_COLUMN;
            global ELEMENT *restrict target = to + r * to_row + c * TO_COLUMN;
            for (long i = 0; i < count; i++)
                target[i * TO_COLUMN] = source[i * FROM_COLUMN];
        }
    }
}
#endif

#ifdef TRANSPOSE
/* A group of EDGE x LINES items turns a square of EDGE x EDGE: neighbouring items read along rows and write along
 * columns. */
__attribute__((reqd_work_group_size(EDGE, LINES, 1))) kernel void reorder_transpose(WALK_PARAMS) {
    local ELEMENT square[EDGE][EDGE + 1];
    const INDEX row_blocks = (INDEX)((rows + EDGE - 1) / EDGE), column_blocks = (INDEX)((columns + EDGE - 1) / EDGE);
    const int x = (int)get_local_id(0), y = (int)get_local_id(1);
    WALK_BEGIN((INDEX)get_group_id(0), row_blocks, column_blocks)
    const long row0 = row_block * EDGE, column0 = column_block * EDGE;
    for (int i = y; i < EDGE; i += LINES)
        if (row0 + x < rows && column0 + i < columns)
            square[i][x] = from[(row0 + x) * from_row + (column0 + i) * from_column];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = y; i < EDGE; i += LINES)
        if (row0 + i < rows && column0 + x < columns)
            to[(row0 + i) * to_row + (column0 + x) * to_column] = square[x][i];
}
#endif

#ifdef PANELS
/*
 * Weights into panels [member][panel][depth][WIDTH]. A work-item writes LANES lanes of DEPTH steps of the depth, which is
 * a channel where PLAIN, else made of a channel and a tap: c r s (ORDER 0) or r s c (1).
 */
kernel void reorder_panels(global const ELEMENT *restrict from, const ulong from_at, global ELEMENT *restrict to,
    const ulong to_at, const long members, const long panels, const long lines, const long depth, const long channels,
    const long taps, const long taps_w, const long from_member, const long from_line, const long from_channel,
    const long from_h, const long from_w) {
    const INDEX lane_blocks = (WIDTH + LANES - 1) / LANES, depth_blocks = (INDEX)((depth + DEPTH - 1) / DEPTH);
    const INDEX block = (INDEX)get_global_id(0), depths_before = block / lane_blocks, panel = depths_before / depth_blocks;
    if (panel >= (INDEX)(members * panels))
        return;
    const int lane0 = (int)(block - depths_before * lane_blocks) * LANES;
    const long depth0 = (long)(depths_before - panel * depth_blocks) * DEPTH, depth_end = min(depth, depth0 + DEPTH);
    const long member = (long)(panel / (INDEX)panels), line0 = ((long)panel - member * panels) * WIDTH;
    from += from_at + (ulong)(member * from_member);
    to += to_at + (ulong)panel * (ulong)depth * WIDTH;
    for (long d = depth0; d < depth_end; d++) {
#if PLAIN
        const long place = d * from_channel;
#else
#if ORDER == 0
        const long channel = d / taps, tap = d - channel * taps;
#else
        const long tap = d / channels, channel = d - tap * channels;
#endif
        const long h = tap / taps_w;
        const long place = channel * from_channel + h * from_h + (tap - h * taps_w) * from_w;
#endif
        global const ELEMENT *restrict source = from + line0 * from_line + place;
        for (int lane = lane0; lane < min(lane0 + LANES, WIDTH); lane++)
            to[d * WIDTH + lane] = line0 + lane < lines ? source[lane * from_line] : (ELEMENT)0;
    }
}
#endif
