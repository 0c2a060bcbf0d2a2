/* ResNet-50 v1.5: the stride of a stage is in its 3 x 3 convolution. */
#include "bench/networks/layers.h"
#include "bench/networks/networks.h"

static sy_wire bottleneck(sy_drawing *d, sy_wire x, int64_t in, int64_t width, int64_t stride) {
    const int64_t out = 4 * width;
    sy_wire y = sy_layer_conv_norm(d, x, &(sy_conv_layer){in, width, 1, 1, 0, 1});
    y = sy_layer_conv_norm(d, sy_draw_one(d, "Relu", "", y), &(sy_conv_layer){width, width, 3, stride, 1, 1});
    y = sy_layer_conv_norm(d, sy_draw_one(d, "Relu", "", y), &(sy_conv_layer){width, out, 1, 1, 0, 1});
    if (in != out)
        x = sy_layer_conv_norm(d, x, &(sy_conv_layer){in, out, 1, stride, 0, 1});
    return sy_draw_one(d, "Relu", "", sy_draw_two(d, "Add", "", y, x));
}

void sy_network_draw_resnet50(sy_drawing *d) {
    static const int64_t blocks[4] = {3, 4, 6, 3};
    const sy_drawn_extent in[4] = {{0, "batch"}, {3, NULL}, {224, NULL}, {224, NULL}};
    sy_wire x = sy_draw_input(d, "input", SY_DRAWN_F32, 4, in);
    x = sy_layer_conv_norm(d, x, &(sy_conv_layer){3, 64, 7, 2, 3, 1});
    x = sy_draw_one(d, "Relu", "", x);
    x = sy_draw_one(d, "MaxPool", "kernel_shape=3,3 strides=2,2 pads=1,1,1,1", x);
    int64_t channels = 64;
    for (int64_t stage = 0; stage < 4; stage++)
        for (int64_t block = 0; block < blocks[stage]; block++) {
            int64_t width = INT64_C(64) << stage;
            x = bottleneck(d, x, channels, width, block == 0 && stage > 0 ? 2 : 1);
            channels = 4 * width;
        }
    x = sy_draw_one(d, "Flatten", "axis=1", sy_draw_one(d, "GlobalAveragePool", "", x));
    x = sy_layer_dense(d, x, 2048, 1000);
    sy_draw_output(d, "logits", x, 2, (const sy_drawn_extent[]){{0, "batch"}, {1000, NULL}});
}
