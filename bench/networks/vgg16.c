/* VGG-16. */
#include "bench/networks/layers.h"
#include "bench/networks/networks.h"

void sy_network_draw_vgg16(sy_drawing *d) {
    static const int64_t stage[5][2] = {
        {64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}}; /* channels, count */
    const sy_drawn_extent in[4] = {{0, "batch"}, {3, NULL}, {224, NULL}, {224, NULL}};
    sy_wire x = sy_draw_input(d, "input", SY_DRAWN_F32, 4, in);
    int64_t channels = 3;
    for (size_t i = 0; i < 5; i++) {
        for (int64_t j = 0; j < stage[i][1]; j++) {
            x = sy_layer_conv(d, x, &(sy_conv_layer){channels, stage[i][0], 3, 1, 1, 1});
            x = sy_draw_one(d, "Relu", "", x);
            channels = stage[i][0];
        }
        x = sy_draw_one(d, "MaxPool", "kernel_shape=2,2 strides=2,2", x);
    }
    x = sy_draw_one(d, "Flatten", "axis=1", x);
    x = sy_draw_one(d, "Relu", "", sy_layer_dense(d, x, 25088, 4096));
    x = sy_draw_one(d, "Relu", "", sy_layer_dense(d, x, 4096, 4096));
    x = sy_layer_dense(d, x, 4096, 1000);
    sy_draw_output(d, "logits", x, 2, (const sy_drawn_extent[]){{0, "batch"}, {1000, NULL}});
}
