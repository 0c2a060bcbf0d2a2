#include "bench/networks/layers.h"

#include <math.h>
#include <stdio.h>

/* As large as keeps the variance through a layer whose sums have so many terms, half of them cut by an
 * activation. */
static double spread(int64_t terms) {
    return sqrt(2.0 / (double)terms);
}

static sy_wire convolve(sy_drawing *drawing, sy_wire x, const sy_conv_layer *l, bool has_bias) {
    char attributes[192];
    int64_t terms = l->in / l->groups * l->window * l->window;
    snprintf(attributes, sizeof attributes,
        "kernel_shape=%lld,%lld strides=%lld,%lld pads=%lld,%lld,%lld,%lld group=%lld dilations=1,1",
        (long long)l->window, (long long)l->window, (long long)l->stride, (long long)l->stride,
        (long long)l->pad, (long long)l->pad, (long long)l->pad, (long long)l->pad, (long long)l->groups);
    sy_wire w = sy_draw_weight(drawing, 0, spread(terms), l->out, l->in / l->groups, l->window, l->window);
    sy_wire b = has_bias ? sy_draw_weight(drawing, 0, 0.05, l->out, 0, 0, 0) : SY_NO_WIRE;
    return sy_draw_node(drawing, "Conv", attributes, has_bias ? 3 : 2, (const sy_wire[]){x, w, b});
}

sy_wire sy_layer_conv(sy_drawing *drawing, sy_wire x, const sy_conv_layer *layer) {
    return convolve(drawing, x, layer, true);
}

sy_wire sy_layer_conv_norm(sy_drawing *drawing, sy_wire x, const sy_conv_layer *layer) {
    int64_t c = layer->out;
    sy_wire y = convolve(drawing, x, layer, false);
    sy_wire scale = sy_draw_weight(drawing, 1, 0.05, c, 0, 0, 0),
            shift = sy_draw_weight(drawing, 0, 0.05, c, 0, 0, 0);
    sy_wire mean = sy_draw_weight(drawing, 0, 0.05, c, 0, 0, 0),
            variance = sy_draw_weight(drawing, 1, 0.02, c, 0, 0, 0);
    return sy_draw_node(drawing, "BatchNormalization", "epsilon~1e-05", 5,
        (const sy_wire[]){y, scale, shift, mean, variance});
}

sy_wire sy_layer_linear(sy_drawing *drawing, sy_wire x, int64_t in, int64_t out, bool has_bias) {
    sy_wire w = sy_draw_weight(drawing, 0, 1 / sqrt((double)in), in, out, 0, 0);
    sy_wire y = sy_draw_two(drawing, "MatMul", "", x, w);
    return has_bias ? sy_draw_two(drawing, "Add", "", sy_draw_weight(drawing, 0, 0.02, out, 0, 0, 0), y) : y;
}

sy_wire sy_layer_norm(sy_drawing *drawing, sy_wire x, int64_t width, double epsilon) {
    char attributes[64];
    snprintf(attributes, sizeof attributes, "axis=-1 epsilon~%g", epsilon);
    sy_wire scale = sy_draw_weight(drawing, 1, 0.02, width, 0, 0, 0);
    sy_wire shift = sy_draw_weight(drawing, 0, 0.02, width, 0, 0, 0);
    return sy_draw_node(drawing, "LayerNormalization", attributes, 3, (const sy_wire[]){x, scale, shift});
}

sy_wire sy_layer_gelu(sy_drawing *drawing, sy_wire x) {
    sy_wire erf = sy_draw_one(
        drawing, "Erf", "", sy_draw_two(drawing, "Div", "", x, sy_draw_number(drawing, sqrt(2.0))));
    sy_wire sum = sy_draw_two(drawing, "Add", "", erf, sy_draw_number(drawing, 1));
    return sy_draw_two(
        drawing, "Mul", "", sy_draw_two(drawing, "Mul", "", x, sum), sy_draw_number(drawing, 0.5));
}

sy_wire sy_layer_dense(sy_drawing *drawing, sy_wire x, int64_t in, int64_t out) {
    sy_wire w = sy_draw_weight(drawing, 0, spread(in), out, in, 0, 0);
    sy_wire b = sy_draw_weight(drawing, 0, 0.02, out, 0, 0, 0);
    return sy_draw_node(drawing, "Gemm", "transB=1", 3, (const sy_wire[]){x, w, b});
}

sy_wire sy_layer_split_heads(sy_drawing *drawing, sy_wire x, const int64_t split[4]) {
    sy_wire y = sy_draw_two(drawing, "Reshape", "", x, sy_draw_integers(drawing, split, 4));
    return sy_draw_one(drawing, "Transpose", "perm=0,2,1,3", y);
}

sy_wire sy_layer_join_heads(sy_drawing *drawing, sy_wire x, const int64_t join[3]) {
    sy_wire y = sy_draw_one(drawing, "Transpose", "perm=0,2,1,3", x);
    return sy_draw_two(drawing, "Reshape", "", y, sy_draw_integers(drawing, join, 3));
}

sy_wire sy_layer_attention(sy_drawing *drawing, sy_wire q, sy_wire k, sy_wire v, sy_wire mask, int64_t size) {
    sy_wire turned = sy_draw_one(drawing, "Transpose", "perm=0,1,3,2", k);
    sy_wire scores = sy_draw_two(drawing, "MatMul", "", q, turned);
    scores = sy_draw_two(drawing, "Div", "", scores, sy_draw_number(drawing, sqrt((double)size)));
    if (mask != SY_NO_WIRE)
        scores = sy_draw_two(drawing, "Add", "", scores, mask);
    return sy_draw_two(drawing, "MatMul", "", sy_draw_one(drawing, "Softmax", "axis=-1", scores), v);
}
