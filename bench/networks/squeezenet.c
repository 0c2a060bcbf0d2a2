/* SqueezeNet 1.1. */
#include "bench/networks/layers.h"
#include "bench/networks/networks.h"

static sy_wire fire(sy_drawing *d, sy_wire x, int64_t in, int64_t squeeze, int64_t expand) {
    sy_wire s = sy_draw_one(d, "Relu", "", sy_layer_conv(d, x, &(sy_conv_layer){in, squeeze, 1, 1, 0, 1}));
    sy_wire small =
        sy_draw_one(d, "Relu", "", sy_layer_conv(d, s, &(sy_conv_layer){squeeze, expand, 1, 1, 0, 1}));
    sy_wire large =
        sy_draw_one(d, "Relu", "", sy_layer_conv(d, s, &(sy_conv_layer){squeeze, expand, 3, 1, 1, 1}));
    return sy_draw_two(d, "Concat", "axis=1", small, large);
}

void sy_network_draw_squeezenet(sy_drawing *d) {
    static const int64_t rows[8][3] = {{64, 16, 64}, {128, 16, 64}, {128, 32, 128}, {256, 32, 128},
        {256, 48, 192}, {384, 48, 192}, {384, 64, 256}, {512, 64, 256}}; /* in, squeeze, expand */
    static const char pool[] = "kernel_shape=3,3 strides=2,2";
    const sy_drawn_extent in[4] = {{0, "batch"}, {3, NULL}, {224, NULL}, {224, NULL}};
    sy_wire x = sy_draw_input(d, "input", SY_DRAWN_F32, 4, in);
    x = sy_draw_one(d, "Relu", "", sy_layer_conv(d, x, &(sy_conv_layer){3, 64, 3, 2, 0, 1}));
    for (size_t i = 0; i < 8; i++) {
        if (i == 0 || i == 2 || i == 4)
            x = sy_draw_one(d, "MaxPool", pool, x);
        x = fire(d, x, rows[i][0], rows[i][1], rows[i][2]);
    }
    x = sy_draw_one(d, "Relu", "", sy_layer_conv(d, x, &(sy_conv_layer){512, 1000, 1, 1, 0, 1}));
    x = sy_draw_one(d, "Flatten", "axis=1", sy_draw_one(d, "GlobalAveragePool", "", x));
    sy_draw_output(d, "logits", x, 2, (const sy_drawn_extent[]){{0, "batch"}, {1000, NULL}});
}
