/*
 * Depthwise convolutions with channels side by side: vectors of VW channels, strips of PB x QB pixels. Wants
 * depthwise.cl.
 *
 * Definitions: X_VECTOR: channels of x are neighbours, and those of the output in step; HAS_TAIL: the channels are no
 * multiple of VW; W_FORM: 0 strided, gathered tap by tap; 1 panels of W_WIDTH channels; 2 strided, packed once by each
 * work-item (which has CHUNK channels at most); UNROLL_TAPS: windows are short.
 */
#if W_FORM == 2
#define WEIGHTS private const VALUE
#define WEIGHT(tap) JOIN(vload, VW)(tap, weights)
#else
#define WEIGHTS global const W_T
#if W_FORM == 1
#define WEIGHT(tap) VALUEV_OF(W_LOADV(weights, (tap) * W_WIDTH))
#else
#define WEIGHT(tap) gathered_weights(weights, w_line, (tap) * w_tap, lanes)
#endif
#endif

INLINED VALUEV gathered_weights(global const W_T *weights, const long w_line, const long at, const int lanes) {
    VALUE lane[VW];
    for (int i = 0; i < VW; i++)
        lane[i] = i < lanes ? (VALUE)W_LOAD(weights, i * w_line + at) : (VALUE)0;
    return JOIN(vload, VW)(0, lane);
}

/* Channels k, k + 1, ... of the pixel at `x`; those that are not there are 0. */
INLINED VALUEV pixel(global const X_T *x, const long at, const long x_c, const int k, const int lanes) {
#if X_VECTOR
    if (lanes == VW)
        return VALUEV_OF(X_LOADV(x, at + k));
#endif
    VALUE lane[VW];
    for (int i = 0; i < VW; i++)
        lane[i] = i < lanes ? (VALUE)X_LOAD(x, at + (long)((k + i) / MULTIPLIER) * x_c) : (VALUE)0;
    return JOIN(vload, VW)(0, lane);
}

#define X_PARAMS                                                                                                       \
    global const X_T *x, const int height, const int width, const long x_c, const long x_h, const long x_w,            \
        const long w_line, const long w_tap

/* The value under a strip at column `column` of a row. */
#define COLUMN(column)                                                                                                 \
    (is_edge && ((column) < 0 || (column) >= width) ? (VALUEV)(0) : pixel(line, (column) * x_w, x_c, k, lanes))

/* Sums of a strip whose first tap lies at row y0, column x0. Each pixel of x is read once for all its taps. */
INLINED void strip(X_PARAMS, WEIGHTS *weights, const int k, const int lanes, const int y0, const int x0,
    const bool is_edge, VALUEV sum[PB][QB]) {
    UNROLLED for (int a = 0; a < PB; a++) UNROLLED for (int b = 0; b < QB; b++) sum[a][b] = (VALUEV)(0);
#if UNROLL_TAPS
    UNROLLED for (int i = 0; i < (PB - 1) * STRIDE_H + R; i++) {
        const int y = y0 + i * DILATION_H;
        if (y < 0 || y >= height)
            continue;
        global const X_T *line = x + y * x_h;
#if DILATION_W == 1
        UNROLLED for (int j = 0; j < (QB - 1) * STRIDE_W + S; j++) {
            const VALUEV value = COLUMN(x0 + j);
            UNROLLED for (int a = 0; a < PB; a++) UNROLLED for (int b = 0; b < QB; b++) {
                const int r = i - a * STRIDE_H, s = j - b * STRIDE_W;
                if (r >= 0 && r < R && s >= 0 && s < S)
                    sum[a][b] = MULTIPLY_ADD(value, WEIGHT(r * S + s), sum[a][b]);
            }
        }
#else
        UNROLLED for (int s = 0; s < S; s++) UNROLLED for (int b = 0; b < QB; b++) {
            const VALUEV value = COLUMN(x0 + b * STRIDE_W + s * DILATION_W);
            UNROLLED for (int a = 0; a < PB; a++) {
                const int r = i - a * STRIDE_H;
                if (r >= 0 && r < R)
                    sum[a][b] = MULTIPLY_ADD(value, WEIGHT(r * S + s), sum[a][b]);
            }
        }
#endif
    }
#else
    for (int r = 0; r < R; r++) {
        const int y = y0 + r * DILATION_H;
        if (y < 0 || y >= height)
            continue;
        global const X_T *line = x + y * x_h;
        for (int s = 0; s < S; s++) {
            const VALUEV factor = WEIGHT(r * S + s);
            UNROLLED for (int b = 0; b < QB; b++)
                sum[0][b] = MULTIPLY_ADD(COLUMN(x0 + b * STRIDE_W + s * DILATION_W), factor, sum[0][b]);
        }
    }
#endif
}

#if W_FORM == 2
/* [vector][tap][VW] of the item's channels. */
inline void pack_weights(VALUE *packed, global const W_T *w, const long w_line, const long w_tap, const part t) {
    for (int k = t.k; k < t.k_end; k += VW)
        for (int i = 0; i < VW; i++)
            for (int tap = 0; tap < TAPS; tap++)
                packed[(k - t.k) * TAPS + tap * VW + i] =
                    k + i < t.k_end ? (VALUE)W_LOAD(w, (k + i) * w_line + tap * w_tap) : (VALUE)0;
}
#endif

ATTRIBUTES kernel void depthwise_channels(DEPTHWISE_PARAMS, FINISH_PARAMS) {
    const part t = PART_OF_PARAMS;
    if (t.n >= images)
        return;
    x += x_first + (ulong)(t.n * x_n);
    w += w_first;
    FINISH_BEGIN(ACROSS ? 0 : t.n, 0);
#if W_FORM == 2
    VALUE packed[CHUNK * TAPS] __attribute__((aligned(64)));
    pack_weights(packed, w, w_line, w_tap, t);
#endif
    for (int p = t.p; p < t.p_end; p += PB)
        for (int q = t.q; q < t.q_end; q += QB) {
            const int y0 = p * STRIDE_H - pad_h, x0 = q * STRIDE_W - pad_w;
            const bool is_edge = x0 < 0 || x0 + (QB - 1) * STRIDE_W + (S - 1) * DILATION_W >= width;
            const int row0 = (ACROSS ? t.n * p_count * q_count : 0) + p * q_count + q;
            for (int k = t.k; k < t.k_end; k += VW) {
                const int lanes = HAS_TAIL ? min(VW, t.k_end - k) : VW;
#if W_FORM == 0
                WEIGHTS *weights = w + k * w_line;
#elif W_FORM == 1
                WEIGHTS *weights = w + (long)(k / W_WIDTH) * TAPS * W_WIDTH + k % W_WIDTH;
#else
                WEIGHTS *weights = packed + (k - t.k) * TAPS;
#endif
                VALUEV sum[PB][QB];
#define STRIP(lanes, is_edge)                                                                                          \
    strip(x, height, width, x_c, x_h, x_w, w_line, w_tap, weights, k, lanes, y0, x0, is_edge, sum)
                if (lanes < VW)
                    STRIP(lanes, true);
                else if (is_edge)
                    STRIP(VW, true);
                else
                    STRIP(VW, false);
                UNROLLED for (int a = 0; a < PB; a++) UNROLLED for (int b = 0; b < QB; b++) {
                    const int row = row0 + a * q_count + b;
                    if (p + a >= t.p_end || q + b >= t.q_end)
                        continue;
#ifdef FINISH_VECTOR
                    if (lanes == VW) {
                        FINISHV(SUMV_OF(sum[a][b]), row, k);
                        continue;
                    }
#endif
                    VALUE lane[VW];
                    JOIN(vstore, VW)(sum[a][b], 0, lane);
                    for (int i = 0; i < lanes; i++)
                        FINISH(SUM_OF(lane[i]), row, k + i);
                }
            }
        }
}
