/* What networks are made of. Weights are spread so that activations keep their size through the layers. */
#ifndef BENCH_NETWORKS_LAYERS_H
#define BENCH_NETWORKS_LAYERS_H

#include "bench/networks/drawing.h"

/** A square convolution. pad: each side; groups divide both channels. */
typedef struct sy_conv_layer {
    int64_t in, out, window, stride, pad, groups;
} sy_conv_layer;

/** Convolution without a bias, then batch norm. */
sy_wire sy_layer_conv_norm(sy_drawing *drawing, sy_wire x, const sy_conv_layer *layer);

/** Convolution with a bias. */
sy_wire sy_layer_conv(sy_drawing *drawing, sy_wire x, const sy_conv_layer *layer);

/** x W + b along the last axis (MatMul and Add); no bias: without. */
sy_wire sy_layer_linear(sy_drawing *drawing, sy_wire x, int64_t in, int64_t out, bool has_bias);

/** LayerNormalization over the last axis. */
sy_wire sy_layer_norm(sy_drawing *drawing, sy_wire x, int64_t width, double epsilon);

/** x / 2 (1 + erf(x / sqrt 2)), written out as exporters do before opset 20. */
sy_wire sy_layer_gelu(sy_drawing *drawing, sy_wire x);

/** A fully connected layer over rows (Gemm, weights transposed as exporters have them). */
sy_wire sy_layer_dense(sy_drawing *drawing, sy_wire x, int64_t in, int64_t out);

/** [batch, sequence, heads x size] to [batch, heads, sequence, size], and back. `split`: {0, 0, heads, size};
 * `join`: {0, 0, heads x size}; arrays live as long as the drawing. */
sy_wire sy_layer_split_heads(sy_drawing *drawing, sy_wire x, const int64_t split[4]);
sy_wire sy_layer_join_heads(sy_drawing *drawing, sy_wire x, const int64_t join[3]);

/** softmax(q k^T / sqrt(size) + mask) v over heads; no mask: SY_NO_WIRE. */
sy_wire sy_layer_attention(sy_drawing *drawing, sy_wire q, sy_wire k, sy_wire v, sy_wire mask, int64_t size);

#endif
