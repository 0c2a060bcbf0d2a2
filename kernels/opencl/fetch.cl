/* How work-items read one side of a product; taken once for each side, as left.cl and right.cl say. Wants sides.cl and
 * cell.cl, and these definitions:
 *   SIDE(INDEX)   int or long: what offsets within a member of the batch need
 *   SIDE(ALONG)   what is read at once follows along 1: k, 0: the lines
 *   SIDE(VECTOR)  cells read at once; SIDE(NEXT): their elements lie side by side
 *   SIDE(LOCAL)   1: a tile of the side lies in local memory, 0: each work-item reads what it multiplies
 * of a tile of TILE_K k's:
 *   SIDE(TILE) lines, of which a work-item multiplies SIDE(ITEM), by SIDE(GROUP) side by side, the groups SIDE(SPREAD)
 *   groups apart;
 *   SIDE(SLOTS) vectors of it are fetched by each work-item, on SIDE(ORIGINS) different lines, at SIDE(PLACES)
 *   different k's; SIDE(PITCH) cells from one k to the next in local memory. */

/* A member of the batch. end: k from which on there is nothing for this work-item. */
typedef struct SIDE(source) {
    global const SIDE(T) * first;
    int lines, depth, end;
    SIDE(INDEX) line_step, k_step;
#if SIDE(FORM) == 2
    image m;
#endif
} SIDE(source);

/* Where a line begins; room: lines from this one on, <= 0 behind the last. */
typedef struct SIDE(origin) {
    SIDE(INDEX) at;
    int room;
#if SIDE(FORM) == 2
    int y, x;
#endif
} SIDE(origin);

/* What k is. */
typedef struct SIDE(place) {
    int k;
#if SIDE(FORM) == 2
    int r, s, c;
#endif
} SIDE(place);

inline SIDE(origin) SIDE(origin_of)(const SIDE(source) * from, int line) {
    const int inside = line < from->lines ? line : 0;
    SIDE(origin) o;
#if SIDE(FORM) == 2
    const tap t = tap_of(from->m, inside);
    o.at = (SIDE(INDEX))t.offset;
    o.y = t.y;
    o.x = t.x;
    o.room = from->lines - line;
#elif SIDE(FORM) == 1
    const int panel = inside / SIDE(WIDTH);
    o.at = (SIDE(INDEX))panel * from->depth * SIDE(WIDTH) + (inside - panel * SIDE(WIDTH));
    o.room = (from->lines + SIDE(WIDTH) - 1) / SIDE(WIDTH) * SIDE(WIDTH) - line;
    if (line >= from->lines) /* the zeros behind the last line are read as any other, but not from here */
        o.room = 0;
#else
    o.at = inside * from->line_step;
    o.room = from->lines - line;
#endif
    return o;
}

inline SIDE(place) SIDE(place_of)(const SIDE(source) * from, int k) {
    SIDE(place) p;
    p.k = k;
#if SIDE(FORM) == 2
    const int4 of = place_of(from->m, k);
    p.r = of.x;
    p.s = of.y;
    p.c = of.z;
#endif
    return p;
}

/* Place p, `by` further: what place_of() says of that distance. */
inline SIDE(place) SIDE(advance)(const SIDE(source) * from, SIDE(place) p, const SIDE(place) by) {
    p.k += by.k;
#if SIDE(FORM) == 2
    bool carry;
#if IMAGE_ORDER == 0
    p.s += by.s;
    carry = p.s >= from->m.s;
    p.s -= carry ? from->m.s : 0;
    p.r += by.r + carry;
    carry = p.r >= from->m.r;
    p.r -= carry ? from->m.r : 0;
    p.c += by.c + carry;
#else
    p.c += by.c;
    carry = p.c >= from->m.c;
    p.c -= carry ? from->m.c : 0;
    p.s += by.s + carry;
    carry = p.s >= from->m.s;
    p.s -= carry ? from->m.s : 0;
    p.r += by.r + carry;
#endif
#endif
    return p;
}

#if SIDE(FORM) == 2
/* Offset of the pixel's channel under the tap, -1 if it is padding or there is none. */
inline SIDE(INDEX) SIDE(pixel)(const SIDE(source) * from, const SIDE(origin) o, const SIDE(place) p) {
    const int y = o.y + p.r * from->m.dilation_h, x = o.x + p.s * from->m.dilation_w;
    const bool is_there = o.room > 0 && p.k < from->end;
    const bool is_inside = y >= 0 && y < from->m.h && x >= 0 && x < from->m.w;
    const SIDE(INDEX) at = o.at + p.c * (SIDE(INDEX))from->m.c_stride + y * (SIDE(INDEX))from->m.h_stride +
                           x * (SIDE(INDEX))from->m.w_stride;
    return is_there && is_inside ? at : -1;
}
#endif

inline SIDE(VALUE) SIDE(value)(const SIDE(source) * from, const SIDE(origin) o, const SIDE(place) p) {
#if SIDE(FORM) == 2
    const SIDE(INDEX) at = SIDE(pixel)(from, o, p);
    return at < 0 ? 0 : SIDE(LOAD)(from->first, at);
#else
    const bool is_there = o.room > 0 && p.k < from->end;
    return is_there ? SIDE(LOAD)(from->first, o.at + p.k * from->k_step) : 0;
#endif
}

/* One cell; what lies outside is 0. */
inline CELL SIDE(cell)(const SIDE(source) * from, const SIDE(origin) o, SIDE(place) p) {
#if PACKED
    const SIDE(place) one = SIDE(place_of)(from, 1);
    uint cell = 0;
    for (int i = 0; i < CELL_K; i++) {
        cell |= (uint)(uchar)SIDE(value)(from, o, p) << 8 * i;
        p = SIDE(advance)(from, p, one);
    }
    return cell;
#else
    return SIDE(value)(from, o, p);
#endif
}

/* Elements side by side that make VECTOR cells. */
#define SIDE_RUN (SIDE(VECTOR) * (SIDE(ALONG) ? CELL_K : 1))

#if SIDE(NEXT)
/* VECTOR cells that are all inside. */
inline void SIDE(read_whole)(const SIDE(source) * from, const SIDE(INDEX) at, CELL *out) {
#if PACKED && SIDE(ALONG)
    global const uchar *bytes = (global const uchar *)(from->first + at);
#if SIDE(VECTOR) > 1
    if (((uintptr_t)bytes & (4 * VW - 1)) == 0) {
        JOIN(vstore, VW)(*(global const JOIN(uint, VW) *)bytes, 0, out);
        return;
    }
#endif
    for (int i = 0; i < SIDE(VECTOR); i++)
        out[i] = as_uint(vload4(i, bytes));
#elif PACKED
    JOIN(uint, VW) cells = 0;
    for (int i = 0; i < CELL_K; i++)
        cells |= (JOIN(as_uint, VW)(SIDE(LOADV)(from->first, at + i * from->k_step)) & 0xffu) << (uint)(8 * i);
    JOIN(vstore, VW)(cells, 0, out);
#else
    JOIN(vstore, VW)(SIDE(LOADV)(from->first, at), 0, out);
#endif
}
#endif

/* VECTOR cells from a line and a place on; what lies outside is 0. */
inline void SIDE(read)(const SIDE(source) * from, SIDE(origin) o, SIDE(place) p, CELL *out) {
#if SIDE(NEXT)
    const bool is_whole = o.room >= (SIDE(ALONG) ? 1 : SIDE(VECTOR)) &&
                          p.k + (SIDE(ALONG) ? SIDE(VECTOR) : 1) * CELL_K <= from->end;
#if SIDE(FORM) == 2
    const SIDE(INDEX) at = SIDE(pixel)(from, o, p);
    if (is_whole && at >= 0) {
#else
    const SIDE(INDEX) at = o.at + p.k * from->k_step;
    if (is_whole) {
#endif
        SIDE(read_whole)(from, at, out);
        return;
    }
#endif
    for (int i = 0; i < SIDE(VECTOR); i++) {
        out[i] = SIDE(cell)(from, o, p);
#if SIDE(ALONG)
        p.k += CELL_K;
#if SIDE(FORM) == 2
        p.c += CELL_K; /* vectors of an image lie within the channels of a tap */
#endif
#else
        o.at += SIDE(VECTOR) > 1 ? 1 : 0;
        o.room--;
#endif
    }
}

#ifdef TILE_K
#if SIDE(LOCAL)
/* The tile as vectors, in the order in which memory holds them. */
#define SIDE_TILE_CELLS (TILE_K / CELL_K)
#define SIDE_VECTORS (SIDE(TILE) * SIDE_TILE_CELLS / SIDE(VECTOR))
inline int SIDE(slot_line)(int slot) {
    return SIDE(ALONG) ? slot / (SIDE_TILE_CELLS / SIDE(VECTOR)) : slot % (SIDE(TILE) / SIDE(VECTOR)) * SIDE(VECTOR);
}
inline int SIDE(slot_cell)(int slot) {
    return SIDE(ALONG) ? slot % (SIDE_TILE_CELLS / SIDE(VECTOR)) * SIDE(VECTOR) : slot / (SIDE(TILE) / SIDE(VECTOR));
}

/* Where the work-item's slots of the tile from (line, k) on lie. */
inline void SIDE(begin)(
    const SIDE(source) * from, int line, int k, int item, SIDE(origin) * origins, SIDE(place) * places) {
#pragma unroll
    for (int i = 0; i < SIDE(ORIGINS); i++)
        origins[i] = SIDE(origin_of)(from, line + SIDE(slot_line)(item + i * ITEMS));
#pragma unroll
    for (int i = 0; i < SIDE(PLACES); i++)
        places[i] = SIDE(place_of)(from, k + SIDE(slot_cell)(item + i * ITEMS) * CELL_K);
}

/* To the next tile along k. */
inline void SIDE(go_on)(const SIDE(source) * from, SIDE(place) * places, const SIDE(place) by) {
#pragma unroll
    for (int i = 0; i < SIDE(PLACES); i++)
        places[i] = SIDE(advance)(from, places[i], by);
}

inline void SIDE(fetch)(
    const SIDE(source) * from, const SIDE(origin) * origins, const SIDE(place) * places, int item, CELL *held) {
#pragma unroll
    for (int i = 0; i < SIDE(SLOTS); i++)
        if (SIDE_VECTORS % ITEMS == 0 || item + i * ITEMS < SIDE_VECTORS)
            SIDE(read)(from, origins[i % SIDE(ORIGINS)], places[i % SIDE(PLACES)], held + i * SIDE(VECTOR));
}

/* Fetched vectors to the tile in local memory, where lines lie side by side. */
inline void SIDE(put)(local CELL *tile, int item, const CELL *held) {
#pragma unroll
    for (int i = 0; i < SIDE(SLOTS); i++) {
        const int slot = item + i * ITEMS;
        local CELL *to = tile + SIDE(slot_cell)(slot) * SIDE(PITCH) + SIDE(slot_line)(slot);
        if (SIDE_VECTORS % ITEMS != 0 && slot >= SIDE_VECTORS)
            continue;
#if SIDE(VECTOR) > 1 && !SIDE(ALONG)
        *(local JOIN(CELL, VW) *)to = JOIN(vload, VW)(i, held);
#else
#pragma unroll
        for (int j = 0; j < SIDE(VECTOR); j++)
            to[j * SIDE(PITCH)] = held[i * SIDE(VECTOR) + j];
#endif
    }
}

/* The ITEM cells that work-item `who` of its dimension multiplies, for one k of the tile. */
inline void SIDE(take)(local const CELL *tile, int cell, int who, CELL *out) {
    local const CELL *from = tile + cell * SIDE(PITCH) + who * SIDE(GROUP);
#pragma unroll
    for (int i = 0; i < SIDE(ITEM) / SIDE(GROUP); i++)
#if SIDE(GROUP) > 1
        JOIN(vstore, SIDE(GROUP))
    (*(local const JOIN(CELL, SIDE(GROUP)) *)(from + i * SIDE(GROUP) * SIDE(SPREAD)), i, out);
#else
        out[i] = from[i * SIDE(SPREAD)];
#endif
}
#else
/* Vectors along the lines hold a group; else each line is read by itself. */
#define SIDE_STEP (SIDE(ALONG) ? 1 : SIDE(VECTOR))

/* Where the lines that work-item `who` of its dimension multiplies begin. */
inline void SIDE(begin)(
    const SIDE(source) * from, int line, int k, int who, SIDE(origin) * origins, SIDE(place) * places) {
#pragma unroll
    for (int i = 0; i < SIDE(ITEM); i += SIDE_STEP)
        origins[i / SIDE_STEP] = SIDE(origin_of)(
            from, line + (who + i / SIDE(GROUP) * SIDE(SPREAD)) * SIDE(GROUP) + i % SIDE(GROUP));
    places[0] = SIDE(place_of)(from, k);
}

/* CHUNK x ITEM cells from the place on, which goes on behind them. */
inline void SIDE(take)(const SIDE(source) * from, const SIDE(origin) * origins, SIDE(place) * place, CELL *out) {
    const SIDE(place) by = SIDE(place_of)(from, (SIDE(ALONG) ? SIDE(VECTOR) : 1) * CELL_K);
#pragma unroll
    for (int k = 0; k < CHUNK; k += SIDE(ALONG) ? SIDE(VECTOR) : 1) {
#pragma unroll
        for (int i = 0; i < SIDE(ITEM); i += SIDE_STEP) {
            CELL cells[SIDE(VECTOR)];
            SIDE(read)(from, origins[i / SIDE_STEP], *place, cells);
#pragma unroll
            for (int j = 0; j < SIDE(VECTOR); j++)
                out[SIDE(ALONG) ? (k + j) * SIDE(ITEM) + i : k * SIDE(ITEM) + i + j] = cells[j];
        }
        *place = SIDE(advance)(from, *place, by);
    }
}
#endif
#endif
