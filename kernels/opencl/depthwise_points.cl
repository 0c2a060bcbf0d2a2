/* Depthwise convolutions pixel by pixel: neighbouring work-items take neighbouring pixels of a plane. Wants
 * depthwise.cl. */
ATTRIBUTES kernel void depthwise_points(DEPTHWISE_PARAMS, FINISH_PARAMS) {
    /* Items count pixels of a plane first, then channels and images. */
    const int pixels = p_count * q_count, plane = (int)get_global_id(0) / pixels;
    const int at = (int)get_global_id(0) - plane * pixels, p = at / q_count, n = plane / channels;
    const int k = plane - n * channels, y0 = p * STRIDE_H - pad_h, x0 = (at - p * q_count) * STRIDE_W - pad_w;
    if (n >= images)
        return;
    x += x_first + (ulong)(n * x_n + (long)(k / MULTIPLIER) * x_c);
    w += w_first + (ulong)(k * w_line);
    FINISH_BEGIN(ACROSS ? 0 : n, 0);
    VALUE sum = (VALUE)0;
    for (int r = 0; r < R; r++) {
        const int y = y0 + r * DILATION_H;
        if (y < 0 || y >= height)
            continue;
        for (int s = 0; s < S; s++) {
            const int column = x0 + s * DILATION_W;
            if (column >= 0 && column < width)
                sum = MULTIPLY_ADD((VALUE)X_LOAD(x, y * x_h + column * x_w), (VALUE)W_LOAD(w, (r * S + s) * w_tap), sum);
        }
    }
#if ROWS_ARE_CHANNELS
    FINISH(SUM_OF(sum), k, at);
#else
    FINISH(SUM_OF(sum), at + (ACROSS ? n * pixels : 0), k);
#endif
}
