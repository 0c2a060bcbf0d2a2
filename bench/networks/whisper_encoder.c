/* The encoder of Whisper base: two convolutions over time, 6 layers of width 512, 8 heads. */
#include "bench/networks/layers.h"
#include "bench/networks/networks.h"

#define WIDTH 512
#define INNER 2048
#define FRAMES 1500

static const int64_t split[4] = {0, 0, 8, 64}, join[3] = {0, 0, WIDTH};

static sy_wire encoder(sy_drawing *d, sy_wire x) {
    sy_wire y = sy_layer_norm(d, x, WIDTH, 1e-5);
    sy_wire q = sy_layer_split_heads(d, sy_layer_linear(d, y, WIDTH, WIDTH, true), split);
    sy_wire k = sy_layer_split_heads(d, sy_layer_linear(d, y, WIDTH, WIDTH, false), split);
    sy_wire v = sy_layer_split_heads(d, sy_layer_linear(d, y, WIDTH, WIDTH, true), split);
    y = sy_layer_join_heads(d, sy_layer_attention(d, q, k, v, SY_NO_WIRE, 64), join);
    x = sy_draw_two(d, "Add", "", x, sy_layer_linear(d, y, WIDTH, WIDTH, true));
    y = sy_layer_gelu(d, sy_layer_linear(d, sy_layer_norm(d, x, WIDTH, 1e-5), WIDTH, INNER, true));
    return sy_draw_two(d, "Add", "", x, sy_layer_linear(d, y, INNER, WIDTH, true));
}

static sy_wire over_time(sy_drawing *d, sy_wire x, int64_t in, const char *attributes) {
    sy_wire w = sy_draw_weight(d, 0, 0.05, WIDTH, in, 3, 0), b = sy_draw_weight(d, 0, 0.02, WIDTH, 0, 0, 0);
    return sy_layer_gelu(d, sy_draw_node(d, "Conv", attributes, 3, (const sy_wire[]){x, w, b}));
}

void sy_network_draw_whisper_encoder(sy_drawing *d) {
    const sy_drawn_extent in[3] = {{0, "batch"}, {80, NULL}, {3000, NULL}};
    sy_wire x = sy_draw_input(d, "mel", SY_DRAWN_F32, 3, in);
    x = over_time(d, x, 80, "kernel_shape=3, strides=1, pads=1,1");
    x = over_time(d, x, WIDTH, "kernel_shape=3, strides=2, pads=1,1");
    x = sy_draw_one(d, "Transpose", "perm=0,2,1", x);
    x = sy_draw_two(d, "Add", "", x, sy_draw_weight(d, 0, 0.02, FRAMES, WIDTH, 0, 0));
    for (int i = 0; i < 6; i++)
        x = encoder(d, x);
    x = sy_layer_norm(d, x, WIDTH, 1e-5);
    sy_draw_output(
        d, "encoded", x, 3, (const sy_drawn_extent[]){{0, "batch"}, {FRAMES, NULL}, {WIDTH, NULL}});
}
