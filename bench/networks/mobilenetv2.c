/* MobileNetV2 of width 1.0. */
#include "bench/networks/layers.h"
#include "bench/networks/networks.h"

static sy_wire relu6(sy_drawing *d, sy_wire x) {
    return sy_draw_node(d, "Clip", "", 3, (const sy_wire[]){x, sy_draw_number(d, 0), sy_draw_number(d, 6)});
}

static sy_wire inverted(sy_drawing *d, sy_wire x, int64_t in, int64_t out, int64_t stride, int64_t factor) {
    int64_t width = in * factor;
    sy_wire y = x;
    if (factor > 1)
        y = relu6(d, sy_layer_conv_norm(d, y, &(sy_conv_layer){in, width, 1, 1, 0, 1}));
    y = relu6(d, sy_layer_conv_norm(d, y, &(sy_conv_layer){width, width, 3, stride, 1, width}));
    y = sy_layer_conv_norm(d, y, &(sy_conv_layer){width, out, 1, 1, 0, 1});
    return stride == 1 && in == out ? sy_draw_two(d, "Add", "", x, y) : y;
}

void sy_network_draw_mobilenetv2(sy_drawing *d) {
    static const struct {
        int64_t factor, out, count, stride;
    } rows[] = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2},
        {6, 320, 1, 1}};
    const sy_drawn_extent in[4] = {{0, "batch"}, {3, NULL}, {224, NULL}, {224, NULL}};
    sy_wire x = sy_draw_input(d, "input", SY_DRAWN_F32, 4, in);
    x = relu6(d, sy_layer_conv_norm(d, x, &(sy_conv_layer){3, 32, 3, 2, 1, 1}));
    int64_t channels = 32;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int64_t j = 0; j < rows[i].count; j++) {
            x = inverted(d, x, channels, rows[i].out, j == 0 ? rows[i].stride : 1, rows[i].factor);
            channels = rows[i].out;
        }
    x = relu6(d, sy_layer_conv_norm(d, x, &(sy_conv_layer){320, 1280, 1, 1, 0, 1}));
    x = sy_draw_one(d, "Flatten", "axis=1", sy_draw_one(d, "GlobalAveragePool", "", x));
    x = sy_layer_dense(d, x, 1280, 1000);
    sy_draw_output(d, "logits", x, 2, (const sy_drawn_extent[]){{0, "batch"}, {1000, NULL}});
}
